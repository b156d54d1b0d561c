"""A suite from its articles to its results: index, questions, scores, files.

Goes on with an interrupted run; results are written whole at the end. Knows nothing of the command line.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.eval.ask import ask_all, warm_up
from rag.eval.circumstances import archive_facts, settings_facts
from rag.eval.journal import Done, Facts, Journal, check_free, commits, find_done
from rag.eval.machine import commit, machine
from rag.eval.record import run_text
from rag.eval.results import RESULTS, write_whole
from rag.eval.scores import groups, latency, marks_answers, summarise
from rag.eval.shelf import opened_shelf
from rag.eval.suite import choose
from rag.eval.types import Question, Row, Run, RunError, Suite

if TYPE_CHECKING:
    from index.archive import Archive
    from index.progress import Progress
    from rag.config import Settings

REPORT = "report.html"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions are asked: the first `limit` with all of `tags` and none of `without`."""

    tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How suites are run: the assistant's settings, which questions, with their options or not, how many at
    once, and whether to go on with what is there."""

    settings: Settings
    selection: Selection = Selection()
    choices: bool = True
    workers: int = 1
    resume: bool = False


class Interrupted(Exception):
    """The run was stopped by its user; says how many answers are kept."""


def evaluate(suite: Suite, plan: Plan, out: Path, progress: Progress | None = None) -> Run:
    """Run the suite and write results.json and report.html into the folder `out`.

    `progress` is told of the stages "load" and "index", counted in articles, and "ask", in questions. Raises
    OnrecordError; and Interrupted, after which the same plan with `resume` goes on.
    """
    questions = select(suite, plan)
    if not plan.resume:
        check_free(out)
    with opened_shelf(suite, plan.settings, progress) as (archive, report):
        about_index = {"unreadable": len(report.unreadable)}
        facts = Facts(suite.name, _settings(plan, archive, questions) | about_index, commit())
        done = find_done(out, facts) if plan.resume else Done()
        with Journal.open(out, facts, done) as journal:
            rows, seconds = _Session(suite, plan, archive, journal, done).ask(questions, progress)
            _check(suite, rows, journal)
            about = machine() | {"precision": archive.info()["precision"], "workers": plan.workers}
            run = _run(replace(facts, commit=commits(done, facts)), about, rows, seconds)
            write_whole(out / RESULTS, run_text(run))
            journal.remove()
    write_report(run, out)
    return run


def select(suite: Suite, plan: Plan) -> list[Question]:
    """The questions as they are asked. Raises RunError if there is none."""
    wanted = plan.selection
    questions = choose(suite.questions, wanted.tags, wanted.without, wanted.limit)
    if not questions:
        raise RunError(f"found no such question in {suite.name}, wanted one: mind --tag and --without")
    return questions if plan.choices else [replace(one, choices=None) for one in questions]


def _settings(plan: Plan, archive: Archive, questions: Sequence[Question]) -> dict[str, Any]:
    """All that the answers depend on besides the program: runs with other settings are other runs."""
    selection = plan.selection
    return {
        **settings_facts(plan.settings),
        "choices": plan.choices,
        "tags": list(selection.tags),
        "without": list(selection.without),
        "limit": selection.limit,
        **archive_facts(archive, questions),
    }


@dataclass(frozen=True, slots=True)
class _Session:
    """One stretch of a run, from a start or a resumption to the end or an interruption."""

    suite: Suite
    plan: Plan
    archive: Archive
    journal: Journal
    done: Done

    def ask(self, questions: Sequence[Question], progress: Progress | None) -> tuple[list[Row], float]:
        """All rows in the order of the questions, and the seconds that asking has taken in all."""
        from rag.assistant import Assistant

        kept = self.done.rows
        missing = [question for question in questions if question.id not in kept]
        assistant = Assistant(self.archive, self.plan.settings)
        warm_up(assistant, missing)
        started = time.perf_counter() - self.done.seconds

        def keep(row: Row) -> None:
            self.journal.add(row, time.perf_counter() - started)
            if progress:
                progress.advance(1)

        if progress:
            progress.start("ask", len(questions))
            progress.advance(len(kept))
        try:
            marked = marks_answers(self.suite.questions)
            asked = ask_all(assistant, missing, workers=self.plan.workers, marked=marked, keep=keep)
        except KeyboardInterrupt as stopped:
            raise Interrupted(
                f"stopped: {self.journal.kept} of {len(questions)} answers to {self.suite.name} are kept"
            ) from stopped
        rows = {row.question.id: row for row in (*kept.values(), *asked)}
        ordered = [replace(rows[question.id], question=question) for question in questions]
        return ordered, time.perf_counter() - started


def _check(suite: Suite, rows: Sequence[Row], journal: Journal) -> None:
    """Raise RunError, and leave nothing behind, when the back-end failed at every question."""
    failed = [row.error for row in rows if row.error is not None]
    if len(failed) == len(rows):
        journal.remove()
        raise RunError(f"all {len(rows)} questions of {suite.name} failed, the first with {failed[0]}")


def _run(facts: Facts, about: Mapping[str, Any], rows: Sequence[Row], seconds: float) -> Run:
    return Run(
        suite=facts.suite,
        commit=facts.commit,
        settings=facts.settings,
        machine=about,
        seconds=round(seconds, 2),
        metrics=summarise(rows),
        tags={name: summarise(members) for name, members in groups(rows).items()},
        latency=latency(rows),
        rows=tuple(rows),
    )


def write_report(run: Run, out: Path) -> None:
    """Write the run's page."""
    from rag.eval.report import report_html

    write_whole(out / REPORT, report_html(run))
