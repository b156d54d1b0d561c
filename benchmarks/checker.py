"""Measures the checker of sentences (`rag.verify`), and fits its score.

    python -m benchmarks.checker SUITES-DIR [--training FILE] [--fit] [--out FILE]

Prints, for the half of the articles that was not looked at: by kind of break how many broken sentences are
caught, by source how many faithful ones are flagged (Wilson 95 % intervals); the same for two simple checks
in its place (embedding cosine alone, word overlap alone) at the same share of flagged faithful sentences;
how often `align` finds a sentence of the evidence; milliseconds a sentence. `--fit` writes
`rag/verify/weights.json` from the other half of clapnq and mtrag and the training file; news suites are
never fitted on.
`checked_answers.json` holds verdicts by eye on sentences of a real model, without the sentences.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.checker_cases import (
    NEWS,
    REFERENCES,
    Case,
    article_cases,
    other_passages,
    reference_cases,
    training_cases,
)
from benchmarks.report import circumstances, print_table, say
from benchmarks.training import SEED
from index.embed import load_embedder
from index.words import content_stems, stems
from rag.cross import load_cross_encoder
from rag.vectors import Embed, Vectors
from rag.verify.score import FEATURES, Weights, load_weights, measure
from rag.verify.verifier import Verifier, differences, read_evidence, without_outlet
from rag.verify.words import bare, claims_nothing, stands_in

ARTICLES = {"news-2022": 260, "ukraine": 160, "polnear": 84}
SECTIONS = 500
REFERENCES_FLAGGED = 0.08  # the share that may be flagged, of the half that is fitted on
TIMED = 400
OTHERS = 20
COSINE = FEATURES.index("cosine")


@dataclass(frozen=True, slots=True)
class Checked:
    """A case with what the parts of the checker say; `row` are the numbers of `FEATURES`."""

    case: Case
    settled: bool  # verbatim, or no claim at all
    reason: str
    row: np.ndarray
    overlap: float  # share of the claim's content words that stand in the evidence

    def flagged(self, weights: Weights) -> bool:
        """Whether the sentence is shown as unsupported."""
        return not self.settled and (bool(self.reason) or weights.score(self.row) < weights.threshold)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("suites", type=Path)
    parser.add_argument("--training", type=Path, help="questions with marked sentences; needed with --fit")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("rag/verify/weights.json"))
    options = parser.parse_args()
    embed = Vectors(load_embedder().embed_passages, most=10**6)
    cases = list(gather(options.suites))
    if options.fit:
        ours = [c for c in cases if c.source in REFERENCES and c.half == 0]
        training = list(training_cases(options.training, SECTIONS))
        fitted = fit([check(c, embed) for c in (*ours, *training, *other_passages(training))])
        options.out.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
        load_weights.cache_clear()
    weights = load_weights()
    checked = [check(c, embed) for c in cases if c.half == 1]
    result = {**circumstances(), "kind": "checker", "weights": weights.threshold, **report(checked, weights)}
    result["align"] = {name: aligned(options.suites / name, Verifier(embed)) for name in REFERENCES}
    result["milliseconds"] = timed([c.case for c in checked])
    print_table(["", "milliseconds"], [[name, value] for name, value in result["milliseconds"].items()])
    print_table(["align", "n", "right"], [[n, a["n"], a["right"]] for n, a in result["align"].items()])
    say(result)


def gather(suites: Path) -> Iterator[Case]:
    """All cases of the suites, those of the training file apart."""
    found: list[Case] = []
    for name in NEWS:
        found += article_cases(suites / name, ARTICLES[name])
    yield from found
    yield from other_passages(found)
    for name in REFERENCES:
        yield from reference_cases(suites / name)


def check(case: Case, embed: Embed) -> Checked:
    """What the rules and the score's parts say of a case."""
    words, read = bare(case.claim), read_evidence(case.evidence)
    settled = claims_nothing(words) or any(stands_in(case.claim, e.text) for e in case.evidence)
    reason = "" if settled else next(differences(words, read), "")
    row = measure(without_outlet(words, read.outlets), read.told, embed)
    wanted, have = set(content_stems(words)), set(stems(" ".join(read.sentences)))
    overlap = len(wanted & have) / max(1, len(wanted))
    return Checked(case, settled, reason, row, overlap)


def fit(checked: Sequence[Checked]) -> dict[str, Any]:
    """Weights over what the rules let pass, sources weighed alike, and the threshold."""
    open_ = [c for c in checked if not c.settled and not c.reason]
    rows = np.array([c.row for c in open_])
    labels = np.array([c.case.faithful for c in open_])
    keys = [(c.case.source, c.case.faithful) for c in open_]
    shares = np.array([len(keys) / keys.count(key) for key in keys])
    model = LogisticRegression(max_iter=5000).fit(rows, labels, sample_weight=shares / shares.mean())
    plain = Weights(tuple(model.coef_[0]), float(model.intercept_[0]), 0.0)
    threshold = max(
        t
        for t in np.linspace(0, 0.6, 61)
        if references_flagged(checked, plain, float(t)) <= REFERENCES_FLAGGED
    )
    print_table(
        ["AUC on what the rules let pass", "cross-validated"], with_cross(open_, rows, labels, shares)
    )
    return {
        "weights": {name: round(float(w), 3) for name, w in zip(FEATURES, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 3),
        "threshold": round(float(threshold), 2),
        "fitted_on": {
            f"{source}, {'faithful' if good else 'broken'}": keys.count((source, good))
            for source, good in sorted(set(keys))
        },
    }


def references_flagged(checked: Sequence[Checked], plain: Weights, threshold: float) -> float:
    """The share of reference sentences flagged under a threshold, rules included."""
    weights = Weights(plain.weights, plain.bias, threshold)
    return float(np.mean([c.flagged(weights) for c in checked if c.case.kind == "reference"]))


def with_cross(
    open_: Sequence[Checked], rows: np.ndarray, labels: np.ndarray, shares: np.ndarray
) -> list[list[str | float]]:
    """Whether the packaged cross-encoder, claim against the best two sentences, would add anything."""
    cross = load_cross_encoder()
    assert cross is not None
    logits = []
    for one in open_:
        words, sentences = bare(one.case.claim), list(read_evidence(one.case.evidence).sentences)
        wanted = set(words.lower().split())
        best = sorted(sentences, key=lambda s: -len(wanted & set(s.lower().split())))[:2]
        logits.append(float(cross.score(words, best).max()))
    more = np.column_stack([rows, logits])
    return [
        ["the features", cross_validated(rows, labels, shares)],
        ["and the cross-encoder", cross_validated(more, labels, shares)],
    ]


def cross_validated(rows: np.ndarray, labels: np.ndarray, shares: np.ndarray) -> float:
    """AUC over five folds."""
    fold = np.random.default_rng(SEED).integers(0, 5, len(labels))
    scores = np.zeros(len(labels))
    for k in range(5):
        train = fold != k
        model = LogisticRegression(max_iter=5000).fit(rows[train], labels[train], sample_weight=shares[train])
        scores[~train] = model.decision_function(rows[~train])
    return float(roc_auc_score(labels, scores, sample_weight=shares))


def report(checked: Sequence[Checked], weights: Weights) -> dict[str, Any]:
    """Caught by kind and flagged by source, of the checker and of two simple ones in its place."""
    ours = {id(c): c.flagged(weights) for c in checked}
    flagged = float(np.mean([ours[id(c)] for c in checked if c.case.faithful and not c.settled]))
    simple = {
        "cosine alone": at_share(checked, lambda c: float(c.row[COSINE]), flagged),
        "overlap alone": at_share(checked, lambda c: c.overlap, flagged),
    }
    groups: dict[str, list[Checked]] = defaultdict(list)
    for one in checked:
        family = "news" if one.case.source in NEWS else one.case.source
        if one.case.faithful:
            groups[f"faithful: {one.case.kind}, {family}"].append(one)
            groups["faithful: all"].append(one)
        else:
            groups[f"broken: {one.case.kind}"].append(one)
            groups[f"broken: all, {family}"].append(one)
            groups["broken: all"].append(one)
    rows, told = [], {}
    for name in sorted(groups):
        some = groups[name]
        hits = sum(ours[id(c)] for c in some)
        low, high = wilson(hits, len(some))
        others = {
            other: float(np.mean([not c.settled and value(c) < at for c in some]))
            for other, (value, at) in simple.items()
        }
        told[name] = {"n": len(some), "flagged": hits / len(some), "low": low, "high": high, **others}
        rows.append([name, len(some), hits / len(some), low, high, *others.values()])
    print_table(["flagged as unsupported", "n", "share", "low", "high", *simple], rows)
    return {"table": told}


def at_share(
    checked: Sequence[Checked], value: Callable[[Checked], float], share: float
) -> tuple[Callable[[Checked], float], float]:
    """A number and the threshold at which it alone flags that share of the faithful sentences."""
    values = [value(c) for c in checked if c.case.faithful and not c.settled]
    return value, float(np.quantile(values, share))


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not n:
        return 0.0, 1.0
    z, p = 1.96, hits / n
    middle, half = (p + z * z / (2 * n)), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def aligned(suite: Path, verifier: Verifier) -> dict[str, Any]:
    """How often the sentence that `align` puts first belongs to the passages the reference was written from.

    The sentences of those passages stand among those of `OTHERS` other questions of the suite.
    """
    references = [c for c in reference_cases(suite) if c.kind == "reference" and c.half == 1]
    random = Random(SEED)
    right = 0
    for case in references:
        own = list(read_evidence(case.evidence).sentences)
        others = random.sample([c for c in references if c.group != case.group], OTHERS)
        foreign = [s for other in others for s in read_evidence(other.evidence).sentences if s not in own]
        right += int(verifier.align(case.claim, own + foreign).argmax()) < len(own)
    return {"n": len(references), "right": right / max(1, len(references))}


def timed(cases: Sequence[Case]) -> dict[str, float]:
    """Milliseconds for faithful sentences: with evidence not seen before, and once more with the same."""
    verifier = Verifier(Vectors(load_embedder().embed_passages))
    some = [c for c in cases if c.kind == "reworded"][:TIMED]
    laps: dict[str, list[float]] = {"first": [], "further": []}
    for case in some:
        for which, claim in (("first", case.claim), ("further", f"Also, {case.claim}")):
            start = perf_counter()
            verifier.check(claim, case.evidence)
            laps[which].append((perf_counter() - start) * 1000)
    return {
        f"{which} {name}": float(np.quantile(values[20:], at))
        for which, values in laps.items()
        for name, at in (("p50", 0.5), ("p95", 0.95))
    }


if __name__ == "__main__":
    main()
