"""The page: ask, read the sources, see who said what, keep the library.

With its parts `rag.page_*` all that knows Gradio.

No text of an article reaches Gradio's own Markdown: the conversation, the source panel and the
list are each one `gr.HTML`, filled by `rag.render` and its neighbours, whose buttons fire Gradio
events with data attributes (rag/assets/*.js). Their templates hold `${value}` and nothing else
that varies: Gradio evaluates templates, values it does not.

Importing this module imports Gradio, so the command line does it inside `serve`.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import OnrecordError
from index.load import SUFFIXES
from rag.page_ask import MAX_QUESTION_CHARS, Talk
from rag.page_headers import Headers
from rag.page_library import Shelf
from rag.page_parts import ASSETS, QUIET, asset, limit_fields, piece
from rag.page_quotes import Desk, quotes_tab, wire_quotes
from rag.render_page import adding_html, no_source_html

if TYPE_CHECKING:
    from rag.assistant import Assistant

MAX_FILE_SIZE = "200mb"
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Ubuntu", "Noto Sans", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "Consolas", "monospace")
SOURCE = (
    '<aside class="source" aria-label="Source"><div class="bar">'
    '<button type="button" class="close">Back to the answer</button><span class="label">Source</span>'
    '<button type="button" class="jump">Show the cited words</button></div>'
    '<div class="scroll" tabindex="0" role="region" aria-label="Article">${value}</div></aside>'
)
THREAD = '<div class="thread" role="log" aria-live="polite" aria-label="Conversation">${value}</div>'
CACHE_S = (3_600, 86_400)  # every hour, uploads left over for a day


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


@dataclass(frozen=True, slots=True)
class LibraryTab:
    """The components of the Library tab; `at` is the page of the list, from 0."""

    files: gr.File
    report: gr.HTML
    words: gr.Textbox
    shelf: gr.HTML
    at: gr.State


def theme() -> gr.themes.Base:
    """Gradio's plainest theme with the system's fonts and our colours.

    The style sheet goes in as the theme's own: Gradio rewrites the selectors of `css=`.
    """
    plain = gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=SYSTEM_FONTS, font_mono=SYSTEM_MONO, radius_size="sm"
    )
    plain.set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#161614",
        body_text_color="#1d1c1a",
        body_text_color_dark="#ece9e2",
    )
    plain.custom_css = asset("page.css")
    return plain


def _ask_tab() -> AskTab:
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
    return AskTab(thread, box, again, limits, outlets, since, until, examples)


def _library_tab() -> LibraryTab:
    # No `file_types`: Gradio would show the name of a file of another kind as HTML; the report escapes it.
    piece("adding", adding_html(sorted(SUFFIXES), "200 MB"))
    return LibraryTab(
        files=gr.File(
            file_count="multiple",
            label="Add articles",
            show_label=False,
            elem_id="files",
            height=132,
        ),
        report=piece("report"),
        words=gr.Textbox(
            elem_id="words",
            label="Search the library",
            show_label=False,
            container=False,
            placeholder="Search headlines",
        ),
        shelf=piece("shelf", script="library.js"),
        at=gr.State(0),
    )


def _wire_asking(talk: Talk, tab: AskTab, source: gr.HTML, exchanges: gr.State) -> None:
    inputs = [exchanges, tab.outlets, tab.since, tab.until]
    outputs = [tab.thread, exchanges, tab.box, tab.examples]
    asking = [
        tab.box.submit(talk.ask, [tab.box, *inputs], outputs, **QUIET),
        tab.examples.ask(talk.ask_example, inputs, outputs, **QUIET),
    ]
    for asked in asking:  # also after it was cancelled, when its work has ended
        asked.then(talk.settle, [exchanges], outputs, queue=False, **QUIET)
    tab.box.stop(None, cancels=asking, queue=False, **QUIET)
    tab.again.click(None, cancels=asking, queue=False, **QUIET)
    tab.again.click(talk.restart, None, [*outputs, source], queue=False, **QUIET)
    tab.thread.open(talk.open, [exchanges], source, trigger_mode="always_last", **QUIET)
    for field in (tab.outlets, tab.since, tab.until):
        field.change(talk.limits, inputs[1:], tab.limits, queue=False, **QUIET)


def _wire_library(shelf: Shelf, talk: Talk, tab: LibraryTab, after: tuple[Any, Any]) -> None:
    source, refreshed = after
    listing = [tab.shelf, tab.at]
    tab.shelf.open(talk.open, [refreshed[0]], source, trigger_mode="always_last", **QUIET)
    tab.shelf.turn(shelf.turn, [tab.words], listing, **QUIET)
    tab.words.change(shelf.search, [tab.words], listing, trigger_mode="always_last", **QUIET)
    added = tab.files.upload(
        shelf.upload,
        [tab.files],
        [tab.report, tab.files],
        concurrency_limit=1,
        trigger_mode="multiple",
        **QUIET,
    ).then(shelf.search, [tab.words], listing, **QUIET)
    dropped = tab.shelf.drop(shelf.drop, [tab.words, tab.at], [tab.report, *listing], **QUIET)
    for change in (added, dropped):
        change.then(talk.refresh, [refreshed[0]], refreshed[1], **QUIET)


def build_page(assistant: Assistant) -> gr.Blocks:
    """The page over `assistant`; nothing is served yet."""
    talk, shelf = Talk(assistant), Shelf(assistant.archive)
    page: gr.Blocks
    with gr.Blocks(title="Onrecord", analytics_enabled=False, fill_width=True, delete_cache=CACHE_S) as page:
        exchanges = gr.State(())
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="left", min_width=0):
                header = piece("header")
                with gr.Tabs():
                    with gr.Tab("Ask", id="ask"):
                        ask = _ask_tab()
                    with gr.Tab("Quotes", id="quotes") as opened:
                        quotes = quotes_tab()
                    with gr.Tab("Library", id="library"):
                        library = _library_tab()
            with gr.Column(elem_id="right", min_width=0):
                source = piece("source", no_source_html(), SOURCE, "source.js")
        shown = [header, ask.thread, ask.outlets]
        _wire_asking(talk, ask, source, exchanges)
        _wire_library(shelf, talk, library, (source, (exchanges, [*shown, ask.examples])))
        wire_quotes(Desk(assistant.archive), talk, quotes, opened, (source, exchanges))
        page.load(talk.greet, [exchanges], shown, **QUIET)
        page.load(talk.suggest, [exchanges], ask.examples, **QUIET)
        page.load(shelf.search, [library.words], [library.shelf, library.at], **QUIET)
    return page


def _check_port(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            return
    except OverflowError:
        raise OnrecordError(f"found port {port}, wanted 1 to 65535: choose another with --port") from None
    except OSError as error:
        raise OnrecordError(
            f"found {host}:{port} not to be had ({error.strerror or error}), wanted a free port: "
            "stop what serves there, or choose another with --port"
        ) from None


def launch(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    open_browser: bool = False,
    block: bool = True,
) -> gr.Blocks:
    """Serve the page at http://host:port until interrupted; with `block` false return at once.

    OnrecordError when the port is taken.
    """
    from starlette.middleware import Middleware

    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    _check_port(host, port)
    page = build_page(assistant)
    page.queue(default_concurrency_limit=4)
    page.launch(
        server_name=host,
        server_port=port,
        inbrowser=open_browser,
        prevent_thread_lock=not block,
        share=False,
        quiet=True,
        show_error=True,
        favicon_path=ASSETS / "icon.png",
        theme=theme(),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        allowed_paths=[],
        max_file_size=MAX_FILE_SIZE,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        app_kwargs={"middleware": [Middleware(Headers)], "docs_url": None, "redoc_url": None},
    )
    return page
