"""Two runs side by side: differences in pairs, flips, settings; refusals in one line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.eval.compare import Comparison, compare, comparison_json, comparison_text
from rag.eval.intervals import Difference
from rag.eval.types import RunError


def answered(lake: Any, name: str, right: bool, **more: Any) -> Any:
    scores = {"answer_match": float(right), "false_abstain_rate": 0.0, "hit@1": 1.0}
    return lake.row(lake.question(name, f"Question {name}?"), f"Words {name}.", **({"scores": scores} | more))


def pair(lake: Any, was: str, now: str, **more: Any) -> Comparison:
    """Runs of as many questions as letters: r for right, w for wrong."""
    first = [answered(lake, f"q{place}", letter == "r") for place, letter in enumerate(was)]
    second = [answered(lake, f"q{place}", letter == "r") for place, letter in enumerate(now)]
    return compare(lake.run(first), lake.run(second, **more))


def change(c: Comparison, metric: str) -> Any:
    return next(one for one in c.changes if one.metric == metric)


def flips(c: Comparison, name: str) -> Any:
    return next(one for one in c.flips if one.name == name)


def test_a_difference_by_hand(lake: Any) -> None:
    found = change(pair(lake, "rwww", "rrrw"), "answer_match")
    assert (found.first, found.second) == (0.25, 0.75)
    assert found.difference.value == pytest.approx(0.5) and found.difference.n == 4


def test_the_verdict_knows_which_way_is_better(lake: Any) -> None:
    better = pair(lake, "w" * 30, "r" * 30)
    assert change(better, "answer_match").verdict == "better" and change(better, "hit@1").verdict == ""
    assert change(pair(lake, "r" * 30, "w" * 30), "answer_match").verdict == "worse"
    silent = {"answer_match": 0.0, "false_abstain_rate": 1.0, "answer_words": 4.0}
    spoke = {"answer_match": 0.0, "false_abstain_rate": 0.0, "answer_words": 9.0}
    first, second = (
        [answered(lake, f"q{n}", False, scores=scores) for n in range(30)] for scores in (silent, spoke)
    )
    c = compare(lake.run(first), lake.run(second))
    assert (
        change(c, "false_abstain_rate").verdict == "better" and change(c, "answer_words").verdict == "differs"
    )


def test_flips_are_listed_in_the_order_of_the_first_run(lake: Any) -> None:
    found = flips(pair(lake, "rwrww", "wrwrw"), "answer_match")
    assert [flip.id for flip in found.mended] == ["q1", "q3"]
    assert [flip.id for flip in found.broken] == ["q0", "q2"]
    assert (found.mended[0].first, found.mended[0].second) == ("Words q1.", "Words q1.")


def test_silence_flips_both_ways(lake: Any) -> None:
    unanswerable = lake.question("n", "Who?", answerable=False, answers=(), evidence=())
    answerable = lake.question("a", "When?")
    loud = lake.run(
        [
            lake.row(unanswerable, "Ines.", scores={"false_answer_rate": 1.0}),
            lake.row(answerable, "Monday.", scores={"false_abstain_rate": 0.0}),
        ]
    )
    quiet = lake.run(
        [
            lake.row(unanswerable, scores={"false_answer_rate": 0.0}),
            lake.row(answerable, scores={"false_abstain_rate": 1.0}),
        ]
    )
    found = flips(compare(loud, quiet), "abstention")
    assert [flip.id for flip in found.mended] == ["n"] and [flip.id for flip in found.broken] == ["a"]
    assert (found.broken[0].first, found.broken[0].second) == ("Monday.", "")


def test_what_no_question_can_be_judged_by_has_no_flips(lake: Any) -> None:
    assert {one.name for one in pair(lake, "rw", "rw").flips} == {"answer_match", "abstention", "hit@1"}


def test_only_the_questions_of_both_count(lake: Any) -> None:
    first = lake.run([answered(lake, name, True) for name in ("q0", "q1", "q2")])
    other = lake.row(lake.question("q2", "Another question?"), "W.", scores={"answer_match": 0.0})
    second = lake.run([answered(lake, "q1", False), other, answered(lake, "q9", True)])
    c = compare(first, second)
    assert (c.first.n, c.second.n, c.shared, c.changed) == (3, 3, 1, 1)
    assert change(c, "answer_match").difference.n == 1
    assert "3 and 3 questions asked, 1 in both, 1 of one id but not the same question" in comparison_text(c)


def test_a_metric_that_one_run_lacks_is_left_out(lake: Any) -> None:
    first = lake.run([answered(lake, "q", True)])
    second = lake.run([answered(lake, "q", True, scores={"hit@1": 1.0})])
    assert [one.metric for one in compare(first, second).changes] == ["hit@1"]


def test_settings_that_differ_are_told_by_their_dotted_names(lake: Any) -> None:
    c = pair(lake, "r", "r", settings={"search": {"top_k": 9}, "new": None, "on": True}, machine={"cores": 8})
    assert [(one.name, one.first, one.second) for one in c.settings] == [
        ("llm", "extractive", "–"),
        ("search.top_k", "8", "9"),
        ("machine.cores", "2", "8"),
        ("on", "–", "True"),
    ]


def test_runs_of_two_suites_are_refused(lake: Any) -> None:
    with pytest.raises(RunError, match=r"^found runs of lake and of sea, wanted two runs of one suite$"):
        compare(lake.run(), lake.run(suite="sea"))


def test_runs_that_share_no_question_are_refused(lake: Any) -> None:
    with pytest.raises(RunError, match="found no question of lake that both runs asked"):
        compare(lake.run([answered(lake, "a", True)]), lake.run([answered(lake, "b", True)]))


def test_a_run_against_itself_differs_in_nothing(lake: Any) -> None:
    c = compare(lake.run(), lake.run())
    assert not c.settings and not c.latency and c.shared == len(lake.rows())
    assert all(one.difference.value == 0 and not one.verdict for one in c.changes)
    assert all(not one.mended and not one.broken for one in c.flips)


def test_the_text_reads_as_it_did(lake: Any, golden: Any) -> None:
    c = pair(lake, "rwwwrw", "rrrwwr", commit="def5678", settings={"llm": "x"})
    # Fixed intervals: what a bootstrap draws is not what this looks at.
    changes = (replace(one, difference=Difference(0.25, -0.125, 0.5, 6, 0.25)) for one in c.changes)
    golden("compare.txt", comparison_text(replace(c, changes=tuple(changes))))


def test_what_steers_a_terminal_is_not_printed(lake: Any) -> None:
    text = "\x1b[2Jgone\x07\nnext \u202eline"
    one = lake.row(lake.question(text, text), "W.", scores={"answer_match": 0.0, text: 0.5})
    two = replace(one, scores={"answer_match": 1.0, text: 0.5})
    told = comparison_text(
        compare(lake.run([one], suite=text), lake.run([two], suite=text, settings={text: text}))
    )
    assert not set(told) & set("\x1b\x07\u202e") and "gone" in told


def test_json_holds_everything_and_the_verdicts(lake: Any) -> None:
    c = pair(lake, "rw" * 20, "rr" * 20)
    told = json.loads(json.dumps(comparison_json(c), allow_nan=False))
    assert told["suite"] == "lake" and told["shared"] == 40
    (match,) = [one for one in told["changes"] if one["metric"] == "answer_match"]
    assert match["verdict"] == "better" and match["difference"]["value"] == 0.5
    assert len(told["flips"][0]["mended"]) == 20


@given(letters=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=25))
def test_flips_add_up_to_the_difference(lake: Any, letters: list[tuple[bool, bool]]) -> None:
    was, now = ("".join("wr"[side] for side in one) for one in zip(*letters, strict=True))
    there, back = pair(lake, was, now), pair(lake, now, was)
    found, moved = flips(there, "answer_match"), change(there, "answer_match").difference
    assert len(found.mended) - len(found.broken) == pytest.approx(moved.value * len(letters))
    assert [flip.id for flip in found.mended] == [flip.id for flip in flips(back, "answer_match").broken]
    assert moved.low <= moved.value + 1e-9 and moved.value - 1e-9 <= moved.high
