"""Cuts an article into passages of whole sentences that fit the embedder.

Pure: no model, no files; tokens are counted by a function it is given. Knows nothing of vectors
or indexes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise

from index.embed import passage_prompt
from index.sentences import paragraphs, sentences
from index.types import Article, Passage, Span

AIM_TOKENS = 170
"""Tokens of text that a passage should have."""

CHUNKING = f"sentences-{AIM_TOKENS}-v1"
"""What the passages depend on, for the fingerprint of an index; the number changes with the code."""

CountTokens = Callable[[list[str]], list[int]]
_Piece = tuple[Span, int, bool]  # where, tokens, whether a paragraph ends with it

_SPARE_TOKENS = 2  # some tokenizers count a word after a line break differently
_SURE = 0.9  # share of the limit up to which tokens of sentences are trusted to add up to the passage's
_MOST_CHARS_A_TOKEN = 8  # a word the tokenizer gives up on is one token however long it is
_CUT_PARAGRAPH = 0.15  # the cost of ending a passage within a paragraph, beside a squared relative error
_WORD = re.compile(r"\S+")
_CLAUSE_END = re.compile(r"[,;:.?!…—–-]['\"”’»)\]]*$")


def chunk(article: Article, max_tokens: int, count_tokens: CountTokens) -> list[Passage]:
    """The passages of an article: ascending, disjoint, together all its non-space characters.

    Each is made of whole sentences and has, with the head that `passage_prompt` puts before it, at
    most `max_tokens` tokens by `count_tokens` (unless the head alone takes seven eighths of them).
    A sentence too long for that is cut at clauses, words or, at worst, characters; its parts then
    stand as sentences. Sizes are balanced around AIM_TOKENS and passages end with paragraphs where
    that costs little. `count_tokens` is called once, or a few times if a sentence must be cut.
    """
    spans = sentences(article.text)
    if not spans:
        return []
    head, *counts = count_tokens(
        [passage_prompt(article.head, ""), *(span.of(article.text) for span in spans)]
    )
    weights = _weighed(spans, counts)
    least = max(1, max_tokens // 8)
    room = max(least, max_tokens - head - _SPARE_TOKENS)
    while True:
        pieces = _pieces(article.text, list(zip(spans, weights, strict=True)), _Fit(room, count_tokens))
        groups = _groups(pieces, room)
        sure = 0 if max(weights) > room else int(_SURE * max_tokens) - head
        near = [group for group in groups if sum(tokens for _, tokens, _ in group) > sure]
        over = _excess(article, near, max_tokens, count_tokens)
        if over <= 0 or room == least:
            return [_passage(article, [span for span, _, _ in group]) for group in groups]
        room = max(least, room - over)


class _Fit:
    """What a piece of text may hold: `room` tokens."""

    def __init__(self, room: int, count_tokens: CountTokens) -> None:
        self.room = room
        self._count_tokens = count_tokens

    def weights(self, text: str, spans: Sequence[Span]) -> list[int]:
        """Tokens of the spans, long strings without an end counted by their characters."""
        return _weighed(spans, self._count_tokens([span.of(text) for span in spans]))

    def cut(self, text: str, sentence: Span) -> list[tuple[Span, int]]:
        """Parts of a sentence, each with its tokens; they end with clauses or words where they can."""
        starts = [match.span() for match in _WORD.finditer(text, sentence.start, sentence.end)]
        words = [Span(start, end) for start, end in starts]
        units: list[tuple[Span, int]] = []
        for word, weight in zip(words, self.weights(text, words), strict=True):
            units += [(word, weight)] if weight <= self.room else self._halved(text, word)
        parts = []
        while units:
            size = self._most(text, units)
            taken, units = units[:size], units[size:]
            parts.append((Span(taken[0][0].start, taken[-1][0].end), sum(weight for _, weight in taken)))
        return parts

    def _most(self, text: str, units: Sequence[tuple[Span, int]]) -> int:
        """How many of the leading units fit; fewer, if a clause ends in the second half of them."""
        fitting = 0
        for total in accumulate(weight for _, weight in units):
            if total > self.room:
                break
            fitting += 1
        fitting = max(1, fitting)
        if fitting == len(units):
            return fitting
        for size in range(fitting, fitting // 2, -1):
            if _CLAUSE_END.search(units[size - 1][0].of(text)):
                return size
        return fitting

    def _halved(self, text: str, word: Span) -> list[tuple[Span, int]]:
        """Parts of a word that is too long by itself."""
        middle = (word.start + word.end) // 2
        if middle == word.start:
            return [(word, self.room)]
        halves = [Span(word.start, middle), Span(middle, word.end)]
        parts: list[tuple[Span, int]] = []
        for half, weight in zip(halves, self.weights(text, halves), strict=True):
            parts += [(half, weight)] if weight <= self.room else self._halved(text, half)
        return parts


def _weighed(spans: Iterable[Span], counts: Iterable[int]) -> list[int]:
    pairs = zip(spans, counts, strict=True)
    return [max(count, len(span) // _MOST_CHARS_A_TOKEN) for span, count in pairs]


def _pieces(text: str, weighed: Sequence[tuple[Span, int]], fit: _Fit) -> list[_Piece]:
    """The sentences, those that do not fit cut into parts."""
    ends = {paragraph.end for paragraph in paragraphs(text)}
    found: list[_Piece] = []
    for span, weight in weighed:
        parts = [(span, weight)] if weight <= fit.room else fit.cut(text, span)
        found += [(part, tokens, part.end in ends) for part, tokens in parts]
    return found


def _groups(pieces: Sequence[_Piece], room: int) -> list[list[_Piece]]:
    """Neighbours put together so that all groups fit and their costs add up to the least."""
    aim = min(AIM_TOKENS, room)
    totals = list(accumulate((tokens for _, tokens, _ in pieces), initial=0))
    best = [0.0]  # the least cost of the first n pieces
    first = [0]  # where the last group of that solution starts
    for end in range(1, len(totals)):
        torn = 0.0 if pieces[end - 1][2] else _CUT_PARAGRAPH
        least, place = float("inf"), end - 1
        for start in range(end - 1, -1, -1):
            size = totals[end] - totals[start]
            if size > room and start < end - 1:
                break
            cost = best[start] + (size / aim - 1) ** 2 + torn
            if cost < least:
                least, place = cost, start
        best.append(least)
        first.append(place)
    cuts = [len(pieces)]
    while cuts[-1]:
        cuts.append(first[cuts[-1]])
    return [list(pieces[start:end]) for start, end in pairwise(reversed(cuts))]


def _excess(article: Article, groups: Sequence[list[_Piece]], most: int, count_tokens: CountTokens) -> int:
    """By how many tokens the longest prompt of the groups is over."""
    texts = [article.text[group[0][0].start : group[-1][0].end] for group in groups]
    prompts = [passage_prompt(article.head, text) for text in texts]
    return max(count_tokens(prompts)) - most if prompts else 0


def _passage(article: Article, spans: Sequence[Span]) -> Passage:
    span = Span(spans[0].start, spans[-1].end)
    text = span.of(article.text)
    key = f"{article.id}\0{span.start}:{span.end}\0{text}".encode("utf-8", "surrogatepass")
    name = hashlib.blake2b(key, digest_size=16).hexdigest()
    return Passage(name, article.id, span, text, tuple(spans))
