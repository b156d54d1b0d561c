"""What the stored passages and vectors depend on, and how to move to something else.

The catalog notes the embedder's fingerprint, the model's name and the chunking with the first
articles; later ones must agree. Knows nothing of models beyond those words.
"""

from __future__ import annotations

from collections.abc import Callable

from index.catalog import Catalog
from index.errors import FingerprintMismatch
from index.ledger import count_lines
from index.packing import unpack_article

_PAGE = 200


class Fingerprint:
    """The notes in the catalog against what is in use now."""

    def __init__(self, catalog: Catalog, chunking: str) -> None:
        self._catalog = catalog
        self._chunking = chunking

    def check_stored(self) -> None:
        """Raise FingerprintMismatch if the stored passages were cut in another way."""
        found = self._stored("chunking")
        if found not in (None, self._chunking):
            raise _mismatch(self._catalog, f"chunking {found}", f"chunking {self._chunking}")

    def names_another(self, model: str) -> bool:
        """Whether the catalog was made with a model of another name."""
        return self._stored("model") not in (None, model)

    def check_embedder(self, fingerprint: str) -> None:
        """Raise FingerprintMismatch if the stored vectors are of another embedder."""
        found = self._stored("embedder")
        if found not in (None, fingerprint):
            raise _mismatch(self._catalog, f"the embedder {found}", f"the embedder {fingerprint}")

    def note(self, model: str, fingerprint: str) -> None:
        """Note what is in use, with the first vectors."""
        notes = {"model": model, "embedder": fingerprint, "chunking": self._chunking}
        with self._catalog.write():
            for key, value in notes.items():
                if self._catalog.meta(key) != value:
                    self._catalog.set_meta(key, value)

    def _stored(self, key: str) -> str | None:
        """The note, as far as there are passages that depend on it."""
        return self._catalog.meta(key) if self._catalog.count() else None


def _mismatch(catalog: Catalog, found: str, wanted: str) -> FingerprintMismatch:
    return FingerprintMismatch(
        f"{catalog.path.parent} was built with {found}, in use is {wanted}: "
        f"choose the former, or run `onrecord ingest --rebuild` to build it anew"
    )


def start_rebuild(catalog: Catalog, lines_of: Callable[[str], set[str]]) -> None:
    """Make every article pending, with lines counted anew and no passages left, in one transaction."""
    with catalog.write() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO pending SELECT a.id, title, raw, origin, hash, named, added_at "
            "FROM articles a JOIN texts t ON t.id = a.id"
        )
        connection.execute("DELETE FROM articles")
        connection.execute("DELETE FROM lines")
        connection.execute("DELETE FROM meta WHERE key IN ('model', 'embedder', 'chunking')")
        last = ""
        while rows := connection.execute(
            "SELECT id, raw FROM pending WHERE id > ? ORDER BY id LIMIT ?", (last, _PAGE)
        ).fetchall():
            for article_id, raw in rows:
                count_lines(connection, lines_of(unpack_article(article_id, raw).text), 1)
            last = rows[-1][0]
