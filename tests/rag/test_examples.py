"""Questions made of articles: about named people and things the headline names, each once."""

from __future__ import annotations

from time import perf_counter

import pytest

from index.types import Article
from rag.examples import person_in, questions_in, topics


def article(title: str, text: str) -> Article:
    return Article("a", title, text, language="en")


@pytest.mark.parametrize(
    ("title", "sentence", "question"),
    [
        (
            "Council puts off the tram tariff",
            "Treasurer Ada Okoye said the tram tariff would not rise this year.",
            "What did Ada Okoye say about the tram tariff?",
        ),
        (
            "Floods reach Tarnholm",
            "Captain Rosa Veit said help had reached Tarnholm in time.",
            "What did Rosa Veit say about Tarnholm?",
        ),
        (
            "Storm over the Sund",
            "Mayor Tom Lindqvist said the Sund was calm.",
            "What did Tom Lindqvist say about the Sund?",
        ),
    ],
)
def test_a_said_sentence_becomes_a_question(title: str, sentence: str, question: str) -> None:
    assert questions_in(article(title, f"It was a long day. {sentence}")) == [question]


@pytest.mark.parametrize(
    "text",
    [
        "The tariff would not rise this year.",
        "He said the tariff would not rise.",
        "The Port Authority said the tariff would not rise.",
        "Ada Okoye said the weather was fine.",
        "Рада заявила, що тариф не зросте.",
        "",
    ],
)
def test_nothing_is_made_of_what_names_no_person_or_no_topic(text: str) -> None:
    assert questions_in(article("Council puts off the tariff", text)) == []


def test_topics_are_whole_and_in_the_headline() -> None:
    sentence = "She said the old harbour bridge could not bear the traffic of Tarnholm."
    assert list(topics(sentence, "Harbour bridges of Tarnholm closed")) == [
        "the harbour bridge",
        "Tarnholm",
    ] or list(topics(sentence, "Harbour bridges of Tarnholm closed")) == ["Tarnholm"]


def test_bodies_and_shouts_are_no_people() -> None:
    assert person_in("Foreign Minister Rosa Veit", "") == "Rosa Veit"
    assert person_in("Weather Service", "") == ""
    assert person_in("Blue Party", "the Blue Party won") == ""
    assert person_in("BREAKING NEWS", "") == ""
    assert person_in("the mayor", "") == ""


def test_all_names_of_a_person_are_kept_but_no_role() -> None:
    assert person_in("President Rosa Maria Veit", "") == "Rosa Maria Veit"
    assert person_in("Rosa Maria Veit", "Then President Rosa Maria Veit left.") == "Rosa Maria Veit"
    assert person_in("Treasurer Ada Okoye", "Treasurer Ada Okoye left.") == "Ada Okoye"


@pytest.mark.parametrize(
    "who", ["Guildhall spokesman Tom Lindqvist", "Tom Lindqvist, spokesman of the Guildhall,"]
)
def test_nobody_is_asked_about_the_body_that_he_speaks_for(who: str) -> None:
    said = f"{who} said all was well at the Guildhall."
    assert questions_in(article("Guildhall shut for a week", said)) == []
    assert questions_in(article("Guildhall shut for a week", said.replace(who, "Captain Tom Lindqvist"))) == [
        "What did Tom Lindqvist say about the Guildhall?"
    ]


def test_a_line_of_a_million_letters_takes_no_time() -> None:
    text = f"{'a' * 10**6} President Ada Maria Okoye spoke."
    begun = perf_counter()
    assert person_in("Ada Maria Okoye", text) == "Ada Maria Okoye"
    assert perf_counter() - begun < 2
