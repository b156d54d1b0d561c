"""Whom "he" may stand for."""

from __future__ import annotations

import pytest

from rag.people import SURE, names_in, people


@pytest.mark.parametrize(
    ("question", "who", "answer", "first"),
    [
        ("What did Okoye say?", "Okoye", "Harbour master Ada Okoye: “It will end.” [1]", "Okoye"),
        (
            "How did the US react?",
            "the US",
            "Secretary of State Rosa Veit said it would wait. [1]",
            "Rosa Veit",
        ),
        (
            "How did Norland react?",
            "Norland",
            "Norish leaders met in Hale. Mayor Tom Duncan spoke. [1]",
            "Tom Duncan",
        ),
        (
            "What happened?",
            "",
            "South African ministers met President Rosa Maria Veit. [1]",
            "Rosa Maria Veit",
        ),
        ("What did the Harbour Party want?", "", "It asked Tom Reyes for help. [1]", "Tom Reyes"),
    ],
)
def test_the_likeliest_person_comes_first(question: str, who: str, answer: str, first: str) -> None:
    found = people(question, who, answer)
    assert next(iter(found)) == first and found[first] >= SURE


@pytest.mark.parametrize(
    "answer",
    [
        "Several Norwegian ministers came. [1]",
        "The South African delegation left. [1]",
        "A bridge fell in Port Stanley. [1]",
        "The United States and the Black Sea Fleet took part. [1]",
        "It rained all day. [1]",
        "",
    ],
)
def test_peoples_places_and_bodies_are_no_persons(answer: str) -> None:
    assert people("What happened?", "", answer) == {}


def test_what_only_speaks_is_no_sure_person() -> None:
    assert people("Who agreed?", "", "Norland said no. [1]", answer_first=True)["Norland"] < SURE


def test_where_who_is_asked_the_answer_counts() -> None:
    question, answer = "Who succeeded Tom Reyes?", "Mayor Ada Okoye took over. [1]"
    assert next(iter(people(question, "", answer, answer_first=True))) == "Ada Okoye"


def test_names_have_no_possessive_and_no_first_word_of_a_sentence() -> None:
    assert names_in("What did Okoye’s brother do in Hale? The Tarn Post knows.") == [
        "Okoye",
        "Hale",
        "Tarn Post",
    ]
