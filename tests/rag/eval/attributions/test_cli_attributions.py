"""Attribution suites through the command: beside questions, limited, as JSON, compared, in the overview."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.attribution import attribute
from index.types import Article, Attribution

Run = Callable[..., Any]
Write = Callable[..., Path]


def test_results_are_printed_and_written(run: Run, write_suite: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    outcome = run("eval", write_suite(tmp_path / "s"), "--home", tmp_path / "home", "--out", out)
    assert outcome.code == 0, outcome.err
    assert "harbour: 1 articles with attributions" in outcome.err
    for words in (
        "1 articles, 3 attributions",
        "quoted_attribution_f1",
        "marks",
        "nearest_name",
        "report.html",
    ):
        assert words in outcome.out
    assert {one.name for one in (out / "harbour").iterdir()} == {"results.json", "report.html"}
    told = json.loads((out / "harbour" / "results.json").read_text())
    assert (told["suite"], told["kind"], told["n"], told["lost"]) == ("harbour", "attributions", 1, 0)
    assert told["settings"]["attributions"] == 3 and set(told["baselines"]) == {"marks", "nearest_name"}
    assert told["baselines"]["marks"]["quoted_attribution_exact_f1"]["value"] == 1
    assert len(told["rows"][0]["gold"]) == 3
    assert not (tmp_path / "home").exists(), "nothing is indexed"


def test_one_command_runs_both_kinds(run: Run, write_suite: Write, tmp_path: Path) -> None:
    questions = tmp_path / "questions"
    questions.mkdir()
    (questions / "questions.jsonl").write_text('{"id": "q", "question": "Who spoke?", "answerable": true}')
    (questions / "articles.jsonl").write_text('{"id": "a", "text": "Ilse Brandt spoke about the pier."}')
    words = ["--home", tmp_path / "home", "--out", tmp_path / "out", "--limit", "1", "--json"]
    outcome = run("eval", questions, write_suite(tmp_path / "s"), *words)
    assert outcome.code == 0, outcome.err
    first, second = outcome.told["runs"]
    assert (first["suite"], second["suite"], second["n"]) == ("questions", "harbour", 1)
    assert "rows" not in second and "marks" in second["baselines"]
    overview = (tmp_path / "out" / "index.html").read_text()
    assert 'href="harbour/report.html"' in overview and 'href="questions/report.html"' in overview
    assert "quoted_attribution_f1" in overview and "1<small>articles</small>" in overview


def test_two_results_are_compared(
    run: Run, write_suite: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = write_suite(tmp_path / "s")
    assert run("eval", suite, "--out", tmp_path / "1").code == 0
    monkeypatch.setattr(attribute, "attribute", lambda article: [])
    assert run("eval", suite, "--out", tmp_path / "2").code == 0
    outcome = run("compare", tmp_path / "1" / "harbour", tmp_path / "2" / "harbour")
    assert outcome.code == 0 and "quoted_attribution_f1" in outcome.out and "articles read" in outcome.out
    told = run("compare", tmp_path / "1" / "harbour", tmp_path / "2" / "harbour", "--json").told
    assert told["counted"] == "articles"


def test_what_is_wrong_is_one_line(run: Run, write_suite: Write, tmp_path: Path) -> None:
    run("eval", write_suite(tmp_path / "1", "{}"), "--out", tmp_path).failed("line 1 of", "no attribution")
    far = {"article": "a", "content": [[0, 5]], "source": [[1, 90_000]], "quoted": False}
    outside = write_suite(tmp_path / "2", far, name="far")
    run("eval", outside, "--out", tmp_path).failed("line 1", "90000", "wanted one inside", alone=False)
    run("eval", write_suite(tmp_path / "3"), "--tag", "said", "--out", tmp_path).failed("no tags in harbour")


def test_an_article_that_fails_is_left_out_and_told(
    run: Run, write_suite: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_suite(
        tmp_path / "s", *({"article": name, "content": [[0, 5]], "quoted": False} for name in "ab")
    )
    articles = [{"id": name, "text": f"Quiet words of {name} about the weather in the bay."} for name in "ab"]
    (folder / "articles.jsonl").write_text("\n".join(json.dumps(one) for one in articles))

    def shaky(article: Article) -> list[Attribution]:
        if article.id == "b":
            raise ValueError("no words")
        return []

    monkeypatch.setattr(attribute, "attribute", shaky)
    outcome = run("eval", folder, "--out", tmp_path / "out")
    assert outcome.code == 0
    assert "1 of them failed and are left out, the first with ValueError: no words" in outcome.out
    told = json.loads((tmp_path / "out" / "harbour" / "results.json").read_text())
    assert (told["failed"], told["metrics"]["attribution_recall"]["n"]) == (1, 1)
    monkeypatch.setattr(attribute, "attribute", lambda article: 1 / 0)
    run("eval", folder, "--out", tmp_path / "none").failed("all 2 articles of harbour failed", alone=False)
    assert not (tmp_path / "none").exists()
