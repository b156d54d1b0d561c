"""How soon the page is there, and how soon an answer begins, in a real browser over a real archive.

    python -m benchmarks.page_speed HOME SUITE [--questions 50] [--opened 5] [--pause 0]

Serves HOME as people do, opens the page in Chromium in a fresh context each time (first paint, and when a
question can be typed), and asks the first questions of SUITE, ten in a conversation: milliseconds from Enter
until the first words of an answer, or of an abstention, stand on the page. After each answer the page looks
for questions to go on with; a pause (seconds) before the next question lets it end, as a reader would.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from rag.eval.suite import read_suite

PER_CONVERSATION = 10
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
# The clock runs in the page, from the key to the frame that shows the words.
_FIRST_WORDS = """(number) => new Promise((done) => {
  const begun = performance.now();
  const seen = () => {
    const turn = document.querySelectorAll('#thread .turn')[number];
    if (!turn?.querySelector('.said, .abstained, .failed')) return false;
    requestAnimationFrame(() => done(performance.now() - begun));
    return true;
  };
  const watcher = new MutationObserver(() => seen() && watcher.disconnect());
  watcher.observe(document.body, { childList: true, subtree: true });
  document.querySelector('#question textarea').dispatchEvent(
    new KeyboardEvent('keypress', { key: 'Enter', bubbles: true }));
})"""


def main() -> None:
    """Print a line for opening and one for asking."""
    parser = argparse.ArgumentParser(description="Measure the page in a browser.")
    parser.add_argument("home", type=Path)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--opened", type=int, default=5)
    parser.add_argument("--pause", type=float, default=0.0)
    wanted = parser.parse_args()
    questions = [one.text for one in read_suite(wanted.suite).questions if not one.history][
        : wanted.questions
    ]
    with _served(wanted.home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        opened = [_open(browser, address) for _ in range(wanted.opened + 1)][
            1:
        ]  # the first one warms the disk
        _tell("first paint", [paint for paint, _ in opened])
        _tell("question can be typed", [ready for _, ready in opened])
        _tell("Enter to first words", _ask(browser, address, questions, wanted.pause))
        browser.close()


def _tell(what: str, milliseconds: list[float]) -> None:
    p50, p95 = np.percentile(milliseconds, [50, 95])
    print(f"{what}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, n {len(milliseconds)}", flush=True)


def _chromium() -> str:
    from shutil import which

    return next(path for name in CHROMIUM if (path := which(name)))


def _open(browser: Browser, address: str) -> tuple[float, float]:
    """Milliseconds to the first paint, and until the question box is there and takes a letter."""
    page = browser.new_context().new_page()
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("#question textarea").press_sequentially("a")
    ready = 1000 * (time.perf_counter() - begun)
    paint = float(page.evaluate(_PAINT))
    page.context.close()
    return paint, ready


def _ask(browser: Browser, address: str, questions: list[str], pause_s: float) -> list[float]:
    taken = []
    for start in range(0, len(questions), PER_CONVERSATION):
        page = browser.new_context().new_page()
        page.goto(address)
        page.locator("#examples button").first.wait_for()
        for number, question in enumerate(questions[start : start + PER_CONVERSATION]):
            time.sleep(pause_s)
            taken.append(_first_words(page, number, question))
        page.context.close()
    return taken


def _first_words(page: Page, number: int, question: str) -> float:
    page.locator("#question textarea").fill(question)
    taken = float(page.evaluate(_FIRST_WORDS, number))
    page.locator("#question .submit-button").wait_for()
    return taken


@contextmanager
def _served(home: Path) -> Iterator[str]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "rag.cli", "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
