"""The nouns of `rag`: a turn of talk, a citation, an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from index.types import ArticleHead, Hit, Span

Support = Literal["verbatim", "supported", "unsupported"]
Abstain = Literal["on", "off", "strict"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker of the answer, resolved.

    `span` is in the cited article's text and lies inside the passage; `evidence` is the text of
    that span; `at` is the marker in the answer: `answer.text[at] == "[marker]"`.
    """

    marker: int
    head: ArticleHead
    passage_id: str
    span: Span
    evidence: str
    at: Span
    support: Support = "verbatim"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets.

    `raw` is the back-end's own text, untouched. When `abstained`, `text` says that the articles
    do not tell, `citations` is empty and `hits` are the nearest passages. `trace` tells how the
    answer came about (query, signals, timings in milliseconds); it holds JSON values only. `choice` is
    the index of the likeliest option, if options were given with the question.
    """

    question: str
    text: str
    raw: str
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    abstained: bool = False
    trace: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    choice: int | None = None
