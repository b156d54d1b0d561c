"""Numbers of a text, as figures or words, with their units; which of a claim's the evidence does not have.

Knows English number words. Dates and years are read elsewhere; fractions and "first" are no numbers here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor, log10

from index.words import word_set

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_TIMES_TEN = "twenty thirty forty fifty sixty seventy eighty ninety"
_NTH = (
    "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth"
)
_SMALL = {word: value for value, word in enumerate(_ONES.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TIMES_TEN.split(), start=2)}
_ORDINALS = {word: value for value, word in enumerate(_NTH.split(), start=3)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}
_UNITS = {
    "%": "% percent pct percentage",
    "$": "$ us$ dollar usd",
    "€": "€ euro eur",
    "£": "£ gbp pound",
    "rouble": "₽ rouble ruble",
    "yen": "¥ yen",
    "hryvnia": "₴ hryvnia hryvna",
    "rupee": "₹ rupee",
    "yuan": "yuan renminbi",
    "franc": "franc",
    "second": "second",
    "minute": "minute min",
    "hour": "hour hr",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
    "decade": "decade",
    "century": "century centurie",
    "mm": "mm millimetre millimeter",
    "cm": "cm centimetre centimeter",
    "m": "metre meter",
    "km": "km kilometre kilometer",
    "mile": "mile mi",
    "foot": "foot feet ft",
    "yard": "yard",
    "inch": "inch inche",
    "gram": "gram gramme",
    "kg": "kg kilogram kilo kilogramme",
    "ton": "ton tonne",
    "ounce": "ounce oz",
}
_CANON = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_CLASSES = (
    frozenset({"%"}),
    frozenset({"$", "€", "£", "rouble", "yen", "hryvnia", "rupee", "yuan", "franc"}),
    word_set("second minute hour day week month year decade century"),
    word_set("mm cm m km mile foot yard inch"),
    frozenset({"gram", "kg", "ton", "ounce", "£"}),
)
_WORDS = "|".join(sorted((*_SMALL, *_TENS), key=len, reverse=True))
_SCALE = "|".join(_SCALES)
_LOOSE = (
    r"about|around|nearly|almost|approximately|approx\.?|roughly|some|over|more than|at least|up to|under"
    r"|less than|fewer than|close to|an estimated|estimated|as many as|as much as|only|just over"
    r"|just under|circa|c\.|~|≈|above|below"
)
_OVER = re.compile(r"\s*(?:more than|over|at least|just over|above)\b", re.IGNORECASE)
_UNDER = re.compile(r"\s*(?:less than|fewer than|under|just under|below)\b", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?:(?P<loose>\b(?:{_LOOSE})|[~≈])\s*)?"
    r"(?P<sign>US\$|[$€£¥₽₴₹])?\s?"
    rf"(?:(?<![\w.,/:])(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<ordinal>st|nd|rd|th)?(?![\d:]|[.,/]\d)"
    rf"|\b(?P<words>(?:a\s+)?(?:{_WORDS}|hundred|dozen)(?:[\s-]+(?:and\s+)?(?:{_WORDS}|{_SCALE}))*)\b"
    rf"|\b(?P<nth>(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?(?:{'|'.join(_ORDINALS)}))\b)"
    rf"(?:[\s-]?(?P<scale>{_SCALE})s?\b|(?<=\d)\s?(?P<short>k|m|mn|bn|tn)\b)?"
    r"(?:\s?(?P<percent>%|per\s?cent|percent|pct|percentage points?)|[\s-](?P<unit>[a-zA-Z]+))?",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*(?:[-–—]|to|and|or)\s*", re.IGNORECASE)
# The sign of the next list item, left at the end by whoever cut the sentences: "of the eggs 3."
_ENDS_A_LIST = re.compile(
    r"[a-z):;,]\s(?<!\bof\s)(?<!\bto\s)(?<!\bat\s)(?<!\bby\s)(?<!\bin\s)(?<!\bis\s)(?<!\band\s)(?<!\bor\s)(?<!\bwas\s)(?<!\bthan\s)"
    r"(?<!\bage\s)(?<!\baged\s)(?<!\bfrom\s)(?<!\bover\s)(?<!\bunder\s)(?<!\babout\s)(?<!\bonly\s)(?<!\bwith\s)\d{1,2}\.?$"
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `start`:`end` of a text; `unit` is canonical, "" when none is told."""

    start: int
    end: int
    value: float
    unit: str
    loose: bool
    words: str
    bound: int = 0  # 1 for "more than", -1 for "less than"


@lru_cache(maxsize=4096)
def numbers(text: str) -> tuple[Number, ...]:
    """All numbers of a plain text in order, those of four digits that may be years left out."""
    found = [n for n in map(_read, _NUMBER.finditer(text)) if n]
    shared = []
    for i, number in enumerate(found):
        following = found[i + 1] if i + 1 < len(found) else None
        if following and not number.unit and _LINK.fullmatch(text[number.end : following.start]):
            number = replace(number, unit=following.unit)  # "40 to 50 percent"
        shared.append(number)
    return tuple(shared)


def missing_number(
    claim: str, taken: Sequence[tuple[int, int]], evidence: Iterable[str]
) -> tuple[Number, bool] | None:
    """The first number of the claim that the evidence lacks, and whether it stands there with another unit.

    `taken` are places of the claim that were read as dates.
    """
    have = {(n.value, n.unit, n.loose, n.bound): n for text in evidence for n in numbers(text)}.values()
    for number in numbers(claim):
        if any(start < number.end and number.start < end for start, end in taken):
            continue
        same = [other for other in have if _agrees(number, other)]
        if not any(agree(number, other) for other in same):
            return number, bool(same)
    return None


def units_clash(a: str, b: str) -> bool:
    """Whether two words are different units of one kind: weeks and months."""
    first, second = (_CANON.get(w.lower()) or _CANON.get(w.lower().removesuffix("s")) for w in (a, b))
    return bool(first and second) and first != second and any({first, second} <= units for units in _CLASSES)


def _read(found: re.Match[str]) -> Number | None:
    value = _value(found)
    if value is None:
        return None
    unit = "%" if found["percent"] else _CANON.get((found["sign"] or "").lower(), "")
    word = (found["unit"] or "").lower()
    named = _CANON.get(word) or _CANON.get(word.removesuffix("s")) or ""
    start = found.start("loose") if found["loose"] else found.start()
    end = found.end("unit") if named else max(found.end(g) for g in found.re.groupindex if g != "unit")
    core = found.string[found.start() : end]
    bound = 1 if _OVER.match(core) else -1 if _UNDER.match(core) else 0
    words = core.strip() if bound else re.sub(rf"^(?:{_LOOSE})\s+", "", core.strip(), flags=re.IGNORECASE)
    return Number(start, end, value, unit or named, bool(found["loose"]), words, bound)


def _value(found: re.Match[str]) -> float | None:
    scale = _SCALES.get((found["scale"] or "").lower(), 1.0)
    if found["short"] and (found["sign"] or len(found["short"]) == 2):  # "401k" and "10 m" are other things
        scale = _SHORT[found["short"].lower()]
    if found["digits"]:
        if len(found["digits"]) > 18:
            return None
        before = found.string[max(0, found.start("digits") - 2) : found.start("digits")]
        if _ends_a_list(found):
            return None
        plain_year = (
            _YEAR.fullmatch(found["digits"]) and scale == 1 and not found["sign"] and not found["percent"]
        )
        if plain_year or re.search(r"[A-Za-z][-–]$", before):  # COVID-19, F-16
            return None
        return float(found["digits"].replace(",", "")) * scale
    if found["nth"]:
        tens, _, last = found["nth"].lower().rpartition("-")
        return float(_TENS.get(tens, 0) + _ORDINALS[last])
    words = [w for w in re.split(r"[\s-]+", found["words"].lower()) if w not in ("and", "a")]
    if words == ["one"] and scale == 1:  # mostly no number
        return None
    return _spelled(words) * scale


def _ends_a_list(found: re.Match[str]) -> bool:
    rest = found.string[found.end() : found.end() + 4]
    last = found.end() + 4 >= len(found.string) and not rest.strip(" .")
    return last and bool(_ENDS_A_LIST.search(found.string[max(0, found.end() - 20) : found.end()]))


def _spelled(words: Sequence[str]) -> float:
    total, part = 0.0, 0.0
    for word in words:
        if word in _SCALES:
            part = (part or 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, part = total + part, 0.0
        else:
            part += _SMALL.get(word, 0) + _TENS.get(word, 0)
    return total + part


def agree(claimed: Number, told: Number) -> bool:
    """Whether the evidence's number bears out the claim's, units included."""
    if claimed.bound * told.bound < 0:
        return False
    return _agrees(claimed, told) and _units_agree(claimed.unit, told.unit)


def _agrees(claimed: Number, told: Number) -> bool:
    if abs(claimed.value - told.value) <= 1e-9 * max(1.0, abs(told.value)):
        return True
    digits = _significant(claimed.value)
    if told.loose or digits >= _significant(told.value):  # a claim may be rounder than its source
        return False
    if claimed.loose:
        return abs(claimed.value - told.value) <= 0.15 * told.value
    large = told.value >= 1000 or told.value != floor(told.value)
    return large and digits >= 2 and _rounded(told.value, digits) == _rounded(claimed.value, digits)


def _units_agree(claimed: str, told: str) -> bool:
    if claimed == told:
        return True
    if "%" in (claimed, told):
        return False
    return not any(claimed in units and told in units for units in _CLASSES)


def _significant(value: float) -> int:
    digits = f"{value:.6f}".rstrip("0").rstrip(".").replace(".", "").strip("0")
    return max(1, len(digits))


def _rounded(value: float, digits: int) -> float:
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else 0.0
