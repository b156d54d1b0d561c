"""Milliseconds by stage of one answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Clock:
    """`laps` maps stages, in their order, to the milliseconds they took, and "total" to all so far.

    A stage that was timed `within` others is counted in theirs, too.
    """

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._start = self._last = perf_counter()

    def lap(self, stage: str) -> None:
        """The stage ends now."""
        now = perf_counter()
        self.laps[stage] = round((now - self._last) * 1000, 2)
        self.laps["total"] = round((now - self._start) * 1000, 2)
        self._last = now

    @contextmanager
    def within(self, stage: str) -> Iterator[None]:
        """Time a part of the stage that goes on; what was timed before is added to."""
        started = perf_counter()
        yield
        self.laps[stage] = round(self.laps.get(stage, 0.0) + (perf_counter() - started) * 1000, 2)
