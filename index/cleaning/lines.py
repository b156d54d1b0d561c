"""The lines of a page and what is known of the page beside them.

Holds no signal: what a line looks like is told by `index.cleaning.edges` and `index.cleaning.notices`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LONGEST_KEY = 200  # characters; a longer line that recurs is a paragraph of a syndicated story
HEAD_LINES = 25  # lines among which the headline is looked for


@dataclass(frozen=True, slots=True)
class Cut:
    """A range of the text to take out, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank line: its place with its line break, and its words without surrounding space.

    `gap`: a blank line (or nothing) stands before it; `apart`: before and after it.
    """

    start: int
    end: int
    text: str
    gap: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of the page beside its lines."""

    title: str
    source: str | None
    author: str | None
    dated: bool
    recurring: Mapping[str, int]


def split_lines(text: str) -> list[Line]:
    """The non-blank lines of a text, in order."""
    lines: list[Line] = []
    at, blank = 0, True
    parts = text.split("\n")
    for number, part in enumerate(parts):
        end = min(at + len(part) + 1, len(text))
        words = part.strip()
        if words:
            following = number + 1 == len(parts) or not parts[number + 1].strip()
            lines.append(Line(at, end, words, blank, blank and following))
        blank = not words
        at = end
    return lines


def title_line(lines: Sequence[Line], title: str) -> int | None:
    """Index of the line that holds the headline, or None; the bare one where there are several."""
    if not title:
        return None
    held = [at for at, line in enumerate(lines[:HEAD_LINES]) if is_title(line.text, title)]
    return next((at for at in held if len(lines[at].text) <= len(title) + 2), held[0] if held else None)


def is_title(line: str, title: str) -> bool:
    """Whether the line is the headline, bare or with an outlet's name set off after it."""
    words = " ".join(line.split())
    rest = words[len(title) :]
    return words.startswith(title) and (not rest or (len(rest) <= 50 and rest.lstrip()[0] in "|–—-·»:"))


def line_key(line: str) -> str:
    """The key under which a line is counted: case, digits' values, spaces and edges do not matter."""
    folded = re.sub(r"\d+", "0", line.replace("’", "'").casefold())
    return " ".join(folded.split()).strip(" .:;,!–—-|>*•·")


def lines_of(raw: str) -> set[str]:
    """The keys of the lines of a text worth counting: at most 200 characters, at least 3 letters."""
    lines = {line.strip() for line in raw.splitlines()}
    return {line_key(line) for line in lines if len(line) <= LONGEST_KEY and sum(map(str.isalpha, line)) >= 3}
