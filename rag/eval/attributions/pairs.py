"""Which predicted attribution stands for which gold one; pure.

The unit is the word: a run of letters, digits and underscores (`\\w+`). White space, punctuation and
quotation marks count nowhere. Knows nothing of metrics.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.types import Attribution, Span

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold and a predicted attribution, as places in their lists, that share `words` words, 1 or more."""

    gold: int
    predicted: int
    words: int


class Wording:
    """The words of a text, numbered in order."""

    def __init__(self, text: str) -> None:
        places = [match.span() for match in _WORD.finditer(text)]
        self._starts = [start for start, _ in places]
        self._ends = [end for _, end in places]

    def inside(self, spans: Iterable[Span]) -> frozenset[int]:
        """The numbers of the words that share a character with one of the spans."""
        return frozenset(
            number
            for span in spans
            for number in range(bisect_right(self._ends, span.start), bisect_left(self._starts, span.end))
        )


def pair(wording: Wording, gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> list[Pair]:
    """One-to-one pairs of attributions whose contents share words, in the order of `gold`.

    The pair that shares most words is taken first, then the one that shares most among what is left, and so
    on; of pairs that share as many, the one that holds fewest other words, then the first in the text. So a
    prediction of exactly the gold words is always paired with them, and the order of the lists does not
    matter, down to attributions that are equal in all fields.
    """
    wanted, found = _contents(wording, gold), _contents(wording, predicted)
    ranks = _ranks(gold), _ranks(predicted)
    candidates = sorted(
        _overlaps(wanted, found),
        key=lambda one: (
            -one.words,
            len(wanted[one.gold]) + len(found[one.predicted]),
            ranks[0][one.gold],
            ranks[1][one.predicted],
        ),
    )
    taken: list[Pair] = []
    golds, predictions = set[int](), set[int]()
    for one in candidates:
        if one.gold not in golds and one.predicted not in predictions:
            golds.add(one.gold)
            predictions.add(one.predicted)
            taken.append(one)
    return sorted(taken, key=lambda one: one.gold)


def _contents(wording: Wording, attributions: Sequence[Attribution]) -> list[frozenset[int]]:
    return [wording.inside(one.content) for one in attributions]


def _ranks(attributions: Sequence[Attribution]) -> list[int]:
    """The place of each in an order that depends on what they are alone."""
    by_content = sorted(range(len(attributions)), key=lambda place: _order(attributions[place]))
    ranks = [0] * len(attributions)
    for rank, place in enumerate(by_content):
        ranks[place] = rank
    return ranks


def _order(one: Attribution) -> tuple[object, ...]:
    return one.content, one.source, one.cue, one.quoted, one.speaker


def _overlaps(wanted: Sequence[frozenset[int]], found: Sequence[frozenset[int]]) -> list[Pair]:
    holders: dict[int, list[int]] = {}
    for place, words in enumerate(wanted):
        for word in words:
            holders.setdefault(word, []).append(place)
    return [
        Pair(gold, place, shared)
        for place, words in enumerate(found)
        for gold, shared in Counter(holder for word in words for holder in holders.get(word, ())).items()
    ]
