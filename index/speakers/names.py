"""Names of speakers as articles write them, and whether two are of one person or body.

A name is read without titles, roles and what stands around it: "Kremlin spokesperson Dmitry
Peskov" is Dmitry Peskov. No list of names is used, only words for titles, roles and bodies. What
one cannot know from two names alone (whose surname it is) is for `index.speakers.speakers`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.speakers.spelling import first_differs, near, plain, same_given, sound
from index.words import STOPWORDS, stem, word_set

_TITLES = word_set(
    """
    mr mrs ms miss mx dr sir dame lord lady madam prof professor rev reverend president presidents premier
    prime minister vice deputy acting former ex interim chief head chair chairman chairwoman chairperson
    chancellor secretary undersecretary general gen governor gov mayor senator sen representative rep
    congressman congresswoman lawmaker mp mep envoy ambassador consul commissioner commander captain capt
    colonel col lieutenant lt major maj sergeant sgt corporal private admiral adm marshal brigadier officer
    detective inspector constable sheriff judge justice prosecutor attorney lawyer counsel solicitor
    spokesman spokeswoman spokesperson speaker leader dictator boss director manager editor correspondent
    reporter journalist author analyst expert economist historian researcher scientist adviser advisor aide
    ally official diplomat politician activist coach ceo cfo cto founder cofounder owner partner
    archbishop bishop cardinal father sister brother rabbi imam ayatollah sheikh emir sultan king queen prince
    princess pope saint duke duchess emperor empress tsar
    """
)
_FIRST_NAME_ONLY = word_set("king queen prince princess pope saint duke duchess emperor empress tsar sultan")
_ALSO_SURNAMES = word_set("king pope prince judge bishop major justice marshal sheriff lord speaker cardinal")
_FIELDS = word_set("state defence defense staff foreign interior internal home affairs treasury house")
_BODIES = word_set(
    """
    ministry government administration parliament senate congress council commission committee court party
    army navy military force forces police guard staff office department agency bureau service embassy
    union league alliance association federation foundation institute university college school church
    bank company corporation group team club campaign network news times post journal agency authority
    organisation organization society board cabinet house nations states media report statement
    officials authorities people residents source sources troops soldiers
    """
)
_LINKS = word_set("of to")
_OTHERS = word_set(
    "and or nor for by with from in on at against about near under over between among like than"
)
_PARTICLES = word_set("von van der den de da di del della la le bin ibn el ul dos du")
_AFTER = re.compile(r"\b(?:himself|herself|itself|themselves|too)$")
_PARTS = re.compile(r"\s*[,;(]\s*|\s[–—-]\s|\s+(?:who|which|whose)\s")
_PREFIX = re.compile(r"\b[Aa]l[-‐–](?=\w)|\b[Ee]l[-‐–](?=\w)")
_GENERATIONS = re.compile(r"(?:jr|sr|jnr|snr)\.?$", re.IGNORECASE)
_ROMAN = re.compile(r"[IVX]+$")
_WORD = re.compile(r"[^\W_](?:[^\s,;]*[^\W_])?(?:['’](?=\s|$))?\.?")
_INITIALS = re.compile(r"(?:[A-Z]\.?){2,3}$")
_CAPITAL = re.compile(r"\b[^\W\d_a-z]")
_ARTICLE = re.compile(r"(?:the|an?)\s", re.IGNORECASE)
_COUNTRY_ENDING = re.compile(r"(?:ian|ia|an|es|a|i|in|e)$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as read: `shown` without titles and roles.

    A person has a `surname` and the `given` names before it, initials among them, () when only a
    surname is written; `generation` is "jr" or "sr"; `complete` means that nothing is missing though
    there is one word (Pope Francis). A body, or a role without a name ("the Belarusian leader"), has
    `body` instead: its words in a form that ignores their order, endings of countries and articles.
    """

    shown: str
    given: tuple[str, ...] = ()
    surname: str = ""
    generation: str = ""
    complete: bool = False
    body: frozenset[str] = frozenset()

    @property
    def bare(self) -> bool:
        """Whether it is a surname, or any one name, alone."""
        return bool(self.surname) and not self.given and not self.complete

    @property
    def named(self) -> bool:
        """Whether it names someone: "the official" and "a spokesman" do not."""
        return bool(self.surname) or bool(_CAPITAL.search(_ARTICLE.sub("", self.shown)))


@lru_cache(maxsize=50_000)
def read_name(written: str) -> Name:
    """The name in what is written; one without letters has neither a surname nor a body."""
    text = _AFTER.sub("", " ".join(written.split())).strip()
    parts = [part for part in _PARTS.split(text) if plain(part)]
    if len(parts) > 1 and _GENERATIONS.match(parts[1]):
        parts[:2] = [f"{parts[0]} {parts[1]}"]
    for part in parts:
        words = _person(_WORD.findall(_PREFIX.sub("", part)))
        if words:
            return _named(words)
    return Name(" ".join(written.split()), body=_body(text))


def asked_name(wanted: str) -> Name:
    """The name in what someone typed, who may have left out the capitals."""
    words = wanted.split()
    if any(one.isupper() for one in wanted) or not words or plain(words[-1]) in _TITLES | _BODIES:
        return read_name(wanted)
    return read_name(" ".join(one if one in _PARTICLES else one[:1].upper() + one[1:] for one in words))


def _person(words: Sequence[str]) -> list[str]:
    """The words of a person's name, "" before one that is complete alone; [] if there is no person."""
    if not words or (words[-1][:1].islower() and words[-1] not in _PARTICLES):
        return []
    start = 0
    for at, word in enumerate(words[:-1]):
        lower = word[:1].islower() and word not in _PARTICLES
        if _is_title(word) or lower or (at == 0 and word in ("The", "A", "An")):
            start = at + 1
    kept = _past_field(words, start)
    last = plain(kept[-1]) if kept else ""
    surname_too = last in _ALSO_SURNAMES and len(kept) <= 2 and words[0].lower() != "the"
    if not kept or last in _BODIES or (last in _TITLES and not surname_too) or _no_name(kept):
        return []
    return ["", *kept] if any(plain(one) in _FIRST_NAME_ONLY for one in words[:start]) else list(kept)


def _no_name(kept: Sequence[str]) -> bool:
    """Whether it is one word such as "Many" or "That"; May and Will are names too."""
    return len(kept) == 1 and kept[0].lower() in STOPWORDS - {"may", "will"}


def _is_title(word: str) -> bool:
    low = word.lower().rstrip(".")
    return all(part in _TITLES or part == "elect" for part in low.split("-")) or plain(low) in _TITLES


def _past_field(words: Sequence[str], start: int) -> Sequence[str]:
    """The words from `start` on, without the field or place of a title before them.

    "Secretary of State John Kerry", "Mayor of London Sadiq Khan"; none where the words before make it
    someone else ("a spokesman for John Kerry") or several.
    """
    before = words[:start]
    if any(one.lower() in _OTHERS for one in before):
        return ()
    link = max((at for at, one in enumerate(before) if one in _LINKS), default=-1)
    kept = words[start:]
    if link < 0:
        return kept
    if plain(words[link - 1]) in _BODIES or any(_is_title(one) for one in words[link + 1 : start]):
        return ()
    fields = next((at for at, one in enumerate(kept) if plain(one) not in _FIELDS), len(kept))
    if fields:
        return kept[min(fields, len(kept) - 1) :]
    return kept[1:] if len(kept) > 2 else ()


def _named(words: list[str]) -> Name:
    """A person's name out of its words."""
    complete = words[0] == ""
    kept = [one for one in words if one]
    generation = ""
    if len(kept) > 1 and _GENERATIONS.match(kept[-1]):
        generation = plain(kept.pop())[0] + "r"
    shown = re.sub(r"['’]s?$", "", " ".join([*kept, *([generation.title() + "."] if generation else [])]))
    while len(kept) > 1 and _ROMAN.match(kept[-1]):
        kept.pop()
    given = [initial for one in kept[:-1] if one.lower() not in _PARTICLES for initial in _initials(one)]
    return Name(
        shown, tuple(map(plain, given)), re.sub(r"(?:['’]s?|\.)$", "", kept[-1]), generation, complete
    )


def _initials(word: str) -> list[str]:
    return [one for one in word if one != "."] if _INITIALS.match(word) else [word]


def _body(text: str) -> frozenset[str]:
    """The words of a body or role that tell it from others."""
    words = [one for one in _WORD.findall(text) if plain(one) not in ("the", "a", "an", "of", "for", "s")]
    return frozenset(_root(one) for one in words if plain(one))


def _root(word: str) -> str:
    """The stem; of a country's name and of what is called after it the same (Russia, Russian)."""
    low = stem(plain(word)).replace("defenc", "defens").replace("organis", "organiz")
    if word[:1].islower() or plain(word) in _TITLES | _BODIES | _FIELDS:
        return low
    while len(shorter := _COUNTRY_ENDING.sub("", low)) >= 3 and shorter != low:
        low = shorter
    return low


def same_name(a: str, b: str) -> bool:
    """Whether two names, as written, can be of one person or body.

    Symmetric and reflexive, but a surname alone goes with every full name that has it, so it is not
    transitive.
    """
    return plain(a) == plain(b) or compatible(read_name(a), read_name(b))


def compatible(a: Name, b: Name) -> bool:
    """`same_name` of names that were read."""
    if a.body or b.body:
        return a.body == b.body
    if not a.surname or not b.surname:
        return a == b
    if plain(a.shown) == plain(b.shown):
        return True
    if a.generation != b.generation and not (a.bare or b.bare):
        return False
    if a.complete != b.complete and not (a.bare or b.bare):
        return False
    if sound(a.surname) == sound(b.surname):
        return _same_givens(a.given, b.given) or _ends_like(a, b) or _ends_like(b, a)
    spelt = near(a.surname, b.surname) or first_differs(a.surname, b.surname)
    full = min(len("".join(one.given[:1])) for one in (a, b)) > 1
    return spelt and full and _same_givens(a.given, b.given)


def _ends_like(longer: Name, name: Name) -> bool:
    """Whether words before the very first name of the one are all that it has more ("Rapper Megan Hale")."""
    more = len(longer.given) - len(name.given)
    pairs = list(zip(longer.given[more:], name.given, strict=False)) if more > 0 else []
    return bool(pairs) and all(min(map(len, pair)) > 1 and same_given(*pair) for pair in pairs)


def _same_givens(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether the first names do not contradict each other; none contradict nothing."""
    if not a or not b:
        return True
    shared = zip(a, b, strict=False)
    return all(same_given(one, other) for one, other in shared)


def name_matches(speaker: str, wanted: str) -> bool:
    """Whether `speaker` may be meant by `wanted`: one name can be the other's, or it is its first name."""
    name, asked = read_name(speaker), asked_name(wanted)
    if plain(speaker) == plain(wanted) or compatible(name, asked):
        return True
    return asked.bare and plain(asked.surname) in map(plain, name.given)


def speaks_for(source: str, wanted: str) -> bool:
    """Whether the words that name a source give it a role in what is wanted: its minister, its spokeswoman.

    "Kremlin spokesman Dmitry Peskov" speaks for "the Kremlin", "Russian officials" for "Russia".
    """
    words = _WORD.findall(source)
    own = {_root(one) for one in _WORD.findall(read_name(source).shown) if read_name(source).surname}
    asked = _body(wanted)
    return bool(asked) and asked <= _body(source) - own and any(_has_role(one) for one in words)


def _has_role(word: str) -> bool:
    return _is_title(word) or plain(word) in _BODIES
