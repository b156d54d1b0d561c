"""Means with their uncertainty: percentile bootstrap intervals, alone and paired; pure and repeatable.

The bootstrap is Efron's (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13): the
questions are drawn anew with replacement, as many as there are, and the interval holds the middle 95 % of
the means so found. The same seed draws the same questions. It tells how far chance in the choice of the
questions goes, and nothing of how fair the questions are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from rag.eval.types import Metric

SEED = 7
RESAMPLES = 1000
_TAILS = (0.025, 0.975)
# Drawn at once: keeps the memory of a long run at some 20 MB.
_DRAWN = 1_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean of the second less mean of the first over `n` pairs, with its bootstrap 95 % interval.

    `p`, above 0 and at most 1, is how often such a difference comes about by chance: see `paired`.
    """

    value: float
    low: float
    high: float
    n: int
    p: float


def mean(values: Iterable[float]) -> float | None:
    """The mean, or None of nothing."""
    listed = list(values)
    return fmean(listed) if listed else None


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value below which `share` (0 to 1) of the values lie, linear between them; None of nothing."""
    listed = list(values)
    return float(np.quantile(listed, share)) if listed else None


def interval(values: Iterable[float], seed: int = SEED, resamples: int = RESAMPLES) -> Metric | None:
    """The mean with its 95 % percentile bootstrap interval; None of nothing."""
    measured = np.array(list(values), dtype=float)
    if not measured.size:
        return None
    low, high = np.quantile(_resampled(measured, seed, resamples), _TAILS)
    return Metric(float(measured.mean()), float(low), float(high), measured.size)


def paired(
    first: Sequence[float], second: Sequence[float], seed: int = SEED, resamples: int = RESAMPLES
) -> Difference | None:
    """How much higher the mean of `second` is; the values of one question stand at one place in both.

    Questions are drawn with both their values, so what makes a question hard for both does not widen the
    interval. `p` is twice the smaller of two shares of the resamples, those with a difference of at most 0
    and of at least 0, one resample added so that it is never 0. None of nothing. Raises ValueError if the two
    are not of one length.
    """
    if len(first) != len(second):
        raise ValueError(f"found {len(first)} and {len(second)} values, wanted a pair for each question")
    if not first:
        return None
    gained = np.asarray(second, dtype=float) - np.asarray(first, dtype=float)
    return resampled_difference(float(gained.mean()), _resampled(gained, seed, resamples), gained.size)


def draws(n: int, seed: int = SEED, resamples: int = RESAMPLES) -> NDArray[np.float64]:
    """How often each of `n` is drawn: a line a resample, a column each; for values that are no mean.

    The lines sum to `n`. A product with a table of what is counted in each gives the sums of the resamples.
    """
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)
    return drawn.astype(float)


def resampled_metric(value: float, resampled: NDArray[np.float64], n: int) -> Metric:
    """The value with the middle 95 % of its resamples; those that are no number (NaN) are left out."""
    low, high = np.nanquantile(resampled, _TAILS)
    return Metric(value, float(low), float(high), n)


def resampled_difference(value: float, resampled: NDArray[np.float64], n: int) -> Difference:
    """The difference with the middle 95 % of its resamples, and `p` as `paired` tells it; NaNs left out."""
    told = resampled[~np.isnan(resampled)]
    low, high = np.quantile(told, _TAILS)
    rarer = min(int((told <= 0).sum()), int((told >= 0).sum()))
    p = min(1.0, 2 * (rarer + 1) / (told.size + 1))
    return Difference(value, float(low), float(high), n, p)


def _resampled(values: NDArray[np.float64], seed: int, resamples: int) -> NDArray[np.float64]:
    """The means of `resamples` draws of as many values as there are, with replacement."""
    generator = np.random.default_rng(seed)
    rows = max(1, _DRAWN // values.size)
    sizes = (min(rows, resamples - done) for done in range(0, resamples, rows))
    drawn = (generator.integers(values.size, size=(size, values.size)) for size in sizes)
    return np.concatenate([values[places].mean(axis=1) for places in drawn])
