"""What the measurements make of rankings and answers, on rows a reader checks by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import answers, retrieval
from benchmarks.report import by_tag
from index.errors import UnknownArticle
from index.offsets import OffsetMap
from index.types import Article, ArticleHead, Filters, Hit, Passage, Span
from rag.eval.suite import place_of
from rag.eval.types import Evidence, Place, Question
from rag.types import Answer, Citation

QUESTION = Question("q", "Who called?", None, (("the mayor",),), True, (Evidence("a"),), (), None, ("said",))


def cite(article: str, start: int, end: int, at: Span) -> Citation:
    return Citation(1, ArticleHead(article, ""), "p", Span(start, end), "x", at)


def hit(article: str, *copies: str) -> Hit:
    head = ArticleHead(article, article)
    passage = Passage(article + "0", article, Span(0, 1), "x")
    return Hit(passage, head, 1.0, copies=tuple(ArticleHead(copy, copy) for copy in copies))


RIGHT = Answer(
    "?", "The Mayor [1] called.", "", (cite("a", 5, 9, Span(10, 13)), cite("b", 0, 4, Span(10, 13)))
)
WRONG = Answer("?", "Nobody did.", "")
ABSTAINED = Answer("?", "The articles do not tell about the mayor.", "", abstained=True)


def row(answer: Answer, **changes: Any) -> answers.Row:
    return answers.Row(
        replace(QUESTION, **changes), answer, (Place("a", Span(0, 6)), Place("a", Span(20, 30))), 5.0
    )


def test_markers_are_not_part_of_what_is_compared() -> None:
    assert answers.without_markers(RIGHT) == "The Mayor called."


def test_an_abstention_is_a_miss_even_if_its_words_would_match() -> None:
    scores = answers.summary([row(RIGHT), row(WRONG), row(ABSTAINED), row(ABSTAINED)])
    assert scores["n"] == 4
    assert scores["answer_match"] == 0.25
    assert scores["match_answered"] == 0.5
    assert scores["false_abstain_rate"] == 0.5
    assert scores["false_answer_rate"] is None
    assert scores["answer_words"] == 2.5


def test_citations_are_compared_with_the_evidence() -> None:
    scores = answers.summary([row(RIGHT), row(ABSTAINED)])
    assert scores["citation_precision"] == 0.5
    assert scores["citation_recall"] == 0.25
    assert scores["citation_hit"] == 0.5


def test_answering_what_the_articles_do_not_tell_is_counted() -> None:
    unanswerable = {"answerable": False, "answers": (), "evidence": ()}
    scores = answers.summary([row(WRONG, **unanswerable), row(ABSTAINED, **unanswerable)])
    assert scores["false_answer_rate"] == 0.5
    assert scores["false_abstain_rate"] is scores["answer_match"] is scores["citation_recall"] is None


def test_the_record_of_a_row_tells_what_is_needed_to_look_at_it() -> None:
    record = row(RIGHT).record()
    assert record["matched"] is True
    assert record["right_citations"] == 1
    assert record["evidence"] == [["a", 0, 6], ["a", 20, 30]]


def test_tags_are_summed_apart() -> None:
    rows = [row(RIGHT, tags=("x",)), row(WRONG, tags=("x", "y"))]
    table = by_tag(rows, answers.summary)
    assert [(tag, scores["n"], scores["answer_match"]) for tag, scores in table.items()] == [
        ("all", 2, 0.5),
        ("x", 2, 0.5),
        ("y", 1, 0.0),
    ]


def test_articles_are_ranked_once_and_their_copies_behind_them() -> None:
    hits = [hit("b", "c"), hit("a"), hit("b"), hit("c")]
    assert retrieval.ranking(hits) == ("b", "c", "a")
    assert retrieval.ranking(hits, copies=False) == ("b", "a", "c")


class Shelf:
    """Finds always the same hits, holds one article, and remembers what it was asked."""

    def __init__(self, *hits: Hit) -> None:
        self.hits = list(hits)
        self.calls: list[dict[str, Any]] = []

    def search(self, query: str, **named: Any) -> list[Hit]:
        self.calls.append({"query": query, **named})
        return self.hits

    def article(self, article_id: str) -> Article:
        if article_id != "a":
            raise UnknownArticle(article_id)
        return Article("a", "", "He said so. She agreed.")

    def cleaned(self, article_id: str) -> SimpleNamespace:
        """Ten characters were taken out before the text."""
        return SimpleNamespace(offsets=OffsetMap.of([(10, 0), (23, 23)]))


def test_the_day_of_a_question_is_told_only_if_wanted() -> None:
    question = replace(QUESTION, asked=date(2023, 4, 1), articles=("a", "b"))
    shelf = Shelf(hit("b"), hit("a"))
    (measured,) = retrieval.measure(shelf, [question], with_asked=True)  # type: ignore[arg-type]
    assert shelf.calls[-1]["asked"] == date(2023, 4, 1)
    assert shelf.calls[-1]["filters"] == Filters(articles=("a", "b"))
    retrieval.measure(shelf, [question], with_asked=False)  # type: ignore[arg-type]
    assert shelf.calls[-1]["asked"] is None
    assert retrieval.summary([measured])["mrr@10"] == 0.5


@pytest.mark.parametrize(
    ("evidence", "place"),
    [
        (Evidence("a"), Place("a", None)),
        (Evidence("a", Span(10, 13)), Place("a", Span(0, 3), "He ")),
        (Evidence("a", Span(2, 8)), None),
        (Evidence("a", quote="She agreed."), Place("a", Span(12, 23), "She agreed.")),
        (Evidence("a", quote="They agreed."), None),
        (Evidence("gone"), None),
    ],
)
def test_evidence_is_found_in_the_cleaned_text(evidence: Evidence, place: Place | None) -> None:
    assert place_of(Shelf(), evidence) == place  # type: ignore[arg-type]
