"""What the readings of an article add up to: reported stretches with their reporting words and sources.

Stretches come from the network; where they touch quotation marks, the marks say where they begin and end, and
a quotation that the network did not see is reported all the same when it is a sentence or more. Knows nothing
of names and days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.attribution.beside import name_source, set_apart
from index.attribution.marks import Quotation, quotations
from index.attribution.report import Report
from index.attribution.roles import PAPERS
from index.attribution.tagger import KINDS, Readings, Window
from index.attribution.tidy import count_words, tidy
from index.attribution.whole import make_whole
from index.types import Span

if TYPE_CHECKING:
    import numpy as np

_CONTENT, _CUE, _SOURCE = range(len(KINDS))
_MOSTLY = 0.5
_LEAST_WORDS = 4
_SOME_CHANCE = 0.15
_BREAK = 120
_WORD = re.compile(r"\w+")
_NAME_ON = re.compile(r"\w+\.?(?: (?:[A-Z]\.|[A-Z]\w+))*")
_TRIMMED = " \t\n\r\f\v\xa0"


@dataclass(slots=True)
class _Page:
    """A text with what is being found in it."""

    text: str
    marks: Sequence[Quotation]
    reports: list[Report] = field(default_factory=list)


def find_reports(text: str, read: Sequence[tuple[Window, Readings]]) -> list[Report]:
    """The reports of a text, in order of where they begin; no two share a character of content."""
    page = _Page(text, quotations(text))
    for window, readings in read:
        _take_window(page, window, readings)
    reports = [one for report in _carried_on(page) for one in tidy(text, report, page.marks)]
    for report in reports:
        name_source(text, report)
    apart = [part for report in reports for part in set_apart(text, report, page.marks)]
    return make_whole(text, apart, page.marks)


def _take_window(page: _Page, window: Window, readings: Readings) -> None:
    """Add the reports of one window: stretches that point to the same reporting words are one."""
    by_cue: dict[Span, Report] = {}
    runs = {kind: _runs(readings.tags[:, kind]) for kind in (_CUE, _SOURCE)}
    for span in _stretches(page, window, readings):
        at = _token_at(window, span)
        cue = _pointed(page.text, window, readings.cues[at], runs[_CUE])
        source = _pointed(page.text, window, readings.sources[at], runs[_SOURCE])
        sure = _share(readings.sources[at])
        known = by_cue.get(cue) if cue else None
        if known is None:
            known = Report(
                [], cue, source, sure, any(_place(page.text, window, run) == cue for run in runs[_CUE])
            )
            page.reports.append(known)
            if cue:
                by_cue[cue] = known
        elif source and (known.source is None or sure > known.sure):
            known.source, known.sure = source, sure
        known.content.append(span)


def _stretches(page: _Page, window: Window, readings: Readings) -> list[Span]:
    """Reported stretches of one window, ascending, disjoint, by the network and by the marks."""
    if not window.spans:
        return []
    whole = Span(window.spans[0][0], window.spans[-1][1])
    marks = [one for one in page.marks if whole.holds(one.span)]
    found = [_place(page.text, window, run) for run in _runs(readings.tags[:, _CONTENT])]
    settled = [part for span in found for part in _settle(page.text, span, marks)]
    missed = [
        one.span
        for one in marks
        if _speaks(page.text, one)
        and not any(one.span.overlaps(span) for span in settled)
        and _seems_reported(window, readings, one.span)
    ]
    said = [span for span in settled if _tells(page.text, span, marks)]
    return _disjoint([*said, *missed])


def _tells(text: str, span: Span, marks: Sequence[Quotation]) -> bool:
    """Whether a stretch is more than a stray word or mark."""
    words = count_words(text, span)
    return words > 1 or (words == 1 and any(one.span.holds(span) for one in marks))


def _seems_reported(window: Window, readings: Readings, span: Span) -> bool:
    """Whether the network gives the tokens of a quotation some chance of being reported."""
    import numpy as np

    first = _token_at(window, span)
    last = max(first, next((n for n, (_, end) in enumerate(window.spans, 1) if end >= span.end), first))
    logits = readings.tags[first : last + 1, _CONTENT]
    weights = np.exp(logits - logits.max(-1, keepdims=True))
    return float(1 - (weights[:, 0] / weights.sum(-1)).mean()) >= _SOME_CHANCE


def _settle(text: str, span: Span, marks: Sequence[Quotation]) -> Iterator[Span]:
    """The stretch with its ends moved to the ends of the quotations that it mostly is or that it cuts."""
    start, end = span.start, span.end
    for one in marks:
        if not one.span.overlaps(span):
            continue
        shared = min(end, one.span.end) - max(start, one.span.start)
        if shared >= _MOSTLY * len(one.span):
            start, end = min(start, one.span.start), max(end, one.span.end)
        elif start < one.span.start:
            end = min(end, one.span.start)
    trimmed = _trim(text, start, end)
    if trimmed:
        yield trimmed


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start] in _TRIMMED:
        start += 1
    while start < end and text[end - 1] in _TRIMMED:
        end -= 1
    return Span(start, end) if start < end else None


def _disjoint(spans: Sequence[Span]) -> list[Span]:
    """Ascending, those that overlap made one."""
    kept: list[Span] = []
    for span in sorted(spans):
        if kept and span.start < kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end))
        else:
            kept.append(span)
    return kept


def _speaks(text: str, quotation: Quotation) -> bool:
    """Whether a quotation is a sentence or more, not a title or a word at arm's length."""
    words = quotation.inner.of(text).split()
    ends = words[-1][-1] if words else ""
    return len(words) >= _LEAST_WORDS and ends in ".,!?…—-" and words[0][:1].isupper()


def _runs(tags: np.ndarray) -> list[tuple[int, int]]:
    """First and last token of each stretch that one column of tags (tokens, 3) tells of."""
    kinds = tags.argmax(-1)
    found: list[tuple[int, int]] = []
    open_at = 0
    for token in range(1, len(kinds) - 1):
        if kinds[token] == 0:
            open_at = 0
        elif kinds[token] == 1 or not open_at:
            found.append((token, token))
            open_at = token
        else:
            found[-1] = (found[-1][0], token)
    return found


def _place(text: str, window: Window, run: tuple[int, int]) -> Span:
    """The characters of a run of tokens, grown to the words that they cut."""
    start, end = window.spans[run[0] - 1][0], window.spans[run[1] - 1][1]
    while start and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return Span(start, end)


def _token_at(window: Window, span: Span) -> int:
    """The first token that reaches into the span."""
    return next(n for n, (_, end) in enumerate(window.spans, 1) if end > span.start)


def _pointed(text: str, window: Window, scores: np.ndarray, runs: Sequence[tuple[int, int]]) -> Span | None:
    """What a row of a pointer points to: the stretch that holds the token, else the word or name there."""
    token = int(scores.argmax())
    if token == 0 or token > len(window.spans):
        return None
    for first, last in runs:
        if first <= token <= last:
            return _place(text, window, (first, last))
    span = _place(text, window, (token, token))
    name = _NAME_ON.match(text, span.start) if text[span.start].isupper() else None
    return Span(span.start, max(span.end, name.end())) if name else span


def _share(scores: np.ndarray) -> float:
    """The softmax of the best but for "none"."""
    import numpy as np

    weights = np.exp(scores - scores.max())
    return float(weights[1:].max() / weights.sum()) if len(scores) > 1 else 0.0


def _carried_on(page: _Page) -> list[Report]:
    """Quotations that go on (after "he said", or in the next paragraph) joined with what they carry on."""
    carrying = {one.span.start for one in page.marks if one.goes_on}
    kept: list[Report] = []
    for report in sorted(page.reports, key=lambda one: min(one.content)):
        first = min(report.content)
        if kept and (first.start in carrying or _resumes(page, kept[-1], report)):
            before = kept[-1]
            before.content += report.content
            if before.cue is None:
                before.cue, before.source, before.sure = report.cue, report.source, report.sure
        else:
            kept.append(report)
    for report in kept:
        report.content = _disjoint(report.content)
    return [report for report in kept if report.cued or _is_long(page, report)]


def _is_long(page: _Page, report: Report) -> bool:
    """Whether it is more than a few words, which without reporting words are a title or a nickname."""
    return sum(count_words(page.text, span) for span in report.content) > _LEAST_WORDS


def _resumes(page: _Page, before: Report, after: Report) -> bool:
    """Whether a quotation goes on with one that was broken by reporting words, in one paragraph.

    `"One," X said, "two."`, and `"One," X said. "Two."` where nothing behind the second says who speaks; also
    `X said: "One," read his note. "Two."`.
    """
    left, right = max(before.content), min(after.content)
    marked = {one.span.start for one in page.marks}
    if left.start not in marked or right.start not in marked or before.cue is None:
        return False
    between = page.text[left.end : right.start]
    cues = [cue for cue in (before.cue, after.cue) if cue and left.end <= cue.start < right.start]
    if "\n" in between or not cues or len(between) > _BREAK:
        return False
    opens = page.text[right.start + 1 : right.start + 2]
    if between.rstrip().endswith(",") and opens.islower():
        return True
    if (
        before.cue not in cues
    ):  # what is read out may have been brought in before: X said: "One," read his note
        return left == before.content[0] and any(word in PAPERS for word in _WORD.findall(between.lower()))
    return after.cue is None or after.cue.end <= left.start
