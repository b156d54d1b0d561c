"""What a server answered: its kind, and its body read within limits.

Pure but for the reading of the stream it is given. Knows neither addresses nor what is made of a body.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from index.errors import FetchError

Kind = Literal["page", "feed", "text", "pdf", "json", "jsonl"]

_MEDIA: dict[str, Kind] = {
    "text/html": "page",
    "application/xhtml+xml": "page",
    "text/plain": "text",
    "text/markdown": "text",
    "application/pdf": "pdf",
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/xml": "feed",
    "text/xml": "feed",
}
_SUFFIXES: dict[str, Kind] = {
    ".html": "page",
    ".htm": "page",
    ".txt": "text",
    ".md": "text",
    ".pdf": "pdf",
    ".json": "json",
    ".jsonl": "jsonl",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
}
FEED_SUFFIXES = frozenset(suffix for suffix, kind in _SUFFIXES.items() if kind == "feed")
"""Suffixes of files that are read as feeds, in lower case with the dot."""

_VAGUE = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
_BEFORE = rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]{0,500}\?>\s*|<!--.{0,2000}?-->\s*|<!doctype[^>]{0,500}>\s*){0,8}"
_FEED = re.compile(_BEFORE + rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(_BEFORE + rb"<html[\s>]", re.IGNORECASE | re.DOTALL)
_HEAD_BYTES = 8_192


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask it later whether something has changed."""

    etag: str | None = None
    modified: str | None = None


UNKNOWN = Validators()
"""Of what was never fetched, or is wanted in any case."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body with the address it came from, all redirects followed."""

    url: str
    kind: Kind
    data: bytes
    charset: str | None = None
    validators: Validators = UNKNOWN


def media_of(content_type: str) -> tuple[str, str | None]:
    """Media type and charset of a Content-Type, both in lower case."""
    media, _, rest = content_type.partition(";")
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", rest, re.IGNORECASE)
    return media.strip().lower(), found[1].lower() if found else None


def check_media(media: str) -> None:
    """Raise FetchError when nothing of this media type can hold an article."""
    if media not in _MEDIA and media not in _VAGUE:
        raise FetchError(
            f"found {media[:80]!r}, wanted a page, a feed, plain text, a PDF or JSON of articles"
        )


def kind_of(media: str, url: str, data: bytes) -> Kind:
    """What the body is, by its media type, its first bytes and the end of its address. Raises FetchError."""
    kind = _MEDIA.get(media)
    if media in _VAGUE:
        suffix = PurePosixPath(unquote(urlsplit(url).path)).suffix.lower()
        kind = "pdf" if data.startswith(b"%PDF-") else _SUFFIXES.get(suffix, kind)
    head = data[:_HEAD_BYTES]
    if kind in ("feed", "page", "text", None):
        if _FEED.match(head):
            return "feed"
        if _PAGE.match(head):
            return "page"
    if kind == "feed":
        raise FetchError("found XML that is neither a feed nor a page, wanted RSS, Atom or HTML")
    if kind is None:
        raise FetchError("the server does not say what it sent, wanted a page, a feed, a PDF or JSON")
    return kind


def read_body(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """The body unpacked, at most `max_bytes` of it. Raises FetchError when it is larger or damaged."""
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchError(f"found a body packed as {encoding[:40]!r}, wanted gzip or none")
    packed = encoding not in ("", "identity")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
    body = bytearray()
    try:
        for chunk in chunks:
            body += unpack.decompress(chunk, max_bytes - len(body) + 1) if packed else chunk
            if len(body) > max_bytes:
                raise FetchError(too_large(max_bytes))
    except zlib.error as error:
        raise FetchError(f"the packed body is damaged ({error}): try again later") from None
    if packed and body and not unpack.eof:
        raise FetchError("the packed body ends early: try again later")
    if not body:
        raise FetchError("the answer is empty, wanted an article")
    return bytes(body)


def too_large(max_bytes: int) -> str:
    """That there is more than may be read."""
    return f"found more than {max_bytes / 2**20:g} MiB, wanted less: raise fetch.max_mb in the settings file"
