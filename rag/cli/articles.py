"""`onrecord articles`: list, show and remove what the archive holds."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rag.cli.options import Home, Json, opened
from rag.terminal import console, print_article, print_cuts, print_heads, say, tell
from rag.wire import article_json, entry_json, removed_json

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, show and remove articles.")
Id = Annotated[str, typer.Argument(metavar="ID", show_default=False)]
Ids = Annotated[list[str], typer.Argument(metavar="ID", show_default=False)]


@app.command("list")
def list_articles(
    *,
    query: Annotated[
        str, typer.Option(metavar="WORDS", help="Only articles whose headline holds these.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Articles to list.")] = 50,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the articles of the archive, latest first."""
    with opened(home, "articles list", mode="read") as (archive, _):
        entries, total = archive.list(query, limit=limit)
    if as_json:
        say({"total": total, "articles": [entry_json(entry) for entry in entries]})
        return
    print_heads(console(sys.stdout), entries)
    if len(entries) < total:
        tell(f"{len(entries)} of {total} articles; --limit shows more")


@app.command()
def show(
    article_id: Id,
    *,
    removed: Annotated[bool, typer.Option("--removed", help="Show what cleaning took out.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="Show the text as it was loaded.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show an article: its head and its text, to which every offset refers."""
    with opened(home, "articles show", mode="read") as (archive, _):
        article = archive.article(article_id)
        cuts = archive.cleaned(article_id).removed if removed else ()
        loaded = archive.raw(article_id) if raw else None
    if as_json:
        extra = {"removed": removed_json(cuts)} if removed else {}
        say(article_json(article) | extra | ({"raw": loaded} if raw else {}))
    elif removed:
        print_cuts(console(sys.stdout), cuts)
    else:
        print_article(console(sys.stdout), article, loaded)


@app.command()
def remove(article_ids: Ids, *, home: Home = None, as_json: Json = False) -> None:
    """Remove articles from the archive; the files they came from stay."""
    with opened(home, "articles remove") as (archive, _):
        removed = archive.remove(article_ids)
    if as_json:
        say({"removed": removed})
    else:
        tell(f"{removed} articles removed")
