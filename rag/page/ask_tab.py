"""The Ask tab: its components, and what they set going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.page.conversations import Drawer
from rag.page.conversations_part import ConversationsPart, conversations_part, wire_conversations
from rag.page.parts import MAX_ASKING, QUIET, limit_fields, piece
from rag.page.settings_part import SettingsPart, settings_part
from rag.page.talk import MAX_QUESTION_CHARS, Talk

THREAD = '<div class="thread" role="log" aria-live="polite" aria-label="Conversation">${value}</div>'

ENDED = "() => { document.dispatchEvent(new CustomEvent('onrecord:ended')); }"
# `Talk` lets few be answered at once and tells the others so; Gradio's own queue is for an onslaught.
IN_LINE: dict[str, Any] = {"concurrency_limit": MAX_ASKING, "concurrency_id": "ask", **QUIET}
COPIED = '<p class="note" role="status"></p>'


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
    settings: SettingsPart
    examples: gr.HTML
    copied: gr.HTML
    following: gr.HTML
    conversations: ConversationsPart

    @property
    def fields(self) -> list[Any]:
        """What says how to ask, in the order that `Manner` reads."""
        return [self.outlets, self.since, self.until, *self.settings.fields]


def ask_tab(talk: Talk) -> AskTab:
    """The tab's components, in the block that is open."""
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
        with gr.Accordion("Filters", open=False, elem_id="filters") as limits, gr.Row():
            outlets, since, until = limit_fields()
        settings = settings_part(talk.own)
        again = gr.Button("New conversation", elem_id="again", size="sm")
    examples = piece("examples", script="examples.js")
    copied = piece("copied", template=COPIED, script="copy.js")
    following = piece("following", script="following.js")
    asked = (outlets, since, until, settings)
    return AskTab(thread, box, again, limits, *asked, examples, copied, following, part)


def wire_asking(drawer: Drawer, tab: AskTab, source: gr.HTML, exchanges: gr.State) -> None:
    """Let the tab ask, stop, begin anew and open; `source` is the panel beside it."""
    talk, part = drawer.talk, tab.conversations
    inputs = [exchanges, *tab.fields]
    outputs = [tab.thread, exchanges, tab.box, tab.examples]
    listing = [part.listed, part.section]
    asked, told = [part.place, *inputs], [part.place, *outputs]
    looking = tab.following.look(talk.follow, inputs, tab.following, trigger_mode="always_last", **QUIET)
    for goes_on in (tab.box.submit, tab.examples.ask, tab.thread.ask, tab.thread.again):
        # Before what else these do: the browser begins them one after another.
        goes_on(None, cancels=looking, queue=False, **QUIET)
    asking = [
        tab.box.submit(drawer.ask, [part.place, tab.box, *inputs], told, **IN_LINE),
        tab.examples.ask(drawer.ask_button, asked, told, **IN_LINE),
        tab.thread.ask(drawer.ask_button, asked, told, **IN_LINE),
        tab.thread.again(drawer.ask_again, asked, told, **IN_LINE),
    ]
    ended = [tab.thread, exchanges, *listing]
    for one in asking:  # also after it was cancelled, when its work has ended
        settled = one.then(talk.settle, [exchanges], outputs, queue=False, **QUIET)
        kept = settled.then(drawer.settled, [part.place, exchanges, part.words], ended, queue=False, **QUIET)
        kept.then(None, js=ENDED, **QUIET)
    tab.box.stop(None, cancels=asking, queue=False, **QUIET)
    tab.again.click(None, cancels=asking, queue=False, **QUIET)
    fresh = [part.place, *outputs, source, part.listed]
    tab.again.click(drawer.leave, [part.place, part.words], fresh, queue=False, **QUIET)
    tab.thread.copy(talk.copy, [exchanges], tab.copied, queue=False, **QUIET)
    tab.thread.open(drawer.open, [exchanges], source, trigger_mode="always_last", **QUIET)
    wire_conversations(drawer, part, [*outputs, source], asking)
    for field in tab.fields[:3]:
        field.change(talk.limits, tab.fields[:3], tab.limits, queue=False, **QUIET)
