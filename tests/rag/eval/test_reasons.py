"""Why an answer went wrong: one case of each kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rag.eval.reasons import KINDS, kinds_of, reasons


def test_each_way_of_coming_out_has_its_kind(lake: Any) -> None:
    assert tuple(kind.key for kind in kinds_of(lake.rows())) == lake.KINDS_EXPECTED
    assert set(KINDS) - set(lake.KINDS_EXPECTED) == {"silent-perhaps"}


def test_silence_is_excused_where_nobody_knows_of_an_answer(lake: Any) -> None:
    marked = lake.row(
        lake.question("m", "When?", tags=("answer-in-retrieved",)), scores={"answer_match": 0.0}
    )
    other = lake.row(lake.question("o", "When?"), scores={"answer_match": 0.0})
    assert [kind.key for kind in kinds_of([marked, other])] == ["silent", "silent-perhaps"]
    assert [kind.key for kind in kinds_of([other])] == ["silent"]


def test_failures_come_before_the_rest() -> None:
    failed = [kind.failed for kind in KINDS.values()]
    assert failed == sorted(failed, reverse=True)


def test_reasons_tell_confidence_ranks_and_where_the_gold_words_stand(lake: Any) -> None:
    wrong = lake.rows()[2]
    assert reasons(wrong) == [
        "Confidence 0.45, not under the threshold of 0.40.",
        "The gold words stand in passage 1 of the 2 shown.",
        "Articles with evidence: place 2 of 2 in the ranking.",
    ]
    elsewhere = replace(wrong, hits=(lake.BREAD,), ranked=(lake.BAKERY,), lost=1)
    assert reasons(elsewhere)[1:] == [
        "The gold words stand in none of the 1 passages shown.",
        "Articles with evidence: none of the 1 places in the ranking.",
        "1 of 1 pieces of evidence are not in the archive.",
    ]


def test_what_was_kept_back_is_told(lake: Any) -> None:
    assert "The answer kept back was right." in reasons(lake.rows()[4])


def test_a_right_answer_needs_no_search_for_its_words(lake: Any) -> None:
    assert not any("gold words" in line for line in reasons(lake.rows()[0]))


def test_what_became_of_a_model_s_words_is_told(lake: Any) -> None:
    assert reasons(lake.written())[:2] == [
        "Confidence 0.80 before the model was asked.",
        "The articles do not bear out 1 of 2 sentences.",
    ]
    trace = {"llm": "maker:model", "threshold": 0.4}
    for more, told in (
        ({"declined": True}, "The model wrote that the sources do not answer."),
        ({"unborne": "Divers measured it."}, "The articles bear out no sentence that the model wrote."),
        ({"problem": "cut off"}, "The model ended early: cut off."),
    ):
        assert told in reasons(lake.written(trace=trace | more))


def test_the_choice_is_told(lake: Any) -> None:
    chosen = replace(lake.scored(lake.rows()[0], {"choice_accuracy": 0.0}), choice=1)
    assert reasons(chosen)[-1] == "Of the options the wrong one was taken."


def test_a_failed_back_end_is_the_only_reason(lake: Any) -> None:
    assert reasons(lake.rows()[-1]) == ["the back-end hung up"]


def test_odd_thresholds_are_not_told(lake: Any) -> None:
    assert not reasons(replace(lake.rows()[8], trace={"threshold": "high"}, ranked=()))
