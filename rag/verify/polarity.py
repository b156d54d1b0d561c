"""Whether a claim denies what its evidence affirms, or the reverse: negation and plain opposites.

Compares the clause with the sentence of the evidence that shares most of its words, word by word: what
stands in the reach of a "not" here must stand in one there. Knows a short list of opposites; irony, double
negation and sentences that share few words are beyond it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.words import STOPWORDS, stem, word_set

_NEGATORS = word_set(
    "not no never none nobody nothing neither nor without cannot hardly barely n't cant dont non"
)
_DENIALS = frozenset(map(stem, word_set("deny refuse reject fail decline lack unable false untrue")))
_TELLING = word_set("more most before after up down above below few")
_REACH = 4
_ENOUGH = 0.6
_OPPOSITES = """
    rise increase grow gain up higher above more / fall decrease drop decline down lower below less
    fewer; win / lose loss; before prior / after; accept approve allow support permit back / reject
    oppose block ban deny forbid; open begin start / close end finish stop; first / last; largest
    biggest greatest most highest / smallest least lowest; success succeed / failure fail; alive survive
    / dead die kill; guilty convict / innocent acquit; true / false; north northern / south southern;
    east eastern / west western; left / right; buy / sell; arrive enter / leave depart; confirm / deny;
    strong stronger / weak weaker; likely / unlikely; legal / illegal; same / different; inside /
    outside; include / exclude; agree / disagree; possible / impossible; safe / dangerous; friend ally /
    enemy; victory / defeat; attack / defend; hot / cold; advantage / disadvantage; positive / negative;
    minimum / maximum
"""
_FORMS = """
    rose:rise risen:rise fell:fall fallen:fall grew:grow grown:grow won:win lost:lose began:begin
    begun:begin left:leave bought:buy sold:sell died:die dying:die banned:ban was:be went:go said:say
    told:tell made:make took:take taken:take gave:give given:give came:come saw:see seen:see knew:know
    known:know thought:think found:find held:hold met:meet led:lead did:do done:do got:get kept:keep
    wrote:write spoke:speak paid:pay
"""
_IRREGULAR = dict(pair.split(":") for pair in _FORMS.split())
_WORD = re.compile(r"n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+(?:['’](?!t\b)[^\W_]+)?|[,;:.!?()“”\"–—]")
_NOT_ONLY = re.compile(r"\bnot\s+(?:only|just|merely|necessarily|to mention|least)\b", re.IGNORECASE)
_CLAUSE_ENDS = frozenset(',;:.!?()“”"–—') | word_set(
    "but because although though while which who since as if when that whether"
)


@dataclass(frozen=True, slots=True)
class Polarity:
    """The content stems of a sentence, each with whether a negation reaches it, and each one's reach."""

    signs: tuple[tuple[str, bool], ...]
    scopes: tuple[tuple[str, ...], ...]

    @property
    def stems(self) -> frozenset[str]:
        """All content stems."""
        return frozenset(form for form, _ in self.signs)

    def denies(self, form: str) -> bool | None:
        """Whether the word is negated; None when it is missing or stands there both ways."""
        found = {negated for other, negated in self.signs if other == form}
        return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=4096)
def polarity(sentence: str) -> Polarity:
    """What is negated in a sentence."""
    words = [w.lower().replace("’", "'") for w in _WORD.findall(_NOT_ONLY.sub(" ", sentence))]
    signs: list[tuple[str, bool]] = []
    scopes: list[list[str]] = []
    left = 0
    for word in words:
        if word in _NEGATORS:
            left = _REACH if left == 0 else 0
            scopes.append([])
        elif word in _CLAUSE_ENDS:
            left = 0
        elif word not in STOPWORDS or word in _TELLING:
            form = base(word)
            signs.append((form, left > 0))
            if left:
                scopes[-1].append(form)
            left -= left > 0
            if form in _DENIALS and not left:
                left = _REACH
                scopes.append([])
    return Polarity(tuple(signs), tuple(tuple(scope) for scope in scopes if scope))


@lru_cache(maxsize=50_000)
def base(word: str) -> str:
    """The stem, irregular forms taken to their verb."""
    return stem(_IRREGULAR.get(word, word))


def turned(claim: str, sentences: Sequence[str]) -> str:
    """The word that the claim turns round against the sentence of the evidence nearest to it; "" when none.

    `sentences` are those of the evidence. Abstains where no sentence shares most of the claim's words.
    """
    wanted = polarity(claim).stems
    if len(wanted) < 3:
        return ""
    shared = {s: len(wanted & polarity(s).stems) for s in sentences}
    most = max(shared.values(), default=0)
    if most < _ENOUGH * len(wanted):
        return ""
    near = sorted((s for s in sentences if shared[s] >= 0.8 * most), key=lambda s: (-shared[s], s))
    return _negated(claim, near)


def _negated(claim: str, near: Sequence[str]) -> str:
    """A word in the reach of a negation on one side, while the other side has it without one.

    A sentence of the evidence about as near that agrees with the claim settles it.
    """
    mine, best = polarity(claim), polarity(near[0])
    if len(mine.scopes) == len(best.scopes):
        return ""
    for here, there in ((mine, best), (best, mine)):
        for scope in here.scopes:
            both = [form for form in scope if form in there.stems]
            if (
                not both
                or 2 * len(both) < len(scope)
                or any(there.denies(form) is not False for form in both)
            ):
                continue
            if any(here.denies(form) is not True for form in both):
                continue
            if not any(_agrees(polarity(s), mine, both) for s in near[1:]):
                return both[0]
    return ""


def _agrees(other: Polarity, mine: Polarity, forms: Sequence[str]) -> bool:
    return any(other.denies(form) is not None and other.denies(form) == mine.denies(form) for form in forms)


def opposed(a: str, b: str) -> bool:
    """Whether two words are plain opposites: first and last."""
    first, second = base(a.lower()), base(b.lower())
    return any(first in mine and second in others for mine, others in _pairs())


@lru_cache(maxsize=1)
def _pairs() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    found = []
    for pair in _OPPOSITES.split(";"):
        a, b = (frozenset(base(w) for w in side.split()) for side in pair.split("/"))
        found += [(a, b), (b, a)]
    return tuple(found)
