"""Where outlets agree and differ: other articles' versions of a cited statement among the hits.

A sentence of another article is a version when it shares most content words and means nearly the same; then
it either bears the cited one out, or one number, day or word stands in the other's place. What is neither is
left out: better nothing than two statements put side by side that are not the same. Knows English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from index.types import Hit, Span
from index.words import STOPWORDS, content_stems
from rag.sources import Sources
from rag.types import Answer, Citation, Version
from rag.verify.dates import times
from rag.verify.numbers import numbers
from rag.verify.slots import swapped
from rag.verify.verifier import Evidence, Verifier

_SHARED = 0.5  # of the content words of the shorter sentence
_SHARED_LEAST = 4
_NEAREST = 6  # sentences that are embedded
_COSINE = 0.7
_SAME_COSINE = 0.8  # of sentences whose numbers or days are compared
_RUN = 6  # equal words before another one, so that it is the same sentence
_RUN_TELLS = 3  # of them that carry content
_RUN_AFTER = 3
_MOST_SHOWN = 3  # of a citation
_LONGEST = 120  # words of a sentence that is laid beside another
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[,.!?][\"”]|(?<=\w)[\"”]|[.!?](?=\s|$)")
_END = "."  # of a sentence or of a quotation


@dataclass(frozen=True, slots=True)
class _Nearby:
    """A sentence of a hit that shares words with a cited one."""

    hit: Hit
    span: Span
    text: str
    shared: float


def with_versions(answer: Answer, sources: Sources) -> Answer:
    """The answer with what other articles among its hits have for each citation; needs the copies told.

    Copies are no versions. Those that agree must be of another outlet; a later report that differs may be
    of the same.
    """
    verifier = Verifier(sources.embed)
    found = [replace(one, versions=_versions(one, answer.hits, verifier)) for one in answer.citations]
    return replace(answer, citations=tuple(found))


def _versions(citation: Citation, hits: Sequence[Hit], verifier: Verifier) -> tuple[Version, ...]:
    near = _nearby(citation, hits)
    if not near:
        return ()
    found: dict[str, Version] = {}
    likeness = verifier.cosines(citation.evidence, [one.text for one in near])
    for one, cosine in sorted(zip(near, likeness, strict=True), key=lambda pair: -pair[1]):
        version = _version(citation, one, float(cosine), verifier)
        if version and one.hit.head.id not in found:
            found[one.hit.head.id] = version
    return tuple(list(found.values())[:_MOST_SHOWN])


def _nearby(citation: Citation, hits: Sequence[Hit]) -> list[_Nearby]:
    """Sentences of other articles that share most content words, those that share most first."""
    mine = set(content_stems(citation.evidence))
    barred = {citation.head.id, *(head.id for head in citation.copies)}
    found = [one for hit in hits if hit.head.id not in barred for one in _sharing(mine, hit)]
    return sorted(found, key=lambda one: (-one.shared, one.hit.head.id, one.span))[:_NEAREST]


def _sharing(mine: set[str], hit: Hit) -> Iterator[_Nearby]:
    for span in hit.passage.parts:
        text = hit.passage.words(span)
        theirs = set(content_stems(text))
        shared, fewer = len(mine & theirs), min(len(mine), len(theirs))
        if shared >= _SHARED_LEAST and shared >= _SHARED * fewer:
            yield _Nearby(hit, span, text, shared / fewer)


def _version(citation: Citation, one: _Nearby, cosine: float, verifier: Verifier) -> Version | None:
    head, mine = one.hit.head, citation.head
    other_outlet = (head.source or head.id).casefold() != (mine.source or mine.id).casefold()
    what, number = _difference(citation.evidence, one.text, cosine)
    later = bool(number and head.published and mine.published and head.published > mine.published)
    made = Version(head, one.hit.passage.id, one.span, one.text, what, later)
    if what:
        return made if other_outlet or later else None
    if cosine < _COSINE or not other_outlet:
        return None
    evidence = Evidence(one.text, head, one.hit.passage.text)
    return made if verifier.check(citation.evidence, [evidence]).support != "unsupported" else None


def _difference(mine: str, theirs: str, cosine: float) -> tuple[str, bool]:
    """What stands here and there in one place, "" when nothing does, and whether they are numbers."""
    if cosine >= _SAME_COSINE:
        swap = swapped(mine, [theirs])
        pair = (swap.mine.strip("“”"), swap.theirs.strip("“”")) if swap else ("", "")
        for read in (numbers, times):
            if all(map(read, pair)):
                return " / ".join(pair), read is numbers
    return next(_other_words(mine, theirs), ""), False


def _other_words(mine: str, theirs: str) -> Iterator[str]:
    """Single words that differ within the same words: two translations, or two editors, of one sentence."""
    here, there = _WORD.findall(mine), _WORD.findall(theirs)
    if max(len(here), len(there)) > _LONGEST:
        return
    mine_keys, their_keys = list(map(_key, here)), list(map(_key, there))
    steps = SequenceMatcher(None, mine_keys, their_keys, autojunk=False).get_opcodes()
    for before, (kind, a, b, c, d), after in zip(steps, steps[1:], [*steps[2:], None], strict=False):
        run = [word for word in mine_keys[before[1] : before[2]] if word not in STOPWORDS]
        if kind != "replace" or b - a != 1 or d - c != 1 or before[2] - before[1] < _RUN:
            continue
        ends = after is None or after[2] - after[1] >= _RUN_AFTER or mine_keys[after[1]] == _END
        if ends and len(run) >= _RUN_TELLS and _tells(here[a]) and _tells(there[c]):
            yield f"{here[a]} / {there[c]}"


def _key(word: str) -> str:
    return word.casefold().replace("’", "'") if word[0].isalnum() else _END


def _tells(word: str) -> bool:
    """Whether the word carries content and is no name, month or number: those make another statement."""
    return word[0].islower() and word not in STOPWORDS
