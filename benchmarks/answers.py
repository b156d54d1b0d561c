"""Measure answers over a suite: right or not, abstained or not, cited rightly or not, and how fast.

    python -m benchmarks.answers SUITE --home DIR [--abstain on|off|strict] [--tag TAG] [--rows FILE]

`answer_match` counts an abstention as a miss. A citation is right if it touches evidence: the cited span
overlaps it in the cleaned text, or the article is the evidence where no place in it is given.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import by_tag, circumstances, opened, print_table, run, say, settings_of, suite_options
from rag.eval.intervals import mean, percentile
from rag.eval.matching import answer_match
from rag.eval.suite import choose, place_of, read_suite
from rag.eval.types import Place, Question

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.types import Abstain, Answer

WARM_UP = 3
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its answer; `places` are those of its evidence that the archive still holds."""

    question: Question
    answer: Answer
    places: tuple[Place, ...]
    milliseconds: float

    @property
    def said(self) -> str:
        """The answer without its markers."""
        return without_markers(self.answer)

    @property
    def matched(self) -> bool | None:
        """Whether the answer is right; None where there is no short answer to compare with."""
        if not (self.question.answerable and self.question.answers):
            return None
        return not self.answer.abstained and answer_match(self.said, self.question.answers)

    @property
    def right_citations(self) -> int:
        """How many citations touch evidence."""
        return sum(any(p.holds(c.head.id, c.span) for p in self.places) for c in self.answer.citations)

    @property
    def cited_places(self) -> int:
        """How many places of evidence a citation touches."""
        return sum(any(p.holds(c.head.id, c.span) for c in self.answer.citations) for p in self.places)

    def record(self) -> dict[str, Any]:
        """What the rows file holds of it."""
        question, answer = self.question, self.answer
        return {
            "id": question.id,
            "question": question.text,
            "history": [turn.content for turn in question.history],
            "tags": question.tags,
            "answerable": question.answerable,
            "gold": question.answers,
            "answer": answer.text,
            "abstained": answer.abstained,
            "matched": self.matched,
            "citations": [
                {"article": c.head.id, "start": c.span.start, "end": c.span.end, "evidence": c.evidence}
                for c in answer.citations
            ],
            "right_citations": self.right_citations,
            "evidence": [[p.article, p.span and p.span.start, p.span and p.span.end] for p in self.places],
            "hits": [
                {"article": h.head.id, "score": h.score, "text": h.passage.text} for h in answer.hits[:SHOWN]
            ],
            "milliseconds": self.milliseconds,
            "trace": dict(answer.trace),
        }


def without_markers(answer: Answer) -> str:
    """The text of an answer with the markers of its citations cut out, a space in their place."""
    text = answer.text
    for place in sorted({citation.at for citation in answer.citations}, reverse=True):
        text = f"{text[: place.start]} {text[place.end :]}"
    return re.sub(r"\s+", " ", text).strip()


def measure(assistant: Assistant, questions: Sequence[Question], abstain: Abstain | None) -> list[Row]:
    """A row for each question, after a few that are not timed."""
    for question in questions[:WARM_UP]:
        assistant.ask(question.text)
    rows = []
    for question in questions:
        started = time.perf_counter()
        answer = assistant.ask(
            question.text,
            history=question.history,
            asked=question.asked,
            filters=question.filters,
            abstain=abstain,
        )
        took = (time.perf_counter() - started) * 1000
        places = (place_of(assistant.archive, item) for item in question.evidence)
        rows.append(Row(question, answer, tuple(place for place in places if place), took))
    return rows


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Rates, means and latencies (milliseconds) of the rows; None where nothing counts towards one."""
    answered = [row for row in rows if not row.answer.abstained]
    located = [row for row in rows if row.question.answerable and row.places]
    cited = [row for row in located if row.answer.citations]
    times = [row.milliseconds for row in rows]
    supports = [citation.support != "unsupported" for row in answered for citation in row.answer.citations]
    return {
        "n": len(rows),
        "answer_match": mean(row.matched for row in rows if row.matched is not None),
        "match_answered": mean(row.matched for row in answered if row.matched is not None),
        "answer_words": mean(len(row.said.split()) for row in answered),
        "false_answer_rate": mean(not row.answer.abstained for row in rows if not row.question.answerable),
        "false_abstain_rate": mean(row.answer.abstained for row in rows if row.question.answerable),
        "citation_precision": mean(row.right_citations / len(row.answer.citations) for row in cited),
        "citation_recall": mean(row.cited_places / len(row.places) for row in located),
        "citation_hit": mean(row.cited_places > 0 for row in located),
        "support_rate": mean(supports),
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
    }


SHORT = {
    "answer_match": "match",
    "match_answered": "m_answered",
    "answer_words": "words",
    "false_answer_rate": "false_ans",
    "false_abstain_rate": "false_abst",
    "citation_precision": "cit_prec",
    "citation_recall": "cit_rec",
    "citation_hit": "cit_hit",
    "support_rate": "support",
}


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = suite_options(__doc__.partition("\n")[0])
    parser.add_argument("--abstain", choices=["on", "off", "strict"], help="default: what the settings say")
    parser.add_argument("--rows", type=Path, help="write a JSON line for each question: answer, gold, hits")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(argv)
    suite = read_suite(options.suite)
    questions = choose(suite.questions, options.tag, options.without, options.limit)
    from rag.assistant import Assistant
    from rag.config import load_settings

    with opened(options.home, suite, ingest=not options.no_ingest, precision=options.precision) as archive:
        assistant = Assistant(archive, load_settings(options.home, {}))
        rows = measure(assistant, questions, options.abstain)
    if options.rows:
        lines = (json.dumps(row.record(), ensure_ascii=False, default=str) + "\n" for row in rows)
        options.rows.write_text("".join(lines), encoding="utf-8")
    lost = sum(len(row.question.evidence) - len(row.places) for row in rows)
    table = by_tag(rows, summary)
    names = [SHORT.get(name, name) for name in table["all"]]
    print_table(["tag", *names], [[tag, *values.values()] for tag, values in table.items()])
    result = {"suite": suite.name, **circumstances(), "settings": settings_of(options), "evidence_lost": lost}
    say({**result, "metrics": table.pop("all"), "tags": table})


if __name__ == "__main__":
    run(main)
