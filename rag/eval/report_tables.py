"""The tables of the report: metrics beside published numbers, groups of questions, circumstances. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from math import isfinite
from typing import Any

from rag.eval.measures import Measure, measure, number_text, ordered
from rag.eval.plots import shown, strip
from rag.eval.published import Reference, references, referred_groups
from rag.eval.scores import groups
from rag.eval.types import Metric, Outcome, Run

Tick = tuple[float, str]

# What tells most of a group of questions, in the order of the columns; a suite has a part of them.
_GROUP_COLUMNS = (
    *("answer_match", "answer_words", "choice_accuracy", "false_answer_rate", "false_abstain_rate"),
    *("citation_recall", "hit@1", "hit@10", "ndcg@10", "token_recall", "token_iou", "fact_hit@10"),
)


class Notes:
    """Numbered notes on published numbers; the same text gets the same number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a note, from 1."""
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def html(self) -> str:
        """All notes that have a number."""
        items = "".join(
            f'<li id="note-{number}">{shown(text)}</li>' for text, number in self._numbers.items()
        )
        return (
            '<details class="notes" id="notes"><summary>Conditions and sources of the published numbers'
            f"</summary><ol>{items}</ol></details>"
            if items
            else ""
        )


def headline_html(run: Run, notes: Notes) -> str:
    """Every metric over all questions: value, 95 % interval, n, and what others published."""
    published = references(run.suite)

    def beside(one: Measure) -> tuple[list[Tick], str]:
        others = [reference for reference in published if reference.metric == one.name]
        ticks = [(other.value, f"{other.system} {number_text(one.name, other.value)}") for other in others]
        return ticks, _others(others, notes)

    ticks = ", the strokes what others published" if published else ""
    return (
        f'<p class="note">The dot is this run, its bar the 95 % interval of a bootstrap over the '
        f"questions{ticks}. A metric is the mean over the n questions to which it applies.</p>"
        f"{metrics_html(run.metrics, 'Published', beside)}"
    )


def metrics_html(
    metrics: Mapping[str, Metric], column: str, beside: Callable[[Measure], tuple[list[Tick], str]]
) -> str:
    """The table of the metrics by section; the last column, of that name, holds what stands beside each.

    `beside` gives the strokes for the scale, each a value with its label, and the HTML of the column.
    """
    bodies = "".join(
        f'<tbody><tr class="part"><th colspan="6" scope="rowgroup">{section}</th></tr>'
        + "".join(_metric_row(one, metrics[one.name], *beside(one)) for one in measures)
        + "</tbody>"
        for section, measures in groupby(ordered(metrics), key=lambda one: one.section)
    )
    heads = "".join(
        f'<th scope="col" class="{kind}">{name}</th>'
        for name, kind in (
            ("Metric", "text"),
            ("Value", "number"),
            ("95 % interval", "number"),
            ("0 to 1", "scale"),
            ("n", "number"),
            (column, "text"),
        )
    )
    return f'<table class="headline"><thead><tr>{heads}</tr></thead>{bodies}</table>'


def _metric_row(one: Measure, metric: Metric, ticks: list[Tick], others: str) -> str:
    value = number_text(one.name, metric.value)
    name = f"{one.name} {value}, 95 % interval {_interval_text(one.name, metric)}"
    plot = (
        strip(name, metric.value, metric.low, metric.high, ticks)
        if one.is_share and isfinite(metric.value)
        else ""
    )
    lower = ' <span class="lower">lower is better</span>' if one.better == "low" else ""
    meaning = f'<span class="meaning">{one.meaning}{lower}</span>' if one.meaning else ""
    return (
        f'<tr><th scope="row"><span class="metric">{shown(one.name)}</span>{meaning}</th>'
        f'<td class="number value">{value}</td>'
        f'<td class="number interval">{_interval_text(one.name, metric)}</td>'
        f'<td class="scale">{plot}</td><td class="number n">{metric.n:,}</td>'
        f'<td class="published">{others}</td></tr>'
    )


def _interval_text(name: str, metric: Metric) -> str:
    return f"{number_text(name, metric.low)} – {number_text(name, metric.high)}"


def _others(others: Sequence[Reference], notes: Notes) -> str:
    """Best first; each with the number of its note, the note itself on hover."""
    if not others:
        return ""
    items = "".join(
        f'<li title="{shown(other.note)}"><span>{shown(other.system)}</span> '
        f"<b>{number_text(other.metric, other.value)}</b>"
        f'<a href="#note-{notes.number(other.note)}">{notes.number(other.note)}</a></li>'
        for other in sorted(others, key=_merit, reverse=True)
    )
    return f"<ul>{items}</ul>"


def _merit(other: Reference) -> float:
    return -other.value if measure(other.metric).better == "low" else other.value


def groups_html(run: Run, notes: Notes) -> str:
    """Metrics of each group of questions, the largest group first; empty without groups."""
    if not run.tags:
        return ""
    held = {name for metrics in run.tags.values() for name in metrics}
    columns = ordered(name for name in _GROUP_COLUMNS if name in held)
    heads = "".join(f'<th scope="col" class="number">{_breakable(one.name)}</th>' for one in columns)
    sizes = {name: len(rows) for name, rows in groups(run.rows).items()} | {"all": len(run.rows)}
    names = sorted(run.tags, key=lambda name: (-sizes.get(name, 0), name))
    listed = [("all", run.metrics), *((name, run.tags[name]) for name in names)]
    body = "".join(_group_row(name, sizes.get(name, 0), metrics, columns) for name, metrics in listed)
    return (
        '<section id="groups"><h2>By group</h2><div class="scroll"><table class="groups"><thead><tr>'
        f'<th scope="col">Tag</th><th scope="col" class="number">n</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{_published_groups(run, notes)}</section>"
    )


def _breakable(name: str) -> str:
    return shown(name).replace("_", "_<wbr>")


def _group_row(name: str, size: int, metrics: Mapping[str, Metric], columns: Sequence[Measure]) -> str:
    cells = []
    for one in columns:
        metric = metrics.get(one.name)
        inside = "–"
        if metric is not None:
            inside = f"{number_text(one.name, metric.value)}<small>{_interval_text(one.name, metric)}</small>"
        over = f' title="n = {metric.n:,}"' if metric is not None else ""
        cells.append(f'<td class="number"{over}>{inside}</td>')
    return (
        f'<tr><th scope="row"><bdi>{shown(name)}</bdi></th><td class="number">{size:,}</td>'
        f"{''.join(cells)}</tr>"
    )


def _published_groups(run: Run, notes: Notes) -> str:
    rows = []
    for group in referred_groups(run.suite):
        metrics, others = run.tags.get(group, {}), references(run.suite, group)
        for one in ordered(metrics.keys() & {other.metric for other in others}):
            same = [other for other in others if other.metric == one.name]
            rows.append(
                f'<tr><th scope="row"><bdi>{shown(group)}</bdi>'
                f'<span class="meaning">{shown(one.name)}</span></th>'
                f'<td class="number value">{number_text(one.name, metrics[one.name].value)}</td>'
                f'<td class="number interval">{_interval_text(one.name, metrics[one.name])}</td>'
                f'<td class="published">{_others(same, notes)}</td></tr>'
            )
    if not rows:
        return ""
    return (
        "<h3>Published for groups</h3>"
        '<table class="headline"><thead><tr><th scope="col">Tag</th><th scope="col" class="number">Value</th>'
        '<th scope="col" class="number">95 % interval</th><th scope="col">Published</th></tr></thead><tbody>'
        f"{''.join(rows)}</tbody></table>"
    )


def unmatched_html(run: Run, notes: Notes) -> str:
    """What is published for the suite in metrics that this run has not; empty without."""
    others = [one for one in references(run.suite) if one.metric not in run.metrics]
    items = "".join(
        f'<li title="{shown(one.note)}">{shown(one.system)}, {shown(one.metric)}: <b>{one.value:.3f}</b>'
        f'<a href="#note-{notes.number(one.note)}">{notes.number(one.note)}</a></li>'
        for one in others
    )
    return (
        '<details class="notes"><summary>Published in measures that this run does not have</summary>'
        f'<ul class="unmatched">{items}</ul></details>'
        if items
        else ""
    )


def circumstances_html(run: Outcome) -> str:
    """Commit, settings and machine, nested ones by dotted names."""
    facts = {"commit": run.commit or "–", "seconds": f"{run.seconds:,.1f}"}
    facts |= flat(run.settings) | flat(run.machine)
    rows = "".join(
        f'<tr><th scope="row">{shown(name)}</th><td dir="auto">{shown(value)}</td></tr>'
        for name, value in facts.items()
    )
    table = f'<table class="facts"><tbody>{rows}</tbody></table>'
    return f'<section id="run"><h2>How it was run</h2>{table}</section>'


def flat(values: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Nested mappings as one, names joined by dots, values as text."""
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = "–" if value is None else str(value)
    return found
