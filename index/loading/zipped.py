"""Zip files as folders of articles, however hostile: each entry is written to disk alone, and checked first.

Knows the names, sizes and kinds of entries. Knows nothing of what is in them.
"""

from __future__ import annotations

import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import LoadError

SUFFIX = ".zip"
MAX_ENTRIES = 20_000
MAX_ENTRY_BYTES = 256 * 2**20
MAX_TOTAL_BYTES = 2 * 2**30
MAX_RATIO = 200
"""An entry may unpack to so many times its packed size, if that is more than FREE_BYTES."""
FREE_BYTES = 2**20

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a zip: its name there, as told, and why it is not read, "" if it may be."""

    name: str
    info: zipfile.ZipInfo
    flaw: str = ""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip file. Raises LoadError when it is none or holds too much."""
    try:
        with zipfile.ZipFile(path) as packed:
            _check_whole(packed)
            yield packed
    except (zipfile.BadZipFile, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise LoadError(f"the zip file is damaged or no zip file ({error}); wanted a whole one") from error


def _check_whole(packed: zipfile.ZipFile) -> None:
    infos = packed.infolist()
    if len(infos) > MAX_ENTRIES:
        raise LoadError(f"the zip file has {len(infos):,} entries; wanted at most {MAX_ENTRIES:,}")
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL_BYTES:
        raise LoadError(f"the zip file unpacks to {total / 2**20:,.0f} MiB; wanted {MAX_TOTAL_BYTES >> 20:,}")


def entries(packed: zipfile.ZipFile, is_read: Callable[[Path], bool]) -> Iterator[Entry]:
    """The entries in order of their names: those that `is_read` wants by name, and those that are refused.

    Folders, hidden files and files of other kinds are passed over, as in a folder on disk.
    """
    seen: set[str] = set()
    for info in sorted(packed.infolist(), key=lambda one: one.filename):
        name = info.filename
        if info.is_dir() or any(part == "__MACOSX" or _is_hidden(part) for part in re.split(r"[/\\]", name)):
            continue
        flaw = _flaw(info) or ("another entry has the same name; wanted each once" if name in seen else "")
        seen.add(name)
        if flaw or is_read(Path(name)):
            yield Entry(name, info, flaw)


def _is_hidden(part: str) -> bool:
    return part.startswith((".", "~$")) and part != ".."


def _flaw(info: zipfile.ZipInfo) -> str:
    """Why an entry is not read, "" if it may be."""
    checks = (
        (_is_outside(info), "its name leads out of the zip file; wanted a plain path"),
        (_is_special(info), "it is a link or no regular file; wanted a file"),
        (info.flag_bits & _ENCRYPTED, "it is encrypted; unpack it and add the files"),
        (info.compress_type not in _METHODS, "it is packed in a rare way; wanted deflate or none"),
        (info.filename.lower().endswith(SUFFIX), "a zip file in a zip file is not read; add it by itself"),
        (info.file_size > MAX_ENTRY_BYTES, f"it unpacks to more than {MAX_ENTRY_BYTES >> 20} MiB; split it"),
        (_is_bomb(info), f"it unpacks to more than {MAX_RATIO} times its size; wanted an article"),
    )
    return next((reason for is_so, reason in checks if is_so), "")


def _is_outside(info: zipfile.ZipInfo) -> bool:
    # zipfile ends names at a NUL; what the file says is in orig_filename
    told = info.orig_filename.replace("\\", "/")
    is_absolute = told.startswith("/") or told[1:2] == ":"
    return is_absolute or "\\" in info.orig_filename or "\0" in told or ".." in told.split("/")


def _is_special(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    return bool(stat.S_IFMT(mode)) and not stat.S_ISREG(mode)


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    return info.file_size > max(FREE_BYTES, MAX_RATIO * info.compress_size)


@contextmanager
def unpacked(packed: zipfile.ZipFile, entry: Entry, suffix: str) -> Iterator[Path]:
    """The entry as a file of its own that is gone afterwards, under a name of ours that ends in `suffix`.

    Raises LoadError when it is damaged or larger than it says.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"entry{suffix}")
        try:
            with packed.open(entry.info) as stream, path.open("wb") as out:
                while block := stream.read(_BLOCK):
                    out.write(block)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise LoadError(f"it is damaged ({error}); wanted a whole entry") from error
        yield path


def holds(path: Path) -> bool:
    """Whether a path leads into a zip file on disk that has an entry there."""
    for parent in path.parents:
        if parent.suffix.lower() == SUFFIX and parent.is_file():
            try:
                with zipfile.ZipFile(parent) as packed:
                    return path.relative_to(parent).as_posix() in packed.namelist()
            except (OSError, zipfile.BadZipFile):
                return True  # nothing is concluded from what cannot be read
    return False
