"""The command line: reads options, calls the archive and the assistant, prints for people or as JSON.

Exit codes: 0 done, 1 an expected failure with one line on stderr, 2 wrong usage. With `--json` stdout
holds one JSON document and nothing else; bars and notes go to stderr. Heavy imports wait for the commands.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import EmbedderError, FingerprintMismatch, LoadError, OnrecordError
from rag.cli import articles, conversations, evaluation, feeds, models, quotes
from rag.cli.options import (
    Abstaining,
    Choices,
    History,
    Home,
    Json,
    Llm,
    LlmOption,
    Query,
    Question,
    Since,
    Source,
    TopK,
    Until,
    check_llm,
    filters,
    llm_overrides,
    opened,
    read_choices,
    read_day,
    read_history,
)
from rag.errors import ModelError
from rag.terminal import Bars, console, print_answer, print_facts, print_hits, print_report, say, tell
from rag.terminal_live import watch_answer
from rag.wire import answer_json, report_json, search_json

if TYPE_CHECKING:
    from rag.types import Answer

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
app.add_typer(articles.app, name="articles")
app.add_typer(feeds.app, name="feeds")
app.add_typer(conversations.app, name="conversations")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"onrecord {version('onrecord')}")
        raise typer.Exit


@app.callback()
def onrecord(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an unexpected error arose.")] = False,
) -> None:
    """Ask a news archive, get answers on the record."""


@app.command()
def ingest(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH|URL", show_default=False)] = None,
    *,
    prune: Annotated[
        bool, typer.Option("--prune", help="Also remove the articles whose files under PATH are gone.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Cut and embed every article anew, as after a change of model.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Read files, folders, web pages and feeds."""
    if not (paths or rebuild):
        raise typer.BadParameter("found no PATH or URL, wanted at least one, or --rebuild")
    places = [_place(path) for path in paths or ()]
    with opened(home, "ingest", mode="rebuild" if rebuild else "make") as (archive, settings), Bars() as bars:
        from index.fetching.fetch import Fetcher
        from index.fetching.gather import take_in

        report = take_in(archive, places, Fetcher(settings.fetch.limits), bars, prune=prune)
    if as_json:
        say(report_json(report))
    else:
        print_report(console(sys.stdout), report)
    if paths and not report.added + report.changed + report.unchanged:
        raise LoadError(f"found nothing to read in {', '.join(paths)}, wanted articles")


def _place(place: str) -> Path | str:
    from index.fetching.address import is_address

    if is_address(place):
        return place
    if not Path(place).exists():
        raise LoadError(f"found nothing at {place}, wanted a file or folder of articles, or a web address")
    return Path(place)


@app.command()
def search(
    query: Query,
    *,
    top_k: TopK = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    asked: Annotated[
        date | None, typer.Option(parser=read_day, metavar="DAY", help="Prefer articles around this day.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show the passages that answer to some words, best first."""
    kept = filters(since, until, source)
    with opened(home, "search") as (archive, settings):
        hits = archive.search(query, top_k=top_k or settings.search.top_k, filters=kept, asked=asked)
    if as_json:
        say(search_json(query, hits))
    elif hits:
        print_hits(console(sys.stdout), hits)
    else:
        tell("no passage found")


@app.command()
def ask(
    question: Question,
    *,
    llm: Llm = None,
    llm_option: LlmOption = None,
    asked: Annotated[
        date | None,
        typer.Option(parser=read_day, metavar="DAY", help="The day the question is asked. Default: today."),
    ] = None,
    history: History = None,
    choices: Choices = None,
    abstain: Abstaining = None,
    top_k: TopK = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Answer a question with checked citations."""
    turns, kept, options = read_history(history), filters(since, until, source), read_choices(choices)
    overrides = {
        **llm_overrides(llm, llm_option),
        **({} if top_k is None else {"search": {"top_k": top_k}}),
    }
    with opened(home, "ask", overrides=overrides) as (archive, settings):
        check_llm(settings)
        from rag.assistant import Assistant

        growing = Assistant(archive, settings).stream(
            question,
            history=turns,
            asked=asked or date.today(),
            filters=kept,
            abstain=abstain,
            choices=options,
        )
        answer = watch_answer(console(sys.stderr if as_json else sys.stdout), growing)
    _show_answer(answer, options, as_json=as_json)


def _show_answer(answer: Answer, options: Sequence[str], *, as_json: bool) -> None:
    """Print the answer. Raises ModelError if the model did not finish it."""
    if as_json:
        say(answer_json(answer, options))
    else:
        print_answer(console(sys.stdout), answer, options)
    if answer.problem:
        raise ModelError(answer.problem)


quotes.register(app)


@app.command()
def info(*, home: Home = None, as_json: Json = False) -> None:
    """Tell what the archive holds.

    Counts, sizes, fingerprint, model and precision.
    """
    with opened(home, "info", mode="read") as (archive, _):
        with suppress(EmbedderError, FingerprintMismatch):
            _ = archive.embedder  # the precision is settled when the model is loaded
        facts = archive.info()
    if as_json:
        say(facts)
    else:
        print_facts(console(sys.stdout), facts)


@app.command()
def compact(*, home: Home = None) -> None:
    """Give back the room that removed articles took."""
    with opened(home, "compact") as (archive, _):
        archive.compact()
    tell("done")


@app.command()
def serve(
    *,
    llm: Llm = None,
    llm_option: LlmOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="Port to listen on.")] = 7860,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = False,
    home: Home = None,
) -> None:
    """Serve the page, and follow feeds, until interrupted."""
    _check_free(host, port)
    with opened(home, "serve", overrides=llm_overrides(llm, llm_option), mode="make") as (archive, settings):
        check_llm(settings)
        from rag.assistant import Assistant
        from rag.conversations import FILE, Conversations
        from rag.page.launch import launch

        kept = Conversations(settings.home / FILE) if settings.page.keep_conversations else None
        page = launch(
            Assistant(archive, settings),
            host,
            port,
            conversations=kept,
            open_browser=open_browser,
            block=False,
        )
        tell(f"the page is at http://{host}:{port}, the archive in {settings.home}; Ctrl+C ends it")
        with feeds.following(archive, settings):
            page.block_thread()


evaluation.register(app)
models.register(app)


def _check_free(host: str, port: int) -> None:
    """Raise OnrecordError when nothing can listen there, before anything heavy is loaded."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or error
        raise OnrecordError(
            f"cannot listen on {host}:{port} ({reason}), wanted a free port: choose one with --port"
        ) from error


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line over `argv` (default: the words of this process) and exit with its code."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        app(args=words, prog_name="onrecord")
    except OnrecordError as error:
        tell(f"onrecord: {error}")
        sys.exit(1)
    except Exception as error:
        if words[:1] == ["--debug"]:
            raise
        tell(f"onrecord: unexpected {type(error).__name__}: {error} (onrecord --debug ... shows where)")
        sys.exit(1)
