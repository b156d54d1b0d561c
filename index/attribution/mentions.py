"""The names in one article: where they stand, with which role, and their fullest form.

Capitals tell names; what stands beside them tells roles. Nothing is known of any name beforehand, but those
of places and peoples, which are no persons. Knows nothing of who says what.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.attribution.places import is_people, is_place
from index.attribution.roles import BODY, CALENDAR, CROWDS, FEMALE, MALE, NO_NAME, NO_TITLES, OPENERS, TITLES
from index.types import Span

_PARTICLE = r"(?:of|the|de|da|del|der|van|von|al|bin|ibn|el|la|le|di|du)"
_SHORT = r"(?:Mrs?|Ms|Dr|Prof|Sens?|Reps?|Gov|Gen|Adm|Col|Lt|Maj|Capt|Sgt|St)\."
_WORD = rf"(?:{_SHORT}|(?:[A-Z]\.)+|(?:[A-Z][’'])?[^\W\d_a-zß-öø-ÿ]\w*(?:-\w+)*)"
_RUN = re.compile(rf"\b{_WORD}(?:(?: {_PARTICLE}){{0,2}} {_WORD})*")
_DID = r"(?:was|is|has|had|did|came|gave|got|held|kept|left|made|met|put|saw|spoke|took|went|won|[a-z]{3,}ed)"
_THEN_HE = re.compile(rf" {_DID} [^.!?\n]{{1,160}}[.!?][”\"]? (?:He|She)\b")
_NOT_HIS = re.compile(r"\b(?:of|for|to|by|with|from)\b")
_PLACED = re.compile(r" (?:in|into|across|outside|inside|within|near|throughout) (?:the )?$")
_BEFORE = re.compile(r"(?:[\w’'-]+ ){1,5}$")
_APPOSED = re.compile(
    r"(?:, (?:\d+, )?|\s\()(?!(?:who|which|and|but|said|says|the day|however)\b)"
    r"([^,;.()“”\"\n]{3,90})(?=[,).]|$)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands in the text. `words` are its words without titles and possessive endings, `role`
    what stands before it, "|", and what stands in apposition to it, in lower case."""

    span: Span
    words: tuple[str, ...]
    role: str
    title: str = ""

    @property
    def name(self) -> str:
        """The name on one line."""
        return " ".join(self.words)

    @property
    def told(self) -> str:
        """The words that may tell who it is: the title, else what stands right before, and the apposition."""
        before, _, apposed = self.role.partition("|")
        return f"{self.title or ' '.join(before.split()[-3:])} {apposed}"

    @property
    def is_body(self) -> bool:
        """Whether it is a body, not a person."""
        return any(word.lower() in BODY for word in self.words) or (
            len(self.words) == 1 and len(self.words[0]) > 1 and self.words[0].isupper()
        )

    @property
    def is_people(self) -> bool:
        """Whether it is a people or a party: "Ukrainians", "Russian", "Senate Democrats"."""
        return self.words[-1].lower() in CROWDS or (not self.title and all(map(is_people, self.words)))

    @property
    def is_place(self) -> bool:
        """Whether it is a place by its name."""
        return not self.title and not _is_title(self.words[0]) and is_place(self.words)


class Mentions:
    """The names of one article, in order."""

    def __init__(self, text: str, sentences: Sequence[Span]) -> None:
        self.text = text
        self._opening = {_first_letter(text, sentence) for sentence in sentences}
        common = set(re.findall(r"\b[a-z][\w’'-]*", text))
        self.all = list(_mentions(text, self._opening, common))
        self._starts = [one.span.start for one in self.all]
        self._sentences = [sentence.start for sentence in sentences]

    def within(self, span: Span) -> list[Mention]:
        """Those that lie inside the span, in order."""
        first = bisect_left(self._starts, span.start)
        found = []
        for one in self.all[first:]:
            if one.span.start >= span.end:
                break
            if one.span.end <= span.end:
                found.append(one)
        return found

    def around(self, span: Span) -> list[Mention]:
        """Those that the span is a part of, and those that it touches."""
        return [one for one in self.all if one.span.overlaps(span)]

    def sentence_start(self, place: int) -> int:
        """Where the sentence begins in which a place lies."""
        number = bisect_right(self._sentences, place) - 1
        return self._sentences[number] if number >= 0 else 0

    def is_person(self, one: Mention) -> bool:
        """Whether a mention looks like a person: a title, a full name, or told of as one."""
        if one.is_body or one.words[-1] in self._places:
            return False
        if one.title or self.fullest(one.words) != one.name:
            return True
        return not self.is_there(one) and (len(one.words) > 1 or self._is_told(one))

    def is_there(self, one: Mention) -> bool:
        """Whether a mention is a place or a people: a country may speak, but is not "he"."""
        named = self.fullest(one.words) != one.name
        return not named and (one.is_place or one.is_people or one.words[-1] in self._places)

    def _is_told(self, one: Mention) -> bool:
        """Whether it is called "he" or "she" and named again, or the very next sentence begins so."""
        if self.gender(one.name) == "":
            return False
        opens = one.span.start in self._opening and _THEN_HE.match(self.text, one.span.end)
        return self._told[one.words[-1]] > 1 or bool(opens)

    @cached_property
    def _told(self) -> Counter[str]:
        return Counter(one.words[-1] for one in self.all)

    @cached_property
    def _places(self) -> set[str]:
        """Last words of the names that something happens in, and that no first name precedes."""
        there = (
            one for one in self.all if _PLACED.search(f" {one.role.partition('|')[0]}") and not one.title
        )
        return {one.words[-1] for one in there} - {words[-1] for words in self._full}

    def owned(self, one: Mention) -> str:
        """The name with its owner where that stands right before it: "Ukraine’s Ministry of Defense"."""
        before = self.before(one.span.start, 40)
        if before and self.text[before[0].span.end : one.span.start] in ("’s ", "'s ", "’ ", "' "):
            return self.text[before[0].span.start : one.span.end]
        return one.name

    def before(self, place: int, most: int) -> list[Mention]:
        """Those of the `most` characters before a place, the nearest first."""
        last = bisect_left(self._starts, place)
        first = bisect_left(self._starts, place - most)
        return [one for one in reversed(self.all[first:last]) if one.span.end <= place]

    def fullest(self, words: Sequence[str]) -> str:
        """The fullest form of a name: a bare surname gets the first name that the article gives it.

        Where several full names end alike the one that is given twice as often as the next wins, else the
        bare name stays.
        """
        name = " ".join(words)
        if len(words) > 1:
            return name
        ends = Counter({full: count for full, count in self._full.items() if full[-1] == words[0]})
        if not ends:
            ends = Counter({f: count for f, count in self._full.items() if f[0] == words[0] and count > 1})
        if not ends:
            return name
        best, *others = ends.most_common(2)
        return name if others and best[1] < 2 * others[0][1] else " ".join(best[0])

    @cached_property
    def _full(self) -> Counter[tuple[str, ...]]:
        """Names of two to four words with how often they are given."""
        return Counter(
            one.words
            for one in self.all
            if 2 <= len(one.words) <= 4 and not (one.is_body or one.is_place or one.is_people)
        )

    def gender(self, name: str) -> str:
        """ "m", "f" or "" by titles and by the pronouns that follow where no other name stands between."""
        return self._genders.get(name.split()[-1], "")

    @cached_property
    def _genders(self) -> dict[str, str]:
        told: dict[str, Counter[str]] = {}
        for number, one in enumerate(self.all):
            if one.is_body:
                continue
            votes = told.setdefault(one.words[-1], Counter())
            before, _, apposed = one.role.partition("|")
            close = f"{one.title} {' '.join(before.split()[-1:])} {_NOT_HIS.split(apposed)[0]}"
            titles = set(close.replace(".", "").split())
            votes["m"] += 5 * bool(titles & MALE)
            votes["f"] += 5 * bool(titles & FEMALE)
            after = self.all[number + 1].span.start if number + 1 < len(self.all) else len(self.text)
            follows = self.text[one.span.end : min(after, one.span.end + 160)].lower()
            votes["m"] += len(re.findall(r"\b(?:he|his|him|himself)\b", follows))
            votes["f"] += len(re.findall(r"\b(?:she|her|hers|herself)\b", follows))
        return {
            name: "m" if votes["m"] > votes["f"] else "f"
            for name, votes in told.items()
            if votes["m"] != votes["f"]
        }


def names_person(name: str) -> bool:
    """Whether a name that stands alone may be a person's: it ends in one that is no body, place or people."""
    found = list(_mentions(name, set(), set()))
    last = found[-1] if found else None
    return (
        last is not None
        and last.span.end == len(name)
        and not (last.is_body or last.is_place or last.is_people)
    )


def strip_titles(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands in front of a name up to its last title, and the name; the last word is always a name's."""
    last = max((n for n, word in enumerate(words[:-1]) if _is_title(word)), default=-1)
    return tuple(words[: last + 1]), tuple(words[last + 1 :])


def _is_title(word: str) -> bool:
    """Whether a word titles who is named behind it: "President", "Secretary-General", "vice-president"."""
    parts = word.lower().rstrip(".").split("-")
    return parts[0] in TITLES and parts[-1] in TITLES


def _titles_a_body(titles: Sequence[str], name: Sequence[str]) -> bool:
    """Whether words that look like titles are a part of a body's name: "Defense Department"."""
    if name[0] == "of" or any(word.lower() in BODY for word in name):
        return True
    if "of" in titles[-2:-1]:  # "Secretary of State"
        return False
    return any(word.lower() in BODY for word in titles) and titles[-1].lower() in NO_TITLES | BODY


def _first_letter(text: str, sentence: Span) -> int:
    found = re.search(r"\w", sentence.of(text))
    return sentence.start + (found.start() if found else 0)


def _mentions(text: str, starts: set[int], common: set[str]) -> Iterator[Mention]:
    for run in _RUN.finditer(text):
        start = run.start() + _opening(run.group(), run.start() in starts, common)
        parts = run.group()[start - run.start() :].split()
        while parts and parts[-1].lower().rstrip(".") in CALENDAR:
            parts.pop()
        titles, name = strip_titles(parts) if parts else ((), ())
        if titles and _titles_a_body(titles, name):
            titles, name = (), tuple(parts)
        if not name or len("".join(name).strip(".")) < 2 or (not titles and name[0].lower() in NO_NAME):
            continue
        role = name[-1].lower() in TITLES and not any(word.lower() in BODY for word in name)
        if role:  # "the Belarusian President" names nobody
            continue
        span = Span(start, start + len(" ".join(parts)))
        yield Mention(span, name, "| ".join(words_beside(text, span)).lower(), " ".join(titles).lower())


def _opening(run: str, opens: bool, common: set[str]) -> int:
    """How many characters of a run of capitals are words that only begin a sentence, or a day."""
    cut = 0
    for word in run.split():
        plain = word.lower().rstrip(".,")
        alone = cut + len(word) == len(run)
        begins = opens and cut == 0 and (plain in common if alone else plain.endswith("ing"))
        begins = begins or (opens and alone and plain.endswith(("ing", "ed", "ly")))
        if not (plain in OPENERS or plain in CALENDAR or begins):
            break
        cut += len(word) + 1
    return min(cut, len(run))


def words_beside(text: str, span: Span) -> tuple[str, str]:
    """What may tell the role of a name: up to five words right before it on its line, with the space after
    them, and what stands in apposition to it; each "" where there is none."""
    line = text.rfind("\n", 0, span.start) + 1
    before = _BEFORE.search(text[max(line, span.start - 60) : span.start])
    apposed = _APPOSED.match(text[span.end : span.end + 110])
    return before.group() if before else "", apposed.group(1) if apposed else ""
