"""Spellings of one name word: letters folded by how they sound, and how near two spellings are.

Names are carried over from other alphabets in more than one way (Zelensky, Zelenskyy, Zelenskiy;
Lukashenko, Lukashenka), so letters that stand for one sound fall into one class. Knows no name,
only letters; works on words of the Latin alphabet, with or without accents.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"shch|sch", "š"),
        (r"tch|ch|cz", "č"),
        (r"sh", "š"),
        (r"zh", "ž"),
        (r"kh|gh", "h"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"ck|ts|tz|[cq]", "k"),
        (r"ks", "x"),
        (r"[yj]", "i"),
        (r"[wu]", "v"),
        (r"ie|ei", "i"),
        (r"(.)\1+", r"\1"),
        (r"[oa]$", "a"),
    )
)
_SHORT = 4  # so few letters tell too little to be folded: Lee is not Li
_LONG = 8  # so many letters may hold one that differs
_NEAR_CONSONANTS = 5
_MORE = range(3, 20)  # letters that a full form has more than a short one: Ben, Benjamin


@lru_cache(maxsize=100_000)
def plain(word: str) -> str:
    """The word in lower case, without accents, marks and a possessive ending."""
    low = re.sub(r"['’]s?$", "", word.casefold()).translate(_PLAIN)
    parts = unicodedata.normalize("NFKD", low)
    return "".join(one for one in parts if one.isalnum())


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """The plain word with letters that sound alike made one; short words stay as they are."""
    folded = plain(word)
    return folded if len(folded) <= _SHORT else _folded(folded)


def _folded(folded: str) -> str:
    for pattern, class_ in _SOUNDS:
        folded = pattern.sub(class_, folded)
    return folded


def near(a: str, b: str) -> bool:
    """Whether two long words may be one, misspelt or carried over by other rules.

    One letter differs, is missing or has changed places with its neighbour, or only the vowels
    within differ; the first letter and the ending (which may tell a woman from a man) are the same.
    """
    one, other = plain(a), plain(b)
    if min(len(one), len(other)) < _LONG or one[0] != other[0]:
        return False
    one, other = sound(a), sound(b)
    if one == other:
        return True
    if one.endswith("a") != other.endswith("a"):
        return False
    bones = consonants(one)
    return one_edit(one, other) or (len(bones) >= _NEAR_CONSONANTS and bones == consonants(other))


def first_differs(a: str, b: str) -> bool:
    """Whether two long words differ in their first letter only."""
    one, other = plain(a), plain(b)
    return min(len(one), len(other)) >= _LONG and one[0] != other[0] and sound(a)[1:] == sound(b)[1:]


def consonants(folded: str) -> str:
    """The consonants of a folded word; v stands for u and w too."""
    return re.sub(r"[aeio]", "", folded)


def same_given(a: str, b: str) -> bool:
    """Whether two first names may be one person's: an initial, a short form, another spelling.

    Spellings agree in their consonants (Volodymyr, Vladimir; Alexander, Oleksandr) and in ending or
    not ending like a woman's name.
    """
    one, other = sorted((plain(a), plain(b)), key=len)
    if other.startswith(one) and (len(one) == 1 or (len(one) >= 3 and len(other) - len(one) in (0, *_MORE))):
        return True
    bones = skeleton(one)
    return len(bones) >= 3 and bones == skeleton(other) and (one[-1:] in "ae") == (other[-1:] in "ae")


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """The consonants of a plain word with the vowel it begins with; g and h are one, so are a and o."""
    folded = re.sub(r"^[oa]", "a", _folded(word)).replace("g", "h")
    return folded[:1] + consonants(folded[1:])


def one_edit(a: str, b: str) -> bool:
    """Whether one letter added, left out, changed, or two neighbours swapped, make `a` into `b`."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest, other = a[start:], b[start:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
