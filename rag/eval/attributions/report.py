"""A run over attributions as one page that needs nothing else: numbers beside baselines, every article.

In looks, script and safety it is the page of `rag.eval.report`: whatever an article holds is escaped, and
nothing but the page's own style and script takes effect. Pure.
"""

from __future__ import annotations

from rag.eval.attributions.report_rows import articles_html
from rag.eval.attributions.types import AttributionRun
from rag.eval.measures import Measure, number_text
from rag.eval.plots import shown
from rag.eval.report import header_html, page_html
from rag.eval.report_tables import Tick, circumstances_html, metrics_html

_BASELINES = {
    "marks": "what stands between double quotation marks in a paragraph, said by the nearest name",
    "nearest_name": "the contents found by this run, said by the nearest capitalised name",
}
_SAID = {
    "quoted_attribution_f1": "quotations are found with an F1 of {}",
    "quoted_source_accuracy": "who said it is right for {} of them",
    "indirect_attribution_f1": "what is said without quotation marks is found with an F1 of {}",
    "indirect_source_accuracy": "who said it is right for {} of that",
}


def attribution_report_html(run: AttributionRun) -> str:
    """The whole page, ready to be written as UTF-8."""
    parts = {"numbers": "Numbers", "questions": "Articles"}
    return page_html(
        run.suite,
        f"{header_html(run.suite, _lead(run), _facts(run), parts)}<main>"
        f'<section id="numbers"><h2>Numbers</h2>{_numbers_html(run)}</section>'
        f"{articles_html(run.rows)}{circumstances_html(run)}</main>",
    )


def _facts(run: AttributionRun) -> list[str]:
    gold, found = (sum(len(getattr(row, name)) for row in run.rows) for name in ("gold", "predicted"))
    lost = sum(row.lost for row in run.rows)
    return [
        f"{run.n:,} article{'' if run.n == 1 else 's'}",
        f"{gold:,} gold attributions",
        *([f"{lost:,} more lost in cleaning"] if lost else []),
        f"{found:,} found",
        *([f"{run.failed:,} articles failed"] if run.failed else []),
        *([f"commit {run.commit}"] if run.commit else []),
    ]


def _lead(run: AttributionRun) -> str:
    """The run in one sentence."""
    told = {name: run.metrics[name].value for name in _SAID if name in run.metrics}
    said = "; ".join(
        _SAID[name].format(number_text(name, value) if name.endswith("f1") else f"{value * 100:.0f} %")
        for name, value in told.items()
    )
    return f"{said[:1].upper()}{said[1:]}." if said else "Nothing was measured."


def _numbers_html(run: AttributionRun) -> str:
    named = "; ".join(
        f"<b>{shown(name)}</b>: {shown(_BASELINES.get(name, 'a baseline'))}" for name in run.baselines
    )
    return (
        '<p class="note">The dot is this run, its bar the 95 % interval of a bootstrap over the articles, '
        "the strokes the baselines of the same run. n counts gold attributions, of precision those found.</p>"
        f'<p class="note">{named}</p>{metrics_html(run.metrics, "Baselines", lambda one: _beside(run, one))}'
    )


def _beside(run: AttributionRun, one: Measure) -> tuple[list[Tick], str]:
    """The baselines' values of a metric, as strokes and as a list."""
    others = {name: metrics[one.name].value for name, metrics in run.baselines.items() if one.name in metrics}
    texts = {name: number_text(one.name, value) for name, value in others.items()}
    items = "".join(f"<li><span>{shown(name)}</span> <b>{text}</b></li>" for name, text in texts.items())
    ticks = [(value, f"{name} {texts[name]}") for name, value in others.items()]
    return ticks, f"<ul>{items}</ul>" if items else ""
