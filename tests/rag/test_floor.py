"""Committed values below which retrieval, answers, citations and abstention may not fall.

The whole suite of the samples as `onrecord eval` asks it, at the default settings, without a chat model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.eval.ask import ask_all
from rag.eval.scores import summarise
from rag.eval.suite import read_suite
from rag.eval.types import Metric

SUITE = Path(__file__).resolve().parents[1] / "suites" / "samples"
BOUNDS = json.loads((SUITE / "floor.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def metrics(samples: Assistant) -> Mapping[str, Metric]:
    rows = ask_all(samples, read_suite(SUITE).questions)
    assert [row.error for row in rows if row.error] == []
    return summarise(rows)


@pytest.mark.parametrize(("name", "least"), BOUNDS["floor"].items())
def test_quality_does_not_fall(metrics: Mapping[str, Metric], name: str, least: float) -> None:
    value = metrics[name].value
    assert value >= least, f"{name} fell to {value:.3f}, floor {least}"


@pytest.mark.parametrize(("name", "most"), BOUNDS["ceiling"].items())
def test_errors_do_not_rise(metrics: Mapping[str, Metric], name: str, most: float) -> None:
    value = metrics[name].value
    assert value <= most, f"{name} rose to {value:.3f}, ceiling {most}"


def test_the_suite_is_large_and_mixed_enough() -> None:
    questions = read_suite(SUITE).questions
    assert len(questions) >= 30
    assert sum(not question.answerable for question in questions) >= 5
    assert sum(bool(question.history) for question in questions) >= 3
