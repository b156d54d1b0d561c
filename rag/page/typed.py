"""What people typed and buttons named, read: days, filters, spans. It does not know Gradio."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from index.errors import OnrecordError
from index.types import Filters, Span

_SPANS = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


def read_day(value: str | None) -> date | None:
    """The day a person typed; None for an empty field; OnrecordError when it is no day."""
    text = (value or "").strip()
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise OnrecordError(
            f"found the date {text!r}, wanted one like 2023-03-31: change the filter"
        ) from None


def read_filters(outlets: Sequence[str] | None, since: str | None, until: str | None) -> Filters:
    """The filters as typed; OnrecordError when a date is none or they are the wrong way round."""
    first, last = read_day(since), read_day(until)
    if first and last and first > last:
        raise OnrecordError(f"found dates from {first} to {last}, wanted the earlier first: swap them")
    return Filters(since=first, until=last, sources=tuple(outlets or ()))


def read_spans(value: object) -> tuple[Span, ...]:
    """The spans a button names ("3-9 20-31"); what is not a span is left out."""
    found = ((int(start), int(end)) for start, end in _SPANS.findall(str(value)))
    return tuple(Span(start, end) for start, end in found if start < end)


def read_number(value: object, below: int) -> int | None:
    """The whole number that a button names, from 0 and less than `below`; None when it is not one."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) < below else None
