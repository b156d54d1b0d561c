"""A whole run over the suite of the samples: real index, real assistant, files and all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.errors import OnrecordError
from rag.assistant import Assistant
from rag.config import load_settings
from rag.eval import machine
from rag.eval.record import read_run, run_json
from rag.eval.run import Interrupted, Plan, Selection, evaluate
from rag.eval.shelf import shelf_of
from rag.eval.suite import read_suite
from rag.eval.types import Run, RunError, Suite, SuiteError

SUITE = read_suite(Path(__file__).resolve().parents[2] / "suites" / "samples")
FEW = Selection(limit=8)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkout may change while the tests run; the program that runs does not."""
    monkeypatch.setattr("rag.eval.run.commit", lambda: "c1")


def plan(home: Path, **changes: Any) -> Plan:
    return Plan(load_settings(home), **{"selection": FEW, **changes})


@pytest.fixture(scope="module")
def whole(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run that nothing disturbs."""
    return evaluate(SUITE, plan(home), tmp_path_factory.mktemp("whole"))


def timeless(run: Run) -> dict[str, Any]:
    """The run without what differs from one to the next."""
    told = run_json(run)
    for name in ("seconds", "latency", "machine", "commit"):
        del told[name]
    for row in told["rows"]:
        del row["milliseconds"]
    return told


class Count:
    """Counts what it is told, and presses Ctrl+C at the answer with this number."""

    def __init__(self, stop: int | None = None) -> None:
        self.stages: dict[str, int] = {}
        self._stop, self._stage = stop, ""

    def start(self, stage: str, total: int | None) -> None:
        self._stage = stage
        self.stages[stage] = 0

    def advance(self, n: int) -> None:
        self.stages[self._stage] += n
        if self._stage == "ask" and self.stages["ask"] == self._stop:
            raise KeyboardInterrupt

    def stage_done(self) -> None:
        """Nothing to do."""


def test_a_run_is_scored_and_written(home: Path, tmp_path: Path) -> None:
    count = Count()
    run = evaluate(SUITE, plan(home), tmp_path / "out", count)
    assert read_run(tmp_path / "out") == read_run(tmp_path / "out" / "results.json")
    assert timeless(read_run(tmp_path / "out")) == timeless(run)
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"results.json", "report.html"}
    assert run.suite == "samples" and len(run.rows) == 8
    assert [row.question.id for row in run.rows] == [question.id for question in SUITE.questions[:8]]
    assert run.metrics["hit@10"].n == sum(bool(q.evidence) for q in SUITE.questions[:8])
    assert {"rewrite", "search", "extract", "total"} <= run.latency.keys()
    assert {"embedder", "search", "answer", "fingerprint", "judge", "questions"} <= run.settings.keys()
    assert {"processor", "cores", "memory_gib", "python", "platform", "precision"} <= run.machine.keys()
    assert not any(row.lost for row in run.rows)
    assert count.stages["ask"] == 8


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupted_and_resumed_equals_undisturbed(
    home: Path, tmp_path: Path, whole: Run, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Interrupted, match=r"\d of 8 answers to samples are kept"):
        evaluate(SUITE, plan(home, workers=workers), tmp_path, Count(stop=3))
    rows = tmp_path / "rows.jsonl"
    kept = len(rows.read_text().splitlines()) - 1
    assert kept == 3 if workers == 1 else 3 <= kept < 8
    assert not (tmp_path / "results.json").exists()
    with rows.open("a") as file:
        file.write('{"half a line')
    asked: list[str] = []
    ask = Assistant.ask

    def listen(self: Assistant, question: str, **named: Any) -> Any:
        asked.append(question)
        return ask(self, question, **named)

    monkeypatch.setattr(Assistant, "ask", listen)
    run = evaluate(SUITE, plan(home, resume=True, workers=workers), tmp_path)
    assert len(asked) == 8 - kept, "only what is missing is asked"
    assert timeless(run) == timeless(whole)
    assert not rows.exists()


def test_several_workers_change_no_answer(home: Path, tmp_path: Path, whole: Run) -> None:
    run = evaluate(SUITE, plan(home, workers=2), tmp_path)
    assert timeless(run) == timeless(whole)
    assert run.machine["workers"] == 2


def test_an_unfinished_run_is_not_thrown_away(home: Path, tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        evaluate(SUITE, plan(home), tmp_path, Count(stop=2))
    with pytest.raises(RunError, match="--resume"):
        evaluate(SUITE, plan(home), tmp_path)
    other = plan(home, selection=Selection(limit=5), resume=True)
    with pytest.raises(RunError, match="limit 8, wanted 5"):
        evaluate(SUITE, other, tmp_path)


def test_a_finished_run_is_replaced_or_left_as_it_is(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = plan(home, selection=Selection(limit=2))
    first = evaluate(SUITE, few, tmp_path)
    second = evaluate(SUITE, few, tmp_path)
    assert timeless(second) == timeless(first)
    monkeypatch.setattr(Assistant, "ask", None)
    again = evaluate(SUITE, plan(home, selection=Selection(limit=2), resume=True), tmp_path)
    assert timeless(again) == timeless(second)
    assert again.latency == second.latency


def test_failures_are_counted_and_left_out(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, gone = Assistant.ask, {SUITE.questions[1].text}

    def shaky(self: Assistant, question: str, **named: Any) -> Any:
        if question in gone:
            raise ConnectionError("the server is gone")
        return ask(self, question, **named)

    monkeypatch.setattr(Assistant, "ask", shaky)
    run = evaluate(SUITE, plan(home, selection=Selection(limit=3)), tmp_path)
    assert json.loads((tmp_path / "results.json").read_text())["failed"] == 1
    assert run.metrics["hit@1"].n == 2
    assert run.rows[1].error == "ConnectionError: the server is gone"
    assert "the server is gone" in (tmp_path / "report.html").read_text()
    gone.clear()
    mended = evaluate(SUITE, plan(home, selection=Selection(limit=3), resume=True), tmp_path)
    assert mended.metrics["hit@1"].n == 3


def test_no_number_is_made_of_failures_alone(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ConnectionError("the server is gone")

    monkeypatch.setattr(Assistant, "ask", broken)
    with pytest.raises(RunError, match=r"all 8 questions of samples failed.*the server is gone"):
        evaluate(SUITE, plan(home), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_options_may_be_left_alone(home: Path, tmp_path: Path) -> None:
    lines = [
        {"id": "c", "question": "Who proposed a truce in Minsk?", "answerable": True}
        | {"answers": [["Alexander Lukashenko"]], "choices": ["Angela Merkel", "Alexander Lukashenko"]}
    ]
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(one) for one in lines))
    (tmp_path / "articles.ref").write_text(str(SUITE.articles))
    suite = read_suite(tmp_path)
    chosen = evaluate(suite, plan(home), tmp_path / "with")
    assert chosen.metrics["choice_accuracy"].value == 1.0 and "choose" in chosen.latency
    left = evaluate(suite, plan(home, choices=False), tmp_path / "without")
    assert "choice_accuracy" not in left.metrics and "choose" not in left.latency


def test_the_index_is_kept_by_the_path_of_the_articles(home: Path, whole: Run, tmp_path: Path) -> None:
    shelf = shelf_of(home, SUITE.articles)
    assert shelf.parent == home / "eval" and shelf.name.startswith("samples-") and shelf.is_dir()
    (tmp_path / "town").mkdir()
    packed = tmp_path / "town" / "articles.jsonl.gz"
    packed.touch()
    assert shelf_of(home, packed).name.startswith("town-")
    assert shelf_of(home, packed) != shelf_of(home, tmp_path / "town")


def test_articles_that_are_gone_leave_the_index(home: Path, tmp_path: Path) -> None:
    def write(*ids: str) -> Suite:
        text = "The ferry left the harbour of Port Hale on Monday with ninety people on board."
        records = [{"id": one, "title": one, "text": f"{text} It was the {one}."} for one in ids]
        (tmp_path / "articles.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
        record = {"id": "q", "question": "Where did the ferry leave?", "answerable": True}
        (tmp_path / "questions.jsonl").write_text(json.dumps(record))
        return read_suite(tmp_path)

    assert evaluate(write("aurelia", "borealis"), plan(home), tmp_path / "out").settings["articles"] == 2
    assert evaluate(write("borealis"), plan(home), tmp_path / "out").settings["articles"] == 1
    (tmp_path / "articles.jsonl").write_text("")
    with pytest.raises(SuiteError, match="no article"):
        evaluate(read_suite(tmp_path), plan(home), tmp_path / "out")


def test_another_way_of_cutting_builds_the_index_anew(tmp_path: Path, home: Path) -> None:
    def noted(folder: Path, change: str | None = None) -> str | None:
        with Archive.open(folder, read_only=change is None) as archive:
            if change:
                with archive.catalog.write():
                    archive.catalog.set_meta("chunking", change)
            return archive.catalog.meta("chunking")

    one = plan(tmp_path / "home", selection=Selection(limit=1))
    evaluate(SUITE, one, tmp_path / "out")
    shelf = shelf_of(tmp_path / "home", SUITE.articles)
    usual = noted(shelf)
    noted(shelf, "sliced thinly")
    evaluate(SUITE, one, tmp_path / "out")
    assert noted(shelf) == usual


def test_no_question_with_a_tag_is_told(home: Path, tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="no such question"):
        evaluate(SUITE, plan(home, selection=Selection(tags=("unheard-of",))), tmp_path)


def test_the_commit_names_what_was_changed_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    told: dict[str, str | None] = {"rev-parse": "abc1234", "status": "", "diff": ""}
    monkeypatch.setattr(machine, "_git", lambda word, *_: told[word])
    machine.commit.cache_clear()
    try:
        assert machine.commit().count(".") >= 1, "no checkout: the version"
        machine.commit.cache_clear()
        (tmp_path / ".git").mkdir()
        assert machine.commit() == "abc1234"
        machine.commit.cache_clear()
        told |= {"status": " M rag/cite.py", "diff": "+x"}
        assert machine.commit().startswith("abc1234-dirty-")
    finally:
        machine.commit.cache_clear()
