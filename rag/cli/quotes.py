"""`onrecord quotes`: who said what, on the terminal, as JSON, or into a file.

Reads beside another process that holds the archive. Only when articles were not looked through for
statements yet, those of a former release, does it write; if it may not, it says what is missing.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import ArchiveError, OnrecordError
from rag.cli.options import Home, Json, Source, filters, opened, read_day, read_words
from rag.render.markup import counted
from rag.terminal import Bars, console, say, tell

if TYPE_CHECKING:
    from index.quotes import Quotes

SHOWN = 50


def _given(value: str | None) -> str | None:
    return None if value is None else read_words(value)


Speaker = Annotated[
    str | None,
    typer.Option(callback=_given, metavar="NAME", help="Only what this one said, however the name is spelt."),
]
About = Annotated[
    str | None,
    typer.Option(
        callback=_given, metavar="WORDS", help="Only what is about these words, or near them in meaning."
    ),
]
Since = Annotated[
    date | None,
    typer.Option(parser=read_day, metavar="DAY", help="Only what was said on this day or later; see above."),
]
Until = Annotated[
    date | None,
    typer.Option(
        parser=read_day, metavar="DAY", help="Only what was said on this day or earlier; see above."
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help=f"Statements to give. Default: {SHOWN} on the terminal, all in files and JSON.",
    ),
]
Csv = Annotated[
    Path | None, typer.Option("--csv", dir_okay=False, metavar="FILE", help="Write them as a table.")
]
Markdown = Annotated[
    Path | None, typer.Option("--markdown", dir_okay=False, metavar="FILE", help="Write them as a list.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(quotes)


def quotes(
    *,
    speaker: Speaker = None,
    about: About = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    limit: Limit = None,
    csv: Csv = None,
    markdown: Markdown = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Tell who said what, and when.

    In order of time: the day something was said, else the day its article was published; what has
    neither comes last, and is left out with --since or --until. Past the limit those stay that are
    most about WORDS, else the latest.
    """
    kept = filters(since, until, source)
    most = limit if limit or as_json or csv or markdown else SHOWN
    _complete(home)
    with opened(home, "quotes", mode="read") as (archive, _):
        found = archive.quotes(speaker=speaker or "", about=about or "", filters=kept, limit=most)
    from rag.render.quotes import print_quotes, quotes_csv, quotes_markdown

    if csv is not None:
        _write(csv, quotes_csv(found.quotes), found)
    if markdown is not None:
        _write(markdown, quotes_markdown(found.quotes), found)
    if as_json:
        from rag.wire import quotes_json

        say(quotes_json(found))
    elif csv is None and markdown is None:
        print_quotes(console(sys.stdout), found.quotes)
        _tell_rest(found, speaker)


def _complete(home: Path | None) -> None:
    """Look through the articles that were not yet, if this process may write."""
    with opened(home, "quotes", mode="read") as (archive, _):
        missing = archive.unattributed()
    if not missing:
        return
    try:
        with opened(home, "quotes") as (archive, _), Bars() as bars:
            archive.attribute(progress=bars)
    except ArchiveError as error:
        tell(f"{counted(missing, 'article')} not looked through for statements yet: {error}")


def _tell_rest(found: Quotes, speaker: str | None) -> None:
    if len(found.quotes) < found.total:
        tell(f"{len(found.quotes)} of {found.total} statements; --limit shows more")
    elif found.total:
        return
    elif speaker and not found.speakers:
        known = f": the nearest known are {', '.join(found.nearest)}" if found.nearest else ""
        tell(f'no speaker "{speaker}" is known{known}')
    else:
        tell("no statement found")


def _write(path: Path, text: str, found: Quotes) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise OnrecordError(
            f"cannot write {path} ({error.strerror}), wanted a file that can be written: choose another"
        ) from error
    tell(f"{counted(len(found.quotes), 'statement')} written to {path}")
