"""Ranked sentences to the numbered excerpts that a chat model gets to read, within a budget of its tokens.

The best sentence comes first, each with its neighbours, since a sentence alone seldom says whom it is about.
Knows nothing of prompts or models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.types import Hit, Span
from rag.signals import Candidate

_BEFORE, _AFTER = 1, 1
_MOST = 8


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Neighbouring sentences of one passage; `number` is what the model cites, from 1, best first.

    `sentences` are spans in the article, ascending; `span` covers them.
    """

    number: int
    hit: Hit
    sentences: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """From the first sentence to the last."""
        return Span(self.sentences[0].start, self.sentences[-1].end)

    @property
    def text(self) -> str:
        """The words of the article at `span`."""
        return self.words(self.span)

    def words(self, span: Span) -> str:
        """The words of the article at a span inside the passage."""
        return self.hit.passage.words(span)


def gather_excerpts(
    ranked: Iterable[Candidate], cost: Callable[[Excerpt], int], budget: int
) -> tuple[Excerpt, ...]:
    """Excerpts around the best sentences, as many as fit; at least one if there is a sentence.

    `ranked` are sentences, best first; `cost` tells how many tokens an excerpt takes, its heading included;
    `budget` is in the same tokens.
    """
    kept: list[Excerpt] = []
    for candidate in ranked:
        grown = _with(kept, candidate)
        if not kept or sum(map(cost, grown)) <= budget:
            kept = grown
    return tuple(kept)


def _with(kept: Sequence[Excerpt], candidate: Candidate) -> list[Excerpt]:
    """The excerpts with the sentence and its neighbours in them, in a place of their own or a wider one."""
    hit = candidate.hit
    wanted = _window(hit.passage.parts, candidate.span)
    for i, excerpt in enumerate(kept):
        if excerpt.hit.passage.id == hit.passage.id:
            sentences = _joined(hit.passage.parts, excerpt.sentences, wanted)
            if sentences:
                return [*kept[:i], Excerpt(excerpt.number, hit, sentences), *kept[i + 1 :]]
    return [*kept, Excerpt(len(kept) + 1, hit, wanted)] if len(kept) < _MOST else list(kept)


def _window(sentences: Sequence[Span], span: Span) -> tuple[Span, ...]:
    """The sentences that the span touches, with the one before and the one after."""
    touched = [i for i, sentence in enumerate(sentences) if sentence.overlaps(span)]
    if not touched:
        return (span,)
    return tuple(sentences[max(0, touched[0] - _BEFORE) : touched[-1] + _AFTER + 1])


def _joined(all_: Sequence[Span], some: Sequence[Span], more: Sequence[Span]) -> tuple[Span, ...]:
    """Both runs of sentences as one, if no sentence lies between them."""
    places = {sentence: i for i, sentence in enumerate(all_)}
    if not all(sentence in places for sentence in (*some, *more)):
        return ()
    numbers = sorted({places[sentence] for sentence in (*some, *more)})
    whole = numbers[-1] - numbers[0] + 1 == len(numbers)
    return tuple(all_[i] for i in numbers) if whole else ()
