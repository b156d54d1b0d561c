"""The time a text names: a day, a month, a year, a range, or one relative to a given day.

A small grammar rather than a parser of everything: a name that only looks like a time ("May
said", "the Jan. 6 committee", "the 2022 World Cup") names none. Weeks are given with both their
Sundays, for some begin them there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from index.dates.days import FIRST_YEAR, LAST_YEAR
from index.dates.points import Point, dated, days_of, points
from index.dates.relative import Named, relative_times
from index.types import DateRange

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


def date_range(text: str, anchor: date | None) -> DateRange | None:
    """The days that the time named in `text` covers; relative times count from `anchor`.

    A month or a day without a year is the latest not after `anchor`. Several times make the
    narrower one where one lies in the other, and the whole from first to last where all are
    written out. None when no time is named or it is not sure which.
    """
    text = text[:4000]
    # A month or day still to come is not the latest one: then a year is needed.
    found = named_times(text, anchor, to_come=bool(_TO_COME.search(text)))
    ranges = [(_with_cue(text, named), named.relative) for named in found]
    return _agreed([(r, relative) for r, relative in ranges if r])


def named_times(text: str, anchor: date | None, *, to_come: bool = False) -> list[Named]:
    """The times that `text` names, those written out first, each kind in order; none over another's words.

    A month or a day without a year is the latest not after `anchor`; `to_come` leaves it out.
    """
    if anchor and not FIRST_YEAR <= anchor.year <= LAST_YEAR:
        anchor = None
    found = list(_written(text, None if to_come else anchor))
    if anchor is not None:
        taken = [(named.start, named.end) for named in found]
        found += [
            n for n in relative_times(text, anchor) if not any(s < n.end and n.start < e for s, e in taken)
        ]
    return found


def _written(text: str, anchor: date | None) -> Iterator[Named]:
    written = list(points(text))
    at = 0
    while at < len(written):
        point = written[at]
        following = written[at + 1] if at + 1 < len(written) else None
        pair = _pair(text, point, following, anchor) if following else None
        if pair:
            yield pair
            at += 2
            continue
        if _means_a_time(text, point):
            days = days_of(dated(point, anchor))
            if days:
                yield Named(point.start, point.end, days[0], days[1])
        at += 1


def _pair(text: str, a: Point, b: Point, anchor: date | None) -> Named | None:
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
    b = dated(b, anchor)
    if a.year is None and b.year is not None:
        late = (a.month or 1, a.day or 1) > (b.month or 12, b.day or 31)
        a = replace(a, year=b.year - late)
    first, last = days_of(a), days_of(b)
    if not first or not last or first[0] > last[1]:
        return None
    return Named(a.start, b.end, first[0], last[1], closed=True)


def _means_a_time(text: str, point: Point) -> bool:
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


def _month_means_a_time(text: str, point: Point, cue: str | None) -> bool:
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


def _is_modifier(text: str, point: Point) -> bool:
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
