"""Names of a claim and whether the evidence has them: spellings, demonyms, acronyms, surnames alone.

A name is a run of capitalised words; who or what it stands for is not known. "Russian" is borne out by
"Russia" by the shape of the words; only names whose shape does not tell are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.attribution.cues import CUES
from index.words import STOPWORDS, stem, word_set
from rag.speech import same_name

_WORD = r"(?:(?:[A-Z]\.){2,}|[^\W\d_a-z][\w’'&]*(?:[-‐‑][\w’'&]+)*\.?|[a-z]{1,2}[A-Z]\w+)"
_LINKS = r"(?:of|the|de|del|la|van|von|der|den|al|bin|ibn|du|di|da|el)"
_RUN = re.compile(rf"(?<![\w’'-]){_WORD}(?:(?: {_LINKS}){{0,2}}[ -]{_WORD})*")
_STARTS = re.compile(r"(?:^|[.!?:;]['\"”’]?\s+|(?:^|\s)[“\"‘(\[]\s?|[-–—•]\s+)$")
_TWO = re.compile(r"(?=\b([^\W\d_a-z][\w’'-]+) ([^\W\d_a-z][\w’'-]+))")
_NO_NOUN_OF_A_NAME = re.compile(r"(?:tion|sion|ment|ness|ity|ism|ance|ence|ship|age|ure|cy|ing|ly|ed)$")
_PLURAL = re.compile(r"(?<![uiaso])s$")
_SUBJECT = re.compile(
    rf"['’]s?\b|,? (?:{CUES}|is|was|has|had|will|would|can|could|also|who|[a-z]{{3,}}ed|sent|went"
    r"|came|gave|met|held|left|began|saw|put|cut|hit|rose|fell|lost|won|made|took|got|kept|led|bought|sold|built|shot|beat"
    r"|ran|broke|spoke|became|played)\b"
)
_COMMON = word_set(
    """
    president minister prime foreign secretary chancellor chief head director general commander governor
    mayor senator ambassador spokesperson spokesman spokeswoman king queen prince princess pope
    professor doctor dr mr mrs ms miss sir lord lady judge justice captain colonel lieutenant sergeant
    rep sen gov gen col rev deputy vice former state government parliament ministry department committee
    council party party's police army navy air force court company house north south east west northern
    southern eastern western central monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december jan feb mar apr jun
    jul aug sep sept oct nov dec i god internet earth sun moon web english yes also however additionally
    overall both according article source sources despite although though because since once while
    unlike like another one two three four five six seven eight nine ten first second third finally
    meanwhile furthermore moreover therefore thus instead later earlier today yesterday tomorrow other
    others several many most some few every each such even still well until during under over after
    before between among within without upon about around against through toward towards across along
    behind beyond co inc ltd corp plc llc st mt no nos vs am pm a.m p.m bc ad ce bce ok tv officials
    people experts critics residents protesters scientists researchers authorities women men children
    nobody everybody somebody anybody everyone someone anyone none neither nothing everything something
    """
)
_LIKE_NAMES = """
    united-states us usa america american u.s u.s.a states; united-kingdom uk britain british u.k briton
    england english; france french; netherlands dutch holland; germany german; spain spanish spaniard;
    poland polish pole; denmark danish dane; sweden swedish swede; finland finnish finn; turkey turkish
    turk türkiye; switzerland swiss; greece greek; wales welsh; ireland irish; scotland scottish scot;
    kyiv kiev; odesa odessa; kharkiv kharkov; lviv lvov; beijing peking; burma myanmar; philippines
    filipino; thailand thai; cyprus cypriot; norway norwegian; ukraine ukrainian; eu european-union
    european europe; un united-nations
"""
_LIKE = {word: group for group, words in enumerate(_LIKE_NAMES.split(";")) for word in words.split()}
_PRONOUNS = word_set("he him his she her")
_ENDINGS = re.compile(
    r"(?:ians?|eans?|ans?|ns?|ish|ese|is?|ic|ites?|ers?|men|man|s|y|ia|a|o|e|land|stan|ine)$"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at `start`:`end` of a claim, with its words that matter, titles and small words left out."""

    start: int
    end: int
    words: str
    parts: tuple[str, ...]


class Known:
    """The words of evidence in which names are looked up."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.text = "\n".join(texts)
        self.stems, self.capital = _words_of(self.text)
        self._acronyms = _initials(self.text)
        self._groups = {_LIKE[s] for s in self.stems if s in _LIKE}
        self._squeezed = ""

    @property
    def has_pronoun(self) -> bool:
        """Whether a person stands here as "he" or "she"."""
        return not self.stems.isdisjoint(_PRONOUNS)

    def has(self, part: str) -> bool:
        """Whether one word of a name stands here, in this or a like form."""
        key = part.lower().rstrip(".").removesuffix("'s").removesuffix("’s")
        form = stem(part)
        if form in self.stems or key in self.stems or _LIKE.get(key, -1) in self._groups:
            return True
        if part.isupper() and key.replace(".", "") in self._acronyms:
            return True
        if "-" in key:
            return all(self.has(piece) for piece in part.split("-") if piece)
        return any(same_name(form, other) or _same_people(key, other) for other in self.capital)

    def has_run(self, parts: Sequence[str]) -> bool:
        """Whether the initials of a long name stand here as a short one, or the words written as one."""
        if len(parts) >= 2 and "".join(p[0] for p in parts).lower() in self.stems:
            return True
        if not self._squeezed:
            self._squeezed = re.sub(r"\W+", "", self.text).lower()
        return re.sub(r"\W+", "", "".join(parts)).lower() in self._squeezed


@lru_cache(maxsize=4096)
def names(claim: str) -> tuple[Name, ...]:
    """The names of a plain claim in order; the first word of a sentence only where it looks like one."""
    return tuple(_names(claim))


def missing_names(claim: str, known: Known, near: Known, skip: Sequence[tuple[int, int]] = ()) -> list[Name]:
    """The names that the evidence lacks; a surname is enough unless another first name stands with it.

    One name may stand only in `near`, the words around the evidence, if it opens the claim or the evidence
    has a pronoun for it.
    """
    missing = []
    from_near = 0
    for place, name in enumerate(names(claim)):
        if any(start < name.end and name.start < end for start, end in skip) or _is_known(name, known):
            continue
        if _is_known(name, near) and not from_near and (place == 0 or known.has_pronoun):
            from_near += 1
        else:
            missing.append(name)
    return missing


def _is_known(name: Name, known: Known) -> bool:
    missing = [part for part in name.parts if not known.has(part)]
    if not missing:
        return True
    if known.has_run(name.parts):
        return True
    if len(name.parts) < 2 or name.parts[-1] in missing:
        return False
    return len(missing) == 1 and not _other_first_name(name.parts[-1], known.text)


def _other_first_name(family: str, text: str) -> bool:
    """Whether the text gives the surname a first name of its own."""
    form = stem(family)
    for first, last in _TWO.findall(text):
        if same_name(form, stem(last)) and first.lower() not in _COMMON and first.lower() not in STOPWORDS:
            return True
    return False


def _names(claim: str) -> Iterator[Name]:
    if _is_headline(claim):
        return
    for run in _RUN.finditer(claim):
        words = run.group().split(" ")
        start = run.start()
        first = True
        while words and (_is_small(words[0]) or (first and _is_opening(claim, run, words))):
            start += len(words[0]) + 1
            words = words[1:]
            first = False
        parts = tuple(_clean(w) for w in words if w[:1].isupper() or not w.islower())
        parts = tuple(p for p in parts if len(p) > 1 and p.lower().rstrip(".") not in _COMMON)
        if parts:
            yield Name(start, run.end(), " ".join(words).rstrip(".,"), parts)


def _is_small(word: str) -> bool:
    key = word.lower().rstrip(".,").replace("’", "'")
    return key in STOPWORDS or key in _COMMON or word.islower()


def _is_opening(claim: str, run: re.Match[str], words: Sequence[str]) -> bool:
    """Whether the run's first word is only capitalised for opening a sentence."""
    before = claim[max(0, run.start() - 6) : run.start()]
    if not _STARTS.search(before if run.start() <= 6 else f"_{before}"):
        return False
    word = words[0]
    if (word.isupper() and len(word) > 1) or any(c.isupper() for c in word[1:]):
        return False
    if len(words) > 1 and not words[1].islower():
        return bool(re.search(r"(?:ing|ly|ed)$", word))
    if re.match(rf" (?:{CUES})\b", claim[run.start() + len(word) :]):
        return False
    common = _PLURAL.search(word) or _NO_NOUN_OF_A_NAME.search(word)
    return bool(common) or not _SUBJECT.match(claim, run.start() + len(word))


def _is_headline(claim: str) -> bool:
    words = re.findall(r"[^\W\d_]+", claim)
    large = sum(w[:1].isupper() for w in words)
    return len(words) >= 6 and large >= 0.75 * len(words)


def _clean(word: str) -> str:
    word = word.strip("’'")
    word = word if re.fullmatch(r"(?:[A-Z]\.)+", word) else word.rstrip(".")
    return re.sub(r"['’]s?$", "", word) if not re.fullmatch(r"(?:[A-Z]\.)+", word) else word


@lru_cache(maxsize=512)
def _words_of(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Stems of all words, and of the capitalised ones."""
    found = re.findall(r"[^\W_]+(?:[.’'][^\W_]+)*", text)
    pieces = {stem(w) for w in found} | {w.lower() for w in found}
    pieces |= {re.sub(r"['’]s$", "", w.lower()) for w in found}
    pieces |= {w.lower().replace(".", "") for w in found if "." in w}
    return frozenset(pieces), frozenset(stem(w) for w in found if w[:1].isupper() and len(w) > 2)


@lru_cache(maxsize=512)
def _initials(text: str) -> frozenset[str]:
    """First letters of every run of capitalised words, and of its parts."""
    found = set()
    for run in _RUN.finditer(text):
        letters = [w[0].lower() for w in re.split(r"[ -]", run.group()) if w[:1].isupper()]
        found |= {
            "".join(letters[i:j])
            for i in range(len(letters))
            for j in range(i + 2, min(i + 8, len(letters)) + 1)
        }
    return frozenset(found)


def _same_people(word: str, other: str) -> bool:
    """Whether two words are a country and its adjective by their shape: Belarus, Belarusian."""
    a, b = _ENDINGS.sub("", word), _ENDINGS.sub("", other)
    if min(len(a), len(b)) < 3 or abs(len(word) - len(other)) > 4:
        return False
    return len(a) >= 4 and len(b) >= 4 and (a.startswith(b) or b.startswith(a)) and min(len(a), len(b)) >= 4
