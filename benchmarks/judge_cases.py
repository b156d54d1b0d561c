"""Questions with candidates and labels, from suites and from marked sentences: what `fit_judge` learns from.

Besides the suites' own unanswerable questions there are made ones: an answerable question with a name in
it swapped for a name from another question; one whose answering sentences are left out, so that all that
stands there is on the topic; and, for the questions of a training file (each with the sentences of a
section, some marked as answering), the same question asked without that section.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.training import SEED, held_out, read_records, section_of
from index.archive import Archive
from index.words import content_stems
from rag.assistant import READ
from rag.eval.matching import normalise
from rag.eval.suite import read_suite
from rag.eval.types import Evidence, Question
from rag.extract import find_candidates, measure
from rag.judge import Judge
from rag.question import read_question
from rag.signals import Candidate
from rag.sources import Sources

SWAPS_A_SUITE = 150
TRAINING_QUESTIONS = 600
SECTIONS_AN_ARTICLE = 3  # a news article is about more than one thing, too


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its candidates: `rows` of signals, `labels` 0..1 for how well each answers."""

    suite: str
    question: Question
    group: str
    candidates: list[Candidate]
    rows: np.ndarray
    labels: np.ndarray
    answerable: bool
    held_out: bool = True  # the cross-encoder was not trained on it


def read_cases(folder: Path, home: Path, judge: Judge) -> list[Case]:
    """All questions of a suite as cases, and the swapped ones as unanswerable cases of "NAME/swapped"."""
    suite = read_suite(folder)
    references = {
        q["id"]: q.get("reference") or ""
        for q in map(json.loads, (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines())
    }
    with Archive.open(home) as archive:
        archive.ingest([suite.articles])
        cases = [_case(archive, suite.name, q, references[q.id], judge) for q in suite.questions]
        cases += [_case(archive, f"{suite.name}/swapped", q, "", judge) for q in swap_names(suite.questions)]
    return [c for c in cases if c is not None]


def read_training(path: Path, home: Path, judge: Judge) -> list[Case]:
    """A sample of the training questions, each asked with its section there and with it left out."""
    records = read_records(path)
    held = held_out(records)
    chooser = random.Random(SEED)
    sections = {_section_id(r): " ".join(s["text"] for s in r["sentences"]) for r in records}
    keys = chooser.sample(sorted(sections), len(sections))
    home_of = {key: f"article-{i // SECTIONS_AN_ARTICLE}" for i, key in enumerate(keys)}
    bodies: dict[str, list[str]] = {}
    for key in keys:
        bodies.setdefault(home_of[key], []).append(sections[key])
    home.mkdir(parents=True, exist_ok=True)
    articles = home / "sections.jsonl"
    articles.write_text(
        "".join(json.dumps({"id": key, "text": "\n\n".join(parts)}) + "\n" for key, parts in bodies.items()),
        encoding="utf-8",
    )
    pool = [names for r in records if (names := _long_names(r["question"]))]
    cases: list[Case] = []
    with Archive.open(home / "archive") as archive:
        archive.ingest([articles])
        for number, record in enumerate(_sample(records, held, chooser)):
            key = home_of[_section_id(record)]
            unseen = section_of(record) in held
            answers = tuple(s["text"] for s in record["sentences"] if s["answers"])
            question = Question(
                f"{path.name}:{number}", record["question"], answers=(answers,), evidence=(Evidence(key),)
            )
            others = tuple(other for other in bodies if other != key)
            absent = replace(question, answers=(), answerable=False, evidence=(), articles=others)
            mine = [_case(archive, "training", q, "", judge) for q in (question, absent)]
            swapped = swap_names([question], pool) if unseen else []
            mine += [_case(archive, "training/swapped", q, "", judge) for q in swapped]
            cases += [replace(c, held_out=unseen) for c in mine if c is not None]
    return cases


def without_answers(cases: Sequence[Case]) -> list[Case]:
    """Answerable cases without the sentences that answer: all is on the topic, and nothing tells."""
    return [_removed(case) for case in cases if case.answerable and (case.labels >= 0.5).any()]


def _removed(case: Case) -> Case:
    left = np.flatnonzero(case.labels < 0.5)
    kept = [case.candidates[i] for i in left]
    rows, labels = case.rows[left], np.zeros(len(left))
    return replace(
        case, suite=f"{case.suite}/removed", candidates=kept, rows=rows, labels=labels, answerable=False
    )


def _sample(
    records: Sequence[dict[str, Any]], held: set[str], chooser: random.Random
) -> list[dict[str, Any]]:
    """All that is held out, and others to fill up."""
    unseen = [r for r in records if section_of(r) in held]
    seen = [r for r in records if section_of(r) not in held]
    return unseen + chooser.sample(seen, TRAINING_QUESTIONS - len(unseen))


def _section_id(record: dict[str, Any]) -> str:
    return hashlib.sha256(" ".join(s["text"] for s in record["sentences"]).encode()).hexdigest()[:16]


def swap_names(questions: Sequence[Question], pool: Sequence[list[str]] = ()) -> list[Question]:
    """Answerable questions with one name changed for a name of another question (of `pool`)."""
    chooser = random.Random(SEED)
    named = [(q, names) for q in questions if q.answerable and (names := _long_names(q.text))]
    pool = pool or [names for _, names in named]
    swapped = []
    for question, names in chooser.sample(named, min(SWAPS_A_SUITE, len(named))):
        new = chooser.choice(chooser.choice(pool))
        if new not in question.text:
            text = question.text.replace(chooser.choice(names), new)
            swapped.append(replace(question, text=text, answers=(), answerable=False, evidence=()))
    return swapped


def _long_names(text: str) -> list[str]:
    words = text.rstrip("?").split()[1:]
    return [w.strip("'\",") for w in words if w[:1].isupper() and len(w) > 3]


def _case(archive: Archive, suite: str, question: Question, reference: str, judge: Judge) -> Case | None:
    reading = read_question(question.text)
    vector = archive.embedder.embed_queries([question.text])[0]
    hits = archive.search(question.text, top_k=10, filters=question.filters, query_vector=vector)
    sources = Sources(archive)
    candidates = find_candidates(
        replace(reading, kind="other") if reading.kind == "said" else reading, hits[:READ], sources
    )
    if not candidates:
        return None
    candidates, rows = measure(reading, vector, candidates, sources, judge)
    labels = np.array([_label(question, reference, c) for c in candidates])
    if reference and labels.max() > 0:
        labels = (labels >= max(0.3, 0.8 * labels.max())).astype(float)
    return Case(suite, question, question.id.split("@")[0], candidates, rows, labels, question.answerable)


def _label(question: Question, reference: str, candidate: Candidate) -> float:
    relevant = not question.evidence or candidate.hit.head.id in question.qrels
    if not question.answerable or not relevant:
        return 0.0
    if question.answers:
        text = normalise(candidate.text)
        if any(len(text) > 30 and text in normalise(v) for group in question.answers for v in group):
            return 1.0
        return float(np.mean([any(normalise(v) in text for v in group) for group in question.answers]))
    wanted = set(content_stems(reference))
    return len(wanted & set(content_stems(candidate.text))) / max(1, len(wanted))
