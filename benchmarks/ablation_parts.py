"""The parts that an ablation switches off, each by a context manager that gives the changed subject.

What a parameter cannot change is replaced in its module for the time of the measurement. A part that was
renamed fails at once: only what is there can be replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rag.judge import Judge, Weights, load_judge
from rag.signals import SIGNALS

if TYPE_CHECKING:
    from index.search import Searcher
    from rag.assistant import Assistant

RANK_CONSTANT = 60


@contextmanager
def replaced(owner: Any, **changes: Any) -> Iterator[None]:
    """`owner` with these attributes, until the end. Raises AttributeError if it lacks one of them."""
    before = {name: getattr(owner, name) for name in changes}
    for name, value in changes.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)


class Nothing:
    """An index that finds nothing."""

    def query(self, wanted: Any, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        """No passage."""
        return []


def reciprocal_ranks(
    rankings: Mapping[str, Any], weights: Mapping[str, float], _fetch_k: int
) -> dict[str, float]:
    """Fusion by weighted reciprocal rank, weight / (60 + rank), best first, ties by id."""
    total: dict[str, float] = {}
    for name, ranking in sorted(rankings.items()):
        for rank, (key, _) in enumerate(ranking, 1):
            total[key] = total.get(key, 0.0) + weights.get(name, 1.0) / (RANK_CONSTANT + rank)
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


@contextmanager
def _dense_only(searcher: Searcher) -> Iterator[Searcher]:
    yield replace(searcher, lexical=Nothing())  # type: ignore[arg-type]  # it only queries


@contextmanager
def _lexical_only(searcher: Searcher) -> Iterator[Searcher]:
    yield replace(searcher, dense=Nothing())  # type: ignore[arg-type]


def _in_search(**changes: Any) -> Callable[[Searcher], AbstractContextManager[Searcher]]:
    @contextmanager
    def off(searcher: Searcher) -> Iterator[Searcher]:
        from index import search

        with replaced(search, **changes):
            yield searcher

    return off


RETRIEVAL_PARTS: Mapping[str, Callable[[Searcher], AbstractContextManager[Searcher]]] = MappingProxyType(
    {
        "dense only": _dense_only,
        "lexical only": _lexical_only,
        "reciprocal ranks": _in_search(fuse=reciprocal_ranks),
        "no dates": _in_search(_weigh_date=lambda hit, asked, named: hit),
        "no sibling bonus": _in_search(_SIBLING_WEIGHT=0.0),
        "articles not spread": _in_search(CROWDING=1.0),
        "copies not folded": _in_search(fold_copies=list),
    }
)
"""Name to what switches the part off."""


def _without_signals(*names: str) -> Callable[[Assistant], AbstractContextManager[Assistant]]:
    """Sentences ranked as if these signals had no weight."""

    @contextmanager
    def off(assistant: Assistant) -> Iterator[Assistant]:
        judge = assistant._judge
        with replaced(
            assistant,
            _judge=Judge(_muted(judge.first, names), _muted(judge.weights, names), judge.cross),
        ):
            yield assistant

    return off


def _muted(weights: Weights, names: Sequence[str]) -> Weights:
    ranks = tuple(0.0 if name in names else w for name, w in zip(SIGNALS, weights.ranks, strict=True))
    return replace(weights, ranks=ranks)


@contextmanager
def _without_cross_encoder(assistant: Assistant) -> Iterator[Assistant]:
    with replaced(assistant, _judge=load_judge("none")):
        yield assistant


ANSWER_PARTS: Mapping[str, Callable[[Assistant], AbstractContextManager[Assistant]]] = MappingProxyType(
    {
        "no cross-encoder": _without_cross_encoder,
        "no sentence embedding": _without_signals("cosine"),
        "word signals only": _without_signals("cross", "cosine", "passage_cosine"),
        # A part of the answer path that comes anew is added here, and nowhere else.
    }
)
"""Name to what switches the part off."""
