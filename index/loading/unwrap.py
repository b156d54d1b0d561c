"""Lines of printed pages -> paragraphs: hard wraps undone, hyphenated words rejoined.

Knows lines and pages only, no geometry. Running heads and page numbers go, for they stand in the
middle of sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_PAGE_NUMBER = re.compile(r"(?i)[-–— ]*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–— ]*")
_ENDS_SENTENCE = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_STARTS_ITEM = re.compile(r"[•▪‣◦·*–—-]\s|\(?\d{1,2}[.)]\s")
_HYPHEN = re.compile(r"[^\W\d_][-‐\u00ad]$")
_SHORT, _ALMOST_FULL, _WIDE = 0.7, 0.92, 1.4


def paragraphs(pages: Sequence[Sequence[str]]) -> str:
    """The text of `pages` (lines each), a line for each paragraph."""
    lines = [line for page in _without_running(pages) for line in page]
    width = _width(lines)
    words = set(re.findall(r"\w+-\w+", " ".join(lines).lower()))
    made: list[str] = []
    open_line = ""  # the last printed line of the paragraph being made
    for line in lines:
        if made and open_line and line and _goes_on(open_line, line, width):
            made[-1] = _join(made[-1], line, words)
        elif line:
            made.append(line)
        open_line = line
    return "\n".join(made)


def _without_running(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """`pages` without page numbers and lines that head or foot most pages."""
    kept = []
    for page in pages:
        lines = [" ".join(line.split()) for line in page]
        while lines and (not lines[0] or _PAGE_NUMBER.fullmatch(lines[0])):
            lines.pop(0)
        while lines and (not lines[-1] or _PAGE_NUMBER.fullmatch(lines[-1])):
            lines.pop()
        kept.append(lines)
    edges = Counter(_key(line) for lines in kept for line in {*lines[:1], *lines[-1:]})
    running = {key for key, count in edges.items() if count >= 3 and 2 * count > len(pages)}
    for lines in kept:
        if lines and _key(lines[0]) in running:
            lines.pop(0)
        if lines and _key(lines[-1]) in running:
            lines.pop()
    return kept


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", line.lower())


def _width(lines: Sequence[str]) -> float:
    """Characters of a full line: the median of the longer half."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 3 // 4] if lengths else 0


def _goes_on(line: str, following: str, width: float) -> bool:
    """Whether the paragraph of `line` goes on in the `following` printed line."""
    if _STARTS_ITEM.match(following):
        return False
    if _HYPHEN.search(line) and following[0].islower():
        return True
    if len(line) > _WIDE * width or len(following) > _WIDE * width:
        return following[0].islower()
    if len(line) < _SHORT * width:
        return following[0].islower() and not _ENDS_SENTENCE.search(line)
    return not (_ENDS_SENTENCE.search(line) and len(line) < _ALMOST_FULL * width)


def _join(start: str, following: str, words: set[str]) -> str:
    if not (_HYPHEN.search(start) and following[0].islower()):
        return f"{start} {following}"
    first = re.search(r"\w+$", start[:-1])
    last = re.match(r"\w+", following)
    compound = f"{first[0]}-{last[0]}".lower() if first and last else ""
    return (
        f"{start[:-1]}-{following}" if compound in words and start[-1] != "\u00ad" else start[:-1] + following
    )
