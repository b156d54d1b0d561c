"""MultiHop-RAG (Tang and Yang, 2024): corpus.json and MultiHopRAG.json, in the folder or its dataset/.

Articles are {"title", "author", "source", "published_at", "category", "url", "body"}, questions {"query",
"answer", "question_type", "evidence_list": [{"title", "url", "fact", ...}]}; a question of type null_query
cannot be answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.loading.draft import digest
from rag.eval.importers.gather import Gathered, evidence, groups, locate_spaced, tag
from rag.eval.importers.read import Record, first_file, records, wanted_file
from rag.eval.types import SuiteError

SETTINGS: dict[str, str] = {}
_NULL = "null_query"


def gather(path: Path, settings: Mapping[str, str]) -> Gathered:
    """The suite in a folder with both files. Raises SuiteError."""
    if not path.is_dir():
        raise SuiteError(f"{path} is a file, wanted the folder with corpus.json and MultiHopRAG.json")
    inner = path / "dataset"
    folder = path if first_file(path, ["corpus.json"]) or not inner.is_dir() else inner
    corpus, questions = wanted_file(folder, ["corpus.json"]), wanted_file(folder, ["MultiHopRAG.json"])
    gathered = Gathered()
    known = _take_corpus(gathered, corpus)
    for number, record in enumerate(records(questions)):
        _take(gathered, record, known, number)
    gathered.notes.append(
        "Evidence is the span of each fact in its article. The authors' retrieval scores ask whether a fact, "
        "white space stripped, is part of a shown passage of 256 tokens; facts holds them as released."
    )
    return gathered


def _take_corpus(gathered: Gathered, corpus: Path) -> dict[str, str]:
    """Addresses and titles of the taken articles, and their ids."""
    known: dict[str, str] = {}
    for record in records(corpus):
        url, title = record.text("url", missing=""), record.text("title", missing="")
        fields = {
            "title": title,
            "text": record.text("body"),
            "url": url,
            "source": record.text("source", missing=""),
            "published": record.text("published_at", missing=""),
        }
        article = gathered.article(digest(url or title), fields)
        if article is not None:
            known.setdefault(title, article)
            if url:
                known[url] = article
    return known


def _take(gathered: Gathered, record: Record, known: Mapping[str, str], number: int) -> None:
    kind, answer = record.text("question_type", missing=""), record.text("answer", missing="")
    answerable = kind != _NULL
    pieces = record.records("evidence_list", missing=[]) if answerable else []
    found = [item for piece in pieces if (item := _evidence(gathered, piece, known)) is not None]
    facts = [piece.text("fact", missing="") for piece in pieces]
    yes_no = ["yes-no"] if answer.strip().lower() in ("yes", "no") else []
    gathered.question(
        f"mhr_{number}",
        record.text("query"),
        answers=groups([answer]) if answerable else [],
        answerable=answerable,
        evidence=found,
        tags=[*([tag(kind)] if tag(kind) else []), *yes_no],
        facts=[fact for fact in facts if fact.strip()],
    )


def _evidence(gathered: Gathered, piece: Record, known: Mapping[str, str]) -> dict[str, Any] | None:
    url, title = piece.text("url", missing=""), piece.text("title", missing="")
    article = known.get(url) or known.get(title)
    if article is None:
        gathered.drop("evidence in articles that corpus.json does not hold")
        return None
    span = locate_spaced(gathered.text_of(article), piece.text("fact", missing=""))
    if span is None:
        gathered.drop("evidence spans whose fact is not in the article (all of it is evidence)")
    return evidence(article, span)
