"""Lets work that can wait do so while somebody is being answered. It does not know Gradio."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Quiet:
    """There is quiet while nobody is being answered. Safe to use from several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answering = 0

    @contextmanager
    def broken(self) -> Iterator[None]:
        """No quiet until this ends."""
        with self._changed:
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1
                self._changed.notify_all()

    def wait(self, timeout_s: float) -> bool:
        """Wait until there is quiet, at most so long; whether there is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._answering, timeout_s)
