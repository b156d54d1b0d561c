"""The feeds that are followed, in a file beside the catalog: when each was looked at, what came of it.

May be read and changed while another process looks at the feeds. Fetches nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.errors import ArchiveError
from index.fetching.fetched import UNKNOWN, Validators

FEEDS = "feeds.sqlite3"
MAX_TRIES = 3
"""So often an entry's page is asked for."""

_SCHEMA = 1
_TABLES = f"""
CREATE TABLE IF NOT EXISTS feeds (
    url TEXT PRIMARY KEY, title TEXT NOT NULL, added_at TEXT NOT NULL,
    looked_at TEXT, outcome TEXT NOT NULL DEFAULT '', failures INTEGER NOT NULL DEFAULT 0,
    due_at TEXT NOT NULL, etag TEXT, modified TEXT
) WITHOUT ROWID;
-- entries whose pages were asked for: one that was taken in is never asked for again
CREATE TABLE IF NOT EXISTS asked (
    feed TEXT NOT NULL REFERENCES feeds (url) ON DELETE CASCADE, link TEXT NOT NULL,
    tries INTEGER NOT NULL, taken INTEGER NOT NULL, PRIMARY KEY (feed, link)
) WITHOUT ROWID;
PRAGMA user_version = {_SCHEMA};
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """A followed feed. Times are UTC, to the second; `outcome` is one line about the last look, "" before it.

    `failures` counts the looks since the last one that was a success.
    """

    url: str
    title: str
    added_at: datetime
    due_at: datetime
    looked_at: datetime | None = None
    outcome: str = ""
    failures: int = 0
    validators: Validators = UNKNOWN


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a feed came to, and when the next one is due. `taken` and `failed` are links."""

    at: datetime
    due_at: datetime
    outcome: str
    failures: int = 0
    title: str | None = None
    validators: Validators | None = None
    taken: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


class Feeds:
    """Reads and changes the feeds that an archive follows; may be used from any number of threads."""

    def __init__(self, home: Path) -> None:
        self.path = home / FEEDS

    def add(self, url: str, title: str, now: datetime) -> bool:
        """Follow a feed from now on; False when it is followed already."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        sql = "INSERT OR IGNORE INTO feeds (url, title, added_at, due_at) VALUES (?, ?, ?, ?)"
        with self._open() as connection:
            return connection.execute(sql, (url, title, _text(now), _text(now))).rowcount > 0

    def remove(self, url: str) -> bool:
        """Follow a feed no more; False when it was not followed. Its articles stay."""
        if not self.path.exists():
            return False
        with self._open() as connection:
            return connection.execute("DELETE FROM feeds WHERE url = ?", (url,)).rowcount > 0

    def all(self) -> tuple[Followed, ...]:
        """The feeds, in the order in which they were added."""
        if not self.path.exists():
            return ()
        sql = (
            "SELECT url, title, added_at, due_at, looked_at, outcome, failures, etag, modified "
            "FROM feeds ORDER BY added_at, url"
        )
        with self._open() as connection:
            return tuple(_followed(row) for row in connection.execute(sql))

    def due(self, now: datetime) -> tuple[Followed, ...]:
        """Those to be looked at, the one that waits longest first."""
        waiting = (one for one in self.all() if one.due_at <= now)
        return tuple(sorted(waiting, key=lambda one: (one.due_at, one.url)))

    def settled(self, url: str) -> set[str]:
        """The links of a feed that need not be asked for again: taken in, or tried often enough."""
        sql = "SELECT link FROM asked WHERE feed = ? AND (taken OR tries >= ?)"
        with self._open() as connection:
            return {row[0] for row in connection.execute(sql, (url, MAX_TRIES))}

    def note(self, url: str, look: Look) -> None:
        """Keep what a look came to; nothing when the feed was removed meanwhile."""
        told = look.validators
        with self._open() as connection:
            connection.execute(
                "UPDATE feeds SET looked_at = ?, due_at = ?, outcome = ?, failures = ?, "
                "title = coalesce(?, title) WHERE url = ?",
                (_text(look.at), _text(look.due_at), look.outcome, look.failures, look.title, url),
            )
            if told is not None:
                sql = "UPDATE feeds SET etag = ?, modified = ? WHERE url = ?"
                connection.execute(sql, (told.etag, told.modified, url))
            for taken, links in ((True, look.taken), (False, look.failed)):
                _note_links(connection, url, links, taken=taken)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction, its file with our tables."""
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                if connection.execute("PRAGMA user_version").fetchone()[0] < _SCHEMA:
                    connection.executescript(_TABLES)
                with connection:
                    yield connection
        except sqlite3.DatabaseError as error:
            raise ArchiveError(
                f"{self.path} could not be used ({error}): see whether the disk is full, or move it away"
            ) from error


def _note_links(connection: sqlite3.Connection, url: str, links: Collection[str], *, taken: bool) -> None:
    connection.executemany(
        "INSERT INTO asked SELECT ?, ?, 1, ? WHERE EXISTS (SELECT 1 FROM feeds WHERE url = ?) "
        "ON CONFLICT (feed, link) DO UPDATE SET tries = tries + 1, taken = excluded.taken",
        [(url, link, taken, url) for link in links],
    )


def _followed(row: tuple[str, str, str, str, str | None, str, int, str | None, str | None]) -> Followed:
    looked_at = datetime.fromisoformat(row[4]) if row[4] else None
    times = (datetime.fromisoformat(row[2]), datetime.fromisoformat(row[3]), looked_at)
    return Followed(row[0], row[1], *times, row[5], row[6], Validators(row[7], row[8]))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
