"""What a run of a system comes to: rates, sizes, latencies and scores; pure.

Scores are at the level of articles, over the distinct articles among the passages fetched, best first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

from benchmarks.peers.drive import MIB, Ranked, Told
from rag.eval.intervals import interval, paired, percentile
from rag.eval.ranking import rank_scores
from rag.eval.types import Question

METRICS = ("hit@1", "hit@4", "hit@10", "mrr@10", "ndcg@10")
OWN = "onrecord"
DATED = "-dated"


def summaries(
    name: str, label: str, told: Told, index_bytes: int, questions: Sequence[Question]
) -> list[dict[str, Any]]:
    """A row for the run; one more if the system was also told the day of asking and a question has one."""
    ingest = dict(told.ingested)
    for what in ("articles", "passages"):
        ingest[f"{what}_per_second"] = ingest[what] / ingest["seconds"]
    shared = {
        "settings": told.settings,
        "versions": told.versions,
        "ingest": ingest,
        "peak_mib": told.peak_mib,
        "index_mib": index_bytes / MIB,
    }
    return [
        {
            "name": name + DATED if dated else name,
            "label": f"{label}, told the day of asking" if dated else label,
            "dated": dated,
            **shared,
            **_searching(rankings, questions),
        }
        for dated, rankings in sorted(told.rankings.items())
        if not dated or any(question.asked for question in questions)
    ]


def _searching(rankings: Mapping[str, Ranked], questions: Sequence[Question]) -> dict[str, Any]:
    times = [rankings[q.id].milliseconds for q in questions]
    deep = [rankings[q.id].deep for q in questions]
    scores = values(rankings, questions)
    metrics = {name: interval(scores[name]) for name in METRICS}
    return {
        "latency": {
            "p50_ms": percentile(times, 0.5),
            "p95_ms": percentile(times, 0.95),
            "deep_p50_ms": percentile(deep, 0.5),
        },
        "distinct_articles": fmean(len(rankings[q.id].articles) for q in questions),
        "metrics": {name: metric and asdict(metric) for name, metric in metrics.items()},
    }


def values(rankings: Mapping[str, Ranked], questions: Sequence[Question]) -> dict[str, list[float]]:
    """Metric to its values in the order of the questions."""
    scores = [rank_scores(rankings[q.id].articles, q.qrels) for q in questions]
    return {name: [score[name] for score in scores] for name in METRICS}


def differences(told: Mapping[str, Told], questions: Sequence[Question]) -> dict[str, Any]:
    """How much higher Onrecord (day not told) scores than each other system, question by question."""
    if OWN not in told:
        return {}
    own = values(told[OWN].rankings[False], questions)
    found = {}
    for name in told.keys() - {OWN}:
        theirs = values(told[name].rankings[False], questions)
        pairs = {metric: paired(theirs[metric], own[metric]) for metric in METRICS}
        found[name] = {metric: pair and asdict(pair) for metric, pair in pairs.items()}
    return dict(sorted(found.items()))
