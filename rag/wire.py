"""The JSON shapes of the command line: answers, hits, articles, reports as plain values.

Every function returns what `json.dumps` takes as it is: days as ISO text, None where unknown, no
number that is not finite. Knows nothing of terminals, files or how an answer came about.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from index.types import Article, ArticleHead, Hit, Span
from rag.types import Answer, Citation, Claim, Exchange, Version

if TYPE_CHECKING:
    from index.build import BuildReport
    from index.cleaning.offsets import Removed
    from index.fetching.feeds import Followed
    from index.listing import Entry
    from index.quotes import Quote, Quotes
    from rag.conversations import Conversation, Kept


def plain(value: object) -> Any:
    """The value as JSON has it: mappings, lists, text, finite numbers, true, false, null."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return _number_or_text(value)


def _number_or_text(value: object) -> Any:
    """Scalars of number libraries carry `item()`; whatever else is left is told as text."""
    item = getattr(value, "item", None)
    return plain(item()) if callable(item) else str(value)


def dumps(value: object, encoding: str = "utf-8") -> str:
    """One JSON document, in characters that `encoding` can write."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(plain(value), ensure_ascii=True, indent=2, allow_nan=False)
    return text


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def head_json(head: ArticleHead) -> dict[str, Any]:
    """An article without its text: article_id, title, source, published, url."""
    return {
        "article_id": head.id,
        "title": head.title,
        "source": head.source,
        "published": _day(head.published),
        "url": head.url,
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit: its article's head, `start` and `end` in the article's text, score, text, copies."""
    return {
        **head_json(hit.head),
        "start": hit.passage.span.start,
        "end": hit.passage.span.end,
        "score": plain(hit.score),
        "passage_id": hit.passage.id,
        "text": hit.passage.text,
        "parts": plain(hit.parts),
        "copies": [head_json(head) for head in hit.copies],
    }


def version_json(version: Version) -> dict[str, Any]:
    """Another article's version of what is cited: its head, evidence, `start` and `end` in its text."""
    told = {"what": version.what, "later": version.later} if version.what else {}
    return {
        **head_json(version.head),
        "start": version.span.start,
        "end": version.span.end,
        "evidence": version.evidence,
        **told,
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation: marker, the article's head, `start` and `end` in its text, evidence, support, copies.

    "agreements" are other outlets' sentences that bear it out, "differs" those with another number, day or
    word in one place ("what": cited / theirs; "later" when it is a later report with another number).
    """
    return {
        "marker": citation.marker,
        **head_json(citation.head),
        "start": citation.span.start,
        "end": citation.span.end,
        "evidence": citation.evidence,
        "support": citation.support,
        "passage_id": citation.passage_id,
        "at": [citation.at.start, citation.at.end],
        "copies": [head_json(head) for head in citation.copies],
        "agreements": [version_json(one) for one in citation.versions if not one.what],
        "differs": [version_json(one) for one in citation.versions if one.what],
    }


def claim_json(claim: Claim) -> dict[str, Any]:
    """A sentence of the answer: `start` and `end` in its text, support, score (0..1), reason."""
    return {
        "start": claim.at.start,
        "end": claim.at.end,
        "support": claim.support,
        "score": plain(claim.score),
        "reason": claim.reason,
    }


def answer_json(answer: Answer, choices: Sequence[str] = ()) -> dict[str, Any]:
    """The answer with its citations and claims (order of the text), hits (best first) and trace.

    With the options of the question also "choice", the one taken, and "choice_index", counted from 0. One
    that is still being written has "done": false; "instead" is an answer or null.
    """
    taken = answer.choice if choices else None
    chosen = {} if taken is None else {"choice": choices[taken], "choice_index": taken}
    return {
        **chosen,
        "question": answer.question,
        "text": answer.text,
        "abstained": answer.abstained,
        "citations": [citation_json(citation) for citation in answer.citations],
        "claims": [claim_json(claim) for claim in answer.claims],
        "hits": [hit_json(hit) for hit in answer.hits],
        "problem": answer.problem,
        "instead": None if answer.instead is None else answer_json(answer.instead),
        "trace": plain(answer.trace),
        "raw": answer.raw,
        **({} if answer.done else {"done": False}),
    }


def conversation_json(conversation: Conversation) -> dict[str, Any]:
    """A conversation without what was said; `questions` are counted, the times are UTC."""
    return {
        "id": conversation.key,
        "title": conversation.title,
        "created": conversation.created,
        "updated": conversation.updated,
        "questions": conversation.exchanges,
    }


def kept_json(kept: Kept) -> dict[str, Any]:
    """A conversation with its exchanges, oldest first; those that cannot be read are left out."""
    pairs = zip(kept.exchanges, kept.asked, strict=True)
    return {
        **conversation_json(kept.conversation),
        "exchanges": [_exchange_json(exchange, asked) for exchange, asked in pairs],
    }


def _exchange_json(exchange: Exchange, asked: str) -> dict[str, Any]:
    told = exchange.feedback
    judged = {"verdict": told.verdict, "reason": told.reason, "note": told.note} if told else None
    return {
        "asked": asked,
        "limits": exchange.limits,
        "stopped": exchange.stopped,
        "feedback": judged if told and told.verdict else None,
        "answer": answer_json(exchange.answer),
    }


def search_json(query: str, hits: Iterable[Hit]) -> dict[str, Any]:
    """A query and its hits, best first."""
    return {"query": query, "hits": [hit_json(hit) for hit in hits]}


def report_json(report: BuildReport) -> dict[str, Any]:
    """What an ingest did, counted in articles but for `passages`; what could not be read and why."""
    return {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "gone": report.gone,
        "removed": report.removed,
        "passages": report.passages,
        "seconds": round(report.seconds, 3),
        "unreadable": [{"origin": one.origin, "reason": one.reason} for one in report.unreadable],
        "unattributed": [{"origin": one.origin, "reason": one.reason} for one in report.unattributed],
    }


def article_json(article: Article) -> dict[str, Any]:
    """An article with its cleaned text, to which every offset refers."""
    return {
        **head_json(article.head),
        "author": article.author,
        "language": article.language,
        "text": article.text,
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """A line of the list of articles: the head, `state` "done" or "pending", where it came from."""
    return {
        **head_json(entry),
        "language": entry.language,
        "passages": entry.passages,
        "state": entry.state,
        "origin": entry.origin,
        "added_at": entry.added_at,
    }


def feed_json(feed: Followed) -> dict[str, Any]:
    """A followed feed with the last look at it and when the next is due, in UTC; `looked_at` null before."""
    return {
        "url": feed.url,
        "title": feed.title,
        "added_at": feed.added_at.isoformat(),
        "looked_at": feed.looked_at.isoformat() if feed.looked_at else None,
        "outcome": feed.outcome,
        "failures": feed.failures,
        "due_at": feed.due_at.isoformat(),
    }


def quote_json(quote: Quote) -> dict[str, Any]:
    """A statement: who (`speaker` the label, `named` as the article has it), the words at their places,
    when it was said as far as is known, the article; `also` are the others that carry it."""
    one, head = quote.attribution, quote.head
    return {
        "speaker": quote.speaker or None,
        "named": one.speaker or None,
        "content": _spans_json(one.content, quote.words),
        "source": _spans_json(one.source, quote.named),
        "cue": _spans_json(one.cue, quote.cue),
        "quoted": one.quoted,
        "said_on": _day(one.said_on),
        "said_precision": one.said_precision,
        "article_id": head.id,
        "title": head.title,
        "outlet": head.source,
        "published": _day(head.published),
        "url": head.url,
        "also": [head_json(other) for other in quote.also],
    }


def _spans_json(spans: Iterable[Span], words: Iterable[str]) -> list[dict[str, Any]]:
    return [
        {"start": span.start, "end": span.end, "text": text} for span, text in zip(spans, words, strict=True)
    ]


def quotes_json(found: Quotes) -> dict[str, Any]:
    """Statements in order of time; `n` counts those that a limit left out too."""
    return {
        "quotes": [quote_json(quote) for quote in found.quotes],
        "n": found.total,
        "speakers": list(found.speakers),
        "nearest": list(found.nearest),
    }


def removed_json(cuts: Iterable[Removed]) -> list[dict[str, Any]]:
    """What cleaning took out; `start` and `end` count in the raw text."""
    return [
        {"start": cut.span.start, "end": cut.span.end, "reason": cut.reason, "text": cut.text} for cut in cuts
    ]
