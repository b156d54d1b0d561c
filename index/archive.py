"""An archive: one home folder with its catalog, both indices, its lock and an embedder.

The only composition in `index`. The embedder is loaded at first use, the indices are opened at
first use; listing and reading articles needs neither.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from index import duplicates, listing
from index.attributions import derive_due, due
from index.build import BuildReport, Given, Workshop, remove, sync
from index.catalog import Catalog
from index.errors import ArchiveError
from index.fingerprint import Fingerprint, start_rebuild
from index.indices import Indices
from index.lexical import LexicalIndex, TantivyIndex
from index.lock import HomeLock, locked
from index.memory import cleared_memory
from index.packing import short_hash, unpack_article, unpack_cleaned
from index.progress import Progress
from index.quotes import Quotes, Wanted, counts, find_quotes
from index.stages import Once, Stages, standard
from index.store import ChromaStore, DenseStore
from index.types import Article, ArticleHead, Filters, Hit
from index.weights import DEFAULT_MODEL

if TYPE_CHECKING:
    import numpy as np

    from index.cleaning.clean import Cleaned
    from index.embed import Embedder
    from index.search import Searcher

CATALOG, DENSE, LEXICAL = "catalog.sqlite3", "chroma", "lexical"
_FILES = {"catalog": f"{CATALOG}*", "dense": f"{DENSE}/**/*", "lexical": f"{LEXICAL}/**/*"}
_OWN = (CATALOG, f"{CATALOG}-wal", f"{CATALOG}-shm", DENSE, LEXICAL, "lock", "lock.note")


class Archive:
    """What a home folder holds. May be used from several threads; one process at a time.

    Searching goes on while another thread ingests: it sees each article before or after a change,
    never in between. `catalog`, `dense`, `lexical` and `embedder` are open to those who build on it.
    """

    def __init__(self, home: Path, catalog: Catalog, indices: Indices, stages: Stages) -> None:
        self.home = home
        self.catalog = catalog
        self._indices = indices
        self._embedder = Once(stages.embedder)
        self._stages = stages
        self._fingerprint = Fingerprint(catalog, stages.chunking)
        self._lock: HomeLock | None = None
        self._model = DEFAULT_MODEL
        self._agreed = False
        self._ingesting = threading.RLock()
        self._storing = threading.RLock()
        self._searcher: Searcher | None = None

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        model: str = DEFAULT_MODEL,
        precision: str = "auto",
        read_only: bool = False,
        rebuild: bool = False,
        chroma: str | None = None,
        stages: Stages | None = None,
        command: str | None = None,
    ) -> Archive:
        """Open `home`, made if it is not there, and hold it for this process.

        `read_only` takes no lock, so it works beside another process, and gives what the catalog
        holds: no search, no change. `rebuild` accepts an archive of another model and makes every
        article pending; the next ingest cleans, cuts and embeds them anew. `chroma` is the URL of
        a Chroma server to use instead of files in `home`. `command` tells others what runs here.

        Raises ArchiveBusy, FingerprintMismatch, ArchiveError.
        """
        home = Path(os.path.normpath(home.expanduser().absolute()))
        with ExitStack() as undo:
            lock = None if read_only else locked(home, command)
            if lock is not None:
                undo.callback(lock.release)
            catalog = Catalog(home / CATALOG, read_only=read_only)
            undo.callback(catalog.close)
            indices = _indices(home, catalog, chroma)
            undo.callback(indices.close)
            archive = cls(home, catalog, indices, stages or standard(model, precision))
            archive._lock, archive._model = lock, model
            if rebuild:
                archive._start_rebuild()
            elif not read_only:
                archive._check(model)
            undo.pop_all()
        return archive

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the home folder. May be called twice."""
        self._indices.close()
        self.catalog.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    @property
    def embedder(self) -> Embedder:
        """The embedder, loaded at first use. Raises EmbedderError or FingerprintMismatch."""
        embedder = self._embedder()
        if not self._agreed:
            self._fingerprint.check_embedder(embedder.fingerprint)
            self._agreed = True
        return embedder

    @property
    def dense(self) -> DenseStore:
        """The dense index."""
        return self._writable().dense

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical index."""
        return self._writable().lexical

    def ingest(
        self, given: Sequence[Given], *, progress: Progress | None = None, prune: bool = False
    ) -> BuildReport:
        """Store what files and folders hold and what was loaded already; see `index.build.sync`."""
        with self._ingesting:
            return sync(self._workshop(), given, progress, prune=prune)

    def rebuild(self, *, progress: Progress | None = None) -> BuildReport:
        """Clean, cut and embed every stored article anew; the files are not needed.

        Until an article's turn comes it cannot be found. Interrupted, the next ingest goes on.
        """
        with self._ingesting:
            self._start_rebuild()
            return sync(self._workshop(), [], progress)

    def remove(self, ids: Sequence[str]) -> int:
        """Remove articles; how many. Raises UnknownArticle, and removes none, if one is not stored."""
        wanted = list(dict.fromkeys(ids))
        listing.check_stored(self.catalog, wanted)
        if wanted:
            remove(self._workshop(), wanted)
        return len(wanted)

    def compact(self) -> None:
        """Give the space of what was removed back to the disk, where nothing is left of it."""
        with self._ingesting, self._storing, cleared_memory():
            self._writable().rewrite()
            self.catalog.vacuum()

    def search(
        self,
        query: str,
        *,
        top_k: int = 10,
        filters: Filters = Filters(),
        asked: date | None = None,
        query_vector: np.ndarray | None = None,
    ) -> list[Hit]:
        """The best `top_k` hits, best first; see `index.search.Searcher`."""
        if self._searcher is None:
            from index.search import Searcher

            self._searcher = Searcher(self.catalog, self.dense, self.lexical, self.embedder)
        return self._searcher.search(
            query, top_k=top_k, filters=filters, asked=asked, query_vector=query_vector
        )

    def attribute(self, *, progress: Progress | None = None) -> None:
        """Derive who said what in the articles that lack it, as every ingest does; not during one."""
        self._writable()
        if self._ingesting.acquire(blocking=False):
            try:
                derive_due(self.catalog, self._stages, progress)
            finally:
                self._ingesting.release()

    def unattributed(self) -> int:
        """How many of the stored articles were not looked through for statements yet."""
        return len(due(self.catalog, self._stages.attributing))

    def quotes(
        self, *, speaker: str = "", about: str = "", filters: Filters = Filters(), limit: int | None = None
    ) -> Quotes:
        """Who said what, in order of time, derived first unless asked of some articles; see `Wanted`."""
        if not self.catalog.read_only and filters.articles is None:
            self.attribute()
        return find_quotes(self.catalog, Wanted(speaker, about, filters, limit), self._embedder)

    def article(self, article_id: str) -> Article:
        """The cleaned article, to which all offsets refer. Raises UnknownArticle."""
        return self.catalog.article(article_id)

    def carriers(self, article_id: str) -> list[ArticleHead]:
        """The other articles that carry this one's text; see `index.duplicates.carriers`."""
        return duplicates.carriers(self.catalog, article_id)

    def raw(self, article_id: str) -> str:
        """The text of the article as it was loaded. Raises UnknownArticle."""
        return unpack_article(article_id, self.catalog.text_parts(article_id)[0]).text

    def cleaned(self, article_id: str) -> Cleaned:
        """The article with what cleaning removed and the map of offsets. Raises UnknownArticle."""
        return unpack_cleaned(self.catalog.article(article_id), *self.catalog.text_parts(article_id))

    def list(
        self,
        words: str = "",
        *,
        filters: Filters = Filters(),
        limit: int | None = None,
        offset: int = 0,
        order: listing.Order = "published",
        state: listing.State | None = None,
    ) -> tuple[list[listing.Entry], int]:
        """One page of the articles whose title holds `words`, newest first, and how many there are in all."""
        page = listing.Page(limit, offset, order, state)
        total = listing.count_entries(self.catalog, words, filters, state)
        return listing.entries(self.catalog, words, filters, page), total

    def sources(self) -> tuple[str, ...]:
        """The outlets, those with most articles first."""
        return tuple(name for name, _ in listing.sources(self.catalog))

    def info(self) -> dict[str, Any]:
        """Counts, sizes in bytes, days, outlets and what the index was built with; plain JSON values.

        `precision` is None until the embedder is loaded.
        """
        made = self._embedder.made
        return {
            "home": str(self.home),
            **listing.facts(self.catalog),
            **counts(self.catalog),
            "bytes": {name: listing.size(self.home, pattern) for name, pattern in _FILES.items()},
            "model": self.catalog.meta("model") or self._model,
            "precision": made.precision if made else None,
            "fingerprint": self.catalog.meta("embedder"),
            "chunking": self.catalog.meta("chunking"),
            "schema": self.catalog.rows("PRAGMA user_version")[0][0],
        }

    def _workshop(self) -> Workshop:
        stages = replace(self._stages, embedder=Once(self._noted_embedder))
        own = tuple(self.home / name for name in _OWN)
        return Workshop(self.catalog, self._writable(), stages, self._storing, own)

    def _noted_embedder(self) -> Embedder:
        embedder = self.embedder
        if self.catalog.meta("embedder") not in (None, embedder.fingerprint):
            self._indices.clear()  # vectors of another length may come; those of none are there
        self._fingerprint.note(self._model, embedder.fingerprint)
        return embedder

    def _writable(self) -> Indices:
        if self.catalog.read_only:
            raise ArchiveError(f"{self.home} was opened for reading only: open it without read_only")
        return self._indices

    def _check(self, model: str) -> None:
        self._fingerprint.check_stored()
        if self._fingerprint.names_another(model):
            _ = self.embedder  # another name may still be the same model

    def _start_rebuild(self) -> None:
        with self._ingesting, self._storing:
            start_rebuild(self.catalog, self._stages.lines_of)
            self._agreed = False
            self._indices.clear()


def _indices(home: Path, catalog: Catalog, chroma: str | None) -> Indices:
    name = "passages" if chroma is None else f"onrecord-{short_hash(str(home))}"

    def dense(fresh: bool) -> ChromaStore:
        return ChromaStore.open(chroma or home / DENSE, name, catalog, fresh=fresh)

    return Indices(catalog, dense, lambda: TantivyIndex.open(home / LEXICAL))
