"""A real archive behind a real page, and Chromium to look at it; nothing may leave this machine."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from index.archive import Archive

SAMPLES = Path(__file__).parents[2] / "samples"
HOSTILE_LINE = (
    '<script>window.__pwned = "script"</script><img src="x" onerror="window.__pwned = \'img\'">'
    "</p></div><svg onload=\"window.__pwned = 'svg'\"> [click](javascript:window.__pwned=1) **bold** "
    "$\\frac{1}{2}$ ${window.__pwned = 'template'} {{constructor.constructor('window.__pwned=2')()}} `tick`"
)
FILLER = "The committee also heard a long report on drains, and nobody had a question about it."
ARTICLES: list[dict[str, Any]] = [
    {
        "id": "ferry",
        "title": "New ferry to cross the sound from spring",
        "source": "Sound Gazette",
        "published": "2021-05-03",
        "url": "https://gazette.example/ferry",
        "text": "\n\n".join(
            [
                "Port director Ada Okoye presented the plans for the coming year on Monday.",
                *[f"{FILLER} It was item {n} of the day." for n in range(1, 40)],
                "Ada Okoye said the new ferry would carry two hundred passengers and forty bicycles.",
                *[f"{FILLER} It was item {n} of the day." for n in range(40, 60)],
            ]
        ),
    },
    {
        "id": "bakery",
        "title": "Bakers win prize for dark rye",
        "source": "Valley Herald",
        "published": "2022-11-20",
        "text": "Master baker Tom Lindqvist said the dark rye bread needed eighteen hours of patience.\n\n"
        "The prize was handed over at noon. Lindqvist said he would spend the prize money on an oven.",
    },
    {
        "id": "hostile",
        "title": f"Lighthouse sold {HOSTILE_LINE}",
        "source": '<b>Bold</b> "Post" <img src=x onerror=window.__pwned=3>',
        "url": "javascript:window.__pwned=4",
        "text": "Keeper Eve Marlowe said the lighthouse had been sold to a circus.\n\n"
        f"{HOSTILE_LINE}\n\n{'y' * 100_000}\n\nEve Marlowe said the lighthouse lamp would keep burning.",
    },
]


@dataclass
class Served:
    """Where the page is served, the folder of its archive, what the server prints."""

    url: str
    home: Path
    log: Path

    def words(self, article_id: str, spans: str) -> str:
        """The characters of an article that the first of `spans` ("3-9 20-31") names."""
        start, end = spans.split()[0].split("-")
        with Archive.open(self.home, read_only=True) as archive:
            return archive.article(article_id).text[int(start) : int(end)]


@dataclass
class Watched:
    """What a browser page did that it should not have done."""

    outside: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Note what `page` does from now on."""
        page.on("request", self._request)
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.outside.append(request.url)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def onrecord(*words: str) -> list[str]:
    """The command line that runs `onrecord` with these words."""
    return [sys.executable, "-m", "rag.cli", *words]


@contextlib.contextmanager
def serving(words: list[str], port: int, log: Path) -> Iterator[str]:
    """Runs a command that serves the page at `port`; its address. A traceback in its log fails."""
    with log.open("w") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out)
    try:
        wait_for(port, process, log)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(30)
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def tools() -> SimpleNamespace:
    """What a test file needs to serve a page of its own."""
    return SimpleNamespace(
        Served=Served, free_port=free_port, onrecord=onrecord, serving=serving, wait_for=wait_for
    )


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over the samples and the articles above, served as people serve it."""
    folder = tmp_path_factory.mktemp("served")
    home, lines, port = folder / "home", folder / "made-up.jsonl", free_port()
    lines.write_text("\n".join(map(json.dumps, ARTICLES)), encoding="utf-8")
    subprocess.run(onrecord("ingest", str(SAMPLES), str(lines), "--home", str(home)), check=True, timeout=180)
    words = onrecord("serve", "--home", str(home), "--port", str(port))
    with serving(words, port, folder / "log") as url:
        yield Served(url, home, folder / "log")


class Own:
    """An archive of a test's own, made of the first two articles above, that can be served and stopped."""

    def __init__(self, folder: Path) -> None:
        self.home, self.lines = folder / "home", folder / "made-up.jsonl"
        self._port, self._log = free_port(), folder / "log"

    def ingest(self, change: str = "") -> None:
        """Store the articles; with `change` at the beginning of the first one."""
        articles = [ARTICLES[0] | {"text": change + ARTICLES[0]["text"]}, ARTICLES[1]]
        self.lines.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
        self.run("ingest", str(self.lines))

    def run(self, *words: str) -> None:
        """Run a command on it."""
        subprocess.run(onrecord(*words, "--home", str(self.home)), check=True, timeout=180)

    def serving(self) -> contextlib.AbstractContextManager[str]:
        """Serves it, always at the same address."""
        words = onrecord("serve", "--home", str(self.home), "--port", str(self._port))
        return serving(words, self._port, self._log)


@pytest.fixture
def own(tmp_path: Path) -> Own:
    """See Own."""
    archive = Own(tmp_path)
    archive.ingest()
    return archive


@pytest.fixture(scope="session")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over an assistant that writes slowly."""
    log, port = tmp_path_factory.mktemp("slow") / "log", free_port()
    script = Path(__file__).with_name("slow_page.py")
    with serving([sys.executable, str(script), str(port), str(log.parent)], port, log) as url:
        yield Served(url, log.parent, log)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path | None = None) -> None:
    """Wait until the process listens at the port; fail, with its log, when it ends before."""
    for _ in range(600):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail(f"the page did not come up: {log.read_text() if log else ''}")


expect.set_options(timeout=30_000)  # a loaded machine takes its time over the first question


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the page in a context of its own (keywords: Playwright's context options).

    Afterwards nothing may have been asked of another host, opened a dialog, or failed.
    """
    watched, contexts = Watched(), []

    def open_(served: str = "served", **options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        watched.follow(page)
        page.goto(request.getfixturevalue(served).url)
        page.wait_for_selector("#question textarea")
        return page

    yield open_
    for context in contexts:
        for page in context.pages:
            assert page.evaluate("window.__pwned") is None
        context.close()
    assert not watched.outside and not watched.dialogs and not watched.errors, watched


@pytest.fixture
def luminance() -> Callable[[str], float]:
    """Relative luminance of a computed colour (WCAG)."""
    return _luminance


@pytest.fixture
def contrast() -> Callable[[Locator], float]:
    """Contrast of an element's text with what lies behind it (WCAG)."""

    def measure(of: Locator) -> float:
        ink, paper = of.evaluate(
            """(one) => {
              let behind = one;
              const paper = () => getComputedStyle(behind).backgroundColor;
              while (/rgba\\(.*, 0\\)/.test(paper()) && behind.parentElement) behind = behind.parentElement;
              return [getComputedStyle(one).color, paper()];
            }"""
        )
        light, dark = sorted((_luminance(ink), _luminance(paper)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    return measure


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
