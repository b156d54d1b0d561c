"""What the evaluation asks the assistant for, and what it makes of the answers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from index.cleaning.offsets import OffsetMap
from index.errors import UnknownArticle
from index.types import Article, ArticleHead, Filters, Hit, Passage, Span
from rag.eval.ask import DEEP, ask_all, ask_one, ranking, warm_up, without_markers
from rag.eval.suite import place_of
from rag.eval.types import Evidence, Place, Question
from rag.types import CUT_OFF, Answer, Citation, Claim, Turn

QUESTION = Question(
    "q",
    "Who called?",
    asked=date(2023, 4, 1),
    answers=(("mayor",),),
    evidence=(Evidence("a", Span(10, 13)), Evidence("gone")),
    history=(Turn("user", "Hello?"),),
    articles=("a", "b"),
    choices=("The mayor", "The clerk"),
)
BARE = Question("bare", "Who?", answerable=False)


def cite(article: str, start: int, end: int, at: Span) -> Citation:
    return Citation(1, ArticleHead(article, "Title", "Post"), "p", Span(start, end), "x", at)


def hit(article: str, *copies: str) -> Hit:
    passage = Passage(article + "0", article, Span(0, 3), "He called.")
    return Hit(passage, ArticleHead(article, article), 1.5, copies=tuple(ArticleHead(c, c) for c in copies))


RIGHT = Answer(
    "?",
    "The Mayor [1] called.",
    "The Mayor [1] called.",
    (cite("a", 0, 2, Span(10, 13)), cite("b", 0, 4, Span(10, 13))),
    (hit("a"),),
    trace={"confidence": 0.7, "milliseconds": {"search": 3.0, "choose": 4.0, "total": 9.0}},
    choice=0,
)


class Shelf:
    """Holds one article, ten characters of which were taken out before its text."""

    def article(self, article_id: str) -> Article:
        if article_id != "a":
            raise UnknownArticle(article_id)
        return Article("a", "", "He said so. She agreed.")

    def cleaned(self, article_id: str) -> SimpleNamespace:
        return SimpleNamespace(offsets=OffsetMap.of([(10, 0), (23, 23)]))


class Clerk:
    """Gives always the same answer, or fails at some questions, and remembers what it was asked."""

    def __init__(self, answer: Answer, *, fails: Sequence[str] = ()) -> None:
        self.archive = Shelf()
        self._answer, self._fails = answer, fails
        self.asked: list[dict[str, Any]] = []
        self.quoted: list[str] = []
        self.searched: list[dict[str, Any]] = []

    def ask(self, question: str, **named: Any) -> Answer:
        self.asked.append({"question": question, **named})
        if question in self._fails:
            raise ConnectionError("the server is gone")
        return self._answer

    def quote(self, question: str) -> Answer:
        self.quoted.append(question)
        if question in self._fails:
            raise ConnectionError("the server is gone")
        return self._answer

    def search(self, question: str, **named: Any) -> list[Hit]:
        self.searched.append({"question": question, **named})
        return [hit("b", "c"), hit("a"), hit("b"), hit("c")]


def test_a_question_is_asked_with_all_that_belongs_to_it() -> None:
    clerk = Clerk(RIGHT)
    ask_one(clerk, QUESTION)  # type: ignore[arg-type]
    same = {
        "question": "Who called?",
        "history": QUESTION.history,
        "asked": date(2023, 4, 1),
        "filters": Filters(articles=("a", "b")),
    }
    assert clerk.asked == [{**same, "choices": ("The mayor", "The clerk")}]
    alone = {**same, "history": (), "top_k": DEEP}
    assert clerk.searched == [{**same, "top_k": DEEP}, alone]


def test_the_ranking_is_that_of_the_query_that_the_answer_was_searched_with() -> None:
    told = replace(RIGHT, trace={"query": "Who called the mayor?"})
    clerk = Clerk(told)
    ask_one(clerk, QUESTION)  # type: ignore[arg-type]
    assert [one["question"] for one in clerk.searched] == ["Who called the mayor?", "Who called?"]
    assert [one["history"] for one in clerk.searched] == [(), ()]
    ask_one(clerk, replace(QUESTION, history=()))  # type: ignore[arg-type]
    assert len(clerk.searched) == 3


def test_a_question_without_evidence_or_day_is_asked_without() -> None:
    clerk = Clerk(RIGHT)
    row = ask_one(clerk, BARE)  # type: ignore[arg-type]
    assert clerk.asked[0]["asked"] is None and clerk.asked[0]["choices"] == ()
    assert clerk.searched == [] and row.ranked == ()
    assert "choose" not in row.milliseconds


def test_a_row_holds_what_came_of_it() -> None:
    row = ask_one(Clerk(RIGHT), QUESTION)  # type: ignore[arg-type]
    assert (row.said, row.confidence, row.choice) == ("The Mayor called.", 0.7, 0)
    assert row.ranked == ("b", "c", "a")
    assert (row.places, row.lost) == ((Place("a", Span(0, 3), "He "),), 1)
    assert [(one.article, one.source, one.support) for one in row.citations] == [
        ("a", "Post", "verbatim"),
        ("b", "Post", "verbatim"),
    ]
    assert (row.hits[0].text, row.hits[0].score) == ("He called.", 1.5)
    assert row.milliseconds == {"search": 3.0, "total": 5.0, "choose": 4.0}
    assert row.scores["mrr@10"] == pytest.approx(1 / 3)
    assert row.scores["citation_precision"] == 0.5


@pytest.mark.parametrize(("raw", "right"), [("The mayor [2].", True), ("Nobody.", False)])
def test_it_is_kept_whether_an_abstention_would_have_been_right(raw: str, right: bool) -> None:
    answer = replace(RIGHT, text="Not told.", raw=raw, citations=(), abstained=True)
    row = ask_one(Clerk(answer), QUESTION)  # type: ignore[arg-type]
    assert row.trace["match_if_answered"] is right
    assert row.scores["answer_match"] == 0.0
    assert "match_if_answered" not in ask_one(Clerk(answer), BARE).trace  # type: ignore[arg-type]


def test_a_failure_is_a_row_of_its_own() -> None:
    kept = []
    questions = [replace(BARE, id=name, text=name) for name in ("one", "two", "three")]
    rows = ask_all(Clerk(RIGHT, fails=["two"]), questions, keep=kept.append)  # type: ignore[arg-type]
    assert [row.error for row in rows] == [None, "ConnectionError: the server is gone", None]
    assert rows[1].scores == {} and kept == rows


WRITTEN = replace(
    RIGHT,
    raw="The Mayor called. [2, 3] He had [1.2] time.",
    claims=(Claim(Span(0, 21), "supported", 0.75),),
    trace={
        "llm": "maker:model",
        "tokens": {"prompt": 90, "cached": 40, "written": 11},
        "milliseconds": {"search": 3.0, "first": 200.0, "write": 400.0, "check": 5.0, "total": 608.0},
    },
)


def test_of_a_written_answer_its_claims_words_and_times_are_kept() -> None:
    row = ask_one(Clerk(WRITTEN), QUESTION)  # type: ignore[arg-type]
    assert row.written and row.claims == WRITTEN.claims and row.trace["raw"] == WRITTEN.raw
    assert (row.milliseconds["per_token"], row.milliseconds["first"]) == (40.0, 200.0)
    assert row.milliseconds["total"] == 608.0
    assert row.trace["match_if_answered"] is True
    assert not ask_one(Clerk(RIGHT), QUESTION).written  # type: ignore[arg-type]


@pytest.mark.parametrize("tokens", [{}, {"written": 0}, {"written": 1}])
def test_a_model_that_tells_no_tokens_has_no_time_for_one(tokens: dict[str, int]) -> None:
    told = replace(WRITTEN, trace={**WRITTEN.trace, "tokens": tokens})
    assert "per_token" not in ask_one(Clerk(told), QUESTION).milliseconds  # type: ignore[arg-type]


def test_a_model_that_failed_on_the_way_is_a_failed_question() -> None:
    broken = replace(WRITTEN, problem="maker:model said nothing for 60 s", instead=RIGHT)
    row = ask_one(Clerk(broken), QUESTION)  # type: ignore[arg-type]
    assert (row.error, row.scores, row.answer) == ("maker:model said nothing for 60 s", {}, "")
    assert row.trace["raw"] == WRITTEN.raw


def test_an_answer_that_grew_too_long_is_scored_as_it_is() -> None:
    row = ask_one(Clerk(replace(WRITTEN, problem=CUT_OFF)), QUESTION)  # type: ignore[arg-type]
    assert row.error is None and row.trace["problem"] == CUT_OFF
    assert row.scores["answer_match"] == 1.0


def test_several_at_once_keep_the_order_of_the_questions() -> None:
    questions = [replace(BARE, id=str(number), text=str(number)) for number in range(20)]
    gate, kept = threading.Barrier(2, timeout=20), []

    class Pair(Clerk):
        """Answers only when two ask together."""

        def ask(self, question: str, **named: Any) -> Answer:
            gate.wait()
            return super().ask(question, **named)

    rows = ask_all(Pair(RIGHT), questions, workers=2, keep=kept.append)  # type: ignore[arg-type]
    assert [row.question.id for row in rows] == [question.id for question in questions]
    assert len(kept) == 20 and not any(row.error for row in rows)


def test_what_stops_the_run_is_no_failed_question() -> None:
    def full(row: object) -> None:
        raise OSError("disk full")

    for workers in (1, 2):
        with pytest.raises(OSError, match="disk full"):
            ask_all(Clerk(RIGHT), [BARE], workers=workers, keep=full)  # type: ignore[arg-type]


def test_warming_up_asks_no_language_model_and_fails_in_silence() -> None:
    clerk = Clerk(RIGHT)
    warm_up(clerk, [QUESTION, BARE])  # type: ignore[arg-type]
    assert not clerk.asked and clerk.quoted == [QUESTION.text]
    warm_up(Clerk(RIGHT, fails=[QUESTION.text]), [QUESTION])  # type: ignore[arg-type]


def test_markers_are_not_part_of_what_is_compared() -> None:
    assert without_markers(RIGHT) == "The Mayor called."


def test_articles_are_ranked_once_and_their_copies_behind_them() -> None:
    assert ranking([hit("b", "c"), hit("a"), hit("b"), hit("c")]) == ("b", "c", "a")


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
