"""Days that texts name: when an article was published, and which time a question means.

Knows the text it is given and, for relative times, the day they count from. Never guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from index.dates.days import (
    MONTH,
    TIME,
    WEEKDAY,
    WEEKDAYS,
    WRITTEN,
    day_of,
    make_day,
    month_number,
    parse_day,
)
from index.dates.periods import date_range

__all__ = ["date_range", "parse_day", "published_in_text"]

_HEAD_CHARS = 600
_MAX_LINE_CHARS = 160
_MAX_OTHER_WORDS = 7
_MAX_PROSE_LINES = 1  # a standfirst may stand before the day; after more, a day heads a section
_BETWEEN = re.compile(r"\s*[|·•‧∙]\s*|\s+[–—/-]\s+|\t+|\s{3,}|;\s+")
_FIRST = r"(?:(?:first|originally|article|story|date)\s+)?(?:published|posted|publication date|filed|issued)"
_LATER = r"(?:last\s+)?(?:updated|modified|edited|revised|reviewed|corrected)"
_LABEL = re.compile(
    rf"(?:(?P<first>{_FIRST}|date|released?|pub\.?)|(?P<later>{_LATER}))(?:\s+(?:on|at|date))?\s*:?\s*",
    re.IGNORECASE,
)
_DAY = re.compile(rf"(?:{TIME},?\s*(?:on\s+)?)?{WRITTEN}(?:\s*(?:,|at|@)?\s*{TIME})?", re.IGNORECASE)
_WITHOUT_YEAR = re.compile(
    rf"\b(?P<weekday>{WEEKDAY}),?\s+(?:(?:the\s+)?(?P<d1>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{MONTH})"
    rf"|(?P<m2>{MONTH})\s+(?P<d2>\d\d?)(?:st|nd|rd|th)?)\b(?!,?\s+(?:19|20)\d\d)",
    re.IGNORECASE,
)
_NEWS_DAYS = 14
_BYLINE = re.compile(r"(?i:by|from|story by|written by)\s+[A-Z\u00c0-\u04ff][^.!?]{1,80}")
_UPPER = r"A-Z\u00c0-\u00de\u0400-\u042f"
_NAME_WORD = rf"[{_UPPER}][\w.'’-]*"
_NO_NAME = r"(?!(?i:through|until|till|since|before|after|on|in|at|from|by|between|during|to|as)\b)"
_CREDIT = re.compile(
    rf"{_NO_NAME}{_NAME_WORD}(?:[ ,&/]+(?:and\s+|for\s+|of\s+|in\s+)?{_NAME_WORD}){{0,6}}(?<!\.)"
)
_PLACE = rf"[{_UPPER}][{_UPPER}.'’/ -]{{2,30}}(?:,\s*[A-Z][\w. ]{{1,25}}?)?"
_AGENCY = r"\s*[(/\[][^()\[\]]{1,40}[)/\]]"
_DATELINE = re.compile(
    rf"{_PLACE}(?:{_AGENCY})?(?:\s*[,.:–—-]+\s*|\s+)(?i:{WRITTEN})(?:{_AGENCY})?\s*(?:[–—:/-]|\.\s*[–—-])"
)
_SPLIT_DATELINE = re.compile(
    rf"{_PLACE},?\s+(?P<day>\d{{1,2}}\s+(?i:{MONTH})|(?i:{MONTH})\s+\d{{1,2}}){_AGENCY},?\s+(?P<year>(?:19|20)\d\d)\b"
)


def published_in_text(text: str) -> date | None:
    """The day of publication that the page text shows near its head, or None.

    Only a line that is made of a day and what goes with one (label, byline, reading time) counts,
    or a dateline with day and year. A day called that of a first publication goes before others;
    two different days leave it unknown, and so does a day of an update alone, or one that heads the whole
    page and lies weeks off the days that the text tells of.
    """
    found = [one for one in _days_at_head(text) if not _is_of_the_visit(text, *one)]
    for kind in ("first", "plain"):
        days = {day for label, day, _ in found if label == kind}
        if days:
            shapes = {_shape(line) for label, _, line in found if label == kind}
            return days.pop() if len(days) == 1 and not _is_log(text, days, shapes) else None
    return None


def _is_of_the_visit(text: str, label: str, day: date, line: str) -> bool:
    """Whether a site shows the day on which a page is looked at on top of it, before anything else.

    News names the weekday with a day that has just been or is about to come, so such days tell.
    """
    if label != "plain" or not text.lstrip().startswith(line) or parse_day(line) != day:
        return False
    told = (_nearest(found, day) for found in _WITHOUT_YEAR.finditer(text))
    off = [abs((one - day).days) for one in told if one]
    return bool(off) and min(off) > _NEWS_DAYS


def _nearest(found: re.Match[str], to: date) -> date | None:
    """The day nearest to another that fits weekday, month and day; None when no year around does."""
    weekday = WEEKDAYS[found["weekday"].lower().rstrip(".")]
    month, number = month_number(found["m1"] or found["m2"]), int(found["d1"] or found["d2"])
    days = (make_day(to.year + step, month, number) for step in (-1, 0, 1))
    fitting = [day for day in days if day and day.weekday() == weekday]
    return min(fitting, key=lambda day: abs(day - to), default=None)


def _is_log(text: str, days: set[date], shapes: set[str]) -> bool:
    """Whether other days head sections further on in the same way: a log has no one day."""
    lines = (line.strip() for line in text.split("\n"))
    alike = (parse_day(line) for line in lines if 5 < len(line) < 60 and _shape(line) in shapes)
    return any(day and day not in days for day in alike)


def _shape(line: str) -> str:
    """What a line looks like, whatever its letters and numbers: `Mon, Mar 3` gives `Aa Aa 9`."""
    for kind, sign in (("[A-Z]+", "A"), ("[a-z]+", "a"), (r"\d+", "9"), (r"[^\w]+", " ")):
        line = re.sub(kind, sign, line)
    return line


def _days_at_head(text: str) -> Iterator[tuple[str, date, str]]:
    """Label, day and line of what counts near the head."""
    start = len(text) - len(text.lstrip())
    at = prose = 0
    seen = False  # the first line is the title, whatever it ends in
    for line in text[: start + 4 * _HEAD_CHARS].split("\n"):
        if at > start + _HEAD_CHARS or prose > _MAX_PROSE_LINES:
            return
        at += len(line) + 1
        line = line.strip()
        prose += bool(seen and _is_prose(line))
        seen = seen or bool(line)
        dateline = _dateline(line)
        if dateline:
            yield "plain", dateline, line
        elif line and len(line) <= _MAX_LINE_CHARS:
            yield from ((label, day, line) for label, day in _line_days(line))


def _dateline(line: str) -> date | None:
    found = _DATELINE.match(line[:200])
    if found:
        return day_of(found)
    found = _SPLIT_DATELINE.match(line[:200])
    return parse_day(f"{found['day']}, {found['year']}") if found else None


def _line_days(line: str) -> Iterator[tuple[str, date]]:
    """The days of a line that is nothing but days and what goes with them."""
    days: list[tuple[str, date]] = []
    others = 0
    label = "plain"
    for part in filter(None, map(str.strip, _BETWEEN.split(line))):
        kind, rest = _unlabelled(part)
        label = kind or label
        day = parse_day(rest.strip(" ,()[]")) or _after_credit(rest)
        if day:
            days.append((label, day))
            label = "plain"
        elif rest:
            if not _goes_with_a_day(rest):
                return
            others += len(rest.split())
    if others <= _MAX_OTHER_WORDS:
        yield from days


def _unlabelled(part: str) -> tuple[str, str]:
    """Which label (`first`, `later`, "") leads `part`, and what follows it."""
    found = _LABEL.match(part)
    if not found or (found.end() < len(part) and part[found.end() - 1].isalnum()):
        return "", part
    return ("first" if found["first"] else "later"), part[found.end() :]


def _is_prose(line: str) -> bool:
    return line.rstrip('"”’)')[-1:] in (".", "!", "?", "…") and len(line.split()) > 2


def _after_credit(part: str) -> date | None:
    """A day after a byline or an outlet on the same line: `By Ann Bell, March 3, 2022`."""
    for found in _DAY.finditer(part):
        before = part[: found.start()].rstrip(" ,(")
        if found.end() == len(part.rstrip(" )")) and (_BYLINE.fullmatch(before) or _CREDIT.fullmatch(before)):
            return day_of(found)
    return None


def _goes_with_a_day(part: str) -> bool:
    """Whether a part without a day may stand beside one: a time, a name, a few words."""
    if part[-1] in ".!?" and len(part.split()) > 3:
        return False
    return len(part.split()) <= _MAX_OTHER_WORDS
