"""eval, compare and import as commands: exit codes, one-line errors, JSON alone on stdout."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.assistant import Assistant
from rag.cli import main
from rag.cli.evaluation import KINDS
from rag.eval import importers

ROOT = Path(__file__).resolve().parents[3]
SUITE = ROOT / "tests" / "suites" / "samples"

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def results(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the first questions of the samples."""
    out = tmp_path_factory.mktemp("results")
    with pytest.raises(SystemExit) as ended:
        main(["eval", str(SUITE), "--home", str(home), "--out", str(out), "--limit", "6"])
    assert not ended.value.code
    return out


def write_suite(folder: Path, name: str, **question: Any) -> Path:
    """A suite of one question over the samples."""
    folder.mkdir(parents=True)
    record = {"id": "q", "question": "Who proposed a truce in Minsk?", "answerable": True, **question}
    (folder / "questions.jsonl").write_text(json.dumps(record))
    (folder / "suite.json").write_text(json.dumps({"name": name}))
    (folder / "articles.ref").write_text(str(ROOT / "samples"))
    return folder


# -- eval


def test_results_are_printed_and_written(run: Run, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    outcome = run("eval", SUITE, "--home", home, "--out", out, "--limit", "3")
    assert outcome.code == 0, outcome.err
    assert "samples: 3 questions" in outcome.err
    assert "answer_match" in outcome.out and str(out / "samples" / "report.html") in outcome.out
    assert {one.name for one in (out / "samples").iterdir()} == {"results.json", "report.html"}
    overview = (out / "index.html").read_text()
    assert 'href="samples/report.html"' in overview and "hit@1" in overview


def test_json_is_one_document_without_rows(run: Run, home: Path, tmp_path: Path) -> None:
    outcome = run("eval", SUITE, "--home", home, "--out", tmp_path, "--limit", "2", "--json")
    (told,) = json.loads(outcome.out)["runs"]
    assert (told["suite"], told["n"], told["failed"]) == ("samples", 2, 0)
    assert "rows" not in told
    assert set(told["metrics"]["hit@1"]) == {"value", "low", "high", "n"}


def test_what_answers_depend_on_is_stated(run: Run, home: Path, tmp_path: Path) -> None:
    words = ["--abstain", "off", "--top-k", "4", "--tag", "said", "--without", "follow-up", "--limit", "2"]
    told = json.loads(run("eval", SUITE, "--home", home, "--out", tmp_path, *words, "--json").out)
    settings = told["runs"][0]["settings"]
    assert settings["answer"] == {"llm": "extractive", "abstain": "off", "cross_encoder": "packaged"}
    assert settings["search"] == {"top_k": 4}
    assert (settings["tags"], settings["without"], settings["limit"]) == (["said"], ["follow-up"], 2)


def test_several_suites_share_an_index_and_a_page(run: Run, home: Path, tmp_path: Path) -> None:
    one, two = write_suite(tmp_path / "1", "one"), write_suite(tmp_path / "2", "two/../../up")
    outcome = run("eval", one, two, "--home", home, "--out", tmp_path / "out")
    assert outcome.code == 0, outcome.err
    assert len(list((home / "eval").iterdir())) == 1
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"index.html", "one", "two_.._.._up"}
    overview = (tmp_path / "out" / "index.html").read_text()
    assert "one/report.html" in overview and "two_.._.._up/report.html" in overview


def test_a_suite_that_cannot_be_read_stops_no_other(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "quotes").mkdir()
    (tmp_path / "quotes" / "attributions.jsonl").touch()
    good = write_suite(tmp_path / "good", "good")
    twin = write_suite(tmp_path / "twin", "good")
    words = [tmp_path / "none", tmp_path / "quotes", good, twin]
    outcome = run("eval", *words, "--home", home, "--out", tmp_path / "out", "--json")
    assert outcome.code == 1
    assert [one["suite"] for one in json.loads(outcome.out)["runs"]] == ["good"]
    told = [line for line in outcome.err.splitlines() if line.startswith("onrecord: ")]
    assert len(told) == 3
    assert "no questions.jsonl" in told[0] and "attributions.jsonl" in told[1] and "both named" in told[2]


def test_ctrl_c_tells_how_to_go_on(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, left = Assistant.ask, 2

    def stopped(self: Assistant, question: str, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return ask(self, question, **named)

    monkeypatch.setattr(Assistant, "ask", stopped)
    words = ["eval", SUITE, "--home", home, "--out", tmp_path, "--limit", "4"]
    outcome = run(*words)
    assert (outcome.code, outcome.out) == (130, "")
    assert "2 of 4 answers to samples are kept; the same command with --resume goes on" in outcome.err
    run(*words).failed("unfinished run with 2 answers", "--resume", alone=False)
    monkeypatch.undo()
    assert run(*words, "--resume").code == 0
    assert run(*words, "--resume").code == 0, "finished: nothing to do, and no error"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_signal_to_the_process_keeps_what_is_answered(
    run: Run, home: Path, tmp_path: Path, workers: int
) -> None:
    words = ["eval", str(SUITE), "--home", str(home), "--out", str(tmp_path), "--workers", str(workers)]
    rows = tmp_path / "samples" / "rows.jsonl"
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from rag.cli import main; main()"
    )
    with subprocess.Popen([sys.executable, "-c", code, *words], stderr=subprocess.PIPE, cwd=ROOT) as process:
        while process.poll() is None and not (rows.exists() and rows.read_bytes().count(b"\n") > 4):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told.decode()
    assert "--resume goes on" in told.decode() and "Traceback" not in told.decode()
    kept = rows.read_text(encoding="utf-8").splitlines()[1:]
    assert 4 <= len(kept) < 54
    done = json.loads(run(*words, "--resume", "--json").out)["runs"][0]
    assert (done["n"], done["failed"]) == (54, 0)


def test_when_every_question_fails_there_are_no_results(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ConnectionError("the server is gone")

    monkeypatch.setattr(Assistant, "ask", broken)
    out = tmp_path / "out"
    run("eval", SUITE, "--home", home, "--out", out, "--limit", "2").failed(
        "all 2 questions", "gone", alone=False
    )
    assert not list(out.rglob("*.json*"))


def test_a_failed_question_is_told(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Assistant.ask

    def shaky(self: Assistant, question: str, **named: Any) -> Any:
        if "Peskov" in question:
            raise ConnectionError("the server is gone")
        return ask(self, question, **named)

    monkeypatch.setattr(Assistant, "ask", shaky)
    outcome = run("eval", SUITE, "--home", home, "--out", tmp_path, "--limit", "3")
    assert outcome.code == 0
    assert (
        "1 of them failed and are left out, the first with ConnectionError: the server is gone" in outcome.out
    )
    assert "1 failed" in (tmp_path / "index.html").read_text()


def test_a_broken_result_is_left_out_of_the_overview(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "results.json").write_text("{")
    outcome = run("eval", SUITE, "--home", home, "--out", tmp_path, "--limit", "1")
    assert outcome.code == 0
    assert "left out of index.html" in outcome.err


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["eval"], "SUITE"),
        (["eval", "x", "--limit", "0"], "--limit"),
        (["eval", "x", "--workers", "0"], "--workers"),
        (["eval", "x", "--abstain", "perhaps"], "--abstain"),
        (["compare", "x"], "RUN"),
        (["import", "squad", "x"], "OUT"),
        (["import", "jsonl", "x", "y", "--field", "question"], "NAME=VALUE"),
    ],
)
def test_wrong_usage_exits_with_2(run: Run, words: list[str], wanted: str) -> None:
    outcome = run(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert wanted in outcome.err


def test_expected_failures_are_one_line(run: Run, home: Path, tmp_path: Path) -> None:
    run("eval", tmp_path, "--home", home).failed("no questions.jsonl")
    run("eval", SUITE, "--llm", "opnai:gpt", "--home", home).failed("opnai:gpt", "extractive")
    run("eval", SUITE, "--tag", "unheard-of", "--home", home, "--out", tmp_path).failed("no such question")
    (tmp_path / "file").touch()
    run("eval", SUITE, "--home", home, "--out", tmp_path / "file", "--limit", "1").failed(
        "cannot write", alone=False
    )


# -- compare


def test_two_results_are_compared(run: Run, home: Path, results: Path, tmp_path: Path) -> None:
    words = ["--home", home, "--out", tmp_path, "--limit", "6", "--abstain", "strict"]
    assert run("eval", SUITE, *words).code == 0
    outcome = run("compare", results / "samples", tmp_path / "samples" / "results.json")
    assert outcome.code == 0 and "samples" in outcome.out and "hit@1" in outcome.out
    told = json.loads(run("compare", results / "samples", tmp_path / "samples", "--json").out)
    assert isinstance(told, dict)


def test_what_is_no_result_cannot_be_compared(run: Run, results: Path, tmp_path: Path) -> None:
    run("compare", results / "samples", tmp_path).failed("cannot read", "results.json")
    (tmp_path / "results.json").write_text("[]")
    run("compare", tmp_path, results / "samples").failed("no result of `onrecord eval`")


# -- import


def test_own_records_become_a_suite_that_can_be_run(run: Run, home: Path, tmp_path: Path) -> None:
    squad = {
        "version": "1.1",
        "data": [
            {
                "title": "Ferry",
                "paragraphs": [
                    {
                        "context": "The ferry Aurelia left the harbour of Port Hale on Monday.",
                        "qas": [
                            {
                                "id": "1",
                                "question": "Which harbour did the ferry leave?",
                                "answers": [{"text": "Port Hale", "answer_start": 37}],
                            }
                        ],
                    }
                ],
            }
        ],
    }
    path = tmp_path / "dev.json"
    path.write_text(json.dumps(squad))
    outcome = run("import", "squad", path, tmp_path / "ferry")
    assert (outcome.code, outcome.out) == (0, ""), outcome.err
    assert "1 articles and 1 questions" in outcome.err
    ran = run("eval", tmp_path / "ferry", "--home", home, "--out", tmp_path / "out", "--json")
    assert json.loads(ran.out)["runs"][0]["n"] == 1
    again = json.loads(run("import", "squad", path, tmp_path / "again", "--json").out)
    assert again == {"articles": 1, "questions": 1, "dropped": {}}


def test_what_cannot_be_imported_is_told(run: Run, tmp_path: Path) -> None:
    run("import", "sqad", tmp_path, tmp_path / "out").failed("sqad")
    run("import", "squad", tmp_path / "none", tmp_path / "out").failed("none")


def test_the_help_lists_the_kinds_there_are() -> None:
    assert sorted(KINDS) == sorted(importers.KINDS)


def test_the_commands_load_the_evaluation_only_when_they_run() -> None:
    code = "import sys, rag.cli; print([name for name in sys.modules if name.startswith('rag.eval')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"
