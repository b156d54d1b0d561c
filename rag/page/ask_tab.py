"""The Ask tab: its components, and what they set going."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from rag.page.conversations import Drawer
from rag.page.conversations_part import ConversationsPart, conversations_part, wire_conversations
from rag.page.parts import QUIET, limit_fields, piece
from rag.page.talk import MAX_QUESTION_CHARS

THREAD = '<div class="thread" role="log" aria-live="polite" aria-label="Conversation">${value}</div>'


@dataclass(frozen=True, slots=True)
class AskTab:
    """The components of the Ask tab."""

    thread: gr.HTML
    box: gr.Textbox
    again: gr.Button
    limits: gr.Accordion
    outlets: gr.Dropdown
    since: gr.DateTime
    until: gr.DateTime
    examples: gr.HTML
    conversations: ConversationsPart


def ask_tab() -> AskTab:
    part = conversations_part()
    thread = piece("thread", template=THREAD, script="thread.js")
    with gr.Column(elem_id="composer"):
        box = gr.Textbox(
            elem_id="question",
            label="Question",
            show_label=False,
            container=False,
            lines=1,
            max_lines=6,
            max_length=MAX_QUESTION_CHARS,
            autofocus=True,
            submit_btn="Ask",
            placeholder="Ask the articles",
        )
        again = gr.Button("New conversation", elem_id="again", size="sm")
        with gr.Accordion("Filters", open=False, elem_id="filters") as limits, gr.Row():
            outlets, since, until = limit_fields()
    examples = piece("examples", script="examples.js")
    return AskTab(thread, box, again, limits, outlets, since, until, examples, part)


def wire_asking(drawer: Drawer, tab: AskTab, source: gr.HTML, exchanges: gr.State) -> None:
    talk, part = drawer.talk, tab.conversations
    inputs = [exchanges, tab.outlets, tab.since, tab.until]
    outputs = [tab.thread, exchanges, tab.box, tab.examples]
    listing = [part.listed, part.section]
    asking = [
        tab.box.submit(drawer.ask, [part.place, tab.box, *inputs], [part.place, *outputs], **QUIET),
        tab.examples.ask(drawer.ask_example, [part.place, *inputs], [part.place, *outputs], **QUIET),
    ]
    for asked in asking:  # also after it was cancelled, when its work has ended
        asked.then(talk.settle, [exchanges], outputs, queue=False, **QUIET).then(
            drawer.settled,
            [part.place, exchanges, part.words],
            [tab.thread, exchanges, *listing],
            queue=False,
            **QUIET,
        )
    tab.box.stop(None, cancels=asking, queue=False, **QUIET)
    tab.again.click(None, cancels=asking, queue=False, **QUIET)
    tab.again.click(talk.restart, None, [*outputs, source], queue=False, **QUIET)
    tab.again.click(drawer.leave, [part.place, part.words], [part.place, part.listed], queue=False, **QUIET)
    tab.thread.open(drawer.open, [exchanges], source, trigger_mode="always_last", **QUIET)
    wire_conversations(drawer, part, [*outputs, source], asking)
    for field in (tab.outlets, tab.since, tab.until):
        field.change(talk.limits, inputs[1:], tab.limits, queue=False, **QUIET)
