"""Means, percentiles and bootstrap intervals."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.eval.intervals import (
    draws,
    interval,
    mean,
    paired,
    percentile,
    resampled_difference,
    resampled_metric,
)
from rag.eval.types import Metric

shares = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def test_means_and_percentiles_by_hand() -> None:
    assert mean([True, False]) == 0.5
    assert percentile([40, 10, 20, 30], 0.5) == 25
    assert percentile([10, 20, 30, 40, 50], 0.95) == pytest.approx(48)
    assert percentile([7], 0.95) == 7
    assert percentile(iter([1, 2]), 0) == 1


def test_nothing_has_no_mean() -> None:
    assert mean([]) is None
    assert percentile([], 0.5) is None
    assert interval([]) is None
    assert paired([], []) is None


def test_equal_values_leave_no_doubt() -> None:
    assert interval([1.0] * 20) == Metric(1.0, 1.0, 1.0, 20)
    assert interval([0.25]) == Metric(0.25, 0.25, 0.25, 1)


@given(values=shares)
def test_the_interval_is_repeatable_and_lies_around_the_mean(values: list[float]) -> None:
    found = interval(values)
    assert found is not None
    assert found == interval(values)
    assert found.value == pytest.approx(sum(values) / len(values))
    assert found.n == len(values)
    assert min(values) - 1e-9 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= max(values) + 1e-9


def test_the_interval_of_many_is_that_of_the_normal_distribution() -> None:
    found = interval([1.0] * 600 + [0.0] * 400, resamples=4000)
    assert found is not None
    half = 1.96 * sqrt(0.6 * 0.4 / 1000)
    assert found.low == pytest.approx(0.6 - half, abs=0.003)
    assert found.high == pytest.approx(0.6 + half, abs=0.003)


def test_another_seed_draws_others() -> None:
    values = [number / 7 for number in range(40)]
    assert interval(values, seed=1) != interval(values, seed=2)


def test_a_run_too_long_to_draw_at_once_is_drawn_in_parts() -> None:
    found = interval([0.0, 1.0] * 200_000, resamples=7)
    assert found is not None
    assert found.low == pytest.approx(0.5, abs=0.01)
    assert found.n == 400_000


def test_a_better_second_run_is_above_0_with_a_small_p() -> None:
    found = paired([0.0] * 100, [1.0] * 30 + [0.0] * 70)
    assert found is not None
    assert found.value == pytest.approx(0.3)
    assert 0.2 < found.low < 0.3 < found.high < 0.4
    assert found.n == 100
    assert found.p == pytest.approx(2 / 1001)


def test_as_many_won_as_lost_is_no_difference() -> None:
    found = paired([1.0] * 50 + [0.0] * 50, [0.0] * 50 + [1.0] * 50)
    assert found is not None
    assert found.value == 0
    assert found.low < 0 < found.high
    assert found.p > 0.5


def test_what_is_hard_for_both_does_not_widen_the_difference() -> None:
    found = paired([0.0, 0.5] * 30, [0.25, 0.75] * 30)
    assert found is not None
    assert (found.low, found.value, found.high) == (0.25, 0.25, 0.25)


@given(values=shares)
def test_a_run_does_not_differ_from_itself(values: list[float]) -> None:
    found = paired(values, values)
    assert found is not None
    assert (found.value, found.low, found.high, found.p) == (0, 0, 0, 1)


@given(pairs=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=40))
def test_turning_the_runs_about_turns_the_difference(pairs: list[tuple[int, int]]) -> None:
    first, second = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    one, other = paired(first, second), paired(second, first)
    assert one is not None
    assert other is not None
    assert (one.value, one.p) == (-other.value, other.p)
    assert one.low == pytest.approx(-other.high)


def test_runs_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="found 1 and 2 values"):
        paired([1.0], [1.0, 0.0])


def test_draws_tell_how_often_each_is_drawn() -> None:
    drawn = draws(5)
    assert drawn.shape == (1000, 5) and set(drawn.sum(axis=1)) == {5.0}
    assert (drawn == draws(5)).all() and not (drawn == draws(5, seed=8)).all()
    assert drawn.mean() == 1 and drawn.max() > 2
    assert set(draws(1).ravel()) == {1.0}


def test_a_mean_over_draws_has_the_interval_of_the_mean() -> None:
    values = [0.0, 0.0, 1.0] * 20
    means = draws(60) @ np.array(values) / 60
    found, wanted = resampled_metric(1 / 3, means, 60), interval(values)
    assert wanted is not None and found.n == wanted.n
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=0.02)


def test_resamples_to_which_a_value_does_not_apply_are_left_out() -> None:
    resampled = np.array([0.25, float("nan"), 0.75])
    assert resampled_metric(0.5, resampled, 2) == Metric(0.5, pytest.approx(0.2625), pytest.approx(0.7375), 2)
    gained = resampled_difference(0.5, resampled, 2)
    assert (gained.value, gained.n) == (0.5, 2) and gained.p == pytest.approx(2 / 3)
    assert 0.25 <= gained.low < gained.high <= 0.75
