"""What a dense index does, and the nearest passages found by comparing all.

Comparing all is faster than an index for few passages, and never wrong. Knows no store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np

Ranked = list[tuple[str, float]]
"""Passage ids with their scores, best first, ties by id."""


Batch = tuple[Sequence[str], "np.ndarray", Sequence[str]]
"""Passage ids, vectors (n, dimension) and the article id of each."""


class VectorSource(Protocol):
    """Where the vectors of chosen articles can be read faster than from a dense index."""

    def count(self, articles: Collection[str] | None = None) -> int:
        """How many passages these articles have."""
        ...

    def owners(self, passage_ids: Collection[str]) -> dict[str, str]:
        """Passage id to article id."""
        ...

    def vectors_of(self, articles: Collection[str]) -> tuple[list[str], np.ndarray]:
        """Passage ids and vectors of all passages of these articles."""
        ...


class DenseStore(Protocol):
    """Vectors of passages. A passage written is found by the next query. Thread-safe."""

    def upsert(self, ids: Sequence[str], vectors: np.ndarray, article_ids: Sequence[str]) -> None:
        """Write vectors (n, dimension), replacing those with the same ids."""
        ...

    def query(self, vector: np.ndarray, k: int, allowed: Collection[str] | None = None) -> Ranked:
        """Up to k passages with their cosine (-1 to 1), best first; `allowed` are article ids."""
        ...

    def delete(self, ids: Collection[str]) -> None:
        """Remove passages; ids that are not there are passed over."""
        ...

    def count(self) -> int:
        """How many passages there are."""
        ...

    def ids(self) -> set[str]:
        """The ids of all passages."""
        ...

    def vectors(self, ids: Sequence[str]) -> np.ndarray:
        """The vectors of these passages, float32 (n, dimension), in this order. Raises KeyError."""
        ...

    def replace(self, batches: Iterable[Batch]) -> None:
        """Hold exactly these from now on; the former content answers until all are written."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


def nearest(vector: np.ndarray, k: int, ids: Sequence[str], vectors: np.ndarray) -> Ranked:
    """The k of these vectors (n, dimension) with the highest cosine."""
    import numpy as np

    if not ids or k <= 0:
        return []
    query = np.asarray(vector, dtype=np.float32)
    cosines = vectors @ (query / (np.linalg.norm(query) or 1.0)) / np.linalg.norm(vectors, axis=1)
    best = np.argpartition(-cosines, min(k, len(ids)) - 1)[:k]
    return ranked((ids[place], float(cosines[place])) for place in best)


def ranked(scored: Iterable[tuple[str, float]]) -> Ranked:
    """Scored passages, best first, ties by id."""
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))
