"""Who speaks in the sentences of a stored article: what was derived at ingest, else what rules over a
sentence and its neighbours tell. And where in the archive someone speaks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from index.attribution.cues import CUES
from index.attribution.mentions import names_person, words_beside
from index.catalog import Catalog
from index.types import Attribution, Filters, Span
from index.voices import voices
from rag.question import Reading
from rag.speech import Speech, read_speech

_CUE = re.compile(rf"\b(?:{CUES})\b")
_SPOKE_OF = re.compile(r"(?:\w+ly |also )?(?:spoke|speaks|speaking|talked|talks|talking) (?:of|about)\b")
_SPOKESMAN = re.compile(r"(?:(?:Its|The) )?[Ss]pokes(?:man|woman|person) ")
_BODY_BEFORE = re.compile(
    r"(?:^|[.!?][”\"]? |\n)(?:The )?(?P<body>[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*) [a-z][^.!?\n]*[.!?][”\"]? $"
)
_PRONOUNS = ("he", "she", "they")
_REACH = 300
_MOSTLY = 0.5


def where_heard(catalog: Catalog, reading: Reading, filters: Filters) -> Filters:
    """The filters narrowed to the articles in which the one asked about speaks, to none if there are none."""
    ids = voices(catalog).articles(reading.who) if reading.who else frozenset[str]()
    if filters.articles is not None:
        ids &= frozenset(filters.articles)
    return replace(filters, articles=tuple(sorted(ids)))


def spoken(text: str, sentences: Sequence[Span], told: Sequence[Attribution]) -> list[Speech]:
    """The speech of each sentence of one article, in order; `told` are the article's attributions."""
    furthest = _furthest(sentences, [one for one in told if one.speaker and _is_said(text, one)])
    rules = _by_rules(text, tuple(sentences))
    return [
        _by(text, sentence, *furthest[at], rule) if at in furthest else rule
        for at, (sentence, rule) in enumerate(zip(sentences, rules, strict=True))
    ]


@lru_cache(maxsize=64)
def _by_rules(text: str, sentences: tuple[Span, ...]) -> Sequence[Speech]:
    """What rules tell; kept, as a conversation stays with a few articles."""
    return tuple(read_speech(text, sentences))


def _furthest(sentences: Sequence[Span], told: Sequence[Attribution]) -> dict[int, tuple[int, Attribution]]:
    """By place of a sentence, the attribution that reaches furthest into it, after its characters there."""
    starts, found = [sentence.start for sentence in sentences], dict[int, tuple[int, Attribution]]()
    for one in told:
        shared = Counter[int]()
        for span in one.content:
            for at in range(max(0, bisect_right(starts, span.start) - 1), bisect_left(starts, span.end)):
                shared[at] += max(0, min(span.end, sentences[at].end) - max(span.start, sentences[at].start))
        for at, characters in shared.items():
            if characters > found.get(at, (0, one))[0]:
                found[at] = characters, one
    return found


def _by(text: str, sentence: Span, characters: int, one: Attribution, rule: Speech) -> Speech:
    """The speech of a sentence by the attribution that has so many of its characters, unless they are few."""
    within = any(sentence.holds(span) for span in one.source)
    if not within and characters < _MOSTLY * len(sentence):
        return rule
    named = within and any(part in sentence.of(text) for part in one.speaker.split()[-1:])
    pronoun = within and any(span.of(text).lower() in _PRONOUNS for span in one.source)
    source = " ".join(_with_role(text, span) for span in one.source)
    return replace(
        rule, speaker=one.speaker, named=named, said_on=one.days, source=source, by_pronoun=pronoun
    )


def _with_role(text: str, source: Span) -> str:
    """A source with the words beside it that may tell its role: "Kremlin spokesman Dmitry Peskov"."""
    before, apposed = words_beside(text, source)
    # ", told the BBC" is no role, nor is what follows "according to police,"
    tells_role = apposed and not _CUE.search(f"{before} {apposed}")
    return f"{_whose(text, source)}{before}{source.of(text)}{f', {apposed}' if tells_role else ''}"


def _whose(text: str, source: Span) -> str:
    """The body, with a space, of a spokesman whom only the sentence before gives one; else "".

    "The ministry denied it. Spokesman A B said so."
    """
    if not _SPOKESMAN.match(text, source.start):
        return ""
    found = _BODY_BEFORE.search(text[max(0, source.start - _REACH) : source.start])
    return f"{found['body']} " if found and not names_person(found["body"]) else ""


def _is_said(text: str, one: Attribution) -> bool:
    """Whether it was put in words: quoted, or brought in by a plain reporting word, not "presented plans"."""
    return one.quoted or any(
        _CUE.search(span.of(text)) or _SPOKE_OF.match(text, span.start) for span in one.cue
    )
