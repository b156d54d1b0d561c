"""Results for people: a table on the terminal, a page that leads to all reports, a bar while it goes on.

Knows nothing of how results come about.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import ClassVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.table import Table
from rich.text import Text

from rag.eval.measures import number_text
from rag.eval.types import Metric, Outcome, Run, written_by
from rag.terminal import Bars, console, line

INDEX = "index.html"
HEADLINE = (
    *("hit@1", "hit@10", "mrr@10", "ndcg@10", "recall@10"),
    *("answer_match", "match_borne_out", "answer_words", "exact_match", "f1", "choice_accuracy"),
    *("false_answer_rate", "false_abstain_rate", "citation_precision", "citation_recall", "support_rate"),
    *("rewrite_recall@10", "token_recall", "token_iou", "fact_hit@10", "fact_map@10"),
    *("attribution_f1", "attribution_exact_f1", "source_accuracy", "quoted_attribution_f1"),
    *("quoted_source_accuracy", "indirect_attribution_f1", "indirect_source_accuracy"),
)
"""The metrics that are shown at a glance."""


class _Rate(ProgressColumn):
    """Done a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s")


class RunBars(Bars):
    """Progress of indexing and asking as bars on stderr, with their rate; none where it is no terminal."""

    LABELS: ClassVar = {**Bars.LABELS, "ask": "Asking", "attribute": "Who said"}

    def __init__(self) -> None:
        super().__init__()
        on = console(sys.stderr)
        columns = (
            TextColumn("{task.description:<9}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeElapsedColumn(),
        )
        self._progress = RichProgress(*columns, console=on, disable=not on.is_terminal, transient=True)


def print_run(out: Console, run: Run, report: Path) -> None:
    """The headline metrics of a run with their intervals, and where its report is."""
    out.print(
        Text(line(run.suite), style="bold") + Text("  " + line(", ".join(_told(run))), style="not bold")
    )
    if by := written_by(run):
        out.print(Text(line(by), style="dim"))
    if run.failed:
        first = next(row.error for row in run.rows if row.error is not None)
        out.print(
            Text(line(f"{run.failed} of them failed and are left out, the first with {first}"), style="red")
        )
    if unreadable := run.settings.get("unreadable"):
        out.print(Text(f"{unreadable} articles could not be read", style="red"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("metric")
    for name in ("value", "95 %", "n"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in HEADLINE:
        if metric := run.metrics.get(name):
            table.add_row(name, number_text(name, metric.value), between(name, metric), str(metric.n))
    out.print(table)
    out.print(Text(str(report), style="dim"))


def _told(run: Run) -> Iterator[str]:
    """How much was asked, and how long it took."""
    yield f"{len(run.rows)} questions"
    yield f"{run.seconds:.1f} s"
    yield f"commit {run.commit}"
    if total := run.latency.get("total"):
        yield f"an answer in {total['p50']:.0f} ms, p95 {total['p95']:.0f}"
    if first := run.latency.get("first"):
        yield f"the model's first word after {first['p50']:.0f} ms, p95 {first['p95']:.0f}"
    if token := run.latency.get("per_token"):
        yield f"{token['p50']:.0f} ms a token"


def between(name: str, metric: Metric) -> str:
    """The interval."""
    return f"{number_text(name, metric.low)} – {number_text(name, metric.high)}"


_STYLE = """
:root{color-scheme:light dark;--line:#8884}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:fit-content;padding:0 1rem}
div{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .8rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:Canvas}th{vertical-align:bottom}small{opacity:.75;display:block}
"""


def overview_html(runs: Sequence[tuple[str, Outcome]]) -> str:
    """A page with a line for each run: where its report is (an address), its headline metrics."""
    names = [name for name in HEADLINE if any(name in run.metrics for _, run in runs)]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("suite", "n", *names))
    body = "\n".join(_overview_row(address, run, names) for address, run in runs)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Onrecord: evaluation</title><style>{_STYLE}</style></head>\n<body><h1>Evaluation</h1>\n"
        "<p>Means with their 95 % intervals; a report for each suite.</p>\n"
        f"<div><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div></body></html>\n"
    )


def _overview_row(address: str, run: Outcome, names: Sequence[str]) -> str:
    link = f'<a href="{escape(address)}">{escape(run.suite)}</a><small>{escape(run.commit or "")}</small>'
    count = f"{run.n}<small>{run.counted}</small>"
    count += f"<small>{run.failed} failed</small>" if run.failed else ""
    cells = "".join(f"<td>{_cell(name, run.metrics.get(name))}</td>" for name in names)
    return f"<tr><td>{link}</td><td>{count}</td>{cells}</tr>"


def _cell(name: str, metric: Metric | None) -> str:
    if metric is None:
        return "–"
    return f"{number_text(name, metric.value)}<small>{between(name, metric)}</small>"
