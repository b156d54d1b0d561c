"""Fusion, folding, dates and limits, on rankings small enough to check by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.search import Searcher, fold_copies, fuse, spread
from index.types import ArticleHead, Filters, Hit, Passage, Span

WIRE = "The two delegations met at the border and agreed to exchange two hundred prisoners by the weekend."
keys = st.lists(st.sampled_from("abcdefgh"), unique=True)


def hit(key: str, article: str, score: float, text: str = "words", published: date | None = None) -> Hit:
    passage = Passage(key, article, Span(0, len(text)), text)
    return Hit(passage, ArticleHead(article, article.title(), "Sample Wire", published), score)


def test_fuse_by_hand() -> None:
    rankings = {"dense": [("a", 0.8), ("b", 0.4)], "lexical": [("b", 8.0), ("c", 2.0)]}
    # a: 0.8/0.8 + 0.5 * 2/8; b: 0.4/0.8 + 0.5 * 8/8; c: 0.4/0.8 + 0.5 * 2/8
    assert fuse(rankings, {"lexical": 0.5}, 2) == {"a": 1.125, "b": 1.0, "c": 0.625}
    # Neither ranking is full: a has none of the words, c is nothing like the query.
    assert fuse(rankings, {"lexical": 0.5}, 3) == {"a": 1.0, "b": 1.0, "c": 0.125}
    assert list(fuse(rankings, {"lexical": 0.5}, 2)) == ["a", "b", "c"]


def test_the_only_passage_with_a_word_comes_first() -> None:
    dense = [(key, 0.5 - 0.01 * place) for place, key in enumerate("abcdefgh")]
    assert next(iter(fuse({"dense": dense, "lexical": [("h", 9.0)]}, {"lexical": 0.5}, 8))) == "h"


def test_an_empty_ranking_changes_no_order() -> None:
    assert list(fuse({"dense": [("a", 0.9), ("b", 0.8)], "lexical": []}, {}, 2)) == ["a", "b"]


def ranking(keys_: list[str], scores: list[float]) -> list[tuple[str, float]]:
    return list(zip(keys_, sorted(scores, reverse=True), strict=False))


values = st.lists(st.floats(-1, 30), min_size=8, max_size=8)


@given(first=keys, second=keys, one=values, other=values, depth=st.integers(1, 9))
def test_fuse_does_not_depend_on_the_order_of_rankings(
    first: list[str], second: list[str], one: list[float], other: list[float], depth: int
) -> None:
    x, y = ranking(first, one), ranking(second, other)
    fused, turned = (fuse(both, {"y": 0.5}, depth) for both in ({"x": x, "y": y}, {"y": y, "x": x}))
    assert list(fused.items()) == list(turned.items())
    assert set(fused) == set(first) | set(second)
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
    assert all(0 <= score <= 1.5 for score in fused.values())


@given(only=keys)
def test_fuse_keeps_the_order_of_a_single_ranking(only: list[str]) -> None:
    scored = [(key, 9.0 - place) for place, key in enumerate(only)]
    assert list(fuse({"only": scored}, {}, 8)) == only


def test_copies_are_folded_into_the_best_hit() -> None:
    copy = WIRE.replace("by the weekend", "by Sunday")
    folded = fold_copies(
        [hit("b", "copy", 1.0, copy), hit("a", "wire", 2.0, WIRE), hit("c", "other", 3.0, "Rain.")]
    )
    assert [h.head.id for h in folded] == ["other", "wire"]
    assert [head.id for head in folded[1].copies] == ["copy"]


def test_two_reports_of_one_event_are_not_copies() -> None:
    other = "Two hundred captives are to be exchanged before Sunday after both sides met near the frontier."
    assert len(fold_copies([hit("a", "wire", 2.0, WIRE), hit("b", "herald", 1.0, other)])) == 2


def test_passages_of_one_article_are_not_copies_of_each_other() -> None:
    assert len(fold_copies([hit("a", "wire", 2.0, WIRE), hit("b", "wire", 1.0, WIRE)])) == 2


def test_one_article_does_not_crowd_out_the_others() -> None:
    hits = [hit(str(i), "long", 1.0 - i / 100) for i in range(5)] + [hit("x", "short", 0.8)]
    assert [h.passage.id for h in spread(hits)] == ["0", "1", "x", "2", "3", "4"]


def test_an_article_that_is_much_better_fills_the_list() -> None:
    hits = [hit(str(i), "long", 1.0 - i / 100) for i in range(5)] + [hit("x", "short", 0.3)]
    assert [h.passage.id for h in spread(hits)] == ["0", "1", "2", "3", "4", "x"]


class Shelf:
    """A catalog of passages in a dictionary."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = {h.passage.id: h for h in hits}

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [self._hits[i].passage for i in ids if i in self._hits]

    def heads(self, ids: Collection[str]) -> dict[str, ArticleHead]:
        return {h.head.id: h.head for h in self._hits.values() if h.head.id in ids}

    def allowed(self, filters: Filters) -> Collection[str] | None:
        return None if filters.empty else set(filters.articles or ())


class Ranks:
    """A store that always ranks its passages in the given order."""

    def __init__(self, order: Sequence[Hit]) -> None:
        self._order = order

    def query(self, _: object, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        return [(h.passage.id, h.score) for h in self._order if allowed is None or h.head.id in allowed][:k]


class Embedder:
    def embed_queries(self, texts: Sequence[str]) -> np.ndarray:
        return np.ones((len(texts), 2), dtype=np.float32)


def searcher(*hits: Hit) -> Searcher:
    return Searcher(Shelf(hits), Ranks(hits), Ranks(hits), Embedder())  # type: ignore[arg-type]


OLD = hit("old", "old", 0.9, "the bridge was closed after the storm", date(2019, 5, 1))
NEW = hit("new", "new", 0.8, "a bridge reopened when the wind fell", date(2023, 5, 3))


def test_articles_around_the_day_of_asking_come_first() -> None:
    assert [h.head.id for h in searcher(OLD, NEW).search("bridge", asked=date(2023, 5, 4))] == ["new", "old"]
    assert [h.head.id for h in searcher(OLD, NEW).search("bridge")] == ["old", "new"]


def test_a_time_named_in_the_query_beats_the_day_of_asking() -> None:
    found = searcher(NEW, OLD).search("bridge in May 2019", asked=date(2023, 5, 4))
    assert [h.head.id for h in found] == ["old", "new"]


def test_filters_reach_both_rankings() -> None:
    assert [h.head.id for h in searcher(OLD, NEW).search("bridge", filters=Filters(articles=("new",)))] == [
        "new"
    ]
    assert searcher(OLD, NEW).search("bridge", filters=Filters(articles=())) == []


def test_an_empty_query_finds_nothing() -> None:
    assert searcher(OLD).search("  ") == []


def test_parts_tell_each_ranking() -> None:
    found = searcher(OLD).search("bridge")[0]
    assert found.parts["dense"] == 0.9 and found.parts["lexical"] == 0.9 and found.parts["fused"] > 0
