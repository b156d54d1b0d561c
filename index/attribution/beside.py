"""Reporting words that stand right beside a quotation, by rule: where the network has not pointed to any.

Also sets a quotation apart that somebody else reports within a wider report. Knows nothing of the network.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.attribution.cues import CUES
from index.attribution.marks import Quotation
from index.attribution.report import Report
from index.types import Span

_CUE = rf"(?:{CUES}|reports|reported)"
_SOURCE = r"(?:[Tt]he |[Aa]n? )?[^\s.,;:“”\"()\n—–]+(?: [^\s.,;:“”\"()\n—–]+){0,5}?"
_AFTER = re.compile(
    rf"[\s,]*(?:(?P<cue>\b{_CUE})\s+(?P<source>{_SOURCE})"
    r"(?=[.,;:(]| (?:on|in|at|during|after|to|of|as|while)\b|$)"
    rf"|(?P<source2>{_SOURCE})\s+(?P<cue2>{_CUE})\b)"
)
_BEFORE = re.compile(
    rf"(?:^|[.,;] |\n)(?P<source>{_SOURCE}) (?P<cue>{_CUE})(?: [^.;:“”\"\n]{{0,60}})?[,:]?\s*$"
)
_TURN = re.compile(r"[“\"„«]?(?P<source>[A-Z][A-Z .’'-]{2,30})(?P<cue>:) (?=\S)")
_AFTER_COMMA = re.compile(rf"(?:(?<=,.)|,) {_SOURCE} {_CUE}\b(?! (?:by|to)\b)")
_STOP_OR_CUE = re.compile(rf"[.;“”\"\n]|\b{_CUE}\b|\b(?:saying|telling|adding|that)\b")
_LEAST_WORDS = 4
_ARTICLES = ("the", "a", "an", "his", "her", "their", "its", "there")
_STOP = re.compile(r"[.,;:()“”\"\n]|.{80}")
_REACH = 160
_TELLING = re.compile(rf".*\b(?P<cue>{_CUE}|telling|saying|adding)\b[^.;“”\"\n]{{0,60}}$")
_SENTENCE_END = re.compile(r"[.!?][”\"’)]*\s+|\n+")
_PASSES_ON = re.compile(r"\b(?:[Aa]ccording|report\w*|quot\w+|cit\w+)\b")
_NAME = re.compile(r"[A-Z][\w’-]+(?: [A-Z][\w’-]+)+")


def name_source(text: str, report: Report) -> None:
    """Give a quotation without a source, or with one that it only tells about, the source that stands right
    after or right before it; a turn of a transcript ("SMITH: Yes.") the one at its head."""
    first, last = report.content[0], report.content[-1]
    turn = _TURN.match(text, first.start, first.end)
    if turn:
        report.source, report.cue = _moved(turn, "source", 0), _moved(turn, "cue", 0)
        report.content = [Span(turn.end(), first.end), *report.content[1:]]
        return
    if report.source is not None:
        report.source = _whole_source(text, report.source, report.cue)
    told_of = report.source is not None and _is_told_of(text, report.source, first)
    if (report.source is not None and not told_of) or text[first.start] not in '“"„«':
        return
    found = _AFTER.match(text, last.end, min(len(text), last.end + _REACH))
    if found:
        kind = "" if found["cue"] else "2"
        report.source, report.cue = (_moved(found, name + kind, 0) for name in ("source", "cue"))
        return
    start = max(0, first.start - _REACH)
    found = _BEFORE.search(text[start : first.start])
    if found:
        report.source, report.cue = (_moved(found, name, start) for name in ("source", "cue"))


def _is_told_of(text: str, source: Span, content: Span) -> bool:
    """Whether the words of a quotation tell about a source, not by it: `Berg is “a fool”, the paper said`."""
    return (
        0 < content.start - source.end <= _REACH
        and not _STOP_OR_CUE.search(text, source.end, content.start)
        and _AFTER_COMMA.match(text, content.end) is not None
    )


def _whole_source(text: str, source: Span, cue: Span | None) -> Span | None:
    """The source without a comma at its end; a bare article grown up to the reporting words, or given up."""
    words = source.of(text).rstrip(" ,;:")
    if words.lower() not in _ARTICLES:
        return Span(source.start, source.start + len(words)) if words else None
    if cue and source.end < cue.start and not _STOP.search(text[source.end : cue.start]):
        return Span(source.start, source.start + len(text[source.start : cue.start].rstrip()))
    return None


def set_apart(text: str, report: Report, marks: Sequence[Quotation]) -> list[Report]:
    """The report, or it and the quotation in it that a person named in its own words brings in.

    "According to the paper, A B said, “...”": the quotation is A B's, the rest the paper's.
    """
    for span in report.content:
        for one in marks:
            if not span.holds(one.span) or len(one.inner.of(text).split()) < _LEAST_WORDS:
                continue
            start = _sentence_start(text, one.span.start) if _passes_on(text, report) else span.start
            inner = (
                _brought_in(text, Span(start, one.span.start), report, one)
                if start < one.span.start
                else None
            )
            if inner is None:
                continue
            edges = ((span.start, one.span.start), (one.span.end, span.end))
            rest = [Span(*edge) for edge in edges if re.search(r"\w", text[slice(*edge)])]
            report.content = sorted([*(s for s in report.content if s is not span), *rest])
            return [report, inner] if report.content else [inner]
    return [report]


def _sentence_start(text: str, place: int) -> int:
    """Where the sentence begins in which a quotation stands, as far as full stops and line breaks tell."""
    found = [end.end() for end in _SENTENCE_END.finditer(text, max(0, place - 2 * _REACH), place)]
    return found[-1] if found else max(0, place - 2 * _REACH)


def _passes_on(text: str, report: Report) -> bool:
    """Whether the reporting words only pass on what others say."""
    return report.cue is not None and _PASSES_ON.search(report.cue.of(text)) is not None


def _brought_in(text: str, lead: Span, report: Report, one: Quotation) -> Report | None:
    """The quotation as the words of the person whom the words in front of it name, if they do."""
    words = lead.of(text)
    cue, name = _TELLING.search(words), _NAME.search(words)
    if cue is None or name is None or name.end() > cue.start("cue") or "\n" in words:
        return None
    if report.source and report.source.overlaps(_moved(name, 0, lead.start)):
        return None
    return Report([one.span], _moved(cue, "cue", lead.start), _moved(name, 0, lead.start), cued=True)


def _moved(found: re.Match[str], group: int | str, by: int) -> Span:
    return Span(*found.span(group)).shift(by)
