"""Web addresses: which may be fetched, how they are written, and where their names lead.

Every answer of a name look-up is checked, and only checked answers are given out, so that whoever
connects to them connects to nothing else. Knows nothing of HTTP.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import quote, urlsplit, urlunsplit

from index.errors import FetchError, Unreachable

MAX_ADDRESS_CHARS = 2_000
Resolve = Callable[[str, int], list[str]]
"""The IP addresses of a host, for a port. Raises OSError."""

_KEPT = "/%:=&?~#+!$,;'@()*[]"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_address(place: str) -> bool:
    """Whether `place` is meant as a web address rather than as a file."""
    return "://" in place


def normal(address: str) -> str:
    """The address as it is sent: ASCII, lower-case scheme and host, a path, no fragment.

    Raises FetchError for anything but http and https with a host, and for a name or password in it.
    """
    text = address.strip()
    if len(text) > MAX_ADDRESS_CHARS:
        raise FetchError(f"the address has {len(text):,} characters, wanted at most {MAX_ADDRESS_CHARS:,}")
    if any(ch.isspace() or not ch.isprintable() for ch in text):
        raise FetchError("the address has spaces or control characters, wanted one without")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise FetchError(f"this is no address ({error}), wanted one such as https://paper.example/") from None
    if parts.scheme not in ("http", "https") or not host:
        other = parts.scheme not in ("", "http", "https")
        found = f"an address of the kind {parts.scheme!r}" if other else "no web address"
        raise FetchError(f"found {found}, wanted one that begins with http:// or https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise FetchError("found a name or password in the address, wanted one without")
    named = _ascii(host) + ("" if port in (None, _port_of(parts.scheme)) else f":{port}")
    path = quote(parts.path or "/", safe=_KEPT)
    return urlunsplit((parts.scheme, named, path, quote(parts.query, safe=_KEPT), ""))


def _port_of(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _ascii(host: str) -> str:
    import idna

    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise FetchError(f"the host {host!r} is no name ({error}), wanted that of a web server") from None


def site(address: str) -> str:
    """Scheme, host and port of a normal address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_public(ip: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it wraps another one."""
    try:
        one = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    inner = None
    if isinstance(one, ipaddress.IPv6Address):
        inner = one.ipv4_mapped or one.sixtofour or (one.teredo[1] if one.teredo else None)
        if one in _NAT64:
            inner = ipaddress.IPv4Address(int(one) & 0xFFFFFFFF)
    return one.is_global and not one.is_multicast and (inner is None or is_public(str(inner)))


def resolve(host: str, port: int) -> list[str]:
    """What the system says the host's IP addresses are. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked(host: str, port: int, look_up: Resolve, *, private: bool) -> list[str]:
    """The IP addresses of a host, all of which may be connected to.

    Raises FetchError when the host is unknown or, unless `private`, any of its addresses is not public.
    """
    try:
        found = look_up(host, port)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unreachable(f"the host {host} is not known ({reason}): see whether it is spelt right") from None
    closed = [ip for ip in found if not is_public(ip)]
    if closed and not private:
        place = host if host == str(closed[0]) else f"{host} leads to {closed[0]}, which"
        raise FetchError(f"{place} is no public address: fetch.private = true in the settings file allows it")
    if not found:
        raise Unreachable(f"the host {host} has no address: see whether it is spelt right")
    return found
