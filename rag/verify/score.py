"""How much of a claim stands in its evidence, as numbers, and the fitted weights that make one score of them.

The weights are in `weights.json`, made by `benchmarks/checker.py`. Knows words and vectors, no rules.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp, log1p
from typing import TYPE_CHECKING

from index.words import content_stems, stem, stems
from rag.vectors import Embed
from rag.verify.dates import taken_by_times
from rag.verify.names import names
from rag.verify.numbers import numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEATURES = (
    "cover", "best", "pair", "cosine", "cosine_pair", "bigrams", "names_best", "uncovered", "length",
)  # fmt: skip
READ = 6  # sentences of the evidence that are embedded with a claim


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over `FEATURES`; a claim that scores below `threshold` is unsupported."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def score(self, row: NDArray[np.float64]) -> float:
        """0..1."""
        return 1 / (1 + exp(-float(row @ self.weights) - self.bias))


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The weights that ship."""
    data = json.loads(files("rag.verify").joinpath("weights.json").read_text(encoding="utf-8"))
    return Weights(tuple(data["weights"][name] for name in FEATURES), data["bias"], data["threshold"])


def measure(claim: str, sentences: Sequence[str], embed: Embed) -> NDArray[np.float64]:
    """The numbers of `FEATURES` for a claim and the sentences of its evidence (at least one).

    Names, numbers and times count as covered: whether the evidence has them, in other words even, is for the
    rules to say.
    """
    import numpy as np

    wanted = set(content_stems(claim)) or set(stems(claim))
    having = [wanted & _stems(s) for s in sentences]
    facts = (wanted & _facts(claim)).difference(*having)
    order = sorted(range(len(sentences)), key=lambda i: (-len(having[i]), sentences[i]))[:READ]
    chosen = [sentences[i] for i in order]
    vectors = np.asarray(embed([claim, *chosen]), dtype=np.float64)
    cosines = vectors[1:] @ vectors[0]
    total = max(1, len(wanted))
    covered = facts.union(*having)
    first = facts | having[order[0]]
    pair = max(len(first | having[i]) for i in order)
    close = np.argsort(-cosines)[:2]
    both = vectors[1:][close].sum(axis=0)
    named = [stem(p) for n in names(claim) for p in n.parts]
    best = facts.union(*map(_stems, chosen[:2]))
    return np.array(
        [
            len(covered) / total,
            len(first) / total,
            pair / total,
            float(cosines.max()),
            float(vectors[0] @ both / (np.linalg.norm(both) + 1e-9)),
            _bigrams(claim, sentences),
            sum(n in best for n in named) / len(named) if named else 1.0,
            log1p(total - len(covered)),
            log1p(total),
        ]
    )


def likeness(claim: str, sentences: Sequence[str], embed: Embed) -> NDArray[np.float64]:
    """How well each sentence bears out the claim, 0..1."""
    import numpy as np

    if not sentences:
        return np.zeros(0)
    wanted = set(content_stems(claim)) or set(stems(claim))
    vectors = np.asarray(embed([claim, *sentences]), dtype=np.float64)
    cosines = np.clip(vectors[1:] @ vectors[0], 0, 1)
    cover = np.array([len(wanted & _stems(s)) / max(1, len(wanted)) for s in sentences])
    return np.asarray((cosines + cover) / 2)


def _facts(claim: str) -> set[str]:
    """Stems of the words of names, numbers and times."""
    spans = [(n.start, n.end) for n in names(claim)] + [(n.start, n.end) for n in numbers(claim)]
    spans += taken_by_times(claim)
    return {form for start, end in spans for form in stems(claim[start:end])}


@lru_cache(maxsize=4096)
def _stems(sentence: str) -> frozenset[str]:
    return frozenset(stems(sentence))


@lru_cache(maxsize=4096)
def _pairs(sentence: str) -> frozenset[tuple[str, str]]:
    found = content_stems(sentence)
    return frozenset(itertools.pairwise(found))


def _bigrams(claim: str, sentences: Sequence[str]) -> float:
    """The share of neighbouring content words of the claim that are neighbours in the evidence."""
    mine = _pairs(claim)
    return sum(any(p in _pairs(s) for s in sentences) for p in mine) / len(mine) if mine else 0.0
