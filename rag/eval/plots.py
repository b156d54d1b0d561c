"""Small plots as SVG text: an interval on a scale, curves, points with intervals, bars. Pure; no styles.

Colours come from the page's classes, so that they follow light and dark. A point tells its numbers in a
<title>, and every plot names itself for those who cannot see it. Knows no runs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 440, 300
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 44
_NOT_SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def shown(text: object) -> str:
    """Any text escaped for a page; what no page may hold (controls, halves of a pair) becomes U+FFFD."""
    return escape(_NOT_SHOWN.sub("\ufffd", str(text)))


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale from `low` to `high` > `low`, with ticks at round steps; `form` formats a tick."""

    label: str
    low: float = 0.0
    high: float = 1.0
    form: Callable[[float], str] = "{:g}".format

    def place(self, value: float) -> float:
        """Where the value lies, 0 to 1; values outside go to the nearer end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def ticks(self, most: int = 6) -> list[float]:
        """At most `most` round values, ascending, all inside the scale."""
        rough = (self.high - self.low) / (most - 1)
        scale = 10.0 ** math.floor(math.log10(rough))
        step = next(scale * one for one in (1, 2, 2.5, 5, 10) if scale * one >= rough * (1 - 1e-9))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(count * step, 10) for count in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Line:
    """Points (x, y) joined in their order, in the colours of the class `kind`."""

    points: Sequence[tuple[float, float]]
    kind: str


@dataclass(frozen=True, slots=True)
class Band:
    """The area between `low` and `high` along x: (x, low, high)."""

    points: Sequence[tuple[float, float, float]]
    kind: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point that tells `text`; with `low` and `high` a whisker goes through it."""

    x: float
    y: float
    text: str
    kind: str
    low: float | None = None
    high: float | None = None


Mark = Line | Band | Dot


def chart(name: str, x: Axis, y: Axis, marks: Sequence[Mark], upright: float | None = None) -> str:
    """A plot of `marks`, painted in their order; `upright` draws a vertical line at that x."""
    across, up = _across(x), _up(y)
    drawn = [_grid(x, y)]
    if upright is not None:
        drawn.append(_stroke(across(upright), TOP, across(upright), HEIGHT - BOTTOM, "upright"))
    drawn += [_drawn(mark, across, up) for mark in marks]
    return _svg(name, WIDTH, HEIGHT, "".join(drawn))


def _across(axis: Axis) -> Callable[[float], float]:
    return lambda value: LEFT + axis.place(value) * (WIDTH - LEFT - RIGHT)


def _up(axis: Axis) -> Callable[[float], float]:
    return lambda value: HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - TOP - BOTTOM)


def _svg(name: str, width: float, height: float, body: str, kind: str = "plot") -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{shown(name)}">'
        f"{body}</svg>"
    )


def _stroke(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _label(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{shown(text)}</text>'


def _grid(x: Axis, y: Axis) -> str:
    across, up, floor = _across(x), _up(y), HEIGHT - BOTTOM
    parts = []
    for tick in y.ticks():
        parts.append(_stroke(LEFT, up(tick), WIDTH - RIGHT, up(tick), "grid"))
        parts.append(_label(LEFT - 7, up(tick) + 4, y.form(tick), "tick end"))
    parts += [_label(across(tick), floor + 17, x.form(tick), "tick middle") for tick in x.ticks()]
    parts.append(_stroke(LEFT, floor, WIDTH - RIGHT, floor, "axis"))
    parts.append(_label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 7, x.label, "name middle"))
    return "".join(parts)


def _drawn(mark: Mark, across: Callable[[float], float], up: Callable[[float], float]) -> str:
    if isinstance(mark, Line):
        return _path([(across(px), up(py)) for px, py in mark.points], f"line {mark.kind}")
    if isinstance(mark, Band):
        above = [(across(px), up(high)) for px, _, high in mark.points]
        below = [(across(px), up(low)) for px, low, _ in reversed(mark.points)]
        return _path([*above, *below], f"band {mark.kind}")
    px, whisker = across(mark.x), ""
    if mark.low is not None and mark.high is not None:
        whisker = _stroke(px, up(mark.low), px, up(mark.high), f"whisker {mark.kind}")
    return whisker + _circle(px, up(mark.y), mark.text, mark.kind)


def _path(points: Sequence[tuple[float, float]], kind: str) -> str:
    if not points:
        return ""
    steps = "L".join(f"{px:.1f} {py:.1f}" for px, py in points)
    return f'<path class="{kind}" d="M{steps}"/>'


def _circle(x: float, y: float, text: str, kind: str, radius: float = 4) -> str:
    return (
        f'<circle class="dot {kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}">'
        f"<title>{shown(text)}</title></circle>"
    )


def strip(name: str, value: float, low: float, high: float, others: Sequence[tuple[float, str]] = ()) -> str:
    """A value with its interval on a scale of 0 to 1, others' (value, text) as strokes above and below."""
    width, height, pad = 168, 24, 6
    axis = Axis("")

    def at(one: float) -> float:
        return pad + axis.place(one) * (width - 2 * pad)

    parts = [_stroke(pad, height / 2, width - pad, height / 2, "grid")]
    parts += [_stroke(at(tick), height / 2 - 3, at(tick), height / 2 + 3, "grid") for tick in (0, 0.5, 1)]
    parts += [
        f'<path class="other" d="M{at(one):.1f} 3V{height - 3}"><title>{shown(text)}</title></path>'
        for one, text in others
    ]
    parts.append(_stroke(at(low), height / 2, at(high), height / 2, "whisker own"))
    parts.append(_circle(at(value), height / 2, name, "own", 4.5))
    return _svg(name, width, height, "".join(parts), "strip")


def bars(name: str, rows: Sequence[tuple[str, float, float]], form: Callable[[float], str]) -> str:
    """Two values a row, the second at least the first: a full bar to the first, a faint one to the second."""
    gap, left, right = 34, 84, 118
    height, most = gap * len(rows) + 6, max((far for _, _, far in rows), default=0.0) or 1.0
    parts = []
    for place, (label, near, far) in enumerate(rows):
        top = place * gap + 6
        parts.append(_label(left - 10, top + 16, label, "tick end"))
        for one, kind in ((far, "bar far"), (near, "bar near")):
            width = max(1.0, (WIDTH - left - right) * one / most)
            parts.append(
                f'<rect class="{kind}" x="{left}" y="{top}" width="{width:.1f}" height="22" rx="2">'
                f"<title>{shown(f'{label}: {form(near)} / {form(far)}')}</title></rect>"
            )
        parts.append(_label(WIDTH, top + 16, f"{form(near)} / {form(far)}", "value end"))
    return _svg(name, WIDTH, height, "".join(parts))
