"""Conversations on the page: kept while one asks, found again, judged, saved as files.

Stands around `Talk`, which keeps nothing: what it yields is kept here as soon as an answer is whole, or was
stopped, also when the browser went away. What a browser says of itself is checked: its token says whose
conversations it may see, its place in which one it is.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, TypeVar

import gradio as gr

from index.errors import OnrecordError, UnknownArticle
from rag.cited import stale, words_of
from rag.conversations import Conversations, Kept, new_key
from rag.errors import StoredError, UnknownConversation
from rag.feedback import read_feedback
from rag.page.talk import Exchanges, Talk, box
from rag.page.typed import read_spans
from rag.render.conversations import changed_html, gone_html, listed_html, unread_html
from rag.render.library import said_html
from rag.render.saved import conversation_html, conversation_markdown
from rag.render.thread import examples_html, no_source_html, thread_html
from rag.types import Feedback, standing

SHOWN = 100
MAX_WORDS_CHARS = 200
UNTITLED = "Conversation"
FILES = {
    "markdown": ("conversation.md", "text/markdown", conversation_markdown),
    "html": ("conversation.html", "text/html", conversation_html),
}
_TOKEN = re.compile(r"[\w-]{32,64}", re.ASCII)
T = TypeVar("T")
Steps = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Whose browser asks, in which conversation its tab is, and how much of it the tab knows to be kept.

    `owner` is a token, "" when the browser has none; `key` is "" before the first question; `seen` counts
    exchanges.
    """

    owner: str = ""
    key: str = ""
    seen: int = 0

    @classmethod
    def of(cls, value: object) -> Place:
        """What a browser says, as far as it is a place."""
        match value:
            case {"owner": str(owner), "key": str(key), "seen": int(seen)} if _TOKEN.fullmatch(owner):
                return cls(owner, key, seen) if _TOKEN.fullmatch(key) else cls(owner)
            case {"owner": str(owner)} if _TOKEN.fullmatch(owner):
                return cls(owner)
        return cls()

    def at(self, found: Kept | None) -> Place:
        """The same browser in this conversation, or in none."""
        return Place(self.owner, found.conversation.key, len(found.exchanges)) if found else Place(self.owner)

    def told(self) -> dict[str, Any]:
        """As the browser keeps it."""
        return {"owner": self.owner, "key": self.key, "seen": self.seen}


class Drawer:
    """What happens around asking, and on the list of conversations; with no `kept` nothing is ever kept."""

    def __init__(self, talk: Talk, kept: Conversations | None) -> None:
        self.talk = talk
        self.kept = kept

    # --- asking --------------------------------------------------------------------------------

    def ask(self, place: object, question: str, exchanges: Exchanges, *fields: Any) -> Steps:
        """Where the tab is, and what `Talk.ask` yields, kept when it is whole or stopped."""
        now, before = self.so_far(place, exchanges)
        yield from self.keeping(now, before, self.talk.ask(question, before, *fields))

    def ask_button(self, event: gr.EventData, place: object, exchanges: Exchanges, *fields: Any) -> Steps:
        """The same for a question that a button carries."""
        now, before = self.so_far(place, exchanges)
        yield from self.keeping(now, before, self.talk.ask_button(event, before, *fields))

    def ask_again(self, event: gr.EventData, place: object, exchanges: Exchanges, *fields: Any) -> Steps:
        """The same for the question of the turn that a button is in, as `Talk.ask_again` does."""
        now, before = self.so_far(place, exchanges)
        yield from self.keeping(now, before, self.talk.ask_again(event, before, *fields))

    def so_far(self, place: object, exchanges: Exchanges) -> tuple[Place, Exchanges]:
        """Where the tab is, and the conversation; as it was kept where the server was started anew since."""
        now = Place.of(place)
        found = self._open(now, now.key) if now.seen and not exchanges else None
        return now, found.exchanges if found else exchanges

    def keeping(self, now: Place, before: Exchanges, steps: Any) -> Steps:
        """Where the tab is, and each of `steps`: conversation as HTML, its state, whatever else.

        `before` is the conversation which they change: that is kept when the new answer is whole. Closed
        earlier, this ends the work and keeps what was shown as stopped, unless it would take the place of
        what is kept.
        """
        key = self._key(now)
        told, whole = before, False
        try:
            with closing(steps):
                for shown, state, *rest in steps:
                    if isinstance(state, tuple):
                        told = state
                        whole = told != before and told[-1].answer.done
                    if isinstance(state, tuple) and whole and self._keep(now.owner, key, told):
                        state = (*told[:-1], replace(told[-1], feedback=Feedback()))
                        shown = thread_html(state)
                    at = Place(now.owner, key, len(standing(told))).told() if key else gr.skip()
                    yield at, shown, state, *rest
        finally:
            if standing(told) != before and not whole:
                self._keep(now.owner, key, (*told[:-1], replace(told[-1], stopped=True)))

    def _key(self, now: Place) -> str:
        """Where to keep what is asked now, "" for nowhere.

        A conversation that went on in another tab is left alone: this tab goes on with one of its own.
        """
        if not self.kept or not now.owner:
            return ""
        same = now.key and self._quietly(self.kept.count, now.owner, now.key) == now.seen
        return now.key if same else new_key()

    def _keep(self, owner: str, key: str, exchanges: Exchanges) -> bool:
        """Keep the conversation; an answer is shown even when that fails."""
        if not self.kept or not key:
            return False
        try:
            self.kept.keep(owner, key, exchanges)
        except OnrecordError as error:
            logging.getLogger(__name__).warning("a conversation was not kept: %s", error)
            return False
        return True

    def settled(self, place: object, exchanges: Exchanges, words: str | None) -> tuple[Any, ...]:
        """Conversation with feedback given meanwhile, its state, list and heading: an answer has ended."""
        judged = self._judged(Place.of(place), exchanges)
        same = judged == exchanges
        shown = (gr.skip(), gr.skip()) if same else (thread_html(judged), judged)
        return *shown, *self._listing(Place.of(place), words)

    def _judged(self, now: Place, exchanges: Exchanges) -> Exchanges:
        told = self._quietly(self.kept.feedback, now.owner, now.key) if self.kept and now.key else None
        both = zip_longest(exchanges, (told or ())[: len(exchanges)])
        return tuple(replace(one, feedback=new) if one.feedback and new else one for one, new in both)

    # --- finding again -------------------------------------------------------------------------

    def greet(self, exchanges: Exchanges) -> tuple[Any, ...]:
        """The line at the top and the outlets to choose from."""
        header, _, outlets = self.talk.greet(exchanges)
        return header, outlets

    def arrive(self, place: object, exchanges: Exchanges) -> tuple[Any, ...]:
        """For a page that was opened: where its tab is, conversation and state, list and heading."""
        now = Place.of(place)
        if exchanges:  # somebody asked before the page had opened
            return Place(now.owner).told(), gr.skip(), gr.skip(), *self._listing(now, "")
        found = self._open(now, now.key)
        return now.at(found).told(), *self._shown(found), *self._listing(now.at(found), "")

    def enter(self, event: gr.EventData, place: object, words: str | None) -> tuple[Any, ...]:
        """Go on with the conversation that a button names."""
        now = Place.of(place)
        found = self._open(now, str(event.key))
        rest = box(busy=False), "" if found else examples_html(self.talk.examples.made), no_source_html()
        return now.at(found).told(), *self._shown(found), *rest, *self._listing(now.at(found), words)

    def drop(self, event: gr.EventData, place: object, words: str | None) -> tuple[Any, ...]:
        """Delete the conversation that a button names; when one is in it, begin a new one."""
        key, now = str(event.key), Place.of(place)
        if self.kept:
            self._quietly(self.kept.delete, now.owner, key)
        if key != now.key:
            return *[gr.skip()] * 6, *self._listing(now, words)
        now = Place(now.owner)
        return now.told(), *self.talk.restart(), *self._listing(now, words)

    def retitle(self, event: gr.EventData, place: object, words: str | None) -> tuple[Any, ...]:
        """Give the conversation that a button names the title that was typed; the list and its heading."""
        now = Place.of(place)
        if self.kept:
            self._quietly(self.kept.rename, now.owner, str(event.key), str(event.title))
        return self._listing(now, words)

    def search(self, words: str | None, place: object) -> str:
        """The conversations that hold the words."""
        return str(self._listing(Place.of(place), words)[0])

    def leave(self, place: object, words: str | None) -> tuple[Any, ...]:
        """Begin a new conversation: in one step, so that a reload does not find half of it."""
        now = Place(Place.of(place).owner)
        return now.told(), *self.talk.restart(), self._listing(now, words)[0]

    def _open(self, now: Place, key: str) -> Kept | None:
        if self.kept and now.owner and key:
            return self._quietly(self.kept.open, now.owner, key)
        return None

    def _quietly(self, do: Callable[..., T], *given: Any) -> T | None:
        """What it gives; None when the conversation is not this browser's, or cannot be read or written."""
        try:
            return do(*given)
        except UnknownConversation:
            return None
        except StoredError as error:
            logging.getLogger(__name__).warning("%s", error)
            return None

    def _shown(self, found: Kept | None) -> tuple[str, Exchanges]:
        if found is None or not (found.exchanges or found.unread):
            return self.talk.conversation(()), ()
        return thread_html(found.exchanges) + unread_html(found.unread), found.exchanges

    def _listing(self, now: Place, words: str | None) -> tuple[Any, ...]:
        """The list of this browser's conversations, and its heading with how many there are in all."""
        if not self.kept or not now.owner:
            return "", gr.Accordion(visible=False)
        told = (words or "").strip()[:MAX_WORDS_CHARS]
        try:
            rows, total = self.kept.list(now.owner, told, SHOWN)
            number = self.kept.list(now.owner, limit=1)[1] if told else total
        except StoredError as error:
            return said_html(str(error)), gr.Accordion(label="Conversations", visible=True)
        heading = gr.Accordion(label=f"Conversations ({number})", visible=number > 0)
        return listed_html(rows, total, now.key, told), heading

    # --- judging, saving, opening --------------------------------------------------------------

    def judge(self, event: gr.EventData, place: object, exchanges: Exchanges) -> tuple[Any, ...]:
        """Keep what the reader says of an answer; the conversation with it, and its state."""
        turn, now, skip = event.turn, Place.of(place), gr.skip()
        if not self.kept or not isinstance(turn, int) or not 0 <= turn < len(exchanges):
            return skip, skip
        reason, note = (getattr(event, name, "") for name in ("reason", "note"))
        told = read_feedback(event.verdict, reason, note)
        self._quietly(self.kept.judge, now.owner, now.key, turn, told)
        if exchanges[-1].growing:
            return skip, skip  # `settled` shows it
        changed = (*exchanges[:turn], replace(exchanges[turn], feedback=told), *exchanges[turn + 1 :])
        return thread_html(changed), changed

    def save(self, event: gr.EventData, place: object, exchanges: Exchanges) -> dict[str, Any]:
        """A conversation as a file, for the browser to write: the one named, or the one shown."""
        name, kind, text = FILES.get(str(event.kind), FILES["markdown"])
        now = Place.of(place)
        found = self._open(now, str(event.key) or now.key)
        if found:
            told = text(found.conversation.title, found.exchanges, found.asked)
        else:
            told = text(exchanges[0].answer.question if exchanges else UNTITLED, exchanges)
        return {"name": name, "type": kind, "text": told}

    def open(self, event: gr.EventData, exchanges: Exchanges) -> str:
        """The article that a button names, as `Talk.open` shows it; what became of it since it was cited."""
        article_id, spans = str(event.article), read_spans(event.spans)
        cited = words_of(exchanges, article_id, spans)
        try:
            gone = stale(self.talk.archive.article(article_id), cited) if cited else []
        except UnknownArticle:
            return gone_html(cited[0].head, [one.text for one in cited])
        if gone:
            return changed_html([one.text for one in gone]) + self.talk.show(article_id, ())
        return self.talk.open(event, exchanges)
