"""Which metrics apply to a question, their values, and their means over questions and groups of them.

The definitions are in `ranking`, `matching` and `spans`; the ground rules, which say what counts where, are
here. Knows nothing of how an answer came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rag.eval.intervals import interval, percentile
from rag.eval.matching import answer_match, exact_match, f1, rgb_accuracy, rgb_rejected
from rag.eval.measures import ordered
from rag.eval.ranking import rank_scores, recall, relevant
from rag.eval.spans import citation_scores, fact_scores, overlap_scores
from rag.eval.types import UNKNOWN, Metric, Question, Row

PASSAGES_COVERED = 5
"""How many of the passages shown the token scores look at."""

FOLLOW_UP_CUTS = (5, 10)
"""How many of the first articles count when the completion of follow-ups is scored."""

NEEDS_CHOICES = "except"
"""Tag of questions ("which is not ...") that cannot be answered without their options."""

IN_RETRIEVED = "answer-in-retrieved"
"""Tag of questions whose answer occurs in an article; where it is used, nobody knows of the others."""

SET_APART = ("generic-answer", "noise-may-answer", "question-in-pool")
"""Tags of questions that flatter or punish for no merit: also scored without them."""


def matchable(question: Question) -> bool:
    """Whether words of an answer can be compared with gold ones."""
    return question.answerable and bool(question.answers) and NEEDS_CHOICES not in question.tags


def marks_answers(questions: Iterable[Question]) -> bool:
    """Whether a suite marks the questions whose answer the articles hold (`answer-in-retrieved`)."""
    return any(IN_RETRIEVED in question.tags for question in questions)


def score(
    row: Row,
    found: Sequence[str] | None = None,
    alone: Sequence[str] | None = None,
    *,
    marked: bool = False,
) -> dict[str, float]:
    """The value of every metric that applies to the row; {} where the back-end failed.

    `found` are the texts of the passages that search found, best first, also those an abstention does not
    show (default: those shown). `alone` is the ranking of a follow-up searched without the turns before it.
    `marked`: the suite marks answers, see `marks_answers`.
    """
    if row.error is not None:
        return {}
    question = row.question
    scores = _rank_scores(row, alone) if relevant(question.qrels) else {}
    scores |= _answer_scores(row) | _abstention_scores(row, marked) | _citation_scores(row)
    if question.choices:
        scores["choice_accuracy"] = float(_chose_rightly(question, row.choice))
    wanted = [(place.article, place.span) for place in row.places if place.span is not None]
    scores |= overlap_scores([(one.article, one.span) for one in row.hits[:PASSAGES_COVERED]], wanted)
    facts = [place.text for place in row.places if place.span is not None]
    scores |= fact_scores([one.text for one in row.hits] if found is None else found, facts)
    return {one.name: scores[one.name] for one in ordered(scores)}


def _rank_scores(row: Row, alone: Sequence[str] | None) -> dict[str, float]:
    qrels = row.question.qrels
    scores = rank_scores(row.ranked, qrels)
    if row.question.history:
        scores |= {f"rewrite_recall@{k}": recall(row.ranked, qrels, k) for k in FOLLOW_UP_CUTS}
        if alone is not None:
            scores |= {f"last_turn_recall@{k}": recall(alone, qrels, k) for k in FOLLOW_UP_CUTS}
    return scores


def _answer_scores(row: Row) -> dict[str, float]:
    """An abstention is a miss for every score of the words; its own words are not counted."""
    scores = {} if row.abstained else {"answer_words": float(len(row.said.split()))}
    if matchable(row.question):
        groups, said = row.question.answers, "" if row.abstained else row.said
        scores["answer_match"] = float(not row.abstained and answer_match(said, groups))
        if not row.abstained:
            scores["match_answered"] = scores["answer_match"]
        scores["match_borne_out"] = float(not row.abstained and answer_match(row.borne_out, groups))
        scores["exact_match"] = 0.0 if row.abstained else exact_match(said, groups)
        scores["f1"] = 0.0 if row.abstained else f1(said, groups)
        scores["rgb_accuracy"] = float(not row.abstained and rgb_accuracy(said, groups))
    return scores


def _abstention_scores(row: Row, marked: bool) -> dict[str, float]:
    if UNKNOWN in row.question.tags:
        return {}
    if not row.question.answerable:
        rejected = row.abstained or rgb_rejected(row.said)
        return {"false_answer_rate": float(not row.abstained), "rgb_rejection": float(rejected)}
    if marked and IN_RETRIEVED not in row.question.tags:
        return {}
    return {"false_abstain_rate": float(row.abstained)}


def _citation_scores(row: Row) -> dict[str, float]:
    scores: dict[str, float] = {}
    if checked := row.claims or row.citations:
        supported = sum(one.support != "unsupported" for one in checked)
        scores["support_rate"] = supported / len(checked)
    if row.question.answerable:
        scores |= citation_scores([(one.article, one.span) for one in row.citations], row.places)
    return scores


def _chose_rightly(question: Question, choice: int | None) -> bool:
    if choice is None or question.choices is None or not 0 <= choice < len(question.choices):
        return False
    chosen = question.choices[choice].strip().casefold()
    return any(chosen == variant.strip().casefold() for group in question.answers for variant in group)


def summarise(rows: Iterable[Row]) -> dict[str, Metric]:
    """The mean of each metric over the rows it applies to, with its bootstrap 95 % interval."""
    values: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.scores.items():
            values.setdefault(name, []).append(value)
    found = {one.name: interval(values[one.name]) for one in ordered(values)}
    return {name: metric for name, metric in found.items() if metric is not None}


def groups(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each tag, and those without the tags that are set apart ("without TAG"), by name."""
    tags = sorted({tag for row in rows for tag in row.question.tags})
    found = {tag: [row for row in rows if tag in row.question.tags] for tag in tags}
    for tag in SET_APART:
        if tag in found:
            found[f"without {tag}"] = [row for row in rows if tag not in row.question.tags]
    return {name: members for name, members in found.items() if members}


def latency(rows: Iterable[Row]) -> dict[str, Mapping[str, float]]:
    """p50 and p95 of each stage over the rows, in milliseconds; "total" last."""
    return latency_of(row.milliseconds for row in rows)


def latency_of(laps: Iterable[Mapping[str, float]]) -> dict[str, Mapping[str, float]]:
    """The same of what was timed by stage, any number of times."""
    times: dict[str, list[float]] = {}
    for one in laps:
        for stage, taken in one.items():
            times.setdefault(stage, []).append(taken)
    stages = sorted(times, key="total".__eq__)
    return {stage: {name: _share(times[stage], part) for name, part in _SHARES} for stage in stages}


_SHARES = (("p50", 0.5), ("p95", 0.95))


def _share(values: Sequence[float], share: float) -> float:
    return round(percentile(values, share) or 0.0, 2)
