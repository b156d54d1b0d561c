"""`onrecord quotes` and what it writes: who, when, the words, where; an article acts as nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.quotes import Quote, Quotes
from index.types import ArticleHead, Attribution, Span
from rag.render.quotes import COLUMNS, print_quotes, quotes_csv, quotes_markdown
from rag.terminal import console
from rag.wire import dumps, quotes_json

Run = Callable[..., Any]
FERRY = ArticleHead(
    "ferry", "Ferry delayed by *fog*", "Hale Courier", date(2023, 3, 28), "https://courier.example/ferry"
)
WALL = ArticleHead("wall", "=Wall", None, None, None)
QUOTES = (
    Quote(
        Attribution("ferry", (Span(90, 109), Span(130, 146)), (Span(110, 115),), (Span(116, 120),),
                    "Vardo", True, date(2023, 3, 27), "day"),
        FERRY, "Ines Vardo", ("We waited for light", "and it came late."),
        ("Vardo",), ("said",), (WALL, FERRY),
    ),
    Quote(
        Attribution("ferry", (Span(10, 30),), cue=(Span(3, 9),), speaker="the mayor"),
        FERRY, "the mayor", ("the bridge\nwould stay",), cue=("warned that",),
    ),
    Quote(
        Attribution("wall", (Span(0, 9),), speaker="@Piet", said_on=date(2023, 3, 1), said_precision="month"),
        WALL, "@Piet", ("=1+1\x1b[2J",),
    ),
    Quote(Attribution("wall", (Span(4, 9),), quoted=True), WALL, "", ("“No.”",)),
)  # fmt: skip


def test_statements_read_as_agreed(golden: Callable[[str, str], None]) -> None:
    out = io.StringIO()
    print_quotes(console(out), QUOTES)
    golden("quotes.txt", out.getvalue())
    golden("quotes.md", quotes_markdown(QUOTES))


def test_the_table_is_as_the_standard_has_it_and_holds_no_formula() -> None:
    table = quotes_csv(QUOTES)
    assert table.count("\r\n") == 5
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["words"] == "We waited for light … and it came late."
    assert (rows[0]["said_on"], rows[0]["published"]) == ("2023-03-27", "2023-03-28")
    assert (rows[0]["spans"], rows[0]["also"]) == ("90-109 130-146", "wall ferry")
    assert (rows[2]["words"][:2], rows[2]["speaker"], rows[2]["title"]) == ("'=", "'@Piet", "'=Wall")
    assert rows[3]["said_on"] == rows[3]["outlet"] == ""


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_any_words_survive_the_table_but_for_the_guard(title: str, outlet: str) -> None:
    head = replace(WALL, title=title, source=outlet)
    rows = list(csv.reader(io.StringIO(quotes_csv([replace(QUOTES[2], head=head)]), newline="")))
    assert len(rows) == 2
    for cell, value in ((rows[1][9], title), (rows[1][7], outlet)):
        assert cell.removeprefix("'") == value.removeprefix("'")
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_as_json_every_part_has_its_place() -> None:
    told = json.loads(dumps(quotes_json(Quotes(QUOTES, 9, ("Ines Vardo",)))))
    assert (told["n"], told["speakers"], told["nearest"]) == (9, ["Ines Vardo"], [])
    first = told["quotes"][0]
    assert first["content"] == [
        {"start": 90, "end": 109, "text": "We waited for light"},
        {"start": 130, "end": 146, "text": "and it came late."},
    ]
    assert (first["speaker"], first["named"], first["quoted"]) == ("Ines Vardo", "Vardo", True)
    assert (first["said_on"], first["said_precision"]) == ("2023-03-27", "day")
    assert (first["outlet"], first["published"], first["article_id"]) == (
        "Hale Courier",
        "2023-03-28",
        "ferry",
    )
    assert [one["article_id"] for one in first["also"]] == ["wall", "ferry"]
    assert told["quotes"][3]["speaker"] is None


TOWN = (
    {"id": "ferry", "title": "Ferry delayed by fog", "source": "Hale Courier", "published": "2023-03-28",
     "text": "The ferry left.\n\n“We waited until we could see the lighthouse,” Ines Vardo said."},
    {"id": "wall", "title": "Wall mended", "source": "Tarn Post",
     "text": "The harbour wall is whole again.\n\n“The masons worked in the rain,” Piet Oslund said."},
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two articles; only read."""
    folder, path = tmp_path_factory.mktemp("archive"), tmp_path_factory.mktemp("town") / "town.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in TOWN), encoding="utf-8")
    with Archive.open(folder) as archive:
        archive.ingest([path])
    return folder


def test_who_said_what_is_told(run: Run, home: Path) -> None:
    told = run("quotes", "--home", home)
    assert told.code == 0
    assert told.out.index("Ines Vardo") < told.out.index("Piet Oslund")
    assert "published 2023-03-28  Ines Vardo\n    “We waited until" in told.out
    assert "date unknown  Piet Oslund" in told.out
    text = TOWN[0]["text"]
    (one,) = run("quotes", "--speaker", "vardo", "--home", home, "--json").told["quotes"]
    (content,) = one["content"]
    assert text[content["start"] : content["end"]] == content["text"]


def test_options_narrow(run: Run, home: Path) -> None:
    for words, speakers in (
        (["--since", "2023-03-28"], ["Ines Vardo"]),
        (["--source", "tarn post"], ["Piet Oslund"]),
        (["--limit", "1"], ["Ines Vardo"]),
        (["--about", "rainy masons"], ["Piet Oslund"]),
        (["--about", "lighthouse", "--speaker", "Oslund"], []),
    ):
        told = run("quotes", *words, "--home", home, "--json").told
        assert [one["speaker"] for one in told["quotes"]] == speakers, words


def test_nothing_found_is_said_with_the_nearest_names(run: Run, home: Path) -> None:
    told = run("quotes", "--speaker", "Vadro", "--home", home)
    assert (told.code, told.out) == (0, "")
    assert told.err == 'no speaker "Vadro" is known: the nearest known are Ines Vardo\n'
    assert run("quotes", "--until", "1999-01-01", "--home", home).err == "no statement found\n"


def test_files_are_written(run: Run, home: Path, tmp_path: Path) -> None:
    told = run("quotes", "--csv", tmp_path / "q.csv", "--markdown", tmp_path / "q.md", "--home", home)
    assert (told.code, told.out) == (0, "")
    assert "2 statements written to" in told.err
    assert (tmp_path / "q.csv").read_bytes().count(b"\r\n") == 3
    assert "**Ines Vardo**" in (tmp_path / "q.md").read_text(encoding="utf-8")
    run("quotes", "--csv", tmp_path / "no" / "q.csv", "--home", home).failed("cannot write", "choose another")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--speaker", " "], "found no words"),
        (["--since", "March"], "such as 2023-03-31"),
        (["--since", "2023-04-01", "--until", "2023-03-01"], "no later"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_wrong_usage_exits_with_2(run: Run, words: list[str], wanted: str) -> None:
    outcome = run("quotes", *words)
    assert outcome.code == 2
    assert wanted in outcome.err


def test_without_an_archive_it_says_so(run: Run, tmp_path: Path) -> None:
    run("quotes", "--home", tmp_path / "none").failed("found no archive", "onrecord ingest")


def test_it_works_beside_a_process_that_holds_the_archive(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TOWN[0]["text"], encoding="utf-8")
    with Archive.open(tmp_path / "home") as archive:
        archive.ingest([tmp_path / "a.txt"])
        assert "Ines Vardo" in run("quotes", "--home", tmp_path / "home").out
        with archive.catalog.write() as connection:
            connection.execute("DELETE FROM attributed")
            connection.execute("DELETE FROM attributions")
        busy = run("quotes", "--home", tmp_path / "home")
        assert (busy.code, busy.out) == (0, "")
        assert "1 article not looked through for statements yet" in busy.err
    assert "Ines Vardo" in run("quotes", "--home", tmp_path / "home").out
