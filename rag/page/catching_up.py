"""Statements of older rules, derived anew behind the page, which goes on meanwhile. It does not know Gradio.

On a large archive that takes minutes. One thread does it, however many readers wait for it, and goes on when
they leave; interrupted, the next one goes on where it was.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from rag.page.watch import Watch

if TYPE_CHECKING:
    from index.archive import Archive


class CatchingUp:
    """Derives the statements of the articles that lack them. Safe to use from several threads."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._watch = _Counted()

    def begin(self) -> Watch | None:
        """Begin, unless that goes on already; how far it is, None when there is nothing to derive.

        Returns when the articles are counted and nobody else derives them any more.
        """
        with self._lock:
            if not self.going_on and self._archive.unattributed():
                self._watch = _Counted()
                self._thread = threading.Thread(target=self._derive, name="statements", daemon=True)
                self._thread.start()
                self._watch.counted.wait()
            return self._watch if self.going_on else None

    @property
    def going_on(self) -> bool:
        """Whether statements are being derived."""
        return self._thread is not None and self._thread.is_alive()

    def _derive(self) -> None:
        try:
            self._archive.attribute(progress=self._watch)
        except Exception as error:  # the archive was closed meanwhile, or cannot be written
            logging.getLogger(__name__).warning("statements were not derived anew: %s", error)
        finally:
            self._watch.counted.set()


class _Counted(Watch):
    def __init__(self) -> None:
        super().__init__()
        self.counted = threading.Event()

    def start(self, stage: str, total: int | None) -> None:
        """See Progress."""
        super().start(stage, total)
        self.counted.set()
