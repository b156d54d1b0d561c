"""JSON, JSON Lines and CSV: fields in their spellings, bad records beside good ones. Made-up texts."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import index.loading.encoding
from index.load import load
from index.types import Article, Loaded, Unreadable

WORDS = "The mayor opened the bridge."


def loaded(path: Path) -> list[Loaded]:
    """What was loaded; nothing may have been unreadable."""
    found = list(load(path))
    assert [one for one in found if isinstance(one, Unreadable)] == []
    return [one for one in found if isinstance(one, Loaded)]


def record(tmp_path: Path, **fields: Any) -> Article:
    """The article of one JSON object."""
    (tmp_path / "one.json").write_text(json.dumps(fields))
    (found,) = loaded(tmp_path / "one.json")
    return found.article


def test_the_suite_format(tmp_path: Path) -> None:
    row = {
        "id": "a/1",
        "title": None,
        "text": WORDS,
        "url": None,
        "source": "Herald",
        "published": "2022-11-04",
    }
    with gzip.open(tmp_path / "articles.jsonl.gz", "wt") as stream:
        stream.write(json.dumps(row) + "\n" + json.dumps(row | {"id": "a/2", "title": ""}) + "\n")
    first, second = loaded(tmp_path)
    assert first.article == Article("a/1", "", WORDS, source="Herald", published=date(2022, 11, 4))
    assert first.named and first.origin == f"{tmp_path / 'articles.jsonl.gz'}#1"
    assert (second.article.id, second.article.title) == ("a/2", "")


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("title", "title headline Headline head"),
        ("text", "text body content article articleBody full_text"),
        ("url", "url link webUrl"),
        ("source", "source outlet publisher site site_name"),
        ("published", "published date publication_date pubDate datePublished published_at"),
        ("author", "author byline authors"),
        ("language", "language lang inLanguage"),
        ("id", "id guid _id"),
    ],
)
def test_fields_in_their_spellings(tmp_path: Path, field: str, names: str) -> None:
    values = {"url": "https://herald.example/a", "published": "2022-11-04", "language": "en", "text": WORDS}
    wanted: Any = date(2022, 11, 4) if field == "published" else values.get(field, "one")
    for name in names.split():
        fields = {"text": WORDS} if field != "text" else {}
        assert getattr(record(tmp_path, **fields, **{name: values.get(field, "one")}), field) == wanted, name


def test_values_as_services_give_them(tmp_path: Path) -> None:
    found = record(
        tmp_path,
        id=17,
        title={"rendered": "Bridge"},
        content={"rendered": "<p>The mayor opened it.</p><p>Buses cross.</p><script>x</script>"},
        source={"id": None, "name": "Sample Herald"},
        author=[{"name": "Ann Bell"}, {"name": "Tom Hill"}],
        date="Fri, 04 Nov 2022 10:32:00 GMT",
        lang="English",
        link="https://www.herald.example/bridge",
    )
    assert found == Article(
        "17", "Bridge", "The mayor opened it.\nBuses cross.", "https://www.herald.example/bridge",
        "Sample Herald", date(2022, 11, 4), "Ann Bell, Tom Hill", "en",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2022-11-04", "2022-11-04"),
        ("2022-11-04T23:30:00-05:00", "2022-11-04"),
        ("Fri, 04 Nov 2022 10:32:00 GMT", "2022-11-04"),
        ("November 4, 2022", "2022-11-04"),
        (1667557920, "2022-11-04"),
        (1667557920000, "2022-11-04"),
        (20221104, "2022-11-04"),
        ({"$date": "2022-11-04T10:32:00Z"}, "2022-11-04"),
        ("03/04/2023", None),
        ("1970-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("2022", None),
        (0, None),
        (True, None),
        ([], None),
        (1e300, None),
    ],
)
def test_published_is_a_sure_day_or_unknown(tmp_path: Path, value: Any, day: str | None) -> None:
    assert record(tmp_path, text=WORDS, published=value).published == (
        date.fromisoformat(day) if day else None
    )


def test_the_host_stands_for_a_missing_outlet(tmp_path: Path) -> None:
    assert record(tmp_path, text=WORDS, url="https://www.Herald.example/a").source == "herald.example"
    hostile = record(tmp_path, text=WORDS, url="javascript:alert(1)")
    assert hostile.url is None and hostile.source is None
    assert record(tmp_path, text=WORDS, url="http://[half").url is None


def test_unknown_stays_unknown(tmp_path: Path) -> None:
    found = record(tmp_path, text=WORDS, title=None, author="", language="klingonish", source=" null ")
    assert found == Article("one", "", WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "  two\r\n lines \t",
        "a\u2028b",
        "‘ﬁ’",
        "a < b > c",
        "one<br>two<br>three",
        "N\u0303 and Ñ",
        "\ufeffmark",
    ],
)
def test_the_text_is_exactly_that_of_the_record(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": text}))
    assert loaded(tmp_path / "a.jsonl")[0].article.text == text
    assert record(tmp_path, text=text).text == text


def test_what_no_store_holds_is_replaced_one_for_one(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"id": "a\\ud800", "text": "a\\ud800b\\u0000c \\ud83d\\ude00", "title": "\\udfff"}'
    )
    (found,) = loaded(tmp_path)
    assert found.article.text == "a\ufffdb\ufffdc 😀"
    assert (found.article.id + found.article.title).encode()


def test_wrongly_decoded_text_is_repaired(tmp_path: Path) -> None:
    assert record(tmp_path, text="the mayorâ€™s bridge").text == "the mayor’s bridge"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rows: rows,
        lambda rows: {"articles": rows},
        lambda rows: {"status": "ok", "response": {"results": rows, "tags": ["x"]}},
        lambda rows: {row["id"]: {k: v for k, v in row.items() if k != "id"} for row in rows},
    ],
)
def test_wrappers_are_opened(tmp_path: Path, wrap: Any) -> None:
    rows = [{"id": f"a{n}", "text": f"{WORDS} {n}"} for n in range(3)]
    (tmp_path / "all.json").write_text(json.dumps(wrap(rows)))
    assert [one.article.id for one in loaded(tmp_path)] == ["a0", "a1", "a2"]


def test_lines_in_a_json_file_are_read_as_lines(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text('{"id": "a", "text": "one"}\n{"id": "b", "text": "two"}\n')
    assert [one.article.id for one in loaded(tmp_path)] == ["a", "b"]


def test_a_bad_line_never_stops_the_rest(tmp_path: Path) -> None:
    bad = [
        "{not json",
        '"a string"',
        '{"title": "no text", "x": 1}',
        '{"text": "  "}',
        "[" * 100_000,
        "1" * 5000,
        "null",
    ]
    good = [json.dumps({"id": f"g{n}", "text": WORDS}) for n in range(len(bad) + 1)]
    lines = [good[0]]
    for one, other in zip(bad, good[1:], strict=True):
        lines += [one, "", other]
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    found = list(load(tmp_path))
    assert [one.article.id for one in found if isinstance(one, Loaded)] == [f"g{n}" for n in range(len(good))]
    places = [one.origin.rpartition("#")[2] for one in found if isinstance(one, Unreadable)]
    assert places == [str(2 + 3 * n) for n in range(len(bad))]


def test_a_refusal_names_fields_found_and_wanted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"heading": "x", "words": "y"}')
    (found,) = load(tmp_path)
    assert isinstance(found, Unreadable)
    assert "heading, words" in found.reason and "text, body, content or article" in found.reason


@pytest.mark.parametrize(
    "content", ["[]", "{}", "3", '"x"', "null", '{"articles": []}', '{"a": {"b": {"c": {}}}}', "{"]
)
def test_json_without_articles(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    (found,) = load(tmp_path)
    assert isinstance(found, Unreadable)


def test_damaged_gzip_gives_what_came_before(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"id": str(n), "text": f"{n * n} {WORDS}"}) + "\n" for n in range(5000))
    packed = gzip.compress(rows.encode())
    (tmp_path / "a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    found = list(load(tmp_path))
    assert sum(isinstance(one, Loaded) for one in found) > 100
    assert isinstance(found[-1], Unreadable) and "gzip" in found[-1].reason


def test_a_gzip_bomb_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.loading.encoding, "MAX_LINE_CHARS", 10_000)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"id": "a", "text": "one"}\n' + b"x" * 3_000_000))
    found = list(load(tmp_path))
    assert [type(one) for one in found] == [Loaded, Unreadable]


def test_records_without_id_keep_theirs_wherever_they_stand(tmp_path: Path) -> None:
    rows = [
        {"text": WORDS, "url": "https://h.example/a"},
        {"text": WORDS + " Again."},
        {"text": "x", "url": "https://h.example/"},
    ]
    for name, order in (("a", rows), ("b", rows[::-1])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, order)))
    first, second = loaded(tmp_path / "a.jsonl"), loaded(tmp_path / "b.jsonl")
    assert [one.article.id for one in first] == [one.article.id for one in second[::-1]]
    assert len({one.article.id for one in first}) == 3 and all(one.named for one in first)
    changed = [rows[0] | {"text": "Other words."}]
    (tmp_path / "c.jsonl").write_text(json.dumps(changed[0]))
    assert loaded(tmp_path / "c.jsonl")[0].article.id == first[0].article.id


@pytest.mark.parametrize("given_id", ["<script>", "a b", "x" * 300, "two\nlines", "  ", 'quo"te'])
def test_hostile_record_ids_are_made_harmless(tmp_path: Path, given_id: str) -> None:
    kept = record(tmp_path, id=given_id, text=WORDS).id
    assert 0 < len(kept) <= 80 and not set(kept) & set("<>\"'` \n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_with_a_header(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["id", "Headline", "Body", "Date", "Publisher"],
        ["1", "Bridge, open; at|last", 'The mayor said: "Here it is",\nand cut it.', "2022-11-04", "Herald"],
        ["2", "Other", "x" * 200_000, "04/03/2022", ""],
        ["3", "No words", "", "", ""],
        [],
        ["4", "Short row", "Words."],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    found = list(load(tmp_path))
    kept = [one.article for one in found if isinstance(one, Loaded)]
    assert kept[0] == Article("1", rows[1][1], rows[1][2], source="Herald", published=date(2022, 11, 4))
    assert [one.id for one in kept] == ["1", "2", "4"] and len(kept[1].text) == 200_000
    (bad,) = [one for one in found if isinstance(one, Unreadable)]
    assert bad.origin.endswith("a.csv#5")


def test_csv_of_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        "id;text\n1;Мэр города открыл мост в пятницу, и пошёл дождь.\n".encode("cp1251")
    )
    assert loaded(tmp_path)[0].article.text == "Мэр города открыл мост в пятницу, и пошёл дождь."


def test_csv_without_text_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,age\nAnn,7\n")
    (found,) = load(tmp_path)
    assert isinstance(found, Unreadable) and "name, age" in found.reason


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["id", "title", "text", "url", "source", "date", "author", "lang", "articles", "x"])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=5) | VALUES, min_size=1, max_size=4))
def test_any_record_is_an_article_or_a_refusal(tmp_path: Path, rows: list[Any]) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    (tmp_path / "a.json").write_text(json.dumps(rows))
    assert len(list(load(tmp_path / "a.jsonl"))) == len(rows)
    for one in load(tmp_path):
        if isinstance(one, Loaded):
            assert one.article.id and one.article.text.strip()
            assert (one.article.text + one.article.title + one.article.id).encode()
