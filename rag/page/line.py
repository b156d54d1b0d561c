"""The line of questions: so many are answered at once, the others wait in the order in which they came.

What is no question waits until there are none. Gradio has a queue too, but who waits in it sees nothing and
cannot stop. It does not know Gradio.
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
        self._changed = threading.Condition()

    @contextmanager
    def place(self) -> Iterator[Callable[[], int | None]]:
        """A place at the end of the line, left with the block.

        Called, it gives how many wait before it, None as soon as it is its turn.
        """
        mine = object()
        with self._changed:
            self._places.append(mine)
        try:
            yield lambda: self._before(mine)
        finally:
            with self._changed:
                self._places.remove(mine)
                self._changed.notify_all()

    def wait_until_empty(self, timeout_s: float) -> bool:
        """Wait until nobody is answered and nobody waits, at most so long; whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._places, timeout_s)

    def _before(self, place: object) -> int | None:
        with self._changed:
            waiting = self._places.index(place) - self._at_once
        return waiting if waiting >= 0 else None
