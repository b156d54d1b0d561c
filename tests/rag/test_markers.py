from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.markers import Transcript, Written

PIECES = st.lists(
    st.sampled_from(
        [
            "The bridge",
            " opens",
            " at 5 p.m.",
            ". ",
            " [1]",
            "[2",
            "]",
            " [1, 3]",
            "\n",
            "\n\n",
            "- ",
            "**",
            "“No,”",
            " said Ms. Okoye",
            "?”",
            " 【4】",
            " (Source 2)",
            "U.S.",
            "1. ",
            " 3.5",
            "#",
            " It",
            "!",
            " [",
            "x" * 80,
            "م",
            ". [1]. ",
        ]
    )
    | st.text(max_size=4),
    max_size=25,
)


def read(raw: str) -> list[Written]:
    transcript = Transcript()
    transcript.feed(raw)
    transcript.finish()
    return transcript.sentences


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ("The bridge opens. [1]", (1,)),
        ("The bridge opens [1].", (1,)),
        ("The bridge opens [1][3].", (1, 3)),
        ("The bridge opens. [1, 3]", (1, 3)),
        ("The bridge opens. [1-3]", (1, 2, 3)),
        ("The bridge opens. [1] and [2]", (1, 2)),
        ("The bridge opens. 【2】", (2,)),
        ("The bridge opens (Source 2).", (2,)),
        ("The bridge opens. [Source 1; Source 2]", (1, 2)),
        ("The bridge opens.\n[2]", (2,)),
        ("[2] The bridge opens.", (2,)),
        ("The bridge opens [1.2].", (1,)),
        ("The bridge opens [^4].", (4,)),
        ("The bridge opens (2023) [sic].", ()),
    ],
)
def test_the_markers_that_models_write(raw: str, numbers: tuple[int, ...]) -> None:
    found = read(raw)
    assert found[0].numbers == numbers
    assert found[0].words.startswith("The bridge opens")


def test_a_marker_belongs_to_the_sentence_before_it() -> None:
    found = read("The bridge opens in May. [1] Ms Okoye said: “We will wait.” [2]\n\nRain fell [3].")
    assert [(w.words, w.numbers, w.gap) for w in found] == [
        ("The bridge opens in May.", (1,), " "),
        ("Ms Okoye said: “We will wait.”", (2,), " "),
        ("Rain fell.", (3,), "\n\n"),
    ]


def test_a_text_that_begins_with_a_marker_has_them_before_its_sentences() -> None:
    found = read("[1] The bridge opens in May. [2] Rain fell on Monday.")
    assert [w.numbers for w in found] == [(1,), (2,)]


def test_lists_and_bold_type_are_words() -> None:
    found = read("- **The bridge** opens. [1]\n- Rain fell. [2]")
    assert [w.words for w in found] == ["The bridge opens.", "Rain fell."]


def test_a_marker_to_come_is_not_shown_as_words() -> None:
    transcript = Transcript()
    transcript.feed("The bridge opens [")
    assert transcript.tail == "The bridge opens"
    transcript.feed("1].")
    assert transcript.tail == "The bridge opens."


def test_the_first_word_of_the_next_sentence_waits_for_the_marker_before_it() -> None:
    transcript = Transcript()
    transcript.feed("The bridge opens. It")
    assert (transcript.sentences, transcript.tail) == ([], "The bridge opens.")
    transcript.feed(" will")
    assert [w.words for w in transcript.sentences] == ["The bridge opens."]
    assert transcript.tail == "It will"


@settings(max_examples=400)
@given(PIECES)
def test_what_was_shown_stays(pieces: list[str]) -> None:
    transcript = Transcript()
    shown, whole = "", 0
    for piece in pieces:
        transcript.feed(piece)
        now = told(transcript)
        assert now.startswith(shown) and len(transcript.sentences) >= whole
        shown, whole = now, len(transcript.sentences)
    transcript.finish()
    assert told(transcript).startswith(shown)
    assert transcript.raw == "".join(pieces)


def told(transcript: Transcript) -> str:
    """The text as a reader sees it, with a marker wherever a sentence is whole."""
    text = ""
    for sentence in transcript.sentences:
        text += (sentence.gap if text else "") + sentence.words + " #"
    if transcript.tail:
        text += (transcript.tail_gap if text else "") + transcript.tail
    return text


@given(PIECES)
def test_no_word_is_lost(pieces: list[str]) -> None:
    transcript = Transcript()
    for piece in pieces:
        transcript.feed(piece)
    transcript.finish()
    whole = read("".join(pieces))
    assert "".join(w.words for w in transcript.sentences).replace(" ", "") == "".join(
        w.words for w in whole
    ).replace(" ", "")
