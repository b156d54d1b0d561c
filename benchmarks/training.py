"""Questions with marked sentences, JSON lines: which are for training and which are held out.

A line is {"question", "sentences": [{"text", "answers"}]}, the sentences being those of one section. A
tenth of the sections is held out: the cross-encoder never sees them, so weights over its scores may be
fitted there.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SEED = 7
HELD_OUT = 0.1


def read_records(path: Path) -> list[dict[str, Any]]:
    """The records of a packed file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def section_of(record: dict[str, Any]) -> str:
    """What tells one section from another."""
    return str(record["sentences"][0]["text"] + record["sentences"][-1]["text"])


def held_out(records: Sequence[dict[str, Any]]) -> set[str]:
    """The sections that training must not see."""
    sections = sorted({section_of(record) for record in records})
    random.Random(SEED).shuffle(sections)
    return set(sections[: int(HELD_OUT * len(sections))])
