from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.rewrite import standalone
from rag.types import Turn

STRIKE = (
    "What did Ada Okoye say about the port strike?",
    "Harbour master Ada Okoye: “It will end.” [1]",
)
WHO = ("Who called the strike?", "Tom Reyes called the strike on Monday, the union said. [1]")
CITY = ("What happened in Port Stanley?", "A bridge fell. [1]")


def turns(pair: tuple[str, str]) -> list[Turn]:
    return [Turn("user", pair[0]), Turn("assistant", pair[1])]


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (STRIKE, "And how did the mayor react to it?", "How did the mayor react to the port strike?"),
        (STRIKE, "What about Tom Reyes?", "What did Tom Reyes say about the port strike?"),
        (STRIKE, "Where was she born?", "Where was Ada Okoye born?"),
        (WHO, "When is his trial?", "When is Tom Reyes's trial?"),
        (CITY, "How many people live there?", "How many people live in Port Stanley?"),
        (STRIKE, "Who won the cup in Lagos?", "Who won the cup in Lagos?"),
    ],
)
def test_follow_up(before: tuple[str, str], question: str, whole: str) -> None:
    assert standalone(question, turns(before)) == whole


def test_without_history_nothing_changes() -> None:
    assert standalone("What did he say about it?", []) == "What did he say about it?"


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=120))
def test_any_conversation_gives_a_question(before: str, answer: str, question: str) -> None:
    assert isinstance(standalone(question, turns((before, answer))), str)
