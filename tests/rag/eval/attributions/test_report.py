"""The page of a run over attributions: errors first, both texts, nothing that takes effect."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Attribution, Span
from rag.eval.attributions.report import attribution_report_html
from rag.eval.attributions.scores import summarise
from rag.eval.attributions.types import ArticleRow, AttributionRun
from rag.eval.attributions.verdicts import verdicts_of

Spell = Callable[..., Attribution]
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \x00 \ud800 & </details></p> “'\""


class Parsed(HTMLParser):
    """Names of the elements, their text, and whether all of them close."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.wrong, self.open = "", list[str](), list[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def page(*rows: ArticleRow, suite: str = "harbour", **more: Any) -> str:
    metrics = summarise(rows)
    facts: dict[str, Any] = {
        "settings": {},
        "machine": {},
        "seconds": 1.0,
        "latency": {},
        "commit": "abc",
        **more,
    }
    return attribution_report_html(
        AttributionRun(suite=suite, metrics=metrics, baselines={"marks": metrics}, rows=rows, **facts)
    )


def test_outcomes_are_told_worst_first(row: ArticleRow, said: Spell) -> None:
    half = said("The new pier will", source="Ilse", quoted=True)
    wrong = said("that the crane would follow in June", source="Ilse")
    stray = said("Ferry line")
    found = verdicts_of(replace(row, predicted=(stray, half, wrong)))
    assert [one.outcome for one in found] == ["words", "source", "missed", "spurious"]
    html = page(replace(row, predicted=(stray, half, wrong)))
    listed = re.findall(r'<th scope="row">(missed|spurious|wrong source|other words)</th>', html)
    assert listed == ["missed", "spurious", "wrong source", "other words"]
    assert "1 missed · 1 spurious · 1 wrong source · 1 other words" in html


def test_a_source_where_the_gold_names_none_is_no_error(row: ArticleRow) -> None:
    gold = replace(row.gold[1], source=())
    assert [one.outcome for one in verdicts_of(replace(row, gold=(gold,), predicted=row.gold[1:2]))] == [
        "right"
    ]


def test_both_texts_stand_side_by_side_with_their_marks(row: ArticleRow) -> None:
    html = page(replace(row, predicted=row.gold[:2]))
    texts = html[html.index('<div class="texts">') :]
    gold, found = texts.split("<p dir")[1:3]
    assert '<mark class="missed">the plan far too dear</mark>' in gold
    assert "the plan far too dear" in found and "missed" not in found
    assert "<u>harbour master Ilse Brandt</u>" in found and "<em>said</em>" in found
    assert '<mark class="right">that the crane would follow in June</mark>' in found


def test_articles_with_most_errors_come_first_and_failed_ones_apart(row: ArticleRow) -> None:
    rows = (
        replace(row, article="b", title="", predicted=row.gold[:1]),
        replace(row, article="c", title="", predicted=()),
        replace(row, article="d", title="", error="ValueError: no <words>"),
        row,
    )
    html = page(*rows)
    assert re.findall(r'class="q" dir="auto">([^<]+)<', html) == ["d", "c", "b", "Ferry line"]
    assert re.findall(r'data-kind="(\w+)">[^<]+ <b>(\d)</b>', html) == [
        ("failed", "1"),
        ("errors", "2"),
        ("right", "1"),
    ]
    assert "ValueError: no &lt;words&gt;" in html


def test_the_page_holds_the_numbers_beside_the_baselines(row: ArticleRow) -> None:
    told = Parsed(page(row)).text
    for words in (
        "quoted_attribution_f1",
        "marks",
        "Quotations are found with an F1 of 1.000",
        "3 gold attributions",
    ):
        assert words in told
    assert "Nothing was measured." in page()


def test_long_texts_are_left_out_at_the_end(row: ArticleRow) -> None:
    long = replace(row, text=row.text + " word" * 150_000)
    html = page(long, long)
    assert html.count('<div class="texts">') == 0 and len(html) < 100_000


def hostile_row(text: str, spans: list[tuple[Span, ...]]) -> ArticleRow:
    made = [Attribution(text, one, one, one, speaker=text, quoted=True) for one in spans]
    return ArticleRow(text, text, text, tuple(made[::2]), tuple(made[1::2]))


def test_whatever_a_text_holds_takes_no_effect() -> None:
    spans = [(Span(0, 9), Span(12, 40)), (Span(3, 20),), (Span(1, len(HOSTILE)),)]
    row = hostile_row(HOSTILE, spans)
    html = page(row, replace(row, error=HOSTILE), suite=HOSTILE, commit=HOSTILE, settings={HOSTILE: HOSTILE})
    parsed = Parsed(html)
    assert (parsed.wrong, parsed.open) == ([], [])
    assert [name for name, _ in parsed.elements].count("script") == 1
    assert not [
        name for name, attrs in parsed.elements if name == "img" or any(a.startswith("on") for a in attrs)
    ]
    assert "default-src 'none'" in html
    html.encode("utf-8")


places = st.lists(st.integers(0, len(HOSTILE)), min_size=2, max_size=2, unique=True).map(sorted)


@settings(max_examples=40, deadline=None)
@given(st.lists(places.map(lambda edges: (Span(*edges),)), max_size=6))
def test_overlapping_marks_keep_every_character(spans: list[tuple[Span, ...]]) -> None:
    text = HOSTILE.replace("\x00", "_").replace("\ud800", "_")
    html = page(hostile_row(text, spans))
    parsed = Parsed(
        html[
            html.index('<p dir="auto">', html.index('<div class="texts">')) : html.index(
                '<p class="facts" dir'
            )
        ]
    )
    assert parsed.text.count(text) == 2
