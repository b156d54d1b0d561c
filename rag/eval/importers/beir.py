"""A folder as BEIR (Thakur et al., 2021) lays it out: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv.

As its GenericDataLoader reads it: {"_id", "title", "text"} a document, {"_id", "text"} a query, and
judgements "query-id <tab> corpus-id <tab> score" under a header; the queries are those that are judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rag.eval.importers.gather import Gathered, article_id, evidence, tag
from rag.eval.importers.read import records, rows, wanted_file
from rag.eval.types import SuiteError

SETTINGS = {"split": "name of the judgements under qrels/ (default: test, else the only one)"}
_USUAL = "test"


def gather(path: Path, settings: Mapping[str, str]) -> Gathered:
    """The suite in a BEIR folder. Raises SuiteError."""
    if not path.is_dir():
        raise SuiteError(f"{path} is a file, wanted a folder with corpus.jsonl, queries.jsonl and qrels/")
    corpus = wanted_file(path, ["corpus.jsonl"])
    queries = wanted_file(path, ["queries.jsonl"])
    judged = _judgements(path / "qrels", settings.get("split"))
    gathered = Gathered()
    _take_corpus(gathered, corpus)
    grades = _grades(gathered, judged)
    split = judged.name.removesuffix(".gz").removesuffix(".tsv")
    for record in records(queries):
        name = record.id("_id")
        if name not in grades:
            continue
        found = grades.pop(name)
        if not found:
            gathered.drop("questions without a relevant article")
            continue
        relevant = [evidence(article, grade=grade) for article, grade in sorted(found.items())]
        tags = ["retrieval-only", f"split={tag(split)}"]
        gathered.question(name, record.text("text"), evidence=relevant, tags=tags)
    gathered.drop("judged questions that queries.jsonl does not hold", len(grades))
    gathered.notes.append("Retrieval only: answers is empty.")
    return gathered


def _judgements(folder: Path, split: str | None) -> Path:
    there = {p.name.removesuffix(".gz").removesuffix(".tsv"): p for p in _tables(folder)}
    if not there:
        raise SuiteError(f"found no judgements such as {folder / 'test.tsv'}")
    wanted = split or (_USUAL if _USUAL in there else None)
    if wanted is None and len(there) == 1:
        return next(iter(there.values()))
    if wanted is None or wanted not in there:
        names = ", ".join(sorted(there)[:8])
        raise SuiteError(f"{folder} has judgements for {names}; choose one with --field split=NAME")
    return there[wanted]


def _tables(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.is_file() and p.name.endswith((".tsv", ".tsv.gz")))
    except OSError:
        return []


def _take_corpus(gathered: Gathered, corpus: Path) -> None:
    untold = 0
    for record in records(corpus):
        text, title = record.text("text", missing=""), record.text("title", missing="")
        untold += not text.strip() and bool(title.strip())
        gathered.article(record.id("_id"), {"title": title, "text": text if text.strip() else title})
    if untold:
        gathered.notes.append(f"{untold} articles have a title and no text: there the title is the text.")


def _grades(gathered: Gathered, judged: Path) -> dict[str, dict[str, int]]:
    """Question id to relevant article ids and grades; a judged question without any has none."""
    grades: dict[str, dict[str, int]] = {}
    for number, (where, row) in enumerate(rows(judged)):
        if len(row) < 3:
            raise SuiteError(f"{where} has {len(row)} columns, wanted query-id, corpus-id and score")
        score = _score(row[2])
        if score is None and number == 0:
            continue  # the header
        if score is None:
            raise SuiteError(f"{where} has a score that is no number, wanted 0, 1, 2 or the like")
        question, article = row[0].strip(), article_id(row[1].strip())
        found = grades.setdefault(question, {})
        if article not in gathered.articles:
            gathered.drop("judgements of articles that corpus.jsonl does not hold")
        elif score > 0:
            found[article] = score
        else:
            gathered.drop("judgements of grade 0")
    return grades


def _score(text: str) -> int | None:
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None
