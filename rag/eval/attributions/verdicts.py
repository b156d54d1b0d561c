"""How each attribution of an article came out: what the report lists, errors first. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.types import Attribution
from rag.eval.attributions.pairs import Wording, pair
from rag.eval.attributions.scores import same_words, source_right
from rag.eval.attributions.types import ArticleRow

Outcome = Literal["missed", "spurious", "source", "words", "right"]

OUTCOMES: dict[Outcome, str] = {
    "missed": "missed",
    "spurious": "spurious",
    "source": "wrong source",
    "words": "other words",
    "right": "right",
}
"""Errors first; names as they are shown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gold attribution with what was predicted for it; one of the two is None if missed or spurious.

    `exact`: both contents are the same words. `sourced`: the predicted source touches the gold one, None if
    the gold names none.
    """

    gold: Attribution | None
    predicted: Attribution | None
    exact: bool = False
    sourced: bool | None = None

    @property
    def outcome(self) -> Outcome:
        """The worst that can be said of it. Where the gold names no source, any predicted one is right."""
        if self.predicted is None:
            return "missed"
        if self.gold is None:
            return "spurious"
        if self.sourced is False:
            return "source"
        return "right" if self.exact else "words"


def verdicts_of(row: ArticleRow) -> list[Verdict]:
    """The gold in its order, then what was predicted besides."""
    wording = Wording(row.text)
    paired = {one.gold: one.predicted for one in pair(wording, row.gold, row.predicted)}
    found = []
    for place, gold in enumerate(row.gold):
        if place not in paired:
            found.append(Verdict(gold, None, False, False if gold.source else None))
            continue
        predicted = row.predicted[paired[place]]
        sourced = source_right(gold, predicted) if gold.source else None
        found.append(Verdict(gold, predicted, same_words(wording, gold, predicted), sourced))
    used = set(paired.values())
    return found + [Verdict(None, one) for place, one in enumerate(row.predicted) if place not in used]
