"""txtai as its documentation sets it up: `Embeddings(hybrid=True, content=True)` over segmented text.

Its RAG quick start cuts text first; of the ways its `Segmentation` offers, paragraphs and sections need a
layout that many articles lack, so its sentence chunker (Chonkie) is used, with LangChain's sizes. Dense and
BM25 scores are weighted equally, its default. The title stands above the text, as in a loaded page. The
number of passages to fetch is raised.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.peers.protocol import Asked, read_articles, serve, titled


class Hybrid:
    """Segments in one hybrid index with content storage."""

    packages = ("txtai", "chonkie", "faiss-cpu")
    dated = False

    def __init__(self, folder: Path, model: Path) -> None:
        from txtai import Embeddings
        from txtai.pipeline import Segmentation

        sizes = {"chunk_size": 1000, "chunk_overlap": 200}
        self.settings: dict[str, Any] = {"chunker": "sentence", **sizes, "hybrid": True, "content": True}
        self._folder = folder
        self._segment = Segmentation(chunker="sentence", **sizes)
        self._embeddings = Embeddings(path=str(model), hybrid=True, content=True)
        self._embeddings.batchtransform(["warm"])

    def ingest(self, articles: Path) -> int:
        """See System."""
        rows = (
            (f"{one['id']}#{number}", text)
            for one in read_articles(articles)
            for number, text in enumerate(self._segment(titled(one)))
        )
        self._embeddings.index(rows)
        self._embeddings.save(str(self._folder))
        return int(self._embeddings.count())

    def search(self, asked: Asked, depth: int) -> Iterable[str]:
        """See System."""
        return [found["id"].rpartition("#")[0] for found in self._embeddings.search(asked.text, depth)]


if __name__ == "__main__":
    serve({"txtai": Hybrid})
