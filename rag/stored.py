"""Answers as they are kept: to JSON and back, with nothing lost.

`rag.wire` tells an answer to others and may round or leave out; this is for ourselves. Compact: each
article's head is written once and named by its place in `heads`; spans are pairs. A record says its
version; one of another is refused, never guessed at. Knows nothing of where records are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, cast

from index.types import ArticleHead, Hit, Passage, Span
from rag.errors import StoredError
from rag.types import Answer, Citation, Claim, Support, Version
from rag.wire import plain

VERSION = 1
Heads = dict[ArticleHead, int]


def write_answer(answer: Answer) -> str:
    """The answer as one line of JSON in ASCII."""
    heads: Heads = {}
    told = _answer(answer, heads)
    record = {"version": VERSION, "heads": [_head(head) for head in heads], "answer": told}
    return json.dumps(record, separators=(",", ":"), default=plain)


def read_answer(text: str) -> Answer:
    """The answer that `write_answer` wrote. Raises StoredError for anything else."""
    try:
        record = json.loads(text)
        version = record["version"]
        if version != VERSION:
            raise StoredError(
                f"found an answer of version {version}, wanted {VERSION}: use the release that wrote it"
            )
        return _read_answer(record["answer"], [_read_head(*fields) for fields in record["heads"]])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise StoredError(
            f"found an answer that cannot be read ({type(error).__name__}), wanted one of version {VERSION}: "
            "delete its conversation"
        ) from error


# --- to JSON -----------------------------------------------------------------------------------


def _place(head: ArticleHead, heads: Heads) -> int:
    return heads.setdefault(head, len(heads))


def _head(head: ArticleHead) -> list[Any]:
    return [head.id, head.title, head.source, head.published and head.published.isoformat(), head.url]


def _span(span: Span) -> list[int]:
    return [span.start, span.end]


def _answer(answer: Answer, heads: Heads) -> dict[str, Any]:
    return {
        "question": answer.question,
        "text": answer.text,
        "raw": answer.raw,
        "citations": [_citation(one, heads) for one in answer.citations],
        "hits": [_hit(one, heads) for one in answer.hits],
        "abstained": answer.abstained,
        "trace": dict(answer.trace),
        "choice": answer.choice,
        "claims": [[*_span(one.at), one.support, one.score, one.reason] for one in answer.claims],
        "done": answer.done,
        "problem": answer.problem,
        "instead": answer.instead and _answer(answer.instead, heads),
    }


def _citation(one: Citation, heads: Heads) -> dict[str, Any]:
    return {
        "marker": one.marker,
        "head": _place(one.head, heads),
        "passage": one.passage_id,
        "span": _span(one.span),
        "evidence": one.evidence,
        "at": _span(one.at),
        "support": one.support,
        "copies": [_place(head, heads) for head in one.copies],
        "versions": [
            [_place(v.head, heads), v.passage_id, _span(v.span), v.evidence, v.what, v.later]
            for v in one.versions
        ],
    }


def _hit(one: Hit, heads: Heads) -> dict[str, Any]:
    passage = one.passage
    return {
        "passage": [passage.id, passage.article_id, _span(passage.span), passage.text],
        "sentences": [_span(span) for span in passage.sentences],
        "head": _place(one.head, heads),
        "score": one.score,
        "parts": dict(one.parts),
        "copies": [_place(head, heads) for head in one.copies],
    }


# --- from JSON ---------------------------------------------------------------------------------


def _read_head(id_: str, title: str, source: str | None, day: str | None, url: str | None) -> ArticleHead:
    return ArticleHead(id_, title, source, None if day is None else date.fromisoformat(day), url)


def _read_answer(told: Mapping[str, Any], heads: Sequence[ArticleHead]) -> Answer:
    return Answer(
        question=told["question"],
        text=told["text"],
        raw=told["raw"],
        citations=tuple(_read_citation(one, heads) for one in told["citations"]),
        hits=tuple(_read_hit(one, heads) for one in told["hits"]),
        abstained=told["abstained"],
        trace=MappingProxyType(told["trace"]),
        choice=told["choice"],
        claims=tuple(
            Claim(Span(start, end), cast(Support, support), score, reason)
            for start, end, support, score, reason in told["claims"]
        ),
        done=told["done"],
        problem=told["problem"],
        instead=None if told["instead"] is None else _read_answer(told["instead"], heads),
    )


def _read_citation(told: Mapping[str, Any], heads: Sequence[ArticleHead]) -> Citation:
    return Citation(
        told["marker"],
        heads[told["head"]],
        told["passage"],
        Span(*told["span"]),
        told["evidence"],
        Span(*told["at"]),
        told["support"],
        tuple(heads[place] for place in told["copies"]),
        tuple(
            Version(heads[place], passage_id, Span(*span), evidence, what, later)
            for place, passage_id, span, evidence, what, later in told["versions"]
        ),
    )


def _read_hit(told: Mapping[str, Any], heads: Sequence[ArticleHead]) -> Hit:
    id_, article_id, span, text = told["passage"]
    passage = Passage(id_, article_id, Span(*span), text, tuple(Span(*one) for one in told["sentences"]))
    copies = tuple(heads[place] for place in told["copies"])
    return Hit(passage, heads[told["head"]], told["score"], MappingProxyType(told["parts"]), copies)
