"""When an answer counts as right, and the small statistics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.metrics import answer_match, mean, normalise, percentile


@pytest.mark.parametrize(
    ("answer", "groups", "right"),
    [
        ("The mayor said “it’s a start”.", [["its start"]], True),
        ("About 1,000 square kilometres, he said.", [["1000 square kilometres"]], True),
        ("Odesa and Yuzhny", [["odesa"], ["yuzhny"]], True),
        ("Odesa", [["odesa"], ["yuzhny"]], False),
        ("In the spring", [["autumn", "Spring"]], True),
        ("Anything", [], False),
        ("It cost 5 % more", [["%"]], True),
        ("It cost 5 more", [["%"]], False),
    ],
)
def test_an_answer_is_right_if_every_group_has_a_variant_in_it(
    answer: str, groups: list[list[str]], right: bool
) -> None:
    assert answer_match(answer, groups) is right


@given(st.text())
def test_normalised_text_has_single_spaces_and_no_punctuation(text: str) -> None:
    once = normalise(text)
    assert "  " not in once
    assert once == once.strip()
    assert not any(ch in once for ch in "“”’'\".,;!?")


def test_the_mean_of_nothing_is_unknown() -> None:
    assert mean([]) is None
    assert percentile([], 0.5) is None
    assert mean([True, False]) == 0.5


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_the_percentile_is_that_of_numpy(values: list[float], share: float) -> None:
    assert percentile(values, share) == pytest.approx(float(np.quantile(values, share)), rel=1e-9, abs=1e-6)
