"""Plots: where points stand, that ticks are round, that hostile names stay text."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.eval.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis, Band, Dot, Line, bars, chart, shown
from rag.eval.plots import strip as strip_plot

finite = st.floats(-1e6, 1e6, allow_nan=False)


def test_values_stand_where_their_scale_puts_them() -> None:
    drawn = chart(
        "n", Axis("x", 0, 10), Axis("y"), [Dot(5, 1, "top", "own"), Line([(0, 0), (10, 0.5)], "own")]
    )
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    assert f'cx="{middle:.1f}" cy="{TOP:.1f}"' in drawn
    half = TOP + (HEIGHT - TOP - BOTTOM) / 2
    assert f'd="M{LEFT:.1f} {HEIGHT - BOTTOM:.1f}L{WIDTH - RIGHT:.1f} {half:.1f}"' in drawn


def test_a_whisker_and_an_upright_line_are_drawn_when_wanted() -> None:
    plain = chart("n", Axis("x"), Axis("y"), [Dot(0.5, 0.5, "t", "own")])
    full = chart("n", Axis("x"), Axis("y"), [Dot(0.5, 0.5, "t", "own", 0.4, 0.6)], upright=0.3)
    assert "whisker" not in plain and "upright" not in plain
    assert 'class="whisker own"' in full and 'class="upright"' in full


def test_an_empty_line_draws_no_path() -> None:
    assert "<path" not in chart("n", Axis("x"), Axis("y"), [Line([], "own"), Band([], "own")])


def test_a_band_goes_there_above_and_back_below() -> None:
    drawn = chart("n", Axis("x"), Axis("y"), [Band([(0, 0.0, 1.0), (1, 0.0, 1.0)], "own")])
    (path,) = re.findall(r'<path class="band own" d="M([^"]+)"', drawn)
    heights = [float(step.split()[1]) for step in path.split("L")]
    assert heights == [TOP, TOP, HEIGHT - BOTTOM, HEIGHT - BOTTOM]


@given(low=finite, width=st.floats(1e-3, 1e6))
def test_ticks_ascend_inside_the_scale_at_even_steps(low: float, width: float) -> None:
    axis = Axis("x", low, low + width)
    ticks = axis.ticks()
    slack = width * 1e-6
    assert 2 <= len(ticks) <= 7
    assert all(axis.low - slack <= tick <= axis.high + slack for tick in ticks)
    steps = [b - a for a, b in pairwise(ticks)]
    assert all(math.isclose(step, steps[0], rel_tol=1e-3) for step in steps) and steps[0] > 0


@given(value=st.floats(allow_nan=False), low=finite, width=st.floats(1e-3, 1e6))
def test_nothing_is_placed_outside(value: float, low: float, width: float) -> None:
    assert 0 <= Axis("x", low, low + width).place(value) <= 1


def test_a_strip_shows_the_interval_and_the_values_of_others() -> None:
    drawn = strip_plot("ours", 0.5, 0.25, 0.75, [(1.0, "theirs 1.000")])
    assert 'class="whisker own" x1="45.0" y1="12.0" x2="123.0"' in drawn
    assert '<path class="other" d="M162.0 3V21"><title>theirs 1.000</title>' in drawn


def test_bars_are_as_long_as_their_values() -> None:
    drawn = bars("n", [("search", 10, 20), ("total", 20, 40)], "{:g}".format)
    widths = [float(width) for width in re.findall(r'class="bar \w+"[^>]* width="([\d.]+)"', drawn)]
    assert widths[1] == pytest.approx(widths[0] / 2, abs=0.1) == pytest.approx(widths[2] / 4, abs=0.1)
    assert widths[0] == widths[3] and ">10 / 20</text>" in drawn
    assert "rect" not in bars("n", [], str)


@given(st.text())
def test_any_name_leaves_the_plot_well_formed(text: str) -> None:
    drawn = chart(text, Axis(text), Axis("y"), [Dot(0, 0, text, "own")])
    named = ElementTree.fromstring(drawn.encode("utf-8"))
    # XML reads any white space in an attribute as blanks, and a carriage return as a newline.
    kept = shown(text).count("\ufffd")
    assert (named.get("aria-label") or "").count("\ufffd") == kept


def test_what_no_page_may_hold_is_replaced() -> None:
    assert shown("a\x00b\ud800c\x1b[0m\x85") == "a\ufffdb\ufffdc\ufffd[0m\ufffd"
    assert shown('<b title="x">\'&') == "&lt;b title=&quot;x&quot;&gt;&#x27;&amp;"
    assert shown("two\nlines\tשלום 🙂") == "two\nlines\tשלום 🙂"
