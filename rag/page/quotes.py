"""The Quotes tab: who said what, when; calls what `onrecord quotes` calls and keeps nothing of anyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import sleep
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.listing import coverage
from index.quotes import Quotes, speakers
from index.types import Filters
from rag.page.catching_up import CatchingUp
from rag.page.parts import QUIET, limit_fields, piece
from rag.page.talk import failure_text
from rag.page.typed import read_filters
from rag.render.library import said_html
from rag.render.quotes import quotes_csv, quotes_markdown
from rag.render.statements import (
    SHOWN,
    catching_up_html,
    caught_up_html,
    invitation_html,
    nothing_html,
    statements_html,
)
from rag.wire import dumps, quotes_json

if TYPE_CHECKING:
    from index.archive import Archive
    from rag.page.talk import Talk

MAX_FIELD_CHARS = 200
MOST_NAMES = 5_000
LOOK_EVERY_S = 0.5
BUSY = "(...given) => (document.getElementById('statements')?.setAttribute('aria-busy', 'true'), given)"
IDLE = "() => document.getElementById('statements')?.removeAttribute('aria-busy')"
Known = Sequence[tuple[str, int]]
FILES: dict[str, tuple[str, str, Callable[[Quotes], str]]] = {
    "csv": ("statements.csv", "text/csv", lambda found: quotes_csv(found.quotes)),
    "markdown": ("statements.md", "text/markdown", lambda found: quotes_markdown(found.quotes)),
    "json": ("statements.json", "application/json", lambda found: dumps(quotes_json(found)) + "\n"),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """The fields of the tab, read; all empty when nothing is asked for yet."""

    speaker: str = ""
    about: str = ""
    filters: Filters = Filters()

    @classmethod
    def of(cls, speaker: str | None, about: str | None, *limits: Any) -> Sought:
        """What was typed and chosen. Raises OnrecordError when a day is none."""
        who, words = (" ".join((text or "").split())[:MAX_FIELD_CHARS] for text in (speaker, about))
        return cls(who, words, read_filters(*limits))


class Desk:
    """What happens on the Quotes tab. Its `fields` are speaker, words, outlets, first and last day."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._catching_up = CatchingUp(archive)

    def found(self, sought: Sought) -> Quotes:
        """All statements asked for, in order of time."""
        return self.archive.quotes(speaker=sought.speaker, about=sought.about, filters=sought.filters)

    def known(self) -> list[tuple[str, int]]:
        """Who said something, with how many statements, most first."""
        return speakers(self.archive.catalog)

    def told(self, sought: Sought, shown: int) -> str:
        """The first `shown` of the statements asked for, with the timeline of all, as HTML."""
        found = self.found(sought)
        if not found.quotes:
            return nothing_html(found, sought.speaker)
        outlets = replace(sought.filters, since=None, until=None)
        return statements_html(found, coverage(self.archive.catalog, outlets), shown)

    def find(self, *fields: Any, shown: int = SHOWN, known: Known = ()) -> str:
        """The statements, the first `shown` of them, or why there are none."""
        try:
            sought = Sought.of(*fields)
            return self.told(sought, shown) if sought != Sought() else invitation_html(known or self.known())
        except Exception as error:  # whoever asked should not wait for ever
            return said_html(failure_text(error))

    def open(self, *fields: Any) -> tuple[Any, ...]:
        """The names and outlets to choose from, and what `find` gives, of what is derived so far."""
        self._catching_up.begin()
        known = self.known()
        found, names = self.find(*fields, known=known), [name for name, _ in known[:MOST_NAMES]]
        return gr.Dropdown(choices=names), gr.Dropdown(choices=list(self.archive.sources())), found

    def catch_up(self) -> Iterator[Any]:
        """How far deriving statements anew has come, then what came of it; "" if none are due."""
        watch = self._catching_up.begin()
        if watch is None:
            yield ""
            return
        shown = ""
        while self._catching_up.going_on:
            told = catching_up_html(watch.done, watch.total)
            yield gr.skip() if told == shown else told
            shown = told
            sleep(LOOK_EVERY_S)
        yield caught_up_html(watch.done, self.archive.unattributed())

    def renew(self, caught_up: str, *fields: Any) -> tuple[Any, ...]:
        """What `open` gives if statements were derived anew since."""
        return self.open(*fields) if caught_up else (gr.skip(),) * 3

    def more(self, event: gr.EventData, *fields: Any) -> str:
        """The same with as many statements more as a button asks for."""
        return self.find(*fields, shown=max(0, int(event.more)) + SHOWN)

    def choose(self, event: gr.EventData) -> str:
        """The name that a button carries."""
        return str(event.speaker)[:MAX_FIELD_CHARS]

    def save(self, event: gr.EventData, *fields: Any) -> dict[str, Any]:
        """All statements as a file of the kind that a button names, for the browser to write."""
        name, kind, text = FILES.get(str(event.kind), FILES["csv"])
        return {"name": name, "type": kind, "text": text(self.found(Sought.of(*fields)))}


@dataclass(frozen=True, slots=True)
class QuotesTab:
    """The components of the Quotes tab."""

    speaker: gr.Dropdown
    about: gr.Textbox
    limits: gr.Accordion
    outlets: gr.Dropdown
    since: gr.DateTime
    until: gr.DateTime
    caught_up: gr.HTML
    statements: gr.HTML
    saved: gr.HTML

    @property
    def fields(self) -> list[Any]:
        """What narrows the statements, in the order that `Desk` takes."""
        return [self.speaker, self.about, self.outlets, self.since, self.until]


def quotes_tab() -> QuotesTab:
    """The tab's components, in the block that is open."""
    with gr.Row(elem_id="quoted"):
        speaker = gr.Dropdown(
            [],
            value=None,
            label="Speaker",
            allow_custom_value=True,
            elem_id="speaker",
            min_width=200,
        )
        about = gr.Textbox(
            label="About",
            placeholder="Words, as you like",
            max_length=MAX_FIELD_CHARS,
            elem_id="about",
            min_width=200,
            submit_btn="Find",
        )
    with gr.Accordion("Filters", open=False, elem_id="quote-filters") as limits, gr.Row():
        outlets, since, until = limit_fields("quote-")
    caught_up = piece("caught-up")
    statements = piece("statements", script="quotes.js")
    saved = piece("saved", template="", script="save.js")
    return QuotesTab(speaker, about, limits, outlets, since, until, caught_up, statements, saved)


def wire_quotes(desk: Desk, talk: Talk, tab: QuotesTab, opened: gr.Tab, after: tuple[Any, Any]) -> None:
    """Let the tab find, show, open and save; `after` are the source panel and the conversation."""
    source, exchanges = after
    opening = [tab.speaker, tab.outlets, tab.statements]
    opened.select(desk.open, tab.fields, opening, js=BUSY, **QUIET).then(None, js=IDLE, **QUIET)
    caught_up = opened.select(desk.catch_up, None, tab.caught_up, **QUIET)
    caught_up.then(desk.renew, [tab.caught_up, *tab.fields], opening, **QUIET)
    for change in (tab.speaker.change, tab.about.submit, *(one.change for one in tab.fields[2:])):
        finding = change(desk.find, tab.fields, tab.statements, trigger_mode="always_last", js=BUSY, **QUIET)
        finding.then(None, js=IDLE, **QUIET)
    for field in tab.fields[2:]:
        field.change(talk.limits, tab.fields[2:], tab.limits, queue=False, **QUIET)
    tab.statements.more(desk.more, tab.fields, tab.statements, **QUIET)
    tab.statements.choose(desk.choose, None, tab.speaker, queue=False, **QUIET)
    tab.statements.save(desk.save, tab.fields, tab.saved, **QUIET)
    tab.statements.open(talk.open, [exchanges], source, trigger_mode="always_last", **QUIET)
