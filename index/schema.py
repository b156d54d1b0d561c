"""The tables of the catalog and how its file is opened.

`articles`, `texts` and `passages` hold what can be found; `pending` holds what was loaded and
waits to be cleaned, cut and embedded, be it new or the next version of an article that still
answers; `attributions` hold who said what in the articles that `attributed` lists, `prints` and
`print_runs` what finds the copies of an article. A file of a former schema gets the tables it lacks
when it is opened for writing. Knows nothing of what the rows mean to the rest.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from index.errors import ArchiveError, FingerprintMismatch

SCHEMA = 2
"""Version of the tables and of `index.packing`."""

_OLDEST = 1

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL, url TEXT, source TEXT, published TEXT, author TEXT, language TEXT,
    origin TEXT NOT NULL, hash TEXT NOT NULL, named INTEGER NOT NULL,
    added_at TEXT NOT NULL, passages INTEGER NOT NULL
);
CREATE INDEX articles_by_hash ON articles (hash);
CREATE INDEX articles_by_origin ON articles (origin);

CREATE TABLE texts (
    id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    text TEXT NOT NULL, raw BLOB NOT NULL, removed TEXT NOT NULL, offsets TEXT NOT NULL
);

CREATE TABLE passages (
    id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    sentences BLOB NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_by_article ON passages (article_id, ordinal);

CREATE TABLE pending (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL, raw BLOB NOT NULL,
    origin TEXT NOT NULL, hash TEXT NOT NULL, named INTEGER NOT NULL, added_at TEXT NOT NULL
);
CREATE INDEX pending_by_hash ON pending (hash);
CREATE INDEX pending_by_origin ON pending (origin);

-- other files with the very content of an article, which is stored once
CREATE TABLE copies (origin TEXT PRIMARY KEY, wanted TEXT NOT NULL, article_id TEXT NOT NULL);
CREATE INDEX copies_by_article ON copies (article_id);

-- how many articles carry a line
CREATE TABLE lines (key TEXT PRIMARY KEY, articles INTEGER NOT NULL) WITHOUT ROWID;
"""

ADDED = {
    2: """
CREATE TABLE attributions (
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    content BLOB NOT NULL, source BLOB NOT NULL, cue BLOB NOT NULL,
    speaker TEXT NOT NULL, quoted INTEGER NOT NULL, said_on TEXT, said_precision TEXT NOT NULL,
    PRIMARY KEY (article_id, ordinal)
) WITHOUT ROWID;

-- the articles whose attributions were derived: by which rules, or why there are none
CREATE TABLE attributed (
    article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    attributing TEXT NOT NULL, problem TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE prints (
    number INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE, size INTEGER NOT NULL
);
CREATE TABLE print_runs (
    run INTEGER NOT NULL, number INTEGER NOT NULL REFERENCES prints (number) ON DELETE CASCADE,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;
CREATE INDEX print_runs_by_number ON print_runs (number);
"""
}
"""What came with each later schema."""


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection that may be used from any thread, one at a time; rows as tuples, autocommit."""
    mode = "ro" if read_only else "rwc"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=30,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_function("fold", 1, _fold, deterministic=True)
    return connection


def prepare(path: Path) -> None:
    """Make the tables that are not there yet. Raises ArchiveError if the file is not ours."""
    connection = connect(path)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in _missing(connection):
            connection.execute(statement)
        connection.execute("COMMIT")
        check(connection, path)
    except sqlite3.DatabaseError as error:
        raise ArchiveError(
            f"{path} is not a catalog ({error}); move it away or choose another folder with --home"
        ) from error
    finally:
        connection.close()


def _missing(connection: sqlite3.Connection) -> list[str]:
    """The statements that bring the file to this schema; none for a file that is not ours."""
    found = version(connection)
    if found == 0 and not _tables(connection):
        scripts = [_TABLES, *ADDED.values()]
    elif _OLDEST <= found < SCHEMA:
        scripts = [script for number, script in ADDED.items() if number > found]
    else:
        return []
    statements = [statement for script in scripts for statement in script.split(";\n")]
    return [*statements, f"PRAGMA user_version = {SCHEMA}"]


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise FingerprintMismatch if this release cannot read the tables.

    Those of a former schema can be read; what they lack is for the reader to see (`has_table`).
    """
    found = version(connection)
    if not _OLDEST <= found <= SCHEMA:
        raise FingerprintMismatch(
            f"{path} has schema {found}, this release reads schema {SCHEMA}: "
            f"use the release that made it, or ingest the files into another --home"
        )


def version(connection: sqlite3.Connection) -> int:
    """The schema version in the file; 0 in a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Whether the file has this table: one of a former schema, opened for reading, may lack it."""
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(sql, (name,)).fetchone() is not None


def _tables(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _fold(text: str | None) -> str | None:
    return None if text is None else text.casefold()
