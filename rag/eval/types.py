"""The nouns of evaluation: a suite with its questions, and a run with its rows and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from index.errors import OnrecordError
from index.types import Filters, Span
from rag.types import EXTRACTIVE, Claim, Turn

UNKNOWN = "answerable-unknown"
"""Tag of questions of which nobody knows whether the articles tell; no rate of abstention counts them."""


class SuiteError(OnrecordError):
    """A folder cannot be read as a suite, or official files not as what they should be."""


class RunError(OnrecordError):
    """A run cannot be read, gone on with or compared."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An article that answers: `span` in its raw text, or `quote`, the words themselves, or all of it."""

    article: str
    span: Span | None = None
    grade: int = 1
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what is known about its answer; `articles` are the only ones that may be used.

    `answers` are groups of variants: right is what holds one variant of every group. `choices` are the
    options of a multiple-choice question. `references` are whole answers by people, `assertions` what
    an answer has to state.
    """

    id: str
    text: str
    asked: date | None = None
    answers: tuple[tuple[str, ...], ...] = ()
    answerable: bool = True
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Turn, ...] = ()
    articles: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    choices: tuple[str, ...] | None = None
    references: tuple[str, ...] = ()
    assertions: tuple[str, ...] = ()

    @property
    def qrels(self) -> dict[str, int]:
        """Article ids to their best grade."""
        grades: dict[str, int] = {}
        for item in self.evidence:
            grades[item.article] = max(item.grade, grades.get(item.article, 0))
        return grades

    @property
    def filters(self) -> Filters:
        """What restricts the search to the question's own articles."""
        return Filters(articles=self.articles)


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite's name, its folder, where its articles are, and its questions in order."""

    name: str
    folder: Path
    articles: Path
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Evidence as the archive holds it: `span` in the cleaned text, None for the whole article.

    `text` is the evidence's own words ("" for a whole article).
    """

    article: str
    span: Span | None
    text: str = ""

    def holds(self, article: str, span: Span) -> bool:
        """Whether something cited at `span` of `article` touches this place."""
        return article == self.article and (self.span is None or span.overlaps(self.span))


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of an article that an answer showed or cited; the span is in the cleaned text."""

    article: str
    span: Span
    text: str
    title: str = ""
    source: str | None = None
    published: date | None = None
    score: float | None = None
    support: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it was asked and answered.

    `answer` has its markers, `said` has not; `claims` are its sentences as they were checked, with places in
    `answer`. `places` are those of the question's evidence that the
    archive holds, `lost` how many it does not. `ranked` are the distinct article ids of a deep search,
    best first; `hits` the passages shown. `choice` is the index of the option taken. `milliseconds` is
    by stage, "total" among them. `scores` holds a value for every metric that applies to this question
    and none for the others, so a metric is the mean over the rows that have it.
    """

    question: Question
    answer: str
    said: str
    abstained: bool
    confidence: float | None = None
    choice: int | None = None
    citations: tuple[Shown, ...] = ()
    claims: tuple[Claim, ...] = ()
    hits: tuple[Shown, ...] = ()
    places: tuple[Place, ...] = ()
    lost: int = 0
    ranked: tuple[str, ...] = ()
    milliseconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    trace: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    scores: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def error(self) -> str | None:
        """How the back-end failed at this question; then there is no answer and no score."""
        found = self.trace.get("error")
        return None if found is None else str(found)

    @property
    def written(self) -> bool:
        """Whether a chat model was asked, however the answer came out."""
        return bool(self.trace.get("llm", EXTRACTIVE) != EXTRACTIVE)

    @property
    def borne_out(self) -> str:
        """The sentences of the answer that the articles bear out, as far as they were checked."""
        if not self.claims:
            return self.said
        return " ".join(one.at.of(self.answer) for one in self.claims if one.support != "unsupported")


@dataclass(frozen=True, slots=True)
class Metric:
    """A mean with its bootstrap 95 % interval over `n` questions."""

    value: float
    low: float
    high: float
    n: int


class Tried(Protocol):
    """What a run counts: `lost` pieces of gold are not in the archive, with an `error` nothing came of it."""

    @property
    def lost(self) -> int: ...
    @property
    def error(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """One execution of a suite, whatever it asks for; `metrics` are over all rows.

    `latency` is stage to {"p50", "p95"} in milliseconds for one row.
    """

    counted: ClassVar[str]
    """What `n` counts."""
    suite: str
    commit: str | None
    settings: Mapping[str, Any]
    machine: Mapping[str, Any]
    seconds: float
    metrics: Mapping[str, Metric]
    latency: Mapping[str, Mapping[str, float]]
    rows: tuple[Tried, ...]

    @property
    def n(self) -> int:
        """How many rows there are, failed ones among them."""
        return len(self.rows)

    @property
    def failed(self) -> int:
        """How many of them nothing came of."""
        return sum(row.error is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Run(Outcome):
    """One execution of a suite of questions; `tags` are the metrics of each group of them ("tag", or
    "without tag")."""

    counted = "questions"
    rows: tuple[Row, ...]
    tags: Mapping[str, Mapping[str, Metric]]


def written_by(run: Run) -> str:
    """The chat model and the prompt, with its hash, that a run asked; "" where no model was asked."""
    answer = run.settings.get("answer")
    llm = answer.get("llm", EXTRACTIVE) if isinstance(answer, Mapping) else EXTRACTIVE
    return "" if llm == EXTRACTIVE else f"{llm}, prompt {run.settings.get('prompt', 'unknown')}"
