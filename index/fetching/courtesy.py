"""Manners towards servers: one request at a time for a host, a pause between two, robots.txt.

Knows no HTTP: what fetches is handed in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.robotparser import RobotFileParser

from index.errors import FetchError, Unreachable
from index.fetching.address import site

_KEPT_S = 24 * 3600.0
_KEPT_AWAY_S = 600.0


class Turns:
    """Whose turn it is at each host."""

    def __init__(self, pause_s: float, wait: Callable[[float], None]) -> None:
        self._pause_s = pause_s
        self._wait = wait
        self._guard = threading.Lock()
        self._hosts: dict[str, threading.Lock] = {}
        self._ended: dict[str, float] = {}

    @contextmanager
    def at(self, host: str) -> Iterator[None]:
        """Wait until no other request of ours is at `host` and the pause since the last one is over."""
        with self._guard:
            lock = self._hosts.setdefault(host, threading.Lock())
        with lock:
            rest = self._ended.get(host, float("-inf")) + self._pause_s - time.monotonic()
            if rest > 0:
                self._wait(rest)
            try:
                yield
            finally:
                self._ended[host] = time.monotonic()


@dataclass(frozen=True, slots=True)
class _Told:
    """What a site's robots.txt told, or why it could not be read; valid `until` then (monotonic seconds)."""

    until: float
    rules: RobotFileParser | str


class Robots:
    """What sites allow robots, by their robots.txt (RFC 9309), read once a day each.

    Without one all is allowed. While it cannot be read nothing is, and it is tried again after ten minutes.
    """

    def __init__(
        self, agent: str, read: Callable[[str], str | None], now: Callable[[], float] = time.monotonic
    ) -> None:
        """`read` gives the text at an address, None when there is none. It raises Unreachable."""
        self._agent = agent
        self._read = read
        self._now = now
        self._told: dict[str, _Told] = {}

    def check(self, address: str) -> None:
        """Raise FetchError when the site asks robots to keep away from this address, or may do so."""
        place = f"{site(address)}/robots.txt"
        told = self._told.get(place)
        if told is None or told.until < self._now():
            told = self._told[place] = self._ask(place)
        if isinstance(told.rules, str):
            raise FetchError(f"{place}, which tells what programs may read, cannot be read: {told.rules}")
        if not told.rules.can_fetch(self._agent, address):
            raise FetchError(f"{place} asks programs not to read this: open it and add it as a file")

    def _ask(self, place: str) -> _Told:
        rules = RobotFileParser()
        try:
            rules.parse((self._read(place) or "").splitlines())
        except Unreachable as error:
            return _Told(self._now() + _KEPT_AWAY_S, str(error))
        return _Told(self._now() + _KEPT_S, rules)
