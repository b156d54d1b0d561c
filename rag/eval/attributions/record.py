"""Runs of attribution suites as JSON and back; their `results.json` says `"kind": "attributions"`.

Knows nothing of how a run comes about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

from index.types import Attribution, SaidPrecision, Span
from rag.eval.attributions.pairs import Wording, pair
from rag.eval.attributions.types import ArticleRow, AttributionRun
from rag.eval.record import run_of
from rag.eval.results import (
    BROKEN,
    no_result,
    outcome_json,
    read_metrics,
    read_numbers,
    read_outcome,
    read_record,
    read_text,
)
from rag.eval.types import Run, RunError
from rag.wire import plain

KIND = "attributions"


def attribution_run_json(run: AttributionRun, *, rows: bool = True) -> dict[str, Any]:
    """A run as plain values; without its rows if they are not wanted.

    `n` counts the articles, `failed` those among them that could not be read, `lost` the gold attributions
    of which cleaning left nothing.
    """
    told = {"suite": run.suite, "kind": KIND, **outcome_json(run, "baselines", run.baselines)}
    return told | ({"rows": [_row_json(row) for row in run.rows]} if rows else {})


def _row_json(row: ArticleRow) -> dict[str, Any]:
    """`matches` pairs places in `gold` with places in `predicted`, and counts the words they share."""
    return {
        "article": row.article,
        "title": row.title,
        "text": row.text,
        "gold": [_attribution_json(one) for one in row.gold],
        "predicted": [_attribution_json(one) for one in row.predicted],
        "matches": [
            {"gold": one.gold, "predicted": one.predicted, "words": one.words}
            for one in pair(Wording(row.text), row.gold, row.predicted)
        ],
        "lost": row.lost,
        "milliseconds": plain(row.milliseconds),
        "error": row.error,
    }


def _attribution_json(one: Attribution) -> dict[str, Any]:
    return {
        **{name: _pairs(getattr(one, name)) for name in ("content", "source", "cue")},
        "speaker": one.speaker,
        "quoted": one.quoted,
        "said_on": plain(one.said_on),
        "said_precision": one.said_precision,
    }


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def read_any_run(path: Path) -> Run | AttributionRun:
    """The run of a `results.json`, of questions or of attributions, or of its folder. Raises RunError."""
    record = read_record(path)
    if not isinstance(record, dict) or record.get("kind") != KIND:
        return run_of(path, record)
    try:
        return AttributionRun(
            **read_outcome(record),
            baselines={name: read_metrics(one) for name, one in record["baselines"].items()},
            rows=tuple(_row(row) for row in record["rows"]),
        )
    except (*BROKEN, RunError) as error:
        raise no_result(path, error) from error


def _row(record: Mapping[str, Any]) -> ArticleRow:
    article, text, error = read_text(record["article"]), read_text(record["text"]), record["error"]
    return ArticleRow(
        article=article,
        title=read_text(record["title"]),
        text=text,
        gold=tuple(_attribution(article, text, one) for one in record["gold"]),
        predicted=tuple(_attribution(article, text, one) for one in record["predicted"]),
        lost=int(record["lost"]),
        milliseconds=read_numbers(record["milliseconds"]),
        error=None if error is None else read_text(error),
    )


def _attribution(article: str, text: str, record: Mapping[str, Any]) -> Attribution:
    day, precision = record["said_on"], record["said_precision"]
    if precision not in get_args(SaidPrecision):
        raise ValueError(f"found {precision!r}, wanted one of {', '.join(get_args(SaidPrecision))}")
    return Attribution(
        article_id=article,
        content=_spans(text, record["content"]),
        source=_spans(text, record["source"]),
        cue=_spans(text, record["cue"]),
        speaker=read_text(record["speaker"]),
        quoted=bool(record["quoted"]),
        said_on=date.fromisoformat(day) if day else None,
        said_precision=precision,
    )


def _spans(text: str, pairs: Iterable[Iterable[int]]) -> tuple[Span, ...]:
    spans = tuple(Span(int(start), int(end)) for start, end in pairs)
    if any(span.end > len(text) for span in spans):
        raise ValueError(f"found a span beyond the {len(text)} characters of the text")
    return spans
