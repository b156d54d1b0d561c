"""A query to ranked hits: dense and lexical rankings fused, dated, folded, one article kept in bounds.

Knows the catalog, the two stores and the embedder by what they can do; knows nothing of questions
beyond their words and of the answers made from the hits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from index.alike import Runs, are_near, runs
from index.dates.dates import date_range
from index.types import ArticleHead, DateRange, Filters, Hit, Passage

if TYPE_CHECKING:
    import numpy as np

    from index.embed import Embedder
    from index.lexical import LexicalIndex
    from index.store import DenseStore

FETCH_LEAST = 100
FETCH_PER_HIT = 8
PER_ARTICLE = 2
CROWDING = 0.8
_FOLD_LEAST = 60
_LEAST_RUNS = 8  # shorter passages are alike by chance
# Measured on news questions with a known article; see docs/decisions.md.
_WEIGHTS = MappingProxyType({"dense": 1.0, "lexical": 0.5})
_RECENT_WEIGHT = 0.8
_RECENT_DAYS = 10.0
_NAMED_WEIGHT = 0.8
_NAMED_DAYS = 62  # a longer time ("in 2021") dates the event more often than the article
_AROUND_NOW_DAYS = 31
_AROUND_NOW_WEIGHT = 0.1
_SIBLING_WEIGHT = 0.1

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
        counts from it; None means no preference. Hits of one article beyond `PER_ARTICLE` count
        less and less, and near-copies of a passage are folded into its hit.
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
        fused = fuse(rankings, _WEIGHTS, fetch_k)
        passages = self.catalog.passages(list(fused))
        heads = self.catalog.heads({p.article_id for p in passages})
        scores = {name: dict(ranking) for name, ranking in rankings.items()}
        found = [_hit(p, heads[p.article_id], fused[p.id], scores) for p in passages if p.article_id in heads]
        named = date_range(query, asked)
        weighed = [_weigh_date(hit, asked, named) for hit in found]
        best = sorted(_weigh_siblings(weighed), key=lambda h: (-h.score, h.passage.id))
        return spread(fold_copies(best[: max(_FOLD_LEAST, 5 * top_k)]))[:top_k]


def fuse(rankings: Mapping[str, Ranking], weights: Mapping[str, float], fetch_k: int) -> dict[str, float]:
    """Id to its fused score, best first, ties by id.

    Each ranking lists at most `fetch_k` pairs (id, score), best first. Scores count relative to the ranking's
    best (0..1). An id that a full ranking does not list gets its least score, since it may stand just below;
    one that a shorter ranking does not list has nothing of what was searched for and gets none of it.
    The sum is weighted (default 1) and does not depend on the order in which the rankings are given.
    """
    ids = {key for ranking in rankings.values() for key, _ in ranking}
    total = dict.fromkeys(ids, 0.0)
    for name in sorted(rankings):
        scores = {key: max(score, 0.0) for key, score in rankings[name]}
        best = max(scores.values(), default=0.0)
        least = min(scores.values()) if len(scores) >= fetch_k else 0.0
        for key in ids if best > 0 else ():
            total[key] += weights.get(name, 1.0) * scores.get(key, least) / best
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def fold_copies(hits: Sequence[Hit]) -> list[Hit]:
    """Near-copies of a passage in other articles, folded into the hit that ranks first.

    Two passages are near-copies when their sets of three-word runs overlap by
    `index.alike.NEAR` (Jaccard) or more.
    """
    kept: list[Hit] = []
    known: list[Runs] = []
    for hit in sorted(hits, key=lambda h: (-h.score, h.passage.id)):
        mine = runs(hit.passage.text)
        others = (i for i, other in enumerate(kept) if other.head.id != hit.head.id)
        twin = next((i for i in others if are_near(mine, known[i], _LEAST_RUNS)), None)
        if twin is None:
            kept.append(hit)
            known.append(mine)
        elif hit.head.id not in {head.id for head in kept[twin].copies}:
            kept[twin] = _with_copy(kept[twin], hit.head)
    return kept


def spread(hits: Sequence[Hit]) -> list[Hit]:
    """Hits with those of one article spread out, best first.

    From the third of an article on, each counts a fifth less than the one before would: others come
    first unless they are much worse, and an archive of a few long articles still fills the list.
    """
    seen: dict[str, int] = {}
    weighed: list[Hit] = []
    for hit in hits:
        place = seen[hit.head.id] = seen.get(hit.head.id, 0) + 1
        factor = CROWDING ** max(0, place - PER_ARTICLE)
        weighed.append(Hit(hit.passage, hit.head, hit.score * factor, hit.parts, hit.copies))
    return sorted(weighed, key=lambda h: (-h.score, h.passage.id))


def _hit(passage: Passage, head: ArticleHead, score: float, scores: Mapping[str, Mapping[str, float]]) -> Hit:
    parts = {name: by_id[passage.id] for name, by_id in scores.items() if passage.id in by_id}
    return Hit(passage, head, score, MappingProxyType({**parts, "fused": score}))


def _weigh_date(hit: Hit, asked: date | None, named: DateRange | None) -> Hit:
    """Articles near the day of asking are preferred, and those of a time that the query names."""
    published = hit.head.published
    if published is None:
        return hit
    weight = _named_weight(asked, named)
    factor = 1.0
    if asked is not None:
        share = 0.5 if weight == _NAMED_WEIGHT else 1.0
        factor += share * _RECENT_WEIGHT * _RECENT_DAYS / (_RECENT_DAYS + abs((asked - published).days))
    if named is not None and named.holds(published):
        factor += weight
    parts = MappingProxyType({**hit.parts, "date": factor})
    return Hit(hit.passage, hit.head, hit.score * factor, parts, hit.copies)


def _named_weight(asked: date | None, named: DateRange | None) -> float:
    """What being of the named time counts: little for "this week", which recency tells as well."""
    if named is None or named.first is None or named.last is None:
        return _AROUND_NOW_WEIGHT
    if asked is not None and abs((asked - named.last).days) <= _AROUND_NOW_DAYS:
        return _AROUND_NOW_WEIGHT
    return _NAMED_WEIGHT if (named.last - named.first).days <= _NAMED_DAYS else 0.0


def _weigh_siblings(hits: Sequence[Hit]) -> list[Hit]:
    """An article found by several of its passages is more likely the right one."""
    by_article: dict[str, list[float]] = {}
    for hit in hits:
        by_article.setdefault(hit.head.id, []).append(hit.score)
    bonus = {key: _SIBLING_WEIGHT * sum(sorted(s, reverse=True)[1:3]) for key, s in by_article.items()}
    return [Hit(h.passage, h.head, h.score + bonus[h.head.id], h.parts, h.copies) for h in hits]


def _with_copy(hit: Hit, head: ArticleHead) -> Hit:
    return Hit(hit.passage, hit.head, hit.score, hit.parts, (*hit.copies, head))
