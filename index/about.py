"""Which statements are about some words: the words themselves, words near in meaning, and the whole.

A word counts most in what was said, less in the sentence around it, least in the headline; a word
of the statement that the embedder finds near one asked for counts for a part ("truce" for "peace").
Beside that stands how near the whole statement is to the words. Knows nothing of speakers and time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from index.words import STOPWORDS, content_stems, stem, tokens

if TYPE_CHECKING:
    import numpy as np

    from index.catalog import Catalog
    from index.embed import Embedder
    from index.quotes import Quote

MOST_EMBEDDED = 300
"""Statements whose nearness to the words is computed, those with most of the words first."""

_MOST_WORDS = 3_000  # different words of statements whose nearness is computed, the most frequent first
_NEAR_WORD = 0.5  # cosine from which a word counts for another,
_FAR = 0.3  # and the one at which it would count nothing
_AROUND, _HEADLINE = 0.6, 0.35  # what a word counts there; 1 in what was said
_WHOLE = 0.8  # what the nearness of the whole statement counts beside its words
_ENOUGH = 0.52


@dataclass(frozen=True, slots=True)
class _Seen:
    """The stems in what was said, in the sentences around it and in the headline."""

    said: frozenset[str]
    around: frozenset[str]
    headline: frozenset[str]

    def holds(self, likes: dict[str, float]) -> float:
        """0..1: how well one word asked for, given as stems with what each counts, is found."""
        best = 0.0
        for part, weight in ((self.said, 1.0), (self.around, _AROUND), (self.headline, _HEADLINE)):
            best = max(best, weight * max((like for one, like in likes.items() if one in part), default=0.0))
        return best


def about(
    catalog: Catalog, quotes: Sequence[Quote], words: str, embedder: Callable[[], Embedder]
) -> list[Quote]:
    """The statements that are about the words, with their scores; in the order given."""
    forms = {stem(word): word for word, _, _ in tokens(words)}
    asked = content_stems(words) or list(forms)
    if not asked:
        return []
    seen = _seen(catalog, quotes)
    model = embedder()
    likes = _likes({one: forms[one] for one in asked}, quotes, model)
    weights = _weights(asked, seen)
    found = [
        sum(weight * one.holds(likes[word]) for word, weight in weights.items()) / sum(weights.values())
        for one in seen
    ]
    whole = _nearness(words, quotes, found, model)
    scores = [lexical + _WHOLE * near for lexical, near in zip(found, whole, strict=True)]
    pairs = zip(quotes, scores, strict=True)
    return [replace(quote, score=round(score, 4)) for quote, score in pairs if score >= _ENOUGH]


def _seen(catalog: Catalog, quotes: Sequence[Quote]) -> list[_Seen]:
    ids = {quote.head.id for quote in quotes}
    texts, sentences = catalog.texts(ids), catalog.sentences(ids)
    found = []
    for quote in quotes:
        one = quote.attribution
        spans = [*one.content, *one.source, *one.cue]
        start, end = min(span.start for span in spans), max(span.end for span in spans)
        near = [span for span in sentences.get(one.article_id, ()) if span.start < end and span.end > start]
        text = texts.get(one.article_id, "")
        around = " ".join(span.of(text) for span in near)
        parts = (quote.text, around, quote.head.title)
        found.append(_Seen(*(frozenset(content_stems(part)) for part in parts)))
    return found


def _likes(asked: Mapping[str, str], quotes: Sequence[Quote], model: Embedder) -> dict[str, dict[str, float]]:
    """For each word asked for, by its stem, the stems that count for it: itself 1, others less."""
    likes = {one: {one: 1.0} for one in asked}
    topics = {one: word for one, word in asked.items() if word.islower()}  # nothing is near a name
    common = _common_words(quotes)
    if not topics or not common:
        return likes
    cosines = model.embed_queries(list(topics.values())) @ model.embed_passages(common).T
    for one, row in zip(topics, cosines, strict=True):
        for word, near in zip(common, row, strict=True):
            if near >= _NEAR_WORD:
                like = (min(1.0, float(near)) - _FAR) / (1 - _FAR)
                likes[one][stem(word)] = max(likes[one].get(stem(word), 0.0), like)
    return likes


def _common_words(quotes: Sequence[Quote]) -> list[str]:
    """The words with content that are said most."""
    forms = Counter[str]()
    for quote in quotes:
        forms.update(word.lower() for word, _, _ in tokens(quote.text) if word[0].isalpha())
    common = (word for word, _ in forms.most_common() if word not in STOPWORDS and len(word) > 2)
    return list(islice(common, _MOST_WORDS))


def _weights(asked: Sequence[str], seen: Sequence[_Seen]) -> dict[str, float]:
    """What each stem counts: more the fewer statements hold it."""
    held = {one: sum(one in each.said or one in each.around for each in seen) for one in asked}
    return {one: 1 + math.log((len(seen) + 1) / (count + 1)) for one, count in held.items()}


def _nearness(words: str, quotes: Sequence[Quote], found: Sequence[float], model: Embedder) -> list[float]:
    """0..1 for each statement: the cosine with the words; 0 for those beyond the most."""
    places = sorted(range(len(quotes)), key=lambda place: -found[place])[:MOST_EMBEDDED]
    vectors: np.ndarray = model.embed_passages([quotes[place].text for place in places])
    near = [0.0] * len(quotes)
    for place, cosine in zip(places, vectors @ model.embed_queries([words])[0], strict=True):
        near[place] = max(0.0, float(cosine))
    return near
