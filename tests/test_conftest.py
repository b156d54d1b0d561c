"""The guard of the tests itself: sockets closed, loopback on demand, environment clean."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest


def _listener() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


@pytest.fixture
def forgiven(request: pytest.FixtureRequest) -> None:
    """Forget what was refused: here the refusal is the point."""
    plugin = next(p for p in request.config.pluginmanager.get_plugins() if hasattr(p, "GUARD"))
    request.addfinalizer(plugin.GUARD.refused.clear)


@pytest.mark.parametrize("host", ["192.0.2.1", "127.0.0.1", "2001:db8::1"])
@pytest.mark.usefixtures("forgiven")
def test_connections_are_refused(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(RuntimeError, match="tried to reach"):
        client.connect((host, 9))


@pytest.mark.usefixtures("forgiven")
def test_names_are_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match="tried to reach"):
        socket.getaddrinfo("example.org", 443)


@pytest.mark.loopback
def test_loopback_is_open_on_demand() -> None:
    with _listener() as listener, socket.socket() as client:
        client.connect(listener.getsockname())


@pytest.mark.loopback
@pytest.mark.usefixtures("forgiven")
def test_loopback_is_no_way_out() -> None:
    with socket.socket() as client, pytest.raises(RuntimeError, match="tried to reach"):
        client.connect(("192.0.2.1", 9))


def test_the_environment_is_clean(user_home: Path) -> None:
    assert Path.home() == user_home
    assert not [key for key in os.environ if key.startswith("ONRECORD_")]
    assert os.environ["HF_HUB_OFFLINE"] == "1"
