"""The day on which something was said; all texts are made up.

In the cases {...} marks who said it, [...] the cue and <...> what was said.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.attribution.said import said_on
from index.types import Article, Span

PUBLISHED = date(2023, 3, 15)  # a Wednesday
_MARKS = {"{": "source", "[": "cue", "<": "content"}

CASES = [
    # the day of the week, in the places where reporters put it
    ("{Ann Bell} [said] on Friday that <the bridge is safe>.", "2023-03-10 day"),
    ("{Ann Bell} [said] Friday <the bridge was safe>.", "2023-03-10 day"),
    ("On Friday, {Ann Bell} [said] <the bridge was safe>.", "2023-03-10 day"),
    ("On Friday {Ann Bell} [told] reporters <it was safe>.", "2023-03-10 day"),
    ("But on Friday {she} [said] <it was safe>.", "2023-03-10 day"),
    ("{Ann Bell} on Friday [said] <it was safe>.", "2023-03-10 day"),
    ("{Ann Bell} later on Friday [said] <it was safe>.", "2023-03-10 day"),
    ("Early on Friday, {Ann Bell} [said] <it was safe>.", "2023-03-10 day"),
    ("“<We are safe>,” {Ann Bell} [said] on Friday.", "2023-03-10 day"),
    ("“<We are safe>,” [said] {Ann Bell} on Friday.", "2023-03-10 day"),
    ("“<We are safe>,” [said] {Ann Bell}, the mayor of Sampleton, on Friday.", "2023-03-10 day"),
    ("“<We are safe>,” {she} [told] the Sampleton Herald late on Monday.", "2023-03-13 day"),
    ("“<We are safe>,” {she} [told] reporters in Sampleton, Sampleshire, on Monday.", "2023-03-13 day"),
    ("“<We are safe>,” {she} [said] on Monday night. <“We always were.”>", "2023-03-13 day"),
    ("{The mayor} [said] in a speech to the council on Monday that <it was safe>.", "2023-03-13 day"),
    ("{The mayor} [said] in a statement published on Monday that <it was safe>.", "2023-03-13 day"),
    ("{The mayor} [wrote] on Telegram on Monday that <it was safe>.", "2023-03-13 day"),
    ("{The mayor} [said] by phone on Monday that <it was safe>.", "2023-03-13 day"),
    ("{The mayor} [said] after talks with the builders on Monday that <it was safe>.", "2023-03-13 day"),
    ("{The mayor} [said] “<it is safe>” in an interview on Monday.", "2023-03-13 day"),
    ("{The mayor} [said] <the bridge was safe>, in an interview on Monday.", "2023-03-13 day"),
    ("In an interview with the Herald on Monday, {she} [said] <it was safe>.", "2023-03-13 day"),
    ("In a statement on Monday, {the firm} [said] <it was safe>.", "2023-03-13 day"),
    ("In a Monday statement, {the firm} [said] <it was safe>.", "2023-03-13 day"),
    ("{She} [said] at Monday’s press conference that <it was safe>.", "2023-03-13 day"),
    ("In an August speech, {she} [said] <it was safe>.", "2022-08-01 month"),
    ("{She} [told] a Monday rally that <it was safe>.", "2023-03-13 day"),
    ("{A statement on Monday} [said] <it was safe>.", "2023-03-13 day"),
    ("{A report} released Monday [said] <it was safe>.", "2023-03-13 day"),
    ("{A report released Monday} [said] <it was safe>.", "2023-03-13 day"),
    ("Speaking in Sampleton on Monday, {she} [said] <it was safe>.", "2023-03-13 day"),
    ("In Sampleton on Monday, {she} [said] <it was safe>.", "2023-03-13 day"),
    ("{Bell}, who took office last year, [said] on Monday that <it was safe>.", "2023-03-13 day"),
    ("On Monday, when asked about it, {she} [said] <it was safe>.", "2023-03-13 day"),
    ("On Monday, {Bell and Moss} [said] <it was safe>.", "2023-03-13 day"),
    ("{She} [said on Monday] that <it was safe>.", "2023-03-13 day"),
    ("{Bell} on Monday: “<It is safe>.”", "2023-03-13 day"),
    ("{She} [said] on Wednesday that <it was safe>.", "2023-03-15 day"),
    ("{She} [said] last Wednesday that <it was safe>.", "2023-03-08 day"),
    ("{She} [said] on Thursday last week that <it was safe>.", "2023-03-09 day"),
    # other relative times
    ("{She} [said] yesterday that <it was safe>.", "2023-03-14 day"),
    ("{She} [said] the day before yesterday that <it was safe>.", "2023-03-13 day"),
    ("{She} [said] last night that <it was safe>.", "2023-03-14 day"),
    ("{She} [said] this morning that <it was safe>.", "2023-03-15 day"),
    ("{She} [said] three days ago that <it was safe>.", "2023-03-12 day"),
    ("{She} [told] reporters last week that <it was safe>.", "2023-03-01 month"),
    ("{She} [told] reporters earlier this month that <it was safe>.", "2023-03-01 month"),
    ("Earlier this week {she} [said] <it was safe>.", "2023-03-01 month"),
    ("{She} [said] last month that <it was safe>.", "2023-02-01 month"),
    ("{She} [said] two months ago that <it was safe>.", "2023-01-01 month"),
    ("{She} [said] over the weekend that <it was safe>.", "2023-03-01 month"),
    ("{She} [said] two weeks ago that <it was safe>.", "unknown"),  # in February or in March
    ("{She} [said] last year that <it was safe>.", "unknown"),
    # written days and months
    ("{She} [said] in a statement on 3 March that <it was safe>.", "2023-03-03 day"),
    ("{She} [said] in a March 3 statement that <it was safe>.", "2023-03-03 day"),
    ("{She} [said] on March 20 that <it was safe>.", "2022-03-20 day"),
    ("{She} [said] in January that <it was safe>.", "2023-01-01 month"),
    ("In November, {she} [said] <it was safe>.", "2022-11-01 month"),
    ("In May {she} [said] <it was safe>.", "2022-05-01 month"),
    ("{She} [said] on 3 May 2021 that <it was safe>.", "2021-05-03 day"),
    ("{She} [said] in May 2021 that <it was safe>.", "2021-05-01 month"),
    ("{She} [said] in 2021 that <it was safe>.", "unknown"),
    ("{She} [said] on Friday, March 3, that <it was safe>.", "2023-03-03 day"),
    ("{She} [said] on 20 March 2023 that <it was safe>.", "2023-03-20 day"),  # an article updated later
    # days that count from one named before
    ("On 1 March 2023 the bridge shook. Two days later, {she} [said] <it was safe>.", "2023-03-03 day"),
    ("The bridge shook on Friday. The next day {she} [said] <it was safe>.", "2023-03-11 day"),
    ("It shook on 1 March. The next day it broke. Two days later {she} [said] <so>.", "2023-03-04 day"),
    ("It shook on Monday. {She} [said] the same day that <it was safe>.", "2023-03-13 day"),
    ("It shook on Monday. {She} [said] a day earlier that <it was safe>.", "2023-03-12 day"),
    ("It shook on 1 March. Two weeks later {she} [said] <it was safe>.", "2023-03-01 month"),
    ("The bridge shook. Two days later, {she} [said] <it was safe>.", "unknown"),
    ("The bridge shook in March. The next day, {she} [said] <it was safe>.", "unknown"),
    ("Two days after the quake, {she} [said] <it was safe>.", "unknown"),
    ("It shook on Tuesday. Two days later, {she} [said] <it was safe>.", "unknown"),  # after publication
    # times of something else
    ("{She} [said] <the bridge had shaken on Friday>.", "unknown"),
    ("{She} [said] <we will close it on Friday>.", "unknown"),
    ("“<We will close it on Friday>,” {she} [said].", "unknown"),
    ("“<It shook on Friday>,” {she} [said] on Monday.", "2023-03-13 day"),
    ("On Friday, <the bridge shook>, {she} [said].", "unknown"),
    ("{She} [said] of Friday’s quake that <it was strong>.", "unknown"),
    ("{She} [said] after Friday’s quake that <it was strong>.", "unknown"),
    ("Asked about the quake on Friday, {she} [said] <it was strong>.", "unknown"),
    ("Commenting on the quake on Friday, {she} [said] <it was strong>.", "unknown"),
    ("{Ann Bell}, who was elected on Monday, [said] <it was strong>.", "unknown"),
    ("{The man arrested on Monday} [said] <it was strong>.", "unknown"),
    ("After the quake on Friday, {she} [said] <it was strong>.", "unknown"),
    ("{She} [said] ahead of the vote on Friday that <it was fair>.", "unknown"),
    ("{She} has [said] since Friday that <it was fair>.", "unknown"),
    ("{She} [told] a meeting scheduled for Friday <nothing>.", "unknown"),
    ("The bridge shook on Friday and {she} [said] <it was strong>.", "unknown"),
    ("The bridge shook on Friday. {She} [said] <it was strong>.", "unknown"),
    ("SAMPLETON, March 13 (Sample Wire) — {She} [said] <it was safe>.", "unknown"),
    ("{She} [says] every Friday that <it is safe>.", "unknown"),
    # what is still to be said
    ("{She} will [say] on Friday that <it is safe>.", "unknown"),
    ("{She} is expected to [say] on Friday that <it is safe>.", "unknown"),
    ("{She} is due on Friday to [tell] the council <that it is safe>.", "unknown"),
    ("{She} [will say] on Friday that <it is safe>.", "unknown"),
    ("On Tuesday {she} would not [say] whether <it was safe>.", "2023-03-14 day"),
    ("{She} [said] this Friday that <it is safe>.", "unknown"),
    ("{She} [said] tomorrow that <it is safe>.", "unknown"),
    # no time, no marks
    ("{She} [said] <it was safe>.", "unknown"),
    ("<It was safe.>", "unknown"),
    ("{She} [said] recently that <it was safe>.", "unknown"),
]  # fmt: skip

UNDATED = [
    ("{She} [said] on Friday that <it was safe>.", "unknown"),
    ("{She} [said] in March that <it was safe>.", "unknown"),
    ("{She} [said] on 3 March that <it was safe>.", "unknown"),
    ("{She} [said] last week that <it was safe>.", "unknown"),
    ("{She} [said] yesterday that <it was safe>.", "unknown"),
    ("It shook on Friday. Two days later {she} [said] <it was safe>.", "unknown"),
    ("{She} [said] on 3 March 2023 that <it was safe>.", "2023-03-03 day"),
    ("{She} [said] in March 2023 that <it was safe>.", "2023-03-01 month"),
    ("On Friday, 3 March 2023, {she} [said] <it was safe>.", "2023-03-03 day"),
    ("It shook on 3 March 2023. Two days later {she} [said] <it was safe>.", "2023-03-05 day"),
    ("{She} will [say] on 3 March 2023 that <it is safe>.", "unknown"),
]


def _marked(marked: str) -> tuple[str, dict[str, list[Span]]]:
    """The text without marks and the spans they stood around."""
    text, spans, opened = "", {"source": [], "cue": [], "content": []}, {}
    for piece in re.split(r"([\[\]{}<>])", marked):
        if piece in _MARKS:
            opened[_MARKS[piece]] = len(text)
        elif piece and piece in "]}>":
            kind = {"]": "cue", "}": "source", ">": "content"}[piece]
            spans[kind].append(Span(opened.pop(kind), len(text)))
        else:
            text += piece
    return text, spans


def _said(marked: str, published: date | None) -> str:
    text, spans = _marked(marked)
    cues = spans["cue"][-1:]
    day, precision = said_on(
        Article("a", "", text, published=published), spans["content"], spans["source"][-1:], cues
    )
    assert (day is None) == (precision == "unknown")
    return f"{day} {precision}" if day else precision


@pytest.mark.parametrize(("marked", "expected"), CASES)
def test_said_on(marked: str, expected: str) -> None:
    assert _said(marked, PUBLISHED) == expected


@pytest.mark.parametrize(("marked", "expected"), UNDATED)
def test_of_an_article_without_a_day(marked: str, expected: str) -> None:
    assert _said(marked, None) == expected


def test_more_cases_than_sixty() -> None:
    assert len(CASES) + len(UNDATED) >= 100


# --- whatever the words ------------------------------------------------------------------------

_TIMES = (
    *("on Friday", "Friday", "yesterday", "last week", "this month", "earlier this week", "two days later"),
    *("the next day", "in March", "on 3 March", "last month", "last night", "the same day", "tomorrow"),
    *("next Friday", "two weeks ago", "on Sunday night", "over the weekend"),
)
_WRITTEN = ["on 3 March 2023", "in May 2021", "on 2023-04-01", "in 2021", "on April 30, 2023"]
_FILLERS = [
    "after talks in Sampleton",
    "of the quake",
    ",",
    "that",
    "and",
    "who left",
    "“",
    "”",
    ".",
    "in a speech",
    "will",
]
_DAYS = st.dates(date(1970, 1, 1), date(2090, 12, 31))


def _sentence(times: Sequence[str]) -> st.SearchStrategy[str]:
    words = st.lists(st.sampled_from([*times, *_FILLERS]), max_size=5).map(" ".join)
    return st.builds("{} {{The mayor}} {} [said] {} <it was safe> {}.".format, words, words, words, words)


@given(_sentence(_TIMES))
def test_no_day_without_publication_and_without_a_written_time(marked: str) -> None:
    assert _said(marked, None) == "unknown"


@settings(max_examples=300)
@given(_sentence(_TIMES), _DAYS)
def test_never_after_publication(marked: str, published: date) -> None:
    found = _said(marked, published)
    assert found == "unknown" or date.fromisoformat(found.split()[0]) <= published


@settings(max_examples=300)
@given(_sentence([*_TIMES, *_WRITTEN]), _DAYS)
def test_later_than_publication_only_as_written(marked: str, published: date) -> None:
    found = _said(marked, published)
    if found != "unknown" and date.fromisoformat(found.split()[0]) > published:
        assert found in ("2023-03-03 day", "2021-05-01 month", "2023-04-01 day", "2023-04-30 day")


@given(st.text(max_size=200), st.lists(st.integers(0, 200), min_size=6, max_size=6), st.none() | st.dates())
def test_any_text_and_spans_are_survived(text: str, ends: list[int], published: date | None) -> None:
    a, b, c, d, e, f = sorted(set(ends) | set(range(201, 207)))[:6]
    article = Article("a", "", text, published=published)
    day, precision = said_on(article, [Span(a, b)], [Span(c, d)], [Span(e, f)])
    assert (day is None) == (precision == "unknown")


def test_a_long_sentence_takes_no_long_time() -> None:
    text, spans = _marked("{She} [said] " + "in a speech to Ann, " * 3000 + "on Friday <so>.")
    article = Article("a", "", text, published=PUBLISHED)
    started = time.perf_counter()
    said_on(article, spans["content"], spans["source"], spans["cue"])
    assert time.perf_counter() - started < 2
