"""Measure retrieval over a suite: which rank the articles with evidence get, and how long a search takes.

    python -m benchmarks.retrieval SUITE --home DIR [--tag gold-url] [--with-asked]

Only questions with evidence count. A follow-up is searched for as it stands, its history unread.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import by_tag, circumstances, opened, print_table, run, say, settings_of, suite_options
from rag.eval.intervals import mean, percentile
from rag.eval.ranking import RANKING, rank_scores
from rag.eval.suite import choose, read_suite
from rag.eval.types import Question

if TYPE_CHECKING:
    from index.archive import Archive
    from index.types import Hit

FETCHED = 50
WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One question with the ranking it got; `milliseconds` is the time of the search."""

    question: Question
    ranked: tuple[str, ...]
    scores: dict[str, float]
    milliseconds: float

    def record(self) -> dict[str, Any]:
        """What the rows file holds of it."""
        return {
            "id": self.question.id,
            "question": self.question.text,
            "asked": self.question.asked and self.question.asked.isoformat(),
            "tags": self.question.tags,
            "qrels": self.question.qrels,
            "ranked": self.ranked[:10],
            "scores": self.scores,
            "milliseconds": self.milliseconds,
        }


def ranking(hits: Iterable[Hit], *, copies: bool = True) -> tuple[str, ...]:
    """Distinct article ids, best first; with `copies`, an article's near-copies follow it."""
    order: dict[str, None] = {}
    for hit in hits:
        order.setdefault(hit.head.id)
        for head in hit.copies if copies else ():
            order.setdefault(head.id)
    return tuple(order)


def measure(
    archive: Archive, questions: Sequence[Question], *, with_asked: bool, copies: bool = True
) -> list[Row]:
    """A row for each question, after a few searches that are not timed."""
    for question in questions[:WARM_UP]:
        archive.search(question.text, top_k=FETCHED)
    rows = []
    for question in questions:
        asked = question.asked if with_asked else None
        started = time.perf_counter()
        hits = archive.search(question.text, top_k=FETCHED, filters=question.filters, asked=asked)
        took = (time.perf_counter() - started) * 1000
        ranked = ranking(hits, copies=copies)
        rows.append(Row(question, ranked, rank_scores(ranked, question.qrels), took))
    return rows


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Mean scores and latencies (milliseconds) of the rows."""
    times = [row.milliseconds for row in rows]
    scores = {name: mean(row.scores[name] for row in rows) for name in RANKING}
    return {"n": len(rows), **scores, "p50_ms": percentile(times, 0.5), "p95_ms": percentile(times, 0.95)}


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = suite_options(__doc__.partition("\n")[0])
    parser.add_argument("--with-asked", action="store_true", help="tell the search the day of each question")
    parser.add_argument("--no-copies", action="store_true", help="do not rank near-copies folded into a hit")
    parser.add_argument("--rows", type=Path, help="write a JSON line for each question")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(argv)
    suite = read_suite(options.suite)
    chosen = choose(suite.questions, options.tag, options.without)
    questions = [question for question in chosen if question.evidence][: options.limit]
    with opened(options.home, suite, ingest=not options.no_ingest, precision=options.precision) as archive:
        rows = measure(archive, questions, with_asked=options.with_asked, copies=not options.no_copies)
    if options.rows:
        lines = (json.dumps(row.record(), ensure_ascii=False) + "\n" for row in rows)
        options.rows.write_text("".join(lines), encoding="utf-8")
    table = by_tag(rows, summary)
    print_table(["tag", *table["all"]], [[tag, *values.values()] for tag, values in table.items()])
    result = {"suite": suite.name, **circumstances(), "settings": settings_of(options)}
    say({**result, "metrics": table.pop("all"), "tags": table})


if __name__ == "__main__":
    run(main)
