"""The catalog: every article, passage and vector that is stored, in one SQLite file.

It is what is true: the dense and the lexical index hold what it lists and can be made again from
it. Reading never waits for writing. Knows nothing of the other indices and of how articles get in
(`index.ledger`) or are listed (`index.listing`).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from index.errors import ArchiveError, UnknownArticle
from index.packing import unpack_spans, unpack_vectors
from index.schema import check, connect, prepare
from index.types import Article, ArticleHead, Filters, Passage, Span

if TYPE_CHECKING:
    import numpy as np

_HEAD = "id, title, source, published, url"
_AMONG = "IN (SELECT value FROM json_each(?))"
Made = TypeVar("Made")


class Catalog:
    """Reads and writes the catalog at `path`; may be used from any number of threads.

    Every read sees a state between two writes. With `read_only` the file must exist and
    `write` is refused. Raises ArchiveError or FingerprintMismatch when it cannot be opened.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._idle: deque[sqlite3.Connection] = deque()
        self._writing = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._depth = self._writes = 0
        self._kept: dict[str, tuple[int, object]] = {}
        self._closed = False
        if not read_only:
            prepare(path)
        elif not path.exists():
            raise ArchiveError(f"no articles are stored in {path.parent}: run `onrecord ingest PATH` first")
        with self.read() as connection:
            check(connection, path)

    def close(self) -> None:
        """Close the file; later calls raise ArchiveError."""
        with self._writing:
            self._closed = True
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading; statements in one `BEGIN` see one state."""
        self._check_open()
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connect(self.path, read_only=True)
        try:
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is kept or, when the body raises, none of it. May be nested."""
        self._check_open()
        if self.read_only:
            raise ArchiveError(f"{self.path} was opened for reading only: open it without read_only")
        with self._writing:
            connection = self._open_writer()
            if self._depth == 0:
                connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield connection
                if self._depth == 1:
                    connection.execute("COMMIT")
                    self._writes += 1
            except BaseException as error:
                if self._depth == 1 and connection.in_transaction:
                    connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise ArchiveError(
                        f"{self.path} could not be written ({error}): nothing of it was kept; "
                        f"see whether the disk is full, then try again"
                    ) from error
                raise
            finally:
                self._depth -= 1

    def _open_writer(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = connect(self.path)
            self._writer.execute("PRAGMA synchronous = NORMAL")
            self._writer.execute("PRAGMA secure_delete = ON")
        return self._writer

    def _check_open(self) -> None:
        if self._closed:
            raise ArchiveError(f"{self.path} is closed: open the archive again")

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """All rows of one reading statement."""
        with self.read() as connection:
            return connection.execute(sql, values).fetchall()

    def kept(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` makes of the content: made once, and again when something was written since."""
        writes, found = self._kept.get(name, (-1, None))
        if writes != self._writes or self.read_only:  # read only, others may write
            writes, found = self._writes, make()
            self._kept[name] = writes, found
        return cast(Made, found)

    def meta(self, key: str) -> str | None:
        """What is noted under `key`."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", key)
        return str(found[0][0]) if found else None

    def set_meta(self, key: str, value: str | None) -> None:
        """Note `value` under `key`; None removes the note."""
        with self.write() as connection:
            if value is None:
                connection.execute("DELETE FROM meta WHERE key = ?", (key,))
            else:
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def article(self, article_id: str) -> Article:
        """The article as cleaned. Raises UnknownArticle."""
        rows = self.rows(
            "SELECT a.id, title, t.text, url, source, published, author, language "
            "FROM articles a JOIN texts t ON t.id = a.id WHERE a.id = ?",
            article_id,
        )
        if not rows:
            raise self._unknown(article_id)
        row = rows[0]
        return Article(row[0], row[1], row[2], row[3], row[4], _day(row[5]), row[6], row[7])

    def text_parts(self, article_id: str) -> tuple[bytes, str, str]:
        """The packed raw article, the removed parts and the offset map (both JSON) of an article."""
        rows = self.rows("SELECT raw, removed, offsets FROM texts WHERE id = ?", article_id)
        if not rows:
            raise self._unknown(article_id)
        return rows[0][0], rows[0][1], rows[0][2]

    def _unknown(self, article_id: str) -> UnknownArticle:
        if self.rows("SELECT 1 FROM pending WHERE id = ?", article_id):
            return UnknownArticle(
                f'article "{article_id}" is stored but not indexed yet: '
                f"wait for the ingest, or run `onrecord ingest` again"
            )
        return UnknownArticle(f'no article has the id "{article_id}": `onrecord articles list` shows them')

    def head(self, article_id: str) -> ArticleHead:
        """The article without its text. Raises UnknownArticle."""
        found = self.heads([article_id])
        if not found:
            raise self._unknown(article_id)
        return found[article_id]

    def heads(self, ids: Iterable[str]) -> dict[str, ArticleHead]:
        """The heads of those of these articles that can be found."""
        rows = self.rows(f"SELECT {_HEAD} FROM articles WHERE id {_AMONG}", _json(ids))
        return {row[0]: ArticleHead(row[0], row[1], row[2], _day(row[3]), row[4]) for row in rows}

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in this order; those of no article are left out."""
        with self.read() as connection:
            connection.execute("BEGIN")
            rows = connection.execute(
                f"SELECT id, article_id, start, end, sentences FROM passages WHERE id {_AMONG}", (_json(ids),)
            ).fetchall()
            texts = _texts(connection, {row[1] for row in rows})
        found = {row[0]: _passage(row, texts[row[1]]) for row in rows}
        return [found[one] for one in ids if one in found]

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of an article in text order. Raises UnknownArticle."""
        with self.read() as connection:
            connection.execute("BEGIN")
            texts = _texts(connection, [article_id])
            rows = connection.execute(
                "SELECT id, article_id, start, end, sentences FROM passages "
                "WHERE article_id = ? ORDER BY ordinal",
                (article_id,),
            ).fetchall()
        if not texts:
            raise self._unknown(article_id)
        return [_passage(row, texts[article_id]) for row in rows]

    def texts(self, ids: Collection[str]) -> dict[str, str]:
        """The cleaned texts of those of these articles that can be found."""
        with self.read() as connection:
            return _texts(connection, ids)

    def sentences(self, ids: Collection[str]) -> dict[str, tuple[Span, ...]]:
        """The spans of the sentences of these articles, in order; those without any are left out."""
        sql = f"SELECT article_id, sentences FROM passages WHERE article_id {_AMONG} ORDER BY 1, ordinal"
        found: dict[str, tuple[Span, ...]] = {}
        for article_id, packed in self.rows(sql, _json(ids)):
            found[article_id] = found.get(article_id, ()) + unpack_spans(packed)
        return found

    def owners(self, passage_ids: Collection[str]) -> dict[str, str]:
        """Passage id to article id; passages of no article are left out."""
        return dict(self.rows(f"SELECT id, article_id FROM passages WHERE id {_AMONG}", _json(passage_ids)))

    def passage_ids(self) -> set[str]:
        """The ids of all passages."""
        return {row[0] for row in self.rows("SELECT id FROM passages")}

    def count(self, articles: Collection[str] | None = None) -> int:
        """How many passages there are, in all or in these articles."""
        if articles is None:
            return int(self.rows("SELECT coalesce(sum(passages), 0) FROM articles")[0][0])
        sql = f"SELECT coalesce(sum(passages), 0) FROM articles WHERE id {_AMONG}"
        return int(self.rows(sql, _json(articles))[0][0])

    def vectors(self, ids: Sequence[str]) -> np.ndarray:
        """The vectors of these passages: float32 (n, dimension), in this order.

        Raises KeyError for a passage that is not stored.
        """
        packed = dict(self.rows(f"SELECT id, vector FROM passages WHERE id {_AMONG}", _json(ids)))
        return unpack_vectors([packed[one] for one in ids])

    def vectors_of(self, articles: Collection[str]) -> tuple[list[str], np.ndarray]:
        """Passage ids and vectors, float32 (n, dimension), of all passages of these articles."""
        rows = self.rows(f"SELECT id, vector FROM passages WHERE article_id {_AMONG}", _json(articles))
        return [row[0] for row in rows], unpack_vectors([row[1] for row in rows])

    def allowed(self, filters: Filters) -> frozenset[str] | None:
        """Ids of the articles that may be found; None when nothing is restricted."""
        if filters.empty:
            return None
        where, values = condition(filters)
        rows = self.rows(f"SELECT id FROM articles WHERE {where}", *values)
        return frozenset(row[0] for row in rows)

    def vacuum(self) -> None:
        """Give the space of what was removed back to the disk."""
        with self._writing:
            connection = self._open_writer()
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def condition(filters: Filters) -> tuple[str, list[Any]]:
    """The filters as an SQL condition over id, source and published, with its values."""
    wanted, values = ["1"], list[Any]()
    for sign, day in ((">=", filters.since), ("<=", filters.until)):
        if day is not None:
            wanted.append(f"published {sign} ?")
            values.append(day.isoformat())
    if filters.sources:
        wanted.append(f"fold(source) {_AMONG}")
        values.append(_json([source.casefold() for source in filters.sources]))
    if filters.articles is not None:
        wanted.append(f"id {_AMONG}")
        values.append(_json(filters.articles))
    return " AND ".join(wanted), values


def _texts(connection: sqlite3.Connection, ids: Collection[str]) -> dict[str, str]:
    return dict(connection.execute(f"SELECT id, text FROM texts WHERE id {_AMONG}", (_json(ids),)).fetchall())


def _passage(row: tuple[str, str, int, int, bytes], text: str) -> Passage:
    span = Span(row[2], row[3])
    return Passage(row[0], row[1], span, span.of(text), unpack_spans(row[4]))


def _json(values: Iterable[str]) -> str:
    return json.dumps(list(values))


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
