"""Confidence against being right: hand-computed curves."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.eval.reliability import (
    answered_right,
    calibration,
    error_rates,
    right_if_answered,
    share,
    working_threshold,
)


def asked(lake: Any, confidence: float | None, right: bool, **more: Any) -> Any:
    scores = {"answer_match": float(right), "false_abstain_rate": 0.0}
    return lake.row(lake.question("q", "When?"), "Words.", confidence=confidence, scores=scores, **more)


def nowhere(lake: Any, confidence: float) -> Any:
    question = lake.question("n", "Who?", answerable=False, answers=(), evidence=())
    return lake.row(question, "Words.", confidence=confidence, scores={"false_answer_rate": 1.0})


def test_wilson_by_hand() -> None:
    # 8 of 10 with z = 1.96: centre (0.8 + 0.192) / 1.384, half width 1.96 * sqrt(0.016 + 0.0096) / 1.384
    found = share(8, 10)
    assert (found.value, found.n) == (0.8, 10)
    assert found.low == pytest.approx(0.4902, abs=1e-4)
    assert found.high == pytest.approx(0.9433, abs=1e-4)


@given(n=st.integers(1, 500), data=st.data())
def test_wilson_holds_the_rate_and_stays_a_share(n: int, data: st.DataObject) -> None:
    found = share(data.draw(st.integers(0, n)), n)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_answered_and_right_by_hand(lake: Any) -> None:
    rows = [
        asked(lake, sure / 10, right)
        for sure, right in zip(range(1, 9), [False] * 4 + [True] * 4, strict=True)
    ]
    trades = answered_right(rows)
    assert [one.threshold for one in trades] == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert [one.answered for one in trades] == [8 / 8, 7 / 8, 6 / 8, 5 / 8]
    assert [one.right.value for one in trades] == [4 / 8, 4 / 7, 4 / 6, 4 / 5]


def test_a_threshold_may_be_asked_for(lake: Any) -> None:
    rows = [asked(lake, sure / 10, sure > 5) for sure in range(10)]
    (one,) = answered_right(rows, [0.45])
    assert (one.answered, one.right.value, one.right.n) == (0.5, 4 / 5, 5)
    assert answered_right(rows, [0.95]) == ()


def test_what_was_kept_back_counts_as_it_would_have_been(lake: Any) -> None:
    question = lake.question("q", "When?")
    kept = lake.row(question, scores={"answer_match": 0.0}, trace={"match_if_answered": True})
    untold = lake.row(question, scores={"answer_match": 0.0})
    assert right_if_answered(kept) is True and right_if_answered(untold) is False
    assert right_if_answered(nowhere(lake, 0.5)) is False
    assert right_if_answered(lake.row(lake.question("q", "?", answers=()), "Words.")) is None


def test_no_curve_without_short_answers_or_confidence(lake: Any) -> None:
    assert answered_right([nowhere(lake, 0.5)] * 9) == () == calibration([nowhere(lake, 0.5)] * 9)
    unsure = [asked(lake, value, True) for value in (None, math.nan, math.inf)] * 5
    assert answered_right(unsure) == () == calibration(unsure)
    assert error_rates(unsure) == () == error_rates([])


def test_rows_where_the_back_end_failed_are_left_out(lake: Any) -> None:
    failed = [asked(lake, 0.9, True, trace={"error": "gone"})] * 9
    assert answered_right(failed) == () == error_rates(failed)


def test_both_mistakes_by_hand(lake: Any) -> None:
    rows = [
        *(asked(lake, sure, True) for sure in (0.2, 0.6, 0.8, 0.9)),
        nowhere(lake, 0.1),
        nowhere(lake, 0.6),
    ]
    found = {one.threshold: (one.false_answer, one.false_abstain) for one in error_rates(rows)}
    assert found == {
        0.1: (1.0, 0.0),
        0.2: (0.5, 0.0),
        0.6: (0.5, 0.25),
        0.8: (0.0, 0.5),
        0.9: (0.0, 0.75),
    }
    assert error_rates(rows, [0.5])[0].false_abstain == 0.25


def test_a_mistake_that_nobody_can_make_is_none(lake: Any) -> None:
    assert {one.false_answer for one in error_rates([asked(lake, 0.3, True)])} == {None}
    assert {one.false_abstain for one in error_rates([nowhere(lake, 0.3)])} == {None}


def test_where_a_suite_marks_answers_only_those_count(lake: Any) -> None:
    marked = lake.row(
        lake.question("m", "When?", tags=("answer-in-retrieved",)),
        "W.",
        confidence=0.9,
        scores={"answer_match": 1.0},
    )
    found = error_rates([marked, asked(lake, 0.1, False)], [0.5])
    assert found[0].false_abstain == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.booleans()), max_size=60))
def test_a_higher_threshold_answers_fewer(lake: Any, drawn: list[tuple[float, bool, bool]]) -> None:
    rows = [asked(lake, sure, right) if known else nowhere(lake, sure) for sure, right, known in drawn]
    answered = [one.answered for one in answered_right(rows)]
    assert answered == sorted(answered, reverse=True)
    errors = error_rates(rows)
    falls = [one.false_answer for one in errors if one.false_answer is not None]
    rises = [one.false_abstain for one in errors if one.false_abstain is not None]
    assert falls == sorted(falls, reverse=True) and rises == sorted(rises)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=120))
def test_bins_ascend_and_share_the_questions_evenly(lake: Any, drawn: list[tuple[float, bool]]) -> None:
    bins = calibration([asked(lake, sure, right) for sure, right in drawn])
    sizes = [one.right.n for one in bins]
    assert sum(sizes) == len(drawn) and max(sizes) - min(sizes) <= 1 and len(bins) <= 10
    means = [one.confidence for one in bins]
    assert all(a <= b + 1e-9 for a, b in pairwise(means))


def test_many_thresholds_are_thinned_with_both_ends_kept(lake: Any) -> None:
    rows = [asked(lake, sure / 1000, True) for sure in range(300)]
    errors = error_rates(rows)
    assert len(errors) == 80 and (errors[0].threshold, errors[-1].threshold) == (0.0, 0.299)


def test_the_working_threshold_is_told_only_when_there_is_one(lake: Any) -> None:
    one = asked(lake, 0.5, True, trace={"threshold": 0.4})
    other = asked(lake, 0.5, True, trace={"threshold": 0.3})
    assert working_threshold([one, one]) == 0.4
    assert working_threshold([one, other]) is None is working_threshold([])
    for odd in (None, "high", math.inf, [1]):
        assert working_threshold([asked(lake, 0.5, True, trace={"threshold": odd})]) is None
