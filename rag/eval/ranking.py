"""Scores of rankings of articles; pure.

Rankings are lists of distinct article ids, best first; qrels map article ids to grades, where 0 or less
means not relevant. The definitions are those of trec_eval, the measures of the TREC conferences (a test
compares with ir-measures). All scores lie between 0 and 1 and are 0 where nothing is relevant. Knows
nothing of archives, suites or how a ranking came about.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

CUT = 10
RANKING = ("hit@1", "hit@4", "hit@10", "mrr@10", "map@10", "map", "ndcg@10", "recall@10", "recall@100")

Qrels = Mapping[str, int]


def relevant(qrels: Qrels) -> set[str]:
    """The ids with a grade above 0."""
    return {article for article, grade in qrels.items() if grade > 0}


def hit(ranked: Sequence[str], qrels: Qrels, k: int) -> float:
    """1 if a relevant article is among the first `k`, else 0 (trec_eval: success)."""
    return float(not relevant(qrels).isdisjoint(ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], qrels: Qrels, k: int = CUT) -> float:
    """1 / rank of the first relevant article among the first `k`, else 0 (Voorhees, TREC-8, 1999)."""
    wanted = relevant(qrels)
    return next((1 / rank for rank, article in enumerate(ranked[:k], 1) if article in wanted), 0.0)


def average_precision(ranked: Sequence[str], qrels: Qrels, k: int | None = CUT) -> float:
    """Precision at each relevant article of the first `k`, summed, over the number of relevant ones.

    `k` None takes the whole ranking (trec_eval: map; with `k` map_cut).
    """
    wanted = relevant(qrels)
    found, total = 0, 0.0
    for rank, article in enumerate(ranked[:k], 1):
        if article in wanted:
            found += 1
            total += found / rank
    return total / len(wanted) if wanted else 0.0


def ndcg(ranked: Sequence[str], qrels: Qrels, k: int = CUT) -> float:
    """Discounted cumulated gain of the first `k` over the best possible (trec_eval: ndcg_cut).

    The gain is the grade itself, the discount log2(rank + 1) (Järvelin and Kekäläinen, 2002).
    """
    best = _gain(sorted((max(grade, 0) for grade in qrels.values()), reverse=True)[:k])
    return _gain(max(qrels.get(article, 0), 0) for article in ranked[:k]) / best if best else 0.0


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def recall(ranked: Sequence[str], qrels: Qrels, k: int = CUT) -> float:
    """Share of the relevant articles found among the first `k`."""
    wanted = relevant(qrels)
    return len(wanted.intersection(ranked[:k])) / len(wanted) if wanted else 0.0


def rank_scores(ranked: Sequence[str], qrels: Qrels) -> dict[str, float]:
    """Every score of `RANKING` for one question. Raises ValueError if an article comes twice.

    `map` and `recall@100` are those of the ranking as it is given: too short a one lowers them.
    """
    if len(set(ranked)) != len(ranked):
        raise ValueError("an article comes twice in the ranking, wanted distinct ones")
    return {
        "hit@1": hit(ranked, qrels, 1),
        "hit@4": hit(ranked, qrels, 4),
        "hit@10": hit(ranked, qrels, 10),
        "mrr@10": reciprocal_rank(ranked, qrels),
        "map@10": average_precision(ranked, qrels),
        "map": average_precision(ranked, qrels, None),
        "ndcg@10": ndcg(ranked, qrels),
        "recall@10": recall(ranked, qrels),
        "recall@100": recall(ranked, qrels, 100),
    }
