"""Questions to begin with, made from the archive's own articles; only those that get an answer.

A sentence in which a named person speaks of something the headline names becomes "What did Dmitry
Peskov say about the grain deal?". It is offered when the assistant, asked it, cites that very
article. English articles only; others give no examples. It does not know the page.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from index.errors import OnrecordError
from index.sentences import sentences
from index.speakers.names import read_name
from index.types import Article
from index.words import STOPWORDS
from rag.speech import full_name, read_speech

if TYPE_CHECKING:
    from rag.assistant import Assistant

MAX_ARTICLES = 60
MAX_TRIES = 24
MAX_CHARS = 12_000
_LAST = r"(?:(?:de|van|von|der|al|bin) )?[A-Z][\w’'-]+$"
_PERSON = re.compile(rf"[A-Z][\w’'-]+ {_LAST}")
_THREE_NAMES = re.compile(rf"[A-Z][\w’'-]+ [A-Z][\w’'-]+ {_LAST}")
_AFTER = (
    r"(?=[,.;:”\"?]|$| (?:of|in|on|to|for|from|with|by|at|that|which|who|is|are|was|were|will|would|had|has|"
    r"have|could|can|must|and|or|as|should|may|might|did|does|but|until|before|after|because|if|when)\b)"
)
_THING = re.compile(
    r"\b(?P<topic>(?:the|a|an) (?:(?!(?:of|and|or|to|in|on|for|with|that|not|is|was|are|were|be|has|had)\b)"
    rf"[a-zA-Z-]+ )?(?P<noun>[a-z-]{{4,}}))\b{_AFTER}"
)
_PLACE = re.compile(
    r"\b[a-z]+,? (?P<topic>(?P<noun>[A-Z][a-z]{3,}))\b(?<!ian)(?<!can)(?<!ish)(?<!ese)" + _AFTER
)
_BODY = re.compile(
    r"(?:Agency|Association|Committee|Commission|Council|County|Court|Department|Group|Ministry|Nations|"
    r"Organi[sz]ation|Party|Service|Society|Times|Union|University|Health|Press|Post)\b"
)
_LAST_WORD = re.compile(r"\w+\Z")
_LONGEST_WORD = 40
_NO_NAME = STOPWORDS | {"neither", "although", "another"}
_VAGUE = re.compile(
    r"(?:times?|things?|fact|case|same|others?|people|person|world|moment|first|last|next|past|future|matters?|"
    r"questions?|reporters?|journalists?|statement|interview|conference|idea|issues?|rest|most|more|only|very|"
    r"end|beginning|week|month|years?|days?|hours|morning|evening|night|afternoon|way|places?|sides?|kind|parts?|"
    r"group|number|president|leaders?|minister|spokes\w+|government|country|situation|could|would|should|"
    r"\w+(?:ly|ing|ed)|\w+day|january|february|march|april|june|july|august|september|october|november|december)",
    re.IGNORECASE,
)


def topics(sentence: str, title: str) -> Iterator[str]:
    """What the sentence speaks of that the headline names: "the grain deal", then "Kherson"."""
    words = {word.casefold().removesuffix("s") for word in re.findall(r"[\w-]{4,}", title)}
    for pattern in (_THING, _PLACE):
        for match in pattern.finditer(sentence):
            noun = match["noun"].casefold()
            if noun.removesuffix("s") in words and not _VAGUE.fullmatch(noun):
                yield re.sub(r"^(?:a|an) ", "the ", match["topic"])


def person_in(speaker: str, text: str) -> str:
    """The name of the speaker without titles; empty when it may be a body or no name at all.

    Of more than two names all are kept where a title stands before them: else the first may be one itself.
    """
    shown = read_name(speaker).shown
    three = _THREE_NAMES.search(shown)
    found = three if three and _has_title(three[0], f"{speaker}\n{text}") else _PERSON.search(shown)
    if not found or _BODY.search(found[0]) or re.search(rf"\b[Tt]he {re.escape(found[0])}", text):
        return ""
    words = found[0].removesuffix("’s").removesuffix("'s").split()
    return "" if any(word.isupper() or word.casefold() in _NO_NAME for word in words) else " ".join(words)


def _has_title(name: str, text: str) -> bool:
    # From the name backwards: a pattern that begins with a word takes hours over a line of a million letters.
    places = (found.start() for found in re.finditer(rf" {re.escape(name)}\b", text))
    befores = (_LAST_WORD.search(text[max(0, at - _LONGEST_WORD) : at]) for at in places)
    return any(read_name(f"{one} {name}").shown == name for one in {one[0] for one in befores if one})


def fits(name: str, topic: str, text: str) -> bool:
    """Whether one may ask what the person said about the topic: it is neither the person nor its own body."""
    return topic not in name and not _is_own(name, topic, text)


def _is_own(name: str, topic: str, text: str) -> bool:
    """Whether the text calls the person one of that body: "Kremlin spokesman Dmitry Peskov"."""
    family, noun = re.escape(name.split()[-1]), re.escape(topic.split()[-1])
    before = rf"\b{noun}(?:[’']s)?(?: [a-z-]+){{1,3}}(?: [A-Z][\w’'-]+){{0,2}} {family}\b"
    return bool(re.search(rf"{before}|\b{family}, (?:[\w’'-]+ ){{1,6}}{noun}\b", text))


def question_about(name: str, topic: str, text: str) -> str:
    """What to ask of a person and a thing; with the article that the thing has in `text`."""
    the = "the " if re.search(rf"\bthe {re.escape(topic)}\b{_AFTER}", text) else ""
    return f"What did {name} say about {the}{topic}?"


def questions_in(article: Article) -> list[str]:
    """Questions that sentences of the article answer; those about a thing before those about a place."""
    text, found = article.text[:MAX_CHARS], []
    spans = sentences(text)
    for span, speech in zip(spans, read_speech(text, spans), strict=True):
        name = person_in(full_name(speech.speaker, text), text) if speech.named else ""
        found_topics = topics(span.of(text), article.title)
        topic = next((one for one in found_topics if name and fits(name, one, text)), "")
        if name and topic:
            found.append(question_about(name, topic, text))
    return sorted(found, key=lambda one: " about the " not in one)


def candidates(assistant: Assistant) -> Iterator[tuple[str, str]]:
    """Article ids with one question each, from articles spread over the newest ones."""
    entries, _ = assistant.archive.list(limit=MAX_ARTICLES * 10)
    step = max(1, len(entries) // MAX_ARTICLES)
    people: set[str] = set()
    for entry in entries[::step]:
        article = assistant.archive.article(entry.id)
        fresh = (one for one in questions_in(article) if one.split(" say about ")[0] not in people)
        question = next(fresh, None)
        if question and article.language in (None, "en"):
            yield article.id, question
            people.add(question.split(" say about ")[0])


def example_questions(assistant: Assistant, n: int = 4) -> tuple[str, ...]:
    """At most `n` questions that the assistant answers from the articles they were made of."""
    found: list[str] = []
    for tries, (article_id, question) in enumerate(candidates(assistant)):
        if len(found) == n or tries == MAX_TRIES:
            break
        answer = assistant.quote(question, asked=date.today())
        if article_id in {citation.head.id for citation in answer.citations}:
            found.append(question)
    return tuple(found)


class Examples:
    """The examples of an archive, made once and again after it has changed; safe with threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._made: tuple[str, ...] = ()
        self._state: object = None

    @property
    def made(self) -> tuple[str, ...]:
        """Those made last, at once; the archive may have changed since."""
        return self._made

    def questions(self) -> tuple[str, ...]:
        """The examples; making them takes a while. None while the archive cannot be asked."""
        with self._lock:
            try:
                info = self._assistant.archive.info()
                state = (info["articles"], info["passages"])
                if state != self._state:
                    self._made = example_questions(self._assistant)
                    self._state = state
            except OnrecordError:
                return ()
            return self._made
