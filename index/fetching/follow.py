"""Looking at followed feeds when they are due, one after another, in a thread of its own.

Asks a feed only for what has changed, and an article's page only once it is new. A feed that fails is
left alone for twice as long each time, up to a day.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.errors import FetchError, OnrecordError
from index.fetching.address import normal
from index.fetching.feed import Feed, read_feed
from index.fetching.feeds import Feeds, Followed, Look
from index.fetching.fetched import UNKNOWN
from index.fetching.gather import Gatherer
from index.listing import holds_origin
from index.loading.web import html_text, tree_of
from index.progress import Silent

if TYPE_CHECKING:
    from index.archive import Archive
    from index.build import BuildReport
    from index.fetching.fetch import Fetcher
    from index.fetching.fetched import Fetched

LOOK_FOR_DUE_EVERY_S = 2.0
STORED_AT_ONCE = 20
"""So many entries are fetched, then stored, then the next: a server may be stopped in between."""

LONGEST_REST = timedelta(days=1)
_ALTERNATE = "//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom')]/@href"


def find_feed(fetcher: Fetcher, address: str) -> tuple[str, Feed]:
    """The feed at an address, or that which the page there names, with its address.

    Raises FetchError or LoadError when there is none.
    """
    fetched = fetcher.fetch(address)
    assert fetched is not None  # nothing was said to be known
    if fetched.kind == "page" and (named := _named(fetched)):
        address, fetched = named, fetcher.fetch(named)
        assert fetched is not None  # as above
    if fetched.kind != "feed":
        raise FetchError(f"found a {fetched.kind} at {address} that names no feed, wanted RSS or Atom")
    return normal(address), read_feed(fetched.data, fetched.url)


def _named(fetched: Fetched) -> str | None:
    tree = tree_of(html_text(fetched.data, fetched.charset))
    links = [] if tree is None else tree.xpath(_ALTERNATE)
    return urljoin(fetched.url, str(links[0])) if links else None


class Follower:
    """Looks at the feeds of an archive."""

    def __init__(
        self,
        archive: Archive,
        fetcher: Fetcher,
        every: timedelta,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.feeds = Feeds(archive.home)
        self._archive = archive
        self._fetcher = fetcher
        self._every = every
        self._now = now
        self._ended = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look at feeds as they become due, until the block is left and what was begun has ended."""
        thread = threading.Thread(target=self._run, name="followed feeds", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._fetcher.close()
            thread.join()

    def look_at_due(self) -> None:
        """Look once at each feed that is due."""
        for feed in self.feeds.due(self._now()):
            if self._ended.is_set():
                return
            self.look(feed)

    def look(self, feed: Followed) -> None:
        """Take in what is new in a feed, and note what came of it; never raises."""
        try:
            look = self._look(feed)
        except Exception as error:  # the feeds after it must be looked at all the same
            if self._ended.is_set():
                return
            if not isinstance(error, OnrecordError):
                logging.getLogger(__name__).exception("the feed %s could not be looked at", feed.url)
            failures = feed.failures + 1
            rest = min(self._every * 2 ** min(failures, 20), max(LONGEST_REST, self._every))
            look = Look(self._now(), self._now() + rest, _one_line(error), failures)
        self.feeds.note(feed.url, look)

    def _look(self, feed: Followed) -> Look:
        fetched = self._fetcher.fetch(feed.url, feed.validators)
        if fetched is None:
            return Look(self._now(), self._now() + self._every, "nothing new")
        found = read_feed(fetched.data, fetched.url)
        settled = self.feeds.settled(feed.url)
        reports = [
            self._take_in(replace(found, entries=found.entries[at : at + STORED_AT_ONCE]), feed.url, settled)
            for at in range(0, len(found.entries), STORED_AT_ONCE)
        ]
        failed = {one.origin for report in reports for one in report.unreadable}
        links = [entry.link for entry in found.entries if entry.link not in settled]
        return Look(
            at=self._now(),
            due_at=self._now() + self._every,
            outcome=outcome_text(reports),
            title=found.title or None,
            validators=UNKNOWN if failed else fetched.validators,  # else it would not send them again
            taken=tuple(link for link in links if link not in failed),
            failed=tuple(link for link in links if link in failed),
        )

    def _take_in(self, feed: Feed, url: str, settled: Collection[str]) -> BuildReport:
        """Store the articles of entries that are neither settled nor stored."""
        gatherer = Gatherer(
            self._fetcher,
            lambda link: link in settled or holds_origin(self._archive.catalog, link),
            Silent(),
        )
        gatherer.entries(feed, url)
        if self._ended.is_set():
            raise FetchError("the server is being stopped")
        return self._archive.ingest(gatherer.gathered.found)

    def _run(self) -> None:
        while not self._ended.wait(LOOK_FOR_DUE_EVERY_S):
            try:
                self.look_at_due()
            except Exception:  # such as a disk that is full: it may have room later
                logging.getLogger(__name__).exception("the followed feeds could not be looked at")


def outcome_text(reports: Sequence[BuildReport]) -> str:
    """What a look brought, in one line for people."""
    added, changed = sum(one.added for one in reports), sum(one.changed for one in reports)
    parts = [f"{added} added"] if added else []
    parts += [f"{changed} changed"] if changed else []
    if bad := [one for report in reports for one in report.unreadable]:
        parts.append(f"{len(bad)} could not be read, such as {bad[0].origin}: {bad[0].reason}")
    return ", ".join(parts) or "nothing new"


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, OnrecordError) else f"unexpected {type(error).__name__}: {text}"
