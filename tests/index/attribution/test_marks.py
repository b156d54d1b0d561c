"""Quotation marks: what stands between them, however they are typed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.attribution.marks import CLOSING, OPENING, OUTSIDE, WITHIN, mark_states, quotations

PIECES = st.sampled_from(
    ["“", "”", '"', "„", "«", "»", "''", "``", "'", "\n", "\n\n", " ", "word", "Word.", "5"]
)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("She said “we go” and left.", ["we go"]),
        ('She said "we go" and left.', ["we go"]),
        ("Sie sagte „wir gehen“ und ging.", ["wir gehen"]),
        ("Elle dit «on part» hier.", ["on part"]),
        ("``We go,'' she said. ``Now.''", ["We go,", "Now."]),
        ('"One," he said, "two."', ["One,", "two."]),
        ('A 5" pipe and a 6" one.', []),
        ("No marks at all.", []),
        ("A stray ” closes nothing.", []),
        ("“Never closed here", ["Never closed here"]),
        ("“He said ‘no’ twice,” she said.", ["He said ‘no’ twice,"]),
    ],
)
def test_what_is_quoted(text: str, inner: list[str]) -> None:
    assert [one.inner.of(text) for one in quotations(text)] == inner


def test_a_quotation_over_paragraphs_goes_on() -> None:
    text = "He said: “The first part.\n\n“The second part.”\n\n“Another one.”"
    found = quotations(text)
    assert [one.goes_on for one in found] == [False, True, False]
    assert [one.closed for one in found] == [False, True, True]


@given(st.lists(PIECES, max_size=40).map("".join))
def test_quotations_ascend_and_states_agree(text: str) -> None:
    found = quotations(text)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert all(one.span.holds(one.inner) and "\n" not in one.span.of(text) for one in found)
    states = mark_states(text)
    assert len(states) == len(text)
    told = {place for one in found for place in range(one.span.start, one.span.end)}
    assert {place for place, state in enumerate(states) if state != OUTSIDE} == told
    for one in found:
        assert set(states[one.inner.start : one.inner.end]) == {WITHIN}
        assert set(states[one.span.start : one.inner.start]) == {OPENING}
        assert set(states[one.inner.end : one.span.end]) <= {CLOSING}
