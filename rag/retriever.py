"""Our search as a LangChain retriever, for those who build their own chains.

Gives passages, not answers: nothing is checked, cited or abstained from. Knows nothing of chat models.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import run_in_executor
from pydantic import Field

from index.archive import Archive
from index.types import Filters, Hit


class OnrecordRetriever(BaseRetriever):
    """Passages of an archive, best first, as documents; safe to use from several threads.

    `filters` say which articles may be found, `asked` is the day from which "last week" counts and around
    which articles are preferred (None: no preference). `invoke` and `ainvoke` take `top_k`, `filters` and
    `asked` too, for one call. See `as_document` for what a document holds.
    """

    archive: Archive
    top_k: Annotated[int, Field(ge=1)] = 10
    filters: Filters = Filters()
    asked: date | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun | None = None,
        top_k: int | None = None,
        filters: Filters | None = None,
        asked: date | None = None,
    ) -> list[Document]:
        hits = self.archive.search(
            query,
            top_k=self.top_k if top_k is None else top_k,
            filters=self.filters if filters is None else filters,
            asked=asked or self.asked,
        )
        return [as_document(hit) for hit in hits]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun | None = None,
        top_k: int | None = None,
        filters: Filters | None = None,
        asked: date | None = None,
    ) -> list[Document]:
        return await run_in_executor(
            None, self._get_relevant_documents, query, top_k=top_k, filters=filters, asked=asked
        )


def as_document(hit: Hit) -> Document:
    """The passage of a hit: its words as the content, its id, and where it is from as metadata.

    `start` and `end` are characters of the article's text (`archive.article(article_id).text[start:end]` is
    the content); `published` is a day in ISO 8601; `score` is higher for better. Unknown is None.
    """
    head, passage = hit.head, hit.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "article_id": head.id,
            "passage_id": passage.id,
            "start": passage.span.start,
            "end": passage.span.end,
            "title": head.title,
            "source": head.source,
            "published": head.published.isoformat() if head.published else None,
            "url": head.url,
            "score": float(hit.score),
        },
    )
