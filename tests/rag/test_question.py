from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question import read_question


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who won the cup?", "who"),
        ("When did the dam break?", "when"),
        ("On what date was the deal signed?", "when"),
        ("Where were the talks held?", "where"),
        ("In which city did they meet?", "where"),
        ("How many people were hurt?", "number"),
        ("What percentage of voters agreed?", "number"),
        ("Why did the mayor resign?", "why"),
        ("What did the mayor say about the flood?", "said"),
        ("How did Kyiv react to the offer?", "other"),
        ("What was Okoye's response to the strike?", "other"),
        ("When did Okoye reject the offer?", "when"),
        ("Did Okoye promise to resign?", "said"),
        ("Which newspaper closed?", "other"),
        ("How many houses burned, according to the mayor?", "number"),
    ],
)
def test_kind(question: str, kind: str) -> None:
    assert read_question(question).kind == kind


@pytest.mark.parametrize(
    ("question", "speaker", "topic"),
    [
        ("What did Ms Okoye say about the port strike?", ("okoy",), ("port", "strike")),
        ("What did President Niinistö tell parliament about taxes?", ("niinistö",), ("parliament", "tax")),
        ("How did the defence ministry respond to the offer?", ("defenc", "ministri"), ("offer",)),
        ("Why did the port close, in Okoye's view?", ("okoy",), ("port", "close")),
        ("What was Okoye's reaction to the vote?", ("okoy",), ("vote",)),
    ],
)
def test_speaker_and_topic(question: str, speaker: tuple[str, ...], topic: tuple[str, ...]) -> None:
    reading = read_question(question)
    assert reading.speaker == speaker
    assert reading.topic == topic


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who said that the harbour would close?", True),
        ("Which minister has called the report a lie?", True),
        ("Who was it that warned of a flood?", True),
        ("Who won the cup?", False),
        ("Who is Ada Okoye?", False),
        ("What did Okoye say about who won?", False),
    ],
)
def test_who_said_something_is_told_from_who_did(question: str, asked: bool) -> None:
    assert read_question(question).asks_speaker == asked


def test_names_are_runs_of_capitalised_words() -> None:
    assert read_question("Did Port Stanley beat Lagos?").names == (("port", "stanley"), ("lago",))


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert read_question(text).text == " ".join(text.split())
