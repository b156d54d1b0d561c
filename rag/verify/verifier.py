"""Claim ↔ evidence: does what a sentence of an answer cites bear it out?

Rules look for what must not differ (quoted words, numbers, dates, names, speaker, negation); a score
fitted on examples (`weights.json`) tells whether the rest is there. Either may find a claim unsupported.
Knows English; what it cannot compare it lets stand, unless the score is low.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.types import ArticleHead
from rag.types import Support
from rag.vectors import Embed
from rag.verify.dates import missing_time, taken_by_times
from rag.verify.names import Known, missing_names
from rag.verify.numbers import missing_number
from rag.verify.polarity import turned
from rag.verify.score import Weights, likeness, load_weights, measure
from rag.verify.slots import swapped
from rag.verify.speaker import other_speaker
from rag.verify.words import (
    bare,
    claims_nothing,
    denied_in,
    missing_quote,
    plain,
    sentence_texts,
    stands_in,
    word_run,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Contradicts = Callable[[str, str], bool]

MOST_CHARACTERS = 4000  # of a sentence that is checked


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a claim cites: `text` exactly as in the article, and the article's head.

    `around` are the words of the article just before and after, best with `text` between them; they tell
    who "he" is and whether a quotation runs on.
    """

    text: str
    head: ArticleHead
    around: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`score` 0..1: how sure it is that the claim is borne out; `reason` says what is not, for a reader."""

    support: Support
    score: float
    reason: str = ""


class Verifier:
    """Checks claims. Safe to use from several threads as far as `embed` is."""

    def __init__(
        self, embed: Embed, weights: Weights | None = None, contradicts: Contradicts | None = None
    ) -> None:
        """`embed` is asked for the same sentences again and again: `Vectors` remembers them.

        `contradicts`, if given, is a model that reads the two nearest sentences and the claim, and has a
        veto; none ships.
        """
        self._embed = embed
        self._contradicts = contradicts
        self._weights = weights or load_weights()

    def check(self, claim: str, evidence: Sequence[Evidence]) -> Verdict:
        """Whether all evidence of the claim together bears it out. Never raises, whatever the text.

        A sentence that claims no fact (a heading, "the sources do not tell") is "supported".
        """
        words = bare(claim)
        if claims_nothing(words):
            return Verdict("supported", 1.0)
        if not any(e.text.strip() for e in evidence):
            return Verdict("unsupported", 0.0, "it cites nothing")
        read = read_evidence(evidence)
        if any(stands_in(claim, e.text) for e in read.evidence):
            return Verdict("verbatim", 1.0)
        if len(words) > MOST_CHARACTERS:
            return Verdict("unsupported", 0.0, "the sentence is too long to be checked")
        reason = next(differences(words, read), "")
        if reason:
            return Verdict("unsupported", 0.0, reason)
        score = self._weights.score(measure(without_outlet(words, read.outlets), read.told, self._embed))
        if score < self._weights.threshold:
            return Verdict("unsupported", score, "the cited words do not say this")
        if self._contradicts and self._contradicts(self._nearest(words, read), words):
            return Verdict("unsupported", 0.0, "the source says otherwise")
        return Verdict("supported", score)

    def _nearest(self, words: str, read: Read) -> str:
        """The two sentences of the evidence that are nearest to the claim, in their order."""
        scores = likeness(words, read.sentences, self._embed)
        best = sorted(sorted(range(len(scores)), key=lambda i: -scores[i])[:2])
        return " ".join(read.sentences[i] for i in best)

    def cosines(self, claim: str, sentences: Sequence[str]) -> NDArray[np.float64]:
        """How near in meaning each sentence is to the claim, -1..1, in the order given; at least one."""
        import numpy as np

        vectors = np.asarray(self._embed([bare(claim), *map(plain, sentences)]), dtype=np.float64)
        return np.asarray(vectors[1:] @ vectors[0])

    def align(self, claim: str, sentences: Sequence[str]) -> NDArray[np.float64]:
        """How well each sentence bears out the claim, 0..1, in the order given."""
        return likeness(bare(claim), [plain(s) for s in sentences], self._embed)


@dataclass(frozen=True, slots=True)
class Read:
    """Evidence, read: its sentences, the words looked up in it. `near` holds the words around, too."""

    evidence: tuple[Evidence, ...]
    sentences: tuple[str, ...]
    shown: tuple[str, ...]
    near: tuple[str, ...]
    heads: tuple[str, ...]
    outlets: tuple[str, ...]
    known: Known
    known_near: Known

    @property
    def told(self) -> tuple[str, ...]:
        """The sentences and the titles, which count for the score."""
        return tuple(
            dict.fromkeys((*self.sentences, *(plain(e.head.title) for e in self.evidence if e.head.title)))
        )

    @property
    def runs(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Word runs of the cited words and titles, and of these with the words around."""
        return tuple(map(word_run, (*self.shown, *self.heads))), tuple(map(word_run, self.near))


def read_evidence(evidence: Sequence[Evidence]) -> Read:
    """The evidence, read once; in whatever order it is given."""
    return _read(tuple(sorted(evidence, key=lambda e: (e.text, e.head.id, e.around))))


@lru_cache(maxsize=256)
def _read(evidence: tuple[Evidence, ...]) -> Read:
    shown = tuple(plain(e.text) for e in evidence)
    near = tuple(plain(_with_around(e)) for e in evidence)
    heads = tuple(filter(None, (h for e in evidence for h in (e.head.title, e.head.source or ""))))
    sentences = tuple(dict.fromkeys(s for text in shown for s in sentence_texts(text)))
    outlets = tuple(dict.fromkeys(e.head.source for e in evidence if e.head.source))
    return Read(evidence, sentences, shown, near, heads, outlets, Known((*shown, *heads)), Known(near))


def _with_around(evidence: Evidence) -> str:
    around = evidence.around
    return around if evidence.text in around else f"{around}\n{evidence.text}" if around else evidence.text


def differences(words: str, read: Read) -> Iterator[str]:
    """What of the claim the evidence has otherwise or not at all, in words for a reader, gravest first."""
    yield from _missing(words, read)
    yield from _turned(words, read)


def _missing(words: str, read: Read) -> Iterator[str]:
    """Quoted words, numbers, dates and names that the evidence does not have."""
    quote = missing_quote(words, *read.runs)
    if quote:
        yield f"the quoted words “{_short(quote)}” are not in the source"
    places = taken_by_times(words)
    number = missing_number(words, places, read.shown)
    if number:
        found, elsewhere = number
        yield (
            f"the source does not give {found.words} in this unit"
            if elsewhere
            else _absent("number", found.words)
        )
    days = [e.head.published for e in read.evidence]
    near = [f"{text}\n{e.head.title}" for text, e in zip(read.near, read.evidence, strict=True)]
    time = missing_time(words, list(zip(read.shown, days, strict=True)), list(zip(near, days, strict=True)))
    if time:
        yield _absent("date", time.words)
    for name in missing_names(words, read.known, read.known_near, places):
        yield _absent("name", name.words)


def _turned(words: str, read: Read) -> Iterator[str]:
    """What the evidence has, but of somebody else, denied, or with another thing in its place."""
    speaker = other_speaker(words, read.near, read.heads)
    if speaker:
        yield f"in the source {speaker} says this"
    denial = next(filter(None, (denied_in(words, text) for text in read.shown)), "")
    if denial:
        yield f"the source says “{denial}” of this"
    swap = swapped(words, read.sentences)
    if swap:
        yield f"the source has {swap.theirs} where this has {swap.mine}"
    word = turned(words, read.sentences)
    if word:
        yield f"the source says the opposite about “{word}”"


def _absent(kind: str, words: str) -> str:
    return f"the {kind} {_short(words)} is not in the source"


def without_outlet(words: str, outlets: Sequence[str]) -> str:
    """The claim without the outlet that it says reported it, and the day: the head bears those out."""
    for outlet in outlets:
        name = rf"(?:the )?{re.escape(outlet)}"
        day = r"(?: (?:on|of) [\w ,]{3,20}?)?"
        reports = r"(?:report(?:ed|s)|sa(?:id|ys)|wr(?:ote|ites))"
        words = re.sub(rf"^{name} {reports}{day} that ", "", words, flags=re.I)
        words = re.sub(rf"(?:^|,? )according to {name}{day}(?:, |(?=\.$))", "", words, flags=re.I)
    return words


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:57].rstrip() + "…"
