"""One process per home folder: an operating-system lock and a note of who holds it.

The lock goes away with the process, however it ends; the note only serves the message and is
believed only while the lock is held. Knows nothing of what is in the folder.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from index.errors import ArchiveBusy, ArchiveError


class HomeLock:
    """Holds `home` for this process from `acquire` to `release`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._note = home / "lock.note"
        self._lock: Any = None

    def acquire(self, command: str | None = None) -> None:
        """Take the lock at once or raise ArchiveBusy with who holds it.

        `command` is what others are told is running here; by default the command line's first words.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self._home / "lock", timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise ArchiveBusy(self._busy()) from error
        self._lock = lock
        note = {"pid": os.getpid(), "command": command or _command(), "since": datetime.now().isoformat()}
        draft = self._note.with_suffix(".tmp")
        draft.write_text(json.dumps(note), encoding="utf-8")
        draft.replace(self._note)

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        if self._lock is not None:
            self._note.unlink(missing_ok=True)
            self._lock.release()
            self._lock = None

    def _busy(self) -> str:
        return (
            f"{self._home} is in use by {self._holder()}: wait for it or stop it, or use another --home "
            f"(`onrecord articles`, `onrecord quotes` and `onrecord info` work meanwhile)"
        )

    def _holder(self) -> str:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            since = datetime.fromisoformat(note["since"])
            return f"`{note['command']}` (pid {int(note['pid'])}, since {_clock(since)})"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"


def _clock(since: datetime) -> str:
    today = since.date() == datetime.now().date()
    return since.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")


def _command() -> str:
    name = Path(sys.argv[0]).stem if sys.argv and sys.argv[0] else "python"
    return " ".join([Path(sys.executable).stem if name in ("-c", "") else name, *sys.argv[1:2]])[:80]


def locked(home: Path, command: str | None) -> HomeLock:
    """The lock of `home`, made if it is not there, held. Raises ArchiveBusy or ArchiveError."""
    lock = HomeLock(home)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire(command)
    except OSError as error:
        raise ArchiveError(
            f"{home} is no folder that can be written to ({error.strerror}): choose another one with --home"
        ) from error
    return lock
