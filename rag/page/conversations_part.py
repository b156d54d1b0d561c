"""The list of conversations on the Ask tab, the page's dialogs, and what they set going."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from rag.feedback import MAX_NOTE_CHARS, REASONS
from rag.page.conversations import MAX_WORDS_CHARS, Drawer
from rag.page.parts import QUIET, piece
from rag.page.talk import MAX_QUESTION_CHARS

_CHOICES = "".join(
    f'<label><input type="radio" name="reason" value="{key}"> {escape(words)}</label>'
    for key, words in REASONS.items()
)
DIALOGS = (
    '<dialog class="why" aria-label="What is wrong with the answer"><form method="dialog">'
    f"<fieldset><legend>What is wrong with the answer?</legend>{_CHOICES}</fieldset>"
    '<label class="note">In your own words, if you like'
    f'<textarea rows="3" maxlength="{MAX_NOTE_CHARS}"></textarea></label>'
    '<div class="row"><button value="tell" class="tell">Send</button><button value="">Cancel</button>'
    '<button value="withdraw" class="withdraw">Withdraw</button></div></form></dialog>'
    '<dialog class="name" aria-label="Rename the conversation"><form method="dialog">'
    '<label>Title<input type="text" maxlength="200" dir="auto"></label>'
    '<div class="row"><button value="tell" class="tell">Rename</button><button value="">Cancel</button>'
    "</div></form></dialog>"
    '<dialog class="edit" aria-label="Edit the question"><form method="dialog">'
    '<label class="note">Question'
    f'<textarea rows="3" maxlength="{MAX_QUESTION_CHARS}" dir="auto"></textarea></label>'
    "<p>The new answer takes the place of the one there, and of what follows it.</p>"
    '<div class="row"><button value="tell" class="tell">Ask</button><button value="">Cancel</button></div>'
    "</form></dialog>"
)


@dataclass(frozen=True, slots=True)
class ConversationsPart:
    """Its components; `place` is where this tab is (see `Place`)."""

    place: gr.HTML
    section: gr.Accordion
    words: gr.Textbox
    listed: gr.HTML
    saved: gr.HTML


def conversations_part() -> ConversationsPart:
    """The components, in the block that is open."""
    with gr.Accordion("Conversations", open=False, visible=False, elem_id="conversations") as section:
        words = gr.Textbox(
            elem_id="kept-words",
            label="Search the conversations",
            show_label=False,
            container=False,
            max_length=MAX_WORDS_CHARS,
            placeholder="Search conversations",
        )
        listed = piece("kept")
    place = piece("place", template=DIALOGS, script="conversations.js")
    saved = piece("conversation-file", template="", script="save.js")
    return ConversationsPart(place, section, words, listed, saved)


def wire_conversations(drawer: Drawer, part: ConversationsPart, view: list[Any], asking: list[Any]) -> None:
    """Let the list be searched, opened, changed and saved, and answers be judged.

    `view` are conversation, its state, question box, examples and source panel; opening another conversation
    cancels `asking`.
    """
    thread, exchanges = view[:2]
    listing = [part.listed, part.section]
    part.words.change(
        drawer.search, [part.words, part.place], part.listed, trigger_mode="always_last", **QUIET
    )
    part.place.enter(None, cancels=asking, queue=False, **QUIET)
    entered = [part.place, *view, *listing]
    part.place.enter(drawer.enter, [part.place, part.words], entered, **QUIET)
    part.place.drop(drawer.drop, [part.place, part.words], entered, **QUIET)
    part.place.retitle(drawer.retitle, [part.place, part.words], listing, **QUIET)
    part.place.judge(drawer.judge, [part.place, exchanges], [thread, exchanges], **QUIET)
    part.place.save(drawer.save, [part.place, exchanges], part.saved, **QUIET)
