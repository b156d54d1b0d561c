"""Points of time that a text writes out, wholly or in part: a day, a month, a year, a decade.

Knows the forms and the calendar; whether the words around one show a time or a name is for
`index.dates.periods` to say.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from index.dates.days import WEEKDAYS, make_day

_NAMES = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_NAMES |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = r"(?:" + "|".join(sorted(_NAMES, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = r"(?:" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:1[6-9]|20)\d\d"
_D = r"(?:0?[1-9]|[12]\d|3[01])"
_ORD = r"(?:st|nd|rd|th)?"
_TO = r"\s*(?:[-–—]|to|and|until|till|through)\s*"
_POINT = re.compile(
    rf"(?<![\w$€£.,/-])(?:(?P<weekday>{_WEEKDAY}),?\s+(?:the\s+)?)?(?:"
    rf"(?P<y0>{_YEAR})-(?P<n0>\d\d)-(?P<d0>\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"
    rf"|(?:(?P<from1>{_D}){_ORD}{_TO})?(?P<d1>{_D}){_ORD}\s+(?:of\s+)?(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>{_D}){_ORD}(?![\d:])(?:{_TO}(?P<to2>{_D}){_ORD}(?![\d:])(?!\s+{_MONTH}))?"
    rf"(?:,?\s+(?P<y2>{_YEAR}))?"
    rf"|(?P<m3>{_MONTH})(?:,?\s+(?:of\s+)?(?P<y3>{_YEAR}))?"
    rf"|(?P<decade>(?:1[6-9]|20)\d0)[’']?s"
    rf"|(?P<y4>{_YEAR})(?:\s?[-–—]\s?(?P<to4>{_YEAR}))?)(?![\w%]|-\w|[.,]\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Point:
    """A written time: what of year, month and day it gives, and where it stands in the text."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    weekday: int | None = None
    last_year: int | None = None


def points(text: str) -> Iterator[Point]:
    """The points that `text` writes, in order."""
    return map(_point, _POINT.finditer(text))


def _point(found: re.Match[str]) -> Point:
    def number(*names: str) -> int | None:
        return next((int(found[name]) for name in names if found[name]), None)

    word = found["m1"] or found["m2"] or found["m3"]
    month = _NAMES[word.lower().rstrip(".")] if word else number("n0")
    first = number("from1", "d0", "d1", "d2")
    last = number("d1") if found["from1"] else number("to2")
    weekday = WEEKDAYS[found["weekday"].lower().rstrip(".")] if found["weekday"] else None
    return Point(
        found.start(),
        found.end(),
        number("y0", "y1", "y2", "y3", "y4", "decade"),
        month,
        first,
        last,
        weekday,
        int(found["decade"]) + 9 if found["decade"] else number("to4"),
    )


def dated(point: Point, anchor: date | None) -> Point:
    """`point` with the year it must mean: the latest in which it is not after `anchor`."""
    if point.year is not None or anchor is None:
        return point
    for year in range(anchor.year, anchor.year - 8, -1):
        days = days_of(replace(point, year=year))
        if days and days[0] <= anchor:
            return replace(point, year=year)
    return point


def days_of(point: Point) -> tuple[date, date] | None:
    """First and last day of `point`, or None when it has no year or is no day of the calendar."""
    year, month = point.year, point.month
    if year is None:
        return None
    if month is None:
        last_year = point.last_year or year
        return (date(year, 1, 1), date(last_year, 12, 31)) if year <= last_year else None
    if not 1 <= month <= 12:
        return None
    if point.day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    first, last = make_day(year, month, point.day), make_day(year, month, point.last_day or point.day)
    if not first or not last or first > last:
        return None
    if point.weekday is not None and first.weekday() != point.weekday:
        return None
    return first, last
