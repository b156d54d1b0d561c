"""One thing in the place of another: the claim goes along a sentence of its evidence and differs in a slot.

The claim and the sentence nearest to it are laid side by side; where between equal words one has a number,
name or time and the other another one, the claim has changed it, though it may stand elsewhere in the
evidence. Knows only sequences; a claim in words of its own goes along no sentence and is let be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from index.words import STOPWORDS, stem
from rag.verify.dates import Time, times
from rag.verify.names import Known, Name, names
from rag.verify.numbers import Number, agree, numbers, units_clash
from rag.verify.polarity import opposed

_ENOUGH = 0.5
_LONGEST = 7  # units of a slot
_MOST = 300  # units of a sentence that is still laid beside another: the time grows with the square
_CLOSE = 0.6  # of the claim's units that the sentence must have for a thing to be put for another
_CLOSER = 0.8  # the same for a name to be put for other words
_SHORT = 3  # units of a slot in which a negation is looked for
_WORD = re.compile(r"n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+(?:['’](?!t\b)[^\W_]+)?")
_NOT = re.compile(
    r"(?:not|n['’]t|no|never|none|nobody|nothing|neither|nor|cannot|without|non)", re.IGNORECASE
)
_DENIAL = re.compile(
    r"(?:den(?:y|ie[sd])|refus\w+|reject\w*|fail\w*|absence|declin\w+|lack\w*|unable|unlikely)", re.IGNORECASE
)
_NO_OTHER = re.compile(r"(?:only|just|merely|necessarily|longer|doubt)", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\b(?:he|she|they|it|his|her|their|its|who|we|i|us|our|my|spokes\w+|minist\w+|president|leader|official|officials|group"
    r"|company|agency|team|department|country|city|former|man|woman|one)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word, or a number, name or time as one; equal keys are equal units."""

    key: str
    words: str
    thing: Time | Number | Name | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """What the claim has in a slot and what the evidence has there."""

    mine: str
    theirs: str


def swapped(claim: str, sentences: Sequence[str]) -> Swap | None:
    """The first slot in which the claim differs from the sentence it goes along; None if there is none."""
    mine = _units(claim)
    wanted = {u.key for u in mine if _tells(u)}
    sentence = min(sentences, key=lambda s: (-len(wanted & _keys(s)), s), default="")
    if len(wanted & _keys(sentence)) < _ENOUGH * max(3, len(wanted)):
        return None
    if max(len(mine), len(_units(sentence))) > _MOST:
        return None
    return next(_swaps(claim, mine, sentence), None)


def _swaps(claim: str, mine: Sequence[_Unit], sentence: str) -> Iterator[Swap]:
    theirs = _units(sentence)
    theirs_keys = {u.key for u in theirs}
    shared = sum(u.key in theirs_keys for u in mine) / max(1, len(mine))
    match = SequenceMatcher(None, [u.key for u in mine], [u.key for u in theirs], autojunk=False)
    steps = match.get_opcodes()
    for step, (kind, a, b, c, d) in enumerate(steps):
        if kind != "equal" and max(b - a, d - c) <= _SHORT and _denied(mine, theirs, steps[step : step + 2]):
            yield Swap(_words(mine[a : b + 3]), _words(theirs[c : d + 3]))
        if _skips(mine[:a], mine[a:b], theirs[c:d]):
            yield Swap(_words(mine[max(0, a - 3) : b + 1]), _words(theirs[c : d + 1]))
        if kind != "replace" or b - a > _LONGEST or d - c > _LONGEST:
            continue
        block = " ".join(u.words for u in theirs[c:d])
        for here in mine[a:b]:
            there = next((u for u in theirs[c:d] if type(u.thing) is type(here.thing)), None)
            if here.thing and there and shared >= _CLOSE and _differ(here, there, sentence, claim, block):
                yield Swap(here.words, there.words)
            elif shared >= _CLOSER and not there and _is_put_in(here, theirs[c:d], sentence):
                yield Swap(here.words, block)
        yield from _opposites(mine[a:b], theirs[c:d])


def _skips(before: Sequence[_Unit], here: Sequence[_Unit], there: Sequence[_Unit]) -> bool:
    """Whether the claim skips to what the next number counts: "four [died and eight] were hurt"."""
    if here or not 3 <= len(there) <= _LONGEST or not isinstance(there[-1].thing, Number):
        return False
    counted = any(isinstance(u.thing, Number) for u in before[-4:])
    return counted and there[0].words.lower() not in ("and", "or", "to") and any(map(_tells, there[:-1]))


def _opposites(mine: Sequence[_Unit], theirs: Sequence[_Unit]) -> Iterator[Swap]:
    """Single words of a slot that are opposites, or other units of one kind."""
    words = [
        [u.words.split()[-1] for u in units if not isinstance(u.thing, Name | Time)]
        for units in (mine, theirs)
    ]
    if len(mine) > _SHORT or len(theirs) > _SHORT or any(_NOT.fullmatch(w) for side in words for w in side):
        return
    for here in words[0]:
        for there in words[1]:
            if opposed(here, there) or units_clash(here, there):
                yield Swap(here, there)


def _is_put_in(here: _Unit, theirs: Sequence[_Unit], sentence: str) -> bool:
    """Whether a name that the sentence lacks stands where it has other words, not a pronoun or a role."""
    block = " ".join(u.words for u in theirs)
    return (
        isinstance(here.thing, Name)
        and len(theirs) <= _SHORT
        and any(map(_tells, theirs))
        and not _NO_NAME.search(block)
        and not _has_name(sentence, here.thing)
    )


def _denied(
    mine: Sequence[_Unit], theirs: Sequence[_Unit], steps: Sequence[tuple[str, int, int, int, int]]
) -> bool:
    """Whether a step puts a negation in or takes one out before words that both sides share."""
    (_, a, b, c, d), *following = steps
    if not following or following[0][0] != "equal" or not any(map(_tells, mine[b : b + 3])):
        return False
    if _NO_OTHER.fullmatch(mine[b].words) or any(
        _NO_OTHER.fullmatch(u.words) for u in (*mine[a:b], *theirs[c:d])
    ):
        return False
    answers = (
        1 if a == 0 and mine[0].words.lower() == "no" else 0,
        1 if c == 0 and theirs[0].words.lower() == "no" else 0,
    )
    here = [bool(_NOT.fullmatch(u.words)) for u in mine[a + answers[0] : b]]
    there = [bool(_NOT.fullmatch(u.words)) for u in theirs[c + answers[1] : d]]
    if any(_DENIAL.fullmatch(u.words) for u in (*mine[max(0, a - 3) : b], *theirs[max(0, c - 3) : d])):
        return False
    return sum(here) % 2 != sum(there) % 2


def _words(units: Sequence[_Unit]) -> str:
    return "“" + " ".join(unit.words for unit in units).replace(" n't", "n't") + "”"


def _differ(here: _Unit, there: _Unit, sentence: str, claim: str, block: str) -> bool:
    """Whether neither stands in the other's sentence, so that one was put for the other."""
    if isinstance(here.thing, Number) and isinstance(there.thing, Number):
        return not any(agree(here.thing, n) for n in numbers(sentence)) and _once_more(there, sentence, claim)
    if isinstance(here.thing, Time) and isinstance(there.thing, Time):
        return here.thing.clashes(there.thing) and all(map(here.thing.clashes, times(sentence)))
    if isinstance(here.thing, Name) and isinstance(there.thing, Name):
        if _NO_NAME.search(block):
            return False
        return (not _has_name(sentence, here.thing) or _is_moved(here, sentence, claim)) and (
            not _has_name(claim, there.thing) or _is_moved(there, claim, sentence)
        )
    return False


def _has_name(text: str, name: Name) -> bool:
    known = Known([text])
    return known.has(name.parts[-1]) or known.has_run(name.parts)


def _once_more(unit: _Unit, there: str, here: str) -> bool:
    """Whether one text has the unit more often than the other."""
    return _count(unit, there) > _count(unit, here)


def _is_moved(unit: _Unit, there: str, here: str) -> bool:
    """Whether a name that both texts have stands here once more than there: put for another one."""
    return 0 < _count(unit, there) < _count(unit, here)


def _count(unit: _Unit, text: str) -> int:
    return sum(other.key == unit.key for other in _units(text))


def _tells(unit: _Unit) -> bool:
    return unit.thing is not None or unit.words.lower() not in STOPWORDS


@lru_cache(maxsize=4096)
def _keys(sentence: str) -> frozenset[str]:
    return frozenset(u.key for u in _units(sentence) if _tells(u))


@lru_cache(maxsize=4096)
def _units(sentence: str) -> tuple[_Unit, ...]:
    """The words of a sentence in order, numbers, names and times as one unit each."""
    taken = bytearray(len(sentence))
    things: list[tuple[int, _Unit]] = []
    for start, end, unit in _found(sentence):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            things.append((start, unit))
    return tuple(unit for _, unit in sorted(things, key=lambda thing: thing[0]))


def _found(sentence: str) -> Iterator[tuple[int, int, _Unit]]:
    for time in times(sentence):
        yield time.start, time.end, _Unit(f"t:{time.words.lower()}", time.words, time)
    for number in numbers(sentence):
        yield number.start, number.end, _Unit(f"n:{number.value:g}", number.words, number)
    for name in names(sentence):
        yield name.start, name.end, _Unit(stem(name.parts[-1]), name.words, name)
    for word in _WORD.finditer(sentence):
        key = "not" if _NOT.fullmatch(word[0]) else stem(word[0])
        yield word.start(), word.end(), _Unit(key, word[0])
