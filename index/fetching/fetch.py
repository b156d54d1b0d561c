"""Fetching over HTTP: an address in, a checked body out.

Only http and https, only public addresses unless the limits allow others; every redirect and every answer
of a name look-up is checked, and the connection goes to what was checked. Bounded in size, time, redirects
and kinds; polite to servers. No proxy is used: it would look names up by itself. Knows nothing of articles.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from importlib.metadata import version
from time import time
from urllib.parse import urljoin, urlsplit

import httpcore

from index.errors import FetchError, Unreachable
from index.fetching.address import Resolve, normal, resolve
from index.fetching.connection import CheckedBackend, Deadline
from index.fetching.courtesy import Robots, Turns
from index.fetching.fetched import (
    UNKNOWN,
    Fetched,
    Validators,
    check_media,
    kind_of,
    media_of,
    read_body,
    too_large,
)

MAX_REDIRECTS = 5
TRIES = 3
LONGEST_WAIT_S = 60.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({429, 503})
_MAX_ROBOTS_BYTES = 512 * 1024
_SAID = {
    401: "it wants a password",
    402: "it wants to be paid",
    403: "it may not be read",
    404: "there is nothing at this address",
    410: "it was taken away",
    451: "it may not be read for legal reasons",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What fetching may reach and take: bytes of a body unpacked, seconds for one answer with its redirects.

    `private` allows addresses that are not public. `pause_s` lies between two requests to one host.
    """

    private: bool = False
    timeout_s: float = 20.0
    max_bytes: int = 20 * 2**20
    pause_s: float = 1.0


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer of a server: a body, or where or when to go instead, or neither: it has not changed."""

    fetched: Fetched | None = None
    location: str | None = None
    wait_s: float | None = None


class Fetcher:
    """Fetches within limits. May be used from several threads; one host is asked one thing at a time."""

    def __init__(self, limits: Limits = Limits(), look_up: Resolve = resolve) -> None:
        self.limits = limits
        self._look_up = look_up
        self._ended = threading.Event()
        self._turns = Turns(limits.pause_s, self._wait)
        self.agent = f"onrecord/{version('onrecord')}"
        self._robots = Robots(self.agent, self._robots_text)

    def close(self) -> None:
        """End what is being fetched and waited for, with FetchError, and let nothing begin."""
        self._ended.set()

    def fetch(self, address: str, known: Validators = UNKNOWN, *, robots: bool = False) -> Fetched | None:
        """What is at the address; None when the server says that it is still what `known` was given for.

        With `robots` the robots.txt of each site on the way is obeyed. A server that is busy is asked again,
        when it says. Raises FetchError.
        """
        place = normal(address)
        for number in range(TRIES):
            answer = self._follow(place, known, robots=robots)
            if answer.wait_s is None:
                return answer.fetched
            wait_s = answer.wait_s or 2.0**number
            if number == TRIES - 1 or wait_s > LONGEST_WAIT_S:
                raise FetchError(f"the server is busy and asks to wait {wait_s:.0f} seconds: try again later")
            self._wait(wait_s)
        raise AssertionError("not reached")

    def _follow(self, place: str, known: Validators, *, robots: bool) -> _Answer:
        deadline = Deadline(self.limits.timeout_s, self._ended.is_set)
        for _ in range(MAX_REDIRECTS + 1):
            if robots:
                self._robots.check(place)
            with self._turns.at(urlsplit(place).hostname or ""):
                answer = self._ask(place, known, deadline)
            if answer.location is None:
                return answer
            place = normal(urljoin(place, answer.location))
        raise FetchError(f"found more than {MAX_REDIRECTS} redirects, wanted fewer: give the last address")

    def _ask(self, place: str, known: Validators, deadline: Deadline) -> _Answer:
        backend = CheckedBackend(self._look_up, deadline, private=self.limits.private)
        extensions = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), deadline.left())}
        try:
            with (
                httpcore.ConnectionPool(self._certificates, network_backend=backend) as pool,
                pool.stream("GET", place, headers=self._headers(known), extensions=extensions) as response,
            ):
                return self._read(place, response, known)
        except httpcore.TimeoutException:
            deadline.left()
            raise Unreachable("the server said nothing for too long: try again later") from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise Unreachable(f"the connection failed ({error or type(error).__name__}): try again") from None

    def _read(self, place: str, response: httpcore.Response, known: Validators) -> _Answer:
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in _REDIRECTS and "location" in told:
            return _Answer(location=told["location"])
        if response.status in _LATER:
            return _Answer(wait_s=_seconds(told.get("retry-after", "")))
        if response.status == 304 and known != UNKNOWN:
            return _Answer()
        if response.status not in (200, 203):
            if response.status >= 500:
                raise Unreachable(f"the server answered {response.status}, wanted 200: try again later")
            said = _SAID.get(response.status, "wanted 200")
            raise FetchError(f"the server answered {response.status}: {said}")
        return _Answer(fetched=self._body(place, response, told))

    def _body(self, place: str, response: httpcore.Response, told: Mapping[str, str]) -> Fetched:
        media, charset = media_of(told.get("content-type", ""))
        check_media(media)
        declared = told.get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > self.limits.max_bytes:
            raise FetchError(too_large(self.limits.max_bytes))
        encoding = told.get("content-encoding", "").strip().lower()
        data = read_body(response.iter_stream(), encoding, self.limits.max_bytes)
        validators = Validators(told.get("etag"), told.get("last-modified"))
        return Fetched(place, kind_of(media, place, data), data, charset, validators)

    def _headers(self, known: Validators) -> dict[bytes | str, bytes | str]:
        asked: dict[bytes | str, bytes | str] = {
            "User-Agent": self.agent,
            "Accept": "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, */*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        if known.etag:
            asked["If-None-Match"] = known.etag
        if known.modified:
            asked["If-Modified-Since"] = known.modified
        return asked

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        return httpcore.default_ssl_context()

    def _robots_text(self, address: str) -> str | None:
        try:
            answer = self._follow(address, UNKNOWN, robots=False)
        except Unreachable:
            raise
        except FetchError:
            return None  # there is none, or what keeps it from being read keeps the page from it too
        if answer.fetched is None:
            raise Unreachable("the server is busy: try again later")
        return answer.fetched.data[:_MAX_ROBOTS_BYTES].decode("utf-8", "replace")

    def _wait(self, seconds: float) -> None:
        if self._ended.wait(seconds):
            raise FetchError("fetching was ended before the answer was there: try again")


def _seconds(retry_after: str) -> float:
    """What Retry-After asks for, in seconds from now; 0 when it says nothing."""
    text = retry_after.strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time())
    except ValueError:
        return 0.0
