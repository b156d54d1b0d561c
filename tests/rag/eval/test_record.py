"""Rows and runs survive JSON; what is none is told in one line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.types import Span
from rag.eval.record import read_row, read_run, row_json, run_json, run_text
from rag.eval.results import line, write_whole
from rag.eval.types import Evidence, Metric, Place, Question, Row, Run, RunError, Shown
from rag.types import Claim, Turn

words = st.text(max_size=12)
names = st.text(min_size=1, max_size=5)
spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 99), st.integers(1, 9))
days = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
numbers = st.floats(-1e6, 1e6)
shown = st.builds(Shown, names, spans, words, words, st.none() | words, days)
questions = st.builds(
    Question,
    id=names,
    text=words,
    asked=days,
    answers=st.lists(st.lists(words, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    answerable=st.booleans(),
    evidence=st.dictionaries(names, st.integers(0, 3), max_size=2).map(
        lambda grades: tuple(Evidence(article, None, grade) for article, grade in grades.items())
    ),
    history=st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), words), max_size=2).map(tuple),
    articles=st.none() | st.lists(names, max_size=2).map(tuple),
    tags=st.lists(names, max_size=2).map(tuple),
    choices=st.none() | st.lists(words, min_size=1, max_size=2).map(tuple),
    references=st.lists(words, max_size=1).map(tuple),
    assertions=st.lists(words, max_size=1).map(tuple),
)
rows = st.builds(
    Row,
    question=questions,
    answer=words,
    said=words,
    abstained=st.booleans(),
    confidence=st.none() | numbers,
    choice=st.none() | st.integers(0, 3),
    citations=st.lists(
        st.builds(replace, shown, support=st.none() | st.sampled_from(["verbatim", "unsupported"])),
        max_size=2,
    ).map(tuple),
    claims=st.lists(
        st.builds(
            Claim, spans, st.sampled_from(["verbatim", "supported", "unsupported"]), st.floats(0, 1), words
        ),
        max_size=2,
    ).map(tuple),
    hits=st.lists(st.builds(replace, shown, score=st.none() | numbers), max_size=2).map(tuple),
    places=st.lists(st.builds(Place, names, st.none() | spans, words), max_size=2).map(tuple),
    lost=st.integers(0, 3),
    ranked=st.lists(names, max_size=3).map(tuple),
    milliseconds=st.dictionaries(names, numbers, max_size=2),
    trace=st.dictionaries(names, st.none() | st.booleans() | words, max_size=2),
    scores=st.dictionaries(names, numbers, max_size=2),
)
runs = st.builds(
    Run,
    suite=words,
    commit=st.none() | words,
    settings=st.dictionaries(names, words, max_size=2),
    machine=st.dictionaries(names, words, max_size=2),
    seconds=numbers,
    metrics=st.dictionaries(
        names, st.builds(Metric, numbers, numbers, numbers, st.integers(1, 9)), max_size=2
    ),
    tags=st.just({"x": {"hit@1": Metric(0.5, 0.25, 0.75, 4)}}),
    latency=st.just({"total": {"p50": 1.5, "p95": 2.5}}),
    rows=st.lists(rows, max_size=2).map(tuple),
)


@given(rows)
def test_a_row_comes_back_as_it_was(row: Row) -> None:
    assert read_row(json.loads(line(row_json(row)))) == row


def test_of_the_evidence_the_grades_come_back() -> None:
    evidence = (Evidence("a", Span(0, 3), 1), Evidence("a", Span(5, 9), 2), Evidence("b", quote="words"))
    row = Row(Question("q", "?", evidence=evidence), "", "", True)
    again = read_row(row_json(row)).question
    assert again.qrels == row.question.qrels == {"a": 2, "b": 1}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs)
def test_a_run_comes_back_as_it_was(tmp_path: Path, run: Run) -> None:
    write_whole(tmp_path / "results.json", run_text(run))
    assert read_run(tmp_path) == read_run(tmp_path / "results.json") == run


def test_the_contract_of_the_results() -> None:
    failed = Row(Question("q", "?"), "", "", False, lost=2, trace={"error": "gone"})
    run = Run("s", "c", {}, {}, 1.0, {"hit@1": Metric(0.5, 0.0, 1.0, 2)}, {}, rows=(failed,), tags={})
    told = json.loads(run_text(run))
    assert told == run_json(run)
    assert list(told) == [
        *("suite", "commit", "settings", "machine", "n", "failed", "lost", "seconds"),
        *("metrics", "tags", "latency", "rows"),
    ]
    assert (told["n"], told["failed"], told["lost"]) == (1, 1, 2)
    assert told["metrics"] == {"hit@1": {"value": 0.5, "low": 0.0, "high": 1.0, "n": 2}}
    assert "rows" not in run_json(run, rows=False)


def test_half_a_surrogate_pair_can_be_written(tmp_path: Path) -> None:
    row = Row(Question("q", "\ud800?"), "", "", False)
    write_whole(tmp_path / "x", line(row_json(row)))
    assert read_row(json.loads((tmp_path / "x").read_text(encoding="utf-8"))) == row


BASE = row_json(Row(Question("q", "?"), "a", "a", False, hits=(Shown("a", Span(0, 1), "x"),)))
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(sorted(BASE)), anything)
def test_a_row_with_any_other_value_is_read_or_refused(name: str, value: Any) -> None:
    try:
        assert isinstance(read_row({**BASE, name: value}), Row)
    except RunError as error:
        assert "\n" not in str(error)


@given(st.sampled_from(sorted(BASE.keys() - {"claims"})))
def test_a_row_that_lacks_a_field_is_refused(name: str) -> None:
    with pytest.raises(RunError, match=r"none of a run"):
        read_row({key: value for key, value in BASE.items() if key != name})


def test_a_row_of_before_sentences_were_checked_is_read() -> None:
    assert read_row({key: value for key, value in BASE.items() if key != "claims"}).claims == ()


def test_the_words_of_a_claim_stand_beside_its_place() -> None:
    row = Row(Question("q", "?"), "It froze. [1] Hard.", "", False, claims=(Claim(Span(0, 9), "verbatim"),))
    assert row_json(row)["claims"] == [
        {"start": 0, "end": 9, "text": "It froze.", "support": "verbatim", "score": 1.0, "reason": ""}
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot read"),
        ("", "no result"),
        ("[]", "no result"),
        ('{"suite": "s"}', "no result"),
        ("[" * 100_000, "no result"),
        ("\x00", "no result"),
    ],
)
def test_a_broken_result_is_told_in_one_line(tmp_path: Path, text: str | None, told: str) -> None:
    if text is not None:
        (tmp_path / "results.json").write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=told) as caught:
        read_run(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_result_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RunError, match="no result"):
        read_run(tmp_path)


def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_whole(path, "one")
    write_whole(path, "two")
    assert path.read_text() == "two"
    assert [one.name for one in path.parent.iterdir()] == ["file"]
    with pytest.raises(RunError, match="--out"):
        write_whole(path / "below", "three")
