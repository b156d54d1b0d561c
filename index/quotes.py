"""Statements of an archive: who said what, when and where, found and put in order of time.

Brings together attributions, the speakers behind the names and the heads of the articles; the same
words in several articles are one statement. Knows nothing of how statements are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from index.attributions import attributions, count_attributions
from index.catalog import Catalog, condition
from index.speakers.speakers import Speakers
from index.types import ArticleHead, Attribution, DateRange, Filters
from index.voices import voices

if TYPE_CHECKING:
    from index.embed import Embedder

LEAST_WORDS = 3
"""Fewer words than these, reported without quotation marks, say nothing by themselves."""

SAME_WORDS = 6
"""So many words or more are one statement wherever they stand, fewer only from one speaker."""

_WORD = re.compile(r"[^\W_]+")
_BROKEN = " … "


@dataclass(frozen=True, slots=True)
class Quote:
    """One statement: an attribution with its article's head and the words at its spans.

    `speaker` is the label of who said it, "" when unknown; `words` are the texts at the content
    spans, `named` and `cue` those at the source and cue spans. `also` are the other articles that
    carry the same words. `score` tells how well it fits the words asked about, 0 when none were.
    """

    attribution: Attribution
    head: ArticleHead
    speaker: str
    words: tuple[str, ...]
    named: tuple[str, ...] = ()
    cue: tuple[str, ...] = ()
    also: tuple[ArticleHead, ...] = ()
    score: float = 0.0

    @property
    def text(self) -> str:
        """The words said, on one line, an ellipsis where other words break them."""
        return _BROKEN.join(" ".join(part.split()) for part in self.words)

    @property
    def days(self) -> DateRange | None:
        """The day or the month it was said, else the day it was published; None when neither is known."""
        published = self.head.published
        return self.attribution.days or (DateRange(published, published) if published else None)


@dataclass(frozen=True, slots=True)
class Quotes:
    """Statements in order of time, and how many there are with those a limit left out.

    `speakers` are those the name asked for may mean; when it means no one, `nearest` are those whose
    names look most like it.
    """

    quotes: tuple[Quote, ...]
    total: int
    speakers: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements are asked for; empty fields do not restrict.

    `filters` restricts outlets and articles as elsewhere, but its days are those on which something
    was said, else published: statements of unknown date are left out then. Of more than `limit`
    statements those stay that fit `about` best, the latest when nothing was asked about.
    """

    speaker: str = ""
    about: str = ""
    filters: Filters = Filters()
    limit: int | None = None


def find_quotes(catalog: Catalog, wanted: Wanted, embedder: Callable[[], Embedder]) -> Quotes:
    """The statements asked for, in order of time, those of unknown date last.

    `embedder` is called only to see what is about the words asked for.
    """
    known = voices(catalog).speakers
    labels = known.matching(wanted.speaker) if wanted.speaker else frozenset[str]()
    if wanted.speaker and not labels:
        return Quotes((), 0, nearest=tuple(known.nearest(wanted.speaker)))
    where, values = condition(replace(wanted.filters, since=None, until=None))
    found = attributions(catalog, where, values)
    if labels:
        found = [one for one in found if one.speaker and known.label(one.article_id, one.speaker) in labels]
    told = [one for one in _quotes(catalog, found, known) if _tells(one)]
    quotes = folded(_within(told, wanted.filters))
    if wanted.about and quotes:
        from index.about import about

        quotes = about(catalog, quotes, wanted.about, embedder)
    return Quotes(_limited(quotes, wanted), len(quotes), tuple(sorted(labels)))


def _quotes(catalog: Catalog, found: Sequence[Attribution], known: Speakers) -> list[Quote]:
    ids = {one.article_id for one in found}
    heads, texts = catalog.heads(ids), catalog.texts(ids)
    quotes = []
    for one in found:
        if one.article_id in heads and one.article_id in texts:
            text = texts[one.article_id]
            said, named, cue = (
                tuple(span.of(text) for span in spans) for spans in (one.content, one.source, one.cue)
            )
            label = known.label(one.article_id, one.speaker)
            quotes.append(Quote(one, heads[one.article_id], label, said, named, cue))
    return quotes


def _tells(quote: Quote) -> bool:
    return quote.attribution.quoted or len(_WORD.findall(" ".join(quote.words))) >= LEAST_WORDS


def _within(quotes: Iterable[Quote], filters: Filters) -> list[Quote]:
    """Those that may have been said in the days of the filters."""
    if filters.since is None and filters.until is None:
        return list(quotes)
    first, last = filters.since or date.min, filters.until or date.max
    known = ((one, one.days) for one in quotes)
    return [
        one for one, days in known if days and (days.last or last) >= first and (days.first or first) <= last
    ]


def in_time(quote: Quote) -> tuple[Any, ...]:
    """The place of a statement in order of time: unknown dates last, then by article and place."""
    day, published = quote.days and quote.days.first, quote.head.published
    return (
        *(day is None, day or date.max, published or date.max),
        *(quote.head.id, quote.attribution.content[0]),
    )


def folded(quotes: Iterable[Quote]) -> list[Quote]:
    """One statement for the same words, the earliest, with the other articles that carry it.

    Words differ if a letter or digit does. Where the earliest names no speaker, a later one does.
    """
    same: dict[Any, list[Quote]] = {}
    for quote in sorted(quotes, key=in_time):
        words = tuple(_WORD.findall(" ".join(quote.words).casefold()))
        same.setdefault(words if len(words) >= SAME_WORDS else (words, quote.speaker), []).append(quote)
    return [_first(copies) for copies in same.values()]


def _first(copies: Sequence[Quote]) -> Quote:
    first = copies[0]
    others = {one.head.id: one.head for one in copies if one.head.id != first.head.id}
    speaker = next((one.speaker for one in copies if one.speaker), "")
    return replace(first, also=tuple(others.values()), speaker=speaker)


def _limited(quotes: Sequence[Quote], wanted: Wanted) -> tuple[Quote, ...]:
    ordered = sorted(quotes, key=in_time)
    if wanted.limit is None or len(ordered) <= wanted.limit:
        return tuple(ordered)
    if wanted.about:
        best = sorted(ordered, key=lambda one: -one.score)[: wanted.limit]
        return tuple(sorted(best, key=in_time))
    dated = [one for one in ordered if one.days] or ordered
    return tuple(dated[-wanted.limit :])


def speakers(catalog: Catalog) -> list[tuple[str, int]]:
    """Who said something, by the label of each, with how many statements; most first."""
    return voices(catalog).speakers.counts()


def counts(catalog: Catalog) -> dict[str, int]:
    """How many attributions and speakers there are."""
    return {"attributions": count_attributions(catalog), "speakers": len(speakers(catalog))}
