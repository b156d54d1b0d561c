"""Vectors that are remembered: the same as those asked for anew, asked for once, never more than allowed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rag.vectors import Vectors


class Lengths:
    """Embeds a text as its length and its first letter, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), ord(text[0])] for text in texts], dtype=np.float32)


asked = st.lists(st.text(alphabet="abc", min_size=1, max_size=2), min_size=1, max_size=9)


@given(st.lists(asked, min_size=1, max_size=6), st.integers(1, 12))
def test_they_are_those_of_the_sentences_in_their_order(calls: list[list[str]], most: int) -> None:
    vectors = Vectors(Lengths(), most)
    for texts in calls:
        assert np.array_equal(vectors(texts), Lengths()(texts))


@given(st.lists(asked, min_size=1, max_size=6))
def test_nothing_is_asked_for_twice_as_long_as_there_is_room(calls: list[list[str]]) -> None:
    lengths = Lengths()
    vectors = Vectors(lengths, most=100)
    for texts in calls:
        vectors(texts)
    assert sorted(lengths.asked) == sorted({text for texts in calls for text in texts})


def test_what_was_used_last_is_kept() -> None:
    lengths = Lengths()
    vectors = Vectors(lengths, most=2)
    for texts in (["a"], ["b"], ["a"], ["c"], ["a"], ["b"]):
        vectors(texts)
    assert lengths.asked == ["a", "b", "c", "b"]
