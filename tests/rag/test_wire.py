"""The JSON shapes: exact keys, plain values, valid JSON whatever the texts hold."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article, ArticleHead, Hit, Passage, Span, Unreadable
from rag.types import Answer, Citation, Claim
from rag.wire import answer_json, article_json, dumps, hit_json, plain, removed_json, report_json, search_json

TEXT = "The ferry sailed at noon. “We were late,” the captain said."
HEAD = ArticleHead(
    "ferry-1", "Ferry sails", "Sample Herald", date(2023, 3, 31), "https://herald.example/ferry"
)
UNKNOWN = ArticleHead("ferry-2", "")
PASSAGE = Passage("p1", "ferry-1", Span(0, len(TEXT)), TEXT, (Span(0, 25), Span(26, len(TEXT))))
HIT = Hit(PASSAGE, HEAD, 0.5, {"dense": 0.25, "lexical": float("nan")}, (UNKNOWN,))
ANSWER = Answer(
    question="When did the ferry sail?",
    text="The ferry sailed at noon. [1]",
    raw="The ferry sailed at noon.",
    citations=(Citation(1, HEAD, "p1", Span(0, 25), TEXT[:25], Span(26, 29)),),
    hits=(HIT,),
    trace={"query": "ferry sail", "timings": {"search": 1.5}, "asked": date(2023, 4, 1)},
)


def test_an_answer_has_the_agreed_keys() -> None:
    told = json.loads(dumps(answer_json(ANSWER)))
    assert {"question", "text", "abstained", "citations", "hits", "trace"} <= set(told)
    citation, hit = told["citations"][0], told["hits"][0]
    assert {"marker", "article_id", "title", "source", "published", "url"} <= set(citation)
    assert {"start", "end", "evidence", "support"} <= set(citation)
    assert {"article_id", "start", "end", "score", "title", "source", "published"} <= set(hit)


def test_an_answer_says_what_the_answer_holds() -> None:
    told = json.loads(dumps(answer_json(ANSWER)))
    citation = told["citations"][0]
    assert TEXT[citation["start"] : citation["end"]] == citation["evidence"] == "The ferry sailed at noon."
    assert (citation["marker"], citation["support"], citation["published"]) == (1, "verbatim", "2023-03-31")
    start, end = citation["at"]
    assert told["text"][start:end] == "[1]"
    assert told["trace"] == {"query": "ferry sail", "timings": {"search": 1.5}, "asked": "2023-04-01"}
    assert told["abstained"] is False


def test_a_written_answer_tells_claims_and_how_it_ended() -> None:
    claim = Claim(Span(0, 25), "unsupported", float("nan"), "the hour is not in the source")
    broken = replace(ANSWER, claims=(claim,), problem="it broke", instead=ANSWER)
    told = json.loads(dumps(answer_json(broken)))
    assert told["claims"] == [
        {"start": 0, "end": 25, "support": "unsupported", "score": None, "reason": claim.reason}
    ]
    assert told["problem"] == "it broke" and "done" not in told
    assert told["instead"] == json.loads(dumps(answer_json(ANSWER)))
    plain = answer_json(ANSWER)
    assert (plain["claims"], plain["problem"], plain["instead"]) == ([], "", None)
    assert answer_json(replace(ANSWER, done=False))["done"] is False


def test_a_hit_is_told_with_its_copies_and_unknown_stays_null() -> None:
    told = hit_json(HIT)
    assert (told["start"], told["end"], told["text"]) == (0, len(TEXT), TEXT)
    assert (told["score"], told["passage_id"], told["url"]) == (0.5, "p1", HEAD.url)
    assert told["parts"] == {"dense": 0.25, "lexical": None}
    nothing = {"title": "", "source": None, "published": None, "url": None}
    assert told["copies"] == [{"article_id": "ferry-2", **nothing}]


def test_a_search_keeps_the_order_of_its_hits() -> None:
    other = Hit(PASSAGE, UNKNOWN, 0.25)
    told = search_json("ferry", [HIT, other])
    assert told["query"] == "ferry"
    assert [hit["score"] for hit in told["hits"]] == [0.5, 0.25]


@dataclass(frozen=True)
class Counts:
    """A report as the archive gives one."""

    added: int = 2
    changed: int = 1
    unchanged: int = 0
    gone: int = 3
    removed: int = 3
    passages: int = 12
    unreadable: tuple[Unreadable, ...] = (Unreadable("a.pdf", "is empty"),)
    unattributed: tuple[Unreadable, ...] = (Unreadable("b.txt", "could not be told"),)
    seconds: float = 1.23456


@dataclass(frozen=True)
class Notice:
    """Something cleaning took out."""

    span: Span
    text: str
    reason: str


def test_a_report_tells_counts_and_what_was_not_read() -> None:
    told = report_json(Counts())
    assert [told[key] for key in ("added", "changed", "unchanged", "removed", "passages")] == [2, 1, 0, 3, 12]
    assert told["unreadable"] == [{"origin": "a.pdf", "reason": "is empty"}]
    assert told["unattributed"] == [{"origin": "b.txt", "reason": "could not be told"}]
    assert told["seconds"] == 1.235


def test_an_article_and_what_was_removed() -> None:
    told = article_json(Article("ferry-1", "Ferry sails", TEXT, published=date(2023, 3, 31), language="en"))
    assert (told["article_id"], told["text"], told["published"]) == ("ferry-1", TEXT, "2023-03-31")
    assert (told["author"], told["language"]) == (None, "en")
    assert removed_json([Notice(Span(3, 9), "Share!", "notice")]) == [
        {"start": 3, "end": 9, "reason": "notice", "text": "Share!"}
    ]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (math.inf, None),
        (np.float64("nan"), None),
        ((1, {"a": [date(2022, 1, 2)]}), [1, {"a": ["2022-01-02"]}]),
        (Span, str(Span)),
    ],
)
def test_plain_values(value: object, wanted: object) -> None:
    assert plain(value) == wanted


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(JSON, st.sampled_from(["utf-8", "ascii", "cp1252"]))
def test_whatever_is_told_can_be_written_and_read_back(value: Any, encoding: str) -> None:
    written = dumps({"value": value}, encoding).encode(encoding)
    assert json.loads(written.decode(encoding)) == {"value": plain(value)}
