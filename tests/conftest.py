"""What every test stands on: no outside connection, no environment or folder of the person running it.

A test that serves on this machine asks for it with the `loopback` marker (`browser` implies it);
only `network` tests may reach further. The guard sees Python's sockets, not those of native code.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import settings

from tests.news import News, serving

CHROMIUM_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]

# The same examples at every run, so that green stays green; `--hypothesis-profile default` tries new ones.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

Reach = Literal["none", "loopback", "outside"]

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"


class OutsideConnection(RuntimeError):
    """A test tried to connect to where it may not."""


class Guard:
    """How far Python's sockets may reach; `refused` holds the addresses turned away since the last test."""

    def __init__(self) -> None:
        self.reach: Reach = "none"
        self.refused: list[str] = []

    def check(self, host: object) -> None:
        """Raise OutsideConnection unless `host` may be reached now."""
        allowed = self.reach == "outside" or (self.reach == "loopback" and _is_loopback(host))
        if not allowed:
            self.refused.append(str(host))
            raise OutsideConnection(f"a test tried to reach {host}, allowed is {self.reach}")


GUARD = Guard()


def _is_loopback(host: object) -> bool:
    if host in ("", "localhost", None):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(name: str) -> Callable[..., Any]:
    original = getattr(socket.socket, name)

    def call(self: socket.socket, *args: Any) -> Any:
        address = args[-1]
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            GUARD.check(address[0])
        return original(self, *args)

    return call


def _guarded_lookup() -> Callable[..., Any]:
    original = socket.getaddrinfo

    def lookup(host: Any, *args: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not _is_loopback(name):
            GUARD.check(name)
        return original(host, *args, **named)

    return lookup


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew")


def pytest_configure(config: pytest.Config) -> None:
    """Close the sockets before the first fixture of any scope runs."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, _guarded(name))
    patch.setattr(socket, "getaddrinfo", _guarded_lookup())
    for key in [key for key in os.environ if key.upper().startswith("ONRECORD_")]:
        patch.delenv(key)
    config.add_cleanup(patch.undo)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Set the reach from the test's markers, for its fixtures of every scope too."""
    GUARD.refused.clear()
    GUARD.reach = "none"
    if item.get_closest_marker("loopback") or item.get_closest_marker("browser"):
        GUARD.reach = "loopback"
    if item.get_closest_marker("network"):
        GUARD.reach = "outside"
    return (yield)


@pytest.fixture(autouse=True)
def _no_outside_connection() -> Iterator[None]:
    yield
    assert not GUARD.refused, f"the test tried to reach {', '.join(GUARD.refused)}"


@pytest.fixture(autouse=True)
def user_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home folder for the person running the tests; none of their ONRECORD_ settings."""
    home = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        for key in [key for key in os.environ if key.upper().startswith("ONRECORD_")]:
            patch.delenv(key)
        patch.setenv("HOME", str(home))
        for key in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.setenv(key, str(home / key.lower()))
        yield home


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with tests/golden/NAME; `--update-golden` writes it instead."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"no golden file {name}: run pytest --update-golden and read what it wrote"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium with a fresh profile that can resolve no name; one for all tests, as its driver wants."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def news() -> Iterator[News]:
    """A web server on this machine; the test needs the `loopback` marker."""
    with serving() as one:
        yield one
