"""Names that are nobody's: countries, cities, states, and the peoples called after them.

The list beside it is made by `benchmarks/make_places.py`, none of it for an article. Knows nothing of texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from index.words import word_set

_LIST = Path(__file__).with_name("places.txt")
_GROUNDS = word_set(
    """
    airport avenue basin bay beach boulevard bridge canal coast continent county day desert district east
    forest gulf highway hill hills island islands lake mountain mountains north oblast ocean peninsula plaza
    port province region republic river road sea south square strait street territories territory valley
    village war wars west
    """
)


def is_place(words: Sequence[str]) -> bool:
    """Whether a name in words, as they stand, is that of a place: "New Mexico", "Black Sea", "Moscow"."""
    if "of" in words[:-1]:  # "Thousands of Ohio" is what follows, "Ada Lund of Ohio" what stands before
        parted = words.index("of")
        words = words[:parted] if parted > 1 else words[parted + 1 :]
    return " ".join(words) in _names()[0] or (len(words) > 1 and words[-1].lower() in _GROUNDS)


def is_people(word: str) -> bool:
    """Whether a word with a capital tells a people: "Ukrainian", "Ukrainians"."""
    return word in _names()[1] or word.removesuffix("s") in _names()[1]


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """Places and peoples."""
    places, _, peoples = _LIST.read_text(encoding="utf-8").partition("\n\n")
    return frozenset(places.splitlines()), frozenset(peoples.splitlines())
