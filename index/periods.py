"""The time a text names: a day, a month, a year, a range, or one relative to a given day.

A small grammar rather than a parser of everything: a name that only looks like a time ("May
said", "the Jan. 6 committee", "the 2022 World Cup") names none. Weeks are given with both their
Sundays, for some begin them there.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.days import FIRST_YEAR, LAST_YEAR, WEEKDAYS, make_day
from index.relative import Named, relative_times
from index.types import DateRange

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
_BETWEEN = re.compile(
    r"\s*(?P<how>[-–—]|to|and|until|till|through)\s*(?:the\s+)?(?:early|late|mid|end of)?[\s-]*",
    re.IGNORECASE,
)
_PART = r"(?:start|beginning|middle|end|spring|summer|autumn|fall|winter)"
_CUE = re.compile(
    r"(?P<cue>\b(?:since|after|before|until|till|up to|prior to|by|from|between|in|on|during|throughout|of|to"
    r"|for|around|late|early|mid|year|spring|summer|autumn|fall|winter|last|this))"
    rf"(?:\s+(?:the\s+)?(?:year|month|late|early|mid|{_PART}(?:\s+of)?))?(?:\s+the)?[\s-]*$",
    re.IGNORECASE,
)
_OWNED = re.compile(r"(?:\b(?:the|a|an|this|that|his|her|its|their|our|your|my)|\w[’']s?)\s+$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:least|most|than|over|nearly|some|about|almost|over|under|the|only|all)\s+$", re.IGNORECASE
)
_TO_COME = re.compile(
    r"\b(?:will|set to|scheduled|expected to|upcoming|coming|due to|plans? to|planned|about to)\b", re.I
)
_PLAIN = (
    "and or but in on at by to of for with about did does do was were is are be been have has had that this "
    "these those the a an who whom what when where why how which than as if after before since until while "
    "during from between he she it they we you i his her its their there not said say says according will "
    "would could"
)
_PLAIN_WORDS = frozenset(_PLAIN.split())
_FAR_WORDS = {"of", "by", "after", "before", "from", "to", "for", "around", "on"}


@dataclass(frozen=True, slots=True)
class _Point:
    """A written time: what of year, month and day it gives, and where it stands in the text."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    weekday: int | None = None
    last_year: int | None = None


def date_range(text: str, anchor: date | None) -> DateRange | None:
    """The days that the time named in `text` covers; relative times count from `anchor`.

    A month or a day without a year is the latest not after `anchor`. Several times make the
    narrower one where one lies in the other, and the whole from first to last where all are
    written out. None when no time is named or it is not sure which.
    """
    text = text[:4000]
    if anchor and not FIRST_YEAR <= anchor.year <= LAST_YEAR:
        anchor = None
    # A month or day still to come is not the latest one: then a year is needed.
    found = list(_written(text, None if _TO_COME.search(text) else anchor))
    if anchor is not None:
        taken = [(named.start, named.end) for named in found]
        found += [
            n for n in relative_times(text, anchor) if not any(s < n.end and n.start < e for s, e in taken)
        ]
    ranges = [(_with_cue(text, named), named.relative) for named in found]
    return _agreed([(r, relative) for r, relative in ranges if r])


def _written(text: str, anchor: date | None) -> Iterator[Named]:
    points = [_point(found) for found in _POINT.finditer(text)]
    at = 0
    while at < len(points):
        point = points[at]
        following = points[at + 1] if at + 1 < len(points) else None
        pair = _pair(text, point, following, anchor) if following else None
        if pair:
            yield pair
            at += 2
            continue
        if _means_a_time(text, point):
            days = _days(_dated(point, anchor))
            if days:
                yield Named(point.start, point.end, days[0], days[1])
        at += 1


def _point(found: re.Match[str]) -> _Point:
    def number(*names: str) -> int | None:
        return next((int(found[name]) for name in names if found[name]), None)

    word = found["m1"] or found["m2"] or found["m3"]
    month = _NAMES[word.lower().rstrip(".")] if word else number("n0")
    first = number("from1", "d0", "d1", "d2")
    last = number("d1") if found["from1"] else number("to2")
    weekday = WEEKDAYS[found["weekday"].lower().rstrip(".")] if found["weekday"] else None
    return _Point(
        found.start(),
        found.end(),
        number("y0", "y1", "y2", "y3", "y4", "decade"),
        month,
        first,
        last,
        weekday,
        int(found["decade"]) + 9 if found["decade"] else number("to4"),
    )


def _pair(text: str, a: _Point, b: _Point, anchor: date | None) -> Named | None:
    """Two points that a word or dash makes a range: `from March to May 2022`."""
    link = _BETWEEN.fullmatch(text[a.end : b.start])
    if not link:
        return None
    how, cue = link["how"].lower(), _cue(text, a.start)
    months = a.month and b.month and not a.day and not b.day and not a.year and b.year
    if how == "and" and cue != "between" and not months:
        return None
    if how not in "-–—" and how != "and" and cue not in ("from", "between", "since"):
        return None
    if _is_modifier(text, replace(b, start=a.start)):
        return None
    b = _dated(b, anchor)
    if a.year is None and b.year is not None:
        late = (a.month or 1, a.day or 1) > (b.month or 12, b.day or 31)
        a = replace(a, year=b.year - late)
    first, last = _days(a), _days(b)
    if not first or not last or first[0] > last[1]:
        return None
    return Named(a.start, b.end, first[0], last[1], closed=True)


def _means_a_time(text: str, point: _Point) -> bool:
    """Whether the words around `point` show a time rather than a name, a verb or a number."""
    word = text[point.start : point.end]
    cue = _cue(text, point.start)
    if _is_modifier(text, point):
        return False
    if point.month and point.day:
        return bool(point.year) or word.lower()[:3] != "may" or word[:1].isupper() or word[:1].isdigit()
    if point.month:
        return _month_means_a_time(text, point, cue)
    if point.last_year:
        return True
    if _COUNTED.search(text[: point.start]):
        return False
    following = _following(text, point.end)
    if cue in _FAR_WORDS or cue is None:
        return following == "" or (cue is not None and following.lower() in _PLAIN_WORDS)
    return True


def _month_means_a_time(text: str, point: _Point, cue: str | None) -> bool:
    word = text[point.start : point.end]
    name = word[:3].lower()
    if point.year:
        return name != "may" or word[0].isupper() or cue is not None
    if cue is None or cue in ("for", "to", "on", "around", "year"):
        return False
    if name == "may" and (word[0].islower() or cue in _FAR_WORDS):
        return False
    after = _following(text, point.end).lower()
    return not (
        name == "mar" and (after in ("on", "for", "against", "to", "with", "through") or word[0].islower())
    )


def _is_modifier(text: str, point: _Point) -> bool:
    """Whether the time only tells which of several things is meant: `the Jan. 6 committee`."""
    following = _following(text, point.end)
    if not following or following.lower() in _PLAIN_WORDS:
        return False
    if point.last_year and not _OWNED.search(text[: point.start]):
        return False
    return bool(_OWNED.search(text[: point.start])) or (
        _cue(text, point.start) is None and not (point.year and point.month)
    )


def _following(text: str, end: int) -> str:
    """The word right after `end`, "" when a sentence or part of one ends there."""
    found = re.match(r"(?:,?\s+|[’'])([\w-]+)", text[end:])
    return found[1] if found else ""


def _cue(text: str, start: int) -> str | None:
    found = _CUE.search(text[max(0, start - 40) : start])
    return found["cue"].lower() if found else None


def _dated(point: _Point, anchor: date | None) -> _Point:
    """`point` with the year it must mean: the latest in which it is not after `anchor`."""
    if point.year is not None or anchor is None:
        return point
    for year in range(anchor.year, anchor.year - 8, -1):
        days = _days(replace(point, year=year))
        if days and days[0] <= anchor:
            return replace(point, year=year)
    return point


def _days(point: _Point) -> tuple[date, date] | None:
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


def _with_cue(text: str, named: Named) -> DateRange | None:
    """The days of `named` as the word before them turns them: `since`, `before` and the like."""
    cue = None if named.closed else _cue(text, named.start)
    if named.relative and cue in ("by", "until", "till", "up to", "before", "prior to"):
        return None  # whether that day is past or to come is not said
    if cue == "since":
        return DateRange(named.first, None)
    if cue == "after":
        return DateRange(named.last + timedelta(days=1), None)
    if cue in ("before", "prior to"):
        return DateRange(None, named.first - timedelta(days=1))
    if cue in ("until", "till", "up to", "by"):
        return DateRange(None, named.last)
    return DateRange(named.first, named.last)


def _agreed(found: list[tuple[DateRange, bool]]) -> DateRange | None:
    if not found:
        return None
    agreed = found[0][0]
    for days, _ in found[1:]:
        if _lies_in(days, agreed):
            agreed = days
        elif not _lies_in(agreed, days):
            if any(relative for _, relative in found):
                return None
            agreed = _hull(agreed, days)
    return agreed


def _lies_in(a: DateRange, b: DateRange) -> bool:
    return _low(b) <= _low(a) and _high(a) <= _high(b)


def _hull(a: DateRange, b: DateRange) -> DateRange:
    first, last = min(_low(a), _low(b)), max(_high(a), _high(b))
    return DateRange(None if first == date.min else first, None if last == date.max else last)


def _low(days: DateRange) -> date:
    return days.first or date.min


def _high(days: DateRange) -> date:
    return days.last or date.max
