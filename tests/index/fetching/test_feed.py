"""Feeds as found in the wild, hostile ones among them: entries out, nothing fetched, nothing raised."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.fetching.feed import MAX_ENTRIES, Entry, read_feed

ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de-DE"><title>Valley &amp; Herald</title>
<entry><title type="html">Bread &lt;b&gt;wins&lt;/b&gt; &amp;amp; more</title><link href="/bread?a=1#top"/>
<published>2022-11-20T08:00:00Z</published><updated>2022-11-25T08:00:00Z</updated>
<author><name>Tom Lind</name></author><summary>Short.</summary>
<content type="html">&lt;p&gt;Bread was baked all night.&lt;/p&gt;</content></entry>
<entry><title>Only changed</title><link href="https://other.example/x"/><updated>2022-11-25T08:00:00Z</updated></entry>
</feed>"""


def rss(*items: str) -> bytes:
    joined = "".join(f"<item>{item}</item>" for item in items)
    return f"<rss version='2.0'><channel><title>Gazette</title>{joined}</channel></rss>".encode()


def test_atom() -> None:
    feed = read_feed(ATOM, "https://herald.example/feed")
    assert (feed.title, feed.language) == ("Valley & Herald", "de")
    bread, other = feed.entries
    assert bread == Entry(
        "https://herald.example/bread?a=1",
        "Bread wins & more",
        date(2022, 11, 20),
        "Tom Lind",
        "<p>Bread was baked all night.</p>",
    )
    assert other.published is None  # the day of a change is not the day of publication


def test_rss_and_its_older_kind() -> None:
    (one,) = read_feed(
        rss(
            "<title>A</title><link>https://g.example/a</link>"
            "<pubDate>Mon, 03 May 2021 23:30:00 -0500</pubDate>"
        )
    ).entries
    assert (one.link, one.title, one.published) == ("https://g.example/a", "A", date(2021, 5, 3))
    rdf = (
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        b"<channel><title>Old</title></channel><item><title>B</title><link>https://g.example/b</link></item></rdf:RDF>"
    )
    assert [entry.title for entry in read_feed(rdf).entries] == ["B"]


@pytest.mark.parametrize(
    "link",
    ["", "file:///etc/passwd", "javascript:alert(1)", "https://a:b@g.example/", "mailto:a@b.example", "/x"],
)
def test_entries_without_an_address_that_may_be_fetched_are_left_out(link: str) -> None:
    assert read_feed(rss(f"<title>A</title><link>{link}</link>")).entries == ()


def test_an_address_comes_once_and_a_long_feed_is_cut() -> None:
    same = "<link>https://g.example/a</link>"
    assert len(read_feed(rss(same, same)).entries) == 1
    many = [f"<link>https://g.example/{n}</link>" for n in range(MAX_ENTRIES + 50)]
    entries = read_feed(rss(*many)).entries
    assert len(entries) == MAX_ENTRIES and entries[0].link.endswith("/0")


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret words")
    body = f"<!DOCTYPE rss [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>".encode() + rss(
        "<title>A &x;</title><link>https://g.example/a</link>"
    )
    assert "secret words" not in repr(read_feed(body))
    with pytest.raises(LoadError):
        read_feed(str(secret).encode())
    with pytest.raises(LoadError):
        read_feed(b"http://127.0.0.1:9/feed")


def test_a_bomb_of_entities_stays_small() -> None:
    levels = "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(12))
    body = f"<!DOCTYPE rss [<!ENTITY a0 'ha'>{levels}]>".encode()
    feed = read_feed(body + rss("<title>&a12;</title><link>https://g.example/a</link>"))
    assert len(repr(feed)) < 10_000


@given(
    st.lists(
        st.sampled_from(
            [*(ATOM[at : at + 40] for at in range(0, len(ATOM), 40)), b"<rss>", b"<item>", b"]]>", b"\xff"]
        )
        | st.binary(max_size=20),
        max_size=30,
    ).map(b"".join)
)
def test_any_bytes_are_a_feed_or_refused(data: bytes) -> None:
    try:
        feed = read_feed(data, "https://g.example/")
    except LoadError:
        return
    assert all(one.link.startswith("http") and one.title.isprintable() for one in feed.entries)
