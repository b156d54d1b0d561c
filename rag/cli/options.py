"""The options the commands share, how they are read, and opening the archive they name.

Knows nothing of what the commands do with them. Heavy imports wait until an archive is opened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from index.errors import ArchiveError, OnrecordError
from index.types import Filters
from rag.types import EXTRACTIVE, Abstain, Turn

if TYPE_CHECKING:
    from index.archive import Archive
    from rag.config import Settings

TURNS = 'a list of {"role": "user" or "assistant", "content": "..."}'


def read_day(value: str | date) -> date:
    """A day as YYYY-MM-DD; anything else is a usage error."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise typer.BadParameter(f"found {value!r}, wanted a day such as 2023-03-31") from None


def read_words(value: str) -> str:
    """Words that are not blank, without the stray bytes a terminal may hand over."""
    words = value.encode("utf-8", "replace").decode("utf-8").strip()
    if not words:
        raise typer.BadParameter("found no words, wanted at least one")
    return words


Home = Annotated[
    Path | None,
    typer.Option(
        file_okay=False,
        metavar="DIR",
        help="Folder of the archive. Default: $ONRECORD_HOME, else a folder of the user's data.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Question = Annotated[str, typer.Argument(callback=read_words, metavar="QUESTION", show_default=False)]
Query = Annotated[str, typer.Argument(callback=read_words, metavar="WORDS", show_default=False)]
Since = Annotated[
    date | None,
    typer.Option(parser=read_day, metavar="DAY", help="Only articles published on this day or later."),
]
Until = Annotated[
    date | None,
    typer.Option(parser=read_day, metavar="DAY", help="Only articles published on this day or earlier."),
]
Source = Annotated[
    list[str] | None, typer.Option(metavar="OUTLET", help="Only this outlet; may be given several times.")
]
TopK = Annotated[int | None, typer.Option("--top-k", min=1, max=200, metavar="N", help="Hits to show.")]
History = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help='Earlier turns: a JSON list of {"role", "content"}, oldest first.'),
]
Llm = Annotated[
    str | None,
    typer.Option(metavar="PROVIDER:MODEL", help="Who writes the answer. Default: extractive, no model."),
]
LlmOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="Goes to the model as it is, e.g. temperature=0.2; repeatable."),
]
Abstaining = Annotated[Abstain | None, typer.Option(help="How readily to say that the articles do not tell.")]
Choices = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Also pick one of these options: a JSON list of texts, or one a line."),
]


def filters(since: date | None, until: date | None, source: list[str] | None) -> Filters:
    """The filters of three options; `since` after `until` is a usage error."""
    if since and until and since > until:
        raise typer.BadParameter(f"found --since {since} after --until {until}, wanted it no later")
    return Filters(since=since, until=until, sources=tuple(source or ()))


def llm_overrides(llm: str | None, options: Sequence[str] | None) -> dict[str, Any]:
    """What --llm and --llm-option say, as settings by section; an option without "=" is a usage error."""
    named = {} if llm is None else {"answer": {"llm": llm}}
    pairs = [option.partition("=") for option in options or ()]
    for option, (name, _, value) in zip(options or (), pairs, strict=True):
        if not name.strip() or not value.strip():
            raise typer.BadParameter(f"found --llm-option {option!r}, wanted one such as temperature=0")
    told = {name.strip(): _value(value.strip()) for name, _, value in pairs}
    return {**named, **({"llm": {"options": told}} if told else {})}


def _value(text: str) -> Any:
    """A number, true, false, a list or a mapping as JSON has them; everything else is text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def check_llm(settings: Settings) -> None:
    """Raise ModelError unless the model of the settings can be had, before anything heavy is loaded."""
    if settings.answer.llm != EXTRACTIVE:
        from rag.models import check_model

        # threads that spin while they wait slow a model in this process down many times, and are of little
        # use beside one elsewhere; OpenMP reads this when torch is imported
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        check_model(settings.answer.llm, settings.llm)


def read_history(path: Path | None) -> tuple[Turn, ...]:
    """The turns of a JSON file, oldest first; none without a file.

    Raises OnrecordError when the file cannot be read as a list of turns.
    """
    if path is None:
        return ()
    try:
        turns = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise OnrecordError(f"cannot read {path} ({error.strerror}), wanted {TURNS} as JSON") from error
    except ValueError as error:
        raise OnrecordError(f"{path} is no JSON ({error}), wanted {TURNS}") from error
    if not isinstance(turns, list):
        raise OnrecordError(f"found no list in {path}, wanted {TURNS}")
    return tuple(_turn(turn, f"turn {number} of {path}") for number, turn in enumerate(turns, start=1))


def read_choices(path: Path | None) -> tuple[str, ...]:
    """The options of a file, a JSON list of texts or one a line; none without a file.

    Raises OnrecordError when there are not at least two.
    """
    if path is None:
        return ()
    wanted = "wanted at least two options, as a JSON list of texts or one a line"
    try:
        text = path.read_text(encoding="utf-8-sig")
        options = json.loads(text) if text.lstrip().startswith("[") else text.splitlines()
    except OSError as error:
        raise OnrecordError(f"cannot read {path} ({error.strerror}), {wanted}") from error
    except ValueError as error:
        raise OnrecordError(f"{path} is neither JSON nor UTF-8 text ({error}), {wanted}") from error
    if not all(isinstance(option, str) for option in options):
        raise OnrecordError(f"found something else than texts in {path}, {wanted}")
    options = [" ".join(option.split()) for option in options if option.strip()]
    if len(options) < 2:
        raise OnrecordError(f"found {len(options)} options in {path}, {wanted}")
    return tuple(options)


def _turn(turn: Any, name: str) -> Turn:
    match turn:
        case {"role": "user" | "assistant" as role, "content": str(content)}:
            return Turn(role, content)
    raise OnrecordError(f"{name} is not as wanted: {TURNS}")


@contextmanager
def opened(
    home: Path | None,
    command: str,
    *,
    overrides: Mapping[str, Any] | None = None,
    mode: Literal["use", "read", "make", "rebuild"] = "use",
) -> Iterator[tuple[Archive, Settings]]:
    """The archive under `home` with its settings, held for `command`; closed at the end.

    "use" and "read" want an archive that is there (else ArchiveError), "read" works beside another
    process and cannot search; "make" starts a new one where there is none, "rebuild" makes every
    article of it pending.
    """
    from rag.config import load_settings

    settings = load_settings(home, overrides)
    from index.archive import CATALOG, Archive

    folder = settings.home
    if mode in ("use", "read") and not (folder / CATALOG).exists():
        raise ArchiveError(
            f"found no archive in {folder}, wanted one: run `onrecord ingest PATH --home {folder}` first"
        )
    with Archive.open(
        folder,
        model=settings.embedder.model,
        precision=settings.embedder.precision,
        read_only=mode == "read",
        rebuild=mode == "rebuild",
        command=f"onrecord {command}",
    ) as archive:
        yield archive, settings
