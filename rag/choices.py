"""Which of the given options the articles speak for, without a language model.

An option is likelier the more of its words stand in the question's best hits, and the better its words
and those of the question stand together in one sentence, found with a search of its own. Knows nothing
of the answer that is given beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

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
    topic = content_stems(query)

    def score(choice: str) -> float:
        words = content_stems(choice) or stems(choice)
        more = search(f"{query} {choice}", top_k=_HITS_READ)
        return _told(words, hits[:_HITS_READ], sources) + max(
            (_together(words, topic, hit, sources) for hit in (*hits[:_HITS_READ], *more)), default=0.0
        )

    scores = [score(choice) for choice in choices]
    wanted = min(scores) if _EXCEPT.search(query) else max(scores)
    return scores.index(wanted)


def _told(words: Sequence[str], hits: Sequence[Hit], sources: Sources) -> float:
    """How far the hits hold the option's words, the better ones counting more."""
    shares = ((coverage(words, _stems(hit), sources.weigh), hit.score) for hit in hits)
    return sum(share**2 * score for share, score in shares) / _HITS_READ


def _together(words: Sequence[str], topic: Sequence[str], hit: Hit, sources: Sources) -> float:
    """The best sentence of the hit: the option's words times the question's, those around it for half."""
    around = 0.5 * coverage(topic, _stems(hit), sources.weigh)
    passage = hit.passage
    best = 0.0
    for span in passage.sentences or (passage.span,):
        here = frozenset(stems(span.shift(-passage.span.start).of(passage.text)))
        share = coverage(words, here, sources.weigh)
        best = max(best, share * (coverage(topic, here, sources.weigh) + around) if share else 0.0)
    return best


def _stems(hit: Hit) -> frozenset[str]:
    return frozenset(stems(f"{hit.head.title} {hit.passage.text}"))
