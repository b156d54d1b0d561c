"""Which questions and articles a comparison takes; pure but for reading and writing the articles.

All systems get the same articles in one plain JSONL file: id, title, text, url, source, published.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.drive import PeerFailed
from rag.eval.ranking import relevant
from rag.eval.suite import read_lines
from rag.eval.types import Question

SEED = 7
FIELDS = ("id", "title", "text", "url", "source", "published")


def askable(questions: Sequence[Question]) -> list[Question]:
    """Those that every system can be asked: with relevant articles, over all articles, no follow-ups."""
    return [q for q in questions if relevant(q.qrels) and q.articles is None and not q.history]


def gold(questions: Sequence[Question]) -> set[str]:
    """The articles that are relevant to one of the questions."""
    return {article for question in questions for article in relevant(question.qrels)}


def pick(ids: Sequence[str], wanted: Collection[str], most: int | None) -> set[str]:
    """`most` of the ids: all wanted ones, filled up at random, always with the same.

    Raises PeerFailed if a wanted one is missing or there are more of them than `most`.
    """
    if missing := set(wanted) - set(ids):
        raise PeerFailed(
            f"found {len(missing)} relevant articles less than the questions name, among them {min(missing)}"
        )
    if most is None or most >= len(ids):
        return set(ids)
    if most < len(wanted):
        raise PeerFailed(
            f"found {len(wanted)} relevant articles, wanted at most {most}: give more --articles"
        )
    others = sorted(set(ids) - set(wanted))
    return set(wanted) | set(random.Random(SEED).sample(others, most - len(wanted)))


def write_articles(source: Path, out: Path, wanted: Collection[str], most: int | None) -> int:
    """Write the picked articles of a suite in the suite's order; how many. Raises PeerFailed, SuiteError."""
    if source.is_dir():
        raise PeerFailed(f"{source} is a folder of files, wanted articles.jsonl or articles.jsonl.gz")
    records: list[dict[str, Any]] = [record for _, record in read_lines(source)]
    kept = pick([record["id"] for record in records], wanted, most)
    chosen = [record for record in records if record["id"] in kept]
    lines = (
        json.dumps({name: one.get(name) for name in FIELDS}, ensure_ascii=False) + "\n" for one in chosen
    )
    out.write_text("".join(lines), encoding="utf-8")
    return len(chosen)
