"""Statements found: by speaker, by day, by what they are about; in order of time; the same words once."""

from __future__ import annotations

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
from index.quotes import Quote, folded, in_time
from index.types import Article, ArticleHead, Attribution, Filters, Span

Opened = Callable[..., Archive]
ARTICLES: list[dict[str, Any]] = [
    {"id": "a", "title": "Ferry talks", "source": "Hale Courier", "published": "2023-03-02",
     "text": "President Anna Berg: The ferry will sail again on Friday evening.\nCarl Dahl: No."},
    {"id": "b", "title": "More talks", "source": "Tarn Post", "published": "2023-03-05",
     "text": "Mrs Berg: We have to mend the harbour wall.\nAnother: No."},
    {"id": "c", "title": "Undated", "source": "Tarn Post",
     "text": "Berg: The FERRY will sail again, on Friday evening.\nCarl Dahl: Fog delays ships."},
]  # fmt: skip


@pytest.fixture
def archive(opened: Opened, tmp_path: Path, tiny: Any) -> Archive:
    path = tmp_path / "town.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in ARTICLES), encoding="utf-8")
    archive = opened(stages=tiny.tiny_stages())
    archive.ingest([path])
    return archive


def texts(archive: Archive, **wanted: Any) -> list[str]:
    return [one.text for one in archive.quotes(**wanted).quotes]


def test_statements_come_in_order_of_time_with_the_unknown_last(archive: Archive) -> None:
    found = archive.quotes()
    assert [(one.head.id, one.speaker, one.text) for one in found.quotes] == [
        ("a", "Anna Berg", "The ferry will sail again on Friday evening."),
        ("a", "Carl Dahl", "No."),
        ("b", "Anna Berg", "We have to mend the harbour wall."),
        ("b", "Another", "No."),
        ("c", "Carl Dahl", "Fog delays ships."),
    ]
    assert found.total == 5


def test_a_few_reported_words_are_no_statement(opened: Opened, tmp_path: Path, tiny: Any) -> None:
    def reported(article: Article) -> list[Attribution]:
        return [replace(one, quoted=article.id == "b") for one in tiny.attribute(article)]

    path = tmp_path / "town.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in ARTICLES), encoding="utf-8")
    archive = opened(stages=tiny.tiny_stages(attribute=reported))
    archive.ingest([path])
    assert [(one.head.id, one.text) for one in archive.quotes(speaker="Dahl").quotes] == [
        ("c", "Fog delays ships.")
    ]
    assert "No." in texts(archive, speaker="Another")  # in quotation marks, however short


def test_the_same_words_elsewhere_are_one_statement(archive: Archive) -> None:
    first = archive.quotes(speaker="Berg").quotes[0]
    assert [head.id for head in first.also] == ["c"]
    assert first.attribution.article_id == "a"
    assert first.named == ("President Anna Berg",)


def test_a_speaker_is_found_however_written(archive: Archive) -> None:
    for name in ("Berg", "anna berg", "President Berg", "Anna"):
        assert len(texts(archive, speaker=name)) == 2, name
    assert archive.quotes(speaker="Dahl").speakers == ("Carl Dahl",)
    assert texts(archive, speaker="Bertha Berg") == []


def test_for_an_unknown_speaker_the_nearest_are_named(archive: Archive) -> None:
    found = archive.quotes(speaker="Dall")
    assert (found.quotes, found.total, found.speakers) == ((), 0, ())
    assert found.nearest[0] == "Carl Dahl"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(since=date(2023, 3, 3)), "bb"),
        (Filters(until=date(2023, 3, 2)), "aa"),
        (Filters(sources=("tarn post",)), "bbcc"),
        (Filters(since=date(2023, 3, 3), sources=("Hale Courier",)), ""),
        (Filters(articles=("c",)), "cc"),
    ],
    ids=str,
)
def test_filters(archive: Archive, filters: Filters, ids: str) -> None:
    assert "".join(one.head.id for one in archive.quotes(filters=filters).quotes) == ids


def test_the_latest_stay_within_a_limit_and_all_are_counted(archive: Archive) -> None:
    found = archive.quotes(limit=2)
    assert ([one.head.id for one in found.quotes], found.total) == (["b", "b"], 5)


def test_what_is_about_some_words_has_them(archive: Archive) -> None:
    assert texts(archive, about="ferry") == ["The ferry will sail again on Friday evening."]
    assert texts(archive, about="ferries sailing", speaker="Berg")[0].startswith("The ferry")
    assert texts(archive, about="harbour walls") == ["We have to mend the harbour wall."]
    assert texts(archive, about="?!") == []


def test_a_statement_in_an_article_that_is_gone_is_gone(archive: Archive) -> None:
    archive.remove(["a"])
    assert [one.head.id for one in archive.quotes(speaker="Berg").quotes] == ["b", "c"]


def quote(
    article_id: str, words: str, said: tuple[date | None, Any] = (None, "unknown"), **head: Any
) -> Quote:
    attribution = Attribution(article_id, (Span(0, len(words)),), said_on=said[0], said_precision=said[1])
    return Quote(attribution, ArticleHead(article_id, "", **head), "", (words,))


def test_the_day_it_was_said_goes_before_that_of_publication(
    opened: Opened, tmp_path: Path, tiny: Any
) -> None:
    def dated(article: Article) -> list[Attribution]:
        days = {"a": (date(2023, 3, 4), "day"), "b": (date(2023, 3, 1), "month")}
        said_on, precision = days.get(article.id, (None, "unknown"))
        return [replace(one, said_on=said_on, said_precision=precision) for one in tiny.attribute(article)]

    path = tmp_path / "town.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in ARTICLES[:2]), encoding="utf-8")
    archive = opened(stages=tiny.tiny_stages(attribute=dated))
    archive.ingest([path])
    assert [one.head.id for one in archive.quotes().quotes] == ["b", "b", "a", "a"]
    in_march = Filters(since=date(2023, 3, 20), until=date(2023, 3, 22))
    assert [one.head.id for one in archive.quotes(filters=in_march).quotes] == ["b", "b"]
    on_the_fourth = Filters(since=date(2023, 3, 4), until=date(2023, 3, 4))
    assert [one.head.id for one in archive.quotes(filters=on_the_fourth).quotes] == ["b", "b", "a", "a"]


known = st.dates(date(2020, 1, 1), date(2020, 1, 9))
quotes = st.lists(
    st.builds(
        quote,
        st.sampled_from("abcdef"),
        st.sampled_from(
            ["One two three four five six.", "one two three four five six", "No.", "“No”", "Yes"]
        ),
        st.just((None, "unknown")) | st.tuples(known, st.just("day")),
        published=st.none() | known,
    ),
    max_size=12,
)


@given(quotes)
def test_folding_loses_no_article_and_keeps_the_earliest(given_quotes: list[Quote]) -> None:
    found = folded(given_quotes)
    assert {one.head.id for one in given_quotes} == {
        head.id for one in found for head in (one.head, *one.also)
    }
    assert len(found) <= 3
    assert sorted(map(in_time, found))[:1] == sorted(map(in_time, given_quotes))[:1]
    assert all(one.head.id not in {head.id for head in one.also} for one in found)
