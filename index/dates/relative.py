"""Times that count from a given day: yesterday, last week, on Friday, three months ago, two days later.

Knows only that day, be it the one of writing or one named before; a weekday without more is the
latest such day not after it. Weeks are given from the Sunday before to the Sunday after, for some
begin them on Sunday and some on Monday; said on a Sunday, "last week" ends the day before.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from index.dates.days import WEEKDAYS


@dataclass(frozen=True, slots=True)
class Named:
    """Days that characters `start` to `end` of a text name, both days included.

    `closed` when the words say both ends, `relative` when they count from a given day.
    """

    start: int
    end: int
    first: date
    last: date
    closed: bool = False
    relative: bool = False


_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS.split())} | {
    "a": 1,
    "an": 1,
    "couple of": 2,
    "a couple of": 2,
}
_COUNT = r"(?P<count>\d{1,3}|a couple of|" + "|".join(_NUMBERS) + ")"
_FULL_WEEKDAYS = [word for word in WEEKDAYS if word.endswith("day")]
_WEEKDAY = r"(?P<weekday>" + "|".join(_FULL_WEEKDAYS) + ")"
_NOT_OF = r"\b(?!\s+of\b)"

_Days = tuple[date, date]
_Rule = Callable[[re.Match[str], date], _Days | None]


def relative_times(text: str, anchor: date) -> Iterator[Named]:
    """The relative times in `text`, in order of rules, no two over the same words."""
    taken: list[tuple[int, int]] = []
    for pattern, rule in _RULES:
        for found in pattern.finditer(text):
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            taken.append(found.span())
            days = None if _is_name(text, found) else _counted(rule, found, anchor)
            if days:
                yield Named(*found.span(), *days, relative=True)


def times_after(text: str, day: date | None) -> Iterator[Named]:
    """The times in `text` that count from a day named before (two days later, the next day), in order.

    Without such a `day` they are given as the whole calendar, so that it is known where they stand.
    """
    for found in _FROM_NAMED.finditer(text):
        days = _counted(_from_named, found, day) if day else None
        yield Named(*found.span(), *(days or (date.min, date.max)), relative=True)


def _counted(rule: _Rule, found: re.Match[str], anchor: date) -> _Days | None:
    try:
        return rule(found, anchor)
    except (OverflowError, ValueError):  # before the first or after the last day there is
        return None


_NAMED_DAYS = re.compile(
    r"\b(?:Black|Good|Bloody|Super|Fat|Giving|Ash|Holy|Palm|Easter|Cyber|Whit|Maundy|Shrove|Sheffield|Ruby|Bowl|Casual"
    r"|every|each|any|most|Freaky|Taco)\s+$",
    re.IGNORECASE,
)


_NOWADAYS = re.compile(r"\b(?:is|are|does|do)\b[^.?!]*$", re.IGNORECASE)


def _is_name(text: str, found: re.Match[str]) -> bool:
    """Whether the words are part of a name (Black Friday, USA Today) or of every such day."""
    before, word = text[: found.start()], found[0]
    if word.lower() == "today":
        return bool(_NOWADAYS.search(before)) or (word[0].isupper() and bool(re.search(r"\w\s+$", before)))
    if "weekday" in found.re.groupindex:
        return bool(_NAMED_DAYS.search(before)) or text[found.end() :].startswith((" the 13", " Night Live"))
    return False


def _day(days: int) -> _Rule:
    return lambda found, anchor: (anchor + timedelta(days), anchor + timedelta(days))


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _week(weeks: int) -> _Rule:
    def rule(found: re.Match[str], anchor: date) -> _Days:
        monday = _monday(anchor) + timedelta(weeks=weeks)
        return monday - timedelta(1), monday + timedelta(6)

    return rule


def _weekend(found: re.Match[str], anchor: date) -> _Days:
    """`this` one ends this week; `last` and plain ones are the latest begun, or before today."""
    saturday = _monday(anchor) + timedelta(5)
    which = (found["which"] or "").lower()
    if which == "next":
        saturday += timedelta(7)
    elif which == "last" or (which != "this" and saturday > anchor):
        saturday -= timedelta(7)
    return saturday, saturday + timedelta(1)


def _month_of(anchor: date, months: int) -> _Days:
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def _year_of(anchor: date, years: int) -> _Days:
    return date(anchor.year + years, 1, 1), date(anchor.year + years, 12, 31)


def _named_unit(found: re.Match[str], anchor: date) -> _Days:
    """`last`, `this` or `next` week, month or year."""
    step = {"last": -1, "previous": -1, "this": 0, "current": 0, "next": 1}[found["which"].lower()]
    unit = found["unit"].lower()
    if unit == "week":
        first, last = _week(step)(found, anchor) or (anchor, anchor)
        # on a Sunday, "last week" may be the one that ends that day
        return first, anchor - timedelta(1) if step == -1 and anchor.weekday() == 6 else last
    return _month_of(anchor, step) if unit == "month" else _year_of(anchor, step)


def _earlier(found: re.Match[str], anchor: date) -> _Days:
    unit = found["unit"].lower()
    first = {"week": _monday(anchor) - timedelta(1), "month": anchor.replace(day=1)}
    return first.get(unit, anchor.replace(month=1, day=1)), anchor


def _count(found: re.Match[str]) -> int:
    word = (found["count"] or "one").lower()
    return int(word) if word.isdigit() else _NUMBERS[word]


def _ago(found: re.Match[str], anchor: date) -> _Days:
    """Days exactly; weeks with three days on both sides; months and years whole."""
    count, unit = _count(found), found["unit"].lower()
    if unit == "day":
        return _day(-count)(found, anchor) or (anchor, anchor)
    if unit == "week":
        middle = anchor - timedelta(weeks=count)
        return middle - timedelta(3), middle + timedelta(3)
    return _month_of(anchor, -count) if unit == "month" else _year_of(anchor, -count)


def _past(found: re.Match[str], anchor: date) -> _Days:
    """The time of that length that ends on `anchor`."""
    count, unit = _count(found), found["unit"].lower()
    if unit in ("day", "week"):
        return anchor - timedelta(count * (7 if unit == "week" else 1)), anchor
    first, _ = _month_of(anchor, -count * (12 if unit == "year" else 1))
    length = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day=min(anchor.day, length)), anchor


def _from_named(found: re.Match[str], day: date) -> _Days:
    """Days exactly; other lengths as coarsely as `_ago` has them."""
    if found["same"]:
        return day, day
    back = (found["later"] or found["next"] or found["after"] or "").lower() in _BACK
    if not found["unit"]:
        return _day(-1 if back else 1)(found, day) or (day, day)
    sign, unit = (-1 if back else 1) * _count(found), found["unit"].lower()
    if unit == "day":
        return _day(sign)(found, day) or (day, day)
    if unit == "week":
        middle = day + timedelta(weeks=sign)
        return middle - timedelta(3), middle + timedelta(3)
    return _month_of(day, sign) if unit == "month" else _year_of(day, sign)


def _weekday_of_week(found: re.Match[str], anchor: date) -> _Days:
    """A day of the week before, of this or of the next one."""
    step = {"last": -1, "this": 0, "next": 1}[found["which"].lower()]
    day = _monday(anchor) + timedelta(7 * step + WEEKDAYS[found["weekday"].lower()])
    return day, day


def _weekday(found: re.Match[str], anchor: date) -> _Days | None:
    """`last` is before today, `next` after today, `this` in this week, else the latest."""
    number = WEEKDAYS[found["weekday"].lower()]
    which = (found["which"] or "").lower()
    if not which and found["weekday"][0].islower():
        return None
    back = (anchor.weekday() - number) % 7
    day = anchor - timedelta(back)
    if which == "last" and back == 0:
        day -= timedelta(7)
    elif which == "next":
        day += timedelta(7)
    elif which == "this":
        day = _monday(anchor) + timedelta(number)
    return day, day


def _rule(pattern: str, rule: _Rule) -> tuple[re.Pattern[str], _Rule]:
    return re.compile(pattern, re.IGNORECASE), rule


_UNIT = r"(?P<unit>day|week|month|year)s?"
_RULES = (
    _rule(
        r"(?:\b(?:more|less|fewer)\s+than\s+|\bover\s+|\bunder\s+)" + _COUNT + rf"\s+{_UNIT}\s+ago\b",
        lambda f, a: None,
    ),
    _rule(rf"\b{_COUNT}\s+{_UNIT}\s+(?:ago|earlier)\b", _ago),
    _rule(rf"\b(?:past|last|previous|preceding)\s+{_COUNT}\s+{_UNIT}{_NOT_OF}", _past),
    _rule(r"\b(?:the\s+)past(?P<count>)\s+(?P<unit>day|week|month|year)" + _NOT_OF, _past),
    _rule(r"\bearlier\s+(?:in\s+)?this\s+(?P<unit>week|month|year)\b", _earlier),
    _rule(r"\b(?:the\s+)?day\s+before\s+yesterday\b", _day(-2)),
    _rule(r"\byesterday\b", _day(-1)),
    _rule(r"\blast\s+night\b", _day(-1)),
    _rule(r"\bweek\s+before\s+last\b", _week(-2)),
    _rule(r"\bmonth\s+before\s+last\b", lambda f, a: _month_of(a, -2)),
    _rule(rf"\b{_WEEKDAY}\s+(?:of\s+)?(?P<which>last|this|next)\s+week\b", _weekday_of_week),
    _rule(r"\b(?:today|tonight|this\s+(?:morning|afternoon|evening))\b", _day(0)),
    _rule(r"\btomorrow\b", _day(1)),
    _rule(r"\b(?:(?P<which>last|this|next)|over\s+the|at\s+the|on\s+the|during\s+the)\s+weekend\b", _weekend),
    _rule(rf"\b(?P<which>last|previous|this|current|next)\s+(?P<unit>week|month|year){_NOT_OF}", _named_unit),
    _rule(rf"\b(?:(?P<which>last|this|next|on)\s+)?{_WEEKDAY}\b", _weekday),
)
_BACK = frozenset(("earlier", "before", "previous", "preceding"))
_FROM_NAMED = re.compile(
    rf"\b(?:{_COUNT}\s+{_UNIT}\s+(?P<later>later|earlier)"
    r"|(?P<same>(?:the|that)\s+(?:very\s+)?same\s+day|that\s+(?:very\s+)?(?:day|morning|afternoon|evening|night))"
    r"|the\s+(?P<next>next|following|previous|preceding)\s+(?:day|morning)"
    r"|the\s+day\s+(?P<after>after|before)(?=\s*(?:[,.;:]|$)))\b(?![’'-])",
    re.IGNORECASE,
)
