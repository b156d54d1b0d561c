"""Asking on the page: from what was typed or clicked to HTML; calls what the command line calls.

Nothing of anyone is kept here: a conversation lives in its browser session's `gr.State`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import inf
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import OnrecordError
from index.types import ArticleHead, Span
from rag.assistants import Assistants
from rag.errors import ModelError
from rag.examples import Examples
from rag.followups import followups
from rag.page.line import Line
from rag.page.settings import Manner, Own
from rag.page.typed import read_filters, read_number, read_spans
from rag.render.acts import followups_html
from rag.render.answer import copies_of
from rag.render.articles import article_html
from rag.render.copied import KINDS, copied
from rag.render.thread import (
    Holdings,
    examples_html,
    exchange_html,
    failed_html,
    header_html,
    kept_html,
    limits_text,
    no_source_html,
    seeking_html,
    thread_html,
    waiting_html,
    welcome_html,
)
from rag.types import CUT_OFF, Answer, Exchange, Turn, standing

if TYPE_CHECKING:
    from rag.assistant import Asking, Assistant

MAX_QUESTION_CHARS = 2000
SHOWN_EVERY_S = 0.1
LOOK_EVERY_S = 0.3
AT_ONCE = 4
PATIENCE_S = 60.0
"""How long the search for questions to go on with waits for answers of others before it is given up."""
NOTHING_CITED = "Nothing is cited. Choose a passage or a headline and the article opens here."
Exchanges = tuple[Exchange, ...]


def turns_of(exchanges: Exchanges) -> tuple[Turn, ...]:
    """The conversation as the assistant takes it; what was stopped before a word came is no turn."""
    pairs = ((Turn("user", e.answer.question), Turn("assistant", e.answer.text)) for e in exchanges)
    return tuple(turn for pair in pairs for turn in pair if turn.content)


def paced(answers: Iterable[Answer], every_s: float) -> Iterator[Answer | None]:
    """The answers worth showing; None, so that the reader can stop, where there is nothing new.

    One that grew sooner than `every_s` after the one shown before waits for the next; a whole one does not.
    """
    shown, at = None, -inf
    for answer in answers:
        if answer is shown:
            yield None
        elif answer.done or monotonic() - at >= every_s:
            shown, at = answer, monotonic()
            yield answer


def until_turn(before: Callable[[], int | None]) -> Iterator[int | None]:
    """How many wait before a place in the line, until it is its turn; None where that is as it was."""
    told = None
    while (waiting := before()) is not None:
        yield waiting if waiting != told else None
        told = waiting
        sleep(LOOK_EVERY_S)


def box(busy: bool, **more: Any) -> Any:
    """The question box: with a button to ask, or to stop while an answer is on its way."""
    return gr.Textbox(submit_btn=not busy and "Ask", stop_btn=busy and "Stop", **more)


def failure_text(error: Exception) -> str:
    """What a reader is told of an error: all of an expected one, the kind of another."""
    if isinstance(error, OnrecordError):
        return str(error)
    logging.getLogger(__name__).error("the question could not be answered", exc_info=error)
    return f"unexpected {type(error).__name__}: the terminal where the page was started shows more"


def failed(exchanges: Exchanges, now: Exchange, told: str) -> tuple[str, Exchanges]:
    """Conversation and state after a failure of what was asked behind `exchanges`.

    What was shown of an answer stays, a bare question does not; what it was to take the place of comes back.
    """
    if now.replaces:
        before = standing((*exchanges, now))
        return kept_html(before, len(exchanges), told), before
    if now.answer.text:
        kept = (*exchanges, replace(now, answer=replace(now.answer, done=True, problem=told)))
        return thread_html(kept), kept
    return thread_html(exchanges) + failed_html(now.answer.question, told), exchanges


class Talk:
    """What happens when someone asks or opens an article. Keeps nothing of anyone."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.archive = assistant.archive
        self.assistants = Assistants(assistant)
        self.examples = Examples(assistant)
        self._line = Line(AT_ONCE)

    @property
    def own(self) -> Own:
        """The server's own settings for what a reader may choose."""
        said = self.assistant.settings
        return Own(self.assistants.names, said.search.top_k, said.answer.abstain)

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

    def suggest(self, exchanges: Exchanges) -> Iterator[str]:
        """Questions to begin with, none once there was one; before, where it takes a while, that it does."""
        if not (exchanges or self.examples.made) and self.holdings().articles:
            yield seeking_html()
        yield "" if exchanges else examples_html(self.examples.questions())

    def show(self, article_id: str, spans: Sequence[Span], copies: Sequence[ArticleHead] = ()) -> str:
        """The article for the source panel; the reason when there is none."""
        try:
            return article_html(self.archive.article(article_id), spans, copies)
        except OnrecordError as error:
            return no_source_html(str(error))

    def ask(
        self, question: str, exchanges: Exchanges, *fields: Any, replaces: Exchanges = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Conversation, its state, box and examples, as the answer grows; closed, it ends the work.

        `fields` are those that `Manner` reads. `replaces` come back unless the answer gets whole. However it
        ends, `settle` follows.
        """
        question, skip = " ".join(question.split())[:MAX_QUESTION_CHARS], gr.skip()
        if not question:
            yield (skip,) * 4
            return
        so_far = thread_html(exchanges)
        now = Exchange(Answer(question, "", "", done=False), replaces=replaces)
        # Said with every piece: what reaches a page that is still opening is undone when it has opened.
        busy = box(busy=True)
        yield so_far + waiting_html(question), (*exchanges, now), box(busy=True, value=""), ""
        try:
            manner = Manner.of(fields)
            with self._line.place() as before:
                for waiting in until_turn(before):
                    shown = skip if waiting is None else so_far + waiting_html(question, waiting)
                    yield shown, skip, busy, skip
                for grown in self._grown(now, exchanges, manner):
                    if grown is None:
                        yield skip, skip, busy, skip
                        continue
                    now = grown
                    yield so_far + exchange_html(now, growing=now.growing), (*exchanges, now), busy, skip
        except Exception as error:  # whoever asked should not wait for ever
            yield *failed(exchanges, now, failure_text(error)), skip, skip

    def _grown(self, asked: Exchange, before: Exchanges, manner: Manner) -> Iterator[Exchange | None]:
        """The exchange as its answer grows; None, so that the reader can stop, where there is nothing new.

        Raises ModelError where a model broke off an answer that would take the place of a whole one.
        """
        given: Asking = {"history": turns_of(before), **manner.asking}
        limits = limits_text(manner.filters)
        growing = self.assistants.of(manner.llm).stream(asked.answer.question, **given)
        for answer in paced(growing, SHOWN_EVERY_S):
            if answer is None:
                yield None
                continue
            if asked.replaces and answer.problem not in ("", CUT_OFF):
                raise ModelError(answer.problem)
            yield Exchange(answer, limits, replaces=() if answer.done else asked.replaces)

    def ask_button(
        self, event: gr.EventData, exchanges: Exchanges, *fields: Any
    ) -> Iterator[tuple[Any, ...]]:
        """The same for a question that a button carries."""
        yield from self.ask(str(event.question), exchanges, *fields)

    def ask_again(self, event: gr.EventData, exchanges: Exchanges, *fields: Any) -> Iterator[tuple[Any, ...]]:
        """The same for the question of the turn that a button is in, or for what it was edited to.

        The turn and what follows are dropped when the new answer is whole, and come back if it never is.
        """
        place = read_number(event.turn, len(exchanges))
        if place is None:
            yield (gr.skip(),) * 4
            return
        question = str(getattr(event, "question", "")) or exchanges[place].answer.question
        yield from self.ask(question, exchanges[:place], *fields, replaces=exchanges[place:])

    def follow(self, exchanges: Exchanges, *fields: Any) -> Iterator[Any]:
        """Questions to go on with after the newest answer, nothing before they are all there.

        Looking takes a while. It waits while anybody is answered, and ends between two tries when it is
        closed because the reader went on.
        """
        last = exchanges[-1].answer if exchanges else None
        if last is None or not last.done or last.problem:
            return
        before = [one.answer.question for one in exchanges]
        found: tuple[str, ...] = ()
        try:
            for so_far in followups(self.assistant, last, before, **Manner.of(fields).asking):
                found = so_far
                yield gr.skip()
                if not self._line.wait_until_empty(PATIENCE_S):
                    return
        except Exception as error:  # the answer is there without them; the log tells of what was not expected
            failure_text(error)
            return
        yield followups_html(found, len(exchanges), last.question)

    def copy(self, event: gr.EventData, exchanges: Exchanges) -> dict[str, str]:
        """The answer of the turn that a button is in, as the kind it names, for the clipboard."""
        place = read_number(event.turn, len(exchanges))
        if place is None:
            return {"text": "", "html": ""}
        kinds = (one for one in KINDS if one == str(event.kind))
        taken = copied(exchanges[place].answer, next(kinds, "rich"))
        return {"text": taken.text, "html": taken.html}

    def settle(self, exchanges: Exchanges) -> tuple[Any, ...]:
        """What there is once nothing is written any more: of a stopped answer what was shown of it, or what
        it was to take the place of."""
        last, skip = exchanges[-1] if exchanges else None, gr.skip()
        if last is None or not last.growing:
            return skip, skip, box(busy=False), skip
        if last.replaces:
            before = standing(exchanges)
            return kept_html(before, len(exchanges) - 1), before, box(busy=False), skip
        kept = (*exchanges[:-1], replace(last, stopped=True))
        return thread_html(kept), kept, box(busy=False), skip

    def restart(self) -> tuple[Any, ...]:
        """A new conversation, and no source."""
        return (
            self.conversation(()),
            (),
            box(busy=False, value=""),
            examples_html(self.examples.made),
            no_source_html(),
        )

    def open(self, event: gr.EventData, exchanges: Exchanges) -> str:
        """The article that a button names; that nothing is cited when it names none."""
        article_id = str(event.article)
        if not article_id:
            return no_source_html(NOTHING_CITED)
        answers = (one for e in exchanges for one in (e.answer, e.answer.instead) if one)
        return self.show(article_id, read_spans(event.spans), copies_of(answers, article_id))

    def limits(self, outlets: list[str], since: str, until: str) -> Any:
        """The heading of the filters, saying what they are."""
        try:
            text = limits_text(read_filters(outlets, since, until))
        except OnrecordError as error:
            text = str(error)
        return gr.Accordion(label=f"Filters: {text}" if text else "Filters")
