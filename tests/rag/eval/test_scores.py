"""Which metrics apply to which question, on rows a reader checks by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from index.types import Span
from rag.eval.measures import MEASURES
from rag.eval.scores import groups, latency, marks_answers, score, summarise
from rag.eval.types import UNKNOWN, Evidence, Place, Question, Row, Shown
from rag.types import Claim, Turn

QUESTION = Question("q", "Who called?", answers=(("the mayor",),), evidence=(Evidence("a"),), tags=("said",))
EVIDENCE = (Place("a", Span(0, 6), "called"), Place("a", Span(20, 30), "in the end"))
RIGHT = Row(
    QUESTION,
    "The Mayor [1] called.",
    "The Mayor called.",
    False,
    citations=(
        Shown("a", Span(5, 9), "x", support="verbatim"),
        Shown("b", Span(0, 4), "x", support="unsupported"),
    ),
    hits=(Shown("a", Span(0, 10), "he called."), Shown("b", Span(0, 40), "none of this")),
    places=EVIDENCE,
    ranked=("b", "a"),
)
WRONG = replace(RIGHT, answer="Nobody did.", said="Nobody did.", citations=())
SILENT = replace(WRONG, answer="Not told, mayor.", said="Not told, mayor.", abstained=True)
FAILED = Row(QUESTION, "", "", False, trace={"error": "ConnectionError: gone"})


def of(row: Row, **changes: Any) -> Row:
    """The row with another question."""
    return replace(row, question=replace(row.question, **changes))


def test_an_answer_by_hand() -> None:
    found = score(RIGHT)
    assert {name: found[name] for name in ("hit@1", "hit@4", "mrr@10", "recall@10")} == {
        "hit@1": 0.0,
        "hit@4": 1.0,
        "mrr@10": 0.5,
        "recall@10": 1.0,
    }
    assert (found["answer_match"], found["match_answered"], found["rgb_accuracy"]) == (1.0, 1.0, 1.0)
    assert found["exact_match"] == 0.0
    assert found["f1"] == pytest.approx(2 * 2 / (3 + 2))
    assert found["answer_words"] == 3.0
    assert found["false_abstain_rate"] == 0.0
    assert found["citation_precision"] == found["citation_recall"] == found["support_rate"] == 0.5
    assert found["token_recall"] == pytest.approx(6 / 16)
    assert found["token_precision"] == pytest.approx(6 / 50)
    assert found["fact_hit@4"] == 1.0
    assert "false_answer_rate" not in found and "choice_accuracy" not in found


def test_sentences_that_are_not_borne_out_count_for_nothing_but_the_plain_match() -> None:
    answer = "The clerk wrote. [1] The mayor called. [2]"
    claims = (Claim(Span(0, 16), "supported"), Claim(Span(21, 38), "unsupported", 0.0, "not said"))
    found = score(replace(RIGHT, answer=answer, said="The clerk wrote. The mayor called.", claims=claims))
    assert (found["answer_match"], found["match_borne_out"], found["support_rate"]) == (1.0, 0.0, 0.5)
    kept = (Claim(Span(0, 16), "unsupported"), Claim(Span(21, 38), "verbatim"))
    borne = score(replace(RIGHT, answer=answer, said="The clerk wrote. The mayor called.", claims=kept))
    assert borne["match_borne_out"] == 1.0
    assert score(RIGHT)["match_borne_out"] == 1.0


def test_a_follow_up_is_scored_as_completed_and_alone() -> None:
    many = tuple("bcdefgh")
    row = replace(of(RIGHT, history=(Turn("user", "Hello?"),)), ranked=(*many, "a"))
    found = score(row, None, ("b",))
    assert [found[f"rewrite_recall@{k}"] for k in (5, 10)] == [0.0, 1.0]
    assert [found[f"last_turn_recall@{k}"] for k in (5, 10)] == [0.0, 0.0]
    assert not any("rewrite" in name or "last_turn" in name for name in score(RIGHT))
    assert not any("last_turn" in name for name in score(row))


def test_an_abstention_is_a_miss_even_if_its_words_would_match() -> None:
    found = score(of(SILENT, answers=(("mayor",),)))
    assert [found[name] for name in ("answer_match", "exact_match", "f1", "rgb_accuracy")] == [0.0] * 4
    assert found["false_abstain_rate"] == 1.0
    assert found["citation_recall"] == 0.0
    assert not {"match_answered", "answer_words", "citation_precision", "support_rate"} & found.keys()
    assert found["mrr@10"] == 0.5


def test_a_failed_question_has_no_score() -> None:
    assert score(FAILED) == {}
    assert FAILED.error == "ConnectionError: gone"
    assert summarise([FAILED]) == {}


def test_what_cannot_be_answered_is_scored_by_silence_alone() -> None:
    change: dict[str, Any] = {"answerable": False, "answers": (), "evidence": ()}
    bare = replace(of(RIGHT, **change), places=(), citations=())
    assert score(bare) == {"answer_words": 3.0, "false_answer_rate": 1.0, "rgb_rejection": 0.0}
    silent = replace(bare, abstained=True)
    assert score(silent) == {"false_answer_rate": 0.0, "rgb_rejection": 1.0}
    said_so = replace(bare, said="There is insufficient information.")
    assert score(said_so)["rgb_rejection"] == 1.0


def test_questions_that_need_their_options_are_not_matched() -> None:
    found = score(of(RIGHT, tags=("except",)))
    assert not {"answer_match", "match_answered", "exact_match", "f1", "rgb_accuracy"} & found.keys()
    assert "hit@1" in found


def test_where_answers_are_marked_silence_counts_only_on_those() -> None:
    marked = replace(QUESTION, tags=("answer-in-retrieved",))
    assert marks_answers([QUESTION, marked]) and not marks_answers([QUESTION])
    assert "false_abstain_rate" not in score(SILENT, marked=True)
    assert score(replace(SILENT, question=marked), marked=True)["false_abstain_rate"] == 1.0


@pytest.mark.parametrize(("choice", "right"), [(0, 0.0), (1, 1.0), (None, 0.0), (7, 0.0), (-1, 0.0)])
def test_a_choice_is_right_if_it_is_a_gold_answer(choice: int | None, right: float) -> None:
    row = replace(of(SILENT, choices=("The clerk", "The Mayor")), choice=choice)
    assert score(row)["choice_accuracy"] == right


def test_only_evidence_with_a_place_in_the_text_is_covered_or_a_fact() -> None:
    row = replace(RIGHT, places=(Place("a", None),))
    found = score(row)
    assert not {"token_recall", "fact_hit@4"} & found.keys()
    assert found["citation_recall"] == 1.0


def test_five_passages_are_covered_and_those_found_are_looked_at_for_facts() -> None:
    far = Shown("a", Span(0, 6), "called")
    padding = tuple(Shown("b", Span(i, i + 1), "x") for i in range(5))
    assert score(replace(RIGHT, hits=(*padding, far)))["token_recall"] == 0.0
    assert score(replace(RIGHT, hits=(*padding[:4], far)))["token_recall"] > 0.0
    assert score(RIGHT, found=["nothing", "they called"])["fact_mrr@10"] == 0.5


def test_every_metric_is_explained_to_readers() -> None:
    rows = [of(RIGHT, choices=("x",)), of(RIGHT, answerable=False)]
    assert {name for row in rows for name in score(row)} <= MEASURES.keys()


def test_a_mean_is_over_the_rows_it_applies_to() -> None:
    unanswerable = of(WRONG, answerable=False, answers=())
    rows = [replace(row, scores=score(row)) for row in (RIGHT, WRONG, SILENT, unanswerable)] + [FAILED]
    found = summarise(rows)
    assert (found["answer_match"].value, found["answer_match"].n) == (pytest.approx(1 / 3), 3)
    assert (found["false_answer_rate"].value, found["false_answer_rate"].n) == (1.0, 1)
    assert found["answer_match"].low <= found["answer_match"].value <= found["answer_match"].high
    assert list(found) == [name for name in MEASURES if name in found]


def test_groups_are_tags_and_all_but_what_flatters() -> None:
    row: Callable[..., Row] = lambda *tags: of(RIGHT, tags=tags)  # noqa: E731
    rows = [row("x"), row("x", "generic-answer"), row()]
    found = groups(rows)
    assert {name: len(members) for name, members in found.items()} == {
        "generic-answer": 1,
        "x": 2,
        "without generic-answer": 2,
    }
    assert "without generic-answer" not in groups(rows[1:2])


def test_latency_is_by_stage_with_the_total_last() -> None:
    rows = [replace(RIGHT, milliseconds={"total": 10.0 * i, "search": float(i)}) for i in range(1, 4)]
    rows.append(FAILED)
    assert latency(rows) == {"search": {"p50": 2.0, "p95": 2.9}, "total": {"p50": 20.0, "p95": 29.0}}
    assert list(latency(rows)) == ["search", "total"]


def test_no_rate_of_abstention_counts_what_nobody_knows() -> None:
    for row in (SILENT, RIGHT):
        found = score(of(row, tags=(UNKNOWN,)))
        assert not {"false_abstain_rate", "false_answer_rate", "rgb_rejection"} & set(found)
