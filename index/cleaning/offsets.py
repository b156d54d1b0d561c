"""Positions in a raw text against positions in the text cleaned from it.

An `OffsetMap` is a row of segments, each so many raw characters against so many cleaned ones:
as many of both (kept one for one), none cleaned (removed), or a different number (characters
composed, such as a letter and its accent). It knows lengths only: neither of the two texts.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from index.types import Span


@dataclass(frozen=True, slots=True)
class Removed:
    """Something cleaning took out: where it stood in the raw text, the raw words, and why."""

    span: Span
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Raw and cleaned positions, both ways; monotone.

    `segments` are pairs (raw length, cleaned length) in text order. Positions run from 0 to the
    length of the text, both included; one outside raises IndexError.
    """

    segments: tuple[tuple[int, int], ...]
    _raw: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _clean: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_raw", (0, *accumulate(raw for raw, _ in self.segments)))
        object.__setattr__(self, "_clean", (0, *accumulate(clean for _, clean in self.segments)))

    @classmethod
    def of(cls, segments: Iterable[tuple[int, int]]) -> OffsetMap:
        """The map of these segments, neighbours of one kind joined and empty ones left out."""
        joined: list[tuple[int, int]] = []
        for raw, clean in segments:
            if raw == clean == 0:
                continue
            if joined and _kind(*joined[-1]) == _kind(raw, clean) in ("kept", "removed"):
                joined[-1] = (joined[-1][0] + raw, joined[-1][1] + clean)
            else:
                joined.append((raw, clean))
        return cls(tuple(joined))

    @property
    def raw_length(self) -> int:
        """Characters of the raw text."""
        return self._raw[-1]

    @property
    def clean_length(self) -> int:
        """Characters of the cleaned text."""
        return self._clean[-1]

    def to_clean(self, raw_pos: int) -> int:
        """The cleaned position of a raw one; of a removed one, that of the next kept character."""
        return self._to_clean(raw_pos, up=False)

    def to_raw(self, clean_pos: int) -> int:
        """The raw position of a cleaned one; the end of the cleaned text is the raw end."""
        if not 0 <= clean_pos <= self.clean_length:
            raise IndexError(f"cleaned position {clean_pos} is outside 0..{self.clean_length}")
        at = bisect_right(self._clean, clean_pos) - 1
        if at == len(self.segments):
            return self.raw_length
        raw, clean = self.segments[at]
        return self._raw[at] + (clean_pos - self._clean[at] if raw == clean else 0)

    def raw_span(self, span: Span) -> Span:
        """The raw range from the first character of `span` to its last.

        Holds the very characters of `span` where none was changed and nothing removed between.
        """
        start, last = self.to_raw(span.start), self.to_raw(span.end - 1)
        at = bisect_right(self._clean, span.end - 1) - 1
        raw, clean = self.segments[at]
        end = last + 1 if raw == clean else self._raw[at + 1]
        return Span(start, max(end, start + 1))

    def clean_span(self, span: Span) -> Span | None:
        """What is kept of a raw range, or None if all of it was removed."""
        start, end = self._to_clean(span.start, up=False), self._to_clean(span.end, up=True)
        return Span(start, end) if start < end else None

    def then(self, later: OffsetMap) -> OffsetMap:
        """This map followed by one from its cleaned text to a text cleaned further."""
        if later.raw_length != self.clean_length:
            raise ValueError(f"the maps do not meet: {self.clean_length} against {later.raw_length}")
        return OffsetMap.of(_composed(self.segments, later.segments))

    def to_json(self) -> str:
        """A JSON list: n for n kept characters, -n for n removed, [raw, cleaned] for changed ones."""
        return json.dumps([_written(raw, clean) for raw, clean in self.segments], separators=(",", ":"))

    @classmethod
    def from_json(cls, value: str) -> OffsetMap:
        """The map `to_json` wrote."""
        return cls(
            tuple(
                (item[0], item[1]) if isinstance(item, list) else (abs(item), max(item, 0))
                for item in json.loads(value)
            )
        )

    def _to_clean(self, raw_pos: int, *, up: bool) -> int:
        if not 0 <= raw_pos <= self.raw_length:
            raise IndexError(f"raw position {raw_pos} is outside 0..{self.raw_length}")
        at = bisect_right(self._raw, raw_pos) - 1
        if self._raw[at] == raw_pos:
            return self._clean[bisect_left(self._raw, raw_pos) if up else at]
        raw, clean = self.segments[at]
        if raw == clean:
            return self._clean[at] + raw_pos - self._raw[at]
        return self._clean[at + 1] if up else self._clean[at]


def _written(raw: int, clean: int) -> int | list[int]:
    if raw == clean:
        return raw
    return [raw, clean] if clean else -raw


def _kind(raw: int, clean: int) -> str:
    if raw == clean:
        return "kept"
    return "changed" if clean else "removed"


def _composed(
    first: tuple[tuple[int, int], ...], second: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, int]]:
    """Segments from the text before `first` to the text after `second`."""
    stack = list(reversed(first))
    for wanted, after in second:
        while stack and stack[-1][1] == 0:
            yield stack.pop()
        pieces = list(_taken(stack, wanted))
        if after in (wanted, 0):
            yield from ((raw, clean if after else 0) for raw, clean in pieces)
        else:
            yield sum(raw for raw, _ in pieces), after
    yield from reversed(stack)


def _taken(stack: list[tuple[int, int]], wanted: int) -> Iterator[tuple[int, int]]:
    """Takes segments with `wanted` cleaned characters off the stack, splitting the last one."""
    while wanted:
        raw, clean = stack.pop()
        if clean <= wanted:
            yield raw, clean
            wanted -= clean
            continue
        first = wanted if raw == clean else raw
        stack.append((raw - first, clean - wanted))
        yield first, wanted
        wanted = 0
