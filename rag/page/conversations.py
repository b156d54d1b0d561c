"""Conversations on the page: kept while one asks, found again, judged, saved as files.

Stands around `Talk`, which keeps nothing: what it yields is kept here as soon as an answer is whole, or was
stopped, also when the browser went away. What a browser says of itself is checked: its token says whose
conversations it may see, its place in which one it is.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from index.errors import OnrecordError, UnknownArticle
from rag.cited import changed, words_of
from rag.conversations import Conversations, Kept, new_key
from rag.errors import UnknownConversation
from rag.feedback import read_feedback
from rag.page.talk import Exchanges, Talk, box, read_spans
from rag.render_conversations import changed_html, gone_html, listed_html, unread_html
from rag.render_page import no_source_html, thread_html
from rag.render_saved import conversation_html, conversation_markdown
from rag.types import Exchange, Feedback

SHOWN = 100
MAX_WORDS_CHARS = 200
UNTITLED = "Conversation"
FILES = {
    "markdown": ("conversation.md", "text/markdown", conversation_markdown),
    "html": ("conversation.html", "text/html", conversation_html),
}
_TOKEN = re.compile(r"[\w-]{32,64}", re.ASCII)
Steps = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """In which conversation a tab is, "" for none, and how many exchanges of it the tab knows to be kept."""

    key: str = ""
    seen: int = 0

    @classmethod
    def of(cls, value: object) -> Place:
        """What a browser says, as far as it is a place."""
        match value:
            case {"key": str(key), "seen": int(seen)} if _TOKEN.fullmatch(key):
                return cls(key, seen)
        return cls()

    def told(self) -> dict[str, Any] | None:
        """As the browser keeps it."""
        return {"key": self.key, "seen": self.seen} if self.key else None


def read_owner(value: object) -> str:
    """The token by which a browser is known; "" when it is none."""
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else ""


class Drawer:
    """What happens around asking, and on the list of conversations; with no `kept` nothing is ever kept."""

    def __init__(self, talk: Talk, kept: Conversations | None) -> None:
        self.talk = talk
        self.kept = kept

    # --- asking --------------------------------------------------------------------------------

    def ask(self, owner: str, place: object, question: str, exchanges: Exchanges, *limits: Any) -> Steps:
        """Where the tab is, and what `Talk.ask` yields, kept when it is whole or stopped."""
        before = self._before(owner, place, exchanges)
        yield from self._keeping(owner, place, before, self.talk.ask(question, before, *limits))

    def ask_example(
        self, event: gr.EventData, owner: str, place: object, exchanges: Exchanges, *limits: Any
    ) -> Steps:
        """The same for a question that a button carries."""
        yield from self.ask(owner, place, str(event.question), exchanges, *limits)

    def _before(self, owner: str, place: object, exchanges: Exchanges) -> Exchanges:
        """The conversation so far; as it was kept when the server was started anew meanwhile."""
        if exchanges or not Place.of(place).seen:
            return exchanges
        found = self._open(owner, Place.of(place).key)
        return found.exchanges if found else ()

    def _keeping(self, owner: str, place: object, before: Exchanges, steps: Any) -> Steps:
        key = self._key(owner, Place.of(place))
        told, whole = before, False
        try:
            with closing(steps):
                for shown, state, *rest in steps:
                    if isinstance(state, tuple):
                        told = state
                        whole = len(told) > len(before) and told[-1].answer.done
                    if isinstance(state, tuple) and whole and self._keep(owner, key, told):
                        state = (*told[:-1], replace(told[-1], feedback=Feedback()))
                        shown = thread_html(state)
                    at = Place(key, len(told)).told() if key else gr.skip()
                    yield at, shown, state, *rest
        finally:
            if len(told) > len(before) and not whole:
                self._keep(owner, key, (*told[:-1], replace(told[-1], stopped=True)))

    def _key(self, owner: str, place: Place) -> str:
        """Where to keep what is asked now, "" for nowhere.

        A conversation that went on in another tab is left alone: this tab goes on with one of its own.
        """
        if not self.kept or not read_owner(owner):
            return ""
        same = place.key and self.kept.count(owner, place.key) == place.seen
        return place.key if same else new_key()

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

    def settled(self, owner: str, place: object, exchanges: Exchanges, words: str | None) -> tuple[Any, ...]:
        """Conversation with feedback given meanwhile, its state, list and heading: an answer has ended."""
        now = self._judged(owner, Place.of(place).key, exchanges)
        same = now == exchanges
        shown = (gr.skip(), gr.skip()) if same else (thread_html(now), now)
        return *shown, *self._listing(owner, place, words)

    def _judged(self, owner: str, key: str, exchanges: Exchanges) -> Exchanges:
        if not self.kept or not self.kept.count(owner, key):
            return exchanges
        told = self.kept.feedback(owner, key)
        both = zip(exchanges, told, strict=False)
        return tuple(one if one.feedback is None else replace(one, feedback=new) for one, new in both)

    # --- finding again -------------------------------------------------------------------------

    def greet(self, exchanges: Exchanges) -> tuple[Any, ...]:
        """The line at the top and the outlets to choose from."""
        header, _, outlets = self.talk.greet(exchanges)
        return header, outlets

    def arrive(self, owner: str, place: object) -> tuple[Any, ...]:
        """For a page that was opened: its token, its place, conversation and state, list and heading."""
        known = read_owner(owner)
        found = self._open(known, Place.of(place).key)
        owner, place = known or new_key(), _place(found).told()
        thread, exchanges = self._shown(found)
        return owner, place, thread, exchanges, *self._listing(owner, place, "")

    def enter(self, event: gr.EventData, owner: str, words: str | None) -> tuple[Any, ...]:
        """Go on with the conversation that a button names."""
        found = self._open(owner, str(event.key))
        thread, exchanges = self._shown(found)
        place, source = _place(found).told(), no_source_html()
        examples = "" if found else self.talk.suggest(())
        listing = self._listing(owner, place, words)
        return place, thread, exchanges, box(busy=False), examples, source, *listing

    def drop(self, event: gr.EventData, owner: str, place: object, words: str | None) -> tuple[Any, ...]:
        """Delete the conversation that a button names; when one is in it, begin a new one."""
        key, skip = str(event.key), gr.skip()
        if self.kept:
            self._quietly(self.kept.delete, owner, key)
        if key != Place.of(place).key:
            return (skip,) * 6 + self._listing(owner, place, words)
        return None, *self.talk.restart(), *self._listing(owner, None, words)

    def retitle(self, event: gr.EventData, owner: str, place: object, words: str | None) -> tuple[Any, ...]:
        """Give the conversation that a button names the title that was typed; the list and its heading."""
        if self.kept:
            self._quietly(self.kept.rename, owner, str(event.key), str(event.title))
        return self._listing(owner, place, words)

    def search(self, words: str | None, owner: str, place: object) -> str:
        """The conversations that hold the words."""
        return str(self._listing(owner, place, words)[0])

    def leave(self, owner: str, words: str | None) -> tuple[Any, ...]:
        """No place, and the list without one that is open."""
        return None, self._listing(owner, None, words)[0]

    def _open(self, owner: str, key: str) -> Kept | None:
        if self.kept and owner and key:
            return self._quietly(self.kept.open, owner, key)
        return None

    def _quietly(self, do: Any, *given: Any) -> Any:
        """What it gives; None when the conversation is not there any more, or not this browser's."""
        try:
            return do(*given)
        except UnknownConversation:
            return None

    def _shown(self, found: Kept | None) -> tuple[str, Exchanges]:
        if found is None or not (found.exchanges or found.unread):
            return self.talk.conversation(()), ()
        return thread_html(found.exchanges) + unread_html(found.unread), found.exchanges

    def _listing(self, owner: str, place: object, words: str | None) -> tuple[Any, ...]:
        """The list of this browser's conversations, and its heading with how many there are in all."""
        owner, told = read_owner(owner), (words or "").strip()[:MAX_WORDS_CHARS]
        if not self.kept or not owner:
            return "", gr.Accordion(visible=False)
        rows, total = self.kept.list(owner, told, SHOWN)
        number = self.kept.list(owner, limit=1)[1] if told else total
        heading = gr.Accordion(label=f"Conversations ({number})", visible=number > 0)
        return listed_html(rows, total, Place.of(place).key, told), heading

    # --- judging, saving, opening --------------------------------------------------------------

    def judge(self, event: gr.EventData, owner: str, place: object, exchanges: Exchanges) -> tuple[Any, ...]:
        """Keep what the reader says of an answer; the conversation with it, and its state."""
        turn, skip = event.turn, gr.skip()
        if not self.kept or not isinstance(turn, int) or not 0 <= turn < len(exchanges):
            return skip, skip
        reason, note = (getattr(event, name, "") for name in ("reason", "note"))
        told = read_feedback(event.verdict, reason, note)
        self._quietly(self.kept.judge, owner, Place.of(place).key, turn, told)
        if _growing(exchanges):
            return skip, skip  # `settled` shows it
        now = (*exchanges[:turn], replace(exchanges[turn], feedback=told), *exchanges[turn + 1 :])
        return thread_html(now), now

    def save(self, event: gr.EventData, owner: str, place: object, exchanges: Exchanges) -> dict[str, Any]:
        """A conversation as a file, for the browser to write: the one named, or the one shown."""
        name, kind, text = FILES.get(str(event.kind), FILES["markdown"])
        found = self._open(owner, str(event.key) or Place.of(place).key)
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
            stale = changed(self.talk.archive.article(article_id), cited) if cited else []
        except UnknownArticle:
            return gone_html(cited[0].head, [one.text for one in cited])
        if stale:
            return changed_html([one.text for one in stale]) + self.talk.show(article_id, ())
        return self.talk.open(event, exchanges)


def _place(found: Kept | None) -> Place:
    return Place(found.conversation.key, len(found.exchanges)) if found else Place()


def _growing(exchanges: Exchanges) -> bool:
    last: Exchange | None = exchanges[-1] if exchanges else None
    return last is not None and not last.answer.done and not last.stopped
