"""Files and folders: what is read, what is passed over, what is reported. All texts are made up."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.load import MAX_FILE_BYTES, SUFFIXES, load
from index.types import Article, Loaded, Unreadable
from tests.index import pages

TEXT = "The mayor opened the bridge on Friday.\nBuses will cross from Monday.\n"


def articles(path: Path) -> list[Article]:
    """The articles under `path`; nothing may have been unreadable."""
    found = list(load(path))
    assert [one for one in found if isinstance(one, Unreadable)] == []
    return [one.article for one in found if isinstance(one, Loaded)]


def refusal(path: Path) -> str:
    """Why the only thing under `path` could not be read."""
    (found,) = load(path)
    assert isinstance(found, Unreadable)
    assert "\n" not in found.origin + found.reason
    return found.reason


def test_a_text_file_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "bridge.txt").write_bytes(b"  Bridge\r\n\r\n" + TEXT.encode())
    (found,) = load(tmp_path / "bridge.txt")
    assert isinstance(found, Loaded)
    assert found.article == Article("bridge", "", "  Bridge\r\n\r\n" + TEXT)
    assert found.origin == str(tmp_path / "bridge.txt") and not found.named


def test_front_matter_is_metadata(tmp_path: Path) -> None:
    front = (
        "---\ntitle: 'Mayor opens bridge'\ndate: 2022-11-04\nauthor:\n  - Ann Bell\n  - Tom Hill\n"
        "source: Sample Herald\nurl: https://herald.example/bridge\nlang: en-GB\n---\n"
    )
    (tmp_path / "a.md").write_text(front + "# Mayor opens bridge\n\n" + TEXT)
    (found,) = articles(tmp_path)
    assert found == Article(
        id="a",
        title="Mayor opens bridge",
        text="# Mayor opens bridge\n\n" + TEXT,
        url="https://herald.example/bridge",
        source="Sample Herald",
        published=date(2022, 11, 4),
        author="Ann Bell, Tom Hill",
        language="en",
    )


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    text = "---\nThe mayor opened it.\n---\nMore of it."
    (tmp_path / "a.md").write_text(text)
    assert articles(tmp_path)[0].text == text


def test_a_folder_is_read_in_order_of_paths(tmp_path: Path) -> None:
    for name in (
        "b/two.txt",
        "a.txt",
        "b/one.TXT",
        "c.md",
        ".hidden/x.txt",
        ".x.txt",
        "b/~$y.docx",
        "pic.png",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    assert [one.id for one in articles(tmp_path)] == ["a", "one", "two", "c"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT)
    (tmp_path / "in" / "back").symlink_to(tmp_path)
    (tmp_path / "in" / "self").symlink_to("self")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing.txt")
    found = list(load(tmp_path))
    assert [one.article.id for one in found if isinstance(one, Loaded)] == ["a"]
    assert [one.origin for one in found if isinstance(one, Unreadable)] == [str(tmp_path / "gone.txt")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.txt").chmod(0)
    assert "permission" in refusal(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert "not a regular file" in refusal(tmp_path)


HOSTILE = [
    b"<script>alert(1)</script>.txt".replace(b"/", b"_"),
    b"two\nlines.txt",
    b"quote\"'`.txt",
    b"\xff\xfe raw.txt",
    b"a ..;rm -rf.txt",
    b"x" * 200 + b".txt",
    b" .txt",
    "Мэр открыл мост.txt".encode(),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_make_harmless_ids(tmp_path: Path, name: bytes) -> None:
    Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_text(TEXT)  # noqa: PTH118
    (found,) = load(tmp_path)
    assert isinstance(found, Loaded)
    kept = found.article.id
    assert 0 < len(kept) <= 80 and kept[0] not in ".-_"
    assert all(c.isalnum() or c in "._-" for c in kept)
    assert found.origin.isprintable() and found.origin.encode()


def test_names_that_lose_characters_stay_two(tmp_path: Path) -> None:
    for name in ("a?.txt", "a!.txt"):
        (tmp_path / name).write_text(TEXT)
    assert len({one.id for one in articles(tmp_path)}) == 2


def test_refusals_say_what_was_found_and_wanted(tmp_path: Path) -> None:
    assert "not found" in refusal(tmp_path / "nothing.txt")
    (tmp_path / "a.xyz").write_text(TEXT)
    assert ".xyz" in refusal(tmp_path / "a.xyz") and ".docx" in refusal(tmp_path / "a.xyz")
    assert list(load(tmp_path)) == []
    (tmp_path / "empty.txt").write_text("")
    assert "empty" in refusal(tmp_path / "empty.txt")
    (tmp_path / "blank.txt").write_text(" \n\t\n")
    assert "empty" in refusal(tmp_path / "blank.txt")
    (tmp_path / "signs.txt").write_text("--- * ---")
    assert "no words" in refusal(tmp_path / "signs.txt")
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 40)
    assert "binary" in refusal(tmp_path / "noise.txt")
    (tmp_path / "packed.txt").write_bytes(gzip.compress(TEXT.encode()))
    assert "binary" in refusal(tmp_path / "packed.txt")
    assert "\x00" not in refusal(Path("a\x00b.txt"))


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    assert "MiB" in refusal(tmp_path)


def test_every_suffix_promised_is_there() -> None:
    promised = ".txt .md .html .htm .mhtml .json .jsonl .jsonl.gz .csv .pdf .docx .zip"
    assert " ".join(sorted(SUFFIXES)) == " ".join(sorted(promised.split()))


PIECES = st.lists(
    st.sampled_from(
        [b"<html>", b"<p>", b"</", b"{", b"}", b'"text":', b'"a b"', b"[", b",", b"\n", b"%PDF-1.4\n",
         b"PK\x03\x04", b"\x1f\x8b\x08", b"\xef\xbb\xbf", b"\xff\xfe", b"id,text\n", b"---\n", b"title: x\n",
         b"MIME-Version: 1.0\n", b"Content-Type: text/html\n\n", b"<!--", b"<script>", b"&#xD800;",
         b'"\\ud800"', b"1 0 obj<<", b"\x00", b"\xe9"]
    ),
    max_size=30,
).map(b"".join)  # fmt: skip


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=300), PIECES))
def test_no_bytes_make_it_raise(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    found = list(load(path))
    assert found
    for one in found:
        if isinstance(one, Loaded):
            assert one.article.text.strip() and one.article.text.encode() and one.article.id
        else:
            assert one.reason.isprintable() and one.reason


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".jsonl.gz"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 2000), at=st.integers(0, 2000), byte=st.integers(0, 255))
def test_damaged_files_are_survived(
    tmp_path: Path, whole: dict[str, bytes], suffix: str, cut: int, at: int, byte: int
) -> None:
    data = bytearray(whole[suffix])
    data[at % len(data)] = byte
    path = tmp_path / f"a{suffix}"
    path.write_bytes(bytes(data[: max(1, len(data) - cut)] if cut % 2 else data))
    assert list(load(path))


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    return {
        ".pdf": pages.pdf([(50, 900 - 10 * i, line) for i, line in enumerate(TEXT.split("\n"))]),
        ".docx": pages.docx(lambda document: document.add_paragraph(TEXT)),
        ".jsonl.gz": gzip.compress(b'{"id": "a", "text": "words"}\n' * 50),
    }


def test_threads_may_load_at_once(tmp_path: Path, whole: dict[str, bytes]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for number in range(12):
        (tmp_path / f"{number}.pdf").write_bytes(whole[".pdf"])
    read: Callable[[Path], int] = lambda path: len(articles(path))  # noqa: E731
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(read, sorted(tmp_path.iterdir()))) == 12
