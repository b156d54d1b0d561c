"""Whom the words of a source stand for: a name for "Schiff", "he", "the Belarusian leader", "its statement".

By rules over the names of one article, and silent when they do not tell. Knows nothing of how sources are
found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.attribution.mentions import Mention, Mentions
from index.attribution.roles import BODY, FEMALE, GENERAL, LEADERS, MALE, PAPERS, PLAIN_TRAITS, is_role
from index.types import Span
from index.words import stem, word_set

_HE, _SHE = word_set("he his him himself"), word_set("she her hers herself")
_IT, _THEY = word_set("it its itself"), word_set("they their them themselves")
_REACH = 600
_CLOSE = 250
_NEXT = 60
_FEW = 3
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_APART = re.compile(r"[,(]")
_OWNS = re.compile(r"[’']s? ")
_LEAD = re.compile(r"\W*(?:(?:[^,.;:\n]{1,40}, )?(?:\w+[ -]){0,3})")
_NOT_ALONE = re.compile(r"[’'](?:s |s?\W)| and\b|, ")
_AND = re.compile(r"\band\b")
_OF = re.compile(r"(?<!-)\b(?:by|from|of|at|for|in|to|with|on)\b(?!-)")


@dataclass(slots=True)
class _Said:
    """The one who spoke last: name, where the words that named him end."""

    name: str
    place: int
    body: bool


class Referents:
    """Resolves the sources of one article, in the order in which they stand in it."""

    def __init__(self, mentions: Mentions, quoted: Sequence[Span]) -> None:
        """`quoted` are the quotations of the text: names in them are no antecedents."""
        self._mentions = mentions
        self._text = mentions.text
        self._quoted = quoted
        self._last: list[_Said] = []

    def resolve(self, source: Span | None) -> str:
        """The name that a source stands for, "" when unsure. Remembers it for the pronouns that follow."""
        if source is None:
            return ""
        name, body = self._named(source)
        if name:
            self._last.append(_Said(name, source.end, body))
        return name

    def _named(self, source: Span) -> tuple[str, bool]:
        """The name, and whether it is a body's."""
        words = [word.group() for word in _WORD.finditer(source.of(self._text))]
        if not words:
            return "", False
        first = words[0].lower()
        if len(words) == 1 and first in _HE | _SHE:
            return self._person(source.start, "m" if first in _HE else "f"), False
        if first in ("who", "that", "which"):
            near = self._mentions.before(source.start, _NEXT)
            fits = near and (first != "who" or self._mentions.is_person(near[0]))
            return self._full(near[0]) if fits else ("", False)
        if len(words) == 1 and first in _IT | _THEY:
            return self._body(source.start), True
        apposed = self._apposed(source)
        if apposed:
            return self._full(apposed)
        inner = self._mentions.within(source) or self._mentions.around(source)
        if inner and (found := self._by_name(source, inner)):
            return found
        if first in _HE | _SHE and words[-1].lower() in PAPERS:  # "his statement"
            return self._person(source.start, "m" if first in _HE else "f"), False
        return self._described(source, words)

    def _by_name(self, source: Span, inner: Sequence[Mention]) -> tuple[str, bool] | None:
        """The name in a source: of several the one that the words around make its head."""
        stop = source.start + len(_APART.split(source.of(self._text), maxsplit=1)[0])
        leading = [one for one in inner if one.span.start < stop] or list(inner)
        one = leading[0]
        owned = _OWNS.match(self._text, one.span.end, source.end)
        if owned:
            return self._owned(one, leading[1:], Span(owned.end(), max(stop, owned.end() + 1)))
        before = self._text[source.start : one.span.start]
        if _OF.search(before):  # "a spokesman for X" is not X, "a statement by X" is
            nouns = _WORD.findall(_OF.split(before)[0])
            return self._full(one) if nouns and nouns[-1].lower() in PAPERS else None
        heads = [m for m in leading if not _OF.search(self._text[one.span.end : m.span.start])]
        last = next((m for m in reversed(heads) if self._mentions.is_person(m)), heads[-1])
        if last is not one and (self._mentions.is_person(last) or not _AND.search(before)):
            return self._full(last)
        tail = _WORD.findall(self._text[one.span.end : stop])
        if tail and tail[-1][0].islower():  # "Trump campaign", "Clinton aides", "Russian officials"
            named = tail[-1].lower() in BODY and not _OF.search(self._text[one.span.end : stop])
            return (f"{one.name} {' '.join(tail)}", True) if named and len(tail) == 1 else None
        return self._full(one)

    def _apposed(self, source: Span) -> Mention | None:
        """The person named right behind a description and a comma: "the head of the ministry, A B"."""
        told = _APART.split(source.of(self._text), maxsplit=1)[0]
        stop = source.start + len(told)
        if (
            not told
            or self._text[stop : stop + 2] != ", "
            or any(self._mentions.is_person(one) for one in self._mentions.within(Span(source.start, stop)))
        ):
            return None
        one = next(iter(self._mentions.within(Span(stop, min(len(self._text), stop + _NEXT)))), None)
        head, *rest = ([word.lower() for word in _WORD.findall(part)] for part in _OF.split(told))
        if one is None or one.span.start != stop + 2 or not head or not is_role(head[-1]):
            return None
        closed = one.span.end == source.end or self._text[one.span.end : one.span.end + 1] in (",", "")
        whose = any(is_role(word) for words in rest for word in words)  # "the wife of the mayor, A B"
        return one if closed and not whose and self._mentions.is_person(one) else None

    def _owned(self, owner: Mention, others: Sequence[Mention], rest: Span) -> tuple[str, bool] | None:
        """Whom "X’s ..." stands for: a name that follows, a body of X's, or X where a paper speaks for it."""
        words = _WORD.findall(rest.of(self._text))
        person = next((m for m in others if self._mentions.is_person(m) and rest.holds(m.span)), None)
        if person and not _OF.search(self._text[rest.start : person.span.start]):
            return self._full(person)
        if not words or words[-1].lower() in PAPERS or words[0].lower() in PAPERS:
            return self._full(owner)
        if others and others[0].is_body and rest.holds(others[0].span):
            return self._text[owner.span.start : others[0].span.end], True
        if words[-1].lower() in BODY:
            named = rest.of(self._text).rstrip(" ,") if len(words) <= _FEW else words[-1]
            return self._text[owner.span.start : rest.start] + named, True
        return None

    def _full(self, one: Mention) -> tuple[str, bool]:
        if self._mentions.is_person(one):
            return self._mentions.fullest(one.words), False
        if one.is_people and self._mentions.is_there(one):
            return "", False
        there = self._mentions.is_there(one)
        return (self._mentions.owned(one) if one.is_body else one.name), one.is_body or there

    def _person(self, place: int, gender: str) -> str:
        """Whom "he" or "she" at a place stands for."""
        sentence = self._mentions.sentence_start(place)
        before = self._mentions.sentence_start(max(0, sentence - 1))
        fitting = [one for one in self._persons(place, _REACH) if self._fits(one.name, gender)]
        own = [one for one in fitting if one.span.start >= sentence]
        if own:
            return self._mentions.fullest(own[-1].words)  # the subject comes first
        subjects = [one for one in fitting if before <= one.span.start < sentence]
        spoke = next((one for one in reversed(self._last) if not one.body), None)
        if spoke is None or not self._fits(spoke.name, gender):
            spoke = None
        if subjects and (
            spoke is None
            or sentence - spoke.place > _CLOSE
            or (spoke.place <= before and self._leads(subjects[-1], Span(before, sentence)))
        ):
            return self._mentions.fullest(subjects[-1].words)
        if spoke and place - spoke.place <= 2 * _REACH:
            return spoke.name
        names = {self._mentions.fullest(one.words) for one in fitting}
        sure = {name for name in names if self._mentions.gender(name) == gender}
        return names.pop() if len(names) == 1 else sure.pop() if len(sure) == 1 else ""

    def _leads(self, one: Mention, sentence: Span) -> bool:
        """Whether a mention is the only subject of a sentence that ends its paragraph or goes on in it: it
        begins it, after titles or a day at most, and owns nothing there."""
        lead, rest = self._text[sentence.start : one.span.start], self._text[one.span.end : sentence.end]
        if "\n" in rest or _NOT_ALONE.match(rest) or not _LEAD.fullmatch(lead):
            return False
        return not _OF.search(lead.rpartition(",")[2])  # "the plan of A B was dismissive" is not of A B

    def _fits(self, name: str, gender: str) -> bool:
        return self._mentions.gender(name) in ("", gender)

    def _is_quoted(self, one: Mention) -> bool:
        return any(span.holds(one.span) for span in self._quoted)

    def _body(self, place: int) -> str:
        spoke = self._last[-1] if self._last else None
        return spoke.name if spoke and spoke.body and place - spoke.place <= _REACH else ""

    def _described(self, source: Span, words: Sequence[str]) -> tuple[str, bool]:
        """Whom a description such as "the Belarusian leader" stands for."""
        first, *rest = _OF.split(_APART.split(source.of(self._text), maxsplit=1)[0])
        phrase = _WORD.findall(first)
        if len(phrase) < 2 or phrase[0].lower() not in ("the", "his", "her", "their", "its"):
            return "", False
        head, traits = phrase[-1].lower(), [w for w in phrase[1:-1] if w.lower() not in PLAIN_TRAITS]
        traits += [word for part in rest for word in _WORD.findall(part) if word[0].isupper()]
        if head.endswith("s") and head not in BODY and not head.endswith("ss"):
            return "", False
        if head in BODY:
            name = self._body_of(source.start, head, traits)
            own = " ".join(phrase[1:]) if any(word[0].isupper() for word in phrase[1:2]) else ""
            return name or own, True
        return self._role_of(source.start, head, traits), False

    def _body_of(self, place: int, head: str, traits: Sequence[str]) -> str:
        for one in self._mentions.before(place, len(self._text)):
            name = self._mentions.owned(one)
            told = _WORD.findall(name)
            if head in name.lower().split() and all(any(_akin(t, word) for word in told) for t in traits):
                return name
        return ""

    def _role_of(self, place: int, head: str, traits: Sequence[str]) -> str:
        """The person whose role, told anywhere before or soon after, has the head word and the traits."""
        gender = "m" if head in MALE else "f" if head in FEMALE else ""
        found: dict[str, int] = {}
        for one in self._persons(place):
            told = _WORD.findall(one.told)
            heads = any(stem(word) == stem(head) for word in told)
            if not heads and (head in GENERAL or head in LEADERS):
                heads = any(word in LEADERS for word in told)
            if heads and all(any(_akin(trait, word) for word in told) for trait in traits):
                name = self._mentions.fullest(one.words)
                found[name] = found.get(name, 0) + 1
        fitting = [name for name in found if not gender or self._fits(name, gender)]
        if len(fitting) == 1:
            return fitting[0]
        spoke = next((one for one in reversed(self._last) if not one.body), None)
        if spoke and place - spoke.place <= _CLOSE and (not fitting or spoke.name in fitting):
            alone = {self._mentions.fullest(one.words) for one in self._persons(place, _REACH)}
            if spoke.name in fitting or (not traits and is_role(head) and alone <= {spoke.name}):
                return spoke.name
        return ""

    def _persons(self, place: int, most: int | None = None) -> Iterator[Mention]:
        reach = len(self._text) if most is None else most
        for one in self._mentions.before(place, reach):
            if self._mentions.is_person(one) and not self._is_quoted(one):
                yield one


def _akin(trait: str, word: str) -> bool:
    """Whether two words tell the same trait: the same stem, or a country and its people."""
    a, b = trait.lower(), word.lower()
    return stem(a) == stem(b) or (min(len(a), len(b)) >= 5 and a[:5] == b[:5])
