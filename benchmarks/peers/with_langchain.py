"""LangChain as its documentation sets it up: the RAG tutorial, and the ensemble of it with BM25.

Tutorial (docs.langchain.com, "Build a RAG agent", vector store "Chroma", embeddings "HuggingFace"):
`RecursiveCharacterTextSplitter(1000, 200)`, `Chroma` with a folder to persist in, `similarity_search`.
Ensemble (how-to "combine results from multiple retrievers"): `BM25Retriever` and the vector store's
retriever, weights .5 and .5. The number of passages to fetch is raised; all else is theirs. The title
stands above the text, as in a loaded page. BM25 lives in memory only and is made again at each start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.protocol import Asked, read_articles, serve, titled


class Tutorial:
    """Splitter, embeddings, Chroma, similarity search."""

    packages: tuple[str, ...] = (
        "langchain-chroma",
        "langchain-huggingface",
        "langchain-text-splitters",
        "chromadb",
    )
    dated = False

    def __init__(self, folder: Path, model: Path) -> None:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        self.settings: dict[str, Any] = {"chunk_size": 1000, "chunk_overlap": 200}
        self._splitter = RecursiveCharacterTextSplitter(**self.settings, add_start_index=True)
        embeddings = HuggingFaceEmbeddings(model_name=str(model))
        embeddings.embed_query("warm")
        self._store = Chroma(
            collection_name="articles", embedding_function=embeddings, persist_directory=str(folder)
        )

    def ingest(self, articles: Path) -> int:
        """See System."""
        return len(self._add(articles))

    def _add(self, articles: Path) -> Sequence[Any]:
        from langchain_core.documents import Document

        pages = [Document(page_content=titled(one), metadata=_facts(one)) for one in read_articles(articles)]
        splits: list[Any] = self._splitter.split_documents(pages)
        most = self._store._client.get_max_batch_size()  # more in one call is an error
        for start in range(0, len(splits), most):
            self._store.add_documents(documents=splits[start : start + most])
        return splits

    def search(self, asked: Asked, depth: int) -> Iterable[str]:
        """See System."""
        found = self._store.similarity_search_with_score(asked.text, k=depth)
        return [document.metadata["article"] for document, _ in found]


class Ensemble(Tutorial):
    """The tutorial's store and BM25, fused by reciprocal rank."""

    packages = (*Tutorial.packages, "langchain-classic", "langchain-community", "rank-bm25")

    def __init__(self, folder: Path, model: Path) -> None:
        super().__init__(folder, model)
        self.settings |= {"retrievers": ["BM25Retriever", "Chroma"], "weights": [0.5, 0.5]}

    def ingest(self, articles: Path) -> int:
        """See System."""
        from langchain_community.retrievers import BM25Retriever

        splits = self._add(articles)
        self._lexical = BM25Retriever.from_documents(splits)
        return len(splits)

    def search(self, asked: Asked, depth: int) -> Iterable[str]:
        """See System."""
        from langchain_classic.retrievers import EnsembleRetriever

        self._lexical.k = depth
        dense = self._store.as_retriever(search_kwargs={"k": depth})
        both = EnsembleRetriever(retrievers=[self._lexical, dense], weights=self.settings["weights"])
        return [document.metadata["article"] for document in both.invoke(asked.text)[:depth]]


def _facts(article: dict[str, Any]) -> dict[str, str]:
    told = {name: article.get(name) for name in ("title", "source", "published")}
    return {"article": article["id"], **{name: value for name, value in told.items() if value}}


if __name__ == "__main__":
    serve({"langchain": Tutorial, "langchain-ensemble": Ensemble})
