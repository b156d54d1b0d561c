"""Connections to checked addresses only, all of whose reading and writing ends at one deadline.

The seam is httpcore's network backend: host names and certificates are checked against the name as
ever, while the socket goes to the very IP address that was looked up and checked here.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from index.errors import FetchError, Unreachable
from index.fetching.address import Resolve, checked

Left = Callable[[], float]


class Deadline:
    """A moment after which nothing is waited for; `stopped` ends it before."""

    def __init__(self, seconds: float, stopped: Callable[[], bool] = lambda: False) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds
        self._stopped = stopped

    def left(self) -> float:
        """The seconds that are left, more than 0. Raises FetchError when there are none."""
        if self._stopped():
            raise FetchError("fetching was ended before the answer was there: try again")
        left = self._at - time.monotonic()
        if left <= 0:
            raise Unreachable(
                f"the answer was not there within {self.seconds:g} seconds: "
                "try again later, or raise fetch.timeout_s in the settings file"
            )
        return left


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to hosts whose addresses were all checked, within a deadline."""

    def __init__(self, look_up: Resolve, deadline: Deadline, *, private: bool) -> None:
        self._look_up = look_up
        self._deadline = deadline
        self._private = private
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first of the host's addresses that answers. Raises FetchError."""
        failure: Exception | None = None
        for ip in checked(host, port, self._look_up, private=self._private):
            try:
                stream = self._plain.connect_tcp(ip, port, self._deadline.left())
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline.left)
        raise Unreachable(f"{host} could not be reached ({failure}): try again later") from failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Refused: an address names no file."""
        raise FetchError(f"found the socket {path}, wanted a host")


class _Stream(httpcore.NetworkStream):
    """A stream that waits no longer than what is left of the deadline, whatever it is told."""

    def __init__(self, inner: httpcore.NetworkStream, left: Left) -> None:
        self._inner = inner
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._left()), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
