"""Who speaks in the sentences of a stored article: what was derived at ingest, else what rules over a
sentence and its neighbours tell. And where in the archive someone speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.attribution.cues import CUES
from index.catalog import Catalog
from index.types import Attribution, Filters, Span
from index.voices import voices
from rag.question import Reading
from rag.speech import Speech, read_speech

_CUE = re.compile(rf"\b(?:{CUES})\b")
_BEFORE = re.compile(r"(?:[^\s,.;:“”\"!?()]+ ){1,5}\Z")
_APPOSITION = re.compile(r", [^,.;:“”\"!?()]{3,60}(?=,)")
_ROLE_CHARS = 80
_MOSTLY = 0.5


def where_heard(catalog: Catalog, reading: Reading, filters: Filters) -> Filters:
    """The filters narrowed to the articles in which the one asked about speaks, to none if there are none."""
    ids = voices(catalog).articles(reading.who) if reading.who else frozenset[str]()
    if filters.articles is not None:
        ids &= frozenset(filters.articles)
    return replace(filters, articles=tuple(sorted(ids)))


def spoken(text: str, sentences: Sequence[Span], told: Sequence[Attribution]) -> list[Speech]:
    """The speech of each sentence of one article, in order; `told` are the article's attributions."""
    rules = read_speech(text, sentences)
    return [_of_sentence(text, span, told, rule) for span, rule in zip(sentences, rules, strict=True)]


def _of_sentence(text: str, sentence: Span, told: Sequence[Attribution], rule: Speech) -> Speech:
    """By the attribution that reaches furthest into the sentence and has a speaker."""
    shared = [(_shared(one, sentence), one) for one in told if one.speaker and _is_said(text, one)]
    most, best = max(shared, key=lambda pair: pair[0], default=(0, None))
    if best is None or not most:
        return rule
    within = any(sentence.holds(span) for span in best.source)
    if not within and most < _MOSTLY * len(sentence):
        return rule
    named = within and any(part in sentence.of(text) for part in best.speaker.split()[-1:])
    source = " ".join(_with_role(text, span) for span in best.source)
    return replace(rule, speaker=best.speaker, named=named, said_on=best.days, source=source)


def _with_role(text: str, source: Span) -> str:
    """A source with the words beside it that may tell its role: "Kremlin spokesman Dmitry Peskov"."""
    before = _BEFORE.search(text, max(0, source.start - _ROLE_CHARS), source.start)
    after = _APPOSITION.match(text, source.end)
    return f"{before[0] if before else ''}{source.of(text)}{after[0] if after else ''}"


def _is_said(text: str, one: Attribution) -> bool:
    """Whether it was put in words: quoted, or brought in by a plain reporting word, not "presented plans"."""
    return one.quoted or any(_CUE.search(span.of(text)) for span in one.cue)


def _shared(one: Attribution, sentence: Span) -> int:
    """How many characters of a sentence an attribution's content has."""
    return sum(max(0, min(span.end, sentence.end) - max(span.start, sentence.start)) for span in one.content)
