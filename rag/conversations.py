"""Conversations kept: one SQLite file under the home folder, `conversations.sqlite3`.

A conversation belongs to its owner, the browser that began it, and nobody else's request finds it. Of the
owner's token only a hash is kept. What is deleted is overwritten, in the file and in its log. Knows nothing
of the page, of how answers come about, or of whether they should be kept.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.conversations_file import (
    FIELDS,
    SCHEMA,
    connect,
    exchange_of,
    hashed,
    prepare,
    row_of,
    title_of,
    writable,
)
from rag.errors import StoredError, UnknownConversation
from rag.types import Exchange, Feedback

FILE = "conversations.sqlite3"
_HOLDS = (
    "(fold(c.title) LIKE :like ESCAPE '!' OR EXISTS (SELECT 1 FROM exchanges e "
    "WHERE e.key = c.key AND e.words LIKE :like ESCAPE '!'))"
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without what was said; the times are UTC, ISO."""

    key: str
    title: str
    created: str
    updated: str
    exchanges: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation with what was said, oldest first.

    `asked` are the times of asking (UTC, ISO), one for each exchange; `unread` tells why others cannot be
    read, one line each.
    """

    conversation: Conversation
    exchanges: tuple[Exchange, ...]
    asked: tuple[str, ...]
    unread: tuple[str, ...] = ()


def new_key() -> str:
    """An id or token that cannot be guessed."""
    return secrets.token_urlsafe(24)


def _now() -> datetime:
    return datetime.now(UTC)


class Conversations:
    """The conversations in the file at `path`. Safe to use from several threads.

    `owner` is the token of the browser that asks; None stands for whoever runs this machine, and finds all.
    The file is made if it is not there; with `read_only` it has to be. Raises StoredError when it cannot be
    read or written, UnknownConversation when a key is not the owner's.
    """

    def __init__(self, path: Path, *, read_only: bool = False, now: Callable[[], datetime] = _now) -> None:
        self.path = path
        self._now = now
        self._lock = threading.RLock()
        if read_only and not path.exists():
            raise StoredError(f"found no {path}, wanted conversations: none were kept in this folder")
        with self._failing():
            self._file = connect(path, read_only=read_only)
            if not read_only:
                prepare(self._file)
            self._check()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.close()

    def keep(self, owner: str, key: str, exchanges: Sequence[Exchange]) -> None:
        """Make the conversation hold these exchanges; begin it if there is none with this key.

        Of those that are there already only the last is written again.
        """
        at = self._now().isoformat()
        with self._changed() as file:
            row = (key, hashed(owner), title_of(exchanges[0].answer.question), at, at)
            file.execute("INSERT OR IGNORE INTO conversations VALUES (?, ?, ?, ?, ?)", row)
            self._find(owner, key)
            file.execute("UPDATE conversations SET updated = ? WHERE key = ?", (at, key))
            file.execute("DELETE FROM exchanges WHERE key = ? AND ordinal >= ?", (key, len(exchanges) - 1))
            there = file.execute("SELECT count(*) FROM exchanges WHERE key = ?", (key,)).fetchone()[0]
            for ordinal in range(there, len(exchanges)):
                row = (key, ordinal, at, *row_of(exchanges[ordinal]))
                file.execute(f"INSERT INTO exchanges VALUES ({', '.join('?' * len(row))})", row)

    def open(self, owner: str | None, key: str) -> Kept:
        """The conversation with all that was said."""
        with self._failing(), self._lock:
            conversation = self._find(owner, key)
            sql = f"SELECT asked, {FIELDS} FROM exchanges WHERE key = ? ORDER BY ordinal"
            rows = self._file.execute(sql, (key,)).fetchall()
        exchanges, asked, unread = [], [], []
        for at, *fields in rows:
            try:
                exchanges.append(exchange_of(*fields))
                asked.append(at)
            except StoredError as error:
                unread.append(str(error))
        return Kept(conversation, tuple(exchanges), tuple(asked), tuple(unread))

    def count(self, owner: str, key: str) -> int | None:
        """How many exchanges the conversation has; None if there is no such conversation."""
        try:
            with self._failing(), self._lock:
                return self._find(owner, key).exchanges
        except UnknownConversation:
            return None

    def feedback(self, owner: str, key: str) -> list[Feedback]:
        """What was said of each answer, oldest first."""
        with self._failing(), self._lock:
            self._find(owner, key)
            sql = "SELECT verdict, reason, note FROM exchanges WHERE key = ? ORDER BY ordinal"
            return [Feedback(*row) for row in self._file.execute(sql, (key,))]

    def list(
        self, owner: str | None, words: str = "", limit: int | None = None
    ) -> tuple[list[Conversation], int]:
        """The conversations whose title, questions or answers hold `words`, newest first; how many in all."""
        told = words.strip().casefold()
        for special in "!%_":
            told = told.replace(special, f"!{special}")
        named = {"owner": None if owner is None else hashed(owner), "like": f"%{told}%"}
        where = f"(:owner IS NULL OR c.owner = :owner) AND {_HOLDS}"
        with self._failing(), self._lock:
            total = self._file.execute(f"SELECT count(*) FROM conversations c WHERE {where}", named)
            number = int(total.fetchone()[0])
            rows = self._file.execute(f"{_select(where)} LIMIT :limit", named | {"limit": limit or -1})
            return [Conversation(*row) for row in rows], number

    def rename(self, owner: str, key: str, title: str) -> None:
        """Give it another title; an empty one changes nothing."""
        with self._changed() as file:
            kept = title_of(title) or self._find(owner, key).title
            self._find(owner, key)
            file.execute("UPDATE conversations SET title = ? WHERE key = ?", (kept, key))

    def judge(self, owner: str, key: str, ordinal: int, feedback: Feedback) -> None:
        """Keep what a reader says of the answer at this place, counted from 0; what was said before goes."""
        with self._changed() as file:
            self._find(owner, key)
            told = (feedback.verdict, feedback.reason, writable(feedback.note), key, ordinal)
            sql = "UPDATE exchanges SET verdict = ?, reason = ?, note = ? WHERE key = ? AND ordinal = ?"
            file.execute(sql, told)

    def delete(self, owner: str | None, key: str) -> None:
        """Delete the conversation with all that was said, without a trace in the file."""
        with self._changed() as file:
            self._find(owner, key)
            file.execute("DELETE FROM conversations WHERE key = ?", (key,))

    def _find(self, owner: str | None, key: str) -> Conversation:
        where = "c.key = :key AND (:owner IS NULL OR c.owner = :owner)"
        named = {"key": key, "owner": None if owner is None else hashed(owner)}
        row = self._file.execute(_select(where), named).fetchone()
        if row is None:
            raise UnknownConversation(
                "this conversation is not kept any more, or it was begun in another browser: start a new one"
            )
        return Conversation(*row)

    @contextmanager
    def _changed(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing; afterwards the log holds nothing of what was there before."""
        with self._failing(), self._lock:
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield self._file
                self._file.execute("COMMIT")
            finally:
                if self._file.in_transaction:
                    self._file.execute("ROLLBACK")
            self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoredError(
                f"{self.path} cannot be used ({error}), wanted the conversations: move it away, or set "
                "page.keep_conversations to false"
            ) from error

    def _check(self) -> None:
        found = int(self._file.execute("PRAGMA user_version").fetchone()[0])
        if found != SCHEMA:
            raise StoredError(
                f"{self.path} has schema {found}, this release reads schema {SCHEMA}: use the release that "
                "made it, or move it away"
            )


def _select(where: str) -> str:
    return (
        "SELECT c.key, c.title, c.created, c.updated, (SELECT count(*) FROM exchanges e WHERE e.key = c.key) "
        f"FROM conversations c WHERE {where} ORDER BY c.updated DESC, c.key"
    )
