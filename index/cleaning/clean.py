"""Raw article -> cleaned article, with a map between both texts and a list of what was removed.

Normalises the text once, takes page furniture out by lines and sentences, and fills title, outlet,
author and day from the page where the article lacks them. It reads text only: markup is gone
before, in `index.load`. What counts as furniture is told by `index.cleaning.furniture`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from index.cleaning.furniture import find_all, find_sure
from index.cleaning.lines import Cut, Page, line_key, lines_of
from index.cleaning.normal import normalise
from index.cleaning.offsets import OffsetMap, Removed
from index.cleaning.pagehead import day_in, read_head
from index.types import Article, Span

__all__ = ["Cleaned", "OffsetMap", "Removed", "clean", "line_key", "lines_of"]

# Signals of place and neighbours that would take more than this share of the characters do not fit the
# page (a list, a table, a poem): then only the sure notices go; and nothing, if those are nearly all.
MOST_LOST = 0.6
MOST_SURE = 0.9
MOST_ROUNDS = 40  # each round removes at least one line; pages need two or three


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned article, what was taken out of its raw text (in order), and the positions' map.

    `removed` lists furniture, not the odd characters and spaces that normalising drops.
    """

    article: Article
    removed: tuple[Removed, ...]
    offsets: OffsetMap


def clean(article: Article, recurring: Mapping[str, int] | None = None) -> Cleaned:
    """Clean an article; `recurring` tells for line keys how many articles of the archive carry them.

    Known fields of the article are kept as they are, white space in the title aside. Cleaning a
    cleaned article again, with the same `recurring`, removes nothing.
    """
    text, offsets = normalise(article.text)
    head = read_head(article, text)
    page = Page(head.title, head.source, head.author, head.published is not None, recurring or {})
    rest = _settled(text, page)
    if head.published is None and (day := day_in(rest.text)):  # days of other articles are gone now
        head, page = replace(head, published=day), replace(page, dated=True)
        rest = _settled(text, page)
    removed = tuple(_removed(article.text, offsets, rest))
    rest.tidy()
    return Cleaned(replace(head, text=rest.text), removed, offsets.then(rest.offsets()))


class _Rest:
    """What is left of a text while pieces are taken out of it."""

    def __init__(self, whole: str) -> None:
        self.whole = whole
        self.text = whole
        self.kept = [(0, len(whole))] if whole else []
        self.taken: list[tuple[int, int, str]] = []

    def take(self, cuts: list[Cut]) -> None:
        """Take ascending, disjoint ranges of the present text out."""
        left: list[tuple[int, int]] = []
        wanted = iter(cuts)
        cut = next(wanted, None)
        base = 0
        for start, end in self.kept:
            at, length = start, end - start
            while cut is not None and cut.start < base + length:
                first, last = max(start, start + cut.start - base), min(end, start + cut.end - base)
                left.append((at, first))
                self.taken.append((first, last, cut.reason))
                at = last
                if cut.end > base + length:
                    break
                cut = next(wanted, None)
            left.append((at, end))
            base += length
        self.kept = [(start, end) for start, end in left if start < end]
        self.text = "".join(self.whole[start:end] for start, end in self.kept)

    def tidy(self) -> None:
        """Drop spaces at line ends, blank lines past the first of a run, blank head and tail."""
        self.take(list(_spare_space(self.text)))

    def offsets(self) -> OffsetMap:
        """The map from the whole text to what is left."""
        segments: list[tuple[int, int]] = []
        done = 0
        for start, end in self.kept:
            segments += [(start - done, 0), (end - start, end - start)]
            done = end
        segments.append((len(self.whole) - done, 0))
        return OffsetMap.of(segments)


def _settled(text: str, page: Page) -> _Rest:
    """The text without its furniture; repeated until nothing more is found."""
    rest = _without(text, page, find_all)
    if not rest.taken:
        return rest
    sure = _without(text, page, find_sure)
    if _lost(text, sure.text) > MOST_SURE:
        return _Rest(text)
    if _lost(sure.text, rest.text) <= MOST_LOST:
        return rest
    further = _without(sure.text, page, find_all)
    if _lost(sure.text, further.text) <= MOST_LOST:
        sure.take([Cut(start, end, reason) for start, end, reason in sorted(further.taken)])
    return sure


def _without(text: str, page: Page, find: Callable[[str, Page], list[Cut]]) -> _Rest:
    rest = _Rest(text)
    for _ in range(MOST_ROUNDS):
        cuts = find(rest.text, page)
        if not cuts:
            break
        rest.take(cuts)
    return rest


def _lost(before: str, after: str) -> float:
    """Share of the characters, spaces aside, that went."""
    whole = len("".join(before.split()))
    return 1 - len("".join(after.split())) / whole if whole else 0.0


def _removed(raw: str, offsets: OffsetMap, rest: _Rest) -> Iterator[Removed]:
    for start, end, reason in sorted(rest.taken):
        words = rest.whole[start:end]
        start += len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
        if start < end:
            span = offsets.raw_span(Span(start, end))
            yield Removed(span, span.of(raw), reason)


def _spare_space(text: str) -> Iterator[Cut]:
    """Spaces at line ends, blank lines past the first of a run, blank head and tail, as ranges."""
    at, blank, seen = 0, 0, False
    body = len(text.rstrip())
    for line in text[:body].split("\n"):
        words = len(line.rstrip())
        end = min(at + len(line) + 1, body)
        if words == 0:
            blank += 1
            if blank > 1 or not seen:
                yield Cut(at, end, "space")
            elif len(line):
                yield Cut(at, at + len(line), "space")
        else:
            indent = 0 if seen else len(line) - len(line.lstrip())
            if indent:
                yield Cut(at, at + indent, "space")
            if words < len(line):
                yield Cut(at + words, at + len(line), "space")
            blank, seen = 0, True
        at += len(line) + 1
    if body < len(text):
        yield Cut(body, len(text), "space")
