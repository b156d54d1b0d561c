"""The Library tab: its components, and what they set going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.fetching.fetched import FEED_SUFFIXES
from index.load import SUFFIXES
from rag.page.library import ALL_OUTLETS, STATES, Shelf
from rag.page.parts import QUIET, piece
from rag.page.talk import Talk
from rag.render.library import adding_html

_BUSY: dict[str, Any] = {"concurrency_limit": 1, "trigger_mode": "multiple", **QUIET}


@dataclass(frozen=True, slots=True)
class LibraryTab:
    """The components of the Library tab; `at` is the page of the list, from 0."""

    opened: gr.Tab
    files: gr.File
    address: gr.Textbox
    follow: gr.Button
    report: gr.HTML
    feeds: gr.HTML
    numbers: gr.HTML
    words: gr.Textbox
    outlet: gr.Dropdown
    state: gr.Dropdown
    shelf: gr.HTML
    upkeep: gr.HTML
    at: gr.State

    @property
    def fields(self) -> list[Any]:
        """What narrows the list, in the order that `Shelf` takes."""
        return [self.words, self.outlet, self.state]

    @property
    def around(self) -> list[Any]:
        """What `Shelf.around` fills."""
        return [self.outlet, self.numbers, self.feeds, self.upkeep]


def library_tab(opened: gr.Tab) -> LibraryTab:
    """The tab's components, in the block that is open."""
    # No `file_types`: Gradio would show the name of a file of another kind as HTML; the report escapes it.
    piece("adding", adding_html([*sorted(SUFFIXES), *sorted(FEED_SUFFIXES)], "200 MB"))
    files = gr.File(
        file_count="multiple", label="Add articles", show_label=False, elem_id="files", height=132
    )
    with gr.Row(elem_id="from-address"):
        address = gr.Textbox(
            label="Address of an article or feed",
            placeholder="https://",
            max_length=2_000,
            elem_id="address",
            min_width=200,
            submit_btn="Add",
        )
        follow = gr.Button("Follow this feed", elem_id="follow", size="sm")
    report = piece("report")
    feeds = piece("feeds", script="library.js")
    numbers = piece("numbers")
    words, outlet, state = _narrowing()
    shelf = piece("shelf", script="library.js")
    upkeep = piece("upkeep", script="library.js")
    return LibraryTab(
        *(opened, files, address, follow, report, feeds, numbers),
        *(words, outlet, state, shelf, upkeep, gr.State(0)),
    )


def _narrowing() -> tuple[gr.Textbox, gr.Dropdown, gr.Dropdown]:
    """The fields for words of headlines, outlet and state."""
    with gr.Row(elem_id="narrow"):
        words = gr.Textbox(
            elem_id="words",
            label="Search the library",
            show_label=False,
            container=False,
            placeholder="Search headlines",
            min_width=200,
            scale=3,
        )
        outlet, state = (
            gr.Dropdown(
                choices, value=choices[0][1], label=label, elem_id=elem_id, min_width=150, filterable=False
            )
            for label, elem_id, choices in (
                ("Outlet", "outlet", [(ALL_OUTLETS, "")]),
                ("State", "state", [(name, name) for name in STATES]),
            )
        )
    return words, outlet, state


def wire_library(shelf: Shelf, talk: Talk, tab: LibraryTab, after: tuple[Any, Any]) -> None:
    """Let the tab do what it offers; `after` are the source panel and what a change renews.

    That is the conversation's state, what `Talk.greet` shows, and the questions to begin with; looking for
    these takes seconds, in which somebody may have asked, so they come by themselves.
    """
    source, (exchanges, greeting, examples) = after
    listing = [tab.shelf, tab.at]
    tab.shelf.open(talk.open, [exchanges], source, trigger_mode="always_last", **QUIET)
    tab.shelf.turn(shelf.turn, tab.fields, listing, **QUIET)
    for field in tab.fields:
        field.change(shelf.search, tab.fields, listing, trigger_mode="always_last", **QUIET)
    changes = [
        tab.files.upload(shelf.upload, [tab.files], [tab.report, tab.files], **_BUSY),
        tab.address.submit(shelf.add, [tab.address], [tab.report, tab.address], **_BUSY),
        tab.upkeep.rebuild(shelf.rebuild, None, tab.report, **_BUSY),
    ]
    renewed = [change.then(shelf.search, tab.fields, listing, **QUIET) for change in changes]
    dropped = tab.shelf.drop(shelf.drop, [*tab.fields, tab.at], [tab.report, *listing], **QUIET)
    for one in (*renewed, dropped):
        around = one.then(shelf.around, None, tab.around, **QUIET)
        greeted = around.then(talk.greet, [exchanges], greeting, queue=False, **QUIET)
        greeted.then(talk.suggest, [exchanges], examples, **QUIET)
    for one in (
        tab.follow.click(shelf.follow, [tab.address], [tab.report, tab.address], **QUIET),
        tab.feeds.unfollow(shelf.unfollow, None, tab.report, **QUIET),
        tab.opened.select(shelf.search, tab.fields, listing, **QUIET),
    ):
        one.then(shelf.around, None, tab.around, **QUIET)
