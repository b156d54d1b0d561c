"""Addresses and feeds into an archive: what is stored, what is asked for again, what a site cannot do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.fetching.fetch import Fetcher, Limits
from index.fetching.gather import take_in

pytestmark = pytest.mark.loopback
FERRY = ("The ferry sails at nine, the port said on Monday, and it will sail every day.",) * 2
FULL = "<p>" + "The mayor told the council what the bridge will cost. " * 15 + "</p>"


@pytest.fixture
def archive(opened: Callable[..., Archive]) -> Archive:
    return opened()


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(Limits(private=True, timeout_s=5, pause_s=0))


def counts(archive: Archive, fetcher: Fetcher, *places: str | Path) -> dict[str, int]:
    """What was done, but for what was not; each failure counts as "unreadable"."""
    report = take_in(archive, places, fetcher)
    told = {name: getattr(report, name) for name in ("added", "changed", "unchanged", "removed")}
    return {name: n for name, n in (told | {"unreadable": len(report.unreadable)}).items() if n}


def entry(link: str, title: str = "An entry", more: str = "") -> str:
    return f"<title>{title}</title><link>{link}</link>{more}"


def test_a_page_is_stored_once_and_replaced_when_it_changes(
    news: Any, archive: Archive, fetcher: Fetcher
) -> None:
    head = "<meta property='article:published_time' content='2021-05-03T10:00:00Z'>"
    news.story("/ferry", "New ferry", *FERRY, head=head)
    assert counts(archive, fetcher, news.url("/ferry")) == {"added": 1}
    ((one,), _) = archive.list()
    assert (one.title, one.url, one.published) == ("New ferry", news.url("/ferry"), date(2021, 5, 3))
    assert counts(archive, fetcher, news.url("/ferry")) == {"unchanged": 1}
    news.story("/ferry", "New ferry", *FERRY, "It was late on its first day, though.", head=head)
    assert counts(archive, fetcher, news.url("/ferry")) == {"changed": 1}
    assert "late on its first day" in archive.article(one.id).text


def test_the_day_of_fetching_is_never_the_day_of_publication(
    news: Any, archive: Archive, fetcher: Fetcher
) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    news.pages["/ferry"][1].update({"Last-Modified": "Mon, 03 May 2021 10:00:00 GMT"})
    counts(archive, fetcher, news.url("/ferry"))
    assert archive.list()[0][0].published is None


def test_another_way_to_a_page_is_the_same_article(news: Any, archive: Archive, fetcher: Fetcher) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    news.pages["/short"] = (301, {"Location": "/ferry"}, b"")
    assert counts(archive, fetcher, news.url("/ferry"), news.url("/short")) == {"added": 1, "unchanged": 1}
    assert archive.list()[0][0].url == news.url("/ferry")


def test_a_page_cannot_take_the_place_of_another_sites_article(
    news: Any, archive: Archive, fetcher: Fetcher
) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    counts(archive, fetcher, news.url("/ferry"))
    elsewhere = Fetcher(Limits(private=True, pause_s=0), lambda host, port: ["127.0.0.1"])
    head = f"<link rel=canonical href='{news.url('/ferry')}'>"
    news.story("/false", "Ferry sunk", "The ferry was sunk, says a page that is not the paper's.", head=head)
    assert counts(archive, elsewhere, news.url("/false", host="other.example")) == {"added": 1}
    assert sorted(one.title for one in archive.list()[0]) == ["Ferry sunk", "New ferry"]


def test_a_front_page_named_as_the_address_of_all_pages_joins_none(
    news: Any, archive: Archive, fetcher: Fetcher
) -> None:
    head = f"<link rel=canonical href='{news.url('/')}'>"
    news.story("/a", "First", *FERRY, head=head)
    news.story("/b", "Second", "Bread was baked all night for the prize.", head=head)
    assert counts(archive, fetcher, news.url("/a"), news.url("/b")) == {"added": 2}


def test_plain_text_and_records_are_articles_too(news: Any, archive: Archive, fetcher: Fetcher) -> None:
    news.pages["/a.txt"] = (200, {"Content-Type": "text/plain"}, b"The ferry sails at nine.")
    news.pages["/b"] = (200, {"Content-Type": "application/json"},
                        b'[{"id": "x", "title": "T", "text": "Bread."}, {"title": "no text"}]')  # fmt: skip
    assert counts(archive, fetcher, news.url("/a.txt"), news.url("/b")) == {"added": 2, "unreadable": 1}
    assert "x" not in [one.id for one in archive.list()[0]]


def test_one_failure_stops_nothing(news: Any, archive: Archive, fetcher: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Bread was baked all night.")
    news.story("/ferry", "New ferry", *FERRY)
    places = ["file:///etc/passwd", news.url("/gone"), tmp_path / "a.txt", news.url("/ferry")]
    report = take_in(archive, places, fetcher)
    assert report.added == 2
    assert [one.origin for one in report.unreadable] == ["file:///etc/passwd", news.url("/gone")]
    assert "404" in report.unreadable[1].reason


def test_a_file_with_the_words_of_a_page_does_not_take_it_over(
    news: Any, archive: Archive, fetcher: Fetcher, tmp_path: Path
) -> None:
    news.pages["/a.txt"] = (200, {"Content-Type": "text/plain"}, b"The ferry sails at nine.")
    counts(archive, fetcher, news.url("/a.txt"))
    (tmp_path / "a.txt").write_bytes(b"The ferry sails at nine.")
    counts(archive, fetcher, tmp_path / "a.txt")
    assert news.url("/a.txt") in [one.origin for one in archive.list()[0]]


# --- feeds -------------------------------------------------------------------------------------


def test_a_feed_brings_its_pages(news: Any, archive: Archive, fetcher: Fetcher) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    news.story("/bread", "", "Bread was baked all night for the prize, said the baker.")
    day = "<pubDate>Mon, 03 May 2021 23:30:00 +0200</pubDate>"
    news.feed(
        "/feed",
        entry(news.url("/ferry")),
        entry("/bread", "Bread &amp; prize", day),
        entry(news.url("/gone")),
    )
    report = take_in(archive, [news.url("/feed")], fetcher)
    assert (report.added, report.unchanged) == (2, 0)
    assert [(one.origin, "404" in one.reason) for one in report.unreadable] == [(news.url("/gone"), True)]
    found = {one.title: one.published for one in archive.list()[0]}
    assert found == {"New ferry": None, "Bread & prize": date(2021, 5, 3)}


def test_entries_that_are_stored_are_not_asked_for_again(
    news: Any, archive: Archive, fetcher: Fetcher
) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    news.feed("/feed", entry(news.url("/ferry")))
    assert counts(archive, fetcher, news.url("/feed")) == {"added": 1}
    news.asked.clear()
    assert counts(archive, fetcher, news.url("/feed")) == {"unchanged": 1}
    assert news.paths() == ["/feed"]


def test_a_feed_with_full_texts_stands_in_for_pages_that_cannot_be_read(
    news: Any, archive: Archive, fetcher: Fetcher
) -> None:
    full = f"<description><![CDATA[{FULL}<script>alert(1)</script>]]></description>"
    news.feed("/feed", entry(news.url("/gone"), "Bridge", full))
    assert counts(archive, fetcher, news.url("/feed")) == {"added": 1}
    ((one,), _) = archive.list()
    assert (one.title, one.source, one.url) == ("Bridge", "Sound Gazette", news.url("/gone"))
    assert "alert" not in archive.article(one.id).text


def test_a_feed_obeys_robots(news: Any, archive: Archive, fetcher: Fetcher) -> None:
    news.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: onrecord\nDisallow: /")
    news.story("/ferry", "New ferry", *FERRY)
    news.feed("/feed", entry(news.url("/ferry")))
    assert counts(archive, fetcher, news.url("/feed")) == {"unreadable": 1}
    assert "/ferry" not in news.paths()


def test_a_feed_in_a_file_brings_its_pages(
    news: Any, archive: Archive, fetcher: Fetcher, tmp_path: Path
) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    news.feed("/feed", entry(news.url("/ferry")), entry("file:///etc/passwd"), entry("/nowhere"))
    (tmp_path / "saved.rss").write_bytes(news.pages["/feed"][2])
    (tmp_path / "other.xml").write_text("<note>none</note>")
    assert counts(archive, fetcher, tmp_path / "saved.rss") == {"added": 1}
    assert counts(archive, fetcher, tmp_path / "other.xml") == {"unreadable": 1}


def test_a_feed_cannot_lead_into_the_house(news: Any, archive: Archive) -> None:
    """Its own address counts as public here, what it names does not."""
    fetcher = Fetcher(
        Limits(private=True, pause_s=0), lambda host, port: ["127.0.0.1"] if host == "paper.example" else []
    )
    news.feed("/feed", entry(f"http://169.254.169.254:{news.port}/latest/meta-data"))
    report = take_in(archive, [news.url("/feed", host="paper.example")], fetcher)
    assert report.added == 0 and "169.254.169.254" in report.unreadable[0].reason


def test_an_empty_feed_is_told(news: Any, archive: Archive, fetcher: Fetcher) -> None:
    news.feed("/feed")
    assert counts(archive, fetcher, news.url("/feed")) == {"unreadable": 1}


def test_progress_counts_entries(news: Any, archive: Archive, fetcher: Fetcher) -> None:
    told: list[Any] = []

    class Told:
        def start(self, stage: str, total: int | None) -> None:
            told.append((stage, total))

        def advance(self, n: int) -> None:
            told.append(n)

        def stage_done(self) -> None:
            pass

    news.story("/ferry", "New ferry", *FERRY)
    news.feed("/feed", entry(news.url("/ferry")), entry(news.url("/gone")))
    take_in(archive, [news.url("/feed")], fetcher, Told())
    assert told[:4] == [("fetch", None), ("fetch", 2), 1, 1]
