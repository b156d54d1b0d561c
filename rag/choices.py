"""Which of the given options the articles speak for, without a language model.

An option is likelier the more of its words stand in the question's best hits, and the better its words
and those of the question stand together in one sentence, found with a search of its own. Knows nothing
of the answer that is given beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.types import Hit
from index.words import content_stems, stems
from rag.signals import coverage
from rag.sources import Sources

_HITS_READ = 8
_EXCEPT = re.compile(r"\bexcept\W*$", re.IGNORECASE)

Search = Callable[..., list[Hit]]


def choose(query: str, choices: Sequence[str], hits: Sequence[Hit], search: Search, sources: Sources) -> int:
    """The index of the likeliest of `choices`, or of the least told one if all others fit ("... except").

    `hits` are those of the query itself; `search` finds more for an option. The first of equals is taken.
    """
    reader = _Reader(query, sources)
    own = [reader.read(hit) for hit in hits[:_HITS_READ]]

    def score(choice: str) -> float:
        words = content_stems(choice) or stems(choice)
        more = [reader.read(hit) for hit in search(f"{query} {choice}", top_k=_HITS_READ)]
        return _told(words, own, sources) + max(
            (_together(words, read, sources) for read in (*own, *more)), default=0.0
        )

    scores = [score(choice) for choice in choices]
    wanted = min(scores) if _EXCEPT.search(query) else max(scores)
    return scores.index(wanted)


@dataclass(frozen=True, slots=True)
class _Read:
    """A hit: its score, its word stems, and those of each sentence with how well it holds the question."""

    score: float
    stems: frozenset[str]
    sentences: tuple[tuple[frozenset[str], float], ...]


class _Reader:
    """Reads each passage once, however many options are compared with it."""

    def __init__(self, query: str, sources: Sources) -> None:
        self._topic = content_stems(query)
        self._weigh = sources.weigh
        self._reads: dict[str, _Read] = {}

    def read(self, hit: Hit) -> _Read:
        """The words of the hit."""
        known = self._reads.get(hit.passage.id) or self._parse(hit)
        self._reads[hit.passage.id] = known
        return known if known.score == hit.score else replace(known, score=hit.score)

    def _parse(self, hit: Hit) -> _Read:
        passage = hit.passage
        whole = frozenset(stems(f"{hit.head.title} {passage.text}"))
        around = 0.5 * coverage(self._topic, whole, self._weigh)
        sentences = [frozenset(stems(passage.words(span))) for span in passage.parts]
        near = [coverage(self._topic, here, self._weigh) + around for here in sentences]
        return _Read(hit.score, whole, tuple(zip(sentences, near, strict=True)))


def _told(words: Sequence[str], reads: Sequence[_Read], sources: Sources) -> float:
    """How far the hits hold the option's words, the better ones counting more."""
    shares = ((coverage(words, read.stems, sources.weigh), read.score) for read in reads)
    return sum(share**2 * score for share, score in shares) / _HITS_READ


def _together(words: Sequence[str], read: _Read, sources: Sources) -> float:
    """The best sentence of the hit: the option's words times the question's, those around it for half."""
    return max((coverage(words, here, sources.weigh) * near for here, near in read.sentences), default=0.0)
