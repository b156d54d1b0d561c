"""Fits `rag/judge.json`: which sentence answers best, and how sure one may be that it does.

    python -m benchmarks.fit_judge --suites DIR --training FILE --home DIR [--out rag/judge.json]

Ranking: softmax over the sentences of one question, fitted listwise with a Gaussian prior. Confidence:
logistic regression over questions with and without an answer, suites weighted alike. Besides the
suites' own unanswerable questions there are made ones: an answerable question with a name in it swapped
for a name from another question, and, for the questions of the training file (each with the sentences of
a section, some marked as answering), the same question asked of an archive without that section.
Cross-validated by question; news suites are not used.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.metrics import normalise
from benchmarks.suite import Evidence, Question, read_suite
from index.archive import Archive
from index.words import content_stems
from rag.extract import find_candidates, measure
from rag.judge import EVIDENCE, Judge, gather_evidence
from rag.question import read_question
from rag.signals import SIGNALS, Candidate
from rag.sources import Sources

SUITES = ("rgb-noise", "rgb-refusal", "clapnq")
FOLDS = 5
SEED = 7
# What the suites cannot teach is left to the prior: they hardly ask who said what.
PRIOR = {
    "cosine": 2.0,
    "passage_cosine": 2.0,
    "coverage": 2.0,
    "near_coverage": 1.0,
    "passage_coverage": 1.0,
    "speaker": 1.0,
    "words_quoted": 1.0,
    "rank": 0.5,
    "no_question": -1.0,
    "no_pronoun": -0.3,
}
PRIOR_STRENGTH = 0.02
SWAPS_A_SUITE = 150
TRAINING_QUESTIONS = 600


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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--suites", type=Path, required=True)
    parser.add_argument("--training", type=Path, required=True, help="questions with marked sentences")
    parser.add_argument("--home", type=Path, required=True, help="folder for the archives of the suites")
    parser.add_argument("--out", type=Path, default=Path("rag/judge.json"))
    options = parser.parse_args()
    start = Judge(tuple(PRIOR.get(name, 0.0) for name in SIGNALS), (0.0,) * len(EVIDENCE), 0.0, {})
    cases = [c for name in SUITES for c in read_cases(options.suites / name, options.home / name, start)]
    cases += read_training(options.training, options.home / "training", start)
    folds = assign_folds(cases)
    ranks = fit_ranking([c for c in cases if c.labels.max(initial=0) > 0])
    scored = cross_validate(cases, folds)
    confidence, bias = fit_confidence(cases, [evidence_of(c, ranks) for c in cases])
    thresholds = {"off": 0.0, **choose_thresholds(cases, scored)}
    report = judge_errors(cases, scored, thresholds["on"])
    data = {
        "rank": dict(zip(SIGNALS, ranks.round(4).tolist(), strict=True)),
        "confidence": dict(zip(EVIDENCE, confidence.round(4).tolist(), strict=True)),
        "bias": round(float(bias), 4),
        "thresholds": thresholds,
        "fitted_on": {
            name: sum(c.suite == name for c in cases) for name in dict.fromkeys(c.suite for c in cases)
        },
        "cross_validated": report,
    }
    options.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(data, indent=1))


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
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    chooser = random.Random(SEED)
    sections = {_section_id(r): " ".join(s["text"] for s in r["sentences"]) for r in records}
    home.mkdir(parents=True, exist_ok=True)
    articles = home / "sections.jsonl"
    articles.write_text(
        "".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in sections.items()),
        encoding="utf-8",
    )
    pool = [names for r in records if (names := _long_names(r["question"]))]
    cases: list[Case | None] = []
    with Archive.open(home / "archive") as archive:
        archive.ingest([articles])
        for number, record in enumerate(chooser.sample(records, TRAINING_QUESTIONS)):
            key = _section_id(record)
            answers = tuple(s["text"] for s in record["sentences"] if s["answers"])
            question = Question(
                f"{path.name}:{number}",
                record["question"],
                None,
                (answers,),
                True,
                (Evidence(key),),
                (),
                None,
                (),
            )
            others = tuple(other for other in sections if other != key)
            absent = replace(question, answers=(), answerable=False, evidence=(), articles=others)
            cases.append(_case(archive, "training", question, "", judge))
            cases.append(_case(archive, "training", absent, "", judge))
            if number % 3 == 0:
                cases += [
                    _case(archive, "training/swapped", q, "", judge) for q in swap_names([question], pool)
                ]
    return [c for c in cases if c is not None]


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
        replace(reading, kind="other") if reading.kind == "said" else reading, hits[:6], sources
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


def fit_ranking(cases: Sequence[Case]) -> np.ndarray:
    """Weights of `SIGNALS` that put the answering sentences first."""
    prior = np.array([PRIOR.get(name, 0.0) for name in SIGNALS])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(weights)
        for case in cases:
            scores = case.rows @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            gold = chances * case.labels
            total -= np.log(gold.sum() + 1e-12)
            slope += case.rows.T @ (chances - gold / (gold.sum() + 1e-12))
        away = weights - prior
        return total / len(cases) + PRIOR_STRENGTH * away @ away, slope / len(
            cases
        ) + 2 * PRIOR_STRENGTH * away

    return np.asarray(minimize(loss, prior, jac=True, method="L-BFGS-B").x)


def evidence_of(case: Case, ranks: np.ndarray) -> np.ndarray:
    """The numbers of `EVIDENCE` of a case under these ranking weights."""
    scores = case.rows @ ranks
    return gather_evidence(case.rows, scores, int(scores.argmax()))


def fit_confidence(cases: Sequence[Case], evidence: Sequence[np.ndarray]) -> tuple[np.ndarray, float]:
    """Weights of `EVIDENCE` and the bias; every suite's answerable and unanswerable halves weigh alike."""
    matrix = np.array(evidence)
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    answerable = np.array([c.answerable for c in cases])
    model = LogisticRegression(C=0.1, max_iter=5000)
    model.fit((matrix - mean) / scale, answerable, sample_weight=_balance(cases))
    weights = model.coef_[0] / scale
    return weights, float(model.intercept_[0] - weights @ mean)


def _balance(cases: Sequence[Case]) -> np.ndarray:
    keys = [(c.suite.split("-")[0].split("/")[0], c.suite.endswith("swapped"), c.answerable) for c in cases]
    share = {key: 1.0 / keys.count(key) for key in set(keys)}
    # Made questions are easier than real ones: they count half.
    return np.array([share[k] * (0.5 if k[1] else 1.0) for k in keys]) * len(keys)


def assign_folds(cases: Sequence[Case]) -> list[int]:
    groups = sorted({c.group for c in cases})
    random.Random(SEED).shuffle(groups)
    fold = {group: i % FOLDS for i, group in enumerate(groups)}
    return [fold[c.group] for c in cases]


def cross_validate(cases: Sequence[Case], folds: Sequence[int]) -> np.ndarray:
    """Confidence of each case under weights fitted without its fold."""
    scored = np.zeros(len(cases))
    for fold in range(FOLDS):
        train = [c for c, f in zip(cases, folds, strict=True) if f != fold]
        ranks = fit_ranking([c for c in train if c.labels.max(initial=0) > 0])
        weights, bias = fit_confidence(train, [evidence_of(c, ranks) for c in train])
        for i, case in enumerate(cases):
            if folds[i] == fold:
                scored[i] = 1 / (1 + np.exp(-(evidence_of(case, ranks) @ weights + bias)))
    return scored


_GROUPS: dict[str, Callable[[Case], bool]] = {
    "rgb": lambda c: c.suite in ("rgb-noise", "rgb-refusal"),
    "clapnq": lambda c: c.suite == "clapnq",
    "training": lambda c: c.suite == "training",
    "swapped": lambda c: c.suite.endswith("/swapped") or (c.answerable and "clapnq" not in c.suite),
}
"""Questions with and without an answer that are scored together."""


def judge_errors(cases: Sequence[Case], scored: np.ndarray, on: float) -> dict[str, Any]:
    """By group: AUC of the cross-validated confidence, and both error rates at the threshold `on`."""
    report = {}
    for name, belongs in _GROUPS.items():
        some = [i for i, c in enumerate(cases) if belongs(c)]
        auc = roc_auc_score([cases[i].answerable for i in some], scored[some])
        false_answers, false_abstains = _rates(cases, scored, on, [name])
        report[name] = {
            "auc": round(float(auc), 3),
            "false_answer_rate": round(false_answers, 3),
            "false_abstain_rate": round(false_abstains, 3),
        }
    return report


def choose_thresholds(cases: Sequence[Case], scored: np.ndarray) -> dict[str, float]:
    """Thresholds by mode.

    "on": the two error rates, each averaged over the groups, are equal; "strict": half the false answers.
    """
    steps = np.linspace(0.02, 0.98, 97)
    rates = [_rates(cases, scored, t, list(_GROUPS)) for t in steps]
    on = min(range(len(steps)), key=lambda i: abs(rates[i][0] - rates[i][1]))
    strict = next((i for i in range(on, len(steps)) if rates[i][0] <= rates[on][0] / 2), len(steps) - 1)
    return {"on": round(float(steps[on]), 2), "strict": round(float(steps[strict]), 2)}


def _rates(
    cases: Sequence[Case], scored: np.ndarray, threshold: float, groups: Sequence[str]
) -> tuple[float, float]:
    """Mean over the groups of (false answers, false abstentions)."""
    pairs = []
    for name in groups:
        answered = [
            (c.answerable, s >= threshold) for c, s in zip(cases, scored, strict=True) if _GROUPS[name](c)
        ]
        pairs.append(
            (
                np.mean([said for answerable, said in answered if not answerable]),
                np.mean([not said for answerable, said in answered if answerable]),
            )
        )
    return float(np.mean([p[0] for p in pairs])), float(np.mean([p[1] for p in pairs]))


if __name__ == "__main__":
    main()
