"""Attributions derived beside the other work of an ingest: in a thread of its own, while articles are
embedded and stored, which keep one core busy only in part."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from index.attributions import Derived, derive
from index.stages import Stages
from index.types import Article


class Deriving:
    """Derives what it is given, in that order. Left early, what has not begun is dropped."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="attribute")
        self._begun: dict[str, Future[Derived]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def begin(self, article: Article) -> None:
        """Derive the attributions of a cleaned article, as soon as those before it are done."""
        self._begun[article.id] = self._thread.submit(derive, self._stages, article)

    def take(self, article_id: str) -> Derived:
        """What was derived for an article that was begun; waits for it. Once for each."""
        return self._begun.pop(article_id).result()
