"""Written days: the words of the calendar and the forms in which one full day is written.

Knows nothing of texts around a day, of today, or of an author's habits: `03/04/2023` is two
days at once and therefore none.
"""

from __future__ import annotations

import re
from datetime import date

FIRST_YEAR, LAST_YEAR = 1600, 2100

_MONTH_WORDS = (
    "january jan januar januari janvier enero января січня jänner",
    "february feb febr februar février fevrier febrero февраля лютого",
    "march mar märz maerz mars marzo марта березня",
    "april apr avril abril апреля квітня",
    "may mai mayo мая травня",
    "june jun juni juin junio июня червня",
    "july jul juli juillet julio июля липня",
    "august aug août aout agosto августа серпня",
    "september sept sep septembre septiembre сентября вересня",
    "october oct oktober octobre octubre октября жовтня",
    "november nov novembre noviembre ноября листопада",
    "december dec dezember décembre decembre diciembre декабря грудня",
)
MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        ("monday mon", "tuesday tues tue", "wednesday wed", "thursday thurs thur thu", "friday fri",
         "saturday sat", "sunday sun")
    )
    for word in words.split()
}  # fmt: skip


def _words(names: dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(names, key=len, reverse=True)) + ")"


MONTH = _words(MONTHS) + r"\b\.?"
WEEKDAY = _words(WEEKDAYS) + r"\b\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:1[6-9]|20)\d\d"
_CLOCK = (
    r"(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[ap]\.?\s?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?"
    r"|noon|midnight)"
)
_ZONE = r"(?:\s*\(?(?:Z\b|[A-Z]{2,5}\b|[A-Z][a-z]+ time\b)?\s?(?:[+−-]\d{1,2}(?::?\d{2})?)?\)?)"
TIME = rf"{_CLOCK}{_ZONE}{{1,2}}"
WRITTEN = (
    rf"(?:(?P<weekday>{WEEKDAY}),?\s+(?:the\s+)?)?(?:"
    rf"(?P<d1>{_DAY})(?:st|nd|rd|th|er|\.|º)?(?:\s+(?:of\s+|de\s+|d[’'])?|[-/])(?P<m1>{MONTH})(?:,?\s*(?:de\s+)?|[-/])(?P<y1>{_YEAR})"
    rf"|(?P<m2>{MONTH})\s*(?P<d2>{_DAY})(?:st|nd|rd|th)?(?:,\s*|\s+)(?:{TIME}\s+)??(?P<y2>{_YEAR})"
    rf"|(?P<y3>{_YEAR})[-/.](?P<n3>\d\d?)[-/.](?P<d3>\d\d?)"
    rf"|(?P<d4>\d\d?)(?P<sep>[-/.])(?P<n4>\d\d?)(?P=sep)(?P<y4>{_YEAR})"
    r")(?![\w/-])"
)
"""One full day in words or digits; groups for `day_of`."""

_WRITTEN = re.compile(rf"(?<![\w/.-]){WRITTEN}", re.IGNORECASE)
_ISO = re.compile(rf"(?<!\d)({_YEAR})-(\d\d?)-(\d\d?)(?!\d)")
_FULL = re.compile(
    rf"(?:{TIME},?\s*(?:on\s+)?)?{WRITTEN}(?:\s?г\.?|\s?року)?"
    rf"(?:\s*(?:,|\||·|•|–|—|-|@|at|um|à|в)?\s*{TIME})?",
    re.IGNORECASE,
)
_STAMP = re.compile(rf"({_YEAR})-?(\d\d)-?(\d\d)(?:[T\s_]\s?\d\d:?\d\d.{{0,40}}|Z|[+-]\d\d:?\d\d)?")


def parse_day(value: str) -> date | None:
    """The day that `value` writes out in full, with or without weekday, time and zone.

    The day is taken as written in its own zone. None for anything else: no year, a day and month
    whose order is unclear, a weekday that does not fit, words around it.
    """
    text = " ".join(value.split()).strip(" ,;|")
    if len(text) > 100:
        return None
    stamp = _STAMP.fullmatch(text)
    if stamp:
        return make_day(int(stamp[1]), int(stamp[2]), int(stamp[3]))
    found = _FULL.fullmatch(text)
    return day_of(found) if found else None


def days_in(text: str) -> set[date]:
    """All days that `text` writes out in full and in a form that can be read in one way."""
    stamps = (make_day(int(s[1]), int(s[2]), int(s[3])) for s in _ISO.finditer(text))
    return {day for day in (*stamps, *map(day_of, _WRITTEN.finditer(text))) if day}


def day_of(found: re.Match[str]) -> date | None:
    """The day of a match of `WRITTEN`, or None when it is no day or not sure to be this one."""
    for n in "12":
        if found["y" + n]:
            month = month_number(found["m" + n])
            day = make_day(int(found["y" + n]), month, int(found["d" + n]))
            break
    else:
        day = _in_digits(found)
    weekday = found["weekday"]
    if day and weekday and WEEKDAYS[weekday.lower().rstrip(".")] != day.weekday():
        return None
    return day


def _in_digits(found: re.Match[str]) -> date | None:
    if found["y3"]:
        return make_day(int(found["y3"]), int(found["n3"]), int(found["d3"]))
    a, b, year = int(found["d4"]), int(found["n4"]), int(found["y4"])
    readings = {make_day(year, b, a), make_day(year, a, b)} - {None}
    return readings.pop() if len(readings) == 1 else None


def month_number(word: str) -> int:
    """1 to 12 for a match of `MONTH`."""
    return MONTHS[word.lower().rstrip(".")]


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, or None when the calendar has none such or the year lies far off."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
