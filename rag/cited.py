"""What answers hold of an article: the words at its spans, as they stood when it was cited.

Pure. It tells whether an article still says what it was cited for; spans are compared, never searched for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.types import Article, ArticleHead, Span
from rag.types import Answer, Exchange


@dataclass(frozen=True, slots=True)
class Words:
    """Words of an article at their place."""

    head: ArticleHead
    span: Span
    text: str


def words_of(exchanges: Iterable[Exchange], article_id: str, spans: Sequence[Span]) -> list[Words]:
    """What the answers hold at these spans of the article, in the order of the spans; once each."""
    held = {
        one.span: one
        for exchange in exchanges
        for answer in (exchange.answer, exchange.answer.instead)
        if answer
        for one in _held(answer)
        if one.head.id == article_id
    }
    return [held[span] for span in dict.fromkeys(spans) if span in held]


def stale(article: Article, words: Iterable[Words]) -> list[Words]:
    """Those that do not stand in the article any more."""
    return [one for one in words if one.span.of(article.text) != one.text]


def _held(answer: Answer) -> Iterator[Words]:
    for hit in answer.hits:
        yield Words(hit.head, hit.passage.span, hit.passage.text)
    for citation in answer.citations:
        yield Words(citation.head, citation.span, citation.evidence)
        for version in citation.versions:
            yield Words(version.head, version.span, version.evidence)
