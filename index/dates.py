"""Days that texts name: when an article was published, and which time a question means.

Knows the text it is given and, for relative times, the day they count from. Never guesses.
"""

from __future__ import annotations

import re
from datetime import date

from index.days import TIME, WRITTEN, day_of, parse_day
from index.periods import date_range

__all__ = ["date_range", "parse_day", "published_in_text"]

_HEAD_CHARS = 600
_MAX_LINE_CHARS = 140


def published_in_text(text: str) -> date | None:
    return None
