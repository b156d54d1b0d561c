"""Bytes of many encodings come out as the words that were written. All texts are made up."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.loading.encoding
from index.errors import LoadError
from index.load import load
from index.loading.encoding import decode, is_binary, lines, repair, safe
from index.types import Loaded

RUSSIAN = 3 * (
    "Мэр города открыл мост в пятницу, через шесть лет после закладки первого камня. «Мы обещали мост, вот "
    "он», — сказал он жителям, собравшимся под дождём. Автобусы пойдут с понедельника, машины пока ждут. "
)
UKRAINIAN = 4 * (
    "Мер міста відкрив міст у п'ятницю. «Ми обіцяли міст, і ось він», — сказав він. Її почули всі, є й ґава. "
)
FRENCH = 4 * ("Le maire a inauguré le pont vendredi, après six ans. « Nous l’avions promis », a-t-il dit. ")
GERMAN = (
    4 * "Der Bürgermeister eröffnete die Brücke. „Wir haben sie versprochen“, sagte er. Für Busse ist frei. "
)
SPANISH = 4 * "El alcalde inauguró el puente el viernes. El señor Muñoz llegó mañana; la niña también cruzó. "
POLISH = (
    4 * "Burmistrz otworzył most w piątek. „Obiecaliśmy most” – powiedział. Mieszkańcy przeszli, śpiewając. "
)
ENGLISH = 4 * "The mayor’s office in São Paulo said Friday’s opening “went well” — the café owners agree. "


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso8859-5"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "utf-16-le"),
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8-u"),
        (FRENCH, "cp1252"),
        (FRENCH.replace("’", "'"), "latin-1"),
        (GERMAN, "cp1252"),
        (SPANISH, "cp1252"),
        (SPANISH, "latin-1"),
        (POLISH, "cp1250"),
        (ENGLISH, "cp1252"),
    ],
)
def test_article_sized_text_comes_right(tmp_path: Path, text: str, encoding: str) -> None:
    data = text.encode(encoding, "ignore")
    (tmp_path / "a.txt").write_bytes(data)
    (found,) = load(tmp_path)
    assert isinstance(found, Loaded)
    assert found.article.text == data.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1))
def test_a_byte_order_mark_is_believed_and_dropped(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text.removeprefix("\ufeff")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_utf8_comes_back(text: str) -> None:
    if not is_binary(text.encode()):
        assert decode(text.encode()) == text.removeprefix("\ufeff")


def test_a_stray_byte_does_not_spoil_the_rest() -> None:
    data = RUSSIAN.encode() + b" caf\xe9 \x93so\x94 " + FRENCH.encode()
    assert decode(data) == RUSSIAN + " café “so” " + FRENCH


def test_a_declared_encoding_is_believed_when_it_fits() -> None:
    assert decode("Ő".encode("cp1250"), "windows-1250") == "Ő"
    assert decode("“x”".encode("cp1252"), "iso-8859-1") == "“x”"
    assert decode("Мост".encode(), "windows-1251") == "Мост"
    assert decode("日本".encode("iso2022_jp"), "iso-2022-jp") == "日本"
    assert decode("été à Paris".encode("latin-1"), "no-such-thing") == "été à Paris"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("the mayorâ€™s bridge", "the mayor’s bridge"),
        ("a cafÃ© in SÃ£o Paulo", "a café in São Paulo"),
        ("letterâ\x80¦, he wrote", "letter…, he wrote"),
        ("Мост открыт".encode().decode("latin-1"), "Мост открыт"),
    ],
)
def test_wrongly_decoded_lines_are_set_right(wrong: str, right: str) -> None:
    assert (
        repair(f"one “line”\n{wrong}\r\nthe ﬁrst of “them”…") == f"one “line”\n{right}\r\nthe ﬁrst of “them”…"
    )


@pytest.mark.parametrize(
    "text", [RUSSIAN, UKRAINIAN, FRENCH, GERMAN, SPANISH, POLISH, ENGLISH, "‘ﬁ’ Ｆ … ½ ™ a\u0301"]
)
def test_right_text_is_left_alone(text: str) -> None:
    assert repair(text) == text


@given(st.text())
def test_text_that_no_store_holds_keeps_its_length(text: str) -> None:
    kept = safe(text + "\ud800\x00")
    assert len(kept) == len(text) + 2
    assert kept.encode() and "\x00" not in kept


@pytest.mark.parametrize("data", [b"%PDF-1.7 x", b"PK\x03\x04rest", b"\x89PNG\r\n", bytes(range(32)) * 9])
def test_binary_is_told(data: bytes) -> None:
    with pytest.raises(LoadError, match="binary"):
        decode(data)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20), max_size=20))
def test_lines_come_in_order_with_numbers(texts: list[str]) -> None:
    data = "".join(text + "\n" for text in texts).encode()
    if not is_binary(data):
        found = list(lines(io.BytesIO(b"\xef\xbb\xbf" + data)))
        assert [line for _, line in found] == [text + "\n" for text in texts]
        assert [number for number, _ in found] == list(range(1, len(texts) + 1))


def test_a_line_without_end_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.loading.encoding, "MAX_LINE_CHARS", 100)
    data = b"one\n" + b"x" * 350 + b"\nthree\n"
    assert list(lines(io.BytesIO(data))) == [(1, "one\n"), (2, None), (3, "three\n")]
    endless = b"one\n" + b"x" * 100_000 + b"\nlost\n"
    assert list(lines(io.BytesIO(endless))) == [(1, "one\n"), (2, None)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "cp1251"])
def test_lines_of_other_encodings(encoding: str) -> None:
    data = f"{RUSSIAN}\n{RUSSIAN}\n".encode(encoding)
    assert [line for _, line in lines(io.BytesIO(data))] == [RUSSIAN + "\n"] * 2


def test_a_line_in_another_encoding_than_the_first_is_read_on_its_own() -> None:
    data = (b"x" * 70 + b"\n") * 4000 + (FRENCH + "\n").encode("cp1252") + "Мост\n".encode()
    assert [line for _, line in lines(io.BytesIO(data))][-2:] == [FRENCH + "\n", "Мост\n"]
