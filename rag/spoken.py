"""Who speaks in the sentences of a stored article: what was derived at ingest, else what rules over a
sentence and its neighbours tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.attribution.cues import CUES
from index.types import Attribution, Span
from rag.speech import Speech, read_speech

_CUE = re.compile(rf"\b(?:{CUES})\b")
_MOSTLY = 0.5


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
    return replace(rule, speaker=best.speaker, named=named)


def _is_said(text: str, one: Attribution) -> bool:
    """Whether it was put in words: quoted, or brought in by a plain reporting word, not "presented plans"."""
    return one.quoted or any(_CUE.search(span.of(text)) for span in one.cue)


def _shared(one: Attribution, sentence: Span) -> int:
    """How many characters of a sentence an attribution's content has."""
    return sum(max(0, min(span.end, sentence.end) - max(span.start, sentence.start)) for span in one.content)
