"""Uploaded files, kept under the home folder by their plain names; nothing in that folder is ever served.

The same file again is the same article, a new version of it replaces the old one. Knows no Gradio.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.fetching.address import is_address
from index.ledger import file_of

if TYPE_CHECKING:
    from index.archive import Archive

MAX_NAME_BYTES = 200


def plain_name(path: str) -> str:
    """The file's own name, fit for any folder: no path, no control characters, not hidden, not too long."""
    name = "".join(ch if ch.isprintable() and ch not in '<>:"|?*' else "_" for ch in path)
    name = name.replace("\\", "/").rsplit("/", 1)[-1].strip().lstrip(".") or "article"
    stem, dot, suffix = name.partition(".") if name.endswith(".gz") else name.rpartition(".")
    room = MAX_NAME_BYTES - len((dot + suffix).encode())
    return (stem or suffix).encode()[: max(room, 1)].decode(errors="ignore") + (dot + suffix if stem else "")


class Uploads:
    """The uploaded files of an archive."""

    def __init__(self, archive: Archive) -> None:
        self.folder = archive.home / "uploads"
        self._archive = archive

    def keep(self, uploaded: Sequence[str]) -> list[Path]:
        """Put uploaded files here under their plain names; numbers where two share one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept: list[Path] = []
        for file in uploaded:
            path, number = self.folder / plain_name(file), 1
            while path in kept:
                number += 1
                path = self.folder / plain_name(f"{number} {plain_name(file)}")
            shutil.move(file, path)
            kept.append(path)
        return kept

    def forget(self, origin: str) -> None:
        """Delete the upload at `origin` once no article came from it; other files are never touched."""
        kept = self._of(origin)
        if kept and kept.is_file() and kept not in {self._of(one.origin) for one in self._archive.list()[0]}:
            kept.unlink(missing_ok=True)

    def _of(self, origin: str) -> Path | None:
        """The upload that an origin lies in: the file itself, or a zip file with it."""
        if is_address(origin):
            return None
        path = Path(origin)
        try:
            name = path.relative_to(self.folder).parts[0]
        except (ValueError, IndexError):
            return None
        whole = self.folder / name
        return whole if whole.exists() else Path(file_of(str(whole)))
