"""The ranking scores by hand and against ir-measures."""

from __future__ import annotations

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, RR, R, Success, nDCG

from benchmarks.metrics import RANKING, rank_scores

OFFICIAL = {
    "hit@1": Success @ 1,
    "hit@4": Success @ 4,
    "hit@10": Success @ 10,
    "mrr@10": RR @ 10,
    "map@10": AP @ 10,
    "ndcg@10": nDCG @ 10,
    "recall@10": R @ 10,
}
IDS = [f"a{number:02}" for number in range(20)]

rankings = st.lists(st.sampled_from(IDS), unique=True, max_size=20)
judgements = st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), min_size=1).filter(
    lambda q: any(q.values())
)


@given(ranked=rankings, qrels=judgements)
def test_the_scores_are_those_of_ir_measures(ranked: list[str], qrels: dict[str, int]) -> None:
    judged = [ir_measures.Qrel("q", article, grade) for article, grade in qrels.items()]
    run = [ir_measures.ScoredDoc("q", article, float(-place)) for place, article in enumerate(ranked)]
    official = ir_measures.calc_aggregate(OFFICIAL.values(), judged, run)
    ours = rank_scores(ranked, qrels)
    assert tuple(ours) == RANKING
    for name, measure in OFFICIAL.items():
        assert ours[name] == pytest.approx(official[measure], abs=1e-6), name


def test_the_scores_of_three_articles_by_hand() -> None:
    scores = rank_scores(["x", "right", "also"], {"right": 1, "also": 1, "missed": 1})
    assert scores["hit@1"] == 0
    assert scores["hit@4"] == scores["hit@10"] == 1
    assert scores["mrr@10"] == 0.5
    assert scores["map@10"] == pytest.approx((1 / 2 + 2 / 3) / 3)
    assert scores["recall@10"] == pytest.approx(2 / 3)


def test_an_empty_ranking_scores_nothing() -> None:
    assert set(rank_scores([], {"right": 1}).values()) == {0.0}


def test_a_ranking_with_an_article_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        rank_scores(["a", "a"], {"a": 1})
