"""The lines of a PDF page in the order a person reads them.

A page is mostly written column by column, and then the file's own order is right. Where it jumps
across a gutter line by line, the columns are told by the white between them and read one after
the other. Knows boxes only, no words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_STARTS_ITEM = re.compile(r"[•▪‣◦·*–—-]\s|\(?\d{1,2}[.)]\s")
_MIN_LINES = 5
_MAX_BOXES = 20_000
_MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle in points from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float


def reading_order(textpage: Any) -> list[str]:
    """The lines of a pypdfium2 text page, a hyphen at their end kept."""
    count = textpage.count_rects()
    boxes = [_Box(*textpage.get_rect(i)) for i in range(count)] if count <= _MAX_BOXES else []
    regions = list(_regions(boxes, 0))
    if len(regions) < 2:
        return _spaced_lines(textpage)
    texts = (textpage.get_text_bounded(r.left, r.bottom, r.right, r.top) for r in regions)
    return [line for text in texts for line in _lines(text)]


def _lines(text: str) -> list[str]:
    # The library gives a hyphen at a line's end as one odd character, without the line break.
    for hyphen in ("\ufffe", "\x02"):
        text = text.replace(hyphen + "\r\n", hyphen).replace(hyphen, "-\n")
    return [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line: its words, its type size, where its first character stands."""

    text: str
    size: float
    left: float
    bottom: float


def _spaced_lines(textpage: Any) -> list[str]:
    """Lines in the file's order, an empty one before each that sets off a paragraph."""
    made = list(_printed(textpage))
    steps = sorted(a.bottom - b.bottom for a, b in pairwise(made) if a.size == b.size and a.bottom > b.bottom)
    usual = steps[len(steps) // 2] if steps else 0.0
    lines = [line.text for line in made[:1]]
    for line, following in pairwise(made):
        if _sets_off(line, following, usual):
            lines.append("")
        lines.append(following.text)
    return lines


def _printed(textpage: Any) -> Iterator[_Line]:
    from pypdfium2.raw import FPDFText_GetFontSize

    at, last = 0, textpage.count_chars() - 1
    for printed in re.split("(?<=\n)|(?<=\ufffe)(?!\r)", textpage.get_text_range()):
        if printed.strip():
            first = min(at + len(printed) - len(printed.lstrip()), last)
            left, bottom, _, _ = textpage.get_charbox(first, loose=True)
            yield _Line(_lines(printed)[0], round(FPDFText_GetFontSize(textpage, first), 1), left, bottom)
        at += len(printed)


def _sets_off(line: _Line, following: _Line, usual_step: float) -> bool:
    """Whether size, white space or indent shows that `following` begins a paragraph."""
    step, indent = line.bottom - following.bottom, following.left - line.left
    if line.size != following.size or step > 1.45 * usual_step:
        return True
    return step > 0 and 0.6 < indent / max(line.size, 1) < 4 and not _STARTS_ITEM.match(line.text)


def _regions(boxes: Sequence[_Box], depth: int) -> Iterator[_Box]:
    """Parts of the page to be read one after the other; one when the file's order will do."""
    if not boxes:
        return
    found = _gutter(_runs(boxes)) if depth < _MAX_DEPTH else None
    if found is None:
        yield _around(boxes)
        return
    x, low, high = found
    above = [b for b in boxes if b.bottom >= high]
    below = [b for b in boxes if b.top <= low]
    between = [b for b in boxes if b not in above and b not in below]
    yield from _regions(above, _MAX_DEPTH)
    yield from _regions([b for b in between if b.right <= x], depth + 1)
    yield from _regions([b for b in between if b.right > x], depth + 1)
    yield from _regions(below, _MAX_DEPTH)


def _around(boxes: Sequence[_Box]) -> _Box:
    return _Box(
        min(b.left for b in boxes) - 0.5,
        min(b.bottom for b in boxes) - 0.5,
        max(b.right for b in boxes) + 0.5,
        max(b.top for b in boxes) + 0.5,
    )


def _runs(boxes: Sequence[_Box]) -> list[_Box]:
    """Boxes that follow each other on a line without a wide gap, merged, in the file's order."""
    made = [boxes[0]]
    for box in boxes[1:]:
        last = made[-1]
        same_line = box.bottom < last.top and last.bottom < box.top
        height = max(last.top - last.bottom, box.top - box.bottom, 1.0)
        if same_line and -height < box.left - last.right < 1.5 * height:
            made[-1] = _around_exactly(last, box)
        else:
            made.append(box)
    return made


def _around_exactly(a: _Box, b: _Box) -> _Box:
    return _Box(min(a.left, b.left), min(a.bottom, b.bottom), max(a.right, b.right), max(a.top, b.top))


def _gutter(runs: Sequence[_Box]) -> tuple[float, float, float] | None:
    """Where the file's order jumps across white line by line: x, and the y it reaches from and to.

    The white must be at the same x in at least five lines, and nothing may lie across it there.
    """
    jumps = [(a, b) for a, b in pairwise(runs) if b.left > a.right and b.bottom < a.top and a.bottom < b.top]
    starts = Counter(round(b.left) for _, b in jumps)
    if not starts:
        return None
    start, _ = starts.most_common(1)[0]
    across = [(a, b) for a, b in jumps if abs(b.left - start) <= 2]
    if len(across) < _MIN_LINES:
        return None
    x = (max(a.right for a, _ in across) + start) / 2
    low = min(min(a.bottom, b.bottom) for a, b in across)
    high = max(max(a.top, b.top) for a, b in across)
    crossing = [r for r in runs if r.left < x - 1 and r.right > x + 1]
    if any(r.bottom < high and r.top > low for r in crossing):
        return None
    return (
        x,
        max((r.top for r in crossing if r.top <= low), default=0.0),
        min((r.bottom for r in crossing if r.bottom >= high), default=float("inf")),
    )
