"""Suite folders: `suite.json`, `questions.jsonl`, and articles beside them or where `articles.ref` points.

Every file may be packed with gzip. `articles.ref` holds one path, relative to the suite: another suite's
folder, or any file or folder that can be loaded. Knows nothing of scores.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import UnknownArticle
from index.types import Span
from rag.eval.types import UNKNOWN, Evidence, Place, Question, Suite, SuiteError
from rag.types import Turn

if TYPE_CHECKING:
    from index.archive import Archive

ARTICLES = ("articles.jsonl.gz", "articles.jsonl")
QUESTIONS = ("questions.jsonl.gz", "questions.jsonl")
ATTRIBUTIONS = ("attributions.jsonl.gz", "attributions.jsonl")


def read_suite(folder: Path) -> Suite:
    """The suite in `folder`. Raises SuiteError."""
    path = first_of(folder, QUESTIONS)
    if path is None and first_of(folder, ATTRIBUTIONS):
        raise SuiteError(
            f"{folder} asks who said what (attributions.jsonl), wanted a suite with questions.jsonl"
        )
    if path is None:
        raise SuiteError(f"found no questions.jsonl in {folder}, wanted a suite folder")
    questions = tuple(_questions(path))
    if len({q.id for q in questions}) < len(questions):
        raise SuiteError(f"{path} has two questions with one id, wanted every id once")
    return Suite(name_of(folder), folder, articles_of(folder), questions)


def read_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Line numbers (from 1) and records of a JSONL file, packed or plain. Raises SuiteError."""
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, json.loads(line)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise SuiteError(f"{path} cannot be read after line {number} ({error})") from error
    except (ValueError, RecursionError) as error:  # also numbers and nesting beyond what is read
        raise SuiteError(f"line {number} of {path} is no JSON ({error})") from error


def first_of(folder: Path, names: Sequence[str]) -> Path | None:
    """The first file of these names that the folder holds."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def name_of(folder: Path) -> str:
    """The name in `suite.json`, else the folder's. Raises SuiteError."""
    facts = folder / "suite.json"
    if not facts.is_file():
        return folder.resolve().name
    try:
        return str(json.loads(facts.read_text(encoding="utf-8"))["name"])
    except (ValueError, KeyError, TypeError) as error:
        raise SuiteError(f'{facts} does not give a name ({error!r}), wanted {{"name": ...}}') from error


def articles_of(folder: Path) -> Path:
    """The file or folder with the suite's articles. Raises SuiteError."""
    ref = folder / "articles.ref"
    place = (folder / ref.read_text(encoding="utf-8").strip()).resolve() if ref.is_file() else folder
    packed = first_of(place, ARTICLES)
    if packed is not None:
        return packed
    if not ref.is_file() or not place.exists():
        raise SuiteError(
            f"found no articles for {folder}, wanted {ARTICLES[0]} or an articles.ref that leads on"
        )
    return place


def _questions(path: Path) -> Iterator[Question]:
    for number, record in read_lines(path):
        try:
            yield _question(record)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SuiteError(f"line {number} of {path} is no question of a suite ({error!r})") from error


def _question(record: dict[str, Any]) -> Question:
    asked, articles, choices = record.get("asked"), record.get("articles"), record.get("choices")
    references = record.get("references") or [text for text in [record.get("reference")] if text]
    unknown = [UNKNOWN] if record["answerable"] is None else []
    return Question(
        id=record["id"],
        text=record["question"],
        asked=date.fromisoformat(asked) if asked else None,
        answers=tuple(tuple(group) for group in record.get("answers") or ()),
        answerable=bool(unknown or record["answerable"]),
        evidence=tuple(_evidence(item) for item in record.get("evidence") or ()),
        history=tuple(Turn(turn["role"], turn["content"]) for turn in record.get("history") or ()),
        articles=None if articles is None else tuple(articles),
        tags=(*(record.get("tags") or ()), *unknown),
        choices=tuple(choices) if choices else None,
        references=tuple(references),
        assertions=tuple(record.get("assertions") or ()),
    )


def _evidence(item: dict[str, Any]) -> Evidence:
    start, end = item.get("start"), item.get("end")
    span = None if start is None or end is None or start >= end else Span(start, end)
    return Evidence(item["article"], span, item.get("grade", 1), item.get("quote"))


def choose(
    questions: Sequence[Question],
    tags: Sequence[str] = (),
    without: Sequence[str] = (),
    limit: int | None = None,
) -> list[Question]:
    """The first `limit` questions that carry all of `tags` and none of `without`."""
    chosen = [q for q in questions if set(tags) <= set(q.tags) and not set(without) & set(q.tags)]
    return chosen[:limit]


def place_of(archive: Archive, evidence: Evidence) -> Place | None:
    """Where the evidence stands; None if the archive lacks the article or cleaning took the words out."""
    try:
        article = archive.article(evidence.article)
    except UnknownArticle:
        return None
    if evidence.span is not None:
        kept = archive.cleaned(evidence.article).offsets.clean_span(evidence.span)
        return Place(evidence.article, kept, kept.of(article.text)) if kept else None
    if evidence.quote:
        start = article.text.find(evidence.quote)
        if start < 0:
            return None
        return Place(evidence.article, Span(start, start + len(evidence.quote)), evidence.quote)
    return Place(evidence.article, None)
