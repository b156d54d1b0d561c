"""Serves the page over an assistant that writes slowly: `python slow_page.py PORT`.

It writes one word in a fifth of a second, for ever where the question says so, and notes on stdout
when it began and when it was stopped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.types import Article
from rag.page import launch
from rag.types import Answer


class Archive:
    """One article."""

    home = Path("nowhere")

    def article(self, article_id: str) -> Article:
        """The article, whatever its id."""
        return Article(article_id, "A slow story", "Word after word.")

    def list(self, words: str = "", **_: Any) -> tuple[list[Any], int]:
        """Nothing to list."""
        return [], 0

    def sources(self) -> tuple[str, ...]:
        """No outlets."""
        return ()

    def info(self) -> dict[str, Any]:
        """One article."""
        return {"articles": 1, "passages": 1, "sources": 0, "first": None, "last": None}


class Assistant:
    """Writes its answer word by word."""

    archive = Archive()

    def ask(self, question: str, **_: Any) -> Answer:
        """The whole answer."""
        return list(self.stream(question))[-1]

    def stream(self, question: str, **_: Any) -> Iterator[Answer]:
        """The answer as it grows."""
        print("began", flush=True)
        text = ""
        try:
            for n in range(10_000 if "ever" in question else 5):
                text += f"word{n} "
                yield Answer(question, text, text)
                time.sleep(0.2)
            print("ended", flush=True)
        finally:
            print("left", flush=True)


if __name__ == "__main__":
    launch(Assistant(), port=int(sys.argv[1]))  # type: ignore[arg-type]
