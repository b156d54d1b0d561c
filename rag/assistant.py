"""Assistant.ask: question to cited answer. The only place where the parts are put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from index.types import Filters, Hit
from rag.choices import choose
from rag.cite import cite
from rag.config import Settings
from rag.extract import Draft, draft_answer
from rag.judge import load_judge
from rag.question import read_question
from rag.rewrite import standalone
from rag.sources import Sources
from rag.types import Abstain, Answer, Turn

if TYPE_CHECKING:
    from index.archive import Archive

NEAREST_SHOWN = 5


class Assistant:
    """Answers questions from one archive. Safe to use from several threads; keeps no conversation."""

    def __init__(self, archive: Archive, settings: Settings | None = None) -> None:
        self.archive = archive
        self.settings = settings or Settings.model_construct()
        self._judge = load_judge(self.settings.answer.cross_encoder)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        asked: date | None = None,
        filters: Filters = Filters(),
        abstain: Abstain | None = None,
        choices: Sequence[str] = (),
    ) -> Answer:
        """The answer with its citations, or an abstention with the nearest passages.

        `history` are the earlier turns, oldest first; `asked` is the day from which "last week"
        counts and around which articles are preferred (None: no preference); `abstain` "off" always
        answers when there is anything to answer with, "strict" wants more certainty than "on".
        `choices` are options of which the likeliest is told beside the answer, which they do not change.
        """
        clock = _Clock()
        query = standalone(question, history)
        reading = read_question(query)
        vector = self.archive.embedder.embed_queries([query])[0]
        clock.lap("rewrite")
        search = partial(self.archive.search, filters=filters, asked=asked)
        hits = search(query, top_k=self.settings.search.top_k, query_vector=vector)
        clock.lap("search")
        sources = Sources(self.archive)
        given = filters.articles is not None
        draft = draft_answer(reading, vector, hits, sources, self._judge, given=given)
        text, citations = cite(draft.statements)
        clock.lap("extract")
        choice = choose(query, choices, hits, search, sources) if choices else None
        clock.lap("choose")
        mode = abstain or self.settings.answer.abstain
        threshold = self._judge.weights.thresholds[mode]
        abstained = not citations or draft.confidence < threshold
        trace = self._trace(query, draft, threshold, clock)
        if abstained:
            note = _abstention(hits, filters)
            return Answer(question, note, text, (), tuple(hits[:NEAREST_SHOWN]), True, trace, choice)
        return Answer(question, text, text, citations, _with_cited(hits, draft), False, trace, choice)

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
        most = top_k or self.settings.search.top_k
        return self.archive.search(standalone(question, history), top_k=most, filters=filters, asked=asked)

    def stream(self, question: str, **options: Any) -> Iterator[Answer]:
        """Growing answers, the last one whole. Options as for `ask`; extractive answers come at once."""
        yield self.ask(question, **options)

    def _trace(self, query: str, draft: Draft, threshold: float, clock: _Clock) -> MappingProxyType[str, Any]:
        return MappingProxyType(
            {
                "query": query,
                "llm": "extractive",
                "confidence": round(draft.confidence, 4),
                "threshold": threshold,
                "missing": draft.missing,
                "milliseconds": clock.laps,
            }
        )


class _Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._start = self._last = perf_counter()

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self.laps[stage] = round((now - self._last) * 1000, 2)
        self.laps["total"] = round((now - self._start) * 1000, 2)
        self._last = now


def _with_cited(hits: Sequence[Hit], draft: Draft) -> tuple[Hit, ...]:
    """The hits, with passages that are cited though search did not list them."""
    listed = {hit.passage.id for hit in hits}
    cited = {s.hit.passage.id: s.hit for s in draft.statements}
    return (*hits, *(hit for key, hit in cited.items() if key not in listed))


def _abstention(hits: Sequence[Hit], filters: Filters) -> str:
    if not hits:
        where = "among the articles that pass the filters" if not filters.empty else "in the archive"
        return f"Nothing on this was found {where}."
    shown = min(len(hits), NEAREST_SHOWN)
    nearest = "The nearest passage is" if shown == 1 else f"The nearest {shown} passages are"
    return f"The articles do not answer this. {nearest} shown instead."
