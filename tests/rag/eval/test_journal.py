"""What is kept of a run while it goes on, and what is made of it afterwards."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.eval.journal import ROWS, Done, Facts, Journal, check_free, commits, find_done
from rag.eval.record import run_text
from rag.eval.types import Question, Row, Run, RunError

FACTS = Facts("town", {"answer": {"abstain": "on"}, "limit": None}, "c1")
NOTHING = Done()


def row(name: str, error: str | None = None) -> Row:
    return Row(Question(name, "?"), "a", "a", False, trace={"error": error} if error else {})


def write(folder: Path, *rows: Row, facts: Facts = FACTS, done: Done = NOTHING) -> Path:
    with Journal.open(folder, facts, done) as journal:
        for number, one in enumerate(rows, start=1):
            journal.add(one, done.seconds + number)
    return folder / ROWS


def test_a_run_can_be_gone_on_with(tmp_path: Path) -> None:
    write(tmp_path, row("a"), row("b"))
    done = find_done(tmp_path, FACTS)
    assert list(done.rows) == ["a", "b"]
    assert (done.seconds, done.commits) == (2.0, ("c1",))
    write(tmp_path, row("c"), done=done)
    again = find_done(tmp_path, FACTS)
    assert list(again.rows) == ["a", "b", "c"]
    assert again.seconds == 3.0


def test_a_failed_question_is_asked_again(tmp_path: Path) -> None:
    with Journal.open(tmp_path, FACTS, Done()) as journal:
        journal.add(row("a"), 1)
        journal.add(row("b", "gone"), 2)
        assert journal.kept == 1
    assert list(find_done(tmp_path, FACTS).rows) == ["a"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=0))
def test_wherever_writing_stopped_whole_rows_are_kept(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path, row("a"), row("ü"), row("c"))
    data = path.read_bytes()
    kept = data[: cut % (len(data) + 1)]
    path.write_bytes(kept)
    whole = max(0, kept.count(b"\n") - 1)
    assert list(find_done(tmp_path, FACTS).rows) == ["a", "ü", "c"][:whole]


def test_an_unfinished_run_is_not_lost_by_starting_again(tmp_path: Path) -> None:
    write(tmp_path, row("a"))
    with pytest.raises(RunError, match=r"1 answers.*--resume"):
        check_free(tmp_path)
    write(tmp_path, row("a", "gone"))
    check_free(tmp_path)
    check_free(tmp_path / "none")
    assert find_done(tmp_path, FACTS) == Done()


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (Facts("village", FACTS.settings, "c1"), "suite 'town', wanted 'village'"),
        (Facts("town", {**FACTS.settings, "limit": 5}, "c1"), "limit null, wanted 5"),
        (Facts("town", {**FACTS.settings, "new": 1}, "c1"), "new null, wanted 1"),
    ],
)
def test_another_run_is_not_gone_on_with(tmp_path: Path, other: Facts, told: str) -> None:
    write(tmp_path, row("a"))
    with pytest.raises(RunError) as caught:
        find_done(tmp_path, other)
    assert told in str(caught.value) and "\n" not in str(caught.value)


def test_rows_of_two_commits_name_both(tmp_path: Path) -> None:
    write(tmp_path, row("a"))
    later = Facts(FACTS.suite, FACTS.settings, "c2")
    done = find_done(tmp_path, later)
    assert commits(done, later) == "c1+c2"
    write(tmp_path, done=done, facts=later)
    assert find_done(tmp_path, later).commits == ("c1", "c2")


@pytest.mark.parametrize("broken", ["{", "[]", "{}", '{"seconds": null}', "\xff", "[" * 100_000])
def test_a_broken_line_is_told(tmp_path: Path, broken: str) -> None:
    path = write(tmp_path, row("a"))
    path.write_text(path.read_text() + broken + "\n", encoding="latin-1")
    with pytest.raises(RunError, match=r"line 3|none of a run") as caught:
        find_done(tmp_path, FACTS)
    assert "\n" not in str(caught.value)


def test_a_finished_run_of_the_same_is_done_and_another_is_not(tmp_path: Path) -> None:
    run = Run("town", "c1", FACTS.settings, {}, 4.0, {}, {}, rows=(row("a"), row("b", "gone")), tags={})
    (tmp_path / "results.json").write_text(run_text(run))
    done = find_done(tmp_path, FACTS)
    assert (list(done.rows), done.seconds) == (["a"], 4.0)
    assert find_done(tmp_path, Facts("town", FACTS.settings, "c2")) == Done()
    assert find_done(tmp_path, Facts("town", {}, "c1")) == Done()
    (tmp_path / "results.json").write_text("{")
    assert find_done(tmp_path, FACTS) == Done()


def test_threads_write_whole_lines(tmp_path: Path) -> None:
    with Journal.open(tmp_path, FACTS, Done()) as journal:
        threads = [
            threading.Thread(target=lambda t=t: [journal.add(row(f"{t}-{n}"), 1) for n in range(20)])
            for t in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert journal.kept == 80
    lines = (tmp_path / ROWS).read_text().splitlines()
    assert len({json.loads(one)["id"] for one in lines[1:]}) == 80


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot write"):
        Journal.open(tmp_path / "file", FACTS, Done())
    with Journal.open(tmp_path, FACTS, Done()) as journal:
        journal.remove()
        assert not (tmp_path / ROWS).exists()
