"""Breaks true sentences by rule: what a careless writer gets wrong, one thing at a time.

Each break takes a sentence, its surroundings and a random source, and gives the sentence with one error
of its kind, or None when the sentence has nothing to break. Shares no code with the checker, so that the
checker is not measured by its own rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
WORD_NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
SAYING = (
    r"(?:said|says|told|added|wrote|argued|warned|announced|stated|claimed|insisted|tweeted|explained|noted)"
)
_NAME = r"[A-Z][a-z’'-]+(?: (?:[A-Z]\. )?[A-Z][a-z’'-]+){0,2}"
_FIGURE = re.compile(
    r"(?<![\w.,/-])\d{1,3}(?:,\d{3})+(?![\w.,-]*\d)|(?<![\w.,/:-])\d+(?:\.\d+)?(?![\w:/-]|[.,]\d)"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{'|'.join(MONTHS)}) (?P<day>\d{{1,2}})\b"
    rf"|\b(?P<day2>\d{{1,2}}) (?P<month2>{'|'.join(MONTHS)})\b"
)
_AUXILIARY = re.compile(
    r"\b(is|was|are|were|will|would|can|could|has|have|had|should|does|did|do|must)\b"
    r"(?! not|n.t| n.t|\s*[,.?])"
)
_NEGATED = re.compile(
    r"\b(is|was|are|were|will|would|can|could|has|have|had|should|did|does|do|must) not (?!only)"
    r"|\b(is|was|are|were|would|could|has|have|had|should|did|does|do)n[’']t (?!only)",
    re.I,
)
_QUOTED = re.compile(r"“([^“”\"]{20,})”|\"([^“”\"]*)\"")
_NO_NAME = frozenset(
    [
        "The",
        "A",
        "An",
        "In",
        "On",
        "At",
        "It",
        "He",
        "She",
        "They",
        "We",
        "I",
        "But",
        "And",
        "If",
        "When",
        "While",
        "After",
        "Before",
        "As",
        "That",
        "This",
        "These",
        "Those",
        "His",
        "Her",
        "Their",
        "Our",
        "Its",
        "For",
        "From",
        "By",
        "With",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "There",
        "What",
        "Who",
        "Why",
        "How",
        "Some",
        "Many",
        "Most",
        "One",
        "Two",
        "No",
        "Not",
        "So",
        "Yet",
        "Also",
        "You",
        "My",
    ]
) | frozenset(MONTHS)
_UNITS = (
    ("million", "billion"), ("billion", "million"), ("thousand", "million"), ("miles", "kilometers"),
    ("kilometers", "miles"), ("kilometres", "miles"), ("km", "miles"), ("days", "weeks"), ("weeks", "months"),
    ("months", "years"), ("hours", "days"), ("minutes", "hours"), ("years", "months"), ("pounds", "tons"),
    ("feet", "miles"), ("metres", "kilometres"), ("percent", "million"), ("per cent", "million"),
)  # fmt: skip
_OPPOSITES = (
    ("more than", "less than"), ("less than", "more than"), ("increased", "decreased"), ("rose", "fell"),
    ("fell", "rose"), ("won", "lost"), ("lost", "won"), ("before", "after"), ("after", "before"),
    ("higher", "lower"), ("lower", "higher"), ("supported", "opposed"), ("accepted", "rejected"),
    ("rejected", "accepted"), ("began", "ended"), ("largest", "smallest"), ("first", "last"),
    ("approved", "blocked"), ("confirmed", "denied"), ("denied", "confirmed"), ("success", "failure"),
    ("above", "below"), ("north", "south"), ("east", "west"), ("increase", "decrease"), ("allowed", "banned"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence stands in: the words shown as evidence, all of the article, who speaks in it."""

    shown: str
    article: str
    speaker: str = ""


Break = Callable[[str, Ground, Random], str | None]


def swap_speaker(sentence: str, ground: Ground, random: Random) -> str | None:
    """Another person of the same article says it."""
    found = [
        m
        for m in re.finditer(rf"\b({_NAME})(?=,? {SAYING}\b)|(?<={' said '[1:]})({_NAME})", sentence)
        if _is_name(m.group().strip())
    ]
    if not found:
        return None
    spoken = random.choice(found)
    others = [n for n in people(ground.article) if not _shares_word(n, f"{sentence} {ground.speaker}")]
    return _put(sentence, spoken.span(), random.choice(others)) if others else None


def swap_speaker_near(sentence: str, ground: Ground, random: Random) -> str | None:
    """Another person named in the very evidence says it: harder, the name is there."""
    return swap_speaker(sentence, Ground(ground.shown, ground.shown, ground.speaker), random)


def change_number(sentence: str, ground: Ground, random: Random) -> str | None:
    """One figure or number word becomes another that the evidence does not have."""
    places = [m for m in _FIGURE.finditer(sentence) if not re.fullmatch(r"(?:1[6-9]|20)\d\d", m.group())]
    places = [m for m in places if not _in_date(sentence, m.span())]
    places += list(re.finditer(rf"\b(?:{'|'.join(WORD_NUMBERS)})\b", sentence, re.I))
    if not places:
        return None
    place = random.choice(places)
    for _ in range(20):
        new = _other_number(place.group(), random)
        if new and not re.search(rf"(?<![\w.,]){re.escape(new)}(?![\w]|[.,]\d)", ground.shown, re.I):
            return _put(sentence, place.span(), new)
    return None


def swap_number(sentence: str, ground: Ground, random: Random) -> str | None:
    """One figure becomes another one of the evidence: the number is there, but of something else."""
    places = [m for m in _FIGURE.finditer(sentence) if not _in_date(sentence, m.span())]
    others = [m.group() for m in _FIGURE.finditer(ground.shown) if not _in_date(ground.shown, m.span())]
    pairs = [(p, o) for p in places for o in others if o not in sentence and len(o) > 1]
    pairs = [(p, o) for p, o in pairs if _is_year(o) == _is_year(p.group())]
    if not pairs:
        return None
    place, other = random.choice(pairs)
    return _put(sentence, place.span(), other)


def change_date(sentence: str, ground: Ground, random: Random) -> str | None:
    """Another weekday, month, day of the month or year."""
    ways = [way(sentence, random) for way in (_other_weekday, _other_month_day, _other_month, _other_year)]
    made = [way for way in ways if way and not re.search(rf"\b{re.escape(way[1])}\b", ground.shown)]
    return random.choice(made)[0] if made else None


def negate(sentence: str, ground: Ground, random: Random) -> str | None:
    """ "not" put in after an auxiliary, or taken out."""
    negated = list(_NEGATED.finditer(sentence))
    if negated:
        place = random.choice(negated)
        return _put(sentence, place.span(), (place.group(1) or place.group(2)) + " ")
    places = list(_AUXILIARY.finditer(_outside_quotes(sentence)))
    if not places:
        return None
    place = random.choice(places)
    return _put(sentence, place.span(), place.group() + " not")


def turn_round(sentence: str, ground: Ground, random: Random) -> str | None:
    """A word becomes its opposite."""
    places = [(m, new) for old, new in _OPPOSITES for m in re.finditer(rf"\b{old}\b", sentence)]
    if not places:
        return None
    place, new = random.choice(places)
    return _put(sentence, place.span(), new)


def change_quote(sentence: str, ground: Ground, random: Random) -> str | None:
    """Two words inside quotation marks become other words of the article."""
    if sentence.count('"') % 2:
        return None
    found = [m for m in _QUOTED.finditer(sentence) if len((m[1] or m[2]).split()) >= 4]
    if not found:
        return None
    quote = random.choice(found)
    part = 1 if quote[1] else 2
    words = quote[part].split()
    pool = sorted(set(re.findall(r"\b[a-z]{4,}\b", ground.article)) - {w.lower() for w in words})
    places = [i for i, w in enumerate(words) if re.fullmatch(r"[a-z]{4,}", w)]
    if len(places) < 2 or len(pool) < 5:
        return None
    for i in random.sample(places, 2):
        words[i] = random.choice(pool)
    return _put(sentence, quote.span(part), " ".join(words))


def invent_quote(sentence: str, ground: Ground, random: Random) -> str | None:
    """Words of a speaker that the article has not quoted, half of them changed, put in quotation marks."""
    found = re.match(
        r"(?P<who>.{3,60}?) (?P<cue>said|says|argued|claimed|warned) (?:that )?(?P<what>[^“”\"]{30,})\.$",
        sentence,
    )
    if not found:
        return None
    words = found["what"].split()
    pool = sorted(set(re.findall(r"\b[a-z]{5,}\b", ground.article)) - set(words))
    places = [i for i, w in enumerate(words) if re.fullmatch(r"[a-z]{5,}", w)]
    if len(places) < 3 or not pool:
        return None
    words[random.choice(places)] = random.choice(pool)
    return f"{found['who']} {found['cue']}: “{' '.join(words)}.”"


def swap_name(sentence: str, ground: Ground, random: Random) -> str | None:
    """A name that does not speak becomes another name of the article's."""
    places = [m for m in re.finditer(rf"(?<=[a-z,] )({_NAME})", sentence) if _is_name(m.group())]
    places = [m for m in places if not re.match(rf",? {SAYING}\b", sentence[m.end() :])]
    places = [m for m in places if not re.search(r"said $", sentence[: m.start()])]
    if not places:
        return None
    place = random.choice(places)
    others = [n for n in names(ground.article) if not _shares_word(n, sentence)]
    others = [n for n in others if len(n.split()) == len(place.group().split())] or others
    others = [n for n in others if not re.search(rf"\b{re.escape(n)}\b", ground.shown)]
    return _put(sentence, place.span(), random.choice(others)) if others else None


def change_unit(sentence: str, ground: Ground, random: Random) -> str | None:
    """Millions become billions, weeks months: the figure stays."""
    places = [
        (m, new)
        for old, new in _UNITS
        for m in re.finditer(
            rf"(?<=\d )\b{old}\b|(?<=(?:two|ree|our|ive|six|ven|ght|ine|ten) ){old}\b", sentence
        )
    ]
    if not places:
        return None
    place, new = random.choice(places)
    return _put(sentence, place.span(), new)


BREAKS: dict[str, Break] = {
    "speaker": swap_speaker,
    "speaker, one of the evidence": swap_speaker_near,
    "number": change_number,
    "number, one of the evidence": swap_number,
    "date": change_date,
    "negation": negate,
    "opposite": turn_round,
    "quote": change_quote,
    "quote, invented": invent_quote,
    "name": swap_name,
    "unit": change_unit,
}
"""Kind to rule. The wrong passage is made by the caller: the sentence stays, the evidence changes."""


def people(text: str) -> list[str]:
    """Names that say something in the text, in the forms it gives them."""
    found = re.findall(rf"\b({_NAME})(?=,? {SAYING}\b)", text)
    family = {name.split()[-1] for name in found}
    found += [n for n in names(text) if n.split()[-1] in family]
    return sorted({n for n in found if _is_name(n)})


def names(text: str) -> list[str]:
    """Capitalised runs that do not open a sentence."""
    found = {re.sub(r"[’'].*$", "", n) for n in re.findall(rf"(?<=[a-z,] )({_NAME})", text)}
    lower = set(re.findall(r"\b[a-z]+\b", text))
    return sorted(n for n in found if _is_name(n) and not any(w.lower() in lower for w in n.split()))


def _is_name(words: str) -> bool:
    return len(words) > 3 and not any(w in _NO_NAME for w in words.split())


def _shares_word(name: str, sentence: str) -> bool:
    return any(word in sentence for word in name.split())


def _put(sentence: str, place: tuple[int, int], new: str) -> str:
    return sentence[: place[0]] + new + sentence[place[1] :]


def _is_year(figure: str) -> bool:
    return bool(re.fullmatch(r"(?:1[6-9]|20)\d\d", figure))


def _in_date(sentence: str, span: tuple[int, int]) -> bool:
    return any(m.start() <= span[0] and span[1] <= m.end() for m in _MONTH_DAY.finditer(sentence))


def _other_number(words: str, random: Random) -> str | None:
    low = words.lower()
    if low in WORD_NUMBERS:
        new = random.choice([w for w in WORD_NUMBERS if w != low])
        return new.capitalize() if words[0].isupper() else new
    if "." in words:
        whole, _, part = words.partition(".")
        return f"{int(whole) + random.choice((1, 2, 3, 5))}.{part}"
    value = int(words.replace(",", ""))
    new_value = value + random.choice((1, 2, 3, 7, 10, 20, 100)) * max(1, 10 ** (len(str(value)) - 3))
    new_value = max(2, value // 2) if random.random() < 0.3 and value > 5 else new_value
    return f"{new_value:,}" if "," in words else str(new_value)


def _other_weekday(sentence: str, random: Random) -> tuple[str, str] | None:
    found = list(re.finditer(rf"\b(?:{'|'.join(WEEKDAYS)})\b", sentence))
    if not found:
        return None
    place = random.choice(found)
    new = random.choice([d for d in WEEKDAYS if d != place.group()])
    return _put(sentence, place.span(), new), new


def _other_month_day(sentence: str, random: Random) -> tuple[str, str] | None:
    found = list(_MONTH_DAY.finditer(sentence))
    if not found:
        return None
    place = random.choice(found)
    day = place["day"] or place["day2"]
    new = str(random.choice([n for n in range(1, 29) if n != int(day)]))
    part = "day" if place["day"] else "day2"
    changed = _put(sentence, place.span(part), new)
    return changed, changed[place.start() : place.end() + len(new) - len(day)]


def _other_month(sentence: str, random: Random) -> tuple[str, str] | None:
    found = list(
        re.finditer(rf"(?<=\b[Ii]n )(?:{'|'.join(MONTHS)})\b|\b(?:{'|'.join(MONTHS)})(?= \d)", sentence)
    )
    if not found:
        return None
    place = random.choice(found)
    new = random.choice([m for m in MONTHS if m != place.group()])
    return _put(sentence, place.span(), new), new


def _other_year(sentence: str, random: Random) -> tuple[str, str] | None:
    found = list(re.finditer(r"(?<![\w$€£,.-])(?:1[6-9]|20)\d\d(?![\w-]|[.,]\d)", sentence))
    if not found:
        return None
    place = random.choice(found)
    new = str(int(place.group()) + random.choice((-11, -4, -3, -2, -1, 1, 2, 3, 10)))
    return _put(sentence, place.span(), new), new


def _outside_quotes(sentence: str) -> str:
    """The sentence with what stands in quotation marks blanked, places kept."""
    return re.sub(r"[“\"][^“”\"]*[”\"]", lambda m: " " * len(m.group()), sentence)


def longest(sentences: Sequence[str]) -> str:
    """The longest one; "" of none."""
    return max(sentences, key=len, default="")
