"""Manners towards servers: one request at a time for a host, a pause between two, robots.txt.

Knows no HTTP: what fetches is handed in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.robotparser import RobotFileParser

from index.address import site
from index.errors import FetchError

_KEPT_S = 24 * 3600.0


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


class Robots:
    """What sites allow robots, by their robots.txt, read once a day each."""

    def __init__(self, agent: str, read: Callable[[str], str | None]) -> None:
        """`read` gives the text at an address, None when there is none. It raises FetchError."""
        self._agent = agent
        self._read = read
        self._rules: dict[str, tuple[float, RobotFileParser]] = {}

    def check(self, address: str) -> None:
        """Raise FetchError when the site asks robots to keep away from this address."""
        if not self._rules_of(site(address)).can_fetch(self._agent, address):
            raise FetchError(
                f"{site(address)}/robots.txt asks programs not to read this: open it and add it as a file"
            )

    def _rules_of(self, place: str) -> RobotFileParser:
        read_at, rules = self._rules.get(place, (float("-inf"), RobotFileParser()))
        if time.monotonic() - read_at > _KEPT_S:
            rules = RobotFileParser()
            rules.parse((self._read(f"{place}/robots.txt") or "").splitlines())
            self._rules[place] = (time.monotonic(), rules)
        return rules
