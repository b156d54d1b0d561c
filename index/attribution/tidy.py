"""Reports brought to their ends: fragments that the network left beside whole quotations go, and what follows
a quotation in one stretch with it is parted from it. Knows nothing of the network.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.attribution.marks import Quotation
from index.attribution.report import Report
from index.types import Span

_WORD = re.compile(r"\w+")
_SENTENCE_WORDS = 4
_FRAGMENT_WORDS = 9
_ENDS = ",.?!…—’'"
_HANGING = re.compile(r",?\s+(?:and|or|but|that|who|which|while|as)\s*$")
_EDGES = " \t\n\r\f\v\xa0,;:"


def tidy(text: str, report: Report, marks: Sequence[Quotation]) -> list[Report]:
    """The report without fragments beside its quotations, and what is parted from it; maybe neither."""
    whole = {one.span.start: one for one in marks if _is_whole(text, one)}
    kept: list[Span] = []
    parted: list[Report] = []
    for span in report.content:
        for piece in _pieces(text, span):
            one = whole.get(piece.start)
            if one and one.span.end < piece.end:
                rest = _trimmed(text, Span(one.span.end, piece.end))
                if rest and count_words(text, rest) > _FRAGMENT_WORDS:
                    parted.append(Report([rest], None, report.source, report.sure, cued=True))
                piece = one.span
            kept.append(piece)
    if any(span.start in whole for span in kept):
        kept = [span for span in kept if span.start in whole or _stands_alone(text, span)]
    report.content = kept
    return [one for one in (report, *parted) if one.content]


def _is_whole(text: str, one: Quotation) -> bool:
    """Whether a quotation is a sentence, or the part of one before "he said"."""
    words, ends = count_words(text, one.inner), one.inner.of(text)[-1:]
    return (words >= _SENTENCE_WORDS or (words > 1 and ends == ",")) and ends in _ENDS


def _pieces(text: str, span: Span) -> list[Span]:
    """The stretch parted at line breaks, its edges trimmed."""
    lines = [Span(*m.span()).shift(span.start) for m in re.finditer(r"[^\n]+", span.of(text))]
    return [piece for line in lines if (piece := _trimmed(text, line))]


def _trimmed(text: str, span: Span) -> Span | None:
    words = _HANGING.sub("", span.of(text))  # what follows it was not reported
    first = len(words) - len(words.lstrip(_EDGES))
    last = len(words.rstrip(" \t\n\r\f\v\xa0"))
    return Span(span.start + first, span.start + last) if first < last else None


def count_words(text: str, span: Span) -> int:
    """How many words stand in a span."""
    return len(_WORD.findall(span.of(text)))


def _stands_alone(text: str, span: Span) -> bool:
    """Whether a stretch is long, or in quotation marks, so that it is no fragment."""
    return count_words(text, span) > _FRAGMENT_WORDS or _marked(text, span)


def _marked(text: str, span: Span) -> bool:
    return span.of(text)[0] in '“"„«' and span.of(text)[-1] in '”"»'
