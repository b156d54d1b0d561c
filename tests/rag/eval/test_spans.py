"""Passages and citations against evidence, by hand and against characters counted one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from rag.eval.spans import Range, citation_scores, fact_scores, overlap_scores
from rag.eval.types import Place

ranges = st.lists(
    st.builds(
        lambda article, start, length: (article, Span(start, start + length)),
        st.sampled_from("ab"),
        st.integers(0, 30),
        st.integers(1, 12),
    ),
    max_size=6,
)


def test_overlap_by_hand() -> None:
    shown = [("a", Span(0, 10)), ("a", Span(20, 30))]
    assert overlap_scores(shown, [("a", Span(5, 15))]) == {
        "token_recall": 5 / 10,
        "token_precision": 5 / 20,
        "token_iou": 5 / 25,
    }


def test_passages_that_overlap_count_twice_as_shown_and_once_as_found() -> None:
    shown = [("a", Span(0, 10)), ("a", Span(5, 15))]
    scores = overlap_scores(shown, [("a", Span(5, 10))])
    assert scores == {"token_recall": 1, "token_precision": 5 / 20, "token_iou": 5 / 20}


def test_another_article_counts_as_shown_only() -> None:
    scores = overlap_scores([("a", Span(0, 10)), ("b", Span(0, 30))], [("a", Span(0, 10))])
    assert scores == {"token_recall": 1, "token_precision": 10 / 40, "token_iou": 10 / 40}


def test_wanted_ranges_that_overlap_count_in_full_as_wanted() -> None:
    scores = overlap_scores([("a", Span(0, 6))], [("a", Span(0, 10)), ("a", Span(0, 4))])
    assert scores == {"token_recall": 6 / 14, "token_precision": 1, "token_iou": 6 / 10}


def test_nothing_shown_scores_0_and_nothing_wanted_has_no_score() -> None:
    assert overlap_scores([], [("a", Span(0, 6))]) == {
        "token_recall": 0,
        "token_precision": 0,
        "token_iou": 0,
    }
    assert overlap_scores([("a", Span(0, 6))], []) == {}


def _characters(ranges: list[Range]) -> list[tuple[str, int]]:
    return [(article, place) for article, span in ranges for place in range(span.start, span.end)]


@given(shown=ranges, wanted=ranges.filter(bool))
def test_overlap_is_that_of_characters_counted_one_by_one(shown: list[Range], wanted: list[Range]) -> None:
    covered, asked = _characters(shown), _characters(wanted)
    found = len(set(covered) & set(asked))
    missed = sum(place not in set(covered) for place in asked)
    scores = overlap_scores(shown, wanted)
    assert scores["token_recall"] == found / len(asked)
    assert scores["token_precision"] == found / max(len(covered), 1)
    assert scores["token_iou"] == found / (len(covered) + missed)
    assert overlap_scores(shown[::-1], wanted[::-1]) == scores


def test_citations_by_hand() -> None:
    places = [Place("a", Span(0, 6)), Place("a", Span(20, 30)), Place("b", None)]
    cited = [("a", Span(5, 9)), ("a", Span(6, 20)), ("b", Span(70, 80)), ("c", Span(0, 6))]
    assert citation_scores(cited, places) == {"citation_precision": 2 / 4, "citation_recall": 2 / 3}


def test_a_citation_may_touch_two_places_and_each_marker_counts() -> None:
    places = [Place("a", Span(0, 6)), Place("a", Span(8, 10))]
    cited = [("a", Span(5, 9)), ("a", Span(5, 9)), ("b", Span(5, 9))]
    assert citation_scores(cited, places) == {"citation_precision": 2 / 3, "citation_recall": 1}


def test_nothing_cited_has_no_precision_and_no_place_no_score() -> None:
    assert citation_scores([], [Place("a", None)]) == {"citation_recall": 0}
    assert citation_scores([("a", Span(0, 1))], []) == {}


def facts(hit4: float, hit10: float, map10: float, mrr10: float) -> dict[str, float]:
    return {"fact_hit@4": hit4, "fact_hit@10": hit10, "fact_map@10": map10, "fact_mrr@10": mrr10}


@pytest.mark.parametrize(
    ("passages", "gold", "scores"),
    [
        # Two of three facts, first at ranks 2 and 3; the repetition at rank 4 gains nothing.
        (
            ["x", "..one..", "two", "one two"],
            ["one", "two", "three"],
            facts(1, 1, (1 / 2 + 1 / 3) / 3, 1 / 2),
        ),
        # One passage with every fact is a full score, which average precision is not.
        (["one and two"], ["one", "two"], facts(1, 1, 1, 1)),
        # Blanks and newlines do not count, other white space and case do.
        (["He went\n  home."], ["He wenthome"], facts(1, 1, 1, 1)),
        (["He\twent"], ["He went"], facts(0, 0, 0, 0)),
        (["he went"], ["He went"], facts(0, 0, 0, 0)),
        # A fact cut in two by the passages is not found.
        (["He we", "nt home"], ["He went"], facts(0, 0, 0, 0)),
        # The tenth passage counts, the eleventh does not.
        ([*"abcdefghi", "one"], ["one"], facts(0, 1, 1 / 10, 1 / 10)),
        ([*"abcdefghij", "one"], ["one"], facts(0, 0, 0, 0)),
        # A fact given twice is found once and counts twice in the number.
        (["one"], ["one", "o n e"], facts(1, 1, 1 / 2, 1)),
        ([], ["one"], facts(0, 0, 0, 0)),
        (["one"], [], {}),
    ],
)
def test_facts_by_hand(passages: list[str], gold: list[str], scores: dict[str, float]) -> None:
    assert fact_scores(passages, gold) == pytest.approx(scores)


def test_more_than_ten_facts_count_as_ten() -> None:
    gold = [f"<{number}>" for number in range(20)]
    assert fact_scores(["", " ".join(gold[:4])], gold)["fact_map@10"] == pytest.approx(4 / 2 / 10)
