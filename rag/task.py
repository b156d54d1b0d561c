"""A question with all that was found for it: what both ways to answer begin with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from index.types import Hit
from rag.cite import Sentence
from rag.clock import Clock
from rag.signals import Candidate
from rag.sources import Sources
from rag.types import Abstain, Answer


@dataclass(frozen=True, slots=True)
class Task:
    """`query` is the question made to stand alone; `ranked` are sentences that may answer, best first.

    `quoted` are sentences of the articles, in reading order; `told` is the answer made of them, or the
    abstention in its place; `sure` tells that it would be one however ready to abstain. The clock goes on
    running.
    """

    query: str
    asked: date | None
    mode: Abstain
    hits: tuple[Hit, ...]
    ranked: Sequence[Candidate]
    quoted: Sequence[Sentence]
    sure: bool
    told: Answer
    sources: Sources
    clock: Clock


def with_others(hits: Sequence[Hit], others: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits, and behind them those of the others whose passages search did not list, once each."""
    listed = {hit.passage.id for hit in hits}
    more = {hit.passage.id: hit for hit in others}
    return (*hits, *(hit for key, hit in more.items() if key not in listed))
