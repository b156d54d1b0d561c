"""The results of an attribution suite on the terminal. Knows nothing of how they come about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rag.eval.attributions.types import AttributionRun
from rag.eval.measures import number_text, ordered
from rag.eval.show import between
from rag.terminal import line


def print_attribution_run(out: Console, run: AttributionRun, report: Path) -> None:
    """The metrics of a run with their intervals, beside those of the baselines, and where its report is."""
    out.print(
        Text(line(run.suite), style="bold") + Text("  " + line(", ".join(_told(run))), style="not bold")
    )
    if run.failed:
        first = next(row.error for row in run.rows if row.error is not None)
        told = f"{run.failed} of them failed and are left out, the first with {first}"
        out.print(Text(line(told), style="red"))
    if unreadable := run.settings.get("unreadable"):
        out.print(Text(f"{unreadable} articles could not be read", style="red"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("metric", min_width=max(map(len, run.metrics), default=0))
    for name in ("value", "95 %", "n", *run.baselines):
        table.add_column(line(name), justify="right", no_wrap=True)
    for one in ordered(run.metrics):
        metric = run.metrics[one.name]
        plain = (metrics.get(one.name) for metrics in run.baselines.values())
        others = ("–" if other is None else number_text(one.name, other.value) for other in plain)
        value = number_text(one.name, metric.value)
        table.add_row(line(one.name), value, between(one.name, metric), str(metric.n), *others)
    out.print(table)
    out.print(Text(str(report), style="dim"))


def _told(run: AttributionRun) -> Iterator[str]:
    """How much was read, and how long it took."""
    yield f"{run.n} articles"
    yield f"{sum(len(row.gold) for row in run.rows)} attributions"
    if lost := sum(row.lost for row in run.rows):
        yield f"{lost} more lost in cleaning"
    yield f"{run.seconds:.1f} s"
    yield f"commit {run.commit}"
    if took := run.latency.get("attribute"):
        yield f"an article in {took['p50']:.1f} ms, p95 {took['p95']:.1f}"
