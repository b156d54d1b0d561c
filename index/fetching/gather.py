"""Addresses and feeds in, loaded articles out: what cannot be fetched or read stops nothing else.

Knows how a fetched body becomes articles and which ids they get. Knows nothing of how they are stored,
but for whether an address was stored before.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import LoadError
from index.fetching.address import normal
from index.fetching.feed import Entry, Feed, read_feed
from index.fetching.fetched import FEED_SUFFIXES, Fetched, Kind
from index.listing import holds_origin
from index.load import origin_of, reason_of, suffix_of, told_of
from index.loading.draft import Draft, Flaw, digest, host
from index.loading.formats import read_pdf, read_text
from index.loading.records import read_json, read_jsonl
from index.loading.web import html_text, page_draft, plain_text
from index.progress import Progress, Silent
from index.types import Article, Loaded, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.archive import Archive
    from index.build import BuildReport
    from index.fetching.fetch import Fetcher

Found = Loaded | Unreadable
FULL_TEXT_CHARS = 600
"""An entry's own words stand in for its page when there are this many; fewer are a summary."""

_READERS: dict[Kind, tuple[str, Callable[[Path], Iterator[Draft | Flaw]]]] = {
    "text": (".txt", read_text),
    "pdf": (".pdf", read_pdf),
    "json": (".json", read_json),
    "jsonl": (".jsonl", read_jsonl),
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was fetched, in order; `stored` counts entries that were there before and were left alone."""

    found: tuple[Found, ...] = ()
    stored: int = 0


class Gatherer:
    """Fetches places one after another and keeps what they hold."""

    def __init__(self, fetcher: Fetcher, is_stored: Callable[[str], bool], progress: Progress) -> None:
        self._fetcher = fetcher
        self._is_stored = is_stored
        self._progress = progress
        self._found: list[Found] = []
        self._stored = 0

    @property
    def gathered(self) -> Gathered:
        """All so far."""
        return Gathered(tuple(self._found), self._stored)

    def address(self, address: str) -> None:
        """What is at an address: articles, or a feed with the articles that it names."""
        self._progress.start("fetch", None)
        try:
            fetched = self._fetcher.fetch(address)
            assert fetched is not None  # nothing was said to be known
            if fetched.kind != "feed":
                self._found += loaded_of(fetched, normal(address))
                self._progress.advance(1)
                return
            feed = read_feed(fetched.data, fetched.url)
        except Exception as error:  # a parser may fail on anything a server sends: the rest goes on
            self._found.append(Unreadable(address, reason_of(error)))
            return
        finally:
            self._progress.stage_done()
        self.entries(feed, address)

    def file(self, path: Path) -> None:
        """The articles that a feed in a file names."""
        try:
            feed = read_feed(path.read_bytes())
        except Exception as error:
            self._found.append(Unreadable(origin_of(path), reason_of(error)))
        else:
            self.entries(feed, origin_of(path))

    def entries(self, feed: Feed, origin: str) -> None:
        """The articles that a feed names, but for those stored before."""
        if not feed.entries:
            self._found.append(Unreadable(origin, "the feed names no article; wanted entries with addresses"))
        self._progress.start("fetch", len(feed.entries))
        for entry in feed.entries:
            if self._is_stored(entry.link):
                self._stored += 1
            else:
                self._found += self._entry(entry, feed)
            self._progress.advance(1)
        self._progress.stage_done()

    def _entry(self, entry: Entry, feed: Feed) -> list[Found]:
        try:
            fetched = self._fetcher.fetch(entry.link, robots=True)
            assert fetched is not None  # nothing was said to be known
            if fetched.kind not in ("page", "text", "pdf"):
                raise LoadError(f"found {fetched.kind} behind an entry, wanted the page of an article")
            found = loaded_of(fetched, entry.link)
            whole = [_completed(one, entry, feed) for one in found if isinstance(one, Loaded)]
            return [*whole] or found
        except Exception as error:
            return [_told_by_feed(entry, feed) or Unreadable(entry.link, reason_of(error))]


def loaded_of(fetched: Fetched, origin: str) -> list[Found]:
    """The articles in a body that was fetched for `origin`. Raises LoadError, or as its parser does."""
    found = [
        told_of(one, origin, lambda draft: _loaded(draft, fetched.url, origin)) for one in _drafts(fetched)
    ]
    return found or [Unreadable(origin, "found no article; wanted at least one")]


def _drafts(fetched: Fetched) -> list[Draft | Flaw]:
    if fetched.kind == "page":
        return [page_draft(html_text(fetched.data, fetched.charset), fetched.url)]
    suffix, read = _READERS[fetched.kind]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"body{suffix}")
        path.write_bytes(fetched.data)
        return list(read(path))


def _loaded(draft: Draft, url: str, origin: str) -> Loaded:
    """The article with an id that no other site can take: that of an address of the site that sent it."""
    if draft.place:
        own = draft.url if _is_of(draft.url, url) else None
        article_id = digest(own) if own else digest(url, draft.id or f"{draft.title}\x1f{draft.text}")
        address = draft.url
    else:
        address = draft.url if draft.url and _is_of(draft.url, url) else url
        article_id = digest(address)
    article = Article(
        id=article_id,
        title=draft.title,
        text=draft.text,
        url=address,
        source=draft.source or host(url),
        published=draft.published,
        author=draft.author,
        language=draft.language,
    )
    return Loaded(article, origin + draft.place, named=True)


def _is_of(told: str | None, url: str) -> bool:
    """Whether what a page calls its address may be it: on the same site, and no front page."""
    return bool(told) and host(told) == host(url) and bool(urlsplit(told or "").path.strip("/"))


def _completed(loaded: Loaded, entry: Entry, feed: Feed) -> Loaded:
    """The article with what its page does not tell taken from the feed."""
    one = loaded.article
    article = replace(
        one,
        title=one.title or entry.title,
        published=one.published or entry.published,
        author=one.author or entry.author,
        language=one.language or feed.language,
    )
    return replace(loaded, article=article)


def _told_by_feed(entry: Entry, feed: Feed) -> Loaded | None:
    """The article as the feed itself carries it, if it does."""
    text = plain_text(f"<html><body>{entry.content}</body></html>")
    if len(text) < FULL_TEXT_CHARS:
        return None
    draft = Draft(text=text, url=entry.link, source=feed.title or None)
    return _completed(_loaded(draft, entry.link, entry.link), entry, feed)


def is_feed_file(path: Path) -> bool:
    """Whether a file is read as a feed when it is given by its own path."""
    return suffix_of(path) in FEED_SUFFIXES


def gather(
    places: Iterable[str | Path], fetcher: Fetcher, archive: Archive, progress: Progress | None = None
) -> Gathered:
    """What addresses and files of feeds hold; entries that `archive` has are left alone."""
    gatherer = Gatherer(fetcher, lambda link: holds_origin(archive.catalog, link), progress or Silent())
    for place in places:
        if isinstance(place, Path):
            gatherer.file(place)
        else:
            gatherer.address(place)
    return gatherer.gathered


def take_in(
    archive: Archive,
    places: Sequence[str | Path],
    fetcher: Fetcher,
    progress: Progress | None = None,
    *,
    prune: bool = False,
) -> BuildReport:
    """Store what files, folders, addresses and feeds hold; all is fetched before anything is stored."""
    paths = [place for place in places if isinstance(place, Path) and not is_feed_file(place)]
    others = [place for place in places if not isinstance(place, Path) or is_feed_file(place)]
    gathered = gather(others, fetcher, archive, progress)
    report = archive.ingest([*paths, *gathered.found], progress=progress, prune=prune)
    return replace(report, unchanged=report.unchanged + gathered.stored)
