"""The articles behind one question, read once: text, passages, sentences, who speaks, how rare a word is."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from index.attributions import attributions
from index.types import ArticleHead, Passage, Span
from rag.speech import Speech
from rag.spoken import spoken
from rag.vectors import Embed

if TYPE_CHECKING:
    from index.archive import Archive

_UNKNOWN = Speech(quoted=False, has_quote=False, speaker="", named=False)


class Sources:
    """A view over the archive for the time of one question; not shared between threads."""

    def __init__(self, archive: Archive, embed: Embed | None = None) -> None:
        """`embed` gives the vectors of sentences (None: the archive's own embedder)."""
        self.embed = embed or archive.embedder.embed_passages
        self._archive = archive
        self._texts: dict[str, str] = {}
        self._passages: dict[str, list[Passage]] = {}
        self._speech: dict[str, dict[Span, Speech]] = {}
        self._weights: dict[str, float] = {}
        self._carriers: dict[str, list[ArticleHead]] = {}

    def text(self, article_id: str) -> str:
        """The article's text."""
        if article_id not in self._texts:
            self._texts[article_id] = self._archive.article(article_id).text
        return self._texts[article_id]

    def passages(self, article_id: str) -> list[Passage]:
        """All passages of the article, in order."""
        if article_id not in self._passages:
            self._passages[article_id] = self._archive.catalog.passages_of(article_id)
        return self._passages[article_id]

    def carriers(self, article_id: str) -> list[ArticleHead]:
        """The other articles that carry the article's text, earliest first."""
        if article_id not in self._carriers:
            self._carriers[article_id] = self._archive.carriers(article_id)
        return self._carriers[article_id]

    def speech(self, article_id: str, sentence: Span) -> Speech:
        """Who speaks in a sentence of the article."""
        if article_id not in self._speech:
            sentences = [s for p in self.passages(article_id) for s in p.sentences]
            told = attributions(self._archive.catalog, "id = ?", (article_id,))
            speech = spoken(self.text(article_id), sentences, told)
            self._speech[article_id] = dict(zip(sentences, speech, strict=True))
        return self._speech[article_id].get(sentence, _UNKNOWN)

    def weigh(self, word_stem: str) -> float:
        """How much a word tells: its inverse passage frequency as BM25 has it, above 0."""
        if word_stem not in self._weights:
            total = max(1, self._archive.lexical.count())
            having = self._archive.lexical.frequency(word_stem)
            self._weights[word_stem] = log(1 + (total - having + 0.5) / (having + 0.5))
        return self._weights[word_stem]
