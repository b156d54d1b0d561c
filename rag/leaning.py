"""What a follow-up leans on: the articles that the last answer cites, and those of around the same days.

"How did Kyiv react to it?" is about the truce just told of, not about one of another year. A preference,
no filter: what is told elsewhere can still be found. The conversation holds only words, so the cited
passages are found again by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from index.types import Hit
from rag.abstain import abstains
from rag.types import Turn

Search = Callable[..., list[Hit]]

CITED_BEFORE = "before"
"""The part of a hit that tells how near it is to what was cited before: 1 is cited itself."""
_WEIGHT = 0.5
_NEAR = 0.5
_NEAR_DAYS = 10.0
_DEEPER = 3
_MOST_SENTENCES = 3
_MARKER = re.compile(r"\s*(?:\[\d+(?:\.\d+)?\]\s*)+")


@dataclass(frozen=True, slots=True)
class Leaning:
    """Ids of the cited articles and the days they are of."""

    articles: frozenset[str]
    days: tuple[date, ...]

    def nearness(self, hit: Hit) -> float:
        """1 for a cited article, at most `_NEAR` for one of around the same days, 0 if its day is unknown."""
        if hit.head.id in self.articles:
            return 1.0
        published = hit.head.published
        if not published or not self.days:
            return 0.0
        return _NEAR * _NEAR_DAYS / (_NEAR_DAYS + min(abs((published - day).days) for day in self.days))

    def weigh(self, hit: Hit) -> Hit:
        """The hit with a score that counts what was cited before."""
        near = self.nearness(hit)
        parts = MappingProxyType({**hit.parts, CITED_BEFORE: near})
        return replace(hit, score=hit.score * (1 + _WEIGHT * near), parts=parts)


def leaning(search: Search, history: Sequence[Turn]) -> Search:
    """A search like `search` that prefers what the last answer of the conversation leads to."""
    told = [turn.content for turn in history if turn.role == "assistant" and not abstains(turn.content)]
    cited = _MARKER.split(told[-1])[:-1] if told else []  # what follows the last marker is not cited
    heads = {
        head.id: head
        for piece in cited[:_MOST_SENTENCES]
        for hit in search(piece, top_k=1, asked=None)
        for head in (hit.head, *hit.copies)
    }
    days = tuple(head.published for head in heads.values() if head.published)
    lean = Leaning(frozenset(heads), days)

    def prefer(query: str, *, top_k: int, **given: object) -> list[Hit]:
        hits = [lean.weigh(hit) for hit in search(query, top_k=_DEEPER * top_k, **given)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))[:top_k]

    return prefer if heads else search
