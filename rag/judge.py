"""Which sentence answers best, and whether any does: two small fitted models over `rag.signals`.

Weights come from `judge.json`, written by `benchmarks/fit_judge.py`; this module holds no numbers of
its own. The ranking is linear (fitted listwise: softmax over the sentences of one question); the
confidence is a logistic regression over the best sentence's signals and the largest ones.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rag.signals import SIGNALS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EVIDENCE = (
    "best",  # score of the best sentence
    "margin",  # how far it stands above the fourth
    *(f"best_{name}" for name in SIGNALS[:10]),
    *(f"most_{name}" for name in SIGNALS[:7]),
)
"""What the confidence rests on, one number each, in this order."""


@dataclass(frozen=True, slots=True)
class Judge:
    """The fitted weights. `thresholds` maps abstention modes to the least confidence (0..1).

    `spoken_bonus` is added, before the logistic function, when the one asked about does the speaking.
    """

    rank_weights: tuple[float, ...]
    confidence_weights: tuple[float, ...]
    bias: float
    spoken_bonus: float
    thresholds: dict[str, float]

    def rank(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """A score a sentence, higher is better: shape (sentences,)."""
        import numpy as np

        return np.asarray(rows @ np.array(self.rank_weights))

    def confidence(self, evidence: NDArray[np.float64], *, spoken: bool = False) -> float:
        """How likely it is that the best sentence answers: 0..1."""
        import numpy as np

        bonus = self.spoken_bonus if spoken else 0.0
        return float(1 / (1 + np.exp(-(evidence @ np.array(self.confidence_weights) + self.bias + bonus))))


def gather_evidence(rows: NDArray[np.float64], scores: NDArray[np.float64], best: int) -> NDArray[np.float64]:
    """The numbers of `EVIDENCE` for one question whose best sentence is row `best`."""
    import numpy as np

    ordered = np.sort(scores)[::-1]
    margin = scores[best] - ordered[min(3, len(ordered) - 1)]
    return np.array(
        [
            scores[best],
            margin,
            *rows[best, :10],
            *rows[:, :7].max(axis=0),
        ]
    )


@lru_cache(maxsize=1)
def load_judge() -> Judge:
    """The weights that ship with the package."""
    data: dict[str, Any] = json.loads(files("rag").joinpath("judge.json").read_text(encoding="utf-8"))
    rank: dict[str, float] = data["rank"]
    confidence: dict[str, float] = data["confidence"]
    return Judge(
        tuple(rank[name] for name in SIGNALS),
        tuple(confidence[name] for name in EVIDENCE),
        data["bias"],
        data["spoken_bonus"],
        data["thresholds"],
    )
