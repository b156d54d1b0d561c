"""Suite folders: `suite.json`, `questions.jsonl`, and articles beside them or where `articles.ref` points.

`articles.ref` holds one path, relative to the suite: another suite's folder, or any file or folder that
can be loaded. Knows nothing of scores.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import OnrecordError, UnknownArticle
from index.types import Filters, Span
from rag.types import Turn

if TYPE_CHECKING:
    from index.archive import Archive

SHOWN = 5
PACKED = ("articles.jsonl.gz", "articles.jsonl")


class SuiteError(OnrecordError):
    """A folder cannot be read as a suite."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An article that answers: `span` in its raw text, or `quote`, the words themselves, or all of it."""

    article: str
    span: Span | None = None
    grade: int = 1
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what is known about its answer; `articles` are the only ones that may be used."""

    id: str
    text: str
    asked: date | None
    answers: tuple[tuple[str, ...], ...]
    answerable: bool
    evidence: tuple[Evidence, ...]
    history: tuple[Turn, ...]
    articles: tuple[str, ...] | None
    tags: tuple[str, ...]

    @property
    def qrels(self) -> dict[str, int]:
        """Article ids to their best grade."""
        grades: dict[str, int] = {}
        for item in self.evidence:
            grades[item.article] = max(item.grade, grades.get(item.article, 0))
        return grades

    @property
    def filters(self) -> Filters:
        """What restricts the search to the question's own articles."""
        return Filters(articles=self.articles)


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite's name, where its articles are, and its questions in order."""

    name: str
    articles: Path
    questions: tuple[Question, ...]


def read_suite(folder: Path) -> Suite:
    """The suite in `folder`. Raises SuiteError."""
    path = folder / "questions.jsonl"
    if not path.is_file():
        raise SuiteError(f"found no questions.jsonl in {folder}, wanted a suite folder")
    facts = folder / "suite.json"
    name = json.loads(facts.read_text(encoding="utf-8"))["name"] if facts.is_file() else folder.resolve().name
    with path.open(encoding="utf-8") as lines:
        questions = tuple(_question(json.loads(line)) for line in lines if line.strip())
    return Suite(name, _articles(folder), questions)


def _articles(folder: Path) -> Path:
    ref = folder / "articles.ref"
    place = (folder / ref.read_text(encoding="utf-8").strip()).resolve() if ref.is_file() else folder
    for name in PACKED:
        if (place / name).is_file():
            return place / name
    if not ref.is_file() or not place.exists():
        raise SuiteError(
            f"found no articles for {folder}, wanted {PACKED[0]} or an articles.ref that leads on"
        )
    return place


def _question(record: dict[str, Any]) -> Question:
    asked, articles = record.get("asked"), record.get("articles")
    return Question(
        id=record["id"],
        text=record["question"],
        asked=date.fromisoformat(asked) if asked else None,
        answers=tuple(tuple(group) for group in record.get("answers") or ()),
        answerable=record["answerable"],
        evidence=tuple(_evidence(item) for item in record.get("evidence") or ()),
        history=tuple(Turn(turn["role"], turn["content"]) for turn in record.get("history") or ()),
        articles=None if articles is None else tuple(articles),
        tags=tuple(record.get("tags") or ()),
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


@dataclass(frozen=True, slots=True)
class Place:
    """Evidence as the archive holds it: `span` in the cleaned text, None for the whole article."""

    article: str
    span: Span | None

    def holds(self, article: str, span: Span) -> bool:
        """Whether something cited at `span` of `article` touches this place."""
        return article == self.article and (self.span is None or span.overlaps(self.span))


def place_of(archive: Archive, evidence: Evidence) -> Place | None:
    """Where the evidence stands; None if the archive lacks the article or cleaning took the words out."""
    try:
        article = archive.article(evidence.article)
    except UnknownArticle:
        return None
    if evidence.span is not None:
        kept = archive.cleaned(evidence.article).offsets.clean_span(evidence.span)
        return Place(evidence.article, kept) if kept else None
    if evidence.quote:
        start = article.text.find(evidence.quote)
        return Place(evidence.article, Span(start, start + len(evidence.quote))) if start >= 0 else None
    return Place(evidence.article, None)


def opened(home: Path, suite: Suite, *, ingest: bool = True, precision: str = "auto") -> Archive:
    """The archive under `home`, with the suite's articles ingested unless told not to; report on stderr."""
    from index.archive import Archive

    archive = Archive.open(home, precision=precision)
    if ingest:
        report = archive.ingest([suite.articles])
        counts = f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged"
        counts += f", {len(report.unreadable)} unreadable"
        print(f"{suite.name}: {counts}, {report.seconds:.1f} s", file=sys.stderr)
        for item in report.unreadable[:SHOWN]:
            print(f"unreadable: {item.origin}: {item.reason}", file=sys.stderr)
    return archive
