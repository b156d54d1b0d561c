"""Which sentence answers best, and whether any does: small fitted models over `rag.signals`.

Weights come from `judge.json`, written by `benchmarks/fit_judge.py`; this module holds no numbers of
its own. There are two sets: "words" does without a cross-encoder and chooses what one gets to read,
"cross" weighs its scores too. The ranking is linear (fitted listwise: softmax over the sentences of one
question); the confidence is a logistic regression over the best sentence's signals and the largest ones.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp
from typing import TYPE_CHECKING, Any

from rag.cross import CrossEncoder, load_cross_encoder
from rag.signals import SIGNALS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BEST, _MOST = 11, 8

EVIDENCE = (
    "best",  # score of the best sentence
    "margin",  # how far it stands above the fourth
    *(f"best_{name}" for name in SIGNALS[:_BEST]),
    *(f"most_{name}" for name in SIGNALS[:_MOST]),
)
"""What the confidence rests on, one number each, in this order."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One fitted set. `thresholds` maps abstention modes to the least confidence (0..1).

    `spoken_bonus` is added, before the logistic function, when the one asked about does the speaking.
    `given` are slope and bias of the confidence over articles that came with the question.
    """

    ranks: tuple[float, ...]
    confidence: tuple[float, ...]
    bias: float
    spoken_bonus: float
    thresholds: dict[str, float]
    given: tuple[float, float] | None = None

    def rank(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """A score a sentence, higher is better: shape (sentences,)."""
        import numpy as np

        return np.asarray(rows @ np.array(self.ranks))

    def sureness(self, evidence: NDArray[np.float64], *, spoken: bool = False) -> float:
        """How likely it is that the best sentence answers: 0..1."""
        import numpy as np

        bonus = self.spoken_bonus if spoken else 0.0
        return float(_logistic(evidence @ np.array(self.confidence) + self.bias + bonus))

    def sureness_of_given(self, rows: NDArray[np.float64]) -> float | None:
        """The same for articles that came with the question; None where no cross-encoder read them.

        Such articles are all on the topic, so being on it tells nothing: only what was read counts.
        """
        slope, bias = self.given or (0.0, 0.0)
        return float(_logistic(slope * all_told(rows) + bias)) if slope else None


@dataclass(frozen=True, slots=True)
class Judge:
    """The weights in use, those of the first look, and who reads the sentences that pass it."""

    first: Weights
    weights: Weights
    cross: CrossEncoder | None = None


def all_told(rows: NDArray[np.float64]) -> float:
    """How much all sentences together answer: log of 1 + the sum of their odds; 0 when none does."""
    import numpy as np

    return float(np.log1p(np.exp(rows[:, SIGNALS.index("cross")]).sum()))


def gather_evidence(rows: NDArray[np.float64], scores: NDArray[np.float64], best: int) -> NDArray[np.float64]:
    """The numbers of `EVIDENCE` for one question whose best sentence is row `best`."""
    import numpy as np

    ordered = np.sort(scores)[::-1]
    margin = scores[best] - ordered[min(3, len(ordered) - 1)]
    return np.array([scores[best], margin, *rows[best, :_BEST], *rows[:, :_MOST].max(axis=0)])


def _logistic(logit: float) -> float:
    return 1 / (1 + exp(-logit))


@lru_cache(maxsize=2)
def load_judge(cross_encoder: str) -> Judge:
    """The weights that ship with the package, for the cross-encoder of that name (see `rag.cross`)."""
    data: dict[str, Any] = json.loads(files("rag").joinpath("judge.json").read_text(encoding="utf-8"))
    cross = load_cross_encoder(cross_encoder)
    words = read_weights(data["words"])
    return Judge(words, read_weights(data["cross"]) if cross else words, cross)


def read_weights(data: dict[str, Any]) -> Weights:
    """A set of weights as `judge.json` holds it."""
    rank: dict[str, float] = data["rank"]
    confidence: dict[str, float] = data["confidence"]
    return Weights(
        tuple(rank[name] for name in SIGNALS),
        tuple(confidence[name] for name in EVIDENCE),
        data["bias"],
        data["spoken_bonus"],
        data["thresholds"],
        tuple(data["given"]) if "given" in data else None,
    )
