"""Chosen sentences to statements that read on their own: the speaker named, quotation marks whole.

The article's words stay as they are. What is added is small and marked: a speaker's name before a
quotation that was opened earlier, a name in square brackets after "he", a missing quotation mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

from index.attribution.cues import CUES
from index.attribution.mentions import names_person
from index.types import Hit, Span
from rag.question import Reading
from rag.signals import Candidate
from rag.sources import Sources
from rag.speech import full_name, leading_pronoun

MAX_SENTENCES = 3
MAX_WORDS = 68
MAX_WORDS_WITH_CONTEXT = 70
_NEW = 0.35
_SAYS_HE = re.compile(
    rf"\b(?:[Hh]e|[Ss]he|[Tt]hey)(?= (?:\w+ ){{0,2}}?(?:{CUES})\b)|(?<=said )(?:he|she|they)\b"
)
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.'’ -]{2,}(?:, [A-Z][\w.’' -]{1,30}){0,2}(?: \([^()\n]{2,40}\))?|\([A-Z][\w .]{1,30}\))"
    r" ?[—–-]{1,2} ?(?=[A-Z“\"])|\((?:CNN|AP|AFP|Reuters|UPI)\) "
)
_MARK = re.compile('[“”"]')
_LEANS = re.compile(r"^[“\"'‘(]*(?:He|She|They|His|Her|Their|It|Its|This|That|These|Those)\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """One piece of an answer: `shown` is what the reader sees, `span` the article's words it rests on."""

    hit: Hit
    span: Span
    evidence: str
    shown: str


def tells_new(words: Set[str], told: Set[str]) -> bool:
    """Whether enough of a sentence's content words are not told yet for it to be worth reading."""
    return len(words - told) >= _NEW * len(words)


def word_statements(chosen: Sequence[Candidate], sources: Sources, reading: Reading) -> tuple[Statement, ...]:
    """Statements in reading order: best article first, inside an article as it tells them."""
    articles = list(dict.fromkeys(c.hit.head.id for c in chosen))
    ordered = sorted(chosen, key=lambda c: (articles.index(c.hit.head.id), c.span.start))
    return _without_overlaps([_word(c, sources, reading) for c in ordered])


def _without_overlaps(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Of statements that share words of one article, the longest."""
    kept: list[Statement] = []
    for statement in sorted(statements, key=lambda s: -len(s.span)):
        same = (k for k in kept if k.hit.head.id == statement.hit.head.id)
        if not any(k.span.overlaps(statement.span) for k in same):
            kept.append(statement)
    return tuple(s for s in statements if s in kept)


def _word(c: Candidate, sources: Sources, reading: Reading) -> Statement:
    text = sources.text(c.hit.head.id)
    sure = _is_sure(c)
    span, lead = _with_context(c, text, sure)
    span = _after_dateline(span, text)
    words = " ".join(span.of(text).split())
    speaker = full_name(c.speech.speaker, text) if c.speech.speaker else ""
    if speaker and re.search(rf"\b{re.escape(speaker.split()[-1])}\b", words):
        shown = words
    elif c.speech.quoted and not c.speech.named and speaker and not lead:
        shown = f"{speaker}: {_whole_quote(words)}"
    elif speaker and not c.speech.named and not lead and sure:
        shown = _name_he(words, speaker)
    else:
        shown = words
    shown = _balance(shown)
    return Statement(c.hit, span, span.of(text), shown + _asked_for(c, speaker, shown, reading))


def _asked_for(c: Candidate, speaker: str, shown: str, reading: Reading) -> str:
    """What is asked and the words leave out, in square brackets: who says it, when it was said."""
    if reading.asks_speaker and speaker:
        return "" if speaker.split()[-1] in shown else f" [{speaker}]"
    if reading.kind != "when" or not reading.speaker:
        return ""
    days, published = c.speech.said_on, c.hit.head.published
    if days and days.first:
        return f" [said {_day_or_month(days.first, whole_month=days.first != days.last)}]"
    return f" [published {_day_or_month(published)}]" if published else ""


def _day_or_month(day: date, *, whole_month: bool = False) -> str:
    return f"in {day:%B %Y}" if whole_month else f"on {day.day} {day:%B %Y}"


def _after_dateline(span: Span, text: str) -> Span:
    """The span without a dateline at its start: "KYIV, Ukraine (Sample Wire) — "."""
    dateline = _DATELINE.match(span.of(text))
    return Span(span.start + dateline.end(), span.end) if dateline and dateline.end() < len(span) else span


def _is_sure(c: Candidate) -> bool:
    """Whether who speaks may be named behind "he": a person for whom a pronoun of this very sentence was
    found to stand, or whom the sentence before names."""
    if not names_person(c.speech.speaker):
        return False
    return c.speech.by_pronoun or (not c.speech.source and c.speech.speaker.split()[-1] in c.before)


def _with_context(c: Candidate, text: str, sure: bool) -> tuple[Span, bool]:
    """The sentence, with the one before it when it leans on a name that only that one gives."""
    leans = _LEANS.match(c.text) and not (leading_pronoun(c.text) and sure and not c.speech.named)
    place = [s for s in c.hit.passage.sentences if s.end <= c.span.start]
    if not leans or not place or not c.before:
        return c.span, False
    span = Span(place[-1].start, c.span.end)
    gap = text[place[-1].end : c.span.start]
    fits = len(span.of(text).split()) <= MAX_WORDS_WITH_CONTEXT and "\n\n" not in gap
    return (span, True) if fits else (c.span, False)


def _whole_quote(words: str) -> str:
    inner = words.strip('“”" ')
    return f"“{inner}”"


def _name_he(words: str, speaker: str) -> str:
    """ "he said" -> "he [Dmitry Peskov] said", at the first pronoun that says it in no quotation."""
    told = next((one for one in _SAYS_HE.finditer(words) if not _is_quoted(words, one.end())), None)
    found = told or leading_pronoun(words)
    if not found or _is_quoted(words, found.end()) or speaker.lower().startswith(("he ", "she ")):
        return words
    return f"{words[: found.end()]} [{speaker}]{words[found.end() :]}"


def _is_quoted(words: str, place: int) -> bool:
    """Whether a place lies in a quotation: the next mark closes one."""
    mark = _MARK.search(words, place)
    return mark is not None and (mark.group() == "”" or words.count('"', place) % 2 == 1)


def _balance(words: str) -> str:
    """Add the quotation marks that the cut left out at the start and at the end."""
    marks = re.findall("[“”]", words)
    if marks:
        return f"{'“' if marks[0] == '”' else ''}{words}{'”' if marks[-1] == '“' else ''}"
    straight = words.count('"')
    if (straight % 2 and words.endswith('"')) or (
        straight % 2 and re.search(r'[,.?!]" (?:\w+ ){1,4}', words)
    ):
        return '"' + words
    return words + '"' if straight % 2 else words
