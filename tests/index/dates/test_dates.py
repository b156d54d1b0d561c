"""Days and periods that texts name; all texts are made up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dates.dates import date_range, parse_day, published_in_text
from index.types import DateRange

ANCHOR = date(2023, 3, 15)  # a Wednesday

DAYS = [
    ("2023-03-30", "2023-03-30"),
    ("2023-03-30T10:00:00Z", "2023-03-30"),
    ("2023-03-30T23:30:00.123-05:00", "2023-03-30"),
    ("2023-03-30 10:00:00", "2023-03-30"),
    ("2023-03-30+02:00", "2023-03-30"),
    ("2022-11-04T10:32", "2022-11-04"),
    ("20230330", "2023-03-30"),
    ("20230330T100000Z", "2023-03-30"),
    ("Thu, 30 Mar 2023 10:32:00 GMT", "2023-03-30"),
    ("Thu, 30 Mar 2023 10:32:00 +0200 (CEST)", "2023-03-30"),
    ("Thu Mar 30 10:00:00 2023", "2023-03-30"),
    ("Thu Mar 30 10:00:00 +0000 2023", "2023-03-30"),
    ("Thu. Mar 30th, 2023", "2023-03-30"),
    ("Thursday the 30th of March 2023", "2023-03-30"),
    ("March 30, 2023 at 10:32 p.m. ET", "2023-03-30"),
    ("March 30,2023", "2023-03-30"),
    ("30 MARCH 2023", "2023-03-30"),
    ("30-Mar-2023", "2023-03-30"),
    ("Nov. 4, 2022 | 10:32", "2022-11-04"),
    ("10:32 GMT, 4 November 2022", "2022-11-04"),
    ("10:32 AM EDT, Fri November 4, 2022", "2022-11-04"),
    ("Sept. 5, 2022", "2022-09-05"),
    ("2023/03/30", "2023-03-30"),
    ("2023.3.30", "2023-03-30"),
    ("30.03.2023", "2023-03-30"),
    ("03/30/2023", "2023-03-30"),
    ("04/04/2023", "2023-04-04"),
    ("30 марта 2023 г.", "2023-03-30"),
    ("30. März 2023", "2023-03-30"),
    ("1er mars 2022", "2022-03-01"),
    ("30 de marzo de 2023", "2023-03-30"),
    ("03/04/2023", None),
    ("03.04.2023", None),
    ("Wed. Mar 30th, 2023", None),
    ("March 2023", None),
    ("2023", None),
    ("2023-02-30", None),
    ("31 June 2022", None),
    ("0000-00-00", None),
    ("9999-12-31", None),
    ("1/2/23", None),
    ("30 March 2023 and more", None),
    ("yesterday", None),
    ("soon", None),
    ("", None),
]

PERIODS = [
    ("What happened in 1963?", "1963-01-01..1963-12-31"),
    ("2022", "2022-01-01..2022-12-31"),
    ("What did Peskov say in March 2023?", "2023-03-01..2023-03-31"),
    ("Who resigned on 4 November 2022?", "2022-11-04..2022-11-04"),
    ("Who resigned on November 4, 2022?", "2022-11-04..2022-11-04"),
    ("Who resigned on Nov. 4th, 2022?", "2022-11-04..2022-11-04"),
    ("News of 2022-11-04", "2022-11-04..2022-11-04"),
    ("What was agreed between 3 and 5 March 2023?", "2023-03-03..2023-03-05"),
    ("What was agreed between 3 March and 5 March 2023?", "2023-03-03..2023-03-05"),
    ("What was agreed on March 3-5, 2023?", "2023-03-03..2023-03-05"),
    ("What happened from March to May 2022?", "2022-03-01..2022-05-31"),
    ("What happened from November to February 2023?", "2022-11-01..2023-02-28"),
    ("What happened from 2014 to 2022?", "2014-01-01..2022-12-31"),
    ("Russian gas exports 2014-2022", "2014-01-01..2022-12-31"),
    ("What has changed since June 2022?", "2022-06-01.."),
    ("What was said before 2020?", "..2019-12-31"),
    ("What was said after 24 February 2022?", "2022-02-25.."),
    ("What was known until March 2022?", "..2022-03-31"),
    ("What did he say yesterday?", "2023-03-14..2023-03-14"),
    ("What happened today?", "2023-03-15..2023-03-15"),
    ("What did Peskov say on Friday?", "2023-03-10..2023-03-10"),
    ("What did Peskov say on Wednesday?", "2023-03-15..2023-03-15"),
    ("What did he say last Wednesday?", "2023-03-08..2023-03-08"),
    ("Who meets next Friday?", "2023-03-17..2023-03-17"),
    ("What did Peskov say Friday about the truce?", "2023-03-10..2023-03-10"),
    ("What happened last week?", "2023-03-05..2023-03-12"),
    ("What happened this week?", "2023-03-12..2023-03-19"),
    ("What happened this month?", "2023-03-01..2023-03-31"),
    ("What happened last month?", "2023-02-01..2023-02-28"),
    ("What happened last year?", "2022-01-01..2022-12-31"),
    ("What happened this year?", "2023-01-01..2023-12-31"),
    ("What happened two days ago?", "2023-03-13..2023-03-13"),
    ("What happened last night?", "2023-03-14..2023-03-14"),
    ("What did he say the day before yesterday?", "2023-03-13..2023-03-13"),
    ("What did Peskov say on Thursday last week?", "2023-03-09..2023-03-09"),
    ("What did Peskov say on Monday of last week?", "2023-03-06..2023-03-06"),
    ("Who meets on Tuesday next week?", "2023-03-21..2023-03-21"),
    ("What happened the week before last?", "2023-02-26..2023-03-05"),
    ("What happened the month before last?", "2023-01-01..2023-01-31"),
    ("When did Peskov say it, in March or last month?", "None"),
    ("Who said so two days later?", "None"),
    ("What did she say the next day?", "None"),
    ("What happened 3 months ago?", "2022-12-01..2022-12-31"),
    ("Who was killed ten years ago?", "2013-01-01..2013-12-31"),
    ("What happened in the past 10 days?", "2023-03-05..2023-03-15"),
    ("What happened in the last two weeks?", "2023-03-01..2023-03-15"),
    ("What happened in March?", "2023-03-01..2023-03-31"),
    ("What happened in April?", "2022-04-01..2022-04-30"),
    ("What happened in May?", "2022-05-01..2022-05-31"),
    ("What happened on March 3?", "2023-03-03..2023-03-03"),
    ("What happened on 20 March?", "2022-03-20..2022-03-20"),
    ("What happened last weekend?", "2023-03-11..2023-03-12"),
    ("Who won over the weekend?", "2023-03-11..2023-03-12"),
    ("Which day is it this weekend?", "2023-03-18..2023-03-19"),
    ("What was decided on Friday, March 10?", "2023-03-10..2023-03-10"),
    ("What happened in early 2022?", "2022-01-01..2022-12-31"),
    ("What happened in late March 2022?", "2022-03-01..2022-03-31"),
    ("What happened in the summer of 2022?", "2022-01-01..2022-12-31"),
    ("What happened in the 1990s?", "1990-01-01..1999-12-31"),
    ("What happened by the end of 2022?", "..2022-12-31"),
    ("Grain deal summary, July 2022", "2022-07-01..2022-07-31"),
    ("what happened in march 2023", "2023-03-01..2023-03-31"),
    ("what happened in may 2022", "2022-05-01..2022-05-31"),
    ("what happened on 3 may 2022", "2022-05-03..2022-05-03"),
    ("What was found earlier this week?", "2023-03-12..2023-03-15"),
    ("Who said in 2022 that the war began in 2014?", "2014-01-01..2022-12-31"),
    ("Which nominees for the 2022 awards were announced this week?", "2023-03-12..2023-03-19"),
    ("What may happen next?", "None"),
    ("May Lukashenko send troops?", "None"),
    ("What did Theresa May say?", "None"),
    ("What did people say after May resigned?", "None"),
    ("Who joined the March on Washington?", "None"),
    ("Will they march on the capital?", "None"),
    ("What did the Jan. 6 committee find?", "None"),
    ("Who won the 2022 World Cup?", "None"),
    ("What do we know about Russia's 2022 invasion?", "None"),
    ("How many were killed, at least 2000?", "None"),
    ("What did USA Today report?", "None"),
    ("What is Black Friday?", "None"),
    ("What happens every Friday?", "None"),
    ("What happened on 03/04/2023?", "None"),
    ("What is the plan for the last week of school?", "None"),
    ("More than two years ago, what was said?", "None"),
    ("Who is Peskov?", "None"),
    ("How old is a 2000 year old tree?", "None"),
    ("What did Biden and May agree on?", "None"),
    ("What happened on 31 February 2022?", "None"),
    ("Who said the second world war ended?", "None"),
    ("What did April Jones say?", "None"),
    ("What did June say to August?", "None"),
    ("Did the sun set on Saturn?", "None"),
    ("Which stories ran on 5 and 7 March 2023?", "2023-03-05..2023-03-07"),
    ("Who fled since Monday?", "2023-03-13.."),
    ("What happened Sept. 5, 2022?", "2022-09-05..2022-09-05"),
    ("How did Russia respond on the 24th of February 2022?", "2022-02-24..2022-02-24"),
    ("What happened in December?", "2022-12-01..2022-12-31"),
    ("What happened last December?", "2022-12-01..2022-12-31"),
    ("What happened in March and April 2022?", "2022-03-01..2022-04-30"),
    ("Between March and May, what changed?", "2022-03-01..2022-05-31"),
    ("What happened in the 1990s in Russia?", "1990-01-01..1999-12-31"),
    ("What did they demand by Friday?", "None"),
    ("Who will play in the 2022-2023 season?", "None"),
    ("Which notes expire, as scheduled, at the end of September?", "None"),
    ("What will be released on July 29?", "None"),
    ("What will be released on July 29, 2022?", "2022-07-29..2022-07-29"),
    ("Where is the cotton gin used today?", "None"),
    ("What was published at 2023-12-12T22:38:05+00:00?", "2023-12-12..2023-12-12"),
]

HEADS = [
    ("Thu. Mar 30th, 2023\n\nThe Sample Network\n\nMayor opens bridge\n\nThe mayor opened it.", "2023-03-30"),
    ("Thu. Mar 30th, 2023\n\nMayor opens bridge\n\nOn Tuesday, February 21, the mayor opened it.", None),
    ("Thu. Mar 30th, 2023\n\nMayor opens bridge\n\nOn Tuesday, 21 February, she spoke. It was mended by "
     "Friday, March 24th.", "2023-03-30"),
    ("Thu. Mar 30th, 2023\n\nMayor opens bridge\n\nIt opens on Monday, April 3.", "2023-03-30"),
    ("Thu. Jan 5th, 2023\n\nMayor opens bridge\n\nOn Saturday, December 31, she spoke.", "2023-01-05"),
    ("Thu. Mar 30th, 2023\n\nMayor opens bridge\n\nOn Friday, February 21, 2020, it fell.", "2023-03-30"),
    ("Mayor opens bridge\nThu. Mar 30th, 2023\n\nOn Tuesday, February 21, it fell.", "2023-03-30"),
    ("Published Mar 30th, 2023\n\nMayor opens bridge\n\nOn Tuesday, February 21, it fell.", "2023-03-30"),
    ("Mayor opens bridge\nPublished 4 November 2022 10:32 GMT\n\nThe bridge is open.", "2022-11-04"),
    ("Mayor opens bridge\nBy Ann Bell | March 3, 2022\n\nThe bridge is open.", "2022-03-03"),
    ("Mayor opens bridge\nBy Ann Bell, Sample Herald, March 3, 2022\n\nThe bridge is open.", "2022-03-03"),
    ("Mayor opens bridge\nAnn Bell · 3 March 2022 · 4 min read\n\nThe bridge is open.", "2022-03-03"),
    ("Mayor opens bridge\nNov 4, 2022, 10:32 AM\n\nThe bridge is open.", "2022-11-04"),
    ("Mayor opens bridge\n2022-11-04T10:32:00Z\nThe bridge is open.", "2022-11-04"),
    ("KYIV, March 4, 2023 — The mayor opened the bridge.", "2023-03-04"),
    ("KYIV, March 4, 2023 (Sample Wire) - The mayor opened the bridge.", "2023-03-04"),
    ("Bridge open\n\nMOSCOW, 31 March (Sample Wire) 2023 The mayor opened the bridge.", "2023-03-31"),
    ("Bridge\nPublished: 4 Nov 2022 | Updated: 6 Nov 2022\nThe bridge is open.", "2022-11-04"),
    ("Is the bridge open?\nThe mayor has cut the ribbon.\nBy Ann Bell | 3 March 2022\nIt is.", "2022-03-03"),
    ("Bridge\nUpdated 6 November 2022\nThe bridge is open.", None),
    ("Bridge\n03/04/2023\nThe bridge is open.", None),
    ("KYIV, March 4 — The mayor opened the bridge.", None),
    ("The mayor opened the bridge on March 3, 2022, in the rain.", None),
    ("Crowds at the bridge in Sampleton, Tuesday, March 1, 2022.\nThe mayor spoke.", None),
    ("Bridges to see\nOld Town Bridge\nThrough March 3, 2022\nA bridge of stone.", None),
    ("Bridge\nMarch 3, 2022\nMarch 9, 2022\nThe bridge is open.", None),
    ("Log\nMARCH 3, 2022\nWe began.\nMARCH 9, 2022\nWe went on.", None),
    ("One more day.\nThe rain fell on us all.\nWe waited for the bus.\nMARCH 3, 2022\nIt came.", None),
    ("Outlet Star. November 20, 2023.\n\nEditorial: Bridges are good.", None),
    ("The bridge is open.", None),
    ("", None),
]  # fmt: skip


def _period(value: str) -> DateRange | None:
    if value == "None":
        return None
    first, last = (date.fromisoformat(end) if end else None for end in value.split(".."))
    return DateRange(first, last)


@pytest.mark.parametrize(("written", "day"), DAYS)
def test_parse_day(written: str, day: str | None) -> None:
    assert parse_day(written) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(("text", "period"), PERIODS)
def test_date_range(text: str, period: str) -> None:
    assert date_range(text, ANCHOR) == _period(period)


@pytest.mark.parametrize(("text", "day"), HEADS)
def test_published_in_text(text: str, day: str | None) -> None:
    assert published_in_text(text) == (date.fromisoformat(day) if day else None)


def test_a_day_far_from_the_head_is_not_the_day_of_publication() -> None:
    assert published_in_text("Bridge opens\n" + "words and " * 80 + "\n4 November 2022\nmore") is None


def test_last_week_said_on_a_sunday_may_be_the_one_just_ended() -> None:
    sunday = date(2023, 3, 19)
    assert date_range("What happened last week?", sunday) == DateRange(date(2023, 3, 5), date(2023, 3, 18))
    assert date_range("What happened this week?", sunday) == DateRange(date(2023, 3, 12), date(2023, 3, 19))


@pytest.mark.parametrize(
    "text", ["yesterday", "What happened last week?", "in March", "on Friday", "on 3 March"]
)
def test_relative_times_need_a_day_to_count_from(text: str) -> None:
    assert date_range(text, None) is None


@pytest.mark.parametrize(
    "text", ["in March 2023", "since 2014", "on 3 March 2022", "between 3 and 5 March 2023"]
)
def test_written_times_need_none(text: str) -> None:
    assert date_range(text, None) == date_range(text, ANCHOR) is not None


def test_more_cases_than_sixty() -> None:
    assert len(PERIODS) >= 60 and len(DAYS) >= 40


FORMS = (
    "%Y-%m-%d",
    "%d %B %Y",
    "%B %d, %Y",
    "%a, %d %b %Y 10:00:00 +0000",
    "%A, %B %d, %Y",
    "%Y-%m-%dT%H:%M:%SZ",
)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS))
def test_common_forms_come_back(day: date, form: str) -> None:
    assert parse_day(day.strftime(form)) == day


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_in_digits_is_the_day_or_nothing(day: date) -> None:
    for form in ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y"):
        assert parse_day(day.strftime(form)) in (day, None)
    assert (parse_day(day.strftime("%d/%m/%Y")) is None) == (day.day <= 12 and day.day != day.month)


@given(st.dates(date(1900, 1, 1), date(2090, 12, 31)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d"]))
def test_a_day_named_in_a_question_is_that_day(day: date, form: str) -> None:
    assert date_range(f"What happened on {day.strftime(form)}?", ANCHOR) == DateRange(day, day)


@given(st.dates(date(1970, 1, 1), date(2090, 12, 31)), st.integers(0, 60))
def test_days_ago(anchor: date, days: int) -> None:
    day = anchor - timedelta(days)
    assert date_range(f"What happened {days} days ago?", anchor) == DateRange(day, day)


@given(st.dates(date(1970, 1, 1), date(2090, 12, 31)))
def test_a_weekday_is_the_latest_one(anchor: date) -> None:
    found = date_range("What happened on Friday?", anchor)
    assert found is not None and found.first == found.last and found.first is not None
    assert found.first.weekday() == 4 and 0 <= (anchor - found.first).days < 7


@given(st.dates(date(1970, 1, 1), date(2090, 12, 31)), st.integers(1, 12))
def test_a_month_without_year_is_the_latest_begun(anchor: date, month: int) -> None:
    name = date(2000, month, 1).strftime("%B")
    found = date_range(f"What happened in {name}?", anchor)
    assert found is not None and found.first is not None and found.last is not None
    assert found.first.month == month and found.first <= anchor < date(found.first.year + 1, month, 1)
    assert found.first.replace(day=1) == found.first and (found.last + timedelta(1)).day == 1


PIECES = st.sampled_from(
    [
        "March",
        "may",
        "May",
        "Jan.",
        "6",
        "2022",
        "1990s",
        "between",
        "and",
        "from",
        "to",
        "since",
        "before",
        "last",
        "this",
        "next",
        "week",
        "month",
        "year",
        "day",
        "Friday",
        "3",
        "31",
        "2023-02-30",
        "2014-2022",
        "ago",
        "yesterday",
        "today",
        ",",
        ".",
        "?",
        "-",
        "–",
        "the",
        "of",
        "in",
        "on",
        "'s",
        "03/04/2023",
        "9999",
        "ten",
        "couple",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=12), st.dates())
def test_no_words_make_it_raise(words: list[str], anchor: date) -> None:
    text = " ".join(words)
    for found in (date_range(text, anchor), date_range(text, None)):
        assert found is None or found.first is None or found.last is None or found.first <= found.last
    assert published_in_text(text + "\nIt is.") == published_in_text(text)


@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    parse_day(text)
    published_in_text(text)
    date_range(text, ANCHOR)


@pytest.mark.parametrize(
    "text", ["March " * 20_000, "1 " * 40_000, "A, " * 30_000, "10:30 " * 20_000, "By A" * 20_000]
)
def test_long_texts_are_quick(text: str) -> None:
    date_range(text, ANCHOR)
    published_in_text(text)
    published_in_text("\n".join(text[i : i + 150] for i in range(0, 3000, 150)))
