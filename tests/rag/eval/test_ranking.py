"""The ranking scores by hand and against ir-measures."""

from __future__ import annotations

from collections.abc import Iterable
from math import log2
from typing import Any

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, RR, R, Success, nDCG

from rag.eval.ranking import RANKING, average_precision, hit, ndcg, rank_scores, recall, reciprocal_rank

OFFICIAL = {
    "hit@1": Success @ 1,
    "hit@4": Success @ 4,
    "hit@10": Success @ 10,
    "mrr@10": RR @ 10,
    "map@10": AP @ 10,
    "map": AP,
    "ndcg@10": nDCG @ 10,
    "recall@10": R @ 10,
    "recall@100": R @ 100,
}
IDS = [f"a{number:03}" for number in range(150)]

rankings = st.lists(st.sampled_from(IDS), unique=True) | st.permutations(IDS)
judgements = st.dictionaries(st.sampled_from(IDS), st.integers(-1, 4), min_size=1, max_size=30).filter(
    lambda qrels: max(qrels.values()) > 0
)


@given(ranked=rankings, qrels=judgements)
def test_the_scores_are_those_of_ir_measures(ranked: list[str], qrels: dict[str, int]) -> None:
    official = _official(OFFICIAL.values(), ranked, qrels)
    ours = rank_scores(ranked, qrels)
    assert tuple(ours) == RANKING
    for name, measure in OFFICIAL.items():
        assert ours[name] == pytest.approx(official[measure], abs=1e-6), name


@given(ranked=rankings, qrels=judgements, k=st.integers(1, 160))
def test_so_they_are_at_any_cut(ranked: list[str], qrels: dict[str, int], k: int) -> None:
    measures = {
        hit: Success @ k,
        reciprocal_rank: RR @ k,
        average_precision: AP @ k,
        ndcg: nDCG @ k,
        recall: R @ k,
    }
    official = _official(measures.values(), ranked, qrels)
    for ours, measure in measures.items():
        assert ours(ranked, qrels, k) == pytest.approx(official[measure], abs=1e-6), str(measure)


def _official(measures: Iterable[Any], ranked: list[str], qrels: dict[str, int]) -> dict[Any, float]:
    judged = [ir_measures.Qrel("q", article, grade) for article, grade in qrels.items()]
    run = [ir_measures.ScoredDoc("q", article, float(-place)) for place, article in enumerate(ranked)]
    return ir_measures.calc_aggregate(measures, judged, run)


def test_the_scores_of_three_articles_by_hand() -> None:
    scores = rank_scores(["x", "right", "also"], {"right": 1, "also": 1, "missed": 1})
    assert scores["hit@1"] == 0
    assert scores["hit@4"] == scores["hit@10"] == 1
    assert scores["mrr@10"] == 0.5
    assert scores["map@10"] == scores["map"] == pytest.approx((1 / 2 + 2 / 3) / 3)
    assert scores["recall@10"] == scores["recall@100"] == pytest.approx(2 / 3)


def test_grades_weigh_in_ndcg_by_hand() -> None:
    qrels = {"best": 3, "good": 1, "fair": 1, "wrong": 0, "spam": -2}
    gained = 1 / log2(2) + 0 / log2(3) + 3 / log2(4)
    assert ndcg(["good", "wrong", "best"], qrels) == pytest.approx(gained / (3 + 1 / log2(3) + 1 / log2(4)))
    assert ndcg(["spam", "best"], qrels, 1) == 0
    assert ndcg(["best", "spam"], qrels, 1) == 1


def test_the_eleventh_article_counts_in_the_whole_ranking_only() -> None:
    ranked = [*(f"x{place}" for place in range(10)), "right"]
    scores = rank_scores(ranked, {"right": 1})
    assert scores["map"] == pytest.approx(1 / 11)
    assert scores["recall@100"] == 1
    assert scores["map@10"] == scores["mrr@10"] == scores["recall@10"] == scores["hit@10"] == 0


@pytest.mark.parametrize(("ranked", "qrels"), [([], {"right": 1}), (["a"], {}), (["a"], {"a": 0, "b": -1})])
def test_where_nothing_is_found_or_nothing_relevant_all_scores_are_0(
    ranked: list[str], qrels: dict[str, int]
) -> None:
    assert set(rank_scores(ranked, qrels).values()) == {0.0}


def test_a_ranking_with_an_article_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        rank_scores(["a", "a"], {"a": 1})
