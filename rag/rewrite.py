"""A follow-up and the conversation to a question that stands alone, by rules and without a model.

Resolves "he", "it", "there", "what about X" and what is left out ("And how did Kyiv react?") against the
last question as it was completed and, for people, its answer. A question that already stands alone comes
back unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.people import SURE, names_in, people
from rag.question import Reading, read_question
from rag.types import Turn

_LEADING = re.compile(r"^(?:and|but|so|also|ok|okay|then|well)\b[, ]*", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^(?:and |but |so )?(?:what|how) about (?P<what>.+?)[?.! ]*$", re.IGNORECASE)
_AND_NAME = re.compile(r"^[Aa]nd (?P<what>(?:the [\w’'-]+|[A-Z][\w’'-]*)(?: [\w’'-]+){0,2})[?.! ]*$")
_BARE = re.compile(
    r"^(?:why|when|where|how|who|how many|how much|really|and)(?: (?:so|not|then|exactly))?[?.! ]*$",
    re.IGNORECASE,
)
_WHEN_THAT = re.compile(
    r"^(?:and )?(?P<wanted>when|where|why) (?:is|was|were|did) (?:that|this|it)"
    r"(?: (?:be|happen|happened|said))?[?.! ]*$",
    re.IGNORECASE,
)
_WHO_SAYS_SO = re.compile(
    r"^(?:and |but )?(?:who (?:says|said|claims|claimed|reports|reported|told (?:you|them))"
    r"(?: (?:so|that|this|it))?|says who|according to (?:whom|who))[?.! ]*$",
    re.IGNORECASE,
)
_ONE_PERSON = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:they|them|their)\b", re.IGNORECASE)
_OWNING = frozenset(("his", "her", "hers", "their"))
_IT = re.compile(
    r"\b(?P<it>it|this|that|its|these|those)\b(?! (?:is|was|be) (?:\w+ )?(?:that|to)\b)", re.IGNORECASE
)
_SAID_IT = re.compile(
    r"\b(?P<cue>say|says|said|tell|told|think|thinks|thought|mean|claim|suggest|announce|propose|warn) "
    r"(?P<it>it|this|that|so)[?.! ]*$",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\w,? (?:and|but|or|because|since|if|when|while) (?:why|how|what|where|when|does|do|did|is|was|can|"
    r"could|should|will|would|i|you|we)\b",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"\b(?:of|about|to|on|with|for|against) (?P<it>them|these|those)\b", re.IGNORECASE)
_ASKS_WHO = re.compile(r"^(?:and |but |so )?who\b", re.IGNORECASE)
_THERE = re.compile(r"\bthere\b(?! (?:is|are|was|were|any|been|be)\b)", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:in|at|to|from|near) (?P<place>(?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)")
_ABOUT = (
    re.compile(r"\b(?:about|regarding|concerning)\b (?:this: )?(?P<topic>[^?.!]+?)[?.! ]*$"),
    re.compile(r"\b(?:on|of|to|over|for|at|with|against)\b (?:this: )?(?P<topic>[^?.!,]+?)[?.! ]*$"),
    re.compile(r"^(?:what|who) (?:is|are|was|were) (?P<topic>[^?.!,]+?)[?.! ]*$", re.IGNORECASE),
)
_ADDED = re.compile(r" \((?P<what>[^()]*)\)\?$")
_OPEN_ENDED = re.compile(
    r"^(?:what|how|why)(?: else)? (?:did|does|do|has|have) .+? "
    r"(?:(?P<to>react|reacted|respond|responded|reply|replied|answer|answered)|say|said|think|comment|thought)"
    r"(?: then| next)?[?.! ]*$",
    re.IGNORECASE,
)
_WHO = re.compile(r"^who (?!says|said|is|are|was|were|did|does)", re.IGNORECASE)
_ASKING = re.compile(
    r"^(?:who (?:says|said)(?: that)?|how many|how much|what|who|when|where|why|how|which)\b"
    r"(?: was it that\b)? ?(?:(?:did|does|do) )?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Before:
    """The question before, standing alone, its answer, and what was before that."""

    question: str
    answer: str = ""
    earlier: Before | None = None

    @property
    def reading(self) -> Reading:
        """The question as read."""
        return read_question(self.question)

    @property
    def topic(self) -> str:
        """What it was about: the words after "about", "of", "to" …, or whom it asks after; "" if unclear."""
        if _ADDED.search(self.question):
            return ""
        found = next((match for pattern in _ABOUT if (match := pattern.search(self.question))), None)
        return found["topic"].strip() if found else ""

    @property
    def matter(self) -> str:
        """Its topic; else, where somebody's words were asked for, those; else "" ."""
        return self.topic or (f"what {self.reading.who} said" if self.reading.who else "")

    @property
    def statement(self) -> str:
        """Its words without those that make them a question; what was added to it instead, if anything."""
        added = _ADDED.search(self.question)
        bare = self.question.rstrip("?!. ")
        return added["what"] if added else _ASKING.sub("", _WHO.sub("someone ", bare))


def standalone(question: str, history: Sequence[Turn]) -> str:
    """`question` made to stand alone; unchanged when there is no history or nothing to resolve."""
    before: Before | None = None
    for turn in history:
        if turn.role == "user":
            before = Before(_complete(turn.content, before) if before else turn.content, earlier=before)
        elif before:
            before = replace(before, answer=turn.content)
    return _complete(question, before) if before else question


def _complete(question: str, before: Before) -> str:
    other = _AND_NAME.match(question)
    new = other or _WHAT_ABOUT.match(question)
    if new:
        swapped = _swap(before, new["what"], speaks=new is other)
        return swapped or f"{before.question.rstrip(' ?')}: {question}"
    if _WHO_SAYS_SO.match(question):
        return _who_says(before)
    when = _WHEN_THAT.match(question)
    if when:
        return _when(when["wanted"].capitalize(), before)
    if _BARE.match(question):
        return f"{question.rstrip('?!. ')} {before.statement}?"
    text = _LEADING.sub("", question)
    text = _resolve_person(text, before)
    text = _add_topic(_resolve_thing(text, before), before)
    return text[:1].upper() + text[1:] if text != question else question


def _who_says(before: Before) -> str:
    """ "Who says so?": of somebody's words the answer is the same, of what was told it is who told it."""
    return before.question if before.reading.who else f"Who said that {before.statement}?"


def _when(wanted: str, before: Before) -> str:
    """ "When was that?" of words or of an event."""
    about = f" about {before.topic}" if before.topic else ""
    if before.reading.who:
        return f"{wanted} did {before.reading.who} say that{about}?"
    return f"{wanted} was it that {before.statement}?"


def _resolve_person(text: str, before: Before) -> str:
    pronoun = _ONE_PERSON.search(text) or _SEVERAL.search(text)
    if not pronoun or _OF_THEM.search(text) or names_in(text[: pronoun.start()]):
        return text
    named = names_in(before.question) if _SEVERAL.fullmatch(pronoun.group()) else []
    named = named or _people(before)
    if not named:
        return text
    owning = pronoun.group().lower() in _OWNING and bool(re.match(r" [a-z]", text[pronoun.end() :]))
    return text[: pronoun.start()] + named[0] + ("'s" if owning else "") + text[pronoun.end() :]


def _people(before: Before | None) -> list[str]:
    """Whom "he" may be, the likeliest first: sure persons of the last turn that names any, else others."""
    unsure: list[str] = []
    while before:
        asks_who = bool(_ASKS_WHO.match(before.question))
        found = people(before.question, before.reading.who, before.answer, answer_first=asks_who)
        if any(likeness >= SURE for likeness in found.values()):
            return list(found)
        unsure = unsure or list(found)
        before = before.earlier
    return unsure


def _resolve_thing(text: str, before: Before) -> str:
    said = _SAID_IT.search(text)
    if said:
        about = f" about {before.topic}" if before.topic else ""
        return f"{text[: said.start('it')]}that{about}?"
    found = _OF_THEM.search(text) or _IT.search(text)
    if (
        found
        and not _determines(found["it"], text[found.end() :])
        and not _JOINED.search(text[: found.end()])
    ):
        if not before.matter:
            return f"{text.rstrip('?!. ')} ({before.statement})?"
        ending = "'s" if found["it"].lower() == "its" else ""
        return text[: found.start("it")] + before.matter + ending + text[found.end() :]
    there, place = _THERE.search(text), _PLACE.search(before.question)
    if there and place:
        return text[: there.start()] + "in " + place["place"] + text[there.end() :]
    return text


def _determines(word: str, rest: str) -> bool:
    """Whether "this" or "that" goes with what follows ("that week", "says that Kyiv")."""
    return word.lower() in ("this", "that", "these", "those") and bool(re.match(r"\s+\w", rest))


def _add_topic(text: str, before: Before) -> str:
    """What another's words or reaction are about, where the question leaves it out."""
    found = _OPEN_ENDED.match(text)
    if not found or (not found["to"] and read_question(text).who == before.reading.who):
        return text
    link = "to" if found["to"] else "about"
    return f"{text.rstrip('?!. ')} {link} {before.matter or f'this: {before.statement}'}?"


def _swap(before: Before, new: str, *, speaks: bool) -> str:
    """The question before about another: its speaker, its first name or its topic replaced.

    `speaks` where it can only be the speaker: "And the mayor?".
    """
    who, names = before.reading.who, names_in(before.question)
    named = speaks or bool(re.match(r"(?:the )?[A-Z]", new))
    if who and not named:
        return before.question.replace(before.topic, new, 1) if before.topic else ""
    old = who or (names[0] if names else "")
    return before.question.replace(old, new, 1) if old and named else ""
