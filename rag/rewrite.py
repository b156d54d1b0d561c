"""A follow-up and the conversation to a question that stands alone, by rules and without a model.

Resolves "he", "it", "there" and "what about X" against the last question (and, for people, the
last answer). A question that already stands alone comes back unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.words import word_set
from rag.types import Turn

_PERSON = r"(?P<he>he|she|him|her|his|hers|they|them|their)"
_LEADING = re.compile(r"^(?:and|but|so|also|ok|okay|then|well)\b[, ]*", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^(?:and |but |so )?(?:what|how) about (?P<what>.+?)[?.! ]*$", re.IGNORECASE)
_BARE = re.compile(
    r"^(?:why|when|where|how|who|how many|how much|really|and)(?: (?:so|not|then|exactly))?[?.! ]*$",
    re.IGNORECASE,
)
_HE = re.compile(rf"\b{_PERSON}\b", re.IGNORECASE)
_IT = re.compile(
    r"\b(?P<it>it|this|that|its|these|those)\b(?! (?:is|was|be) (?:\w+ )?(?:that|to)\b)", re.IGNORECASE
)
_OF_THEM = re.compile(r"\b(?:of|about|to|on|with|for|against) (?P<it>them|these|those)\b", re.IGNORECASE)
_ASKS_WHO = re.compile(r"^(?:and |but |so )?who\b", re.IGNORECASE)
_THERE = re.compile(r"\bthere\b(?! (?:is|are|was|were|any|been|be)\b)", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-Z][\w’'-]*)(?: (?:(?:of|the|de|van|von|al) )?[A-Z][\w’'-]*)*")
_ABOUT = re.compile(r"\b(?:about|on|of|regarding|to|over|for|at|with|against)\b (?P<topic>[^?.!,]+?)[?.! ]*$")
_WHAT_IS = re.compile(r"^(?:what|who) (?:is|are|was|were) (?P<topic>[^?.!,]+?)[?.! ]*$", re.IGNORECASE)
_NOT_NAMES = word_set(
    """
    what who when where why how which did does do is was are were has have had can could will would
    the a an and but so in on at i it he she they
    """
)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """`question` made to stand alone; unchanged when there is no history or nothing to resolve."""
    asked = [turn.content for turn in history if turn.role == "user"]
    if not asked:
        return question
    before = asked[-1]
    answers = [turn.content for turn in history if turn.role == "assistant"]
    about = _WHAT_ABOUT.match(question)
    if about:
        return _swap(before, about["what"]) or f"{before.rstrip(' ?')}: {question}"
    if _BARE.match(question):
        return f"{question.rstrip('?!. ')} {_statement(before)}?"
    text = _LEADING.sub("", question)
    text = _resolve_person(text, before, answers[-1] if answers else "")
    text = _resolve_thing(text, before)
    return text[:1].upper() + text[1:] if text != question else question


def _resolve_person(text: str, before: str, answer: str) -> str:
    pronoun = _HE.search(text)
    if not pronoun or _OF_THEM.search(text) or _people(text[: pronoun.start()]):
        return text
    told = _people(re.split(r"\[\d+\]", answer)[0])
    named = told + _people(before) if _ASKS_WHO.match(before) else _people(before) + told
    if not named:
        return text
    possessive = pronoun.group().lower() in ("his", "her", "hers", "their") and bool(
        re.match(r" [a-z]", text[pronoun.end() :])
    )
    return text[: pronoun.start()] + named[0] + ("'s" if possessive else "") + text[pronoun.end() :]


def _resolve_thing(text: str, before: str) -> str:
    found = _OF_THEM.search(text) or _IT.search(text)
    if found and not _determines(found["it"], text[found.end() :]):
        topic = _topic(before)
        if not topic:
            return f"{text.rstrip('?!. ')} ({_statement(before)})?"
        ending = "'s" if found["it"].lower() == "its" else ""
        return text[: found.start("it")] + topic + ending + text[found.end() :]
    there = _THERE.search(text)
    place = re.search(
        r"\b(?:in|at|to|from|near) (?P<place>(?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)", before
    )
    if there and place:
        return text[: there.start()] + "in " + place["place"] + text[there.end() :]
    return text


def _determines(word: str, rest: str) -> bool:
    """Whether "this" or "that" goes with what follows ("that week", "says that Kyiv")."""
    return word.lower() in ("this", "that", "these", "those") and bool(re.match(r"\s+\w", rest))


def _topic(question: str) -> str:
    """What the question before was about: the words after "about", "of", "to" …, or whom it asks after."""
    found = _ABOUT.search(question) or _WHAT_IS.match(question)
    return found["topic"].strip() if found else ""


def _people(text: str) -> list[str]:
    names = [m.group() for m in _NAME.finditer(text)]
    return [n.removesuffix("'s").removesuffix("’s") for n in names if n.split()[0].lower() not in _NOT_NAMES]


def _swap(before: str, new: str) -> str:
    """The question before with its first name replaced: "What about Kyiv?"."""
    names = _people(before)
    return before.replace(names[0], new, 1) if names and new[:1].isupper() else ""


def _statement(question: str) -> str:
    return re.sub(
        r"^(?:what|who|when|where|why|how|which)\b ?", "", question.rstrip("?!. "), flags=re.IGNORECASE
    )
