"""The line of questions: so many are answered at once, the others wait in the order in which they came.

Gradio has a queue too, but who waits in it sees nothing and cannot stop. It does not know Gradio.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Line:
    """Safe to use from several threads."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._places: list[object] = []
        self._lock = threading.Lock()

    @contextmanager
    def place(self) -> Iterator[Callable[[], int | None]]:
        """A place at the end of the line, left with the block.

        Called, it gives how many wait before it, None as soon as it is its turn.
        """
        mine = object()
        with self._lock:
            self._places.append(mine)
        try:
            yield lambda: self._before(mine)
        finally:
            with self._lock:
                self._places.remove(mine)

    def _before(self, place: object) -> int | None:
        with self._lock:
            waiting = self._places.index(place) - self._at_once
        return waiting if waiting >= 0 else None
