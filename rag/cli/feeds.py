"""`onrecord feeds`: follow feeds of news while the page is served.

Works beside a running `onrecord serve`, which looks at what is followed.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import OnrecordError
from rag.cli.options import Home, Json
from rag.terminal import console, print_feeds, say, tell

if TYPE_CHECKING:
    from index.archive import Archive
    from rag.config import Settings

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Follow feeds while the page is served.")
Url = Annotated[str, typer.Argument(metavar="URL", show_default=False)]


@app.command()
def add(url: Url, *, home: Home = None) -> None:
    """Follow an RSS or Atom feed, or the one that a page names."""
    from index.fetching.feeds import Feeds
    from index.fetching.fetch import Fetcher
    from index.fetching.follow import find_feed
    from rag.config import load_settings

    settings = load_settings(home)
    address, feed = find_feed(Fetcher(settings.fetch.limits), url)
    new = Feeds(settings.home).add(address, feed.title, datetime.now(UTC))
    name = " ".join(part for part in (address, f"({feed.title})" if feed.title else "") if part)
    tell(f"{name} is followed {'from now on' if new else 'already'}; `onrecord serve` looks at it")


@app.command("list")
def list_feeds(*, home: Home = None, as_json: Json = False) -> None:
    """List the followed feeds with what the last look at each brought."""
    from index.fetching.feeds import Feeds
    from rag.config import load_settings
    from rag.wire import feed_json

    feeds = Feeds(load_settings(home).home).all()
    if as_json:
        say({"feeds": [feed_json(feed) for feed in feeds]})
    elif feeds:
        print_feeds(console(sys.stdout), feeds)
    else:
        tell("no feed is followed: `onrecord feeds add URL` follows one")


@app.command()
def remove(url: Url, *, home: Home = None) -> None:
    """Follow a feed no more; its articles stay."""
    from index.fetching.address import normal
    from index.fetching.feeds import Feeds
    from rag.config import load_settings

    if not Feeds(load_settings(home).home).remove(normal(url)):
        raise OnrecordError(
            f"{url} is not followed, wanted a followed feed: `onrecord feeds list` shows them"
        )
    tell(f"{url} is followed no more; its articles stay")


def following(archive: Archive, settings: Settings) -> AbstractContextManager[None]:
    """While it is entered, followed feeds are looked at when they are due."""
    from index.fetching.fetch import Fetcher
    from index.fetching.follow import Follower

    every = timedelta(minutes=settings.fetch.feeds_every_minutes)
    return Follower(archive, Fetcher(settings.fetch.limits), every).running()
