"""Followed feeds: added, looked at when due, asked only for what is new, left alone when they fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.errors import ArchiveError, LoadError
from index.fetching import follow
from index.fetching.feeds import FEEDS, MAX_TRIES, Feeds, Followed
from index.fetching.fetch import Fetcher, Limits
from index.fetching.follow import Follower, find_feed

pytestmark = pytest.mark.loopback
EVERY = timedelta(minutes=30)
MORNING = datetime(2023, 4, 1, 8, tzinfo=UTC)
FERRY = "The ferry sails at nine, the port said on Monday, and it will sail every day."


class Clock:
    """A clock that stands still until it is set forward."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def follower(opened: Callable[..., Archive], clock: Clock) -> Follower:
    return Follower(opened(), Fetcher(Limits(private=True, timeout_s=5, pause_s=0)), EVERY, clock)


def only(follower: Follower) -> Followed:
    (one,) = follower.feeds.all()
    return one


def add(follower: Follower, news: Any, *links: str, **headers: str) -> None:
    """Follow a feed of these links."""
    news.feed("/feed", *(f"<link>{news.url(link)}</link>" for link in links), **headers)
    follower.feeds.add(news.url("/feed"), "Gazette", MORNING)


def again(follower: Follower, clock: Clock, after: timedelta = EVERY) -> Followed:
    """Look once more, later."""
    clock.now += after
    follower.look_at_due()
    return only(follower)


# --- the list ----------------------------------------------------------------------------------


def test_feeds_are_listed_added_once_and_removed(tmp_path: Path) -> None:
    feeds = Feeds(tmp_path / "home")
    assert feeds.all() == () and not feeds.remove("https://a.example/")
    assert not feeds.path.exists()
    assert feeds.add("https://b.example/", "B", MORNING) and feeds.add("https://a.example/", "A", MORNING)
    assert not feeds.add("https://a.example/", "Other", MORNING)
    assert [one.title for one in feeds.all()] == ["A", "B"]
    assert feeds.remove("https://b.example/") and [one.title for one in feeds.all()] == ["A"]


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / FEEDS).write_bytes(b"no database" * 100)
    with pytest.raises(ArchiveError, match="move it away"):
        Feeds(tmp_path).all()


def test_the_feed_of_a_page_is_found(news: Any) -> None:
    fetcher = Fetcher(Limits(private=True, pause_s=0))
    news.feed("/feed", "<link>https://paper.example/a</link>")
    news.story("/", "Paper", head="<link rel=alternate type='application/rss+xml' href='/feed'>")
    url, feed = find_feed(fetcher, news.url())
    assert (url, feed.title) == (news.url("/feed"), "Sound Gazette")
    news.story("/none", "Paper")
    with pytest.raises(LoadError, match="names no feed"):
        find_feed(fetcher, news.url("/none"))


# --- looking -----------------------------------------------------------------------------------


def test_a_look_takes_in_what_is_new_and_asks_for_nothing_twice(
    news: Any, follower: Follower, clock: Clock
) -> None:
    news.story("/a", "Ferry", FERRY)
    news.story("/b", "Bread", "Bread was baked all night for the prize.")
    add(follower, news, "/a")
    follower.look_at_due()
    feed = only(follower)
    assert (feed.outcome, feed.looked_at, feed.due_at) == ("1 added", MORNING, MORNING + EVERY)
    assert feed.title == "Sound Gazette"
    news.asked.clear()
    follower.look_at_due()
    assert news.asked == []
    add(follower, news, "/b", "/a")
    assert again(follower, clock).outcome == "1 added"
    assert "/a" not in news.paths() and "/b" in news.paths()
    assert again(follower, clock).outcome == "nothing new"


def test_a_feed_that_has_not_changed_is_not_sent(news: Any, follower: Follower, clock: Clock) -> None:
    news.story("/a", "Ferry", FERRY)
    add(follower, news, "/a", ETag='"1"')
    whole = news.pages["/feed"]
    news.pages["/feed"] = lambda headers: (304, {}, b"") if headers.get("if-none-match") == '"1"' else whole
    follower.look_at_due()
    assert only(follower).validators.etag == '"1"'
    assert again(follower, clock).outcome == "nothing new"
    assert news.asked[-1][1]["if-none-match"] == '"1"'


def test_a_removed_article_does_not_come_back(news: Any, follower: Follower, clock: Clock) -> None:
    news.story("/a", "Ferry", FERRY)
    add(follower, news, "/a")
    follower.look_at_due()
    archive = follower._archive
    archive.remove([archive.list()[0][0].id])
    assert again(follower, clock).outcome == "nothing new"
    assert archive.list()[1] == 0


def test_a_page_that_fails_is_tried_a_few_times(news: Any, follower: Follower, clock: Clock) -> None:
    add(follower, news, "/gone", ETag='"1"')
    follower.look_at_due()
    assert "1 could not be read" in only(follower).outcome and "404" in only(follower).outcome
    assert only(follower).validators.etag is None  # its entry is wanted again
    for _ in range(MAX_TRIES + 2):
        again(follower, clock)
    assert news.paths().count("/gone") == MAX_TRIES
    assert only(follower).outcome == "nothing new"


def test_a_failing_feed_is_left_alone_for_twice_as_long_up_to_a_day(
    news: Any, follower: Follower, clock: Clock
) -> None:
    follower.feeds.add(news.url("/feed"), "Gazette", MORNING)
    follower.look_at_due()
    rests = []
    for _ in range(8):
        feed = only(follower)
        assert "404" in feed.outcome
        rests.append((feed.due_at - clock.now) / EVERY)
        clock.now = feed.due_at
        follower.look_at_due()
    assert rests == [2, 4, 8, 16, 32, 48, 48, 48]
    news.feed("/feed")
    clock.now = only(follower).due_at
    follower.look_at_due()
    assert (only(follower).failures, only(follower).due_at) == (0, clock.now + EVERY)


def test_a_bug_in_one_look_spares_the_other_feeds(
    news: Any, follower: Follower, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    news.story("/a", "Ferry", FERRY)
    add(follower, news, "/a")
    follower.feeds.add(news.url("/aaa"), "Broken", MORNING - EVERY)
    real = follow.read_feed

    def reading(data: bytes, url: str) -> Any:
        if url.endswith("/aaa"):
            raise RuntimeError("a bug")
        return real(data, url)

    news.feed("/aaa")
    monkeypatch.setattr(follow, "read_feed", reading)
    follower.look_at_due()
    assert {one.outcome for one in follower.feeds.all()} == {"unexpected RuntimeError: a bug", "1 added"}
    assert "a bug" in caplog.text


def test_a_long_feed_is_stored_in_parts(
    news: Any, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "STORED_AT_ONCE", 2)
    for n in range(5):
        news.story(f"/{n}", f"Story {n}", f"{FERRY} It is ferry {n}.")
    add(follower, news, *(f"/{n}" for n in range(5)), "/gone")
    follower.look_at_due()
    assert only(follower).outcome.startswith("5 added, 1 could not be read")


def test_a_feed_removed_during_a_look_stays_removed(news: Any, follower: Follower) -> None:
    add(follower, news, "/a")
    feed = only(follower)
    follower.feeds.remove(feed.url)
    follower.look(feed)
    assert follower.feeds.all() == ()


def test_a_look_that_is_ended_stores_nothing_false(
    news: Any, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(headers: dict[str, str]) -> Any:
        follower._ended.set()
        follower._fetcher.close()
        return 404, {}, b""

    news.pages["/a"] = ended
    add(follower, news, "/a", "/b")
    follower.look_at_due()
    assert only(follower).outcome == "" and follower.feeds.settled(news.url("/feed")) == set()


# --- the thread --------------------------------------------------------------------------------


def test_the_thread_looks_and_ends(news: Any, follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "LOOK_FOR_DUE_EVERY_S", 0.02)
    news.story("/a", "Ferry", FERRY)
    with follower.running():
        add(follower, news, "/a")
        for _ in range(500):
            if only(follower).outcome:
                break
            time.sleep(0.02)
    assert only(follower).outcome == "1 added"
    assert "followed feeds" not in [one.name for one in threading.enumerate()]


def test_the_thread_ends_in_the_middle_of_a_slow_look(
    news: Any, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "LOOK_FOR_DUE_EVERY_S", 0.02)
    asked = threading.Event()

    def busy(headers: dict[str, str]) -> Any:
        asked.set()
        return 503, {"Retry-After": "50"}, b""

    news.pages["/feed"] = busy
    with follower.running():
        follower.feeds.add(news.url("/feed"), "Gazette", MORNING)
        assert asked.wait(10)
        time.sleep(0.1)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert only(follower).failures == 0  # it was not the feed's fault
