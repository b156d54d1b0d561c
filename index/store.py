"""The dense index: vectors of passages by cosine, kept by Chroma in a folder or by a Chroma server.

The one place that knows Chroma. Knows nothing of texts or embedding models. What Chroma holds can
be made again from the catalog, which matters: a process killed while Chroma writes its HNSW
files leaves a collection that no longer opens.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from index.errors import ArchiveError, StoreDamaged

if TYPE_CHECKING:
    import numpy as np

Batch = tuple[Sequence[str], "np.ndarray", Sequence[str]]
"""Passage ids, vectors (n, dimension) and the article id of each."""

UPSERT_BATCH = 5_000  # Chroma refuses more than 5,461
EXACT_PASSAGES = 6_000
"""Up to this many allowed passages are compared one by one rather than over-fetched."""

_HNSW = {
    "space": "cosine",
    "ef_construction": 200,
    "ef_search": 400,
    "max_neighbors": 24,
    "batch_size": 100,
    "sync_threshold": 1_000,
}
_WIDEST_FETCH = 8_000


class VectorSource(Protocol):
    """Where the vectors of chosen articles can be read faster than from the index itself."""

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

    def query(
        self, vector: np.ndarray, k: int, allowed: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
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


class ChromaStore:
    """A DenseStore in Chroma. Raises StoreDamaged when Chroma cannot read or write its files.

    Collections are called `<name>-<serial>`; while the content is replaced there are two, and the
    older one counts until it is removed, so a process killed in between loses nothing.
    """

    def __init__(self, client: Any, name: str, source: VectorSource | None = None) -> None:
        self._client = client
        self._name = name
        self._source = source
        self._collection = self._settle()

    @classmethod
    def open(
        cls, place: Path | str, name: str = "passages", source: VectorSource | None = None
    ) -> ChromaStore:
        """Open the folder, or the server at an http(s) URL. Raises ArchiveError.

        `source` lets queries over few articles compare exactly; without it Chroma filters.
        """
        return cls(_client(place), name, source)

    def close(self) -> None:
        """See DenseStore."""
        close = getattr(self._client, "close", None)
        if close is not None:
            close()

    def upsert(self, ids: Sequence[str], vectors: np.ndarray, article_ids: Sequence[str]) -> None:
        """See DenseStore."""
        with _damage():
            _write(self._collection, ids, vectors, article_ids)

    def delete(self, ids: Collection[str]) -> None:
        """See DenseStore."""
        wanted = list(ids)
        with _damage():
            for at in range(0, len(wanted), UPSERT_BATCH):
                self._collection.delete(ids=wanted[at : at + UPSERT_BATCH])

    def count(self) -> int:
        """See DenseStore."""
        with _damage():
            return int(self._collection.count())

    def ids(self) -> set[str]:
        """See DenseStore."""
        with _damage():
            return set(self._collection.get(include=[])["ids"])

    def vectors(self, ids: Sequence[str]) -> np.ndarray:
        """See DenseStore."""
        import numpy as np

        found: dict[str, Any] = {}
        with _damage():
            for at in range(0, len(ids), UPSERT_BATCH):
                some = self._collection.get(ids=list(ids[at : at + UPSERT_BATCH]), include=["embeddings"])
                found.update(zip(some["ids"], some["embeddings"], strict=True))
        if not ids:
            return np.zeros((0, 0), dtype=np.float32)
        return np.asarray([found[one] for one in ids], dtype=np.float32)

    def query(
        self, vector: np.ndarray, k: int, allowed: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """See DenseStore.

        Chroma's own filter takes 25 to 75 ms over 60,000 passages, so few allowed passages are
        compared exactly and many are over-fetched, as far as there is a `source`.
        """
        if k <= 0 or (allowed is not None and not allowed):
            return []
        if allowed is None:
            return self._nearest(vector, k)
        if self._source is None:
            return self._nearest(vector, k, {"article": {"$in": list(allowed)}})
        there = self._source.count(allowed)
        if there <= EXACT_PASSAGES:
            return _exact(vector, k, *self._source.vectors_of(allowed))
        return self._over_fetch(vector, k, frozenset(allowed), there)

    def _over_fetch(
        self, vector: np.ndarray, k: int, allowed: frozenset[str], there: int
    ) -> list[tuple[str, float]]:
        assert self._source is not None
        total = self.count()
        fetch = int(1.5 * k * total / there) + 50
        while fetch <= _WIDEST_FETCH:
            near = self._nearest(vector, fetch)
            owners = self._source.owners([one for one, _ in near])
            kept = [(one, cosine) for one, cosine in near if owners.get(one) in allowed]
            if len(kept) >= min(k, there) or fetch >= total:
                return kept[:k]
            fetch *= 3
        return _exact(vector, k, *self._source.vectors_of(allowed))

    def _nearest(
        self, vector: np.ndarray, k: int, where: dict[str, Any] | None = None
    ) -> list[tuple[str, float]]:
        import numpy as np

        query = np.asarray(vector, dtype=np.float32).reshape(1, -1)
        with _damage():
            count = self._collection.count()
            if not count:
                return []
            found = self._collection.query(
                query_embeddings=query, n_results=min(k, count), where=where, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return _ranked((one, 1.0 - distance) for one, distance in pairs)

    def replace(self, batches: Iterable[Batch]) -> None:
        """See DenseStore."""
        with _damage():
            former = self._collection
            serial = int(former.name.rpartition("-")[2]) + 1
            fresh = self._create(serial)
            for ids, vectors, article_ids in batches:
                _write(fresh, ids, vectors, article_ids)
            self._collection = fresh
            self._client.delete_collection(former.name)

    def _settle(self) -> Any:
        """The oldest collection of this name, made if there is none; unfinished later ones go."""
        with _damage():
            serials = sorted(
                int(collection.name.rpartition("-")[2])
                for collection in self._client.list_collections()
                if collection.name.rpartition("-")[0] == self._name
            )
            for serial in serials[1:]:
                self._client.delete_collection(f"{self._name}-{serial}")
            if not serials:
                return self._create(1)
            return self._client.get_collection(f"{self._name}-{serials[0]}", embedding_function=None)

    def _create(self, serial: int) -> Any:
        return self._client.create_collection(
            f"{self._name}-{serial}", configuration={"hnsw": dict(_HNSW)}, embedding_function=None
        )


def _client(place: Path | str) -> Any:
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False)
    if isinstance(place, str) and place.startswith(("http://", "https://")):
        parts = urlsplit(place)
        port = parts.port or (443 if parts.scheme == "https" else 8000)
        try:
            return chromadb.HttpClient(
                host=parts.hostname or "localhost", port=port, ssl=parts.scheme == "https", settings=quiet
            )
        except Exception as error:
            reason = str(error).partition("\n")[0][:200]
            raise ArchiveError(
                f"no Chroma server answers at {place} ({reason}): start it or mend the URL"
            ) from error
    with _damage():
        return chromadb.PersistentClient(str(place), settings=quiet)


def _write(collection: Any, ids: Sequence[str], vectors: np.ndarray, article_ids: Sequence[str]) -> None:
    for at in range(0, len(ids), UPSERT_BATCH):
        to = at + UPSERT_BATCH
        collection.upsert(
            ids=list(ids[at:to]),
            embeddings=vectors[at:to],
            metadatas=[{"article": article_id} for article_id in article_ids[at:to]],
        )


def _exact(vector: np.ndarray, k: int, ids: Sequence[str], vectors: np.ndarray) -> list[tuple[str, float]]:
    import numpy as np

    if not ids:
        return []
    query = np.asarray(vector, dtype=np.float32)
    cosines = vectors @ (query / (np.linalg.norm(query) or 1.0)) / np.linalg.norm(vectors, axis=1)
    best = np.argpartition(-cosines, min(k, len(ids)) - 1)[:k]
    return _ranked((ids[place], float(cosines[place])) for place in best)


def _ranked(scored: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


@contextmanager
def _damage() -> Iterator[None]:
    """Chroma's failures as StoreDamaged."""
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        reason = str(error).partition("\n")[0][:200]
        raise StoreDamaged(
            f"the dense index cannot be read ({reason}): stop Onrecord and start it again, it mends the index"
        ) from error
