"""The library on the page: list, search, upload, remove; calls what the command line calls.

An uploaded file is kept under the home folder by its plain name: the same file again is the same
article, a new version of it replaces the old one. Nothing in that folder is ever served.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import OnrecordError
from index.listing import entry
from rag.render_page import library_html, progress_html, report_html, said_html

if TYPE_CHECKING:
    from index.archive import Archive
    from index.build import BuildReport

PER_PAGE = 50
LOOK_EVERY_S = 0.2
MAX_NAME_BYTES = 200


def plain_name(path: str) -> str:
    """The file's own name, fit for any folder: no path, no control characters, not hidden, not too long."""
    name = "".join(ch if ch.isprintable() and ch not in '<>:"|?*' else "_" for ch in path)
    name = name.replace("\\", "/").rsplit("/", 1)[-1].strip().lstrip(".") or "article"
    stem, dot, suffix = name.partition(".") if name.endswith(".gz") else name.rpartition(".")
    room = MAX_NAME_BYTES - len((dot + suffix).encode())
    return (stem or suffix).encode()[: max(room, 1)].decode(errors="ignore") + (dot + suffix if stem else "")


class Watch:
    """A Progress that remembers how far an ingest has come; written by one thread, read by another."""

    def __init__(self) -> None:
        self._stage, self._done, self._total = "load", 0, 0

    def start(self, stage: str, total: int | None) -> None:
        """See Progress."""
        self._stage, self._done, self._total = stage, 0, total or 0

    def advance(self, n: int) -> None:
        """See Progress."""
        self._done += n

    def stage_done(self) -> None:
        """See Progress."""

    def html(self) -> str:
        """How far it has come, for people."""
        step = "Reading" if self._stage == "load" else "Indexing"
        return progress_html(step, self._done, self._total)


class Shelf:
    """What happens on the Library tab. Keeps nothing of anyone."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.uploads = archive.home / "uploads"

    def listing(self, words: str | None, page: int) -> tuple[str, int]:
        """The list as HTML, and which page of it (from 0, at most the last) that is."""
        words = (words or "").strip()
        rows, total = self.archive.list(words, limit=PER_PAGE, offset=page * PER_PAGE)
        if page and not rows:
            return self.listing(words, max(0, (total - 1) // PER_PAGE))
        return library_html(rows, total, page, PER_PAGE, words), page

    def search(self, words: str | None) -> tuple[str, int]:
        """The first page of the articles whose headline has `words`."""
        return self.listing(words, 0)

    def turn(self, event: gr.EventData, words: str | None) -> tuple[str, int]:
        """Another page of the list."""
        return self.listing(words, max(0, int(event.page)))

    def drop(self, event: gr.EventData, words: str | None, page: int) -> tuple[str, str, int]:
        """Remove the article that a button names; what was done, the list, its page."""
        article_id = str(event.article)
        try:
            found = entry(self.archive.catalog, article_id)
            self.archive.remove([article_id])
        except OnrecordError as error:
            return said_html(str(error)), *self.listing(words, page)
        if found:
            self.forget(found.origin)
        title = found.title if found else ""
        return said_html(f"Removed: {title or article_id}"), *self.listing(words, page)

    def forget(self, origin: str) -> None:
        """Delete the upload at `origin` once no article came from it; other files are never touched."""
        kept = Path(
            origin.rpartition("#")[0] if "#" in Path(origin).name and not Path(origin).exists() else origin
        )
        left, _ = self.archive.list() if kept.parent == self.uploads else ([], 0)
        if kept.parent == self.uploads and not any(one.origin.startswith(str(kept)) for one in left):
            kept.unlink(missing_ok=True)

    def keep(self, uploaded: Sequence[str]) -> list[Path]:
        """Put uploaded files among the uploads under their plain names; numbers where two share one."""
        self.uploads.mkdir(parents=True, exist_ok=True)
        kept: list[Path] = []
        for file in uploaded:
            path, number = self.uploads / plain_name(file), 1
            while path in kept:
                number += 1
                path = self.uploads / plain_name(f"{number} {plain_name(file)}")
            shutil.move(file, path)
            kept.append(path)
        return kept

    def upload(self, files: Sequence[str] | None) -> Iterator[tuple[str, Any]]:
        """Add the uploaded files: how far it has come, then what was done; at once the emptied field."""
        if not files:
            yield gr.skip(), gr.skip()
            return
        watch = Watch()
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(self.archive.ingest, self.keep(files), progress=watch)
            yield watch.html(), None
            while not work.done():
                time.sleep(LOOK_EVERY_S)
                yield watch.html(), gr.skip()
        yield self.outcome(work), gr.skip()

    def outcome(self, work: Future[BuildReport]) -> str:
        """What an ended ingest did, or why it failed; deletes uploads that nothing was read from."""
        try:
            report = work.result()
        except OnrecordError as error:
            return said_html(str(error))
        except Exception as error:
            logging.getLogger(__name__).exception("the upload could not be added")
            return said_html(
                f"unexpected {type(error).__name__}: the terminal where the page was started shows more"
            )
        for one in report.unreadable:
            self.forget(one.origin)
        return report_html(report)
