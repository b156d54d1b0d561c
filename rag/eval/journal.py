"""The rows of a run on disk while it goes on, so that an interrupted one can be gone on with.

`rows.jsonl` states in its first line what is asked and how; a row a line follows, as they come. Without a
line feed at its end the last line is half-written, and is dropped. Knows nothing of how rows come about.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TextIO

from rag.eval.record import read_row, read_run, row_json
from rag.eval.results import RESULTS, line
from rag.eval.types import Row, RunError

ROWS = "rows.jsonl"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run asks and how. Runs with one suite and equal settings may be gone on with."""

    suite: str
    settings: Mapping[str, Any]
    commit: str

    def record(self) -> dict[str, Any]:
        """The first line of the file."""
        return {"suite": self.suite, "settings": dict(self.settings), "commit": self.commit}


@dataclass(frozen=True, slots=True)
class Done:
    """What is there already: rows by question id, the seconds they took, commits that wrote them."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    seconds: float = 0.0
    commits: tuple[str, ...] = ()


class Journal:
    """Appends rows to the file; safe to use from several threads. `kept` counts the answers in it."""

    def __init__(self, path: Path, file: TextIO, kept: int = 0) -> None:
        self._path, self._file = path, file
        self.kept = kept
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, facts: Facts, done: Done) -> Journal:
        """Start the file in `folder` with what is done, written whole first. Raises RunError."""
        path = folder / ROWS
        record = facts.record() | {"commit": commits(done, facts)}
        lines = [line(record), *(_row_line(row, done.seconds) for row in done.rows.values())]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{ROWS}.tmp")
            draft.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
            draft.replace(path)
            return cls(path, path.open("a", encoding="utf-8"), len(done.rows))
        except OSError as error:
            raise _unwritable(path, error) from error

    def add(self, row: Row, seconds: float) -> None:
        """Keep a row; `seconds` is how long the run has taken until now. Raises RunError."""
        try:
            with self._lock:
                self._file.write(_row_line(row, seconds) + "\n")
                self._file.flush()
                self.kept += row.error is None
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def remove(self) -> None:
        """The run is over and its results are written: take the file away."""
        self.close()
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file. May be called twice."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _row_line(row: Row, seconds: float) -> str:
    return line({"seconds": round(seconds, 2), **row_json(row)})


def _unwritable(path: Path, error: OSError) -> RunError:
    return RunError(
        f"cannot write {path} ({error.strerror}): mend it and go on with --resume, or choose another --out"
    )


def check_free(folder: Path) -> None:
    """Raise RunError when answers of an unfinished run would be lost by starting anew in `folder`."""
    path = folder / ROWS
    if path.is_file() and (rows := _answered(_read(path)[1])):
        raise RunError(
            f"found an unfinished run with {len(rows)} answers in {path}: "
            f"go on with --resume, or delete it to begin anew"
        )


def find_done(folder: Path, facts: Facts) -> Done:
    """What is there already of the run, unfinished or finished. Raises RunError.

    Rows of questions that failed are left out, so they are asked again. An unfinished run of another suite
    or with other settings is an error; a finished one, or one of another commit, counts as not there.
    """
    path = folder / ROWS
    if not path.is_file():
        return _finished(folder / RESULTS, facts)
    first, records = _read(path)
    rows = _answered(records)
    if first is None or not rows:
        return Done()
    if other := _differing(first, facts):
        raise RunError(
            f"{path} is of a run with {other}: run it as it was begun, choose another --out, or delete it"
        )
    seconds = max(float(record["seconds"]) for record in records)
    return Done(rows, seconds, tuple(str(first.get("commit", "")).split("+")))


def _answered(records: Iterable[Mapping[str, Any]]) -> dict[str, Row]:
    """The rows by question, without those that failed."""
    return {row.question.id: row for row in map(read_row, records) if row.error is None}


def _read(path: Path) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The first line and the rows. A last line that was not written to its end is no line."""
    records: list[dict[str, Any]] = []
    try:
        for one in path.read_bytes().split(b"\n")[:-1]:
            record = json.loads(one)
            if not isinstance(record, dict):
                raise TypeError(f"found {record!r}")
            if records:
                float(record["seconds"])
            records.append(record)
    except OSError as error:
        raise RunError(f"cannot read {path} ({error.strerror}), wanted to go on with it") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RunError(
            f"line {len(records) + 1} of {path} is no row of a run ({error!r}): delete the file to begin anew"
        ) from error
    return (records[0], records[1:]) if records else (None, [])


def _differing(first: Mapping[str, Any], facts: Facts) -> str:
    """What differs, in words; empty when nothing does."""
    wanted = json.loads(line(facts.record()))
    if first.get("suite") != wanted["suite"]:
        return f"suite {first.get('suite')!r}, wanted {wanted['suite']!r}"
    found = first.get("settings")
    if not isinstance(found, dict):
        return "no settings"
    names = sorted(
        name for name in found.keys() | wanted["settings"] if _unlike(name, found, wanted["settings"])
    )
    return ", ".join(
        f"{name} {line(found.get(name))}, wanted {line(wanted['settings'].get(name))}" for name in names
    )


def _unlike(name: str, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return bool(found.get(name) != wanted.get(name))


def _finished(path: Path, facts: Facts) -> Done:
    """The rows of a finished run of this very program, suite and settings; else none."""
    if not path.is_file():
        return Done()
    try:
        run = read_run(path)
    except RunError:
        return Done()
    if run.commit != facts.commit or _differing({"suite": run.suite, "settings": dict(run.settings)}, facts):
        return Done()
    rows = {row.question.id: row for row in run.rows if row.error is None}
    return Done(rows, run.seconds, (facts.commit,))


def commits(done: Done, facts: Facts) -> str:
    """The commits that wrote rows, each once, this one last, joined by "+"."""
    return "+".join([*(one for one in done.commits if one and one != facts.commit), facts.commit])
