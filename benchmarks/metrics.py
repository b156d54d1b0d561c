"""Scores of rankings, answers and citations; pure.

Rankings are lists of distinct article ids, best first; qrels map article ids to grades, where 0 or less
means not relevant. The definitions are those of trec_eval (a test compares with ir-measures). Knows
nothing of archives, suites or how an answer came about.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

CUT = 10
RANKING = ("hit@1", "hit@4", "hit@10", "mrr@10", "map@10", "ndcg@10", "recall@10")

Qrels = Mapping[str, int]


def relevant(qrels: Qrels) -> set[str]:
    """The ids with a grade above 0."""
    return {article for article, grade in qrels.items() if grade > 0}


def hit(ranked: Sequence[str], qrels: Qrels, k: int) -> float:
    """1 if a relevant article is among the first `k`, else 0."""
    return float(not relevant(qrels).isdisjoint(ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], qrels: Qrels, k: int = CUT) -> float:
    """1 / rank of the first relevant article among the first `k`, else 0."""
    wanted = relevant(qrels)
    return next((1 / rank for rank, article in enumerate(ranked[:k], 1) if article in wanted), 0.0)


def average_precision(ranked: Sequence[str], qrels: Qrels, k: int = CUT) -> float:
    """Precision at each relevant article of the first `k`, summed, over the number of relevant ones."""
    wanted = relevant(qrels)
    found, total = 0, 0.0
    for rank, article in enumerate(ranked[:k], 1):
        if article in wanted:
            found += 1
            total += found / rank
    return total / len(wanted) if wanted else 0.0


def ndcg(ranked: Sequence[str], qrels: Qrels, k: int = CUT) -> float:
    """Discounted cumulated gain (the grade itself, log2 discount) of the first `k` over the best possible."""
    best = _gain(sorted((max(grade, 0) for grade in qrels.values()), reverse=True)[:k])
    return _gain(max(qrels.get(article, 0), 0) for article in ranked[:k]) / best if best else 0.0


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def recall(ranked: Sequence[str], qrels: Qrels, k: int = CUT) -> float:
    """Share of the relevant articles found among the first `k`."""
    wanted = relevant(qrels)
    return len(wanted.intersection(ranked[:k])) / len(wanted) if wanted else 0.0


def rank_scores(ranked: Sequence[str], qrels: Qrels) -> dict[str, float]:
    """Every score of `RANKING` for one question. Raises ValueError if an article comes twice."""
    if len(set(ranked)) != len(ranked):
        raise ValueError("an article comes twice in the ranking, wanted distinct ones")
    return {
        "hit@1": hit(ranked, qrels, 1),
        "hit@4": hit(ranked, qrels, 4),
        "hit@10": hit(ranked, qrels, 10),
        "mrr@10": reciprocal_rank(ranked, qrels),
        "map@10": average_precision(ranked, qrels),
        "ndcg@10": ndcg(ranked, qrels),
        "recall@10": recall(ranked, qrels),
    }


def normalise(text: str) -> str:
    """Lower case, punctuation taken out, then a, an and the; white space collapsed.

    Punctuation is every Unicode one and the ASCII symbols, so “it’s” and "it's" come out alike.
    """
    kept = "".join(ch for ch in text.lower() if not _is_punctuation(ch))
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", kept).split())


def _is_punctuation(ch: str) -> bool:
    return unicodedata.category(ch)[0] == "P" or ch in "$+<=>^`|~"


def answer_match(answer: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether every group has a variant that is a substring of the answer, both normalised.

    False without groups. A variant of nothing but punctuation is compared as it is written.
    """
    said = normalise(answer)
    return bool(groups) and all(any(_holds(said, answer, variant) for variant in group) for group in groups)


def _holds(said: str, answer: str, variant: str) -> bool:
    wanted = normalise(variant)
    return wanted in said if wanted else variant.strip().lower() in answer.lower()


def mean(values: Iterable[float]) -> float | None:
    """The mean, or None of nothing."""
    listed = list(values)
    return fmean(listed) if listed else None


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value below which `share` (0 to 1) of the values lie, linear between them; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
