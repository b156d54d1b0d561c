"""Reported stretches made whole: those that a word or two part are joined, words that hang over an edge go, and so
does what is no part of the words reported. Quotations stay as their marks say. Knows nothing of the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.attribution.cues import IDLE
from index.attribution.marks import Quotation
from index.attribution.report import Report
from index.attribution.tidy import count_words
from index.types import Span

_GAP_WORDS = 2
_SCRAP_WORDS = 2
_ACROSS = re.compile(r"[^\n“”„«»\".:;!?()]+")
_HANGS = re.compile(
    r"(?:[\s,;:(–—-]+(?:a|an|the|of|in|on|at|to|for|from|by|with|into|than|and|or|but|that|which|who|as|its|his|her|"
    r"their))+$",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"\b(?:he|she|they|we|you|I)\b|(?:,|\band|\bbut|\bor)\s[^\w]*(?:\w+ )?[A-Z]")
"""In a gap it tells that somebody else comes up."""
_QUOTES = "“„«\""
_WORD = re.compile(r"\w+")
_CLAUSE = re.compile(r"(?:that|whether|if|how|why|what)\b", re.IGNORECASE)
_CUT_NAME = re.compile(r"[’'](?:s? |s\b)")
_FEW_WORDS = 5
_GOES_ON = re.compile(r"[ -]?\w")
_OPEN = re.compile(r"[\s(\[–—-]+$")


def make_whole(text: str, reports: Sequence[Report], marks: Sequence[Quotation]) -> list[Report]:
    """The reports with their stretches made whole, without those of which nothing is left."""
    quoted = {one.span for one in marks}
    taken = sorted(span for report in reports for span in report.content)
    for report in reports:
        parts = [part for part in report.content if not _is_subject(report, part)]
        parts = list(_joined(text, report, parts, [span for span in taken if span not in report.content]))
        parts = [part if part in quoted else _trimmed(text, part) for part in parts]
        report.content = _without_scraps(text, [part for part in parts if part])
    return [report for report in reports if report.content and _is_reported(text, report, marks)]


def _is_reported(text: str, report: Report, marks: Sequence[Quotation]) -> bool:
    """Whether something reports it. Most of the rest was said by nobody: no word brings it in, nobody is named for a
    few words, or it begins with the end of a possessive."""
    if any(one.span.overlaps(part) for one in marks for part in report.content):
        return True
    if report.source and any(part.overlaps(report.source) for part in report.content):
        report.source = None
    words = " ".join(part.of(text) for part in report.content)
    if (report.source is None and len(words.split()) <= _FEW_WORDS) or _CUT_NAME.match(words):
        return False
    return _CLAUSE.match(words) is not None or not _is_idle(text, report.cue)


def _is_idle(text: str, cue: Span | None) -> bool:
    """Whether the reporting words report nothing by themselves: "are", "recently"."""
    words = _WORD.findall(cue.of(text).lower()) if cue else []
    return bool(words) and (all(word in IDLE for word in words) or (len(words) == 1 and words[0].endswith("ly")))


def _is_subject(report: Report, part: Span) -> bool:
    """Whether a stretch is who reports and the reporting word: "the mayor proposed"."""
    return report.cue is not None and part.holds(report.cue) and part.end == report.cue.end


def _joined(text: str, report: Report, parts: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    """The stretches, those made one that a word or two part which say nothing of who reports."""
    last: Span | None = None
    for part in parts:
        if last is not None and not _marked(text, last, part) and _is_close(text, report, Span(last.end, part.start), others):
            last = Span(last.start, part.end)
            continue
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last


def _is_close(text: str, report: Report, gap: Span, others: Sequence[Span]) -> bool:
    if count_words(text, gap) > _GAP_WORDS or not _ACROSS.fullmatch(gap.of(text)):
        return False
    if _ANOTHER.search(gap.of(text)):
        return False
    return not any(span.overlaps(gap) for span in (report.cue, report.source, *others) if span)


def _marked(text: str, *parts: Span) -> bool:
    """Whether one of the stretches begins with a quotation mark."""
    return any(text[part.start] in _QUOTES for part in parts)


def _trimmed(text: str, part: Span) -> Span | None:
    """The stretch without words that begin what it leaves out, and without an opened bracket."""
    words = part.of(text)
    if _GOES_ON.match(text, part.end):
        words = _HANGS.sub("", words)
    words = _OPEN.sub("", words)
    return Span(part.start, part.start + len(words)) if words else None


def _without_scraps(text: str, parts: list[Span]) -> list[Span]:
    """The stretches; of several the unquoted ones of a word or two go."""
    kept = [part for part in parts if _marked(text, part) or count_words(text, part) > _SCRAP_WORDS]
    return kept or parts
