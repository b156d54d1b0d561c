"""Onrecord as it comes: an archive with default settings, searched with and without the day of asking.

Ingest does more than the peers': it cleans the pages and keeps raw and clean text, the offsets between
them and a second copy of the vectors, so its folder holds all that. Articles folded into a hit as
near-copies are ranked right behind it. Its default model is the one whose folder the peers are given.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.peers.protocol import Asked, serve
from index.archive import Archive


class Own:
    """One archive."""

    packages = ("chromadb", "tantivy")
    dated = True

    def __init__(self, folder: Path, model: Path) -> None:
        self._archive = Archive.open(folder)
        self._archive.embedder.embed_queries(["warm"])
        self.settings: dict[str, Any] = {"precision": self._archive.embedder.precision}

    def ingest(self, articles: Path) -> int:
        """See System."""
        self._archive.ingest([articles])
        return int(self._archive.info()["passages"])

    def search(self, asked: Asked, depth: int) -> Iterable[str]:
        """See System."""
        day = date.fromisoformat(asked.day) if asked.day else None
        for hit in self._archive.search(asked.text, top_k=depth, asked=day):
            yield hit.head.id
            yield from (head.id for head in hit.copies)


if __name__ == "__main__":
    serve({"onrecord": Own})
