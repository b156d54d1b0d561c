"""Milliseconds by stage of one answer."""

from __future__ import annotations

from time import perf_counter


class Clock:
    """`laps` maps stages, in their order, to the milliseconds they took, and "total" to all so far."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._start = self._last = perf_counter()

    def lap(self, stage: str) -> None:
        """The stage ends now; one that comes again is added to."""
        now = perf_counter()
        self.laps[stage] = round(self.laps.get(stage, 0.0) + (now - self._last) * 1000, 2)
        self.laps["total"] = round((now - self._start) * 1000, 2)
        self._last = now
