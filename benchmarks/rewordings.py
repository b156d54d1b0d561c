"""Rewords true sentences by rule without changing what they say: what a careful writer does.

Each rewording takes a sentence in its article and gives it in other words, or None. Shares no code with
the checker.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.breaks import MONTHS, SAYING, WEEKDAYS, WORD_NUMBERS

_WHO = r"[A-Z][\w’'-]+(?: (?:[A-Z]\. )?[A-Z][\w’'-]+){0,2}"
_BEFORE = re.compile(
    rf"^(?P<who>{_WHO}) (?P<cue>said|says|warned|argued|added) (?:that )?(?P<what>[^“”\"]{{25,}})\.$"
)
_AFTER = re.compile(rf"^(?P<what>[^“”\"]{{25,}}), (?P<who>{_WHO}) (?P<cue>said|says|added|warned)\.$")
_QUOTE_AFTER = re.compile(
    rf"^[“\"](?P<what>[^“”\"]{{15,}}),[”\"] "
    rf"(?:(?P<who>{_WHO}) (?P<cue>said|says|added|wrote)|said (?P<who2>{_WHO}))\.$"
)
_CLAUSE = re.compile(r", (?:which|who|whose|where|including|meaning) [^,“”\"]{8,}(?P<end>,|\.)")
_LEAD = re.compile(
    r"^(?P<lead>(?:In|On|At|During|After|Since) [^,“”\"]{3,40}), "
    r"(?P<rest>(?:the |a |an |he |she |they |it |[A-Z])[^“”\"]+)\.$"
)
_SYNONYMS = (
    ("also ", ""),
    ("however, ", ""),
    ("approximately", "about"),
    ("purchase", "buy"),
    ("began", "started"),
    ("begin", "start"),
    ("large", "big"),
    ("obtain", "get"),
    ("in order to", "to"),
    ("a number of", "several"),
    ("attempted", "tried"),
    ("children", "kids"),
    ("help", "assist"),
    ("near", "close to"),
    ("announced", "made known"),
    ("including", "among them"),
    ("because", "since"),
    ("located", "situated"),
    ("show", "demonstrate"),
    ("used", "employed"),
    ("begun", "started"),
    ("important", "significant"),
    ("although", "though"),
    ("build", "construct"),
    ("killed", "slain"),
    ("whether", "if"),
    ("many", "numerous"),
    ("usually", "typically"),
    ("often", "frequently"),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a sentence stands: who speaks in it (if another sentence says so), and its article's head."""

    speaker: str
    source: str
    published: date | None


Rewording = Callable[[str, Ground, Random], str | None]


def turn_attribution(sentence: str, ground: Ground, random: Random) -> str | None:
    """ "X said Y" to "Y, X said" or "According to X, Y", and back."""
    found = _AFTER.match(sentence)
    if found:
        return f"{found['who']} {found['cue']} that {_lower(found['what'])}."
    quote = _QUOTE_AFTER.match(sentence)
    if quote:
        return f"{quote['who'] or quote['who2']} {quote['cue'] or 'said'}: “{quote['what']}.”"
    found = _BEFORE.match(sentence)
    if not found or found["who"].split()[0] in ("He", "She", "They", "It"):
        return None
    if random.random() < 0.5:
        return f"According to {found['who']}, {found['what']}."
    return f"{found['what'][0].upper()}{found['what'][1:]}, {found['who']} {found['cue']}."


def name_speaker(sentence: str, ground: Ground, random: Random) -> str | None:
    """ "He said" to the name, when the sentences before tell it."""
    if not ground.speaker:
        return None
    found = re.search(
        rf"\b(?:He|She|he|she)(?= (?:also )?{SAYING}\b)",
        re.sub(r"[“\"][^“”\"]*[”\"]", lambda m: " " * len(m[0]), sentence),
    )
    return sentence[: found.start()] + ground.speaker + sentence[found.end() :] if found else None


def resolve_weekday(sentence: str, ground: Ground, random: Random) -> str | None:
    """ "on Friday" to the day of the calendar."""
    found = re.search(
        rf"\bon (?P<day>{'|'.join(WEEKDAYS)})\b(?! (?:night|morning|evening|afternoon))", sentence
    )
    if not found or ground.published is None or re.search(r"\b(?:will|next|would|to)\b", sentence):
        return None
    back = (ground.published.weekday() - WEEKDAYS.index(found["day"])) % 7
    day = ground.published - timedelta(back)
    month = MONTHS[day.month - 1]
    forms = (f"on {day.day} {month} {day.year}", f"on {month} {day.day}, {day.year}", f"on {month} {day.day}",
             f"on {found['day']}, {day.day} {month}", f"in {month} {day.year}")  # fmt: skip
    return sentence[: found.start()] + random.choice(forms) + sentence[found.end() :]


def respell_number(sentence: str, ground: Ground, random: Random) -> str | None:
    """A number word to figures or back."""
    found = re.search(rf"(?<!-)\b(?:{'|'.join(WORD_NUMBERS)})\b(?!-)", sentence)
    if found:
        return sentence[: found.start()] + str(WORD_NUMBERS[found.group()]) + sentence[found.end() :]
    words = {str(n): w for w, n in WORD_NUMBERS.items()}
    figure = re.search(
        r"(?<![\w.,:$€£/–-])(?:[2-9]|1[0-2])(?= [a-z])(?! (?:a\.m|p\.m|million|billion))", sentence
    )
    if figure and not re.search(rf"(?:{'|'.join(MONTHS)}) $", sentence[: figure.start()]):
        return sentence[: figure.start()] + words[figure.group()] + sentence[figure.end() :]
    return None


def drop_clause(sentence: str, ground: Ground, random: Random) -> str | None:
    """A relative clause left out."""
    found = _CLAUSE.search(sentence)
    if not found:
        return None
    kept = sentence[: found.start()] + ("." if found["end"] == "." else "") + sentence[found.end() :]
    return kept if len(kept.split()) >= 6 else None


def move_lead(sentence: str, ground: Ground, random: Random) -> str | None:
    """ "In May, the bank closed." to "The bank closed in May." """
    found = _LEAD.match(sentence)
    if not found:
        return None
    rest = found["rest"]
    return f"{rest[0].upper()}{rest[1:]} {_lower(found['lead'])}."


def replace_words(sentence: str, ground: Ground, random: Random) -> str | None:
    """A word or two by synonyms."""
    fitting = [
        (old, new)
        for old, new in _SYNONYMS
        if re.search(rf"\b{old}\b" if old[-1] != " " else rf"\b{old}", sentence)
    ]
    if not fitting or re.search(r"[“\"]", sentence):
        return None
    for old, new in random.sample(fitting, min(2, len(fitting))):
        sentence = re.sub(rf"\b{old}" + (r"\b" if old[-1] != " " else ""), new, sentence, count=1)
    return sentence


def add_outlet(sentence: str, ground: Ground, random: Random) -> str | None:
    """What the head of the article tells: outlet and day of publication."""
    if not ground.source or random.random() < 0.8 or re.search(r"[“\"]", sentence):
        return None
    rest = sentence if sentence[0] == "I" or re.match(_WHO, sentence) else _lower(sentence)
    if ground.published and random.random() < 0.5:
        day = f"{ground.published.day} {MONTHS[ground.published.month - 1]} {ground.published.year}"
        return f"{ground.source} reported on {day} that {rest}"
    return f"According to {ground.source}, {rest}"


REWORDINGS: tuple[Rewording, ...] = (
    resolve_weekday,
    name_speaker,
    turn_attribution,
    drop_clause,
    move_lead,
    respell_number,
    replace_words,
    add_outlet,
)


_KEEP_QUOTES = (resolve_weekday, name_speaker, turn_attribution)


def reword(sentence: str, ground: Ground, random: Random) -> str:
    """The sentence after up to three rewordings that fit it; the same one when none does."""
    done = 0
    quoted = bool(re.search(r"[“”\"]", sentence))
    for rewording in REWORDINGS:
        if quoted and rewording not in _KEEP_QUOTES:
            continue
        new = rewording(sentence, ground, random) if random.random() < 0.85 else None
        if new and new != sentence:
            sentence, done = new, done + 1
        if done == 3:
            break
    return sentence


def _lower(words: str) -> str:
    """The first letter small, unless the first word looks like a name."""
    first = words.split()[0]
    common = (
        "The A An In On At It He She They We There This That These Some Many Most During After Since More"
        " About Both All His Her"
    )
    return words[0].lower() + words[1:] if first in common.split() else words
