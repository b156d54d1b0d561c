"""Numbers that others published for the questions of a suite, to stand beside ours. Knows no run.

They lie in `published.json`, each with where it comes from, under which conditions it was measured and how
sure it is: "V" read in the named source, "C" computed from outputs or data that the authors released, "R"
recalled from the paper and not read again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Sure = Literal["V", "C", "R"]
SURE: Mapping[Sure, str] = {
    "V": "read in its source",
    "C": "computed from what its authors released",
    "R": "recalled from the paper, not read again",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One published value: a share of 0 to 1, over `n` questions (None where that is not told).

    `group` is the tag of the questions it holds for, None for all of the suite.
    """

    suite: str
    system: str
    metric: str
    value: float
    n: int | None
    source: str
    conditions: str
    sure: Sure
    group: str | None = None

    @property
    def note(self) -> str:
        """All that has to be known to read the number, in one line."""
        over = f"{self.n:,} questions. " if self.n else ""
        return f"{over}{self.conditions} {self.source}; {SURE[self.sure]}."


def references(suite: str, group: str | None = None) -> tuple[Reference, ...]:
    """What is published for all of a suite, or for the questions of one tag; the file's order."""
    return tuple(r for r in _all() if r.suite == suite and r.group == group)


def referred_groups(suite: str) -> tuple[str, ...]:
    """The tags of a suite for which something is published, in the file's order."""
    return tuple(dict.fromkeys(r.group for r in _all() if r.suite == suite and r.group))


def read_references(text: str) -> tuple[Reference, ...]:
    """The references of a JSON text laid out as `published.json`. Raises ValueError, KeyError, TypeError."""
    return tuple(one for record in json.loads(text)["references"] for one in _of(record))


def _of(record: Mapping[str, Any]) -> Iterator[Reference]:
    if record["sure"] not in SURE:
        raise ValueError(f"found {record['sure']!r}, wanted how sure a number is: V, C or R")
    for metric, value in record["values"].items():
        yield Reference(
            record["suite"],
            record["system"],
            metric,
            float(value),
            record["n"],
            record["source"],
            record["conditions"],
            record["sure"],
            record.get("group"),
        )


@cache
def _all() -> tuple[Reference, ...]:
    return read_references((files("rag.eval") / "published.json").read_text(encoding="utf-8"))
