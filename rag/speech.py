"""Who speaks in a sentence: quotation ranges, reporting cues, and the name behind "he".

Works on the sentences of one article in order. It finds a speaker only where the words say so
(a name beside a reporting cue, or a pronoun with one name to stand for); otherwise there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.attribution.cues import CUES
from index.types import DateRange, Span
from index.words import tokens, word_set

_CUE = re.compile(rf"\b(?:{CUES})\b")
_LETTER = r"[^\W\d_]"
_NAME = re.compile(
    r"(?:(?:[A-Z][\w’'-]*\.?|[A-Z]\.)(?: (?:of|the|de|van|von|der|al|bin|and|for) (?=[A-Z])| (?=[A-Z])))*"
    r"[A-Z][\w’'-]*"
)
_ROLE_WORDS = (
    "president|minister|spokesperson|spokesman|spokeswoman|leader|ministry|secretary|chancellor|chief|head|"
    "director|general|commander|governor|mayor|senator|ambassador|journalist|analyst|expert|official|officials|"
    "adviser|advisor|politician|dictator|king|queen|prince|pope|professor|author|coach|captain|police|army|"
    "military|government|parliament|court|company|department|agency|party|team|deputy|prime|foreign|defen[cs]e|press"
)
_ROLE = re.compile(rf"\b(?:(?:the|The|a|A|an|An) )?(?:[A-Z][\w’'-]* )*(?:(?i:{_ROLE_WORDS}) ?)+\b")
_PRONOUN = re.compile(r"^(?P<lead>[“\"'‘(]*)(?P<word>He|She|They|His|Her|Their)\b")
_LEADS = re.compile(r"\W*(?:He|She|They)\b")
_REPORTED = re.compile(
    rf"\b(?:[Hh]e|[Ss]he|[Tt]hey) (?:\w+ ){{0,2}}?(?:{CUES})\b|\b(?:{CUES}) (?:he|she|they)\b"
)
_PERSON_NAMED = re.compile(
    rf"\b(?:(?:Mr|Mrs|Ms|Dr)\.? |(?:{_ROLE_WORDS}|President|Minister|Secretary|Chancellor) |[A-Z][a-z]+ )"
    r"[A-Z][a-z]{2,}\b"
)
_NOT_A_PERSON = re.compile(
    r"\b(?:House|States?|Kingdom|Union|Nations|Council|Forces|Army|News|Times|Post|Network|City|County|River|Sea|"
    r"Street|Park|University|College|Court|Party|League|Cup|Church|Bank|Air|Day|New|North|South|East|West|Street)\b"
)
_APPOSITIVE = re.compile(r", (?:who|which|whose|a|an|the|close|one|former)\b[^,]*,")
_AFTER_PREPOSITION = re.compile(
    r"\b(?:of|in|with|from|to|against|by|at|on|for|near|over|about|than) (?:the |a |an )?$", re.IGNORECASE
)
_ROLE_BETWEEN = re.compile(
    rf"(?: [a-z][a-z'’-]*)? (?:{_ROLE_WORDS}|aide|ally|envoy|boss|chair|[a-z]+(?:er|or|man|woman|ist|ian)) "
)
_ENDING = re.compile(r"(?:ing|ly|ed)$")
_PERSON = re.compile(r"\b(?:he|she|they|He|She|They)\b")
_OPEN, _CLOSE = "“«„", "”»"
_MARK = re.compile(rf'[{_OPEN}{_CLOSE}"\n]')
_OUTSIDE = re.compile(rb"\0+")
_LETTERS = re.compile(r"[^\W_]")
_NO_NAME = word_set(
    """
    the a an on in at it its this that these those he she they his her their we our i you but and as
    if when while after before however meanwhile monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december
    there what why who how yes no not both some many most earlier later last next even according
    under during since for from to by with against among simultaneously moreover crucially despite
    although though because still instead nearly about around asked given like unlike once both all
    each few several more less no not only also again almost already always never often sometimes
    perhaps maybe yet so then thus hence therefore nonetheless nevertheless furthermore additionally
    finally eventually ultimately overall officials critics experts analysts authorities police
    sources reports protesters people residents witnesses others anyone someone everyone nobody
    nothing something everything one two three
    """
)


@dataclass(frozen=True, slots=True)
class Speech:
    """What one sentence says of its speaker.

    `quoted` is true when the whole sentence stands inside quotation marks opened before it or at
    its start; `speaker` is the name as the article gives it (with role when it stands beside the
    name), "" when unknown; `named` tells that the name stands in the sentence itself. `said_on` are
    the days on which it was said, None when unknown; `source` are the article's words for the speaker;
    `by_pronoun` tells that they are a pronoun of the sentence.
    """

    quoted: bool
    has_quote: bool
    speaker: str
    named: bool
    said_on: DateRange | None = None
    source: str = ""
    by_pronoun: bool = False


def read_speech(text: str, sentences: Sequence[Span]) -> list[Speech]:
    """The speech of each sentence of one article, in order."""
    depth = _quote_depth(text)
    proper = _proper_words(text, sentences)
    bare = [_without_quotes(text, span, depth) for span in sentences]
    subjects = [_subject(words, proper) for words in bare]
    found: list[Speech] = []
    last = ""
    for i, span in enumerate(sentences):
        quoted = _inside(text, span, depth)
        speaker = subjects[i]
        named = bool(speaker)
        if not named and (_REPORTED.search(bare[i]) or (_LEADS.match(bare[i]) and _CUE.search(bare[i]))):
            speaker = last
        elif not named and quoted:
            speaker = _next_subject(text, sentences, subjects, i) or last
        found.append(Speech(quoted, any(depth[span.start : span.end]), speaker, named))
        last = speaker or _person_in(bare[i]) or last
    return found


def full_name(name: str, text: str) -> str:
    """The fullest form in which `text` gives a name ending in the same word: "Slunkin" -> "Pavel Slunkin"."""
    words = [w for w, _, _ in tokens(name)]
    if not words:
        return name
    family = re.escape(words[-1].removesuffix("'s").removesuffix("’s"))
    forms = re.findall(rf"(?:[A-Z][\w-]+ ){{1,2}}{family}\b", text)
    forms = [f for f in forms if f.split()[0].lower() not in _NO_NAME]
    return min(forms, key=text.find) if forms and len(words) == 1 else name


def same_name(a: str, b: str) -> bool:
    """Whether two stems are spellings of one name: equal, or long and nearly equal."""
    if a == b:
        return True
    if min(len(a), len(b)) < 6 or a[:2] != b[:2] or abs(len(a) - len(b)) > 3:
        return False
    from difflib import SequenceMatcher

    return SequenceMatcher(None, a, b).ratio() >= 0.8


def leading_pronoun(sentence: str) -> re.Match[str] | None:
    """The pronoun a sentence begins with, if it begins with one that stands for a person."""
    return _PRONOUN.match(sentence)


def _quote_depth(text: str) -> bytearray:
    """For each character 1 inside quotation marks (marks included), 0 outside.

    The end of a paragraph closes a quotation; one that goes on opens again with a mark of its own.
    """
    depth = bytearray(len(text))
    opened: int | None = None
    for mark in _MARK.finditer(text):
        at, char = mark.start(), mark.group()
        if opened is not None and char not in _OPEN:
            end = at if char == "\n" else at + 1
            depth[opened:end] = b"\1" * (end - opened)
            opened = None
        elif opened is None and (char in _OPEN or char == '"'):
            opened = at
        elif char in _CLOSE:
            depth[at] = 1
    if opened is not None:
        depth[opened:] = b"\1" * (len(text) - opened)
    return depth


def _inside(text: str, span: Span, depth: bytearray) -> bool:
    """Whether every letter of the sentence is inside quotation marks."""
    outside = _OUTSIDE.finditer(depth, span.start, span.end)
    return not any(_LETTERS.search(text, run.start(), run.end()) for run in outside)


def _without_quotes(text: str, span: Span, depth: bytearray) -> str:
    """The words of the sentence outside the marks; "”" stands for each quotation that ends in it."""
    kept, at = [], span.start
    for run in _OUTSIDE.finditer(depth, span.start, span.end):
        kept += ["”" * _closed(text, at, run.start()), text[run.start() : run.end()]]
        at = run.end()
    return "".join([*kept, "”" * _closed(text, at, span.end)])


def _closed(text: str, start: int, end: int) -> int:
    return sum(text.count(mark, start, end) for mark in _CLOSE)


def _proper_words(text: str, sentences: Sequence[Span]) -> frozenset[str]:
    """Words that are names: capitalised inside a sentence, or first words never in lower case."""
    starts = {s.start + len(s.of(text)) - len(s.of(text).lstrip("“\"'‘(")) for s in sentences}
    words = tokens(text)
    common = {w for w, _, _ in words if w[:1].islower()}
    return frozenset(
        w
        for w, start, _ in words
        if w[:1].isupper() and (start not in starts or not (w.lower() in common or _ENDING.search(w)))
    )


def _next_subject(text: str, sentences: Sequence[Span], subjects: Sequence[str], i: int) -> str:
    """The speaker named after a quotation in the same paragraph."""
    for j in range(i + 1, min(i + 9, len(sentences))):
        if "\n" in text[sentences[j - 1].end : sentences[j].start]:
            return ""
        if subjects[j]:
            return subjects[j]
    return ""


def _subject(bare: str, proper: frozenset[str]) -> str:
    """Who does the saying in the words outside the quotation marks; "" when no name or role does."""
    cue = _CUE.search(bare)
    if not cue:
        return ""
    if cue.group().lower() == "according to":
        return _beside(bare, cue.end(), proper)
    if _LEADS.match(bare):  # "He blamed the United States and said": not the States
        return ""
    lead = _APPOSITIVE.sub(lambda m: "," + " " * (len(m.group()) - 2) + ",", bare[: cue.start()])
    candidates = _who(lead, proper)
    subjects = [c for c in candidates if not _AFTER_PREPOSITION.search(lead[: c[0]])] or candidates
    pronoun = list(_PERSON.finditer(lead))
    if pronoun and (not subjects or pronoun[-1].start() > subjects[0][0]):
        return ""
    return _with_role(lead, _joined(lead, subjects)) if subjects else _beside(bare, cue.end(), proper)


def _joined(lead: str, names: Sequence[tuple[int, int, str]]) -> tuple[int, int, str]:
    """The first name, with a second one that only lower-case role words part from it."""
    first = names[0]
    for name in names[1:2]:
        if _ROLE_BETWEEN.fullmatch(lead, first[1], name[0]):
            return first[0], name[1], lead[first[0] : name[1]]
    return first


def _who(words: str, proper: frozenset[str]) -> list[tuple[int, int, str]]:
    """Names, and role nouns without a name ("the Belarusian leader"), by place."""
    names = [n for n in _names(words) if " " in n[2] or n[2].rstrip(".") in proper]
    roles = [(m.start(), m.end(), m.group().strip()) for m in _ROLE.finditer(words)]
    free = [r for r in roles if not any(r[0] < n[1] + 2 and n[0] < r[1] + 2 for n in names)]
    nationality = [r for r in roles if r not in free and _ends_in_role(r[2])]
    names = [n for n in names if not any(r[0] <= n[0] and n[1] < r[1] for r in nationality)]
    merged = (
        names + free + [r for r in nationality if not any(n[0] <= r[1] + 1 and n[1] > r[1] for n in names)]
    )
    return sorted(set(merged))


def _ends_in_role(words: str) -> bool:
    return words.split()[-1].islower()


def _beside(bare: str, place: int, proper: frozenset[str]) -> str:
    """The name or role that follows a cue at once: "said Ms Okoye"."""
    after = [c for c in _who(bare[place:], proper) if c[0] < 40]
    gap = bare[place : place + after[0][0]] if after else ""
    return _with_role(bare[place:], after[0]) if after and not re.search(r"[.;:,“]|that|to ", gap) else ""


def _with_role(words: str, name: tuple[int, int, str]) -> str:
    """The name with the role that stands before it: "Kremlin spokesperson Dmitry Peskov"."""
    start, _, who = name
    role = re.search(rf"(?:[A-Z][\w’'-]* )?(?:(?:{_ROLE_WORDS}) )+$", words[:start])
    return ((role.group() if role else "") + who).strip()


def _person_in(bare: str) -> str:
    """The one person a sentence names in full or with a title; "" when there are none or several."""
    people = {m.group() for m in _PERSON_NAMED.finditer(bare)}
    people = {p for p in people if not _ROLE.fullmatch(p) and not _NOT_A_PERSON.search(p)}
    people = {p for p in people if p.split()[0].lower() not in _NO_NAME}
    return people.pop() if len(people) == 1 else ""


def _names(words: str) -> Iterator[tuple[int, int, str]]:
    """Capitalised runs as (start, end, text), first words such as "The" or "Even" taken off."""
    for match in _NAME.finditer(words):
        start, name = match.start(), match.group()
        while name and name.split()[0].lower() in _NO_NAME:
            _, _, rest = name.partition(" ")
            start, name = match.end() - len(rest), rest
        if len(name) > 1:
            yield start, match.end(), name
