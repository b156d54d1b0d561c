"""Excerpts: gold words found and marked, everything escaped, cut around what matters."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from rag.eval.excerpts import excerpt_html, gold_spans
from rag.eval.matching import answer_match

TEXT = "On Monday the “Squid Games” began; 1,000 people came. It’s said that Mondays are long."


def found(text: str, *variants: str) -> list[str]:
    return [span.of(text) for span in gold_spans(text, [variants])]


@pytest.mark.parametrize(
    ("variants", "wanted"),
    [
        (("monday",), ["Monday"]),
        (("“Squid Games”",), ["Squid Games"]),
        (("1000 people",), ["1,000 people"]),
        (("its said",), ["It’s said"]),
        (("Games began",), ["Games” began"]),
        (("On the Monday",), ["On Monday"]),
        (("onda",), ["onda", "onda"]),
        (("Tuesday", "…", ""), []),
    ],
)
def test_gold_words_are_found_as_matching_sees_them(variants: tuple[str, ...], wanted: list[str]) -> None:
    assert found(TEXT, *variants) == wanted


def test_of_two_variants_the_longer_is_marked_and_all_groups_are() -> None:
    assert [s.of("New York City") for s in gold_spans("New York City", [["New York", "New York City"]])] == [
        "New York City"
    ]
    assert len(gold_spans("red and blue", [["red"], ["blue"]])) == 2


def test_marks_and_cited_words_are_marked_and_the_rest_escaped() -> None:
    text = "a <b> on Monday & after"
    html = excerpt_html(text, [Span(9, 15)], [Span(2, 12)], 100)
    assert html == "a <u>&lt;b&gt; on </u><u><mark>Mon</mark></u><mark>day</mark> &amp; after"


def test_a_long_text_is_cut_around_the_gold_words() -> None:
    text = "word " * 400 + "Monday " + "word " * 400
    html = excerpt_html(text, gold_spans(text, [["Monday"]]), (), 200)
    assert "<mark>Monday</mark>" in html and html.startswith("… word") and html.endswith("word …")
    assert len(html) < 240


def test_paragraphs_stand_on_lines_of_their_own() -> None:
    assert excerpt_html("one\n\n \ntwo", (), (), 100) == "one\ntwo"


@given(text=st.text(max_size=300), variant=st.text(min_size=1, max_size=12), length=st.integers(1, 200))
def test_any_text_gives_its_own_words_and_no_others(text: str, variant: str, length: int) -> None:
    gold = gold_spans(text, [[variant]])
    assert all(a.end <= b.start for a, b in pairwise(gold))
    html = excerpt_html(text, gold, (), length)
    bare = unescape(re.sub(r"</?(?:mark|u)>", "", html)).strip("… \n")
    squeezed = re.sub(
        r"\s+", "", re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    )
    assert re.sub(r"\s+", "", bare) in squeezed


@given(before=st.text("ab ,.", max_size=40), after=st.text("ab ,.", max_size=40))
def test_what_matching_finds_is_marked(before: str, after: str) -> None:
    text = f"{before} Ines Falk {after}"
    assert answer_match(text, [["Ines Falk"]]) and gold_spans(text, [["Ines Falk"]])
