"""A gathered suite onto the disk: all of it or nothing.

Written to a folder beside the wanted one and renamed at the end. The same input gives the same bytes.
"""

from __future__ import annotations

import gzip
import json
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from index.loading.encoding import safe
from rag.eval.importers.gather import Gathered
from rag.eval.importers.read import reason
from rag.eval.types import SuiteError


def check_out(out: Path) -> None:
    """Raise SuiteError unless `out` may be made: it does not exist, or is an empty folder."""
    try:
        if out.is_symlink() or out.is_file() or (out.exists() and any(out.iterdir())):
            raise SuiteError(f"{out} is already there and not empty; name a new folder")
    except OSError as error:
        raise SuiteError(f"{out} cannot be looked into ({reason(error)})") from error


def write_suite(gathered: Gathered, facts: Mapping[str, Any], out: Path) -> None:
    """Write suite.json (`facts` and counts), articles.jsonl.gz and questions.jsonl, in order of ids."""
    check_out(out)
    part: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = out.parent / f".{out.resolve().name}.{secrets.token_hex(4)}.part"
        part.mkdir()
        _write_files(gathered, facts, part)
        if out.exists():
            out.rmdir()
        part.replace(out)
    except OSError as error:
        raise SuiteError(f"{out} cannot be written ({reason(error)})") from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)


def _write_files(gathered: Gathered, facts: Mapping[str, Any], folder: Path) -> None:
    articles = [gathered.articles[key] for key in sorted(gathered.articles)]
    questions = [gathered.questions[key] for key in sorted(gathered.questions, key=_natural)]
    about = json.dumps({**facts, **_counts(gathered)}, ensure_ascii=False, indent=1)
    (folder / "suite.json").write_text(safe(about) + "\n", encoding="utf-8")
    (folder / "questions.jsonl").write_text(_lines(questions), encoding="utf-8", newline="\n")
    # Neither time nor name goes into the header, so that the same articles give the same bytes.
    packed = gzip.compress(_lines(articles).encode(), compresslevel=6, mtime=0)
    (folder / "articles.jsonl.gz").write_bytes(packed)


def _lines(records: Iterable[Mapping[str, Any]]) -> str:
    return "".join(safe(json.dumps(record, ensure_ascii=False)) + "\n" for record in records)


def _counts(gathered: Gathered) -> dict[str, Any]:
    questions = gathered.questions.values()
    tags = Counter(tag for question in questions for tag in question["tags"])
    return {
        "n_articles": len(gathered.articles),
        "n_questions": len(questions),
        "n_answerable": sum(question["answerable"] for question in questions),
        "n_with_evidence": sum(bool(question["evidence"]) for question in questions),
        "tags": dict(sorted(tags.items())),
        "dropped": dict(sorted(gathered.dropped.items())),
    }


def _natural(name: str) -> tuple[tuple[int | str, ...], str]:
    """Sorts q2 before q10."""
    parts = re.split("([0-9]{1,18})", name)
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), name
