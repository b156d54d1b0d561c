"""Scores of what was shown or cited, against the evidence; pure.

Ranges are an article's id and a span in its text. Every function returns only the scores that apply, each
between 0 and 1. Knows nothing of archives, suites or answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.types import Span
from rag.eval.types import Place

Range = tuple[str, Span]

CUT = 10


def overlap_scores(shown: Sequence[Range], wanted: Sequence[Range]) -> dict[str, float]:
    """How well the passages shown cover the wanted ranges; {} if none is wanted.

    The definitions are those of Chroma's chunking evaluation (Smith and Troynikov, 2024), base_evaluation.py
    of chunking_evaluation. Its report speaks of tokens, its code counts characters, and so do we:

    - token_recall: wanted characters shown / length of the wanted ranges
    - token_precision: wanted characters shown / length of the passages
    - token_iou: wanted characters shown / (length of the passages + wanted characters not shown)

    A character found twice counts once above the line, yet passages that overlap count in full below it,
    which punishes overlap; so do wanted ranges that overlap. Passages of other articles count as shown.
    """
    if not wanted:
        return {}
    covered = _merged(shown)
    length_shown, length_wanted = _length(shown), _length(wanted)
    found = _shared(_merged(wanted), covered)
    missed = length_wanted - _shared(wanted, covered)
    return {
        "token_recall": found / length_wanted,
        "token_precision": found / length_shown if length_shown else 0.0,
        "token_iou": found / (length_shown + missed),
    }


def _merged(ranges: Iterable[Range]) -> list[Range]:
    """Ranges that cover the same characters and share none, ascending."""
    merged: list[Range] = []
    for article, span in sorted(ranges):
        if merged and merged[-1][0] == article and span.start <= merged[-1][1].end:
            _, last = merged.pop()
            span = Span(last.start, max(last.end, span.end))
        merged.append((article, span))
    return merged


def _length(ranges: Iterable[Range]) -> int:
    return sum(len(span) for _, span in ranges)


def _shared(ranges: Iterable[Range], covered: Sequence[Range]) -> int:
    """The summed number of characters of each range that `covered`, whose ranges share none, holds."""
    return sum(
        min(span.end, other.end) - max(span.start, other.start)
        for article, span in ranges
        for its, other in covered
        if article == its and span.overlaps(other)
    )


def citation_scores(cited: Sequence[Range], places: Sequence[Place]) -> dict[str, float]:
    """How well citations agree with the places of the evidence; {} if no place is known.

    Our own definition: a citation is right, and a place cited, where the two share a character; a place
    without a span is its whole article.

    - citation_precision: right citations / citations, each marker counted; absent if nothing is cited
    - citation_recall: places cited / places; 0 if nothing is cited
    """
    if not places:
        return {}
    scores = {"citation_recall": _share(any(place.holds(*range_) for range_ in cited) for place in places)}
    if cited:
        right = (any(place.holds(*range_) for place in places) for range_ in cited)
        scores["citation_precision"] = _share(right)
    return scores


def _share(statements: Iterable[bool]) -> float:
    listed = list(statements)
    return sum(listed) / len(listed)


def fact_scores(passages: Sequence[str], facts: Sequence[str]) -> dict[str, float]:
    """How early the passages, best first, hold the gold facts; {} without facts.

    The definitions are those of MultiHop-RAG's retrieval_evaluate.py (Tang and Yang, 2024). A passage holds
    a fact if the fact is a substring of it, blanks and newlines (no other white space) taken out of both; a
    fact counts at the first passage that holds it.

    - fact_hit@4, fact_hit@10: 1 if one of the first 4 or 10 passages holds a fact, else 0
    - fact_mrr@10: 1 / rank of the first such passage
    - fact_map@10: 1 / rank of each fact's first passage, summed, over the number of facts, 10 at most.
      This is not average precision: it reaches 1 only where the first passage holds every fact.
    """
    if not facts:
        return {}
    shown = [_close(passage) for passage in passages[:CUT]]
    distinct = {_close(fact) for fact in facts}
    ranks = [rank for fact in distinct if (rank := _first(fact, shown))]
    best = min(ranks, default=0)
    return {
        "fact_hit@4": float(0 < best <= 4),
        "fact_hit@10": float(best > 0),
        "fact_map@10": sum(1 / rank for rank in ranks) / min(len(facts), CUT),
        "fact_mrr@10": 1 / best if best else 0.0,
    }


def _close(text: str) -> str:
    return text.replace(" ", "").replace("\n", "")


def _first(fact: str, passages: Sequence[str]) -> int:
    """The rank, from 1, of the first passage that holds the fact; 0 if none does."""
    return next((rank for rank, passage in enumerate(passages, 1) if fact in passage), 0)
