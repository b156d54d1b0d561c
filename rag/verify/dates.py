"""Times a text names, each part of them known or not; which of a claim's the evidence does not bear out.

A weekday or "yesterday" of an article counts from its day of publication. Knows only the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from index.dates.days import WEEKDAYS, make_day
from index.dates.relative import relative_times

_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES.split(), start=1)}
_MONTHS |= {name[:3]: n for name, n in _MONTHS.items()} | {"sept": 9}
_DAY_NAMES = [word for word in WEEKDAYS if word.endswith("day")]
_M = "(?:" + "|".join(sorted((m.capitalize() for m in _MONTHS), key=len, reverse=True)) + r")\b\.?"
_W = "(?:" + "|".join(d.capitalize() for d in _DAY_NAMES) + r")\b"
_D = r"(?:0?[1-9]|[12]\d|3[01])"
_Y = r"(?:1[0-9]|20)\d\d"
_POINT = re.compile(
    rf"(?<![\w$€£.,/])(?:(?P<w0>{_W}),?\s+(?:the\s+)?)?(?:"
    rf"(?P<y0>{_Y})-(?P<n0>\d\d)-(?P<d0>\d\d)"
    rf"|(?P<d1>{_D})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_M})(?:,?\s+(?P<y1>{_Y}))?"
    rf"|(?P<m2>{_M})\s+(?P<d2>{_D})(?:st|nd|rd|th)?(?![\d:])(?:,?\s+(?P<y2>{_Y}))?"
    rf"|(?P<m3>{_M})(?:,?\s+(?:of\s+)?(?P<y3>{_Y}))?"
    rf"|(?P<decade>(?:1[0-9]|20)\d0)['’]?s\b"
    rf"|(?P<y4>{_Y}))(?![\w%]|[.,]\d)|(?<![\w])(?P<w1>{_W})"
)
_NO_MONTH = re.compile(r"(?:^|[.!?“\"]\s*)(?:May|March)\s(?!\d)|\bMay\s(?:not|be|have|also)\b")
_TO_COME = re.compile(r"\b(?:will|next|upcoming|set to|scheduled|due|expected to|plans? to|would|coming)\b")
_REPORTED = re.compile(
    r"\b(?:published|reported|reports?|wrote|writes|article|according to|as of|dated|edition|story)\b", re.I
)
_CUE_CHARACTERS = 12
_MONTH_CUE = re.compile(
    r"\b(?:in|since|until|by|of|from|last|this|next|late|early|mid|and|to|between)[\s-]$", re.IGNORECASE
)
_YEAR_CUE = re.compile(r"\b(?:in|since|by|of|from|until|year|AD|circa|between|and|to)\s$", re.IGNORECASE)
_QUANTITY = re.compile(
    r"\b(?:some|about|nearly|over|than|around|least|of)\s$|^\s(?:people|men|women|troops|soldiers)\b"
)


@dataclass(frozen=True, slots=True)
class Time:
    """A time at `start`:`end`; parts that are not told are None. `words` are as written."""

    start: int
    end: int
    words: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    decade: int | None = None

    def bears(self, claimed: Time) -> bool:
        """Whether every part that `claimed` tells is told here, and the same."""
        decade = (
            self.decade if self.decade is not None else (self.year - self.year % 10 if self.year else None)
        )
        mine = (self.year, self.month, self.day, self.weekday, decade)
        wanted = (claimed.year, claimed.month, claimed.day, claimed.weekday, claimed.decade)
        return all(want is None or have == want for have, want in zip(mine, wanted, strict=True))

    def clashes(self, other: Time) -> bool:
        """Whether both tell a part and tell it differently."""
        parts = ("year", "month", "day", "weekday", "decade")
        pairs = [(getattr(self, part), getattr(other, part)) for part in parts]
        return any(a is not None and b is not None and a != b for a, b in pairs)


@lru_cache(maxsize=4096)
def times(text: str) -> tuple[Time, ...]:
    """The times a plain text writes out, in order; relative ones are left to `told_times`."""
    found = (_read(match) for match in _POINT.finditer(text))
    return tuple(time for time in found if time and not _is_no_time(text, time))


@lru_cache(maxsize=2048)
def told_times(text: str, published: date | None) -> tuple[Time, ...]:
    """The times of evidence with the parts that follow from its day of publication filled in."""
    return tuple(_told(text, published))


def missing_time(
    claim: str, evidence: Sequence[tuple[str, date | None]], near: Iterable[tuple[str, date | None]]
) -> Time | None:
    """The first time of the claim that neither the cited words nor those near them bear out."""
    claimed = times(claim)
    if not claimed:
        return None
    told = [time for text, published in (*evidence, *near) for time in told_times(text, published)]
    have = {replace(time, start=0, end=0, words="") for time in (*told, *_of_publication(claim, evidence))}
    for time in claimed:
        if not any(other.bears(time) for other in have):
            return time
    return None


def taken_by_times(claim: str) -> list[tuple[int, int]]:
    """Places of the claim that are times, so that their figures are not read as numbers."""
    return [(time.start, time.end) for time in times(claim)]


def _of_publication(claim: str, evidence: Sequence[tuple[str, date | None]]) -> list[Time]:
    """Days of publication that may bear out a time: of a claim about the report, or of timeless words."""
    return [
        _full(published)
        for text, published in evidence
        if published
        and (_REPORTED.search(claim) or not any(t.day or t.weekday is not None for t in times(text)))
    ]


def _told(text: str, published: date | None) -> Iterator[Time]:
    for time in times(text):
        yield time
        if published:
            to_come = bool(_TO_COME.search(text[max(0, time.start - 150) : time.end + 50]))
            yield from _resolved(time, published, to_come)
        else:
            yield _with_weekday(time)
    if published:
        for named in relative_times(text, published):
            yield from _between(named.first, named.last)


def _resolved(time: Time, published: date, to_come: bool) -> Iterator[Time]:
    """The days that a time without a year, or a weekday alone, may mean."""
    if time.weekday is not None and time.day is None and time.month is None:
        yield from _weekdays(time.weekday, published, to_come)
    elif time.month and time.year is None and time.decade is None:
        for year in (published.year - 1, published.year, published.year + 1):
            day = make_day(year, time.month, time.day or 1)
            fits = day and (time.day is None or time.weekday in (None, day.weekday()))
            if day and fits and -330 <= (day - published).days <= (330 if to_come else 31):
                yield replace(time, year=year, weekday=day.weekday() if time.day else None)
    else:
        yield _with_weekday(time)


def _weekdays(weekday: int, published: date, to_come: bool) -> Iterator[Time]:
    """The latest such day, the one before if that is the day of publication, the next if to come."""
    back = published - timedelta((published.weekday() - weekday) % 7)
    yield _full(back)
    if back == published:
        yield _full(back - timedelta(7))
    if to_come:
        yield _full(published + timedelta((weekday - published.weekday()) % 7))


def _with_weekday(time: Time) -> Time:
    """A full day with its weekday; any other time as it is."""
    day = make_day(time.year, time.month, time.day) if time.year and time.month and time.day else None
    return replace(time, weekday=day.weekday()) if day else time


def _between(first: date, last: date) -> Iterator[Time]:
    """What days of a range have in common; of a week its days' months and years."""
    if first == last:
        yield _full(first)
        return
    for end in {(first.year, first.month), (last.year, last.month)}:
        one_month = (first.year, first.month) == (last.year, last.month) or (last - first).days < 16
        yield Time(0, 0, "", end[0], end[1] if one_month else None)


def _full(day: date) -> Time:
    return Time(0, 0, "", day.year, day.month, day.day, day.weekday())


def _read(found: re.Match[str]) -> Time | None:
    def number(*names: str) -> int | None:
        return next((int(found[name]) for name in names if found[name]), None)

    word = found["m1"] or found["m2"] or found["m3"]
    month = _MONTHS[word.lower().rstrip(".")] if word else number("n0")
    weekday = found["w0"] or found["w1"]
    return Time(
        found.start(),
        found.end(),
        found.group().strip(" ,"),
        number("y0", "y1", "y2", "y3", "y4"),
        month,
        number("d0", "d1", "d2"),
        WEEKDAYS[weekday.lower()] if weekday else None,
        number("decade"),
    )


def _is_no_time(text: str, time: Time) -> bool:
    """ "May" and "March" as verbs or names, a four-digit count."""
    before = text[max(0, time.start - _CUE_CHARACTERS) : time.start]
    if time.month and not time.day and not time.year:
        return _is_no_month(text, time, before)
    if not time.year or time.month:
        return False
    if not 1500 <= time.year <= 2100:
        return not _YEAR_CUE.search(before)
    counts = re.match(r"\s(?:people|men|women|troops)", text[time.end : time.end + 10])
    return bool(counts and _QUANTITY.search(before))


def _is_no_month(text: str, time: Time, before: str) -> bool:
    if time.words.lower() not in ("may", "march", "mar", "jan", "jun"):
        return False
    if _NO_MONTH.search(text, max(0, time.start - 2), time.end + 8):
        return True
    return time.words != "March" and not _MONTH_CUE.search(before)
