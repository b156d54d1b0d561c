"""Reported stretches made whole: those that a word or two part are joined, the ends of sentences taken in,
words that hang over an edge left out; and what nobody seems to have said goes. Quotations stay as their marks
say. Knows nothing of the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

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
_ANOTHER = re.compile(
    r"(?<!which )(?<!that )\b(?:he|she|they|we|you|I)\b|(?:,|\band|\bbut|\bor)\s[^\w]*(?:\w+ )?[A-Z]"
)
"""In a gap it tells that somebody else comes up."""
_AND_ANOTHER = re.compile(r",? (?:and|but|while) (?:[A-Z][\w’'-]*\s?){1,3}")
_NAMES = re.compile(r"(?:(?:[A-Z][\w.’'-]*|of|for|the|and|in|on|at|to|a|an|with),?\s*)+")
_QUOTES = '“„«"'
_WORD = re.compile(r"\w+")
_CLAUSE = re.compile(r"(?:that|whether|if|how|why|what)\b", re.IGNORECASE)
_CUT_NAME = re.compile(r"[’'](?:s? |s\b)")
_FEW_WORDS = 5
_SOME = re.compile(r"(?:\w+[ ,-]+){1,4}")
_WHO = re.compile(r"(?:who|whom|which|whose)\b")
_EDGE = re.compile(r",? ")
_FEW = re.compile(r"(?:[ -]+[\w’'-]+){1,4}(?<! Mr)(?<! Ms)(?<! Mrs)(?<! Dr)")
_ENDS = re.compile(r"(?<=\w)[.!?](?=[”’\"')]*(?:\s|$))[”’\"')]*\s*|\n+")
_ENDED = "”’»\"'"
_REACH = 400
_DAY = re.compile(r"(?:on )?(?:yesterday|today|[A-Z][a-z]+day) (?=that\b)")
_GOES_ON = re.compile(r"[ -]?\w")
_OPEN = re.compile(r"[\s(\[–—-]+$")


def make_whole(text: str, reports: Sequence[Report], marks: Sequence[Quotation]) -> list[Report]:
    """The reports with their stretches made whole, without those that nobody seems to have made."""
    kept: list[Report] = []
    for report in reports:
        if report.source and not _is_quoted(report, marks) and not _is_free(report.source, report.content):
            report.source = None  # nobody is named in his own words
        if kept and _goes_on(text, kept[-1], report, marks):
            kept[-1].content += report.content
        else:
            kept.append(report)
    for report in kept:
        others = [
            span for one in kept if one is not report for span in (*one.content, one.cue, one.source) if span
        ]
        report.content = _ends_mended(text, report, others, {one.span for one in marks})
    told = [report for report in kept if report.content and _is_reported(text, report, marks)]
    return sorted(told, key=lambda one: one.content[0])


def _ends_mended(text: str, report: Report, others: Sequence[Span], quoted: Set[Span]) -> list[Span]:
    """The stretches of a report joined, grown and trimmed, but for whole quotations; ascending, disjoint."""
    parts = [part for part in report.content if not _is_subject(report, part)]
    joined = list(_joined(text, report, parts, others))
    mended = []
    for part in joined:
        if part in quoted:
            mended.append(part)
            continue
        rest = [*others, *(one for one in joined if one is not part)]
        trimmed = _trimmed(text, _grown(text, report, part, rest), others)
        mended += [trimmed] if trimmed else []
    return _without_scraps(text, report, mended)


def _is_quoted(report: Report, marks: Sequence[Quotation]) -> bool:
    """Whether some of it stands between quotation marks."""
    return any(one.span.overlaps(part) for one in marks for part in report.content)


def _goes_on(text: str, before: Report, after: Report, marks: Sequence[Quotation]) -> bool:
    """Whether what nothing reports, or only the last word of the stretch before it, carries that on."""
    first, last = before.content[-1], after.content[0]
    if first.end >= last.start or not _is_close(text, before, Span(first.end, last.start), ()):
        return False
    return (after.cue is not None and first.holds(after.cue)) or not _is_reported(text, after, marks)


def _is_reported(text: str, report: Report, marks: Sequence[Quotation]) -> bool:
    """Whether it looks reported. Most of the rest was said by nobody: no word brings it in, nobody is named
    for a few words, or it begins with the end of a possessive."""
    idle = _is_idle(text, report.cue)
    if _is_quoted(report, marks):
        return not idle or report.source is not None
    words = " ".join(part.of(text) for part in report.content)
    if (report.source is None and len(words.split()) <= _FEW_WORDS) or _CUT_NAME.match(words):
        return False
    if len(words.split()) <= _FEW_WORDS and _NAMES.fullmatch(words):
        return False
    return not idle or (_CLAUSE.match(words) is not None and report.source is not None)


def _is_idle(text: str, cue: Span | None) -> bool:
    """Whether the reporting words report nothing by themselves: "are", "recently"."""
    words = _WORD.findall(cue.of(text).lower()) if cue else []
    return bool(words) and (
        all(word in IDLE for word in words) or (len(words) == 1 and words[0].endswith("ly"))
    )


def _is_subject(report: Report, part: Span) -> bool:
    """Whether a stretch is who reports and the reporting word: "the mayor proposed"."""
    return report.cue is not None and part.holds(report.cue) and part.end == report.cue.end


def _joined(text: str, report: Report, parts: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    """The stretches, those made one that a word or two part which say nothing of who reports."""
    last: Span | None = None
    for part in parts:
        if (
            last is not None
            and not _marked(text, last, part)
            and _is_close(text, report, Span(last.end, part.start), others)
        ):
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


def _grown(text: str, report: Report, part: Span, others: Sequence[Span]) -> Span:
    """The stretch with the few words that part it from the beginning or the end of its sentence."""
    if _marked(text, part):
        return part
    own = sorted(span for span in (report.cue, report.source) if span)
    start, end = _sentence(text, part)
    start = _beginning(text, part, own, start)
    if (
        start < part.start
        and _SOME.fullmatch(text, start, part.start)
        and _is_free(Span(start, part.end), others)
    ):
        part = Span(start, part.end)
    if part.end < end and text[part.end - 1] not in _ENDED and _FEW.fullmatch(text, part.end, end):
        grown = Span(part.start, end)
        return grown if _is_free(Span(part.end, end), (*own, *others)) else part
    return part


def _beginning(text: str, part: Span, own: Sequence[Span], sentence: int) -> int:
    """Where what is reported may begin: where the sentence does if who reports comes later, or right behind
    "according to X"."""
    if own and part.end <= own[0].start:
        return sentence
    if own and own[-1].end <= part.start and own[0].of(text).lower() == "according to":
        edge = _EDGE.match(text, own[-1].end, part.start)
        return edge.end() if edge else part.start
    return part.start


def _is_free(span: Span, others: Sequence[Span]) -> bool:
    return not any(span.overlaps(other) for other in others)


def _sentence(text: str, part: Span) -> tuple[int, int]:
    """Where the sentence of a stretch begins and ends, its last mark left out."""
    starts = [found.end() for found in _ENDS.finditer(text, max(0, part.start - _REACH), part.start)]
    end = _ENDS.search(text, part.end)
    return (starts[-1] if starts else max(0, part.start - _REACH)), (end.start() if end else len(text))


def _trimmed(text: str, part: Span, others: Sequence[Span]) -> Span | None:
    """The stretch without words that begin what it leaves out, and without an opened bracket."""
    cut = next((span.start for span in others if span.end == part.end and span.start > part.start), part.end)
    words = _HANGS.sub("", text[part.start : cut].rstrip())
    hangs = len(words) < len(text[part.start : cut].rstrip())
    if not hangs or (cut == part.end and not _GOES_ON.match(text, part.end)):
        words = part.of(text)  # "the mayor hopes", other than "it was full and asked"
    words = _OPEN.sub("", words)
    lead = _DAY.match(words)
    start = part.start + (lead.end() if lead else 0)
    return Span(start, part.start + len(words)) if part.start + len(words) > start else None


def _without_scraps(text: str, report: Report, parts: Sequence[Span]) -> list[Span]:
    """The stretches but those of a word or two that stand apart; what only "he said" parts does not."""
    kept = []
    for number, part in enumerate(parts):
        if number + 1 < len(parts) and _is_aside(text, part, parts[number + 1]):
            continue
        if number and _is_anothers(text, report, Span(parts[number - 1].end, part.start)):
            continue
        beside = [*parts[max(0, number - 1) : number], *parts[number + 1 : number + 2]]
        if (
            _marked(text, part)
            or count_words(text, part) > _SCRAP_WORDS
            or any(_only_reported(text, report, part, one) for one in beside)
        ):
            kept.append(part)
    return kept or list(parts)


def _is_anothers(text: str, report: Report, gap: Span) -> bool:
    """Whether what comes behind a gap is what somebody else does: ", and Jonas Brandt"."""
    own = (span for span in (report.cue, report.source) if span)
    return _AND_ANOTHER.fullmatch(gap.of(text)) is not None and _is_free(gap, list(own))


def _is_aside(text: str, part: Span, after: Span) -> bool:
    """Whether a stretch only tells of whom a quotation right behind it was told."""
    gap = text[part.end : after.start]
    return _WHO.match(text, part.start) is not None and not gap.strip(" ,:") and _marked(text, after)


def _only_reported(text: str, report: Report, a: Span, b: Span) -> bool:
    """Whether nothing but a word or two and who reports stands between two stretches."""
    gap = Span(*sorted((min(a.end, b.end), max(a.start, b.start))))
    own = sum(count_words(text, span) for span in (report.cue, report.source) if span and gap.holds(span))
    return own > 0 and count_words(text, gap) - own <= _GAP_WORDS
