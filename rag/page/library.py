"""The library on the page: add, list, remove, follow, index anew; calls what the command line calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import OnrecordError
from index.fetching.address import is_address, normal
from index.fetching.feeds import Feeds
from index.fetching.fetch import Fetcher, Limits
from index.fetching.follow import find_feed
from index.fetching.gather import is_feed_file, take_in
from index.listing import State, count_entries, counts, coverage, entry
from index.types import Filters
from rag.page.talk import failure_text
from rag.page.uploads import Uploads
from rag.page.watch import Watch
from rag.render.library import (
    feeds_html,
    library_html,
    none_left_html,
    numbers_html,
    progress_html,
    report_html,
    said_html,
    upkeep_html,
)

if TYPE_CHECKING:
    from index.archive import Archive
    from index.build import BuildReport

PER_PAGE = 50
LOOK_EVERY_S = 0.2
ALL_OUTLETS = "All outlets"
STATES: dict[str, State | None] = {"Any state": None, "Ready": "done", "Being indexed": "pending"}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the list is narrowed to: words of headlines, an outlet, a state; all empty shows everything."""

    words: str = ""
    outlet: str = ""
    state: State | None = None

    @classmethod
    def of(cls, words: str | None, outlet: str | None = None, state: str | None = None) -> Narrowed:
        """The fields as the page sends them."""
        return cls((words or "").strip(), outlet or "", STATES.get(state or ""))

    @property
    def filters(self) -> Filters:
        """The outlet as a filter."""
        return Filters(sources=(self.outlet,)) if self.outlet else Filters()


class Shelf:
    """What happens on the Library tab. Keeps nothing of anyone. Its `fields` are words, outlet and state."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self.archive = archive
        self.uploads = Uploads(archive)
        self.feeds = Feeds(archive.home)
        self._fetcher = Fetcher(limits)

    # --- what there is -------------------------------------------------------------------------

    def listing(self, narrowed: Narrowed, page: int) -> tuple[str, int]:
        """The list as HTML, and which page of it (from 0, at most the last) that is."""
        rows, total = self.archive.list(
            narrowed.words,
            filters=narrowed.filters,
            limit=PER_PAGE,
            offset=page * PER_PAGE,
            state=narrowed.state,
        )
        if page and not rows:
            return self.listing(narrowed, max(0, (total - 1) // PER_PAGE))
        if not rows and (narrowed.outlet or narrowed.state):
            return none_left_html(), 0
        return library_html(rows, total, page, PER_PAGE, narrowed.words), page

    def search(self, *fields: str | None) -> tuple[str, int]:
        """The first page of the articles that the fields name."""
        return self.listing(Narrowed.of(*fields), 0)

    def turn(self, event: gr.EventData, *fields: str | None) -> tuple[str, int]:
        """Another page of the list."""
        return self.listing(Narrowed.of(*fields), max(0, int(event.page)))

    def around(self) -> tuple[Any, str, str, str]:
        """What stands around the list: the outlets to choose from, numbers, followed feeds, upkeep."""
        catalog, outlets = self.archive.catalog, self.archive.sources()
        numbers = numbers_html(counts(catalog), len(outlets), coverage(catalog))
        choices = [(ALL_OUTLETS, ""), *((name, name) for name in outlets)]
        upkeep = upkeep_html(count_entries(catalog))
        return gr.Dropdown(choices=choices), numbers, feeds_html(self.feeds.all()), upkeep

    # --- what is done to it --------------------------------------------------------------------

    def drop(self, event: gr.EventData, *fields: Any) -> tuple[str, str, int]:
        """Remove the article that a button names; what was done, the list, its page."""
        article_id, page = str(event.article), int(fields[-1])
        narrowed = Narrowed.of(*fields[:-1])
        try:
            found = entry(self.archive.catalog, article_id)
            self.archive.remove([article_id])
        except OnrecordError as error:
            return said_html(str(error)), *self.listing(narrowed, page)
        if found:
            self.uploads.forget(found.origin)
        title = found.title if found else ""
        return said_html(f"Removed: {title or article_id}"), *self.listing(narrowed, page)

    def upload(self, files: Sequence[str] | None) -> Iterator[tuple[str, Any]]:
        """Add the uploaded files: how far it has come, then what was done; at once the emptied field."""
        if not files:
            yield gr.skip(), gr.skip()
            return
        kept = self.uploads.keep(files)
        emptied: Any = None
        for html in self.working(lambda watch: take_in(self.archive, kept, self._fetcher, watch)):
            yield html, emptied
            emptied = gr.skip()
        for path in filter(is_feed_file, kept):  # its articles came from elsewhere
            self.uploads.forget(str(path))

    def add(self, address: str | None) -> Iterator[tuple[str, Any]]:
        """Add what is at an address: how far it has come, what was done; then the emptied field."""
        place = _whole(address)
        if not place:
            yield said_html("Found no address, wanted that of an article or a feed."), gr.skip()
            return
        for html in self.working(lambda watch: take_in(self.archive, [place], self._fetcher, watch)):
            yield html, gr.skip()
        yield gr.skip(), ""

    def rebuild(self) -> Iterator[str]:
        """Index every article anew: how far it has come, then what was done."""
        yield from self.working(lambda watch: self.archive.rebuild(progress=watch), _rebuilt)

    def follow(self, address: str | None) -> Iterator[tuple[str, Any]]:
        """Follow the feed at an address: what is done; then the emptied field."""
        place = _whole(address)
        yield progress_html("Looking at the feed", 0, 0), gr.skip()
        try:
            url, feed = find_feed(self._fetcher, place)
            is_new = self.feeds.add(url, feed.title, datetime.now(UTC))
        except Exception as error:  # whoever asked should not wait for ever
            yield said_html(failure_text(error)), gr.skip()
            return
        yield said_html(f"{feed.title or url} is followed {'from now on' if is_new else 'already'}."), ""

    def unfollow(self, event: gr.EventData) -> str:
        """Follow the feed that a button names no more; what was done."""
        try:
            url = normal(str(event.url))
            known = self.feeds.remove(url)
        except OnrecordError as error:
            return said_html(str(error))
        return said_html(f"{url} is followed no more." if known else f"{url} was not followed.")

    def working(
        self, work: Callable[[Watch], BuildReport], told: Callable[[BuildReport], str] | None = None
    ) -> Iterator[str]:
        """How far `work` has come, again and again, then what it did or why it failed."""
        watch = Watch()
        with ThreadPoolExecutor(1) as pool:
            working: Future[BuildReport] = pool.submit(work, watch)
            yield watch.html()
            while not working.done():
                time.sleep(LOOK_EVERY_S)
                yield watch.html()
        try:
            yield (told or self._told)(working.result())
        except Exception as error:  # whoever asked should not wait for ever
            yield said_html(failure_text(error))

    def _told(self, report: BuildReport) -> str:
        """What an ingest did; uploads that nothing was read from are deleted."""
        for one in report.unreadable:
            self.uploads.forget(one.origin)
        return report_html(report)


def _rebuilt(report: BuildReport) -> str:
    return said_html(f"Indexed anew: {report.passages:,} passages in {report.seconds:.0f} s.")


def _whole(address: str | None) -> str:
    """The address as typed, https:// before it where it has no scheme; "" when nothing was typed."""
    text = (address or "").strip()
    return text if not text or is_address(text) else f"https://{text}"
