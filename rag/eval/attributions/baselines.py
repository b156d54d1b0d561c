"""Plain rules that predict attributions, to stand beside ours: what is reached without any reading.

They see the same cleaned article. No library's extractor of direct quotations is among them: those found
need a parser's model that does not come with them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from index.types import Article, Attribution, Span

Baseline = Callable[[Article, Sequence[Attribution]], list[Attribution]]

LEAST_WORDS = 3
"""Quotation marks around fewer words are taken for a title or a word held at arm's length."""

_WORD = re.compile(r"\w+")
_LINE = re.compile(r"[^\n]+")
_QUOTATION = re.compile(r'“([^“”\n]+)”|"([^"\n]+)"')
_PARTICLES = r"(?:(?:de|da|del|la|le|van|von|der|den|bin|al|of)\s)"
_CAPITALISED = r"[^\W\d_a-z][\w’'.-]*\w"
_NAME = re.compile(rf"\b{_CAPITALISED}(?:[^\S\n]{_PARTICLES}?{_CAPITALISED})*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…][\"'”’)\]]*\s+|\n\s*|[“\"‘]\s*)$")


def marks(article: Article, predicted: Sequence[Attribution] = ()) -> list[Attribution]:
    """All stretches of LEAST_WORDS words or more between double quotation marks in one line of the text are
    one quotation, said by the nearest name."""
    text = article.text
    contents = [
        tuple(
            Span(*match.span(match.lastindex or 0))
            for match in _QUOTATION.finditer(text, *line.span())
            if len(_WORD.findall(match[0])) >= LEAST_WORDS
        )
        for line in _LINE.finditer(text)
    ]
    return nearest_name(article, [Attribution(article.id, one, quoted=True) for one in contents if one])


def nearest_name(article: Article, predicted: Sequence[Attribution]) -> list[Attribution]:
    """The predicted contents, each said by the nearest run of capitalised words outside of all contents.

    A single capitalised word that begins a sentence is no name. The speaker is that name.
    """
    names = _names(article.text, [span for one in predicted for span in one.content])
    return [_said_by_nearest(article, one, names) for one in predicted]


BASELINES: Mapping[str, Baseline] = {"marks": marks, "nearest_name": nearest_name}
"""By name; each is given the article and what was predicted for it."""


def _names(text: str, contents: Sequence[Span]) -> list[Span]:
    covered = sorted(contents)
    starts = [span.start for span in covered]
    found = []
    for match in _NAME.finditer(text):
        span = Span(*match.span())
        before = bisect_right(starts, span.start) - 1
        inside = before >= 0 and covered[before].end > span.start
        lone = " " not in match[0] and _SENTENCE_START.search(text, max(0, span.start - 8), span.start)
        if not inside and not lone:
            found.append(span)
    return found


def _said_by_nearest(article: Article, one: Attribution, names: Sequence[Span]) -> Attribution:
    if not names:
        return replace(one, source=(), speaker="")
    nearest = min(names, key=lambda name: min(_distance(name, span) for span in one.content))
    return replace(one, source=(nearest,), speaker=" ".join(nearest.of(article.text).split()))


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)
