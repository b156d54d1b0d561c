"""`onrecord pull` and `onrecord check-llm`: put a local model in place, try a model out.

Knows nothing of archives. Heavy imports wait for the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.options import Home, Json
from rag.errors import ModelError
from rag.terminal import console, line, say, tell

if TYPE_CHECKING:
    from rag.local_models import LocalModel
    from rag.trials import Trial

INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    """Add the two commands."""
    app.command()(pull)
    app.command("check-llm")(check_llm)


def pull(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", show_default=False, help="Leave it out to see what there is."),
    ] = None,
    *,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--dir",
            file_okay=False,
            metavar="DIR",
            help="Where it goes. Default: $ONRECORD_MODELS, else a folder of the user's data.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Put a local chat model in place, its SHA-256 checked."""
    from rag.local_models import LOCAL_MODELS, known_model, models_folder

    place = (folder or models_folder()).expanduser()
    if name is None:
        models = [_about(model, place) for model in LOCAL_MODELS.values()]
        say({"models": models}) if as_json else _print_models(models)
        return
    model = known_model(name)
    path = _fetch(model, place)
    called = f"llamacpp:{model.name}" if path.parent == models_folder() else f"llamacpp:{path}"
    if as_json:
        say(
            {"name": model.name, "file": str(path), "size": model.size, "sha256": model.sha256, "llm": called}
        )
        return
    tell(
        f"{model.name} is in place: {path} ({model.size / 1e9:.1f} GB, {model.licence}, SHA-256 as published)"
    )
    tell(f'try it: onrecord check-llm {called}, then: onrecord ask "…" --llm {called}')


def _about(model: LocalModel, folder: Path) -> dict[str, Any]:
    there = (folder / model.file).is_file() and (folder / model.file).stat().st_size == model.size
    known = {"name": model.name, "about": model.about, "size": model.size, "licence": model.licence}
    return {**known, "publisher": model.repository, "in_place": there}


def _print_models(models: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table("name", "MB", "licence", "in place", "what it is", box=None, pad_edge=False)
    for model in models:
        there = "yes" if model["in_place"] else "no"
        table.add_row(model["name"], str(model["size"] // 10**6), model["licence"], there, model["about"])
    console(sys.stdout).print(table)


def _fetch(model: LocalModel, folder: Path) -> Path:
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from rag.pull import pull as fetch

    on = console(sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=on, disable=not on.is_terminal, transient=True) as bar:
        task = bar.add_task("starting", total=model.size)
        try:
            return fetch(
                model,
                folder,
                lambda doing, done, total: bar.update(task, description=doing, completed=done, total=total),
            )
        except KeyboardInterrupt as stopped:
            bar.stop()
            tell("onrecord: stopped; the same command goes on where it was")
            raise typer.Exit(INTERRUPTED) from stopped


def check_llm(
    name: Annotated[str, typer.Argument(metavar="PROVIDER:MODEL", show_default=False)],
    *,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Try on a chat model what answers need of it.

    Settings of the section llm are read from the archive's folder; no archive is needed.
    """
    from rag.config import load_settings
    from rag.models import load_model
    from rag.trials import run_trials

    settings = load_settings(home).llm
    model = load_model(name, settings)
    if model is None:
        raise ModelError(f"{name} needs no model, wanted the name of one: PROVIDER:MODEL")
    trials = []
    for trial in run_trials(model, settings):
        trials.append(trial)
        if not as_json:
            _print_trial(trial)
    counted = "counted by the model" if model.exact else "estimated"
    if as_json:
        told = [{"name": t.name, "state": t.state, "seen": t.seen, "seconds": t.seconds} for t in trials]
        say({"model": name, "tokens": counted, "context_tokens": model.context_tokens, "trials": told})
    else:
        tell(f"{name}: tokens {counted}, at most {model.context_tokens} for the sources of an answer")
    if fatal := [trial.name for trial in trials if trial.fatal]:
        raise ModelError(f"answers cannot be had from {name} without {', '.join(fatal)}")


def _print_trial(trial: Trial) -> None:
    from rich.text import Text

    style = {"ok": "green", "weak": "yellow", "failed": "bold red"}[trial.state]
    head = Text(f"{trial.name:<20}") + Text(f"{trial.state:<8}", style=style)
    console(sys.stdout).print(head + Text(f"{trial.seconds:>6.1f} s  {line(trial.seen)}"))
