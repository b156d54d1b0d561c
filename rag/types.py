"""The nouns of `rag`: a turn of talk, a citation, a claim, an answer, an exchange, feedback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from index.types import ArticleHead, Hit, Span

Support = Literal["verbatim", "supported", "unsupported"]
Abstain = Literal["on", "off", "strict"]
EXTRACTIVE = "extractive"
"""The back-end that makes answers of article sentences, without a chat model."""
CUT_OFF = "the model was cut off at its longest"
"""The problem of an answer that a chat model would have gone on with."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Version:
    """Another article's sentence that makes the statement of a cited one; `span` is in that article's text.

    `what` is empty when it bears the cited one out, else it says what stands there and here: "350,000 /
    129,000", the cited one first. `later`: it is a later report with another number.
    """

    head: ArticleHead
    passage_id: str
    span: Span
    evidence: str
    what: str = ""
    later: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker of the answer, resolved.

    `span` is in the cited article's text and lies inside the passage; `evidence` is the text of
    that span; `at` is the marker in the answer: `answer.text[at] == "[marker]"`. `copies` are the other
    articles that carry the cited one's text, earliest first; `versions` are other articles' versions of
    what is cited.
    """

    marker: int
    head: ArticleHead
    passage_id: str
    span: Span
    evidence: str
    at: Span
    support: Support = "verbatim"
    copies: tuple[ArticleHead, ...] = ()
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the answer and what checking it against its citations found.

    `at` are its words in the answer's text, without the markers that follow them. `score` (0..1) is how
    sure the check is that the cited words bear it out; `reason` says in words what they do not, and is
    empty unless `support` is "unsupported".
    """

    at: Span
    support: Support
    score: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets.

    `raw` is the back-end's own text, untouched. When `abstained`, `text` says that the articles
    do not tell, `citations` is empty and `hits` are the nearest passages. `trace` tells how the
    answer came about (query, signals, timings in milliseconds); it holds JSON values only. `choice` is
    the index of the likeliest option, if options were given with the question.

    While a chat model writes, answers grow: `done` is false, and `claims` (ascending) cover the sentences
    that are whole. `problem` tells why the model ended early ("" if it did not); then `instead` is the
    answer made of article sentences alone.
    """

    question: str
    text: str
    raw: str
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    abstained: bool = False
    trace: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    choice: int | None = None
    claims: tuple[Claim, ...] = ()
    done: bool = True
    problem: str = ""
    instead: Answer | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader says of an answer: `verdict` "" (nothing yet), "up" or "down".

    `reason` (a key of `rag.feedback.REASONS`) and `note` (the reader's own words) go with "down" only.
    """

    verdict: Literal["", "up", "down"] = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a conversation with its answer and what the search was limited to.

    `stopped` tells that an answer which is not done will not grow any more. `feedback` is None where none
    is asked for, as the conversation is not kept. `replaces` is what an answer that grows will take the place
    of once it is whole: that to the same question, and what followed.
    """

    answer: Answer
    limits: str = ""
    stopped: bool = False
    feedback: Feedback | None = None
    replaces: tuple[Exchange, ...] = ()

    @property
    def growing(self) -> bool:
        """Whether its answer is still being written."""
        return not self.answer.done and not self.stopped


def standing(exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """The conversation as it stands where an answer asked for again comes to nothing."""
    if exchanges and exchanges[-1].replaces:
        return (*exchanges[:-1], *exchanges[-1].replaces)
    return exchanges
