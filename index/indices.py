"""The dense and the lexical index of an archive, kept equal to its catalog.

Both are opened at first use. A process that ends while it writes leaves a note in the catalog:
the next one then makes the dense index again, since its files may be torn, and compares the
lexical one with the catalog. Nothing is embedded again. Knows nothing of files, cleaning or models.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

from index.catalog import Catalog
from index.errors import ArchiveError, StoreDamaged
from index.ledger import Finished
from index.lexical import Entry, LexicalIndex
from index.store import Batch, DenseStore

PAGE_PASSAGES = 2_000
PROBES = 50
MADE_AGAIN = 3
"""Tries: the graph is drawn at random, and one in fifteen over a few hundred alike vectors has holes."""
_WRITING = "indices_writing"
_OPEN, _FAILED = "open", "failed"


class Indices:
    """Writes to and mends both indices; may be used from several threads.

    A passage is put into both before the catalog lists it and taken out after the catalog has
    forgotten it, so what the catalog lists can always be found. `open_dense` is told whether to
    start from nothing, without so much as looking at the files there.
    """

    def __init__(
        self,
        catalog: Catalog,
        open_dense: Callable[[bool], DenseStore],
        open_lexical: Callable[[], LexicalIndex],
    ) -> None:
        self._catalog = catalog
        self._open_dense = open_dense
        self._open_lexical = open_lexical
        self._lock = threading.RLock()
        self._writers = 0
        self._failed = False
        self._pair: tuple[DenseStore, LexicalIndex] | None = None

    @property
    def dense(self) -> DenseStore:
        """The dense index, opened and mended."""
        return self._opened()[0]

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical index, opened and mended."""
        return self._opened()[1]

    def settle(self) -> None:
        """Mend what an interrupted write left, if there was one."""
        if self._catalog.meta(_WRITING) is not None:
            self._opened()

    def _opened(self) -> tuple[DenseStore, LexicalIndex]:
        with self._lock:
            if self._pair is None:
                note = self._catalog.meta(_WRITING)
                dense = self._open_dense(note == _OPEN)
                try:
                    self._pair = dense, self._open_lexical()
                    self._check(note)
                except BaseException:
                    self._pair = None
                    dense.close()
                    raise
            return self._pair

    def _check(self, note: str | None) -> None:
        dense, lexical = self._opened()
        wanted = self._catalog.count()
        if note is not None or lexical.count() != wanted:
            self._mend_lexical()
        if note is not None or _count(dense) != wanted or not self._answers(probes=1):
            self._catalog.set_meta(_WRITING, _OPEN)
            self._mend_dense()
        if self._catalog.meta(_WRITING) is not None:
            self._catalog.set_meta(_WRITING, None)

    def close(self) -> None:
        """Close both."""
        with self._lock:
            if self._pair is not None:
                for index in self._pair:
                    index.close()
                self._pair = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Surrounds whatever writes to the indices: if it does not end, the next process mends them."""
        self._opened()
        with self._lock:
            if self._writers == 0:
                self._catalog.set_meta(_WRITING, _OPEN)
            self._writers += 1
        try:
            yield
        except BaseException:
            self._failed = True
            raise
        finally:
            with self._lock:
                self._writers -= 1
                if not self._writers:
                    self._opened()[0].count()  # Chroma writes its files at the latest now
                    self._catalog.set_meta(_WRITING, _FAILED if self._failed else None)

    def put(self, done: Sequence[Finished]) -> None:
        """Write the passages of these articles to both indices."""
        import numpy as np

        dense, lexical = self._opened()
        ids = [passage.id for one in done for passage in one.passages]
        if ids:
            owners = [one.article.id for one in done for _ in one.passages]
            dense.upsert(
                ids, np.concatenate([one.vectors for one in done if one.vectors is not None]), owners
            )
        lexical.upsert(
            Entry(passage.id, one.article.id, one.article.title, passage.text)
            for one in done
            for passage in one.passages
        )
        lexical.commit()

    def drop(self, ids: Collection[str]) -> None:
        """Remove passages from both indices."""
        if ids:
            dense, lexical = self._opened()
            dense.delete(ids)
            lexical.delete(ids)
            lexical.commit()

    def rewrite(self) -> None:
        """Make both indices again from the catalog: what was removed leaves the disk."""
        with self.writing():
            dense, lexical = self._opened()
            dense.replace(self._batches())
            lexical.replace(self._entries())

    def clear(self) -> None:
        """Hold nothing, whatever the dimension of the vectors to come."""
        with self.writing():
            dense, lexical = self._opened()
            dense.replace(())
            lexical.replace(())

    def _mend_lexical(self) -> None:
        _, lexical = self._opened()
        there, wanted = lexical.ids(), self._catalog.passage_ids()
        lexical.delete(there - wanted)
        lexical.upsert(self._entries(sorted(wanted - there)))
        lexical.commit()

    def _mend_dense(self) -> None:
        dense, _ = self._opened()
        try:
            there, wanted = dense.ids(), self._catalog.passage_ids()
            if not wanted:
                dense.replace(())
                return
            if there - wanted:
                dense.delete(there - wanted)
            for batch in self._batches(sorted(wanted - there)):
                dense.upsert(*batch)
            if self._equal(dense, there & wanted) and self._answers(PROBES):
                return
        except StoreDamaged:
            pass
        for _ in range(MADE_AGAIN):
            dense, lexical = self._opened()
            dense.close()
            self._pair = self._open_dense(True), lexical
            self._pair[0].replace(self._batches())
            if self._answers(PROBES):
                return
        raise ArchiveError("the dense index stays damaged after it was made again: check the disk")

    def _equal(self, dense: DenseStore, ids: Collection[str]) -> bool:
        """Whether the index holds the vectors of the catalog."""
        import numpy as np

        for some in _pages(sorted(ids)):
            ours, theirs = self._catalog.vectors(some), dense.vectors(some)
            lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
            if not np.allclose((ours * theirs).sum(axis=1), lengths, atol=1e-3):
                return False
        return True

    def _answers(self, probes: int) -> bool:
        """Whether some stored vectors find a passage that is as near as themselves."""
        # ids are hashes, so the first ones are a fair sample
        chosen = [row[0] for row in self._catalog.rows("SELECT id FROM passages ORDER BY id LIMIT ?", probes)]
        dense, _ = self._opened()
        try:
            found = [dense.query(vector, 1) for vector in self._catalog.vectors(chosen)]
        except StoreDamaged:
            return False
        missed = sum(not hits or hits[0][1] < 0.999 for hits in found)
        return missed <= len(chosen) // 20

    def _batches(self, ids: Sequence[str] | None = None) -> Iterator[Batch]:
        for some in _pages(sorted(self._catalog.passage_ids()) if ids is None else ids):
            owners = self._catalog.owners(some)
            there = [one for one in some if one in owners]
            yield there, self._catalog.vectors(there), [owners[one] for one in there]

    def _entries(self, ids: Sequence[str] | None = None) -> Iterator[Entry]:
        for some in _pages(sorted(self._catalog.passage_ids()) if ids is None else ids):
            passages = self._catalog.passages(some)
            heads = self._catalog.heads({passage.article_id for passage in passages})
            for one in passages:
                yield Entry(one.id, one.article_id, heads[one.article_id].title, one.text)


def _pages(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(ids), PAGE_PASSAGES):
        yield ids[at : at + PAGE_PASSAGES]


def _count(dense: DenseStore) -> int:
    try:
        return dense.count()
    except StoreDamaged:
        return -1
