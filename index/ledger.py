"""What goes into the catalog and what leaves it, one transaction at a time.

Knows which stored article a loaded one is: by its id when the record carries one, otherwise by
the file it came from. Knows nothing of cleaning, embedding and the other indices. All functions
take the connection of a `Catalog.write` transaction.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from index.attributions import Derived, put_derived
from index.duplicates import keep_prints
from index.packing import (
    pack_article,
    pack_spans,
    pack_vector,
    short_hash,
    unpack_article,
)
from index.types import Article, Loaded, Passage

if TYPE_CHECKING:
    import numpy as np

Outcome = Literal["added", "changed", "unchanged"]
LinesOf = Callable[[str], set[str]]
_PLACE = re.compile(r"#\d+$")


@dataclass(frozen=True, slots=True)
class Stored:
    """The newest version of an article: the pending one where there is one."""

    id: str
    origin: str
    hash: str
    named: bool
    pending: bool
    found: bool

    @property
    def outcome(self) -> Outcome:
        """What a run tells of this version: it is only news while it waits."""
        if not self.pending:
            return "unchanged"
        return "changed" if self.found else "added"


@dataclass(frozen=True, slots=True)
class Finished:
    """A cleaned article with its passages and, once embedded, their vectors (n, dimension).

    Without `derived` its attributions stay due.
    """

    article: Article
    raw: bytes
    hash: str
    removed: str
    offsets: str
    passages: Sequence[Passage]
    vectors: np.ndarray | None = None
    derived: Derived | None = None


_NEWEST = """
SELECT id, origin, hash, named, 1, EXISTS (SELECT 1 FROM articles a WHERE a.id = p.id)
FROM pending p WHERE {column} = ?
UNION ALL
SELECT id, origin, hash, named, 0, 1 FROM articles a
WHERE {column} = ? AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.id = a.id)
ORDER BY id
"""


def stored(connection: sqlite3.Connection, column: str, value: str) -> list[Stored]:
    """The articles whose newest version has this `id`, `origin` or `hash`, by id."""
    rows = connection.execute(_NEWEST.format(column=column), (value, value))
    return [Stored(row[0], row[1], row[2], bool(row[3]), bool(row[4]), bool(row[5])) for row in rows]


class Register:
    """Takes loaded articles as pending, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, lines_of: LinesOf, now: str) -> None:
        self._connection = connection
        self._lines_of = lines_of
        self._now = now

    def find(self, loaded: Loaded, digest: str, origin_is_gone: Callable[[str], bool]) -> Stored | None:
        """The stored article that `loaded` is, or None if it is new.

        A file with the very content of another stored article is that article: its place is
        noted, and it becomes the article's own when the first place is gone.
        """
        if loaded.named:
            known = next(iter(stored(self._connection, "id", loaded.article.id)), None)
            if known is not None and known.hash == digest and known.origin != loaded.origin:
                self._seen_elsewhere(known, loaded, origin_is_gone)
            return known
        by_origin = [one for one in stored(self._connection, "origin", loaded.origin) if not one.named]
        if by_origin:
            return by_origin[0]
        same = stored(self._connection, "hash", digest)
        if not same:
            return None
        self._seen_elsewhere(same[0], loaded, origin_is_gone)
        return same[0]

    def _seen_elsewhere(self, known: Stored, loaded: Loaded, origin_is_gone: Callable[[str], bool]) -> None:
        if known.named and not loaded.named:
            moved = False
        else:
            moved = file_of(known.origin) == file_of(loaded.origin) or origin_is_gone(known.origin)
        if moved:
            move(self._connection, known.id, loaded.origin)
        else:
            note = (loaded.origin, loaded.article.id, known.id)
            self._connection.execute("INSERT OR REPLACE INTO copies VALUES (?, ?, ?)", note)

    def take(self, loaded: Loaded, digest: str, known: Stored | None) -> tuple[str, Outcome]:
        """Make `loaded` pending unless it is stored already; its id and what that means."""
        if known is not None and known.hash == digest:
            return known.id, known.outcome
        if known is None:
            self._connection.execute("DELETE FROM copies WHERE origin = ?", (loaded.origin,))
            return self._add(loaded, digest), "added"
        if loaded.named and not known.named:
            self._make_room(known)
            self._put(known.id, loaded, digest)
            return known.id, "changed" if known.found else "added"
        if known.named:
            self._connection.execute("DELETE FROM copies WHERE article_id = ?", (known.id,))
        else:
            self._inherit(known)
        self._uncount(known)
        self._put(known.id, loaded, digest)
        return known.id, "changed" if known.found else "added"

    def _add(self, loaded: Loaded, digest: str) -> str:
        wanted = loaded.article.id
        if not loaded.named and stored(self._connection, "id", wanted):
            wanted = f"{wanted}-{short_hash(loaded.origin)}"
        self._put(wanted, loaded, digest)
        return wanted

    def _put(self, article_id: str, loaded: Loaded, digest: str) -> None:
        article = replace(loaded.article, id=article_id)
        self._connection.execute(
            "INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?, ?, ?, coalesce("
            "(SELECT added_at FROM pending WHERE id = ?), (SELECT added_at FROM articles WHERE id = ?), ?))",
            (
                *(article_id, article.title, pack_article(article), loaded.origin, digest, loaded.named),
                *(article_id, article_id, self._now),
            ),
        )
        count_lines(self._connection, self._lines_of(article.text), 1)

    def _make_room(self, known: Stored) -> None:
        """Give a file's article another id because a record carries this one as its own."""
        article = self._raw(known)
        self._uncount(known)
        other = f"{known.id}-{short_hash(known.origin)}"
        self._connection.execute("UPDATE copies SET article_id = ? WHERE article_id = ?", (other, known.id))
        self._put(other, Loaded(article, known.origin), known.hash)

    def _inherit(self, known: Stored) -> None:
        """Keep content that is about to be replaced for another file that still has it."""
        sql = "SELECT origin, wanted FROM copies WHERE article_id = ? ORDER BY origin"
        heirs = self._connection.execute(sql, (known.id,)).fetchall()
        if not heirs:
            return
        origin, wanted = heirs[0]
        self._connection.execute("DELETE FROM copies WHERE origin = ?", (origin,))
        heir = self._add(Loaded(replace(self._raw(known), id=wanted), origin), known.hash)
        self._connection.execute("UPDATE copies SET article_id = ? WHERE article_id = ?", (heir, known.id))

    def _raw(self, known: Stored) -> Article:
        return unpack_article(known.id, newest_raw(self._connection, known.id))

    def _uncount(self, known: Stored) -> None:
        count_lines(self._connection, self._lines_of(self._raw(known).text), -1)


def file_of(origin: str) -> str:
    """The file an origin names, without the place of the record in it."""
    return _PLACE.sub("", origin)


def move(connection: sqlite3.Connection, article_id: str, origin: str) -> None:
    """Note that an article now comes from `origin`."""
    for table in ("pending", "articles"):
        connection.execute(f"UPDATE {table} SET origin = ? WHERE id = ?", (origin, article_id))
    connection.execute("DELETE FROM copies WHERE origin = ?", (origin,))


def newest_raw(connection: sqlite3.Connection, article_id: str) -> bytes:
    """The packed raw article of the newest version."""
    sql = "SELECT raw FROM pending WHERE id = ? UNION ALL SELECT raw FROM texts WHERE id = ?"
    raw: bytes = connection.execute(sql, (article_id, article_id)).fetchone()[0]
    return raw


def count_lines(connection: sqlite3.Connection, keys: Collection[str], by: int) -> None:
    """Add `by` to the number of articles that carry each line."""
    connection.executemany(
        "INSERT INTO lines VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET articles = articles + excluded.articles",
        [(key, by) for key in keys],
    )
    if by < 0:
        connection.executemany("DELETE FROM lines WHERE key = ? AND articles <= 0", [(key,) for key in keys])


def finish(connection: sqlite3.Connection, done: Finished) -> set[str]:
    """Make a pending article found in place of its former version.

    Returns the ids of former passages that no longer exist. An article that is no longer pending
    with this content is left alone.
    """
    article = done.article
    sql = "SELECT origin, hash, named, added_at FROM pending WHERE id = ? AND hash = ?"
    waiting = connection.execute(sql, (article.id, done.hash)).fetchone()
    if waiting is None:
        return {passage.id for passage in done.passages} - _passage_ids(connection, article.id)
    former = _passage_ids(connection, article.id)
    connection.execute("DELETE FROM articles WHERE id = ?", (article.id,))
    published = article.published.isoformat() if article.published else None
    connection.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(article.id, article.title, article.url, article.source),
            *(published, article.author, article.language, *waiting, len(done.passages)),
        ),
    )
    texts = (article.id, article.text, done.raw, done.removed, done.offsets)
    connection.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?)", texts)
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (p.id, article.id, at, p.span.start, p.span.end, pack_spans(p.sentences), pack_vector(vector))
            for at, (p, vector) in enumerate(zip(done.passages, _rows(done), strict=True))
        ],
    )
    if done.derived is not None:
        put_derived(connection, article.id, done.derived)
    keep_prints(connection, article.id, article.text)
    connection.execute("DELETE FROM pending WHERE id = ?", (article.id,))
    return former - {passage.id for passage in done.passages}


def _rows(done: Finished) -> Sequence[np.ndarray]:
    return [] if done.vectors is None else list(done.vectors)


def forget(connection: sqlite3.Connection, ids: Sequence[str], lines_of: LinesOf) -> set[str]:
    """Remove these articles; the ids of the passages they had."""
    gone: set[str] = set()
    for article_id in ids:
        count_lines(connection, lines_of(unpack_article("", newest_raw(connection, article_id)).text), -1)
        gone |= _passage_ids(connection, article_id)
        for table, column in (("pending", "id"), ("articles", "id"), ("copies", "article_id")):
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (article_id,))
    return gone


def _passage_ids(connection: sqlite3.Connection, article_id: str) -> set[str]:
    sql = "SELECT id FROM passages WHERE article_id = ?"
    return {row[0] for row in connection.execute(sql, (article_id,))}
