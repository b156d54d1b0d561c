"""The file of the conversations: its tables, how it is opened, how rows are written and read.

Knows nothing of whose a conversation is or what may be done with it (`rag.conversations`).
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from pathlib import Path
from typing import Any

from rag.errors import StoredError
from rag.stored import read_answer, write_answer
from rag.types import Exchange, Feedback

SCHEMA = 1
MAX_TITLE_CHARS = 200
_TABLES = """
CREATE TABLE conversations (
    key TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_by_owner ON conversations (owner, updated);
CREATE TABLE exchanges (
    key TEXT NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, asked TEXT NOT NULL, words TEXT NOT NULL,
    answer BLOB NOT NULL, limits TEXT NOT NULL, stopped INTEGER NOT NULL,
    verdict TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (key, ordinal)
);
"""
FIELDS = "answer, limits, stopped, verdict, reason, note"


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection that may be used from any thread, one at a time; what is deleted is overwritten."""
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # nobody else on this machine is to read it
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    file = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
    file.create_function("fold", 1, lambda text: str(text).casefold(), deterministic=True)
    file.execute("PRAGMA foreign_keys = ON")
    file.execute("PRAGMA secure_delete = ON")
    return file


def prepare(file: sqlite3.Connection) -> None:
    """Make the tables in a new file."""
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("BEGIN IMMEDIATE")
    if file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        for statement in _TABLES.split(";\n"):
            file.execute(statement)
        file.execute(f"PRAGMA user_version = {SCHEMA}")
    file.execute("COMMIT")


# --- rows --------------------------------------------------------------------------------------


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def writable(text: str) -> str:
    """The text without what no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def title_of(text: str) -> str:
    """The text as a title: on one line, not too long."""
    return writable(" ".join(text.split()))[:MAX_TITLE_CHARS]


def row_of(exchange: Exchange) -> tuple[Any, ...]:
    """The columns of `exchanges` from `words` on."""
    answer, told = exchange.answer, exchange.feedback or Feedback()
    words = writable(f"{answer.question}\n{answer.text}").casefold()
    packed = zlib.compress(write_answer(answer).encode("ascii"))
    return (words, packed, exchange.limits, exchange.stopped, told.verdict, told.reason, writable(told.note))


def exchange_of(packed: bytes, limits: str, stopped: int, *told: Any) -> Exchange:
    """The exchange of the columns that FIELDS names. Raises StoredError."""
    try:
        text = zlib.decompress(packed).decode("ascii")
    except (zlib.error, UnicodeDecodeError, TypeError) as error:
        raise StoredError(f"found an answer that cannot be unpacked ({error}): delete it") from error
    return Exchange(read_answer(text), limits, bool(stopped), Feedback(*told))
