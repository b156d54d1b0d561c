"""Published numbers: the file is whole, and each tells what it takes to read it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from rag.eval.measures import MEASURES
from rag.eval.published import SURE, read_references, references, referred_groups

RECORD: dict[str, Any] = {
    "suite": "lake",
    "system": "Guess",
    "values": {"answer_match": 0.5, "f1": 0.25},
    "n": 10,
    "sure": "V",
    "source": "A paper",
    "conditions": "By hand.",
}
ALL = read_references((files("rag.eval") / "published.json").read_text(encoding="utf-8"))


def test_a_record_gives_a_reference_for_each_value() -> None:
    first, second = read_references(json.dumps({"references": [RECORD]}))
    assert (first.metric, first.value, second.metric, second.value) == ("answer_match", 0.5, "f1", 0.25)
    assert first.group is None and first.note == "10 questions. By hand. A paper; read in its source."


@pytest.mark.parametrize("change", [{"sure": "X"}, {"values": {"f1": "much"}}])
def test_a_record_that_is_not_as_wanted_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        read_references(json.dumps({"references": [RECORD | change]}))


def test_a_record_without_its_conditions_is_refused() -> None:
    lacking = {name: value for name, value in RECORD.items() if name != "conditions"}
    with pytest.raises(KeyError):
        read_references(json.dumps({"references": [lacking]}))


def test_every_number_is_a_share_and_tells_its_source_and_conditions() -> None:
    for one in ALL:
        assert 0 <= one.value <= 1, one
        assert one.source and one.conditions.endswith("."), one
        assert one.sure in SURE and (one.n is None or one.n > 0), one


def test_no_system_has_two_values_for_one_metric_of_one_group() -> None:
    keys = [(one.suite, one.group, one.system, one.metric) for one in ALL]
    assert len(set(keys)) == len(keys)


def test_the_numbers_we_steer_by_are_there() -> None:
    found = {(one.system, one.metric): one.value for one in references("news-2022")}
    assert found["GPT-3 + Google", "answer_match"] == 0.432
    assert found["Google search", "mrr@10"] == 0.55
    narrow = {(one.system, one.metric): one.value for one in references("news-2022", "answer-in-retrieved")}
    assert narrow["GPT-3 + Google", "answer_match"] == 0.591
    assert {one.value for one in references("time-1963") if one.metric == "ndcg@10"} == {0.739}


def test_groups_are_told_once_and_unknown_suites_have_none() -> None:
    assert referred_groups("rgb-noise") == ("noise-0.2", "noise-0.6")
    assert references("no-such-suite") == () == referred_groups("no-such-suite")


def test_most_numbers_are_in_our_measures() -> None:
    apart = {one.suite for one in ALL if one.metric not in MEASURES}
    assert apart == {"multihop-facts", "mtrag"}
