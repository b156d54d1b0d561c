"""Runs of attributions as results.json and back, and two of them compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.types import Attribution
from rag.eval.attributions.compare import compare_any
from rag.eval.attributions.record import attribution_run_json, read_any_run
from rag.eval.attributions.scores import summarise
from rag.eval.attributions.types import ArticleRow, AttributionRun
from rag.eval.compare import comparison_json, comparison_text
from rag.eval.results import results_text
from rag.eval.types import Run, RunError

Spell = Callable[..., Attribution]


def run_of(*rows: ArticleRow, **more: Any) -> AttributionRun:
    metrics = summarise(rows)
    facts = {"settings": {"limit": None}, "machine": {"cores": 2}, "seconds": 1.5, "latency": {}}
    beside = {"baselines": {"marks": metrics}, **facts, **more}
    return AttributionRun(suite="harbour", commit="abc", metrics=metrics, rows=rows, **beside)


def test_a_run_returns_from_its_file_as_it_was(row: ArticleRow, tmp_path: Path) -> None:
    dated = replace(row.gold[0], said_on=date(2031, 2, 1), said_precision="month", speaker="Ilse Brandt")
    rows = (
        replace(row, predicted=(dated,), milliseconds={"attribute": 0.5}),
        replace(row, error="E: no", lost=2),
    )
    run = run_of(*rows, latency={"attribute": {"p50": 0.5, "p95": 0.5}})
    (tmp_path / "results.json").write_text(results_text(attribution_run_json(run)), encoding="utf-8")
    assert read_any_run(tmp_path) == run
    told = json.loads((tmp_path / "results.json").read_text())
    assert (told["kind"], told["n"], told["failed"], told["lost"]) == ("attributions", 2, 1, 2)
    assert told["rows"][0]["matches"] == [{"gold": 0, "predicted": 0, "words": 12}]
    assert set(told["baselines"]["marks"]["attribution_f1"]) == {"value", "low", "high", "n"}
    assert "rows" not in attribution_run_json(run, rows=False)


def test_a_question_run_is_read_as_one(lake: Any, tmp_path: Path) -> None:
    from rag.eval.record import run_text

    run = lake.run()
    (tmp_path / "results.json").write_text(run_text(run), encoding="utf-8")
    assert isinstance(read_any_run(tmp_path), Run)


@pytest.mark.parametrize(
    "broken",
    [
        lambda told: told.pop("baselines"),
        lambda told: told["rows"][0]["gold"][0].update(content=[[0, 99_999]]),
        lambda told: told["rows"][0]["gold"][0].update(content=[]),
        lambda told: told["rows"][0]["gold"][0].update(content=[[5, 2]]),
        lambda told: told["rows"][0]["gold"][0].update(said_precision="hour"),
        lambda told: told["rows"][0].update(text=None),
        lambda told: told["metrics"].update(attribution_f1=1),
    ],
)
def test_what_is_no_run_of_ours_is_told(
    row: ArticleRow, tmp_path: Path, broken: Callable[[dict[str, Any]], Any]
) -> None:
    told = json.loads(results_text(attribution_run_json(run_of(row))))
    broken(told)
    (tmp_path / "results.json").write_text(json.dumps(told))
    with pytest.raises(RunError, match="no result of `onrecord eval`"):
        read_any_run(tmp_path)


def test_two_runs_are_compared_article_by_article(row: ArticleRow) -> None:
    wrong = replace(row.gold[2], source=row.gold[0].source)
    before = run_of(replace(row, predicted=row.gold[:1]), replace(row, article="b"), settings={"limit": 2})
    after = run_of(replace(row, predicted=(row.gold[1], wrong)), replace(row, article="b"))
    found = compare_any(before, after)
    assert (found.shared, found.changed, found.counted) == (2, 0, "articles")
    flips = {one.name: one for one in found.flips}
    assert [len(flips["exact content"].mended), len(flips["exact content"].broken)] == [2, 1]
    assert [len(flips["source"].mended), len(flips["source"].broken)] == [1, 1]
    assert flips["source"].mended[0].second == "She: that the crane would follow in June"
    told = comparison_text(found)
    assert "2 and 2 articles read, 2 in both" in told and "limit: 2 -> –" in told
    assert "exact content: 2 wrong -> right, 1 right -> wrong" in told
    assert comparison_json(found)["changes"][0]["metric"] == "attribution_precision"


def test_only_what_both_could_read_is_compared(row: ArticleRow, lake: Any) -> None:
    other = replace(row, article="b", gold=row.gold[:1])
    found = compare_any(run_of(row, other), run_of(row, replace(other, gold=row.gold)))
    assert (found.shared, found.changed) == (1, 1)
    assert "1 of one id but not the same article" in comparison_text(found)
    failed = run_of(replace(row, error="E: no"))
    with pytest.raises(RunError, match="no article of harbour"):
        compare_any(run_of(row), failed)
    with pytest.raises(RunError, match="wanted two runs of one suite"):
        compare_any(run_of(row), replace(failed, suite="other"))
    with pytest.raises(RunError, match=r"found a run of articles .* and one of questions"):
        compare_any(run_of(row), lake.run())
