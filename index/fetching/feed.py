"""RSS and Atom: the bytes of a feed in, its entries out. Pure; fetches nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from index.errors import FetchError, LoadError
from index.fetching.address import normal
from index.loading.draft import day, language, one_line
from index.loading.encoding import repair, safe

MAX_ENTRIES = 200
"""Of a longer feed only the first ones are taken: they are the newest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed tells of one article; `content` is HTML, "" where it only tells a summary."""

    link: str
    title: str = ""
    published: date | None = None
    author: str | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's name, the language of its entries, and those with an address, as it orders them, each once."""

    title: str = ""
    language: str | None = None
    entries: tuple[Entry, ...] = ()


def read_feed(data: bytes, url: str = "") -> Feed:
    """The feed in `data`, which came from `url`. Raises LoadError when there is none in it."""
    import feedparser

    # As a stream, for given bytes feedparser would try them as the name of a file.
    parsed = feedparser.parse(BytesIO(data), response_headers={"content-location": url})
    if not parsed.get("version"):
        raise LoadError("found no feed, wanted RSS or Atom")
    entries: dict[str, Entry] = {}
    for one in parsed.entries:
        entry = _entry(one, url)
        if entry and len(entries) < MAX_ENTRIES:
            entries.setdefault(entry.link, entry)
    about = parsed.feed
    return Feed(_words(about.get("title")), language(about.get("language")), tuple(entries.values()))


def _entry(told: Any, url: str) -> Entry | None:
    """The entry, or None when it names no address that may be fetched."""
    try:
        link = normal(urljoin(url, str(told.get("link") or "")))
    except (FetchError, ValueError):
        return None
    contents = [str(part.get("value") or "") for part in told.get("content") or ()]
    return Entry(
        link=link,
        title=_words(told.get("title")),
        published=day(told.get("published")),  # `updated` is the day of its last change
        author=one_line(told.get("author")),
        content=max([*contents, str(told.get("summary") or "")], key=len),
    )


def _words(value: Any) -> str:
    """A title as plain words; those of feeds may be HTML."""
    from index.loading.web import plain_text

    text = str(value or "")
    if "<" in text or "&" in text:
        text = plain_text(f"<html><body><div>{text}</div></body></html>") or text
    return repair(safe(one_line(text) or ""))
