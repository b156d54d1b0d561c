"""Rows and runs of questions as JSON and back.

A row that is read again has the question's qrels in place of its evidence's offsets; all else returns as it
was. Knows nothing of how a run comes about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from index.types import Span
from rag.eval.results import (
    BROKEN,
    no_result,
    outcome_json,
    read_metrics,
    read_numbers,
    read_outcome,
    read_record,
    read_text,
    results_text,
)
from rag.eval.types import Evidence, Place, Question, Row, Run, RunError, Shown
from rag.types import Claim, Support, Turn
from rag.wire import plain


def question_json(question: Question) -> dict[str, Any]:
    """A question with its gold; evidence as `qrels`, article ids to grades."""
    return {
        "id": question.id,
        "question": question.text,
        "asked": plain(question.asked),
        "history": [{"role": turn.role, "content": turn.content} for turn in question.history],
        "tags": list(question.tags),
        "answerable": question.answerable,
        "gold": plain(question.answers),
        "choices": plain(question.choices),
        "references": list(question.references),
        "assertions": list(question.assertions),
        "articles": plain(question.articles),
        "qrels": question.qrels,
    }


def row_json(row: Row) -> dict[str, Any]:
    """A row as plain values: the question's fields, then what came of it."""
    return {
        **question_json(row.question),
        "answer": row.answer,
        "said": row.said,
        "abstained": row.abstained,
        "confidence": row.confidence,
        "choice": row.choice,
        "citations": [_shown_json(one, "support") for one in row.citations],
        "claims": [_claim_json(row.answer, one) for one in row.claims],
        "hits": [_shown_json(one, "score") for one in row.hits],
        "evidence": [_place_json(place) for place in row.places],
        "lost": row.lost,
        "ranked": list(row.ranked),
        "milliseconds": plain(row.milliseconds),
        "trace": plain(row.trace),
        "scores": plain(row.scores),
    }


def _shown_json(shown: Shown, last: Literal["support", "score"]) -> dict[str, Any]:
    return {
        "article": shown.article,
        "start": shown.span.start,
        "end": shown.span.end,
        "text": shown.text,
        "title": shown.title,
        "source": shown.source,
        "published": plain(shown.published),
        last: plain(getattr(shown, last)),
    }


def _claim_json(answer: str, claim: Claim) -> dict[str, Any]:
    return {
        "start": claim.at.start,
        "end": claim.at.end,
        "text": claim.at.of(answer),
        "support": claim.support,
        "score": plain(claim.score),
        "reason": claim.reason,
    }


def _place_json(place: Place) -> dict[str, Any]:
    span = place.span
    return {
        "article": place.article,
        "start": span and span.start,
        "end": span and span.end,
        "text": place.text,
    }


def read_row(record: Mapping[str, Any]) -> Row:
    """The row of a record. Raises RunError."""
    try:
        return Row(
            question=_question(record),
            answer=read_text(record["answer"]),
            said=read_text(record["said"]),
            abstained=bool(record["abstained"]),
            confidence=record["confidence"],
            choice=record["choice"],
            citations=tuple(_shown(one) for one in record["citations"]),
            claims=tuple(_claim(one) for one in record.get("claims", ())),  # older results have none
            hits=tuple(_shown(one) for one in record["hits"]),
            places=tuple(_place(one) for one in record["evidence"]),
            lost=int(record["lost"]),
            ranked=tuple(record["ranked"]),
            milliseconds=read_numbers(record["milliseconds"]),
            trace=dict(record["trace"]),
            scores=read_numbers(record["scores"]),
        )
    except BROKEN as error:
        raise RunError(
            f"found a row that is none of a run ({error!r}), wanted one as eval writes it"
        ) from error


def _question(record: Mapping[str, Any]) -> Question:
    asked, choices, articles = record["asked"], record["choices"], record["articles"]
    return Question(
        id=read_text(record["id"]),
        text=read_text(record["question"]),
        asked=date.fromisoformat(asked) if asked else None,
        answers=tuple(tuple(group) for group in record["gold"]),
        answerable=bool(record["answerable"]),
        evidence=tuple(Evidence(article, None, int(grade)) for article, grade in record["qrels"].items()),
        history=tuple(Turn(turn["role"], turn["content"]) for turn in record["history"]),
        articles=None if articles is None else tuple(articles),
        tags=tuple(record["tags"]),
        choices=tuple(choices) if choices else None,
        references=tuple(record["references"]),
        assertions=tuple(record["assertions"]),
    )


def _shown(record: Mapping[str, Any]) -> Shown:
    published = record["published"]
    return Shown(
        article=record["article"],
        span=Span(record["start"], record["end"]),
        text=read_text(record["text"]),
        title=read_text(record["title"]),
        source=record["source"],
        published=date.fromisoformat(published) if published else None,
        score=record.get("score"),
        support=record.get("support"),
    )


def _claim(record: Mapping[str, Any]) -> Claim:
    support = record["support"]
    if support not in get_args(Support):
        raise ValueError(f"found {support!r}, wanted one of {', '.join(get_args(Support))}")
    return Claim(
        Span(record["start"], record["end"]), support, float(record["score"]), read_text(record["reason"])
    )


def _place(record: Mapping[str, Any]) -> Place:
    start, end = record["start"], record["end"]
    return Place(record["article"], None if start is None else Span(start, end), read_text(record["text"]))


def run_json(run: Run, *, rows: bool = True) -> dict[str, Any]:
    """A run as plain values; without its rows if they are not wanted.

    `n` counts the questions, `failed` those among them at which the back-end failed, `lost` the pieces of
    evidence that the index does not hold.
    """
    told = outcome_json(run, "tags", run.tags)
    return told | ({"rows": [row_json(row) for row in run.rows]} if rows else {})


def read_run(path: Path) -> Run:
    """The run of a `results.json`, or of the folder that holds one. Raises RunError."""
    return run_of(path, read_record(path))


def run_of(path: Path, record: Any) -> Run:
    """The run in what was read from `path`. Raises RunError."""
    try:
        return Run(
            **read_outcome(record),
            tags={group: read_metrics(metrics) for group, metrics in record["tags"].items()},
            rows=tuple(read_row(row) for row in record["rows"]),
        )
    except (*BROKEN, RecursionError, RunError) as error:
        raise no_result(path, error) from error


def run_text(run: Run) -> str:
    """What `results.json` holds of a run."""
    return results_text(run_json(run))
