"""A small real system: ranks articles by how many words they share with the question.

With `FAKE_PEER` in the environment it misbehaves as that says.
"""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

from benchmarks.peers.protocol import Asked, read_articles, serve, titled

FAULT = os.environ.get("FAKE_PEER", "")


class Words:
    """Counts shared words; told a day, it puts articles of that day first."""

    settings = MappingProxyType({"case": "folded"})
    packages = ("pip",)
    dated = True

    def __init__(self, folder: Path, model: Path) -> None:
        print("loading", model)  # libraries print too: must not disturb the events
        self._folder = folder
        if FAULT == "raise":
            raise RuntimeError("no such model")

    def ingest(self, articles: Path) -> int:
        self._articles = list(read_articles(articles))
        (self._folder / "index").write_text("x" * 1024)
        if FAULT == "connect":
            socket.create_connection(("192.0.2.1", 80), timeout=1)
        return 2 * len(self._articles)

    def search(self, asked: Asked, depth: int) -> Iterable[str]:
        def likeness(article: dict[str, str]) -> tuple[bool, int]:
            told = asked.day is not None and asked.day == article["published"]
            return told, len(words(asked.text) & words(titled(article)))

        for article in sorted(self._articles, key=likeness, reverse=True)[:depth]:
            yield from (article["id"], article["id"])


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


if __name__ == "__main__":
    if FAULT == "exit":
        sys.exit(3)
    if FAULT == "babble":
        print("hello", flush=True)
    serve({"words": Words})
