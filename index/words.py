"""Words of a text: tokens with their place, stems, and which words carry content.

Knows English only; words of other languages pass through lower-cased, since the stemmer leaves
letters outside a-z alone.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+(?:(?:[.'’]|(?<=\d),(?=\d))[^\W_]+)*")


def word_set(words: str) -> frozenset[str]:
    """The words of a list written with spaces between them."""
    return frozenset(words.split())


# Function words and the words that only frame a question. They say nothing about the topic.
STOPWORDS = word_set(
    """
    a about above after again against all also am an and any are aren't as at be because been before
    being below between both but by can can't cannot could couldn't did didn't do does doesn't doing
    don't down during each either else ever few for from further get got had hadn't has hasn't have
    haven't having he her here hers herself him himself his how however i if in into is isn't it its
    it's itself just least let like made make many may me might more most much must my myself no nor
    not now of off on once one only or other our ours ourselves out over own per please same shall
    she should shouldn't since so some still such tell than that that's the their theirs them
    themselves then there there's these they this those through thus to too under until up upon us
    very via was wasn't we were weren't what what's when where where's whether which while who who's
    whom whose why will with within without won't would wouldn't yet you your yours yourself
    yourselves
    """
)


_STEMMING = threading.Lock()
"""The stemmer keeps the word it works on, so that two threads would spoil each other's."""


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one word, lower-cased, a possessive ending dropped: "Ukraine's" -> "ukrain"."""
    low = word.lower().replace("’", "'")
    if low.endswith("'s"):
        low = low[:-2]
    low = low.replace(".", "") if re.fullmatch(r"(?:[a-z]\.)+[a-z]?", low) else low
    with _STEMMING:
        return str(_stemmer().stemWord(low.strip("'.")))


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Words of `text` as (word, start, end), in order; an inner apostrophe or point stays inside."""
    return [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]


def stems(text: str) -> list[str]:
    """Stems of all words of `text`, in order, repeats kept."""
    return [stem(word) for word in _WORD.findall(text)]


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry content, in order of first mention, each once."""
    found = (word for word in _WORD.findall(text) if word.lower().replace("’", "'") not in STOPWORDS)
    return list(dict.fromkeys(stem(word) for word in found))
