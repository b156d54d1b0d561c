"""Who said what, kept beside the articles: derived at ingest, derived anew, never stale."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.attributions import Derived, attributions, count_attributions, derive, put_derived
from index.catalog import Catalog
from index.schema import ADDED
from index.types import Article, Attribution, Span

Opened = Callable[..., Archive]
TEXT = "Rain fell on the harbour.\nAnna Berg: It will go on.\nBerg: Until Friday.\nThe end."


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "x.txt").write_text(TEXT)
    (folder / "y.txt").write_text("Sun.\nCarl Dahl: We sail at noon.")
    return folder


def said(archive: Archive) -> list[tuple[str, str, str]]:
    """Article, speaker and words of all that is stored; the spans must hold in the text."""
    found = []
    for one in attributions(archive.catalog):
        text = archive.article(one.article_id).text
        assert all(span.end <= len(text) for span in (*one.content, *one.source, *one.cue))
        found.append((one.article_id, one.speaker, " ".join(span.of(text) for span in one.content)))
    return found


WANTED = [
    ("x", "Anna Berg", "It will go on."),
    ("x", "Berg", "Until Friday."),
    ("y", "Carl Dahl", "We sail at noon."),
]


def test_an_ingest_keeps_who_said_what_and_the_same_again_adds_nothing(opened: Opened, source: Path) -> None:
    archive = opened()
    archive.ingest([source])
    assert said(archive) == WANTED
    archive.ingest([source])
    assert said(archive) == WANTED
    assert count_attributions(archive.catalog) == 3
    assert archive.unattributed() == 0
    told = archive.info()
    assert (told["attributions"], told["speakers"]) == (3, 2)


def test_a_changed_article_replaces_its_own_and_a_removed_one_leaves_none(
    opened: Opened, source: Path
) -> None:
    archive = opened()
    archive.ingest([source])
    (source / "x.txt").write_text(TEXT.replace("Berg: Until Friday", "Berg: Until Monday"))
    archive.ingest([source])
    assert ("x", "Berg", "Until Monday.") in said(archive)
    assert len(said(archive)) == 3
    archive.remove(["x"])
    assert said(archive) == WANTED[2:]
    assert archive.catalog.rows("SELECT article_id FROM attributed") == [("y",)]
    archive.rebuild()
    assert said(archive) == WANTED[2:]


def test_an_article_whose_speakers_cannot_be_told_is_stored_and_named(opened: Opened, source: Path) -> None:
    archive = opened()
    (source / "y.txt").write_text("The unspeakable.\nCarl Dahl: We sail at noon.")
    for _ in range(2):
        report = archive.ingest([source])
        assert report.unreadable == ()
        assert [one.origin for one in report.unattributed] == [str(source / "y.txt")]
        assert "no way to tell who said this" in report.unattributed[0].reason
    assert said(archive) == WANTED[:2]
    assert archive.list()[1] == 2
    (source / "y.txt").write_text("The speakable.\nCarl Dahl: We sail at noon.")
    assert archive.ingest([source]).unattributed == ()
    assert said(archive) == WANTED


@pytest.mark.parametrize("spans", [(Span(0, 99),), (Span(5, 8), Span(2, 4))])
def test_spans_that_do_not_hold_are_not_kept(tiny: Any, spans: tuple[Span, ...]) -> None:
    article = Article("x", "", "Few words.")
    stages = tiny.tiny_stages(attribute=lambda _: [Attribution("x", spans)])
    derived = derive(stages, article)
    assert derived.attributions == ()
    assert "do not hold" in derived.problem


def refuse(*_: Any) -> Any:
    raise AssertionError("nothing is to be embedded or cleaned")


def others(tiny: Any, **changes: Any) -> Any:
    """Stages with other rules of attributing, that can neither clean nor embed."""
    stages = tiny.tiny_stages(attributing="tiny-2", attribute=louder)
    return replace(stages, clean=refuse, chunk=refuse, embedder=refuse, **changes)


def louder(article: Article) -> list[Attribution]:
    found = [line for line in article.text.splitlines() if ": " in line]
    at = [article.text.index(line) for line in found]
    return [
        Attribution(article.id, (Span(start, start + len(line)),), speaker=line.partition(":")[0].upper())
        for start, line in zip(at, found, strict=True)
    ]


def test_other_rules_derive_from_the_stored_texts_without_embedding(
    opened: Opened, source: Path, tiny: Any
) -> None:
    with opened() as archive:
        archive.ingest([source])
    archive = opened(stages=others(tiny))
    assert archive.unattributed() == 2
    assert said(archive) == WANTED
    archive.ingest([source])
    assert [speaker for _, speaker, _ in said(archive)] == ["ANNA BERG", "BERG", "CARL DAHL"]
    assert archive.unattributed() == 0


def test_the_first_need_derives_too(opened: Opened, source: Path, tiny: Any) -> None:
    with opened() as archive:
        archive.ingest([source])
    archive = opened(stages=others(tiny))
    assert [one.speaker for one in archive.quotes(speaker="Dahl").quotes] == ["CARL DAHL"]


def former(home: Path) -> None:
    """Make the catalog one of schema 1."""
    with sqlite3.connect(home / "catalog.sqlite3") as connection:
        for table in ("print_runs", "prints", "attributions", "attributed"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 1")
    connection.close()


def test_an_archive_of_the_former_release_keeps_everything_and_gets_its_own(
    opened: Opened, source: Path, tmp_path: Path, tiny: Any
) -> None:
    with opened() as archive:
        archive.ingest([source])
        passages = archive.catalog.rows("SELECT * FROM passages ORDER BY id")
    former(tmp_path / "home")
    beside = opened(read_only=True)
    assert beside.article("x").text == TEXT
    assert beside.info()["schema"] == 1
    assert (beside.info()["attributions"], beside.unattributed()) == (0, 2)
    assert beside.quotes().quotes == ()
    beside.close()
    archive = opened(stages=replace(tiny.tiny_stages(), clean=refuse, chunk=refuse, embedder=refuse))
    assert archive.info()["schema"] == 2
    assert archive.lexical.query("harbour", 5) != []
    assert archive.unattributed() == 2
    archive.ingest([])
    assert said(archive) == WANTED
    assert archive.catalog.rows("SELECT * FROM passages ORDER BY id") == passages


def test_an_older_schema_than_any_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    sqlite3.connect(path).execute("CREATE TABLE mine (x)").connection.close()
    with pytest.raises(Exception, match="has schema 0"):
        Catalog(path)


def test_progress_counts_the_articles_derived_anew(opened: Opened, source: Path, tiny: Any) -> None:
    with opened() as archive:
        archive.ingest([source])
    told: list[Any] = []

    class Told:
        def start(self, stage: str, total: int | None) -> None:
            told.append([stage, total, 0])

        def advance(self, n: int) -> None:
            told[-1][2] += n

        def stage_done(self) -> None:
            told[-1].append("done")

    opened(stages=others(tiny)).attribute(progress=Told())
    assert told == [["attribute", 2, 2, "done"]]


days = st.one_of(
    st.tuples(st.none(), st.just("unknown")), st.tuples(st.dates(), st.sampled_from(["day", "month"]))
)
spans = st.lists(st.integers(0, 10_000), min_size=2, max_size=8, unique=True).map(
    lambda edges: tuple(map(Span, sorted(edges)[::2], sorted(edges)[1::2]))
)


@given(st.lists(st.tuples(spans, spans, spans, st.text(max_size=9), st.booleans(), days), max_size=4))
def test_attributions_come_back_as_they_were(rows: list[Any]) -> None:
    wanted = tuple(Attribution("a", *row[:3], row[3], row[4], *row[5]) for row in rows)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE articles (id TEXT PRIMARY KEY)")
    connection.execute("INSERT INTO articles VALUES ('a')")
    connection.executescript(ADDED[2])

    class Held:
        def rows(self, sql: str, *values: Any) -> list[Any]:
            return connection.execute(sql, values).fetchall()

        def read(self) -> sqlite3.Connection:
            return connection

    put_derived(connection, "a", Derived("rules", wanted))
    assert tuple(attributions(Held())) == wanted  # type: ignore[arg-type]
    put_derived(connection, "a", Derived("rules", wanted[:1]))
    assert tuple(attributions(Held())) == wanted[:1]  # type: ignore[arg-type]
    connection.close()


def test_half_surrogates_and_days_survive(opened: Opened, tmp_path: Path, tiny: Any) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "x", "title": "T", "text": "Anna: Smile \ud83d now."}))

    def dated(article: Article) -> list[Attribution]:
        return [
            replace(one, said_on=date(2024, 2, 1), said_precision="month") for one in tiny.attribute(article)
        ]

    archive = opened(stages=tiny.tiny_stages(attribute=dated))
    archive.ingest([path])
    assert said(archive) == [("x", "Anna", "Smile \ufffd now.")]
    assert attributions(archive.catalog)[0].said_on == date(2024, 2, 1)
