"""Requests and bare words: which are read as questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.imperative import as_question, asks


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Tell me about the port strike", "What happened with the port strike?"),
        ("Please tell us more about it.", "What happened with it?"),
        ("Summarise the flood", "What happened with the flood?"),
        ("Could you give me a summary of the talks?", "What happened with the talks?"),
        ("Tell me what Ada Okoye said about the strike", "What did Ada Okoye say about the strike?"),
        ("Explain why the harbour closed", "Why the harbour closed?"),
        ("What did Okoye tell me about?", "What did Okoye tell me about?"),
        ("strike", "strike"),
        ("Tell", "Tell"),
    ],
)
def test_a_request_is_read_as_a_question(text: str, question: str) -> None:
    assert as_question(text) == question


@pytest.mark.parametrize(
    ("text", "is_question"),
    [
        ("Who won the cup", True),
        ("in which year did the bridge fall", True),
        ("and did she go", True),
        ("Що сказала Окойє?", True),
        ("strike", False),
        ("Okoye strike", False),
        ("Tell me about the strike", False),
        ("", False),
    ],
)
def test_what_is_no_question_is_told(text: str, is_question: bool) -> None:
    assert asks(text) is is_question


@given(st.text(max_size=200))
def test_any_text_will_do(text: str) -> None:
    assert isinstance(as_question(text), str)
