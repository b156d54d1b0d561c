"""What can be measured of a sentence as an answer: one row of numbers a candidate.

Knows the question's reading, the candidates and how rare each word is in the archive; knows no
weights (see `rag.judge`). All signals but "cross" lie roughly in 0..1, and more means more like an
answer, except those named `no_...`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from index.types import Hit, Span
from index.words import content_stems, stem, tokens
from rag.question import Reading
from rag.speech import Speech, same_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Weigh = Callable[[str], float]

SIGNALS = (
    "cross",  # logit of the cross-encoder: above 0, the sentence answers; 0 where it was not read
    "cosine",  # question and sentence
    "passage_cosine",  # question and passage, as the dense ranking saw it
    "coverage",  # weighted share of the topic words in the sentence
    "near_coverage",  # ... in the sentence or its neighbours
    "passage_coverage",  # ... in the passage or its title
    "names",  # share of the question's names in the sentence
    "passage_names",  # ... in the passage or its title
    "pairs",  # share of neighbouring topic words found side by side
    "wanted",  # the kind of thing asked for stands in the sentence (and not in the question)
    "wanted_missing",  # ... is asked for and does not
    "speaker",  # the one asked about does the speaking here
    "words_quoted",  # the question wants words and the sentence has some in quotation marks
    "rank",  # reciprocal rank of the hit
    "no_length",  # very short or very long
    "no_question",  # the sentence is a question itself
    "no_pronoun",  # it begins with a pronoun or a word that leans on what stands before
    "lead",  # early in the article
    "no_news",  # fewer than two content words that the question does not have
)

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|twenty|thirty|forty|fifty|"
    r"hundreds?|thousands?|millions?|billions?|trillions?|half|third|twice|percent)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:1[0-9]{3}|20[0-9]{2})\b|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? ?\d"
    r"|\b\d{1,2} "
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)|\bMay \d"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:January|February|April|June|July|August|September|"
    r"October|November|December|yesterday|today|tomorrow|spring|summer|autumn|winter|century|"
    r"last (?:week|month|year))\b",
)
_PLACE = re.compile(r"\b(?:in|at|near|from|to|of|outside|across|into)\b (?:the )?(?:[a-z]+ ){0,2}[A-Z]")
_CAUSE = re.compile(
    r"\b(?:because|since|due to|so that|in order to|as a result|after|over|reason|"
    r"caus\w+|led to|to avoid|for fear)\b",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"^[“\"'‘(]*(?:He|She|They|It|His|Her|Their|Its|This|That|These|Those|But|And|However|Meanwhile|Also|Instead|So|"
    r"Still|Yet|Then|Moreover|Although)\b"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer. `span` is in the article; `before` and `after` are its neighbours.

    `asked` tells that the one whose words are wanted says it.
    """

    hit: Hit
    rank: int
    span: Span
    text: str
    before: str
    after: str
    speech: Speech
    asked: bool = False


def signals(
    reading: Reading,
    candidates: Sequence[Candidate],
    cosines: Sequence[float],
    weigh: Weigh,
) -> NDArray[np.float64]:
    """One row of `SIGNALS` a candidate, in their order, "cross" still 0: shape (candidates, signals)."""
    import numpy as np

    passages = {c.hit.passage.id: _stem_set(c.hit.head.title + "\n" + c.hit.passage.text) for c in candidates}
    rows = [
        _row(reading, c, cosine, passages[c.hit.passage.id], weigh)
        for c, cosine in zip(candidates, cosines, strict=True)
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(SIGNALS))


def _row(reading: Reading, c: Candidate, cosine: float, passage: frozenset[str], weigh: Weigh) -> list[float]:
    here = _stem_set(c.text)
    around = here | _stem_set(c.before) | _stem_set(c.after)
    words = [w for w, _, _ in tokens(c.text)]
    wanted = _wanted(reading, c, words)
    return [
        0.0,
        cosine,
        c.hit.parts.get("dense", 0.0),
        coverage(reading.topic, here, weigh),
        coverage(reading.topic, around, weigh),
        coverage(reading.topic, passage, weigh),
        name_share(reading.names, here),
        name_share(reading.names, passage),
        _pairs(reading.topic, [stem(w) for w in words]),
        float(wanted is True),
        float(wanted is False),
        float(c.asked),
        float(reading.kind == "said" and c.speech.has_quote),
        1.0 / c.rank,
        float(len(words) < 5) + max(0.0, (len(words) - 45) / 45),
        float(c.text.rstrip("”\"'’ )").endswith("?")),
        float(bool(_LEANING.match(c.text))),
        max(0.0, 1.0 - c.span.start / 1500),
        float(len(set(content_stems(c.text)) - reading.told) < 2),
    ]


def coverage(topic: Sequence[str], found: frozenset[str], weigh: Weigh) -> float:
    """Weighted share of the topic stems that are found; spellings of one name count as found."""
    total = sum(weigh(t) for t in topic)
    if not total:
        return 0.0
    return sum(weigh(t) for t in topic if t in found or _near(t, found)) / total


def name_share(names: Sequence[tuple[str, ...]], found: frozenset[str]) -> float:
    """Share of the names whose last word is found; 1 when the question names nobody."""
    if not names:
        return 1.0
    return sum(name[-1] in found or _near(name[-1], found) for name in names) / len(names)


def _near(word: str, found: frozenset[str]) -> bool:
    return len(word) >= 6 and any(same_name(word, other) for other in found if other[:2] == word[:2])


def _stem_set(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w, _, _ in tokens(text))


def _pairs(topic: Sequence[str], sentence: Sequence[str]) -> float:
    pairs = set(pairwise(topic))
    if not pairs:
        return 0.0
    there = set(pairwise(sentence))
    return len(pairs & there) / len(pairs)


def _wanted(reading: Reading, c: Candidate, words: Sequence[str]) -> bool | None:
    """Whether the kind of thing asked for is there; None when the question asks for no such thing.

    Who says something, and when, may be known of a sentence that does not tell it.
    """
    if reading.kind == "number":
        return bool(_NUMBER.search(c.text))
    if reading.kind == "when":
        return bool(_DAY.search(c.text)) or bool(reading.speaker and c.speech.said_on)
    if reading.kind == "where":
        return bool(_PLACE.search(c.text))
    if reading.kind == "why":
        return bool(_CAUSE.search(c.text))
    if reading.kind == "who":
        asked = set(reading.topic) | {part for name in reading.names for part in name}
        named = any(w[:1].isupper() and len(w) > 2 and stem(w) not in asked for w in words[1:])
        return named or bool(reading.asks_speaker and c.speech.speaker)
    return None
