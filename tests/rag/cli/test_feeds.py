"""`onrecord ingest URL` and `onrecord feeds`, over a server on this machine, with the real pipeline."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from index.fetching.feeds import Feeds

pytestmark = pytest.mark.loopback
Run = Callable[..., Any]
FERRY = (
    "Port director Ada Okoye said the new ferry would carry two hundred passengers and forty bicycles.",
    "The first one sails at nine on Monday, and it will sail every day until autumn.",
)


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses of this machine may be fetched."""
    monkeypatch.setenv("ONRECORD_FETCH__PRIVATE", "true")


@pytest.mark.usefixtures("private")
def test_a_page_is_fetched_and_answers(run: Run, news: Any, tmp_path: Path) -> None:
    news.story("/ferry", "New ferry to cross the sound", *FERRY)
    told = run("ingest", news.url("/ferry"), "--home", tmp_path, "--json").told
    assert (told["added"], told["unreadable"]) == (1, [])
    answer = run("ask", "What did Ada Okoye say about the ferry?", "--home", tmp_path, "--json").told
    assert answer["citations"][0]["url"] == news.url("/ferry")
    again = run("ingest", news.url("/ferry"), "--home", tmp_path, "--json").told
    assert (again["added"], again["unchanged"]) == (0, 1)


@pytest.mark.usefixtures("private")
def test_a_feed_and_a_file_in_one_go(run: Run, news: Any, tmp_path: Path) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    news.feed("/feed", f"<link>{news.url('/ferry')}</link>", f"<link>{news.url('/gone')}</link>")
    (tmp_path / "a.txt").write_text("Bread was baked all night for the prize, said the baker.")
    outcome = run("ingest", news.url("/feed"), tmp_path / "a.txt", "--home", tmp_path / "home")
    assert outcome.code == 0 and outcome.out.startswith("2 added")
    assert f"{news.url('/gone')}: the server answered 404" in outcome.out


def test_an_address_that_is_not_public_is_told(run: Run, news: Any, tmp_path: Path) -> None:
    outcome = run("ingest", news.url("/ferry"), "--home", tmp_path, "--json")
    assert outcome.code == 1 and not news.asked
    assert "fetch.private" in outcome.told["unreadable"][0]["reason"]


@pytest.mark.usefixtures("private")
def test_feeds_are_added_listed_and_removed(run: Run, news: Any, tmp_path: Path) -> None:
    news.feed("/feed", "<link>https://paper.example/a</link>")
    news.story("/", "Paper", head="<link rel=alternate type='application/rss+xml' href='/feed'>")
    assert "no feed is followed" in run("feeds", "list", "--home", tmp_path).err
    assert "from now on" in run("feeds", "add", news.url("/"), "--home", tmp_path).err
    assert "already" in run("feeds", "add", news.url("/feed"), "--home", tmp_path).err
    assert "Sound Gazette" in run("feeds", "list", "--home", tmp_path).out
    (told,) = run("feeds", "list", "--home", tmp_path, "--json").told["feeds"]
    assert (told["url"], told["looked_at"], told["failures"]) == (news.url("/feed"), None, 0)
    assert run("feeds", "remove", news.url("/feed"), "--home", tmp_path).code == 0
    run("feeds", "remove", news.url("/feed"), "--home", tmp_path).failed("not followed")


@pytest.mark.usefixtures("private")
def test_what_is_no_feed_is_not_followed(run: Run, news: Any, tmp_path: Path) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    run("feeds", "add", news.url("/ferry"), "--home", tmp_path).failed("names no feed")
    run("feeds", "add", "file:///etc/passwd", "--home", tmp_path).failed("http://")
    assert run("feeds", "list", "--home", tmp_path, "--json").told == {"feeds": []}


def test_what_a_feed_calls_itself_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    Feeds(tmp_path).add("https://paper.example/feed", "Gazette \x1b[2J\u202e", datetime.now(UTC))
    out = run("feeds", "list", "--home", tmp_path).out
    assert "Gazette" in out and "\x1b" not in out and "\u202e" not in out


@pytest.mark.slow
@pytest.mark.usefixtures("private")
def test_what_is_served_follows_a_feed_added_meanwhile(run: Run, news: Any, tmp_path: Path) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    news.feed("/feed", f"<link>{news.url('/ferry')}</link>")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rag.cli", "serve", "--port", str(port), "--home", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            assert next((one for one in server.stderr if "the page is at" in one), "")
            assert run("feeds", "add", news.url("/feed"), "--home", tmp_path).code == 0
            for _ in range(120):
                (told,) = run("feeds", "list", "--home", tmp_path, "--json").told["feeds"]
                if told["outcome"]:
                    break
                time.sleep(0.5)
            assert told["outcome"] == "1 added"
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) in (0, 130)
    assert run("info", "--home", tmp_path, "--json").told["articles"] == 1
