"""What a file or a record tells of an article, before it has a place among others.

Turns field values as found in the wild into those of `Article`: addresses, outlets, days,
languages. Knows nothing of file formats. What cannot be told for sure stays None.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from index.dates.dates import parse_day

MAX_ID_CHARS = 80
_MAX_FIELD_CHARS = 1000
_EPOCH = date(1970, 1, 1)
_LANGUAGES = {
    "arabic": "ar", "belarusian": "be", "chinese": "zh", "czech": "cs", "dutch": "nl", "english": "en",
    "french": "fr", "german": "de", "hebrew": "he", "italian": "it", "japanese": "ja", "polish": "pl",
    "portuguese": "pt", "russian": "ru", "spanish": "es", "turkish": "tr", "ukrainian": "uk",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as far as a file or record tells; `place` is where in the file ("#12") or ""."""

    text: str
    title: str = ""
    url: str | None = None
    source: str | None = None
    published: date | None = None
    author: str | None = None
    language: str | None = None
    id: str | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A part of a file that holds no article, and why."""

    place: str
    reason: str


def one_line(value: Any) -> str | None:
    """`value` as one line of text without control characters; None when it says nothing.

    Of an object its name is taken, of a list all members, joined by commas.
    """
    if isinstance(value, Mapping):
        value = next((value[k] for k in ("name", "title", "rendered", "value", "$oid") if value.get(k)), None)
    if isinstance(value, list):
        value = ", ".join(filter(None, map(one_line, value)))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return text[:_MAX_FIELD_CHARS] if text and text.lower() not in ("null", "none", "nan", "n/a") else None


def web_address(value: Any) -> str | None:
    """`value` when it is an http(s) address, else None."""
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > 4000 or any(c.isspace() or not c.isprintable() or c in "<>\"'" for c in text):
        return None
    return text if host(text) else None


def host(url: str | None) -> str | None:
    """The host of an http(s) address without `www.`, else None."""
    try:
        parts = urlsplit(url or "")
        name = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not name:
        return None
    return name.removeprefix("www.") or None


def day(value: Any) -> date | None:
    """The day a field means: a written day, `YYYYMMDD`, or seconds or milliseconds since 1970."""
    if isinstance(value, Mapping):
        value = next((value[k] for k in ("$date", "value", "iso") if value.get(k)), None)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    if re.fullmatch(r"\d{9,10}(\.\d+)?|\d{12,13}", text):
        seconds = float(text) / (1000 if len(text.split(".")[0]) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC).date()
    found = parse_day(text)
    return None if found == _EPOCH else found  # the zero of a clock, never a real day here


def language(value: Any) -> str | None:
    """An ISO 639 code in lower case without region (`en-US` gives `en`), else None."""
    text = (one_line(value) or "").lower()
    if re.fullmatch(r"[a-z]{2,3}([-_][a-z0-9]+)*", text):
        return re.split("[-_]", text)[0]
    return _LANGUAGES.get(text)


def safe_id(name: str) -> str:
    """`name` made of letters, digits and `._-` only, at most MAX_ID_CHARS of them, never empty.

    A name that loses characters other than spaces gets a hash, so that two names stay two.
    """
    spaced = "_".join(unicodedata.normalize("NFC", name).split())
    kept = "".join(c if c.isalnum() or c in "._-" else "_" for c in spaced).strip("._-")
    if kept == spaced and 0 < len(kept) <= MAX_ID_CHARS:
        return kept
    return f"{kept[: MAX_ID_CHARS - 17]}_{digest(name)}".lstrip("_")


def digest(*parts: str) -> str:
    """Sixteen hexadecimal characters that stand for `parts`."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:16]
