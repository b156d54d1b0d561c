"""A query to ranked hits: dense and lexical rankings fused, dated, folded, one article kept in bounds.

Knows the catalog, the two stores and the embedder by what they can do; knows nothing of questions
beyond their words and of the answers made from the hits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from index.dates import date_range
from index.types import ArticleHead, DateRange, Filters, Hit, Passage

if TYPE_CHECKING:
    import numpy as np

    from index.embed import Embedder
    from index.lexical import LexicalIndex
    from index.store import DenseStore

RRF_K = 60
"""The constant of reciprocal rank fusion, as in Cormack, Clarke and Buettcher (SIGIR 2009)."""

FETCH_LEAST = 100
FETCH_PER_HIT = 8
PER_ARTICLE = 2
COPY_OVERLAP = 0.7
_LEXICAL_WEIGHT = 1.0
_RECENT_WEIGHT = 0.5
_RECENT_DAYS = 10.0
_NAMED_TIME_WEIGHT = 0.5
_SIBLING_WEIGHT = 0.2

Ranking = Sequence[tuple[str, float]]


class Shelf(Protocol):
    """What search needs of the catalog."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages that are there, in the order of `ids`; ids of articles not ready are left out."""
        ...

    def heads(self, ids: Collection[str]) -> dict[str, ArticleHead]:
        """Heads by article id."""
        ...

    def allowed(self, filters: Filters) -> Collection[str] | None:
        """Ids of the articles that pass; None when nothing is restricted."""
        ...


@dataclass(frozen=True, slots=True)
class Searcher:
    """Search over one archive. Safe to use from several threads."""

    catalog: Shelf
    dense: DenseStore
    lexical: LexicalIndex
    embedder: Embedder

    def search(
        self,
        query: str,
        *,
        top_k: int = 10,
        filters: Filters = Filters(),
        asked: date | None = None,
        query_vector: np.ndarray | None = None,
    ) -> list[Hit]:
        """The best `top_k` hits, best first.

        `asked` is the day of asking: articles around it are preferred, and "last week" in the query
        counts from it; None means no preference. At most `PER_ARTICLE` hits come from one article,
        and near-copies of a passage are folded into its hit.
        """
        if not query.strip() or top_k < 1:
            return []
        allowed = self.catalog.allowed(filters)
        if allowed is not None and not allowed:
            return []
        fetch_k = max(FETCH_LEAST, FETCH_PER_HIT * top_k)
        vector = self.embedder.embed_queries([query])[0] if query_vector is None else query_vector
        rankings = {
            "dense": self.dense.query(vector, fetch_k, allowed),
            "lexical": self.lexical.query(query, fetch_k, allowed),
        }
        fused = fuse(rankings, {"lexical": _LEXICAL_WEIGHT})
        passages = self.catalog.passages(list(fused))
        heads = self.catalog.heads({p.article_id for p in passages})
        found = [
            _hit(p, heads[p.article_id], fused[p.id], rankings) for p in passages if p.article_id in heads
        ]
        named = date_range(query, asked)
        weighed = [_weigh_date(hit, asked, named) for hit in found]
        return limit_per_article(fold_copies(_weigh_siblings(weighed)), PER_ARTICLE, top_k)


def fuse(
    rankings: Mapping[str, Ranking], weights: Mapping[str, float] = MappingProxyType({})
) -> dict[str, float]:
    """Reciprocal rank fusion: id to the sum of weight / (RRF_K + rank), best first, ties by id.

    Each ranking lists (id, score) best first; only the order counts. Weights default to 1. The
    outcome does not depend on the order in which the rankings are given.
    """
    total: dict[str, float] = {}
    for name in sorted(rankings):
        for rank, (key, _) in enumerate(rankings[name], start=1):
            total[key] = total.get(key, 0.0) + weights.get(name, 1.0) / (RRF_K + rank)
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def fold_copies(hits: Sequence[Hit]) -> list[Hit]:
    """Near-copies of a passage in other articles, folded into the hit that ranks first.

    Two passages are near-copies when their sets of three-word runs overlap by `COPY_OVERLAP`
    (Jaccard) or more, or one nearly holds the other.
    """
    kept: list[Hit] = []
    runs: list[frozenset[tuple[str, ...]]] = []
    for hit in sorted(hits, key=lambda h: (-h.score, h.passage.id)):
        mine = _runs(hit.passage.text)
        twin = next(
            (i for i, other in enumerate(kept) if other.head.id != hit.head.id and _alike(mine, runs[i])),
            None,
        )
        if twin is None:
            kept.append(hit)
            runs.append(mine)
        elif hit.head.id not in {head.id for head in kept[twin].copies}:
            kept[twin] = _with_copy(kept[twin], hit.head)
    return kept


def limit_per_article(hits: Sequence[Hit], most: int, top_k: int) -> list[Hit]:
    """The first `top_k` hits with no more than `most` from one article, order kept."""
    seen: dict[str, int] = {}
    kept: list[Hit] = []
    for hit in hits:
        seen[hit.head.id] = seen.get(hit.head.id, 0) + 1
        if seen[hit.head.id] <= most:
            kept.append(hit)
        if len(kept) == top_k:
            break
    return kept


def _hit(passage: Passage, head: ArticleHead, score: float, rankings: Mapping[str, Ranking]) -> Hit:
    parts = {name: value for name, ranking in rankings.items() for key, value in ranking if key == passage.id}
    return Hit(passage, head, score, MappingProxyType({**parts, "fused": score}))


def _weigh_date(hit: Hit, asked: date | None, named: DateRange | None) -> Hit:
    """A named time is a strong preference; else articles near the day of asking are preferred."""
    published = hit.head.published
    factor = 1.0
    if published is not None and named is not None:
        factor += _NAMED_TIME_WEIGHT * named.holds(published)
    elif published is not None and asked is not None:
        factor += _RECENT_WEIGHT * _RECENT_DAYS / (_RECENT_DAYS + abs((asked - published).days))
    if factor == 1.0:
        return hit
    parts = MappingProxyType({**hit.parts, "date": factor})
    return Hit(hit.passage, hit.head, hit.score * factor, parts, hit.copies)


def _weigh_siblings(hits: Sequence[Hit]) -> list[Hit]:
    """An article found by several of its passages is more likely the right one."""
    by_article: dict[str, list[float]] = {}
    for hit in hits:
        by_article.setdefault(hit.head.id, []).append(hit.score)
    bonus = {key: _SIBLING_WEIGHT * sum(sorted(s, reverse=True)[1:3]) for key, s in by_article.items()}
    return [Hit(h.passage, h.head, h.score + bonus[h.head.id], h.parts, h.copies) for h in hits]


def _with_copy(hit: Hit, head: ArticleHead) -> Hit:
    return Hit(hit.passage, hit.head, hit.score, hit.parts, (*hit.copies, head))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _alike(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> bool:
    smaller = min(len(a), len(b))
    if smaller < 8 or smaller < 0.5 * max(len(a), len(b)):
        return False
    shared = len(a & b)
    return shared >= COPY_OVERLAP * (len(a) + len(b) - shared)
