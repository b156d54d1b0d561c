"""How much two texts have in common: their runs of three words, as numbers, the same on every machine.

One measure for passages (folded in search) and for whole articles (`index.duplicates`). Knows only words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

NEAR = 0.7
"""Share of all runs of two near-copies that both have (Jaccard)."""
_WORD = re.compile(r"\w+")
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)

Runs = frozenset[int]


def runs(text: str) -> Runs:
    """The runs of three words of `text`, in whatever case, as signed 64-bit numbers."""
    import numpy as np

    words = np.fromiter(map(_number, _WORD.findall(text.lower())), np.uint64)
    if len(words) < 3:
        return frozenset()
    first, second, third = map(np.uint64, _FACTORS)
    mixed: np.ndarray = (words[:-2] * first) ^ (words[1:-1] * second) ^ (words[2:] * third)
    mixed ^= mixed >> np.uint64(32)
    mixed *= first
    mixed ^= mixed >> np.uint64(29)
    return frozenset(mixed.view(np.int64).tolist())


def are_near(one: Runs, other: Runs, least: int) -> bool:
    """Whether the texts of these runs are near-copies; shorter ones than `least` runs are alike by chance."""
    fewer, more = sorted((len(one), len(other)))
    if fewer < least or fewer < NEAR * more:
        return False
    shared = len(one & other)
    return shared >= NEAR * (fewer + more - shared)


def share_within(one: Runs, other: Runs) -> float:
    """The share of the shorter text's runs that the longer has, 0..1."""
    return len(one & other) / max(1, min(len(one), len(other)))


@lru_cache(maxsize=200_000)
def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest(), "little")
