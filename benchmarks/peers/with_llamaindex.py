"""LlamaIndex as its documentation sets it up: the starter tutorial with local models, and smaller chunks.

Starter (developers.llamaindex.ai, "Starter Tutorial (Using Local LLMs)"): `HuggingFaceEmbedding`,
`VectorStoreIndex.from_documents` with the default `SentenceSplitter` (1,024 tokens, 200 overlap), persisted
to a folder. Title, outlet and day are metadata, which LlamaIndex embeds with each chunk by default. As the
model reads 256 tokens and silently drops the rest, the same is also run with chunks that fit ("I want to
parse my documents into smaller chunks" in its FAQ). The number of passages to fetch is raised. Tokens are
counted by tiktoken, sentences found by NLTK; the data of both come inside llama-index-core.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.peers.protocol import Asked, read_articles, serve


class Starter:
    """Documents with metadata in a VectorStoreIndex."""

    packages = ("llama-index-core", "llama-index-embeddings-huggingface")
    dated = False

    def __init__(self, folder: Path, model: Path, **splitter: int) -> None:
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._folder = folder
        self._splitter = SentenceSplitter(**splitter)
        self._embed = HuggingFaceEmbedding(model_name=str(model))
        self._embed.get_text_embedding("warm")
        self.settings: dict[str, Any] = {
            "chunk_size": self._splitter.chunk_size,
            "chunk_overlap": self._splitter.chunk_overlap,
        }

    def ingest(self, articles: Path) -> int:
        """See System."""
        from llama_index.core import Document, VectorStoreIndex

        documents = [
            Document(text=one["text"], doc_id=one["id"], metadata=_facts(one))
            for one in read_articles(articles)
        ]
        self._index = VectorStoreIndex.from_documents(
            documents, transformations=[self._splitter], embed_model=self._embed
        )
        self._index.storage_context.persist(str(self._folder))
        return len(self._index.docstore.docs)

    def search(self, asked: Asked, depth: int) -> Iterable[str]:
        """See System."""
        retriever = self._index.as_retriever(similarity_top_k=depth)
        return [found.node.ref_doc_id for found in retriever.retrieve(asked.text)]


def _facts(article: dict[str, Any]) -> dict[str, str]:
    told = {name: article.get(name) for name in ("title", "source", "published")}
    return {name: value for name, value in told.items() if value}


if __name__ == "__main__":
    fitting = partial(Starter, chunk_size=256, chunk_overlap=20)
    serve({"llamaindex": Starter, "llamaindex-256": fitting})
