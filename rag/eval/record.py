"""Rows and runs as JSON and back, and how their files are read and written.

A row that is read again has the question's qrels in place of its evidence's offsets; all else returns as it
was. Knows nothing of how a run comes about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from index.types import Span
from rag.eval.types import Evidence, Metric, Place, Question, Row, Run, RunError, Shown
from rag.types import Claim, Support, Turn
from rag.wire import plain

RESULTS = "results.json"
BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)


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


def read_text(value: object) -> str:
    """The text itself; TypeError if it is none."""
    if not isinstance(value, str):
        raise TypeError(f"found {value!r}, wanted text")
    return value


def read_numbers(record: Mapping[str, Any]) -> dict[str, float]:
    """Names to numbers."""
    return {name: float(value) for name, value in record.items()}


def run_json(run: Run, *, rows: bool = True) -> dict[str, Any]:
    """A run as plain values; without its rows if they are not wanted.

    `n` counts the questions, `failed` those among them at which the back-end failed, `lost` the pieces of
    evidence that the index does not hold.
    """
    told = {
        "suite": run.suite,
        "commit": run.commit,
        "settings": plain(run.settings),
        "machine": plain(run.machine),
        "n": run.n,
        "failed": run.failed,
        "lost": sum(row.lost for row in run.rows),
        "seconds": run.seconds,
        "metrics": metrics_json(run.metrics),
        "tags": {group: metrics_json(metrics) for group, metrics in run.tags.items()},
        "latency": plain(run.latency),
    }
    return told | ({"rows": [row_json(row) for row in run.rows]} if rows else {})


def metrics_json(metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """Metrics as plain values."""
    return {
        name: {"value": plain(one.value), "low": plain(one.low), "high": plain(one.high), "n": one.n}
        for name, one in metrics.items()
    }


def read_run(path: Path) -> Run:
    """The run of a `results.json`, or of the folder that holds one. Raises RunError."""
    return run_of(path, read_record(path))


def read_record(path: Path) -> Any:
    """What a `results.json` holds, or that of the folder that holds one, of any kind. Raises RunError."""
    place = path / RESULTS if path.is_dir() else path
    try:
        return json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError(
            f"cannot read {place} ({error.strerror}), wanted the {RESULTS} of `onrecord eval`, or its folder"
        ) from error
    except (ValueError, RecursionError) as error:
        raise no_result(path, error) from error


def no_result(path: Path, error: Exception) -> RunError:
    """That what was read from `path` is none of ours."""
    place = path / RESULTS if path.is_dir() else path
    return RunError(f"{place} is no result of `onrecord eval` ({error}): run it again")


def run_of(path: Path, record: Any) -> Run:
    """The run in what was read from `path`. Raises RunError."""
    try:
        return Run(
            suite=read_text(record["suite"]),
            commit=record["commit"],
            settings=dict(record["settings"]),
            machine=dict(record["machine"]),
            seconds=float(record["seconds"]),
            metrics=read_metrics(record["metrics"]),
            tags={group: read_metrics(metrics) for group, metrics in record["tags"].items()},
            latency={stage: read_numbers(shares) for stage, shares in record["latency"].items()},
            rows=tuple(read_row(row) for row in record["rows"]),
        )
    except (*BROKEN, RecursionError, RunError) as error:
        raise no_result(path, error) from error


def read_metrics(record: Mapping[str, Any]) -> dict[str, Metric]:
    """The metrics that `metrics_json` wrote."""
    return {
        name: Metric(float(one["value"]), float(one["low"]), float(one["high"]), int(one["n"]))
        for name, one in record.items()
    }


def line(value: object) -> str:
    """The value as JSON on one line, in characters that any file can hold."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
    # Half a surrogate pair, as JSON may bring one, cannot be written as UTF-8.
    whole = text.encode("utf-8", "replace").decode("utf-8") == text
    return text if whole else json.dumps(plain(value), allow_nan=False)


def run_text(run: Run) -> str:
    """What `results.json` holds of a run."""
    return results_text(run_json(run))


def results_text(told: dict[str, Any]) -> str:
    """A run's plain values as a file holds them: a field a line, a row a line, the rows last."""
    rows = ",\n  ".join(line(row) for row in told["rows"])
    fields = [f'"{name}": {line(value)}' for name, value in told.items() if name != "rows"]
    return "{\n " + ",\n ".join([*fields, f'"rows": [\n  {rows}\n ]']) + "\n}\n"


def write_whole(path: Path, text: str) -> None:
    """Write the file so that it is there either as it was or whole. Raises RunError."""
    draft = path.with_name(f"{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8", errors="replace")
        draft.replace(path)
    except OSError as error:
        raise RunError(f"cannot write {path} ({error.strerror}): choose another folder with --out") from error
