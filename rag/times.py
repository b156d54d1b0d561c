"""The time that a question about somebody's words names: of which days they may be.

"What did X say in May?" wants words of May; "What did X say about the flood in May?" may be answered later,
but hardly before. The words that name the time are no topic. A pure reading, see `index.dates`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from index.dates.periods import date_range, named_times
from index.types import DateRange

_ANY_DAY = date(2000, 1, 1)
"""From which "last week" counts where only its words matter."""
_BEFORE = re.compile(
    r"(?:\b(?:back|only|just|early|earlier|late|later|sometime|the|in|on|at|during|since|after|before|by|until|from"
    r"|around|throughout|for|of)\s+)+$",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"\b(?:about|on|of|to|over|regarding|that|with|against|for)\b", re.IGNORECASE)
_REPORTED_WITHIN = timedelta(1)
_EXPECTED_WITHIN = timedelta(10)


@dataclass(frozen=True, slots=True)
class Time:
    """What a question names of a time: its text without those words, and the days asked for.

    `days` are None when no time is named, it is not sure which, or it is still to come. `of_saying`: they
    are the days of the words themselves, not of what these are about.
    """

    without: str
    days: DateRange | None = None
    of_saying: bool = False

    def admits(self, said: DateRange | None, published: date | None) -> bool:
        """Whether words may be offered as of the time asked for, by when they were said, else reported.

        Where the time is that of the saying, words of an unknown day may not.
        """
        known = said or (DateRange(published, published) if published else None)
        if self.days is None or known is None:
            return self.days is None or not self.of_saying
        first, last = self.days.first or date.min, self.days.last or date.max
        if not self.of_saying:
            first, last = _earlier(first, _EXPECTED_WITHIN), date.max
        elif said is None and last < date.max:
            last += _REPORTED_WITHIN
        return (known.first or date.min) <= last and first <= (known.last or date.max)


NO_TIME = Time("")


def read_time(text: str, asked: date | None) -> Time:
    """The time that `text` names; relative times count from `asked` and say nothing without it."""
    spans = [(named.start, named.end) for named in named_times(text, asked or _ANY_DAY)]
    if not spans:
        return Time(text)
    without, at = "", 0
    for start, end in sorted(spans):
        without += _BEFORE.sub("", text[at:start])
        at = end
    first = min(start for start, _ in spans)
    of_saying = not _TOPIC.search(_BEFORE.sub("", text[:first]))
    kept = " ".join(f"{without}{text[at:]}".split()).lstrip(" ,")
    days = date_range(text, asked)
    to_come = days and asked and days.first and days.first > asked
    return Time(kept, None if to_come else days, of_saying)


def _earlier(day: date, by: timedelta) -> date:
    return day - by if day - date.min > by else date.min
