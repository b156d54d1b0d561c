"""The parts of the check by themselves: numbers, times, names, disclaimers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.dates import missing_time, times
from rag.verify.names import Known, missing_names
from rag.verify.numbers import missing_number, numbers
from rag.verify.polarity import turned
from rag.verify.words import is_disclaimer


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("twenty-five men", [(25, "")]),
        ("two hundred and five days", [(205, "day")]),
        ("$3bn and £2.4m", [(3e9, "$"), (2.4e6, "£")]),
        ("40 to 50 percent", [(40, "%"), (50, "%")]),
        ("1,203,000 people", [(1_203_000, "")]),
        ("the 13th, the thirteenth", [(13, ""), (13, "")]),
        ("COVID-19, an F-16 and 2014", []),
        ("no one but one of them", []),
        ("about a dozen miles", [(12, "mile")]),
    ],
)
def test_numbers_are_read_with_their_units(text: str, read: list[tuple[float, str]]) -> None:
    assert [(n.value, n.unit) for n in numbers(text)] == read


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("about 40 people", "41 people"),
        ("more than 1.2 million", "1,203,000"),
        ("1.2 million", "1,203,000"),
        ("nearly 13 percent", "12.8 percent"),
        ("eleven", "11"),
    ],
)
def test_a_rounder_number_is_borne_out(claim: str, evidence: str) -> None:
    assert missing_number(claim, (), [evidence]) is None


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [("41 people", "about 40 people"), ("40 percent", "40 people"), ("12", "13"), ("5 km", "5 miles")],
)
def test_another_number_is_not(claim: str, evidence: str) -> None:
    assert missing_number(claim, (), [evidence]) is not None


@given(st.integers(2, 10**9), st.integers(2, 10**9))
def test_a_figure_bears_out_itself_however_it_is_grouped_and_no_other(a: int, b: int) -> None:
    if not 1500 <= a <= 2099:
        assert missing_number(f"{a:,} sheep", (), [f"{a} sheep"]) is None or 1500 <= a <= 2099
        if a != b and not 1500 <= b <= 2099 and len(str(a).rstrip("0")) >= len(str(b).rstrip("0")):
            assert missing_number(f"{a:,} sheep", (), [f"{b:,} sheep"]) is not None


PUBLISHED = date(2023, 4, 5)  # a Wednesday


@pytest.mark.parametrize(
    ("claim", "evidence", "borne_out"),
    [
        ("on 31 March 2023", "on Friday", True),
        ("on Friday, 31 March", "on Friday", True),
        ("in March 2023", "last Friday", True),
        ("on 30 March 2023", "on Friday", False),
        ("on Thursday", "on Friday", False),
        ("on Thursday", "on 30 March", True),
        ("on 4 April", "yesterday", True),
        ("in 2022", "last year", True),
        ("in 2021", "last year", False),
        ("in March", "in March 2023", True),
        ("in March 2022", "in March 2023", False),
        ("on 3 March 2023", "in March 2023", False),
        ("on 2023-03-31", "on March 31, 2023", True),
        ("in the 1990s", "in 1994", True),
        ("on 5 April 2023", "the town decided", True),
        ("on 5 April 2023", "on Friday the town decided", False),
        ("it was published on 5 April 2023", "on Friday the town decided", True),
        ("on 7 April", "it will open on Friday", True),
    ],
)
def test_times_are_resolved_against_the_day_of_publication(
    claim: str, evidence: str, borne_out: bool
) -> None:
    assert (missing_time(claim, [(evidence, PUBLISHED)], ()) is None) == borne_out


def test_may_and_march_are_no_months_where_they_are_words() -> None:
    assert times("May said they may march. May not. March on!") == ()
    assert [t.words for t in times("In May and on March 3")] == ["May", "March 3"]


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)), st.dates(date(1900, 1, 1), date(2090, 1, 1)))
def test_a_day_bears_out_itself_in_other_words_and_no_other_day(a: date, b: date) -> None:
    claim = f"It was on {a:%A}, {a:%B} {a.day}, {a.year}."
    assert missing_time(claim, [(f"It was on {a.day} {a:%b} {a.year}.", None)], ()) is None
    if a != b:
        assert missing_time(claim, [(f"It was on {b.isoformat()}.", None)], ()) is not None


EVIDENCE = (
    "Belarus and the European Union agreed, Slunkin told the reporters."
    " Volodymyr Zelenskyy met the U.S. president."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Pavel Slunkin said the EU talked to Belarusian officials.",
        "President Zelensky was there.",
        "Reporters heard that an American came.",
        "Investors were told. Nobody objected.",
    ],
)
def test_names_in_other_forms_are_known(claim: str) -> None:
    assert missing_names(claim, Known([EVIDENCE]), Known([])) == []


@pytest.mark.parametrize(
    "claim", ["Ivan Zelensky came.", "The Russians agreed.", "It was Peskov.", "Peskov said so."]
)
def test_other_names_are_not(claim: str) -> None:
    assert missing_names(claim, Known([EVIDENCE]), Known([])) != []


@pytest.mark.parametrize(
    ("claim", "evidence", "differs"),
    [
        ("The talks in the capital will not resume.", "The talks in the capital will resume.", True),
        ("The talks in the capital won't resume.", "The talks in the capital will not resume.", False),
        ("The court in Lenna refused to hear the case.", "The court in Lenna did not hear the case.", False),
        ("The mayor of the town did not come to the opening.", "A choir sang.", False),
    ],
)
def test_negation_and_opposites(claim: str, evidence: str, differs: bool) -> None:
    assert bool(turned(claim, [evidence])) == differs


@pytest.mark.parametrize(
    ("words", "disclaims"),
    [
        ("The sources do not say when the ferry will stop.", True),
        ("The provided articles don't mention a price, although one is asked for.", False),
        ("It is not stated in the sources.", True),
        ("None of the articles tells why.", True),
        ("The ministry did not mention the price.", False),
        ("There is no information about the price.", True),
        ("The mayor said that there was no money.", False),
    ],
)
def test_disclaimers_are_told_from_claims(words: str, disclaims: bool) -> None:
    assert is_disclaimer(words) == disclaims
