"""Scores of predicted attributions against gold ones, over all articles of a suite; pure.

Precision and recall weigh words, after the partial match by token overlap of PolNeAR's authors (Newell,
Margolin and Ruths, LREC 2018): a prediction counts by the share of its words that are the gold's, and a gold
attribution by the share of its words that were predicted. The details, pairing included, are ours:

- Pairs are those of `pairs.pair`; a word is `\\w+`; attributions without a word are left out if gold, and
  shared by none if predicted.
- attribution_precision: mean over the predicted attributions of shared words / predicted words, 0 unpaired
- attribution_recall: mean over the gold attributions of shared words / gold words, 0 if unpaired
- attribution_f1: their harmonic mean, 0 if both are 0
- attribution_exact_precision, _recall, _f1: the same where a pair counts 1 if both contents are the same
  words, else 0; white space, punctuation and quotation marks between or around the words do not matter
- source_accuracy: share of the paired gold attributions with a source of which the predicted source shares
  a character with the gold one
- source_recall: the same over all gold attributions with a source, an unpaired one counting as wrong
- speaker_named_rate: share of the gold attributions with a pronoun as source whose pair names a speaker;
  whether it is the right one the gold does not tell

Each but the last also for quotations whose gold names a source ("quoted_") and for all that is not quoted
("indirect_"). There only predictions of that kind are paired, with gold of any; those paired with gold of
another kind (or, a quotation, without a source) are left out, neither right nor wrong: the quoted words of an
indirect statement are no false quotation. All values lie between 0 and 1 and are of the whole suite, not
means of articles; the interval is the middle 95 % of a bootstrap over the articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.types import Attribution
from rag.eval.attributions.pairs import Wording, pair
from rag.eval.attributions.types import ArticleRow
from rag.eval.intervals import Difference, draws, resampled_difference, resampled_metric
from rag.eval.types import Metric

Sums = NDArray[np.float64]

_COUNTS = (
    *("predicted", "gold", "precision", "recall", "exact"),
    *("judged", "right", "sourced", "pronouns", "named"),
)
"""What is counted in an article: predicted and gold attributions; shares of words, summed; exact pairs;
pairs with a gold source, those of them with the right one; gold with a source; gold with a pronoun for a
source, those of them whose pair names a speaker."""

_PRONOUNS = frozenset(
    (
        *("he", "him", "his", "she", "her", "hers", "they", "them", "their", "theirs", "it", "its"),
        *("who", "whom", "whose", "which", "that"),
    )
)
_LETTERS = re.compile(r"[^\W\d_]+")


def summarise(rows: Iterable[ArticleRow]) -> dict[str, Metric]:
    """Every metric that applies, with its interval; articles with an error are left out.

    `n` counts what a metric is the mean over: gold attributions, of precision the predicted ones.
    """
    scored = [row for row in rows if row.error is None]
    if not scored:
        return {}
    drawn = draws(len(scored))
    found: dict[str, Metric] = {}
    for scope, counts in _tables(scored).items():
        sums = counts.sum(axis=0)
        values, resampled, sizes = _values(sums), _values(drawn @ counts), _sizes(sums)
        for name, value in values.items():
            if sizes[name] and _applies(scope, name):
                found[scope + name] = resampled_metric(float(value), resampled[name], int(sizes[name]))
    return found


def differences(
    first: Sequence[ArticleRow], second: Sequence[ArticleRow]
) -> dict[str, tuple[float, float, Difference]]:
    """Each metric in both, and by how much it is higher in `second`; a paired bootstrap over the articles.

    The rows of an article stand at one place in both, none with an error; `n` counts articles. Metrics that
    do not apply to both are left out.
    """
    drawn = draws(len(first))
    before, after = _tables(first), _tables(second)
    found: dict[str, tuple[float, float, Difference]] = {}
    for scope in SCOPES:
        one, two = _values(before[scope].sum(axis=0)), _values(after[scope].sum(axis=0))
        ones, twos = _values(drawn @ before[scope]), _values(drawn @ after[scope])
        for name in one:
            a, b = float(one[name]), float(two[name])
            if a == a and b == b and _applies(scope, name):
                gained = resampled_difference(b - a, twos[name] - ones[name], len(first))
                found[scope + name] = (a, b, gained)
    return found


def source_right(gold: Attribution, predicted: Attribution) -> bool:
    """Whether a predicted source span shares a character with a gold one."""
    return any(one.overlaps(other) for one in gold.source for other in predicted.source)


def same_words(wording: Wording, gold: Attribution, predicted: Attribution) -> bool:
    """Whether both contents are the same words of the text."""
    return wording.inside(gold.content) == wording.inside(predicted.content)


def _applies(scope: str, name: str) -> bool:
    return not scope or name != "speaker_named_rate"


def _tables(rows: Iterable[ArticleRow]) -> dict[str, Sums]:
    """For each scope a table: a line an article, a column each of `_COUNTS`."""
    counted = [_counted(row) for row in rows]
    return {scope: np.array([one[scope] for one in counted], dtype=float) for scope in SCOPES}


@dataclass(frozen=True, slots=True)
class _Kind:
    """Which predictions are paired, and which gold is then counted."""

    predicted: Callable[[Attribution], bool]
    gold: Callable[[Attribution], bool]


_KINDS = {
    "": _Kind(lambda one: True, lambda one: True),
    "quoted_": _Kind(lambda one: one.quoted, lambda one: one.quoted and bool(one.source)),
    "indirect_": _Kind(lambda one: not one.quoted, lambda one: not one.quoted),
}
SCOPES = tuple(_KINDS)
"""What metric names begin with."""


def _counted(row: ArticleRow) -> dict[str, list[float]]:
    wording = Wording(row.text)
    gold = [one for one in row.gold if wording.inside(one.content)]
    return {scope: _count(row, wording, gold, kind) for scope, kind in _KINDS.items()}


def _count(row: ArticleRow, wording: Wording, gold: Sequence[Attribution], kind: _Kind) -> list[float]:
    predicted = [one for one in row.predicted if kind.predicted(one)]
    pairs = [(gold[one.gold], predicted[one.predicted], one.words) for one in pair(wording, gold, predicted)]
    both = [found for found in pairs if kind.gold(found[0])]
    wanted = [one for one in gold if kind.gold(one)]
    counts = {
        "predicted": len(predicted) - (len(pairs) - len(both)),
        "gold": len(wanted),
        "precision": sum(words / len(wording.inside(p.content)) for _, p, words in both),
        "recall": sum(words / len(wording.inside(g.content)) for g, _, words in both),
        "exact": sum(same_words(wording, g, p) for g, p, _ in both),
        "judged": sum(bool(g.source) for g, _, _ in both),
        "right": sum(source_right(g, p) for g, p, _ in both),
        "sourced": sum(bool(one.source) for one in wanted),
        "pronouns": sum(_is_pronoun(row.text, one) for one in wanted),
        "named": sum(bool(p.speaker.strip()) and _is_pronoun(row.text, g) for g, p, _ in both),
    }
    return [float(counts[name]) for name in _COUNTS]


def _is_pronoun(text: str, gold: Attribution) -> bool:
    words = [word for span in gold.source for word in _LETTERS.findall(span.of(text).lower())]
    return len(words) == 1 and words[0] in _PRONOUNS


def _values(sums: Sums) -> dict[str, Sums]:
    """The metrics of counts in the last axis; NaN where one applies to nothing."""
    count = dict(zip(_COUNTS, np.moveaxis(sums, -1, 0), strict=True))

    def share(part: str, whole: str) -> Sums:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(count[whole] > 0, count[part] / count[whole], np.nan)

    partial = share("precision", "predicted"), share("recall", "gold")
    exact = share("exact", "predicted"), share("exact", "gold")
    return {
        "attribution_precision": partial[0],
        "attribution_recall": partial[1],
        "attribution_f1": _harmonic(*partial),
        "attribution_exact_precision": exact[0],
        "attribution_exact_recall": exact[1],
        "attribution_exact_f1": _harmonic(*exact),
        "source_accuracy": share("right", "judged"),
        "source_recall": share("right", "sourced"),
        "speaker_named_rate": share("named", "pronouns"),
    }


def _harmonic(precision: Sums, recall: Sums) -> Sums:
    """0 where nothing was predicted or nothing found; NaN where there is no gold."""
    whole = np.nan_to_num(precision) + recall
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole == 0, whole, 2 * np.nan_to_num(precision) * recall / whole)


def _sizes(sums: Sums) -> dict[str, float]:
    count = dict(zip(_COUNTS, sums, strict=True))
    return {
        "attribution_precision": count["predicted"],
        "attribution_recall": count["gold"],
        "attribution_f1": count["gold"],
        "attribution_exact_precision": count["predicted"],
        "attribution_exact_recall": count["gold"],
        "attribution_exact_f1": count["gold"],
        "source_accuracy": count["judged"],
        "source_recall": count["sourced"],
        "speaker_named_rate": count["pronouns"],
    }
