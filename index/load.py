"""Files, folders and zip files in, articles out: one bad file or record never stops the rest.

Knows which suffix is read by what, and how an article without an id gets one. Knows nothing of
cleaning or of what is already stored.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import LoadError
from index.loading import zipped
from index.loading.draft import Draft, Flaw, digest, safe_id
from index.loading.formats import read_docx, read_pdf, read_text
from index.loading.records import read_csv, read_json, read_jsonl
from index.loading.web import read_html, read_mhtml
from index.types import Article, Loaded, Unreadable

if TYPE_CHECKING:
    from zipfile import ZipFile

MAX_FILE_BYTES = 256 * 1024 * 1024
"""A larger file is not read, unless it is of a kind that is read line by line."""

_READERS: dict[str, Callable[[Path], Iterator[Draft | Flaw]]] = {
    ".txt": read_text,
    ".md": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".mhtml": read_mhtml,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".jsonl.gz": read_jsonl,
    ".csv": read_csv,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
SUFFIXES: frozenset[str] = frozenset(_READERS) | {zipped.SUFFIX}
"""Suffixes that are read, in lower case with the dot."""

_STREAMED = frozenset({".jsonl", ".jsonl.gz", ".csv", zipped.SUFFIX})
_MAX_RECORD_ID_CHARS = 200


def load(path: Path) -> Iterator[Loaded | Unreadable]:
    """The articles of a file, or of a folder and its folders in order of their paths.

    A zip file is read as a folder: its entries have its path before their own. Inside a folder hidden
    files and files of other kinds are passed over; a file given by its own path must be of a known kind.
    Whatever cannot be read comes as `Unreadable`; nothing raises. Lines and rows stream, so memory is
    bounded by the largest single file or line.
    """
    try:
        is_folder = path.is_dir()
        if not is_folder and not path.exists():
            yield Unreadable(origin_of(path), "not found; wanted a file or folder that exists")
            return
    except (OSError, ValueError) as error:
        yield Unreadable(origin_of(path), reason_of(error))
        return
    for found in _files(path, set()) if is_folder else (path,):
        if isinstance(found, Unreadable):
            yield found
        elif suffix_of(found) == zipped.SUFFIX:
            yield from _load_zip(found)
        else:
            yield from _load_file(found, found)


def suffix_of(path: Path) -> str:
    """The suffix of SUFFIXES that the name ends in, else its last suffix in lower case."""
    name = path.name.lower()
    return ".jsonl.gz" if name.endswith(".jsonl.gz") else Path(name).suffix


def origin_of(path: Path) -> str:
    """The absolute path as text that can be stored and shown on one line."""
    return _printable(str(path if path.is_absolute() else Path.cwd() / path))


def _printable(text: str) -> str:
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def _files(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path | Unreadable]:
    try:
        about = folder.stat()
        if (about.st_dev, about.st_ino) in seen:
            return
        seen.add((about.st_dev, about.st_ino))
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries)
    except OSError as error:
        yield Unreadable(origin_of(folder), reason_of(error))
        return
    for name in names:
        path = folder / name
        if name.startswith((".", "~$")):
            continue
        if path.is_dir():
            yield from _files(path, seen)
        elif suffix_of(path) in SUFFIXES:
            yield path


def _load_zip(path: Path) -> Iterator[Loaded | Unreadable]:
    origin, count = origin_of(path), 0
    try:
        _check(path, zipped.SUFFIX)
        with zipped.opened(path) as packed:
            for entry in zipped.entries(packed, lambda name: suffix_of(name) in _READERS):
                count += 1
                yield from _load_entry(packed, entry, path)
        if not count:
            yield Unreadable(origin, f"the zip file holds no file of a kind that is read; wanted {_wanted()}")
    except Exception as error:  # a damaged zip file must not stop what comes after it
        yield Unreadable(origin, reason_of(error))


def _load_entry(packed: ZipFile, entry: zipped.Entry, path: Path) -> Iterator[Loaded | Unreadable]:
    if entry.flaw:
        yield Unreadable(f"{origin_of(path)}/{_printable(entry.name)}", entry.flaw)
        return
    shown = path / entry.name
    try:
        with zipped.unpacked(packed, entry, suffix_of(shown)) as unpacked:
            yield from _load_file(unpacked, shown)
    except (LoadError, OSError) as error:
        yield Unreadable(origin_of(shown), reason_of(error))


def _load_file(path: Path, shown: Path) -> Iterator[Loaded | Unreadable]:
    """The articles of the file at `path`, told and named as if it were at `shown`."""
    origin, suffix = origin_of(shown), suffix_of(shown)
    count = 0
    try:
        _check(path, suffix)
        for found in _READERS[suffix](path):
            count += 1
            yield told_of(found, origin, lambda draft: _loaded(draft, origin, shown))
        if not count:
            yield Unreadable(origin, "the file holds no article; wanted at least one")
    except Exception as error:  # any parser may fail on any bytes: the rest must still be read
        yield Unreadable(origin, reason_of(error))


def told_of(found: Draft | Flaw, origin: str, loaded: Callable[[Draft], Loaded]) -> Loaded | Unreadable:
    """The article that `loaded` makes of a draft, or why there is none: a flaw, or no words."""
    if isinstance(found, Flaw):
        return Unreadable(origin + found.place, found.reason)
    if not any(ch.isalnum() for ch in found.text):
        return Unreadable(origin + found.place, "the text holds no words; wanted those of an article")
    return loaded(found)


def _wanted() -> str:
    return f"one of {' '.join(sorted(SUFFIXES))}"


def _check(path: Path, suffix: str) -> None:
    if suffix not in SUFFIXES:
        found = f"files named {suffix}" if suffix else "files without a suffix"
        raise LoadError(f"{found} are not read; wanted {_wanted()}")
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise LoadError("not a regular file; wanted a file on disk")
    if about.st_size == 0:
        raise LoadError("the file is empty; wanted an article")
    if about.st_size > MAX_FILE_BYTES and suffix not in _STREAMED:
        size, limit = about.st_size >> 20, MAX_FILE_BYTES >> 20
        raise LoadError(f"the file has {size:,} MiB; wanted at most {limit:,} MiB, or JSON Lines or CSV")


def _loaded(draft: Draft, origin: str, path: Path) -> Loaded:
    named = bool(draft.id or draft.place)
    article = Article(
        id=_id_of(draft, path),
        title=draft.title,
        text=draft.text,
        url=draft.url,
        source=draft.source,
        published=draft.published,
        author=draft.author,
        language=draft.language,
    )
    return Loaded(article, origin + draft.place, named)


def _id_of(draft: Draft, path: Path) -> str:
    """The record's own id, else for a record a hash of its address or words, else the file's stem."""
    if draft.id and len(draft.id) <= _MAX_RECORD_ID_CHARS and not any(c in " <>\"'`\\" for c in draft.id):
        return draft.id
    if draft.id:
        return safe_id(draft.id)
    if draft.place:
        # The address of a whole site may stand in all its records: it names no article.
        own_page = draft.url and urlsplit(draft.url).path.strip("/")
        return digest(draft.url) if draft.url and own_page else digest(draft.title, draft.text)
    suffix = suffix_of(path)
    return safe_id(path.name[: -len(suffix)] if suffix else path.name)


def reason_of(error: BaseException) -> str:
    """Why, in one line for people."""
    if isinstance(error, LoadError):
        return str(error)
    if isinstance(error, PermissionError):
        return "no permission to read it; allow reading or leave it out"
    if isinstance(error, OSError):
        return f"the system could not read it: {error.strerror or error}"
    text = " ".join(str(error).split())[:200]
    return f"the content is damaged or not of its kind ({type(error).__name__}{': ' if text else ''}{text})"
