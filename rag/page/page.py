"""The page: ask, read the sources, see who said what, keep the library.

No text of an article reaches Gradio's own Markdown: the conversation, the source panel and the
list are each one `gr.HTML`, filled by `rag.render.articles` and its neighbours, whose buttons fire Gradio
events with data attributes (rag/page/assets/*.js). Their templates hold `${value}` and nothing else
that varies: Gradio evaluates templates, values it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from rag.page.ask_tab import ask_tab, wire_asking
from rag.page.conversations import Drawer
from rag.page.library import Shelf
from rag.page.library_tab import library_tab, wire_library
from rag.page.parts import QUIET, asset, piece
from rag.page.quotes import Desk, quotes_tab, wire_quotes
from rag.page.settings_part import wire_settings
from rag.page.talk import Talk
from rag.render.thread import no_source_html

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.conversations import Conversations

SOURCE = (
    '<aside class="source" aria-label="Source"><div class="bar">'
    '<button type="button" class="close">Back to the answer</button>'
    '<button type="button" class="back" hidden>Previous article</button><span class="label">Source</span>'
    '<div class="steps" role="group" aria-label="Cited words">'
    '<button type="button" class="previous" aria-label="Previous cited words" hidden>←</button>'
    '<button type="button" class="jump" aria-live="polite">Show the cited words</button>'
    '<button type="button" class="next" aria-label="Next cited words" hidden>→</button></div></div>'
    '<div class="scroll" tabindex="0" role="region" aria-label="Article">${value}</div></aside>'
)
PREVIEW = (
    '<div class="preview" id="preview-of-marker" role="tooltip" hidden><span class="place"></span>'
    '<span class="headline" dir="auto"></span><span class="words" dir="auto"></span></div>'
)
SERVER = '<div class="server" role="alert"></div>'
CACHE_S = (3_600, 86_400)  # every hour, uploads left over for a day


def build_page(assistant: Assistant, conversations: Conversations | None = None) -> gr.Blocks:
    """The page over `assistant`; nothing is served yet. Without `conversations` none are kept."""
    talk, shelf = Talk(assistant), Shelf(assistant.archive, assistant.settings.fetch.limits)
    drawer = Drawer(talk, conversations)
    page: gr.Blocks
    with gr.Blocks(title="Onrecord", analytics_enabled=False, fill_width=True, delete_cache=CACHE_S) as page:
        exchanges = gr.State(())
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="left", min_width=0):
                header = piece("header", script="header.js")
                with gr.Tabs():
                    with gr.Tab("Ask", id="ask"):
                        ask = ask_tab(talk)
                    with gr.Tab("Quotes", id="quotes") as opened:
                        quotes = quotes_tab()
                    with gr.Tab("Library", id="library") as shelves:
                        library = library_tab(shelves)
            with gr.Column(elem_id="right", min_width=0):
                source = piece("source", no_source_html(), SOURCE, "source.js")
        piece("preview", template=PREVIEW, script="preview.js")
        piece("server", template=SERVER, script="server.js")
        shown = [header, ask.thread, ask.outlets]
        wire_asking(drawer, ask, source, exchanges)
        source.open(drawer.open, [exchanges], source, trigger_mode="always_last", **QUIET)
        wire_library(shelf, talk, library, (source, (exchanges, shown, ask.examples)))
        wire_quotes(Desk(assistant.archive), talk, quotes, opened, (source, exchanges))
        part = ask.conversations
        arrived = [part.place, ask.thread, exchanges, part.listed, part.section]
        page.load(drawer.greet, [exchanges], [header, ask.outlets], **QUIET)
        page.load(drawer.arrive, [part.place, exchanges], arrived, js=asset("recall.js"), **QUIET).then(
            talk.suggest, [exchanges], ask.examples, **QUIET
        )
        wire_settings(talk.own, ask.settings, page)
        page.load(shelf.search, library.fields, [library.shelf, library.at], **QUIET)
    return page
