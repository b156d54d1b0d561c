"""How far confidence can be trusted: what moving the abstention threshold would do, computed over the rows.

An answer is given where its confidence reaches the threshold. Rows without a confidence are left out. Knows
nothing of pages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from rag.eval.scores import IN_RETRIEVED, marks_answers
from rag.eval.types import UNKNOWN, Row

Z95 = 1.959964
BINS = 10
POINTS = 80
LEAST_ANSWERED = 5


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n` with Wilson's 95 % interval; all shares lie between 0 and 1."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Trade:
    """`answered` is the share of the questions answered with a `threshold`, `right` that of the answers."""

    threshold: float
    answered: float
    right: Share


@dataclass(frozen=True, slots=True)
class Errors:
    """The two mistakes with this `threshold`; None where no question allows the mistake."""

    threshold: float
    false_answer: float | None
    false_abstain: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like confidence: their mean confidence, and the share of their answers that is right."""

    confidence: float
    right: Share


def share(hits: int, n: int) -> Share:
    """`hits` of `n` > 0 with the Wilson score interval (Wilson 1927), which never leaves 0 to 1."""
    rate, square = hits / n, Z95**2
    middle = (rate + square / (2 * n)) / (1 + square / n)
    half = Z95 * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n)) / (1 + square / n)
    return Share(rate, max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half)), n)


def right_if_answered(row: Row) -> bool | None:
    """Whether the answer is right, given or kept back; None where that cannot be told.

    An answer to a question that the articles do not answer is wrong. For one kept back `trace` tells under
    "match_if_answered"; where it does not, it counts as the miss that it was scored as.
    """
    if "answer_match" not in row.scores:
        return None if row.question.answerable else False
    told = row.trace.get("match_if_answered")
    return bool(row.scores["answer_match"] if told is None else told)


def working_threshold(rows: Sequence[Row]) -> float | None:
    """The threshold that the run worked with; None if it is not told, or not one for all."""
    told = [row.trace.get("threshold") for row in rows if row.error is None]
    found = {float(one) for one in told if isinstance(one, int | float) and math.isfinite(one)}
    return found.pop() if len(found) == 1 else None


def confidence(row: Row) -> float | None:
    """The row's confidence if it is a finite number; None where the back-end failed."""
    if row.error is not None or row.confidence is None:
        return None
    return row.confidence if math.isfinite(row.confidence) else None


def answered_right(rows: Sequence[Row], at: Sequence[float] = ()) -> tuple[Trade, ...]:
    """Shares answered and right with the thresholds `at`, by default all that differ (80 at most), ascending.

    Over the questions of which it is known whether the answer is right, if any of them has a short answer.
    Thresholds with which fewer than five would be answered are left out.
    """
    known = _known(rows)
    trades = []
    for threshold in at or _thresholds([sure for sure, _ in known]):
        right = [right for sure, right in known if sure >= threshold]
        if len(right) >= LEAST_ANSWERED:
            trades.append(Trade(threshold, len(right) / len(known), share(sum(right), len(right))))
    return tuple(trades)


def _known(rows: Sequence[Row]) -> list[tuple[float, bool]]:
    """Confidence and rightness, ascending; nothing if no row has a short answer to compare with."""
    if not any("answer_match" in row.scores for row in rows):
        return []
    found = ((confidence(row), right_if_answered(row)) for row in rows)
    return sorted((sure, right) for sure, right in found if sure is not None and right is not None)


def _thresholds(values: Sequence[float]) -> list[float]:
    """The distinct values, ascending, thinned evenly where there are more than a curve needs."""
    distinct = sorted(set(values))
    if len(distinct) <= POINTS:
        return distinct
    return [distinct[round(step * (len(distinct) - 1) / (POINTS - 1))] for step in range(POINTS)]


def error_rates(rows: Sequence[Row], at: Sequence[float] = ()) -> tuple[Errors, ...]:
    """False answers and false silence with the thresholds `at`, by default all that differ (80 at most).

    False silence is taken over the answerable questions; in a suite that tags those whose answer is known to
    stand in an article found for them ("answer-in-retrieved"), over these alone.
    """
    marked = marks_answers(row.question for row in rows)
    sure = [(row.question, one) for row in rows if (one := confidence(row)) is not None]
    known = [(q, one) for q, one in sure if UNKNOWN not in q.tags]
    should = [one for q, one in known if q.answerable and (not marked or IN_RETRIEVED in q.tags)]
    should_not = [one for q, one in sure if not q.answerable]
    return tuple(
        Errors(
            threshold,
            fmean(one >= threshold for one in should_not) if should_not else None,
            fmean(one < threshold for one in should) if should else None,
        )
        for threshold in at or _thresholds([*should, *should_not])
    )


def calibration(rows: Sequence[Row], bins: int = BINS) -> tuple[Bin, ...]:
    """The rows by confidence, ascending, in at most `bins` groups of as many questions each (give or take 1).

    Over the same questions as `answered_right`.
    """
    known = _known(rows)
    count = min(bins, len(known) // LEAST_ANSWERED) or bool(known)
    edges = [round(step * len(known) / count) for step in range(count + 1)] if count else []
    parts = [known[first:last] for first, last in pairwise(edges)]
    return tuple(
        Bin(fmean(sure for sure, _ in part), share(sum(right for _, right in part), len(part)))
        for part in parts
    )
