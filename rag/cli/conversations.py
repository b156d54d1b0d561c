"""`onrecord conversations`: list, show and export what the page keeps; works beside a page that is served."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.text import Text

from index.errors import OnrecordError
from rag.cli.options import Home, Json, opened
from rag.render.markup import counted
from rag.terminal import console, line, print_answer, say, tell
from rag.wire import article_json, conversation_json, kept_json

if TYPE_CHECKING:
    from index.archive import Archive
    from rag.conversations import Conversations, Kept

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="List, show and export the page's conversations."
)
Id = Annotated[str, typer.Argument(metavar="ID", show_default=False)]
Verdict = Annotated[
    Literal["up", "down", "any"],
    typer.Option("--feedback", help="Which answers: with a thumb up, a thumb down, or either."),
]
Target = Annotated[Path, typer.Argument(metavar="PATH", show_default=False)]


@app.command("list")
def list_conversations(
    *,
    query: Annotated[str, typer.Option(metavar="WORDS", help="Only those that hold these words.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Conversations to list.")] = 50,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the conversations of all browsers, newest first."""
    with _kept(home) as kept:
        rows, total = kept.list(None, query, limit)
    if as_json:
        say({"total": total, "conversations": [conversation_json(row) for row in rows]})
        return
    for row in rows:
        facts = f"  {row.updated[:10]}  {counted(row.exchanges, 'question')}  {line(row.title)}"
        console(sys.stdout).print(Text(row.key, style="bold") + Text(facts), soft_wrap=True)
    if len(rows) < total:
        tell(f"{len(rows)} of {total} conversations; --limit shows more")


@app.command()
def show(conversation_id: Id, *, home: Home = None, as_json: Json = False) -> None:
    """Show a conversation: its questions and answers, and what was said of them."""
    with _kept(home) as kept:
        found = kept.open(None, conversation_id)
    if as_json:
        say(kept_json(found))
    else:
        _print(found)
    for why in found.unread:
        tell(f"an answer is not shown: {why}")


@app.command()
def export(path: Target, *, feedback: Verdict = "any", home: Home = None, as_json: Json = False) -> None:
    """Write judged answers as questions of a suite.

    PATH that ends in .jsonl is a file of questions. Any other is a folder that `onrecord eval` takes: the
    questions, and all articles of the archive.
    """
    from rag.conversations_suite import questions_of

    with _kept(home) as kept:
        rows, _ = kept.list(None)
        judged = [one for row in rows for one in questions_of(kept.open(None, row.key), feedback)]
    if not judged:
        raise OnrecordError(
            f"found no answer with feedback {feedback}, wanted at least one: judge answers on the page first"
        )
    if path.suffix == ".jsonl":
        _write(path, judged)
    else:
        with opened(home, "conversations export", mode="read") as (archive, _):
            _write_suite(path, judged, archive)
    if as_json:
        say({"path": str(path), "questions": len(judged)})
    else:
        tell(f"{counted(len(judged), 'question')} written to {path}")


@contextmanager
def _kept(home: Path | None) -> Iterator[Conversations]:
    """The conversations under `home`, for reading."""
    from rag.config import load_settings
    from rag.conversations import FILE, Conversations

    with closing(Conversations(load_settings(home).home / FILE, read_only=True)) as kept:
        yield kept


def _print(found: Kept) -> None:
    out = console(sys.stdout)
    for one, at in zip(found.exchanges, found.asked, strict=True):
        out.print(Text(f"{at[:10]}  {line(one.answer.question)}", style="bold"))
        print_answer(out, one.answer)
        told = one.feedback
        if told and told.verdict:
            parts = (f"thumb {told.verdict}", told.reason, line(told.note))
            out.print(Text(" · ".join(part for part in parts if part)))
        out.print()


def _write_suite(folder: Path, judged: list[dict[str, Any]], archive: Archive) -> None:
    """A suite of the questions over all articles of the archive, their texts as the offsets count in them."""
    _write(folder / "questions.jsonl", judged)
    stored = [entry.id for entry in archive.list()[0] if entry.state == "done"]
    _write(folder / "articles.jsonl", (_article(archive, one) for one in stored))
    facts = {
        "name": folder.name,
        "description": "Answers that readers judged on the page",
        "n_articles": len(stored),
        "n_questions": len(judged),
    }
    _write(folder / "suite.json", [facts])


def _article(archive: Archive, article_id: str) -> dict[str, Any]:
    told = article_json(archive.article(article_id))
    return {
        "id": told["article_id"],
        **{name: told[name] for name in ("title", "text", "url", "source", "published")},
    }


def _write(path: Path, records: Iterable[dict[str, Any]]) -> None:
    """One line of JSON for each record."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.writelines(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    except OSError as error:
        raise OnrecordError(
            f"cannot write {path} ({error.strerror}), wanted a file that can be written: choose another"
        ) from error
