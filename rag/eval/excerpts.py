"""A short piece of a text around the words that matter, with these words marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.types import Span
from rag.eval.matching import normalise
from rag.eval.plots import shown

MARKED = 40
_PARAGRAPH = re.compile(r"\n\s*\n")
_BETWEEN = r"[^\w]+(?:(?:a|an|the)[^\w]+)?"


def gold_spans(text: str, groups: Iterable[Iterable[str]]) -> list[Span]:
    """Where a variant of a gold answer stands in the text, ascending, none over another, 40 at most.

    Case, punctuation between words and a, an, the before a word do not matter. Whole words are looked for,
    parts of words only where no whole one is found, since `answer_match` counts these too.
    """
    words = [normalise(variant).split() for group in groups for variant in group]
    patterns = [_BETWEEN.join(_loosely(word) for word in one) for one in words if one]
    if not patterns:
        return []
    either = "|".join(sorted(patterns, key=len, reverse=True))
    for pattern in (rf"(?<!\w)(?:{either})(?!\w)", either):
        found = [Span(*match.span()) for match, _ in zip(_found(pattern, text), range(MARKED), strict=False)]
        if found:
            return found
    return []


def _found(pattern: str, text: str) -> Iterable[re.Match[str]]:
    return re.finditer(pattern, text, re.IGNORECASE)


def _loosely(word: str) -> str:
    """The word as it stands in a text: punctuation inside it ("it’s", "1,000") is not in `word`."""
    return r"[^\w\s]?".join(map(re.escape, word)) if len(word) <= MARKED else re.escape(word)


def excerpt_html(text: str, gold: Sequence[Span], cited: Sequence[Span], length: int) -> str:
    """About `length` characters of the text as escaped HTML, around the first gold or else cited span.

    Gold spans become <mark>, cited ones <u>; both ascend and do not overlap among themselves.
    """
    start, end = _window(text, (gold or cited or [Span(0, 1)])[0], length)
    edges = {start, end} | {min(max(at, start), end) for s in (*gold, *cited) for at in (s.start, s.end)}
    places = sorted(edges)
    pieces = [_piece(text, Span(a, b), gold, cited) for a, b in pairwise(places)]
    return ("… " if start else "") + "".join(pieces) + (" …" if end < len(text) else "")


def _window(text: str, around: Span, length: int) -> tuple[int, int]:
    if len(text) <= length * 1.2:
        return 0, len(text)
    start = max(0, min(around.start - length // 3, len(text) - length))
    if start:
        blank = text.find(" ", start, start + 30)
        start = blank + 1 if blank >= 0 else start
    end = min(len(text), start + length)
    blank = text.rfind(" ", end - 30, end) if end < len(text) else -1
    return start, blank if blank > start else end


def _piece(text: str, span: Span, gold: Sequence[Span], cited: Sequence[Span]) -> str:
    words = shown(_PARAGRAPH.sub("\n", span.of(text)))
    if any(one.overlaps(span) for one in gold):
        words = f"<mark>{words}</mark>"
    return f"<u>{words}</u>" if any(one.overlaps(span) for one in cited) else words
