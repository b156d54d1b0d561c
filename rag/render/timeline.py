"""How many statements and how many articles there are a day, week, month or longer, drawn as bars.

Pure: statements and counts in, HTML with two small SVGs out. Nothing of it is an article's own words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from index.quotes import Quote
from rag.render.markup import counted, day_text, sanitise

MOST_BINS = 120
_FEWEST_DAYS = 14
_YEARS = {"year": 1, "decade": 10, "century": 100}
_UNITS = ("day", "week", "month", *_YEARS)
_LAST = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Bin:
    """The days from `first` to `last`, both included, with what falls on them."""

    first: date
    last: date
    statements: int = 0
    articles: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bins of one length in order of time, without a gap; no bins when no day is known.

    `unplaced` counts the statements of which only the month is known where bins are shorter than that,
    `undated` those of unknown date: bins and both together are all statements.
    """

    unit: str = "day"
    bins: tuple[Bin, ...] = ()
    unplaced: int = 0
    undated: int = 0


def timeline(quotes: Iterable[Quote], coverage: Mapping[date, int]) -> Timeline:
    """The statements by the day they were said, else published, and the articles of those days.

    `coverage` are articles by day of publication. It begins with the first statement and ends with the last.
    """
    ranges = [quote.days for quote in quotes]
    known = [(one.first, one.last) for one in ranges if one and one.first and one.last]
    undated = len(ranges) - len(known)
    if not known:
        return Timeline(undated=undated)
    unit, starts = _cut(min(one for one, _ in known), max(one for _, one in known))
    placed = [day for day, until in known if day == until or unit not in ("day", "week")]
    said = Counter(_start(day, unit) for day in placed)
    told = _counted(coverage, unit)
    bins = tuple(Bin(day, _end(day, unit), said[day], told[day]) for day in starts)
    return Timeline(unit, bins, len(known) - len(placed), undated)


def covered(coverage: Mapping[date, int]) -> Timeline:
    """The articles by day of publication alone, from the first to the last."""
    if not coverage:
        return Timeline()
    unit, starts = _cut(min(coverage), max(coverage))
    told = _counted(coverage, unit)
    return Timeline(unit, tuple(Bin(day, _end(day, unit), articles=told[day]) for day in starts))


def _cut(first: date, last: date) -> tuple[str, list[date]]:
    """The shortest bins that are not too many, and where they begin."""
    days = _widened(first, last)
    return next((unit, cut) for unit in _UNITS if len(cut := _starts(*days, unit)) <= MOST_BINS)


def _counted(coverage: Mapping[date, int], unit: str) -> Counter[date]:
    told = Counter[date]()
    for day, number in coverage.items():
        told[_start(day, unit)] += number
    return told


def _widened(first: date, last: date) -> tuple[date, date]:
    """The days, and as many on both sides that they make two weeks."""
    more = max(0, _FEWEST_DAYS - (last - first).days) // 2
    start, end = max(1, first.toordinal() - more), min(_LAST, last.toordinal() + more)
    return date.fromordinal(start), date.fromordinal(end)


def _start(day: date, unit: str) -> date:
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return date(max(1, day.year - day.year % _YEARS[unit]), 1, 1)


def _end(start: date, unit: str) -> date:
    """The last day of the bin that begins with `start`."""
    days = {"day": 1, "week": 7, "month": 31}
    some = start.toordinal() + days.get(unit, 366 * _YEARS.get(unit, 0))
    if unit in ("day", "week"):
        return date.fromordinal(min(some - 1, _LAST))
    after = _start(date.fromordinal(some), unit) if some <= _LAST else date.max
    return date.max if after == date.max else after - timedelta(days=1)


def _starts(first: date, last: date, unit: str) -> list[date]:
    """Where the bins begin; one more than MOST_BINS at most."""
    starts = [_start(first, unit)]
    while len(starts) <= MOST_BINS and _end(starts[-1], unit) < last:
        starts.append(_end(starts[-1], unit) + timedelta(days=1))
    return starts


_Value = Callable[[Bin], int]
_STATEMENTS: tuple[str, _Value] = ("Statements", lambda one: one.statements)
_ARTICLES: tuple[str, _Value] = ("Articles", lambda one: one.articles)


# --- as HTML -----------------------------------------------------------------------------------


def timeline_html(line: Timeline, who: str = "") -> str:
    """Two rows of bars over one another with their days, and the numbers as a table; empty without bins."""
    of = f" of {who}" if who else ""
    said = _plot(line, f"Statements{of}", "said", _STATEMENTS[1]) if line.bins else ""
    return _drawn(line, said, (_STATEMENTS, _ARTICLES))


def coverage_html(line: Timeline) -> str:
    """The articles as one row of bars with their days, and the numbers as a table; empty without bins."""
    return _drawn(line, "", (_ARTICLES,))


def _drawn(line: Timeline, above: str, columns: Sequence[tuple[str, _Value]]) -> str:
    if not line.bins:
        return ""
    told = _plot(line, "Articles in the archive", "told", _ARTICLES[1])
    ends = (line.bins[0].first, line.bins[-1].last)
    middle = ends[0] + (ends[1] - ends[0]) // 2
    days = "".join(
        f'<time datetime="{day.isoformat()}">{_short(day)}</time>' for day in (ends[0], middle, ends[1])
    )
    return sanitise(
        f'<div class="timeline">{above}{told}<p class="days" aria-hidden="true">{days}</p>'
        f"{_left_out(line)}{_table(line, columns)}</div>",
        drawn=True,
    )


def _short(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"


def _plot(line: Timeline, label: str, kind: str, value: _Value) -> str:
    values = [value(one) for one in line.bins]
    most = max(values)
    at = line.bins[values.index(most)]
    told = f"{label} per {line.unit}, {_days(line.bins[0].first, line.bins[-1].last)}: {sum(values):,} in all"
    told += f", most {_days(at.first, at.last)}: {most:,}" if most else ""
    return (
        f'<p class="axis"><span>{escape(label)} per {line.unit}</span><span>most {most:,}</span></p>'
        f'<svg class="bars {kind}" role="img" aria-label="{escape(told)}" '
        f'viewBox="0 0 {len(values)} 100" preserveAspectRatio="none">{_bars(values, most)}</svg>'
    )


def _bars(values: Sequence[int], most: int) -> str:
    heights = ((at, round(100 * value / most, 1)) for at, value in enumerate(values) if value)
    return "".join(
        f'<rect x="{at + 0.1:.1f}" y="{100 - high:.1f}" width="0.8" height="{high}"></rect>'
        for at, high in heights
    )


def _days(first: date, last: date) -> str:
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def _left_out(line: Timeline) -> str:
    kinds = ((line.unplaced, "of which only the month is known"), (line.undated, "of unknown date"))
    parts = [f"{counted(number, 'statement')} {what}" for number, what in kinds if number]
    return f'<p class="note">Not drawn: {", ".join(parts)}.</p>' if parts else ""


def _table(line: Timeline, columns: Sequence[tuple[str, _Value]]) -> str:
    values = [(one, [value(one) for _, value in columns]) for one in line.bins]
    rows = "".join(
        f'<tr><th scope="row">{_days(one.first, one.last)}</th>'
        + "".join(f"<td>{number:,}</td>" for number in numbers)
        + "</tr>"
        for one, numbers in values
        if any(numbers)
    )
    names = (line.unit.capitalize(), *(name for name, _ in columns))
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    return (
        f'<details class="numbers"><summary>The numbers as a table</summary><table><thead><tr>{heads}</tr>'
        f"</thead><tbody>{rows}</tbody></table></details>"
    )
