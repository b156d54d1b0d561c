"""Articles that carry one text; all texts are made up of numbered words."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.alike import are_near, runs, share_within
from index.archive import Archive
from index.cleaning.clean import Cleaned
from index.cleaning.offsets import OffsetMap
from index.duplicates import KEEPING
from index.errors import UnknownArticle
from index.types import Article


def words(seed: int, count: int = 300) -> list[str]:
    made = random.Random(seed)
    return [f"w{made.randrange(5000)}" for _ in range(count)]


def text(parts: Sequence[str], width: int = 12) -> str:
    """Lines of a dozen words, each a sentence."""
    lines = [" ".join(parts[at : at + width]) for at in range(0, len(parts), width)]
    return "\n".join(f"{line.capitalize()}." for line in lines)


STORY = words(1)
EDITED = [*STORY[:100], *words(2, 6), *STORY[106:290], *words(3, 12)]
SHORTENED = [*STORY[:160], *words(4, 10)]
OTHER = words(5)
TEXTS = {
    "agency": (text(STORY), "2023-03-03"),
    "herald": (text(EDITED), "2023-03-04"),
    "gazette": (text(SHORTENED), "2023-03-02"),
    "undated": (text(STORY), None),
    "another": (text(OTHER), "2023-03-03"),
    "yearly": (text(STORY[:140] + words(6, 24)), "2022-03-03"),
}


def write(path: Path, ids: Sequence[str], **changed: str) -> Path:
    rows = [
        {
            "id": one,
            "title": one,
            "text": changed.get(one, TEXTS[one][0]),
            "source": one,
            "published": TEXTS[one][1],
        }
        for one in ids
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def carried(archive: Archive, one: str) -> list[str]:
    return [head.id for head in archive.carriers(one)]


def keep_all(article: Article, recurring: Mapping[str, int]) -> Cleaned:
    """No line is taken out, though several articles have it."""
    return Cleaned(article, (), OffsetMap.of([(len(article.text), len(article.text))]))


@pytest.fixture
def open_(opened: Callable[..., Archive], tiny: Any) -> Callable[..., Archive]:
    return partial(opened, stages=replace(tiny.tiny_stages(), clean=keep_all))


@pytest.fixture
def archive(open_: Callable[..., Archive], tmp_path: Path) -> Archive:
    archive = open_()
    archive.ingest([write(tmp_path / "all.jsonl", list(TEXTS))])
    return archive


def test_copies_come_earliest_first_and_those_of_no_day_last(archive: Archive) -> None:
    assert carried(archive, "agency") == ["gazette", "herald", "undated"]
    assert carried(archive, "gazette") == ["agency", "herald", "undated"]
    assert carried(archive, "another") == []


def test_the_same_words_a_year_later_are_another_story(archive: Archive) -> None:
    assert carried(archive, "yearly") == ["undated"]


def test_carrying_goes_both_ways(archive: Archive) -> None:
    for one in TEXTS:
        assert all(one in carried(archive, other) for other in carried(archive, one))


def test_a_removed_article_leaves(archive: Archive) -> None:
    archive.remove(["herald"])
    assert carried(archive, "agency") == ["gazette", "undated"]
    left = "SELECT count(*) FROM print_runs WHERE number NOT IN (SELECT number FROM prints)"
    assert archive.catalog.rows(left) == [(0,)]
    with pytest.raises(UnknownArticle):
        archive.carriers("herald")


def test_a_changed_article_leaves_and_may_come_back(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([write(tmp_path / "all.jsonl", list(TEXTS), herald=text(words(9)))])
    assert carried(archive, "agency") == ["gazette", "undated"] and carried(archive, "herald") == []
    archive.ingest([write(tmp_path / "all.jsonl", list(TEXTS))])
    assert carried(archive, "agency") == ["gazette", "herald", "undated"]


@pytest.mark.parametrize("order", [list(TEXTS), list(reversed(TEXTS)), sorted(TEXTS)])
def test_the_order_of_ingest_does_not_matter(
    order: list[str], archive: Archive, open_: Callable[..., Archive], tmp_path: Path
) -> None:
    with open_(tmp_path / "one-by-one") as other:
        for one in order:
            other.ingest([write(tmp_path / f"{one}.jsonl", [one])])
        assert {one: carried(other, one) for one in order} == {one: carried(archive, one) for one in order}


def test_an_archive_of_an_earlier_release_catches_up_without_embedding(
    open_: Callable[..., Archive], tmp_path: Path
) -> None:
    home, articles = tmp_path / "home", write(tmp_path / "all.jsonl", list(TEXTS))
    with open_(home) as archive:
        archive.ingest([articles])
        with archive.catalog.write() as connection:
            for table in ("print_runs", "prints", "attributions", "attributed"):
                connection.execute(f"DROP TABLE {table}")
            connection.execute("PRAGMA user_version = 1")
            archive.catalog.set_meta("keeping", None)
    with open_(home, read_only=True) as archive:
        assert archive.carriers("agency") == []
    with open_(home) as archive:
        assert archive.carriers("agency") == []
        assert archive.ingest([articles]).passages == 0
        assert carried(archive, "agency") == ["gazette", "herald", "undated"]
        assert archive.catalog.meta("keeping") == KEEPING


def test_another_way_of_keeping_is_derived_anew(archive: Archive, tmp_path: Path) -> None:
    with archive.catalog.write() as connection:
        connection.execute("DELETE FROM print_runs")
        archive.catalog.set_meta("keeping", "of old")
    assert carried(archive, "agency") == []
    archive.ingest([])
    assert carried(archive, "agency") == ["gazette", "herald", "undated"]


def test_short_texts_are_alike_by_chance(open_: Callable[..., Archive], tmp_path: Path) -> None:
    with open_() as archive:
        rows = [{"id": one, "title": one, "text": text(words(1, 30)), "source": one} for one in "ab"]
        path = tmp_path / "short.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        archive.ingest([path])
        assert carried(archive, "a") == []


@given(st.lists(st.sampled_from("abcde"), max_size=60), st.lists(st.sampled_from("abcde"), max_size=60))
def test_measures_are_symmetric_and_bounded(one: list[str], other: list[str]) -> None:
    mine, theirs = runs(" ".join(one)), runs(" ".join(other))
    assert len(mine) == len(set(zip(one, one[1:], one[2:], strict=False)))
    assert are_near(mine, theirs, 3) == are_near(theirs, mine, 3)
    assert 0 <= share_within(mine, theirs) == share_within(theirs, mine) <= 1


def test_runs_are_the_same_on_every_machine() -> None:
    assert sorted(runs("One, two; THREE four")) == sorted(runs("one two three\nfour"))
    assert runs("one two three") == frozenset({6863168178296622066})
    assert runs("one two") == frozenset()
