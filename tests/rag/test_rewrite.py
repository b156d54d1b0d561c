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
MISSION = (
    "Who led the Norish delegation?",
    "Several Norish ministers arrived on Monday. [1] The group was led by Norish President Tom Reyes, who "
    "had flown in from Hale. [2]",
)
COUNTED = ("How many houses burned in Tarn?", "The fire took 12 houses, Mayor Ada Okoye said. [1]")
NOBODY = ("How did the harbour board react to the port strike?", "The articles do not answer this.")
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
        (STRIKE, "And how did the US react?", "How did the US react to the port strike?"),
        (STRIKE, "And Tom Reyes?", "What did Tom Reyes say about the port strike?"),
        (STRIKE, "What about the wages?", "What did Ada Okoye say about the wages?"),
        (STRIKE, "And what did the union say?", "What did the union say about the port strike?"),
        (STRIKE, "When did she say that?", "When did Ada Okoye say that about the port strike?"),
        (STRIKE, "When was that?", "When did Ada Okoye say that about the port strike?"),
        (STRIKE, "Who says so?", STRIKE[0]),
        (MISSION, "What did he propose?", "What did Tom Reyes propose?"),
        (COUNTED, "Who says so?", "Who said that houses burned in Tarn?"),
        (COUNTED, "When was that?", "When was it that houses burned in Tarn?"),
        (COUNTED, "What did she promise?", "What did Ada Okoye promise?"),
        (COUNTED, "Who began and how did it start?", "Who began and how did it start?"),
    ],
)
def test_follow_up(before: tuple[str, str], question: str, whole: str) -> None:
    assert standalone(question, turns(before)) == whole


def test_a_conversation_is_completed_from_what_was_completed() -> None:
    asked = ("How did the union react to it?", "And the mayor?", "When did she say that?", "Who says so?")
    history, found = turns(STRIKE), list[str]()
    for question in asked:
        found.append(standalone(question, history))
        history += [Turn("user", question), Turn("assistant", "The articles do not answer this.")]
    assert found == [
        "How did the union react to the port strike?",
        "How did the mayor react to the port strike?",
        "When did Ada Okoye say that about the port strike?",
        "When did Ada Okoye say that about the port strike?",
    ]


def test_he_is_sought_further_back_where_the_last_turn_names_nobody() -> None:
    assert standalone("What did she say?", turns(STRIKE) + turns(NOBODY)) == (
        "What did Ada Okoye say about the port strike?"
    )


def test_without_history_nothing_changes() -> None:
    assert standalone("What did he say about it?", []) == "What did he say about it?"


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=120))
def test_any_conversation_gives_a_question(before: str, answer: str, question: str) -> None:
    assert isinstance(standalone(question, turns((before, answer))), str)
