"""What the tabs of the page are made of: our own pieces of HTML, fields for outlets and days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

ASSETS = Path(__file__).parent / "assets"
MAX_ASKING = 60
"""Readers who may be asking at once; most of them wait."""
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def asset(name: str) -> str:
    """The text of a file under rag/page/assets."""
    return (ASSETS / name).read_text(encoding="utf-8")


def stylesheet() -> str:
    """The style sheets under rag/page/assets as one: that of the whole page, then those of its parts."""
    parts = sorted(path.name for path in ASSETS.glob("*.css") if path.name != "page.css")
    return "\n".join(asset(name) for name in ["page.css", *parts])


def piece(elem_id: str, value: str = "", template: str = "${value}", script: str | None = None) -> gr.HTML:
    """One of our own pieces of the page, without Gradio's looks."""
    return gr.HTML(
        value,
        elem_id=elem_id,
        html_template=template,
        js_on_load=asset(script) if script else None,
        apply_default_css=False,
    )


def limit_fields(prefix: str = "") -> tuple[gr.Dropdown, gr.DateTime, gr.DateTime]:
    """Fields for outlets, first and last day; their elements' ids begin with `prefix`."""
    outlets = gr.Dropdown(
        [], label="Only these outlets", multiselect=True, elem_id=f"{prefix}outlets", min_width=200, scale=2
    )
    since, until = (
        gr.DateTime(label=label, include_time=False, type="string", elem_id=f"{prefix}{name}", min_width=140)
        for label, name in (("From", "since"), ("To", "until"))
    )
    piece(f"{prefix}days", template="", script="fields.js")
    return outlets, since, until
