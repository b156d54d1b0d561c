"""A sentence that a chat model wrote to one that is tied to the articles, or marked as not borne out.

The model's numbers are where the search begins, not what is believed: each sentence is checked against the
excerpts it cites, and if they do not bear it out (or it cites none) against the others shown to the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from index.types import Hit, Span
from index.words import content_stems
from rag.cite import Ground, Sentence
from rag.excerpts import Excerpt
from rag.markers import Written
from rag.sources import Sources
from rag.speech import leading_pronoun, read_speech
from rag.verify.verifier import Evidence, Verdict, Verifier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_AROUND_CHARACTERS = 400
_WH = re.compile(r"\b(?:wh(?:o|om|ose|at|ich|en|ere|y)|how)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|[.,]\d)")
_NEAR = 0.8  # of the best sentence's alignment: the next one is cited beside it
_OTHERS_TRIED = 2


class Grounding:
    """Checks the sentences of one answer against the excerpts shown to the model."""

    def __init__(self, excerpts: Sequence[Excerpt], verifier: Verifier, sources: Sources) -> None:
        self._excerpts = {excerpt.number: excerpt for excerpt in excerpts}
        self._verifier = verifier
        self._sources = sources
        self._before = ""

    def check(self, written: Written) -> Sentence:
        """The sentence with the words of the articles it rests on. They come in the order of the answer."""
        cited = [self._excerpts[n] for n in written.numbers if n in self._excerpts]
        claim = self._with_speaker(written.words)
        verdict = self._verdict(claim, cited)
        if verdict.support == "unsupported":
            for others in self._tries(claim, cited):
                found = self._verdict(claim, others)
                if found.support != "unsupported":
                    cited, verdict = others, found
                    break
        grounds = [self._ground(written.words, excerpt) for excerpt in cited]
        return Sentence(
            written.words, tuple(grounds), verdict.support, verdict.score, verdict.reason, written.gap
        )

    def _with_speaker(self, words: str) -> str:
        """The words with the one who speaks in place of "He": who that is, the sentence before may tell."""
        text, start = f"{self._before} {words}", len(self._before) + 1
        spans = ([Span(0, start - 1)] if self._before else []) + [Span(start, len(text))]
        speech, self._before = read_speech(text, spans)[-1], words
        pronoun = leading_pronoun(words)
        if pronoun is None or speech.named or not speech.speaker:
            return words
        return f"{pronoun['lead']}{speech.speaker}{words[pronoun.end() :]}"

    def _verdict(self, words: str, cited: Sequence[Excerpt]) -> Verdict:
        return self._verifier.check(words, [self._evidence(excerpt) for excerpt in cited])

    def _evidence(self, excerpt: Excerpt) -> Evidence:
        text, span = self._sources.text(excerpt.hit.head.id), excerpt.span
        around = text[max(0, span.start - _AROUND_CHARACTERS) : span.end + _AROUND_CHARACTERS]
        return Evidence(excerpt.text, excerpt.hit.head, around)

    def _tries(self, words: str, cited: Sequence[Excerpt]) -> list[list[Excerpt]]:
        """What else may bear the words out: one excerpt that was not cited, or two of all that are near."""
        others = self._nearest(words, [one for one in self._excerpts.values() if one not in cited])
        pair = [*cited, *others][:2]
        return [*([other] for other in others), *([pair] if len(pair) > 1 else [])]

    def _nearest(self, words: str, excerpts: Sequence[Excerpt]) -> list[Excerpt]:
        best = [float(max(self._align(words, excerpt))) for excerpt in excerpts]
        order = sorted(range(len(excerpts)), key=lambda i: -best[i])
        return [excerpts[i] for i in order[:_OTHERS_TRIED]]

    def _ground(self, words: str, excerpt: Excerpt) -> Ground:
        """The sentence of the excerpt that is nearest to the words, with its neighbour if that is as near."""
        scores = self._align(words, excerpt)
        best = int(scores.argmax())
        near = [i for i in (best - 1, best, best + 1) if 0 <= i < len(scores)]
        chosen = [excerpt.sentences[i] for i in near if i == best or scores[i] >= _NEAR * scores[best]]
        span = Span(chosen[0].start, chosen[-1].end)
        return Ground(excerpt.hit, span, excerpt.words(span))

    def _align(self, words: str, excerpt: Excerpt) -> NDArray[np.float64]:
        return self._verifier.align(words, [excerpt.words(span) for span in excerpt.sentences])


def borne_out(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences that the articles bear out."""
    return [one for one in sentences if one.grounds and one.support != "unsupported"]


def tells_more(words: str, question: str) -> bool:
    """Whether a sentence tells more than a question that asks for more than yes or no."""
    asks = _WH.search(question) is not None
    return not asks or not set(content_stems(words)) <= set(content_stems(question))


def of_another_year(sentence: Sentence, question: str) -> bool:
    """Whether the question names a year, and a passage that the sentence rests on tells of others alone.

    Title and day of publication count as told. "The prize went to B" dodges every check where the article
    tells of another year's prize.
    """
    asked = set(_YEAR.findall(question))
    told = [_years_told(ground.hit) for ground in sentence.grounds]
    return bool(asked) and any(years and asked.isdisjoint(years) for years in told)


def _years_told(hit: Hit) -> set[str]:
    return set(_YEAR.findall(f"{hit.passage.text} {hit.head.title} {hit.head.published or ''}"))
