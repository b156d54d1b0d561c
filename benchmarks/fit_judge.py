"""Fits `rag/judge.json`: which sentence answers best, and how sure one may be that it does.

    python -m benchmarks.fit_judge --suites DIR --training FILE --home DIR [--out rag/judge.json]

Ranking: softmax over the sentences of one question, fitted listwise with a Gaussian prior. Confidence:
logistic regression over questions with and without an answer (see `judge_cases`), suites weighted alike.
Cross-validated by question. News suites are not used at all; RGB is measured but, for its licence
(CC BY-NC-SA), not fitted on.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.judge_cases import Case, read_cases, read_training, without_answers
from benchmarks.judge_spoken import Spoken
from benchmarks.training import SEED
from rag.cross import CrossEncoder, load_cross_encoder
from rag.extract import READ
from rag.judge import EVIDENCE, Judge, Weights, all_told, gather_evidence
from rag.signals import SIGNALS

SUITES = ("rgb-noise", "rgb-refusal", "clapnq")
FOLDS = 5
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
    "no_news": -1.0,
}
PRIOR_STRENGTH = 0.02


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--suites", type=Path, required=True)
    parser.add_argument("--training", type=Path, required=True, help="questions with marked sentences")
    parser.add_argument(
        "--spoken", type=Path, default=Path("tests/suites/samples"), help="asks who said what"
    )
    parser.add_argument("--home", type=Path, required=True, help="folder for the archives of the suites")
    parser.add_argument("--out", type=Path, default=Path("rag/judge.json"))
    options = parser.parse_args()
    prior = tuple(PRIOR.get(name, 0.0) for name in SIGNALS)
    start = Weights(prior, (0.0,) * len(EVIDENCE), 0.0, 0.0, {})
    cases = [c for n in SUITES for c in read_cases(options.suites / n, options.home / n, Judge(start, start))]
    cases += read_training(options.training, options.home / "training", Judge(start, start))
    spoken = Spoken(options.spoken, options.home / "spoken")
    words = fit(cases)
    data = {"words": told(words, cases, spoken.judged_by(Judge(words, words)))}
    cross = load_cross_encoder()
    cases = [read_again(case, words, cross) for case in cases if case.held_out]
    both = fit(cases)
    both = replace(both, given=fit_given(cases, both.thresholds["on"]))
    data["cross"] = told(both, cases, spoken.judged_by(Judge(words, both, cross)))
    options.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(data, indent=1))


def read_again(case: Case, first: Weights, cross: CrossEncoder) -> Case:
    """The case with the sentences that `rag.extract` lets the cross-encoder read, and its scores."""
    order = np.argsort(-first.rank(case.rows), kind="stable")[:READ]
    rows = case.rows[order]
    candidates = [case.candidates[i] for i in order]
    rows[:, SIGNALS.index("cross")] = cross.score(case.question.text, [c.text for c in candidates])
    return replace(case, candidates=candidates, rows=rows, labels=case.labels[order])


def fit(cases: Sequence[Case]) -> Weights:
    """Weights over all cases that may be fitted on, thresholds from the cross-validated confidence."""
    ours = [c for c in cases if may_fit(c)]
    ranks = fit_ranking([c for c in ours if c.labels.max(initial=0) > 0])
    confidence, bias = fit_confidence(ours, [evidence_of(c, ranks) for c in ours])
    scored = cross_validate(cases, assign_folds(cases))
    thresholds = {"off": 0.0, **choose_thresholds(cases, scored)}
    return Weights(tuple(ranks), tuple(confidence), float(bias), 0.0, thresholds)


def fit_given(cases: Sequence[Case], on: float) -> tuple[float, float]:
    """Slope and bias of the confidence over given articles.

    The slope is fitted on sections with and without their answer. The bias is one number: it puts the
    threshold where both error rates over the documents of RGB meet; nothing else is set by RGB.
    """
    full = [c for c in cases if c.suite == "training" and len(c.labels) > 1 and (c.labels >= 0.5).any()]
    own = full + without_answers(full)
    model = LogisticRegression(class_weight="balanced")
    model.fit([[all_told(c.rows)] for c in own], [c.answerable for c in own])
    given = [c for c in cases if c.suite in ("rgb-noise", "rgb-refusal")]
    told, answerable = np.array([all_told(c.rows) for c in given]), np.array([c.answerable for c in given])
    gaps = [abs((told[~answerable] >= t).mean() - (told[answerable] < t).mean()) for t in told]
    slope = float(model.coef_[0][0])
    return slope, float(np.log(on / (1 - on)) - slope * told[int(np.argmin(gaps))])


def told(weights: Weights, cases: Sequence[Case], spoken: tuple[float, dict[str, Any]]) -> dict[str, Any]:
    """The set as `judge.json` holds it, with what it was fitted on and how it did."""
    scored = cross_validate(cases, assign_folds(cases))
    ours = [c.suite for c in cases if may_fit(c)]
    return {
        "rank": {n: round(float(w), 4) for n, w in zip(SIGNALS, weights.ranks, strict=True)},
        "confidence": {n: round(float(w), 4) for n, w in zip(EVIDENCE, weights.confidence, strict=True)},
        "bias": round(weights.bias, 4),
        "spoken_bonus": spoken[0],
        "thresholds": weights.thresholds,
        **({"given": [round(number, 4) for number in weights.given]} if weights.given else {}),
        "fitted_on": {name: ours.count(name) for name in dict.fromkeys(ours)},
        "cross_validated": {**judge_errors(cases, scored, weights.thresholds["on"]), "spoken": spoken[1]},
    }


def may_fit(case: Case) -> bool:
    """Whether weights fitted on the case may ship."""
    return not case.suite.startswith("rgb")


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
    keys = [(*c.suite.partition("/")[::2], c.answerable) for c in cases]
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
        train = [c for c, f in zip(cases, folds, strict=True) if f != fold and may_fit(c)]
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
    "swapped": lambda c: c.suite == "training/swapped" or (c.answerable and c.suite == "training"),
}
"""Questions with and without an answer that are scored together."""

# The RGB questions bring five documents each, found for that very question: no archive looks like this.
_ARCHIVE_GROUPS = ["clapnq", "training", "swapped"]


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

    "on": the two error rates, each averaged over the groups that search a whole archive, are equal;
    "strict": half the false answers.
    """
    steps = np.linspace(0.02, 0.98, 97)
    rates = [_rates(cases, scored, t, _ARCHIVE_GROUPS) for t in steps]
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
