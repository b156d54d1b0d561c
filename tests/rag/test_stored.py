"""Answers as they are kept: read back they are the very same, and what cannot be read says so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.types import ArticleHead, Hit, Passage, Span
from rag.assistant import Assistant
from rag.errors import StoredError
from rag.stored import VERSION, read_answer, write_answer
from rag.types import Answer, Citation, Claim, Turn, Version

QUESTIONS = (
    "What did Peskov say about the truce?",
    "Who won the prize for the best dancing bear?",
    "How many people were evacuated?",
    "What did Zelensky say?",
)

WORDS = st.text(st.characters(codec=None), max_size=20)
SUPPORT = st.sampled_from(["verbatim", "supported", "unsupported"])
SPANS = st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)).map(lambda pair: Span(pair[0], sum(pair)))
HEADS = st.builds(
    ArticleHead, WORDS, WORDS, st.none() | WORDS, st.none() | st.dates(date(1900, 1, 1)), st.none() | WORDS
)
NUMBERS = st.floats(allow_nan=False)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
VERSIONS = st.builds(Version, HEADS, WORDS, SPANS, WORDS, WORDS, st.booleans())
CITATIONS = st.builds(
    Citation,
    *(st.integers(1, 99), HEADS, WORDS, SPANS, WORDS, SPANS, SUPPORT),
    st.lists(HEADS, max_size=2).map(tuple),
    st.lists(VERSIONS, max_size=2).map(tuple),
)
PASSAGES = st.builds(Passage, WORDS, WORDS, SPANS, WORDS, st.lists(SPANS, max_size=2).map(tuple))
HITS = st.builds(
    Hit,
    *(PASSAGES, HEADS, NUMBERS, st.dictionaries(WORDS, NUMBERS, max_size=2)),
    st.lists(HEADS, max_size=2).map(tuple),
)


def answers(instead: st.SearchStrategy[Answer | None]) -> st.SearchStrategy[Answer]:
    """Answers of any kind, with one of these in their stead."""
    return st.builds(
        Answer,
        *(WORDS, WORDS, WORDS, st.lists(CITATIONS, max_size=2).map(tuple)),
        *(st.lists(HITS, max_size=2).map(tuple), st.booleans(), st.dictionaries(WORDS, VALUES, max_size=3)),
        st.none() | st.integers(0, 9),
        st.lists(st.builds(Claim, SPANS, SUPPORT, NUMBERS, WORDS), max_size=2).map(tuple),
        st.booleans(),
        WORDS,
        instead,
    )


@given(answers(st.none() | answers(st.none())))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_answer_comes_back_as_it_was(answer: Answer) -> None:
    assert read_answer(write_answer(answer)) == answer


def test_real_answers_come_back_as_they_were(samples: Assistant) -> None:
    turns: tuple[Turn, ...] = ()
    for question in QUESTIONS:
        answer = samples.ask(question, history=turns)
        kept = write_answer(answer)
        assert read_answer(kept) == answer and read_answer(write_answer(read_answer(kept))) == answer
        assert kept.isascii() and "\n" not in kept
        turns = (*turns, Turn("user", question), Turn("assistant", answer.text))


def test_a_head_is_written_once() -> None:
    head = ArticleHead("a1", "A headline told many times")
    hit = Hit(Passage("p", "a1", Span(0, 3), "one"), head, 1.0, copies=(head,))
    assert write_answer(Answer("q", "t", "r", hits=(hit, hit))).count("headline") == 1


def test_numbers_of_other_kinds_become_plain_ones() -> None:
    import numpy as np

    hit = Hit(Passage("p", "a1", Span(0, 3), "one"), ArticleHead("a1", ""), np.float32(0.5))
    assert read_answer(write_answer(Answer("q", "t", "r", hits=(hit,)))).hits[0].score == 0.5


@pytest.mark.parametrize(
    "told", ["", "{}", "[]", "nonsense", "null", '{"version": 1, "heads": [], "answer": {}}']
)
def test_what_is_no_answer_is_refused(told: str) -> None:
    with pytest.raises(StoredError, match="cannot be read"):
        read_answer(told)


def test_an_answer_of_a_later_release_is_refused() -> None:
    record: dict[str, Any] = json.loads(write_answer(Answer("q", "t", "r")))
    with pytest.raises(StoredError, match=f"version {VERSION + 1}, wanted {VERSION}"):
        read_answer(json.dumps(record | {"version": VERSION + 1}))


def test_spans_that_are_none_are_refused() -> None:
    cited = Citation(1, ArticleHead("a1", ""), "p", Span(0, 3), "one", Span(0, 3))
    record = json.loads(write_answer(replace(Answer("q", "t", "r"), citations=(cited,))))
    record["answer"]["citations"][0]["span"] = [9, 3]
    with pytest.raises(StoredError, match="cannot be read"):
        read_answer(json.dumps(record))
