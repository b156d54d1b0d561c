"""Who said what in an article: provisional, direct quotations with the nearest reporting verb only."""

from __future__ import annotations

import re

from index.types import Article, Attribution, Span

_QUOTATION = re.compile(r'“([^“”\n]{2,})”|"([^"\n]{2,})"')
_CUE = re.compile(r"\b(?:said|says|told|added|asked|wrote)\b")
_NAME = re.compile(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*|\b[Hh]e\b|\b[Ss]he\b")
_REACH = 60


def attribute(article: Article) -> list[Attribution]:
    """The attributions of the article, in the order of their first content span. Pure."""
    return [
        found
        for match in _QUOTATION.finditer(article.text)
        if (found := _attribution(article, Span(*match.span(match.lastindex or 0))))
    ]


def _attribution(article: Article, content: Span) -> Attribution | None:
    after = Span(content.end, min(len(article.text), content.end + _REACH) + 1)
    cue = _CUE.search(article.text, after.start, after.end)
    if cue is None:
        return None
    name = _NAME.search(article.text, content.end, cue.start()) or _NAME.search(article.text, cue.end())
    source = () if name is None or name.start() > after.end else (Span(*name.span()),)
    speaker = source[0].of(article.text) if source and source[0].of(article.text)[0].isupper() else ""
    return Attribution(article.id, (content,), source, (Span(*cue.span()),), speaker, quoted=True)
