"""The nouns of `index`: what goes in (articles), what is cut (passages), what comes out (hits),
and who said what (attributions).

All are frozen. Every offset counts Unicode characters in `Article.text` as the catalog holds it
(cleaned, NFC, newline `\n`) unless a name says `raw`.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

SaidPrecision = Literal["day", "month", "unknown"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters: 0 <= start < end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span must satisfy 0 <= start < end, got {self.start}:{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` in this range."""
        return text[self.start : self.end]

    def shift(self, by: int) -> Span:
        """The same range moved by `by` characters."""
        return Span(self.start + by, self.end + by)

    def holds(self, other: Span) -> bool:
        """Whether `other` lies inside this range."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `first` to `last`, both included; None leaves that side open."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether `day` lies in the range."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Article:
    """One source document. Unknown fields are None, never guessed; `title` may be empty."""

    id: str
    title: str
    text: str
    url: str | None = None
    source: str | None = None
    published: date | None = None
    author: str | None = None
    language: str | None = None

    @property
    def head(self) -> ArticleHead:
        """What is shown of the article without its text."""
        return ArticleHead(self.id, self.title, self.source, self.published, self.url)


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """An article without its text."""

    id: str
    title: str
    source: str | None = None
    published: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """An article as a file holds it: text untouched (raw), not yet cleaned.

    `origin` tells where it came from (absolute path, or path plus `#line`); `named` is true when
    the record itself carries the id, false when the id was derived from the file's name.
    """

    article: Article
    origin: str
    named: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that could not be loaded, and why, in one line for people."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of an article that can be cited: `article.text[span] == text`.

    `id` is a hash of article id, place and content: the same input gives the same id.
    `sentences` are the spans (in the article) of the sentences it is made of, ascending.
    """

    id: str
    article_id: str
    span: Span
    text: str
    sentences: tuple[Span, ...] = ()

    @property
    def parts(self) -> tuple[Span, ...]:
        """The spans of its sentences; its own where they are not known."""
        return self.sentences or (self.span,)

    def words(self, span: Span) -> str:
        """The text at a span of the article that lies inside the passage."""
        return span.shift(-self.span.start).of(self.text)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said what in one article. All spans are of the article's text, ascending, disjoint.

    `content` is what was said, at least one span, several where the quotation is broken by other words;
    `source` the words that name who said it, () when the article names no one; `cue` the reporting words,
    () when there are none. `speaker` is the name those words stand for ("he" -> "Dmitry Peskov"), "" when
    unsure. `quoted`: every letter and digit of the content lies inside double quotation marks. `said_on`
    is the day it was said, the first of the month when only that is known, None when unknown.
    """

    article_id: str
    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    speaker: str = ""
    quoted: bool = False
    said_on: date | None = None
    said_precision: SaidPrecision = "unknown"

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("an attribution needs a content span, got none")
        if (self.said_on is None) != (self.said_precision == "unknown"):
            raise ValueError(f"said_on {self.said_on} does not go with precision {self.said_precision!r}")

    @property
    def days(self) -> DateRange | None:
        """The day, or all days of the month, on which it was said; None when unknown."""
        if self.said_on is None or self.said_precision == "day":
            return DateRange(self.said_on, self.said_on) if self.said_on else None
        last = calendar.monthrange(self.said_on.year, self.said_on.month)[1]
        return DateRange(self.said_on, self.said_on.replace(day=last))


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be found. Empty fields do not restrict.

    With `since` or `until` set, articles of unknown date are left out. `sources` compares
    outlets without regard to case; `articles` are article ids.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    articles: tuple[str, ...] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is restricted."""
        return self == Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with a score (higher is better).

    `parts` says what each ranking contributed (names to numbers); `copies` are the articles that
    carry a near-copy of this passage and were folded into this hit.
    """

    passage: Passage
    head: ArticleHead
    score: float
    parts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    copies: tuple[ArticleHead, ...] = ()
