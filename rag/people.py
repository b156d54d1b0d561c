"""Whom "he" or "they" may stand for: the names in a question and its answer, the likeliest first.

By rules over the words alone. A person shows by a full name, a title, or by speaking; peoples and
adjectives ("African leaders"), bodies and places are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.attribution.cues import CUES
from index.speakers.names import read_name
from index.words import word_set

_NAME = re.compile(r"[A-Z][\w’'-]*(?: (?:(?:of|the|de|van|von|al|bin) )?[A-Z][\w’'-]*)*")
_NOT_NAMES = word_set(
    """
    what who when where why how which did does do is was are were has have had can could will would
    the a an and but so in on at i it he she they his her their this that these those there says if as for
    from by with after before since until while several many some most all both few other two three four five
    six seven eight nine ten senior former leading earlier later meanwhile according
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """
)
_PEOPLE = re.compile(
    r"(?:(?:North|South|East|West|Central|Latin)(?:ern)? )?"
    r"[A-Z][a-z]*(?:[a-z]ian|[a-z]can|[a-z]ean|[a-z]ish|[a-z]ese|ench|erman|reek|utch|wiss)s?"
)
_CUE_AFTER = re.compile(rf",? (?:(?:has|had|also|then|later) )?(?:{CUES})\b|: [“\"]")
_CUE_BEFORE = re.compile(rf"\b(?:{CUES})(?: by)? $")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|outside|across|into) (?:the )?$", re.IGNORECASE)
_TITLE_BEFORE = re.compile(
    r"\b(?:president|minister|leader|spokes\w+|chief|secretary|chancellor|governor|mayor|general|adviser|"
    r"commander|senator|king|queen|pope|mrs?|ms|dr)\.? $",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:States?|Kingdom|Union|Nations|House|Council|Sea|River|Ocean|Day|Christmas|War|League|Party|Street|"
    r"Court|Ministry|Agency|City|Region|Province|Palace|Square|Airport)\b"
)
_POSSESSIVE = re.compile(r"['’]s?$")
_MARKER = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, slots=True)
class Named:
    """A name as written once; `before` and `after` are the words around it."""

    name: str
    before: str
    after: str

    @property
    def person(self) -> str:
        """The name without titles and roles."""
        return read_name(self.name).shown

    @property
    def speaks(self) -> bool:
        """Whether it stands beside a reporting word, or before a colon and a quotation."""
        return bool(_CUE_AFTER.match(self.after) or _CUE_BEFORE.search(self.before))

    @property
    def describes(self) -> bool:
        """Whether it is a people or an adjective rather than a name."""
        return bool(_PEOPLE.fullmatch(self.name)) and not self.speaks


def names_in(text: str) -> list[str]:
    """Names of all kinds, in order, as written but without a possessive ending."""
    return [one.name for one in _named(text)]


SURE = 1.0
"""Of this likeness, a name is one of a person; below it may be that of a country that "said" something."""


def people(question: str, who: str, answer: str, *, answer_first: bool = False) -> dict[str, float]:
    """The persons that a question and its answer name, the likeliest first, with how likely they are.

    `who` is the one whose words the question wants ("" for none); `answer_first` where the question asks who.
    """
    asked, told = list(_named(question)), list(_named(_MARKER.sub("", answer)))
    family = {one.name.split()[-1] for one in (*asked, *told) if " " in one.name}
    scores: dict[str, float] = {}
    for one in (*told, *asked) if answer_first else (*asked, *told):
        sure = _likeness(one) + (one.person in family)
        scores[one.person] = max(scores.get(one.person, 0.0), sure)
    for name in {one.person for one in asked if not answer_first}:
        if scores[name] >= SURE:
            scores[name] += 1 + 2 * (name in who)
    return {name: scores[name] for name in sorted(scores, key=lambda name: -scores[name]) if scores[name]}


def _likeness(one: Named) -> float:
    """How much like a person: 0 is none."""
    if one.describes or _BODY.search(one.person) or not read_name(one.name).surname:
        return 0.0
    if _PLACE_BEFORE.search(one.before) or re.search(r"\b[Tt]he $", one.before):
        return 0.0
    return 1.0 * (" " in one.person) + 0.9 * one.speaks + 1.5 * bool(_TITLE_BEFORE.search(one.before))


def _named(text: str) -> Iterator[Named]:
    for found in _NAME.finditer(text):
        start, name = found.start(), found.group()
        while name and name.split()[0].lower() in _NOT_NAMES:
            _, _, name = name.partition(" ")
            start = found.end() - len(name)
        if name:
            bare = _POSSESSIVE.sub("", name)
            yield Named(bare, text[:start], text[found.end() :])
