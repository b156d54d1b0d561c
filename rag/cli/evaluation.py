"""`onrecord eval`, `compare` and `import`: measure answers over suites, compare two results, make suites.

The only place outside `rag.eval` that knows it. Heavy imports wait for the commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import OnrecordError
from rag.cli.options import Abstaining, Home, Json, Llm, LlmOption, TopK, check_llm, llm_overrides
from rag.terminal import console, say, tell
from rag.types import Abstain

if TYPE_CHECKING:
    from rag.config import Settings
    from rag.eval.attributions.types import AttributionRun, AttributionSuite
    from rag.eval.run import Plan
    from rag.eval.types import Run, Suite

    AnySuite = Suite | AttributionSuite
    AnyRun = Run | AttributionRun

INTERRUPTED = 130
KINDS = ("beir", "jsonl", "mtrag", "multihop-rag", "realtimeqa", "rgb", "squad")

Suites = Annotated[
    list[Path],
    typer.Argument(
        metavar="SUITE", show_default=False, help="Folders with questions.jsonl or attributions.jsonl."
    ),
]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Only questions with this tag; repeatable.")
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="TAG", help="No question with this tag; repeatable.")
]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where results go.")]
Limit = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Only the first N questions, or articles with attributions."),
]
Choices = Annotated[
    bool, typer.Option("--choices/--no-choices", help="Choose among the options of a question.")
]
Workers = Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Questions asked at once.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run; ask nothing twice.")]


def register(app: typer.Typer) -> None:
    """Add the three commands."""
    app.command("eval")(evaluate)
    app.command()(compare)
    app.command("import")(import_files)


def evaluate(
    suites: Suites,
    *,
    out: Out = Path("results"),
    llm: Llm = None,
    llm_option: LlmOption = None,
    abstain: Abstaining = None,
    top_k: TopK = None,
    limit: Limit = None,
    tag: Tags = None,
    without: Without = None,
    choices: Choices = True,
    workers: Workers = 1,
    resume: Resume = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Ask all questions of suites and score the answers.

    Of a suite with attributions, score who is found to have said what.
    """
    from rag.eval.run import Plan, Selection

    plan = Plan(
        _settings(home, llm_overrides(llm, llm_option), abstain, top_k),
        Selection(tuple(tag or ()), tuple(without or ()), limit),
        choices=choices,
        workers=workers,
        resume=resume,
    )
    chosen, broken = _read_suites(suites)
    runs = list(_run_all(chosen, plan, out, quiet=as_json))
    if as_json:
        say({"runs": [_run_json(run) for run in runs]})
    if broken or len(runs) < len(chosen):
        raise typer.Exit(1)


def _settings(
    home: Path | None, model: dict[str, Any], abstain: Abstain | None, top_k: int | None
) -> Settings:
    from rag.config import load_settings

    answer = {**model.get("answer", {}), **({} if abstain is None else {"abstain": abstain})}
    search = {} if top_k is None else {"top_k": top_k}
    settings = load_settings(home, {**model, "answer": answer, "search": search})
    check_llm(settings)
    return settings


def _run_json(run: AnyRun) -> dict[str, Any]:
    from rag.eval.attributions.record import attribution_run_json
    from rag.eval.record import run_json
    from rag.eval.types import Run

    return run_json(run, rows=False) if isinstance(run, Run) else attribution_run_json(run, rows=False)


def _read_suites(folders: Sequence[Path]) -> tuple[list[AnySuite], int]:
    """The suites that can be read, and how many cannot; each of these is told in a line."""
    from rag.eval.attributions.suite import holds_attributions, read_attribution_suite
    from rag.eval.suite import read_suite

    suites: dict[str, AnySuite] = {}
    for folder in folders:
        try:
            suite = read_attribution_suite(folder) if holds_attributions(folder) else read_suite(folder)
            if suite.name in suites:
                raise OnrecordError(
                    f"{folder} and {suites[suite.name].folder} are both named {suite.name!r}, wanted "
                    f"one of them: run the other with another --out"
                )
            suites[suite.name] = suite
        except OnrecordError as error:
            tell(f"onrecord: {error}")
    return list(suites.values()), len(folders) - len(suites)


def _run_all(suites: Sequence[AnySuite], plan: Plan, out: Path, *, quiet: bool) -> Iterator[AnyRun]:
    """The runs of the suites that went well; what did not is told in a line."""
    from rag.eval.run import REPORT, Interrupted

    for suite in suites:
        folder = out / _folder_name(suite.name)
        try:
            run = _run_one(suite, plan, folder)
        except Interrupted as stopped:
            tell(f"onrecord: {stopped}; the same command with --resume goes on")
            raise typer.Exit(INTERRUPTED) from stopped
        except KeyboardInterrupt as stopped:
            tell(f"onrecord: stopped while reading the articles of {suite.name}; the same command goes on")
            raise typer.Exit(INTERRUPTED) from stopped
        except OnrecordError as error:
            tell(f"onrecord: {error}")
            continue
        if not quiet:
            _print_run(run, folder / REPORT)
        _write_overview(out)
        yield run


def _run_one(suite: AnySuite, plan: Plan, folder: Path) -> AnyRun:
    from rag.eval.attributions.run import choose_articles, evaluate_attributions
    from rag.eval.run import evaluate, select
    from rag.eval.show import RunBars
    from rag.eval.types import Suite

    if isinstance(suite, Suite):
        tell(f"{suite.name}: {len(select(suite, plan))} questions")
        with RunBars() as bars:
            return evaluate(suite, plan, folder, bars)
    tell(f"{suite.name}: {len(choose_articles(suite, plan.selection))} articles with attributions")
    with RunBars() as bars:
        return evaluate_attributions(suite, plan.selection, folder, bars)


def _print_run(run: AnyRun, report: Path) -> None:
    from rag.eval.attributions.show import print_attribution_run
    from rag.eval.show import print_run
    from rag.eval.types import Run

    out = console(sys.stdout)
    if isinstance(run, Run):
        print_run(out, run, report)
    else:
        print_attribution_run(out, run, report)


def _folder_name(name: str) -> str:
    """A name that stays inside the folder of results, whatever the suite is called."""
    kept = "".join(ch if ch.isalnum() or ch in "-_.@ " else "_" for ch in name).strip(". ")
    return kept or "suite"


def _write_overview(out: Path) -> None:
    """The page over all results in the folder."""
    from rag.eval.attributions.record import read_any_run
    from rag.eval.results import RESULTS, write_whole
    from rag.eval.run import REPORT
    from rag.eval.show import INDEX, overview_html
    from rag.eval.types import RunError

    runs = []
    for path in sorted(out.glob(f"*/{RESULTS}")):
        try:
            runs.append((f"{path.parent.name}/{REPORT}", read_any_run(path)))
        except RunError as error:
            tell(f"left out of {INDEX}: {error}")
    write_whole(out / INDEX, overview_html(runs))


def compare(
    first: Annotated[Path, typer.Argument(metavar="RUN", show_default=False, help="The earlier result.")],
    second: Annotated[Path, typer.Argument(metavar="RUN", show_default=False, help="The later one.")],
    *,
    as_json: Json = False,
) -> None:
    """Tell how the second result differs from the first.

    A RUN is a results.json of eval, or the folder that holds it.
    """
    from rag.eval.attributions.compare import compare_any
    from rag.eval.attributions.record import read_any_run
    from rag.eval.compare import comparison_json, comparison_text

    found = compare_any(read_any_run(first), read_any_run(second))
    if as_json:
        say(comparison_json(found))
    else:
        console(sys.stdout).print(comparison_text(found))


def import_files(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", show_default=False, help=f"One of: {', '.join(KINDS)}.")
    ],
    path: Annotated[Path, typer.Argument(metavar="PATH", show_default=False, help="The files as released.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", show_default=False, help="Folder of the suite.")],
    *,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="How the files are to be read; repeatable."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a suite out of a benchmark's files, or your own."""
    from rag.eval.importers import import_suite

    imported = import_suite(kind, path, out, _fields(field or ()))
    dropped = dict(imported.dropped)
    if as_json:
        say({"articles": imported.articles, "questions": imported.questions, "dropped": dropped})
        return
    tell(f"{imported.articles} articles and {imported.questions} questions written to {out}")
    for reason, count in dropped.items():
        tell(f"left out: {count} ({reason})")


def _fields(words: Sequence[str]) -> dict[str, str]:
    """Names to values; a word without one of them is a usage error."""
    pairs = [word.partition("=") for word in words]
    for word, (name, _, field) in zip(words, pairs, strict=True):
        if not name.strip() or not field.strip():
            raise typer.BadParameter(f"found --field {word!r}, wanted NAME=VALUE such as question=query")
    return {name.strip(): field.strip() for name, _, field in pairs}
