"""Sentences to an answer with numbered citations. Pure: sentences in, text, citations and claims out.

A citation survives only if its span lies in a shown passage and holds exactly the evidence. What article
sentences put in quotation marks must be found in that evidence, else they are marked unsupported; sentences
that a chat model wrote come checked (see `rag.verify`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Hit, Span
from rag.types import Citation, Claim, Support
from rag.wording import Statement

_FOLD = str.maketrans(dict.fromkeys("“”„«»\"'‘’‚‹›`", "") | dict.fromkeys("‐‑‒–—―", "-"))
_QUOTED = re.compile(r"[“«„\"]([^“”«»„\"]+)[”»\"]")
_ADDED = re.compile(r" \[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Ground:
    """Words of a shown passage on which a sentence rests; `span` is in the article's text."""

    hit: Hit
    span: Span
    evidence: str

    def holds(self) -> bool:
        """Whether the evidence is exactly what the passage has at the span."""
        passage = self.hit.passage
        return passage.span.holds(self.span) and passage.words(self.span) == self.evidence


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer before its markers are numbered; `gap` parts it from the one before."""

    words: str
    grounds: tuple[Ground, ...] = ()
    support: Support = "verbatim"
    score: float = 1.0
    reason: str = ""
    gap: str = " "


@dataclass(frozen=True, slots=True)
class Cited:
    """An answer's text with what stands where in it, ascending."""

    text: str
    citations: tuple[Citation, ...] = ()
    claims: tuple[Claim, ...] = ()


def cite(sentences: Sequence[Sentence]) -> Cited:
    """The sentences as one text, their citations numbered from 1 in order of appearance.

    The same span of the same passage keeps its number. A ground that does not hold is left out.
    """
    text = ""
    numbers: dict[tuple[str, Span], int] = {}
    citations: list[Citation] = []
    claims: list[Claim] = []
    for sentence in sentences:
        text += sentence.gap if text else ""
        at = Span(len(text), len(text) + len(sentence.words))
        claims.append(Claim(at, sentence.support, sentence.score, sentence.reason))
        text += sentence.words
        held = {(g.hit.passage.id, g.span): g for g in sentence.grounds if g.holds()}
        for place, ground in held.items():
            number = numbers.setdefault(place, len(numbers) + 1)
            marker = f"[{number}]"
            text += f" {marker}"
            at = Span(len(text) - len(marker), len(text))
            citations.append(Citation(number, ground.hit.head, *place, ground.evidence, at, sentence.support))
    return Cited(text, tuple(citations), tuple(claims))


def quoted_sentences(statements: Sequence[Statement]) -> list[Sentence]:
    """Statements of articles as sentences of an answer, each checked; one that does not hold is left out."""
    made: list[Sentence] = []
    before = ""
    for statement in statements:
        ground = Ground(statement.hit, statement.span, statement.evidence)
        if not ground.holds():
            continue
        gap = " " if statement.hit.head.id == before else "\n\n"
        before = statement.hit.head.id
        found = support(statement)
        reason = "" if found == "verbatim" else "not word for word in the source"
        made.append(Sentence(statement.shown, (ground,), found, float(not reason), reason, gap))
    return made


def support(statement: Statement) -> Support:
    """ "verbatim" when every word shown (names added in brackets aside) stands in the evidence."""
    evidence = fold(statement.evidence)
    if any(fold(shown) in evidence for shown in (statement.shown, _ADDED.sub("", statement.shown))):
        return "verbatim"
    quoted = [fold(found) for found in _QUOTED.findall(statement.shown)]
    return "verbatim" if quoted and all(q in evidence for q in quoted) else "unsupported"


def fold(text: str) -> str:
    """Text with quotation marks dropped, dashes and white space made equal, in lower case."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_FOLD).lower().split())
