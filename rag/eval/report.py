"""A run as one page that needs nothing else: numbers beside published ones, figures, every question.

Whatever a question, an answer or an article holds is escaped, and a Content-Security-Policy lets only the
page's own style and script (named by their hashes) take effect. The page can be read without scripts.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files

from rag.eval.plots import shown
from rag.eval.report_figures import figures_html
from rag.eval.report_rows import questions_html
from rag.eval.report_tables import Notes, circumstances_html, groups_html, headline_html, unmatched_html
from rag.eval.types import Run, written_by


def report_html(run: Run) -> str:
    """The whole page, ready to be written as UTF-8."""
    notes = Notes()
    tables = headline_html(run, notes) + unmatched_html(run, notes)
    groups = groups_html(run, notes)
    return page_html(
        run.suite,
        f"{_header_html(run)}<main>"
        f'<section id="numbers"><h2>Numbers</h2>{tables}{notes.html()}</section>'
        f"{figures_html(run.rows, run.latency)}{groups}{questions_html(run.rows)}{circumstances_html(run)}"
        "</main>",
    )


def page_html(suite: str, body: str) -> str:
    """A page with the report's style, script and policy around a body."""
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{shown(suite)} · Onrecord</title><style>{style}</style></head><body>"
        f"{body}<script>{script}</script></body></html>\n"
    )


def _asset(name: str) -> str:
    return (files("rag.eval") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _header_html(run: Run) -> str:
    facts = [f"{len(run.rows):,} question{'' if len(run.rows) == 1 else 's'}"]
    facts += [f"commit {run.commit}"] if run.commit else []
    facts += [written_by(run)] if written_by(run) else []
    parts = {"numbers": "Numbers", "figures": "Figures"}
    parts |= {"groups": "Groups"} if run.tags else {}
    return header_html(run.suite, _lead(run), facts, parts | {"questions": "Questions"})


def header_html(suite: str, lead: str, facts: Sequence[str], parts: Mapping[str, str]) -> str:
    """The head of a page; `parts` are the ids of its sections and their names, the last one left out."""
    listed = {**parts, "run": "How it was run"}
    links = "".join(f'<a href="#{place}">{name}</a>' for place, name in listed.items())
    return (
        f'<header><p class="brand">Onrecord · evaluation</p><h1 dir="auto">{shown(suite)}</h1>'
        f'<p class="lead">{lead}</p><p class="facts">{shown(" · ".join(facts))}</p>'
        f'<nav aria-label="Parts of this page">{links}</nav></header>'
    )


_SAID = {
    "answer_match": "the gold answer was given to {} of the questions that have one",
    "choice_accuracy": "{} of the choices are right",
    "false_answer_rate": "{} of the unanswerable questions were answered",
    "false_abstain_rate": "{} of the answerable questions got no answer",
    "hit@10": "a relevant article is among the first ten for {}",
}


def _lead(run: Run) -> str:
    """The run in one sentence."""
    parts = [
        text.format(f"{run.metrics[name].value * 100:.0f} %")
        for name, text in _SAID.items()
        if name in run.metrics
    ]
    if took := run.latency.get("total", {}).get("p50"):
        parts.append(f"half of the answers took at most {took:,.0f} ms")
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if said else "Nothing was measured."
