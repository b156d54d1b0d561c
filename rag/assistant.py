"""Assistant.ask: question to cited answer. The only place where the parts are put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from index.types import Filters, Hit
from rag.abstain import abstention, why_nothing
from rag.choices import choose
from rag.cite import cite, quoted_sentences
from rag.clock import Clock
from rag.config import Settings
from rag.copies import with_copies
from rag.extract import Draft, draft_answer
from rag.imperative import as_question
from rag.judge import load_judge
from rag.leaning import Search, leaning
from rag.question import read_question
from rag.rewrite import standalone
from rag.sources import Sources
from rag.spoken import where_heard
from rag.task import Task, with_others
from rag.types import EXTRACTIVE, Abstain, Answer, Turn
from rag.vectors import Embed, Vectors
from rag.versions import with_versions

if TYPE_CHECKING:
    from index.archive import Archive
    from rag.generate import Author
    from rag.models import ChatModel


READ, HEARD = 6, 4
"""Hits that are read for an answer, and those of articles in which the one asked about speaks."""
SURER = 0.06
"""How much surer (of 1) that the articles tell one has to be before a chat model writes; measured, see
docs/decisions.md."""


class Asking(TypedDict, total=False):
    """What may be said with a question.

    `history` are the earlier turns, oldest first; `asked` is the day from which "last week" counts and
    around which articles are preferred (None: no preference); `abstain` "off" always answers when there is
    anything to answer with, "strict" wants more certainty than "on" and drops what is not borne out.
    `top_k` is how many passages are found (None: as the settings say), of which the first READ are read.
    `choices` are options of which the likeliest is told beside the answer, which they do not change.
    """

    history: Sequence[Turn]
    asked: date | None
    filters: Filters
    abstain: Abstain | None
    top_k: int | None
    choices: Sequence[str]


class Assistant:
    """Answers questions from one archive. Safe to use from several threads; keeps no conversation."""

    def __init__(
        self, archive: Archive, settings: Settings | None = None, *, model: ChatModel | None = None
    ) -> None:
        """`model` writes the answers (default: the one that `answer.llm` of the settings names).

        Raises ModelError or SettingsError when it, or its prompt, cannot be had.
        """
        self.archive = archive
        self.settings = settings or Settings.model_construct()
        self._judge = load_judge(self.settings.answer.cross_encoder)
        # The embedder is loaded when something is to be embedded.
        self._embed = Vectors(lambda sentences: archive.embedder.embed_passages(sentences))
        self._author = _author(self.settings, self._embed, model)

    def with_llm(self, name: str) -> Assistant:
        """Another over the same archive whose answers the model `name` writes. Raises as `Assistant` does."""
        answer = self.settings.answer.model_copy(update={"llm": name})
        return Assistant(self.archive, self.settings.model_copy(update={"answer": answer}))

    def ask(self, question: str, **options: Unpack[Asking]) -> Answer:
        """The answer with its citations, or an abstention with the nearest passages."""
        *_, last = self.stream(question, **options)
        return last

    def stream(self, question: str, **options: Unpack[Asking]) -> Iterator[Answer]:
        """Growing answers, the last one whole; one of article sentences comes at once.

        A chat model is asked where article sentences would answer: whether the articles tell is not left to
        it. While it is silent the same answer comes again a few times a second. Closing the iterator ends
        its work.
        """
        task = self._look(question, **options)
        if self._author and not task.told.abstained:
            yield from self._author.write(task)
        else:
            yield task.told

    def quote(self, question: str, **options: Unpack[Asking]) -> Answer:
        """The answer made of article sentences alone, whoever writes the others."""
        return self._look(question, **options).told

    def _look(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        asked: date | None = None,
        filters: Filters = Filters(),
        abstain: Abstain | None = None,
        top_k: int | None = None,
        choices: Sequence[str] = (),
    ) -> Task:
        """Everything but a chat model's work: query, hits, the best sentences, the answer made of them."""
        clock = Clock()
        query = self._query(question, history)
        reading = read_question(query, asked)
        vector = self.archive.embedder.embed_queries([query])[0]
        clock.lap("rewrite")
        search, most = self._search(question, query, history, filters, asked), self._most(top_k)
        hits = search(query, top_k=most, query_vector=vector)
        heard = where_heard(self.archive.catalog, reading, filters)
        read = with_others(hits[:READ], search(query, top_k=HEARD, filters=heard, query_vector=vector))
        clock.lap("search")
        sources, mode = Sources(self.archive, self._embed), abstain or self.settings.answer.abstain
        draft = draft_answer(reading, vector, read, sources, self._judge, given=filters.articles is not None)
        quoted = quoted_sentences(draft.statements)
        cited = cite(quoted)
        clock.lap("extract")
        choice = choose(query, choices, hits, search, sources) if choices else None
        clock.lap("choose")
        threshold = self._threshold(mode)
        shown = with_others(hits, (statement.hit for statement in draft.statements))
        about = {"query": query, "abstain": mode, "top_k": most, "read": _ranks(read, shown)}
        trace = _trace(draft, threshold, clock, asked=asked, **about)
        told = Answer(question, cited.text, cited.text, cited.citations, shown, trace=trace)
        told = replace(told, choice=choice, claims=cited.claims)
        if not cited.citations or draft.confidence < threshold:
            told = abstention(told, hits, "" if hits else why_nothing(self.archive.catalog, filters))
        told = with_versions(with_copies(told, sources), sources)
        clock.lap("compare")
        sure = draft.confidence >= self._threshold("strict")
        return Task(query, asked, mode, shown, draft.ranked, quoted, sure, told, sources, clock)

    def search(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        asked: date | None = None,
        filters: Filters = Filters(),
        top_k: int | None = None,
    ) -> list[Hit]:
        """The hits from which `ask` answers, best first; `top_k` may look deeper than it does."""
        query = self._query(question, history)
        return self._search(question, query, history, filters, asked)(query, top_k=self._most(top_k))

    def _most(self, top_k: int | None) -> int:
        return top_k or self.settings.search.top_k

    def _query(self, question: str, history: Sequence[Turn]) -> str:
        """The question made to stand alone: by rules, or by the model when the settings say so."""
        question = as_question(question)
        if history and self._author and self.settings.llm.rewrite == "model":
            return self._author.rewrite(question, history) or standalone(question, history)
        return standalone(question, history)

    def _search(
        self, question: str, query: str, history: Sequence[Turn], filters: Filters, asked: date | None
    ) -> Search:
        """How to search; after a question that had to be completed, the last answer's articles come first."""
        search = partial(self.archive.search, filters=filters, asked=asked)
        return search if query == as_question(question) else leaning(search, history)

    def _threshold(self, mode: Abstain) -> float:
        """The least confidence (0..1) with which a question is answered."""
        return self._judge.weights.thresholds[mode] + (SURER if self._author and mode == "on" else 0.0)


def _ranks(some: Sequence[Hit], hits: Sequence[Hit]) -> list[int]:
    """The places, from 1, of some hits among all; those that are not among them have none."""
    ids = {hit.passage.id for hit in some}
    return [rank for rank, hit in enumerate(hits, start=1) if hit.passage.id in ids]


def _trace(
    draft: Draft, threshold: float, clock: Clock, *, asked: date | None, **given: Any
) -> MappingProxyType[str, Any]:
    return MappingProxyType(
        {
            **given,
            "asked": asked and asked.isoformat(),
            "llm": EXTRACTIVE,
            "confidence": round(draft.confidence, 4),
            "threshold": threshold,
            "missing": draft.missing,
            "milliseconds": clock.laps,
        }
    )


def _author(settings: Settings, embed: Embed, model: ChatModel | None) -> Author | None:
    """Who writes the answers; None when they are made of article sentences."""
    if model is None and settings.answer.llm == EXTRACTIVE:
        return None
    from rag.generate import Author
    from rag.models import load_model
    from rag.verify.verifier import Verifier

    model = model or load_model(settings.answer.llm, settings.llm)
    return Author(model, settings.llm, Verifier(embed)) if model else None
