"""The timeline: every statement is counted once, bins follow one another, nothing but numbers is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quotes import Quote
from index.types import ArticleHead, Attribution, Span
from rag.render.timeline import MOST_BINS, Timeline, timeline, timeline_html


def said(day: date | None = None, *, published: date | None = None, month: bool = False) -> Quote:
    """A statement of a day or a month, else of an article's day."""
    precision = "unknown" if day is None else "month" if month else "day"
    one = Attribution("a", (Span(0, 3),), said_on=day, said_precision=precision)
    return Quote(one, ArticleHead("a", "Title", None, published), "Ines Vardo", ("Yes",))


DAYS = st.one_of(st.none(), st.dates(date(2022, 1, 1), date(2023, 1, 1)), st.dates())
QUOTES = st.lists(st.builds(lambda day, published, month: said(day, published=published, month=month),
                            DAYS, DAYS, st.booleans()), max_size=20)  # fmt: skip


def counted(line: Timeline) -> int:
    return sum(one.statements for one in line.bins) + line.unplaced + line.undated


@given(QUOTES, st.dictionaries(st.dates(), st.integers(1, 9), max_size=20))
def test_all_are_counted_once_in_bins_that_follow_one_another(
    quotes: Sequence[Quote], coverage: dict[date, int]
) -> None:
    line = timeline(quotes, coverage)
    assert counted(line) == len(quotes)
    assert len(line.bins) <= MOST_BINS
    for one, after in zip(line.bins, line.bins[1:], strict=False):
        assert one.first <= one.last and after.first == one.last + timedelta(days=1)
    if line.bins:
        inside = [n for day, n in coverage.items() if line.bins[0].first <= day <= line.bins[-1].last]
        assert sum(one.articles for one in line.bins) == sum(inside)
    assert timeline_html(line).count("<rect") == sum(
        bool(one.statements) + bool(one.articles) for one in line.bins
    )


@pytest.mark.parametrize(
    ("last", "unit", "first_bin"),
    [
        (date(2023, 3, 30), "day", (date(2023, 3, 1), date(2023, 3, 1))),
        (date(2024, 3, 1), "week", (date(2023, 2, 27), date(2023, 3, 5))),
        (date(2030, 3, 1), "month", (date(2023, 3, 1), date(2023, 3, 31))),
        (date(2099, 3, 1), "year", (date(2023, 1, 1), date(2023, 12, 31))),
        (date(2999, 3, 1), "decade", (date(2020, 1, 1), date(2029, 12, 31))),
        (date.max, "century", (date(2000, 1, 1), date(2099, 12, 31))),
    ],
)
def test_many_days_become_weeks_months_and_years(last: date, unit: str, first_bin: tuple[date, date]) -> None:
    line = timeline([said(date(2023, 3, 1)), said(last)], {})
    assert line.unit == unit
    assert (line.bins[0].first, line.bins[0].last) == first_bin
    assert line.bins[-1].first <= last <= line.bins[-1].last


def test_a_month_is_put_on_no_day() -> None:
    march = said(date(2023, 3, 1), month=True)
    line = timeline([march, said(date(2023, 3, 9)), said()], {})
    assert (line.unit, line.unplaced, line.undated) == ("day", 1, 1)
    assert "1 statement of which only the month is known, 1 statement of unknown date" in timeline_html(line)
    line = timeline([march, said(date(2029, 3, 9))], {})
    assert (line.unit, line.unplaced, line.bins[0].statements) == ("month", 0, 1)


def test_the_day_of_publication_stands_in() -> None:
    line = timeline([said(published=date(2023, 3, 9))], {date(2023, 3, 9): 4, date(2001, 1, 1): 7})
    assert [(one.first, one.articles) for one in line.bins if one.statements] == [(date(2023, 3, 9), 4)]
    assert sum(one.articles for one in line.bins) == 4
    assert len(line.bins) == 15  # a week on both sides


def test_without_a_day_nothing_is_drawn() -> None:
    assert timeline([], {date(2023, 3, 9): 1}) == Timeline()
    assert timeline_html(timeline([said()], {})) == ""


def test_it_is_told_to_those_who_hear_the_page_and_a_name_acts_as_nothing() -> None:
    html = timeline_html(
        timeline([said(date(2023, 3, 9)), said(date(2023, 3, 9))], {}), '"><script>x</script>'
    )
    assert html.count('role="img"') == 2 and "<script" not in html
    label = re.findall(r'aria-label="([^"]*)"', html)[0]
    assert label.startswith("Statements of &quot;")
    assert label.endswith("per day, 2 March 2023 to 16 March 2023: 2 in all, most 9 March 2023: 2")
    assert "<td>2</td>" in html and 'viewBox="0 0 15 100"' in html
