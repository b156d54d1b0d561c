"""The settings on the Ask tab: their fields, and what is kept of them in the reader's browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import OnrecordError
from rag.assistant import READ
from rag.page.parts import QUIET, asset, piece
from rag.page.settings import STRICTNESS, Manner, Own, model_label

READ_NOTE = f"The best {READ} are read for the answer, the others are listed under it."


@dataclass(frozen=True, slots=True)
class SettingsPart:
    """The components of the settings; `kept` hands on what the browser keeps, `back` undoes all choices."""

    section: gr.Accordion
    model: gr.Dropdown
    top_k: gr.Number
    abstain: gr.Radio
    asked: gr.DateTime
    back: gr.Button
    kept: gr.HTML

    @property
    def fields(self) -> list[Any]:
        """What `Manner` reads behind the filters, in its order."""
        return [self.model, self.top_k, self.abstain, self.asked]

    @property
    def heading(self) -> list[Any]:
        """What tells that something differs from the server's own settings."""
        return [self.section, self.back]


def settings_part(own: Own) -> SettingsPart:
    """The components, set to what the server's settings say, in the block that is open."""
    named = [(model_label(name), name) for name in own.models]
    with gr.Accordion("Settings", open=False, elem_id="settings") as section:
        with gr.Row():
            model = gr.Dropdown(
                named,
                value=own.models[0],
                label="Answers written by",
                elem_id="model",
                min_width=200,
                scale=2,
            )
            # Without bounds: Gradio would tell them in a message of its own, `Manner` tells them in a line.
            top_k = gr.Number(
                own.top_k,
                label="Passages to find",
                info=READ_NOTE,
                precision=0,
                elem_id="top-k",
                min_width=140,
            )
            asked = gr.DateTime(
                label="Asked on (or today)",
                include_time=False,
                type="string",
                elem_id="asked-on",
                min_width=160,
            )
            piece("asked-days", template="", script="fields.js")
        abstain = gr.Radio(
            [(label, name) for name, label in STRICTNESS.items()],
            value=own.abstain,
            label="When the articles may not tell",
            elem_id="strictness",
        )
        back = gr.Button("Back to the server’s own", visible=False, elem_id="own-settings", size="sm")
    kept = piece("kept-settings", template="", script="settings.js")
    return SettingsPart(section, model, top_k, abstain, asked, back, kept)


def wire_settings(own: Own, part: SettingsPart, page: gr.Blocks) -> None:
    """Let the choices be told in the heading, kept in the browser, and undone."""

    def told(*fields: Any) -> tuple[Any, ...]:
        return settings_told(own, fields)

    def recalled(kept: object) -> tuple[Any, ...]:
        """The fields but the day, and the heading."""
        manner = own.recalled(kept)
        fields = manner.llm or own.models[0], manner.top_k or own.top_k, manner.abstain or own.abstain
        return *fields, *settings_told(own, (*fields, ""))[:2]

    shown = [*part.heading, part.kept]
    for field in part.fields[:3]:
        field.input(told, part.fields, shown, queue=False, trigger_mode="always_last", **QUIET)
    part.asked.change(told, part.fields, shown, queue=False, trigger_mode="always_last", **QUIET)
    recalling = [*part.fields[:3], *part.heading]
    page.load(recalled, [part.kept], recalling, js=asset("recall-settings.js"), queue=False, **QUIET)
    undone = [*part.fields, *shown]
    part.back.click(lambda: (*recalled({})[:3], "", *told(None, None, None, "")), None, undone, **QUIET)


def settings_told(own: Own, fields: tuple[Any, ...]) -> tuple[Any, ...]:
    """Heading, the way back, and what is kept of the fields; the heading also tells what is wrong in them."""
    try:
        manner = Manner.of((None, None, None, *fields))
    except OnrecordError as error:
        return gr.Accordion(label=f"Settings: {error}"), gr.Button(visible=True), gr.skip()
    text = own.text(manner)
    heading = gr.Accordion(label=f"Settings: {text}" if text else "Settings")
    return heading, gr.Button(visible=bool(text)), own.kept(manner)
