"""Which of the given options the articles speak for: one search an option, without a language model.

An option is likelier the better its own words and those of the question stand together in a sentence.
Knows nothing of the answer that is given beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.types import Hit
from index.words import content_stems
from rag.signals import coverage
from rag.sources import Sources

_HITS_READ = 6

Search = Callable[..., list[Hit]]


def choose(query: str, choices: Sequence[str], search: Search, sources: Sources) -> int:
    """The index of the likeliest of `choices`; the first of equals."""
    topic = content_stems(query)
    scores = [
        _score(topic, choice, search(f"{query} {choice}", top_k=_HITS_READ), sources) for choice in choices
    ]
    return max(range(len(scores)), key=lambda i: scores[i])


def _score(topic: Sequence[str], choice: str, hits: Sequence[Hit], sources: Sources) -> float:
    wanted = content_stems(choice)
    best = 0.0
    for hit in hits:
        found = frozenset(content_stems(f"{hit.head.title} {hit.passage.text}"))
        told = coverage(wanted, found, sources.weigh) * coverage(topic, found, sources.weigh)
        best = max(best, told)
    return best
