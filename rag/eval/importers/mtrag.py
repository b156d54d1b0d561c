"""MTRAG (Katsis et al., 2025): the generation tasks, one turn of a conversation each, with its passages.

A line: {"task_id", "Collection", "contexts": [{"document_id", "title", "text", "feedback"}], "input":
[{"speaker": "user" or "agent", "text"}], "targets": [{"text"}], "Answerability", "Question Type",
"Multi-Turn"}; the capitals of the names differ between releases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.eval.importers.gather import Gathered, evidence, tag, tags_of
from rag.eval.importers.read import Record, first_file, records
from rag.eval.types import SuiteError

SETTINGS = {
    "contexts": '"reference": the passages of a task answer it, "retrieved": only those marked relevant '
    'do (default: by the file\'s name, "retrieved" if it says RAG)'
}
_FOLDERS = (".", "generation_tasks", "human/generation_tasks", "mtrag-human/generation_tasks")
_NO_ANSWER = frozenset({"unanswerable", "underspecified"})
_ROLES = {"user": "user", "agent": "assistant", "assistant": "assistant"}


def gather(path: Path, settings: Mapping[str, str]) -> Gathered:
    """The suite in a file of tasks, or in reference.jsonl under the folder. Raises SuiteError."""
    tasks = _tasks(path)
    contexts = settings.get("contexts") or ("retrieved" if "RAG" in tasks.name else "reference")
    if contexts not in ("reference", "retrieved"):
        raise SuiteError(f'field contexts is "{contexts}", wanted reference or retrieved')
    gathered = Gathered()
    for record in records(tasks):
        _take(gathered, _plain(record), contexts == "reference")
    gathered.notes.append(
        "The pool is the passages that come with the tasks, not the full corpora, so retrieval scores cannot "
        "stand beside published ones. answerable is true for the labels answerable, partial and "
        "conversational (small talk, no evidence), false for unanswerable and underspecified; the label is "
        "a tag."
    )
    return gathered


def _tasks(path: Path) -> Path:
    if path.is_file():
        return path
    for folder in _FOLDERS:
        found = first_file(path / folder, ["reference.jsonl"])
        if found is not None:
            return found
    raise SuiteError(f"found no reference.jsonl in {path} or its generation_tasks; name a file of tasks")


def _plain(record: Record) -> Record:
    """The record with the names of its fields in lower case."""
    return Record(record.where, {name.lower(): value for name, value in record.fields.items()})


def _take(gathered: Gathered, record: Record, reference: bool) -> None:
    turns = [_turn(turn) for turn in record.records("input")]
    domain = _domain(record.text("collection", missing=""))
    relevant = [
        article
        for context in record.records("contexts", missing=[])
        if (article := _context(gathered, context, domain)) and _answers(context, reference)
    ]
    if not turns or turns[-1]["role"] != "user":
        gathered.drop("tasks that do not end with a question")
        return
    label = _labels(record, "answerability") or _labels(record.records("input")[-1], "enrichments")
    answerable = not _NO_ANSWER & set(label)
    targets = [target.text("text", missing="") for target in record.records("targets", missing=[])]
    references = [target for target in targets if target.strip()]
    kinds = [f"type={kind}" for kind in _labels(record, "question type")]
    gathered.question(
        record.id("task_id"),
        str(turns[-1]["content"]),
        answerable=answerable,
        evidence=[evidence(article) for article in dict.fromkeys(relevant)] if answerable else [],
        history=[turn for turn in turns[:-1] if str(turn["content"]).strip()],
        tags=[*label, *([domain] if domain else []), *_labels(record, "multi-turn"), *kinds],
        reference=references[0] if references else None,
        references=references,
    )


def _turn(turn: Record) -> dict[str, str]:
    speaker = turn.text("speaker")
    role = _ROLES.get(speaker)
    if role is None:
        raise SuiteError(f"{turn.where}: speaker is {json.dumps(speaker)[:40]}, wanted user or agent")
    return {"role": role, "content": turn.text("text")}


def _context(gathered: Gathered, context: Record, domain: str) -> str | None:
    name = context.id("document_id")
    fields = {
        "title": context.text("title", missing=""),
        "text": context.text("text"),
        "url": context.text("url", missing=""),
        "source": context.text("source", missing="") or domain,
    }
    return gathered.article(f"{domain}/{name}" if domain else name, fields, shared=True)


def _answers(context: Record, reference: bool) -> bool:
    """Whether the passage is evidence: marked relevant by a person, or unmarked among reference passages."""
    marks = _marks(context.fields.get("feedback"))
    return "yes" in marks if marks else reference


def _marks(feedback: Any) -> set[str]:
    relevant = feedback.get("relevant") if isinstance(feedback, dict) else None
    marks = relevant.values() if isinstance(relevant, dict) else []
    return {str(mark.get("value")).lower() for mark in marks if isinstance(mark, dict)}


def _labels(record: Record, name: str) -> list[str]:
    """The labels of a field as tags: a text, a list of them, or nothing (also null and NaN)."""
    value = record.fields.get(name)
    if isinstance(value, dict):
        value = {key.lower(): labels for key, labels in value.items()}.get("answerability")
    values = value if isinstance(value, list) else [value]
    return tags_of([text for text in values if isinstance(text, str)])


def _domain(collection: str) -> str:
    """`clapnq` of `mt-rag-clapnq-elser-512-100-20240503`."""
    found = re.match(r"(?:mt-?rag-)?([A-Za-z]+)", collection)
    return tag(found[1]) if found else ""
