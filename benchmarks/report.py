"""What a measurement prints: a table for people on stderr, one JSON document on stdout; and where it ran.

Knows nothing of scores.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import OnrecordError

if TYPE_CHECKING:
    from index.archive import Archive
    from rag.eval.types import Suite

SHOWN = 5
ROOT = Path(__file__).resolve().parents[1]

Cell = str | int | float | None


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """A table on stderr: the first column to the left, numbers to the right, "-" for None."""
    shown = [list(columns), *([_shown(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in shown) for place in range(len(columns))]
    for row in shown:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *cells]), file=sys.stderr)


def _shown(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def say(result: Mapping[str, Any]) -> None:
    """The result as one JSON document on stdout, floats to five places."""
    print(json.dumps(rounded(result), ensure_ascii=False, indent=1))


def rounded(value: Any) -> Any:
    """JSON values with their floats to five places."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value


def circumstances() -> dict[str, Any]:
    """Commit, time (UTC), processor, cores and Python of this run."""
    return {
        "commit": _commit(),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
    }


def _commit() -> str | None:
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or None


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def run(main: Callable[[], None]) -> None:
    """Run a measurement; an expected failure is one line on stderr and exit code 1."""
    try:
        main()
    except OnrecordError as error:
        raise SystemExit(str(error)) from None


def opened(home: Path, suite: Suite, *, ingest: bool = True, precision: str = "auto") -> Archive:
    """The archive under `home`, with the suite's articles ingested unless told not to; report on stderr."""
    from index.archive import Archive

    archive = Archive.open(home, precision=precision)
    if ingest:
        report = archive.ingest([suite.articles])
        counts = f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged"
        counts += f", {len(report.unreadable)} unreadable"
        print(f"{suite.name}: {counts}, {report.seconds:.1f} s", file=sys.stderr)
        for item in report.unreadable[:SHOWN]:
            print(f"unreadable: {item.origin}: {item.reason}", file=sys.stderr)
    return archive
