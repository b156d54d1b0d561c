"""Who says it in a claim, and who says it in the evidence.

Finds speakers by rule (`rag.speech`) and abstains wherever one of the two sides is not sure: a role without
a name, a pronoun without one person to stand for, a sentence that does not match.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from index.attribution.cues import CUES
from index.sentences import sentences
from index.types import Span
from index.words import content_stems, stem, tokens
from rag.speech import read_speech, same_name
from rag.verify.names import Name, names

_ENOUGH = 0.5
_CUE_STEMS = frozenset(stem(word) for word in re.findall(r"[a-z]+", CUES)) | {"accord", "report", "told"}


def speaker_of(claim: str) -> str:
    """The name that the claim says speaks; "" when it names nobody."""
    if "”" in claim and "“" not in claim[: claim.index("”")]:
        claim = f"“{claim}"  # cut out of a longer quotation
    speech = read_speech(claim, [Span(0, len(claim))])[0] if claim else None
    return speech.speaker if speech and speech.named else ""


@lru_cache(maxsize=1024)
def spoken(text: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Each sentence of a plain text with its speaker ("" unknown) and its content stems."""
    spans = sentences(text)
    return tuple(
        (span.of(text), speech.speaker, frozenset(content_stems(span.of(text))))
        for span, speech in zip(spans, read_speech(text, spans), strict=True)
    )


def other_speaker(claim: str, texts: Sequence[str], heads: Sequence[str]) -> str:
    """Who says in the evidence what the claim has somebody else say; "" when none does or it is not sure.

    `texts` are the cited words with those around them, `heads` titles and outlets, which may be said to
    report anything.
    """
    speaker = speaker_of(claim)
    parts = _name_parts(speaker)
    if not parts or any(_names_one(parts, head) for head in heads):
        return ""
    wanted = {s for s in content_stems(claim) if s not in _CUE_STEMS} - {
        stem(w) for w, _, _ in tokens(speaker)
    }
    if len(wanted) < 3:
        return ""
    rows = [(text, i, *row) for text in texts for i, row in enumerate(spoken(text))]
    best = max(rows, key=lambda row: len(wanted & row[4]), default=None)
    if best is None or len(wanted & best[4]) < _ENOUGH * len(wanted):
        return ""
    text, place, sentence, told, _ = best
    if not told or (_names_one(parts, f"{told} {sentence}") and _may_speak(parts, sentence)):
        return ""
    theirs = _name_parts(told)
    if not theirs or _names_one(parts, told) or _names_one(theirs[-1:], claim):
        return ""
    return "" if _same_role(told, spoken(text), place, parts) else told


def _name_parts(speaker: str) -> tuple[str, ...]:
    """The words of a speaker that are a name: none for "the minister"."""
    found = names(f"of {speaker}")
    return found[-1].parts if found else ()


def _names_one(parts: Sequence[str], words: str) -> bool:
    """Whether the last word of a name, or for a long one any, stands in `words`."""
    have = {stem(w) for w, _, _ in tokens(words)}
    return any(same_name(stem(part), other) for part in parts for other in have)


def _may_speak(parts: Sequence[str], sentence: str) -> bool:
    """Whether the sentence has the name near a reporting word, so that it may be the speaker all the same."""
    family = re.escape(parts[-1])
    near = rf"\b{family}\b[^.]{{0,60}}\b(?:{CUES})\b|\b(?:{CUES})\b[^.]{{0,40}}\b{family}\b"
    return bool(re.search(near, sentence))


def _same_role(
    told: str, rows: Sequence[tuple[str, str, frozenset[str]]], place: int, parts: Sequence[str]
) -> bool:
    """Whether sentences beside it name the claimed speaker while the found one is carried over from afar."""
    family = rf"\b{re.escape(told.split()[-1])}\b"
    if any(re.search(family, row[0]) for row in rows[max(0, place - 2) : place + 1]):
        return False
    return any(_names_one(parts, row[0]) for row in rows[max(0, place - 2) : place + 2])


def spoken_names(claim: str) -> list[Name]:
    """The names of the claim that are its speaker."""
    speaker = speaker_of(claim)
    return [name for name in names(claim) if speaker and name.words in speaker]
