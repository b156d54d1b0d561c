"""The dense index: vectors of passages by cosine, kept by Chroma in a folder or by a Chroma server.

The one place that knows Chroma. Knows nothing of texts or embedding models. What Chroma holds can
be made again from the catalog, which matters: a process killed while Chroma writes its HNSW
files leaves a collection that no longer opens.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.dense import Batch, DenseStore, Ranked, VectorSource, nearest, ranked
from index.errors import ArchiveError, StoreDamaged

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Batch", "ChromaStore", "DenseStore"]

UPSERT_BATCH = 5_000  # Chroma refuses more than 5,461
EXACT_PASSAGES = 6_000
"""Up to this many allowed passages are compared one by one rather than over-fetched."""

_WIDEST_FETCH = 8_000
# recall@100 over 8,000 passages of news: .987 with an ef_search of 200, .997 with 400, 1.000 with 1,000
_HNSW = {
    "space": "cosine",
    "ef_construction": 100,
    "ef_search": 800,
    "max_neighbors": 16,
    "batch_size": 100,
    "sync_threshold": 1_000,
}


class ChromaStore:
    """A DenseStore, see there, in Chroma. Raises StoreDamaged when Chroma cannot read or write.

    The content has a serial number. While it is replaced there are two, and the older one counts
    until it is removed, so a process killed in between loses nothing.
    """

    def __init__(self, place: _Folder | _Server, source: VectorSource | None = None) -> None:
        self._place = place
        self._source = source
        self._changed = threading.Condition()
        with _damage():
            serials = place.serials()
            for serial in serials[1:]:
                place.remove(serial)
            self._content = _Content(place, serials[0] if serials else 1)

    @classmethod
    def open(
        cls,
        place: Path | str,
        name: str = "passages",
        source: VectorSource | None = None,
        *,
        fresh: bool = False,
    ) -> ChromaStore:
        """Open the folder, or the server at an http(s) URL. Raises ArchiveError.

        `name` tells contents on one server apart. `source` lets queries over few articles compare
        exactly; without it Chroma filters. `fresh` starts from nothing: torn files can end the
        process that opens them, so they are removed unread.
        """
        where = _Folder(Path(place)) if isinstance(place, Path) else _Server(place, name)
        if fresh:
            for serial in where.serials():
                where.remove(serial)
        return cls(where, source)

    def close(self) -> None:
        self._place.close()

    def upsert(self, ids: Sequence[str], vectors: np.ndarray, article_ids: Sequence[str]) -> None:
        with self._collection() as collection:
            _write(collection, ids, vectors, article_ids)

    def delete(self, ids: Collection[str]) -> None:
        wanted = list(ids)
        with self._collection() as collection:
            for at in range(0, len(wanted), UPSERT_BATCH):
                collection.delete(ids=wanted[at : at + UPSERT_BATCH])

    def count(self) -> int:
        with self._collection() as collection:
            return int(collection.count())

    def ids(self) -> set[str]:
        with self._collection() as collection:
            return set(collection.get(include=[])["ids"])

    def vectors(self, ids: Sequence[str]) -> np.ndarray:
        import numpy as np

        found: dict[str, Any] = {}
        with self._collection() as collection:
            for at in range(0, len(ids), UPSERT_BATCH):
                some = collection.get(ids=list(ids[at : at + UPSERT_BATCH]), include=["embeddings"])
                found.update(zip(some["ids"], some["embeddings"], strict=True))
        if not ids:
            return np.zeros((0, 0), dtype=np.float32)
        return np.asarray([found[one] for one in ids], dtype=np.float32)

    def query(self, vector: np.ndarray, k: int, allowed: Collection[str] | None = None) -> Ranked:
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
        if there > EXACT_PASSAGES:
            found = self._over_fetch(vector, k, frozenset(allowed), there)
            if found is not None:
                return found
        return nearest(vector, k, *self._source.vectors_of(allowed))

    def _over_fetch(self, vector: np.ndarray, k: int, allowed: frozenset[str], there: int) -> Ranked | None:
        """The best allowed passages among many, or None when that takes too many."""
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
        return None

    def _nearest(self, vector: np.ndarray, k: int, where: dict[str, Any] | None = None) -> Ranked:
        import numpy as np

        query = np.asarray(vector, dtype=np.float32).reshape(1, -1)
        with self._collection() as collection:
            count = collection.count()
            if not count:
                return []
            found = collection.query(
                query_embeddings=query, n_results=min(k, count), where=where, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return ranked((one, 1.0 - distance) for one, distance in pairs)

    def replace(self, batches: Iterable[Batch]) -> None:
        former = self._content
        serial = former.serial + 1
        with _damage():
            try:
                fresh = _Content(self._place, serial)
                for ids, vectors, article_ids in batches:
                    _write(fresh.collection, ids, vectors, article_ids)
                fresh.collection.count()
            except BaseException:
                self._place.remove(serial)
                raise
            with self._changed:
                self._content = fresh
                self._changed.wait_for(lambda: not former.users)
            self._place.remove(former.serial)

    @contextmanager
    def _collection(self) -> Iterator[Any]:
        """The collection, which is not taken away meanwhile."""
        with self._changed:
            content = self._content
            content.users += 1
        try:
            with _damage():
                yield content.collection
        finally:
            with self._changed:
                content.users -= 1
                self._changed.notify_all()


class _Content:
    """One collection and how many calls are using it."""

    def __init__(self, place: _Folder | _Server, serial: int) -> None:
        self.serial = serial
        self.users = 0
        client, name = place.open(serial)
        self.collection = client.get_or_create_collection(
            name, configuration={"hnsw": dict(_HNSW)}, embedding_function=None
        )


class _Folder:
    """Contents in a folder and a client of their own each: what is removed leaves nothing behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clients: dict[int, Any] = {}

    def serials(self) -> list[int]:
        found = self._folder.iterdir() if self._folder.is_dir() else ()
        return sorted(int(one.name) for one in found if one.name.isdecimal())

    def open(self, serial: int) -> tuple[Any, str]:
        chromadb, quiet = _chroma()
        folder = self._folder / str(serial)
        folder.mkdir(parents=True, exist_ok=True)
        self._clients[serial] = chromadb.PersistentClient(str(folder), settings=quiet)
        return self._clients[serial], "passages"

    def remove(self, serial: int) -> None:
        if serial in self._clients:
            self._clients.pop(serial).close()
        shutil.rmtree(self._folder / str(serial))

    def close(self) -> None:
        while self._clients:
            self._clients.popitem()[1].close()


class _Server:
    """Contents as collections `<name>-<serial>` of a Chroma server."""

    def __init__(self, url: str, name: str) -> None:
        chromadb, quiet = _chroma()
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 8000)
        self._name = name
        try:
            self._client = chromadb.HttpClient(
                parts.hostname or "localhost", port, ssl=secure, settings=quiet
            )
        except Exception as error:
            reason = str(error).partition("\n")[0][:200]
            raise ArchiveError(
                f"no Chroma server answers at {url} ({reason}): start it or mend the URL"
            ) from error

    def serials(self) -> list[int]:
        names = [collection.name.rpartition("-") for collection in self._client.list_collections()]
        return sorted(int(serial) for name, _, serial in names if name == self._name)

    def open(self, serial: int) -> tuple[Any, str]:
        return self._client, f"{self._name}-{serial}"

    def remove(self, serial: int) -> None:
        self._client.delete_collection(f"{self._name}-{serial}")

    def close(self) -> None:
        self._client.close()


def _chroma() -> tuple[Any, Any]:
    """Chroma with its telemetry off."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb
    from chromadb.config import Settings

    return chromadb, Settings(anonymized_telemetry=False)


def _write(collection: Any, ids: Sequence[str], vectors: np.ndarray, article_ids: Sequence[str]) -> None:
    for at in range(0, len(ids), UPSERT_BATCH):
        to = at + UPSERT_BATCH
        collection.upsert(
            ids=list(ids[at:to]),
            embeddings=vectors[at:to],
            metadatas=[{"article": article_id} for article_id in article_ids[at:to]],
        )


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
