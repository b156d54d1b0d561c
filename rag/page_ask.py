"""Asking on the page: from what was typed or clicked to HTML; calls what the command line calls.

Nothing of anyone is kept here: a conversation lives in its browser session's `gr.State`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import OnrecordError
from index.types import ArticleHead, Filters, Span
from rag.examples import Examples
from rag.render import article_html, copies_of
from rag.render_page import (
    Exchange,
    Holdings,
    examples_html,
    failed_html,
    header_html,
    limits_text,
    no_source_html,
    thread_html,
    waiting_html,
    welcome_html,
)
from rag.types import Turn

if TYPE_CHECKING:
    from rag.assistant import Assistant

MAX_QUESTION_CHARS = 2000
_SPANS = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
Exchanges = tuple[Exchange, ...]


def read_day(value: str | None) -> date | None:
    """The day a person typed; None for an empty field; OnrecordError when it is no day."""
    text = (value or "").strip()
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise OnrecordError(
            f"found the date {text!r}, wanted one like 2023-03-31: change the filter"
        ) from None


def read_filters(outlets: Sequence[str] | None, since: str | None, until: str | None) -> Filters:
    """The filters as typed; OnrecordError when a date is none or they are the wrong way round."""
    first, last = read_day(since), read_day(until)
    if first and last and first > last:
        raise OnrecordError(f"found dates from {first} to {last}, wanted the earlier first: swap them")
    return Filters(since=first, until=last, sources=tuple(outlets or ()))


def read_spans(value: object) -> tuple[Span, ...]:
    """The spans a button names ("3-9 20-31"); what is not a span is left out."""
    found = ((int(start), int(end)) for start, end in _SPANS.findall(str(value)))
    return tuple(Span(start, end) for start, end in found if start < end)


def turns_of(exchanges: Exchanges) -> tuple[Turn, ...]:
    """The conversation as the assistant takes it."""
    pairs = ((Turn("user", e.answer.question), Turn("assistant", e.answer.text)) for e in exchanges)
    return tuple(turn for pair in pairs for turn in pair)


def box(busy: bool, **more: Any) -> Any:
    """The question box: with a button to ask, or to stop while an answer is on its way."""
    return gr.Textbox(submit_btn=not busy and "Ask", stop_btn=busy and "Stop", **more)


class Talk:
    """What happens when someone asks or opens an article. Keeps nothing of anyone."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.archive = assistant.archive
        self.examples = Examples(assistant)

    def holdings(self) -> Holdings:
        """What the archive holds now."""
        info = self.archive.info()
        return Holdings(info["articles"], info["sources"], info["first"] or "", info["last"] or "")

    def conversation(self, exchanges: Exchanges) -> str:
        """The conversation so far; before its first question, the welcome."""
        return thread_html(exchanges) if exchanges else welcome_html(self.holdings())

    def greet(self, exchanges: Exchanges) -> tuple[Any, ...]:
        """The line at the top, the conversation, the outlets to choose from."""
        outlets = gr.Dropdown(choices=list(self.archive.sources()))
        return header_html(self.holdings()), self.conversation(exchanges), outlets

    def suggest(self, exchanges: Exchanges) -> str:
        """Questions to begin with, none once there was one."""
        return "" if exchanges else examples_html(self.examples.questions())

    def refresh(self, exchanges: Exchanges) -> tuple[Any, ...]:
        """All that changes with the library: what `greet` and `suggest` show."""
        return *self.greet(exchanges), self.suggest(exchanges)

    def show(self, article_id: str, spans: Sequence[Span], copies: Sequence[ArticleHead] = ()) -> str:
        """The article for the source panel; the reason when there is none."""
        try:
            return article_html(self.archive.article(article_id), spans, copies)
        except OnrecordError as error:
            return no_source_html(str(error))

    def first_source(self, exchange: Exchange) -> str:
        """The first cited article, its cited words lit."""
        cited = sorted(exchange.answer.citations, key=lambda c: c.at)
        if not cited:
            return no_source_html(
                "Nothing is cited. Choose a passage or a headline and the article opens here."
            )
        article_id = cited[0].head.id
        spans = [c.span for c in cited if c.head.id == article_id]
        return self.show(article_id, spans, copies_of([exchange.answer], article_id))

    def ask(
        self, question: str, exchanges: Exchanges, outlets: list[str], since: str, until: str
    ) -> Iterator[tuple[Any, ...]]:
        """Conversation, its state, source panel, box and examples, as the answer grows."""
        question, skip = " ".join(question.split())[:MAX_QUESTION_CHARS], gr.skip()
        if not question:
            yield skip, skip, skip, skip, skip
            return
        so_far = thread_html(exchanges)
        yield so_far + waiting_html(question), skip, skip, box(busy=True, value=""), ""
        try:
            filters = read_filters(outlets, since, until)
            given = {"history": turns_of(exchanges), "filters": filters, "asked": date.today()}
            for answer in self.assistant.stream(question, **given):
                exchange = Exchange(answer, limits_text(filters))
                now = (*exchanges, exchange)
                yield so_far + thread_html([exchange]), now, self.first_source(exchange), skip, skip
        except OnrecordError as error:
            yield so_far + failed_html(question, str(error)), skip, skip, skip, skip
        except Exception as error:  # whoever asked should not wait for ever
            logging.getLogger(__name__).exception("the question could not be answered")
            told = f"unexpected {type(error).__name__}: the terminal where the page was started shows more"
            yield so_far + failed_html(question, told), skip, skip, skip, skip
        yield skip, skip, skip, box(busy=False), skip

    def ask_example(
        self, event: gr.EventData, exchanges: Exchanges, outlets: list[str], since: str, until: str
    ) -> Iterator[tuple[Any, ...]]:
        """The same for a question that a button carries."""
        yield from self.ask(str(event.question), exchanges, outlets, since, until)

    def stop(self, exchanges: Exchanges) -> tuple[Any, ...]:
        """What there is when an answer was stopped: what was shown of it stays."""
        return self.conversation(exchanges), gr.skip(), gr.skip(), box(busy=False), self.suggest(exchanges)

    def restart(self) -> tuple[Any, ...]:
        """A new conversation."""
        return self.conversation(()), (), no_source_html(), box(busy=False, value=""), self.suggest(())

    def open(self, event: gr.EventData, exchanges: Exchanges) -> str:
        """The article that a button names."""
        article_id = str(event.article)
        copies = copies_of([exchange.answer for exchange in exchanges], article_id)
        return self.show(article_id, read_spans(event.spans), copies)

    def limits(self, outlets: list[str], since: str, until: str) -> Any:
        """The heading of the filters, saying what they are."""
        try:
            text = limits_text(read_filters(outlets, since, until))
        except OnrecordError as error:
            text = str(error)
        return gr.Accordion(label=f"Filters: {text}" if text else "Filters")
