"""The Library tab: its components, and what they set going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.load import SUFFIXES
from rag.page.library import Shelf
from rag.page.parts import QUIET, piece
from rag.page.talk import Talk
from rag.render_page import adding_html


@dataclass(frozen=True, slots=True)
class LibraryTab:
    """The components of the Library tab; `at` is the page of the list, from 0."""

    files: gr.File
    report: gr.HTML
    words: gr.Textbox
    shelf: gr.HTML
    at: gr.State


def library_tab() -> LibraryTab:
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


def wire_library(shelf: Shelf, talk: Talk, tab: LibraryTab, after: tuple[Any, Any]) -> None:
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
