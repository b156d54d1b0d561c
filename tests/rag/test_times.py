"""The time a question names: its words, its days, and which statements may be offered for it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import DateRange
from rag.question import read_question
from rag.times import read_time

ASKED = date(2023, 3, 15)


@pytest.mark.parametrize(
    ("question", "without", "days", "of_saying"),
    [
        (
            "What did Okoye say last week?",
            "What did Okoye say ?",
            (date(2023, 3, 5), date(2023, 3, 12)),
            True,
        ),
        (
            "In May 2022, what did Okoye say?",
            "what did Okoye say?",
            (date(2022, 5, 1), date(2022, 5, 31)),
            True,
        ),
        (
            "What did Okoye say in 2021 about the port?",
            "What did Okoye say about the port?",
            (date(2021, 1, 1), date(2021, 12, 31)),
            True,
        ),
        (
            "What did Okoye say about the flood on 3 May 2022?",
            "What did Okoye say about the flood ?",
            (date(2022, 5, 3), date(2022, 5, 3)),
            False,
        ),
        ("What did Okoye say since June 2022?", "What did Okoye say ?", (date(2022, 6, 1), None), True),
        ("What did Okoye say in 2030?", "What did Okoye say ?", None, True),
        ("What did May say of the 2022 games?", "What did May say of the 2022 games?", None, False),
    ],
)
def test_the_time_of_a_question(
    question: str, without: str, days: tuple[date, date | None] | None, of_saying: bool
) -> None:
    time = read_time(question, ASKED)
    assert (time.without, time.days) == (without, days and DateRange(*days))
    assert time.of_saying == of_saying


def test_words_of_another_time_are_not_admitted() -> None:
    time = read_time("What did Okoye say in May 2022?", ASKED)
    assert time.admits(None, date(2022, 5, 9)) and time.admits(None, date(2022, 6, 1))
    assert not time.admits(None, date(2022, 6, 2)) and not time.admits(None, date(2021, 5, 9))
    assert not time.admits(None, None)
    assert time.admits(DateRange(date(2022, 5, 31), date(2022, 5, 31)), date(2022, 8, 1))
    assert not time.admits(DateRange(date(2022, 6, 1), date(2022, 6, 1)), date(2022, 5, 31))


def test_what_was_said_of_a_time_may_come_later_and_of_an_unknown_day() -> None:
    time = read_time("What did Okoye say about the flood in May 2022?", ASKED)
    assert time.admits(None, date(2023, 1, 1)) and time.admits(None, None)
    assert not time.admits(None, date(2021, 5, 9))


def test_a_time_that_is_not_known_limits_nothing() -> None:
    time = read_time("What did Okoye say last week?", None)
    assert time.days is None and time.admits(None, date(1999, 1, 1)) and time.admits(None, None)


def test_words_that_name_the_time_are_no_topic() -> None:
    reading = read_question("What did Okoye say last week about the port?", ASKED)
    assert reading.topic == ("port",) and not reading.anything
    assert read_question("What did Okoye say last week?", ASKED).anything
    assert not read_question("What did Okoye say about it?").anything


def test_what_is_according_to_someone_has_its_own_time() -> None:
    reading = read_question("How high will rents be this year, according to the bank?", ASKED)
    assert reading.speaker == ("bank",) and reading.time.days is None


@given(st.text(max_size=200), st.dates() | st.none())
def test_any_text_has_a_time_or_none(text: str, asked: date | None) -> None:
    time = read_time(text, asked)
    assert time.days is None or not (time.days.first and asked and time.days.first > asked)
    assert isinstance(time.admits(None, date(2020, 1, 1)), bool)
