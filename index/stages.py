"""The stages of an ingest (load, clean, chunk, attribute, embed) as one value that tests make of own parts.

Knows which function does what, nothing of how or of where the outcome is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.attribution.attribute import ATTRIBUTING, attribute
from index.chunk import CHUNKING, chunk
from index.types import Article, ArticleHead, Attribution, Loaded, Passage, Unreadable

if TYPE_CHECKING:
    from index.cleaning.clean import Cleaned
    from index.embed import Embedder

CountTokens = Callable[[list[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Stages:
    """What turns files into passages with vectors.

    `embedder` is called when it is needed, not before. `chunking` names what the passages depend
    on besides the embedder: another name means that stored passages must be cut anew. `attributing`
    names what attributions depend on: another name means that they are derived anew from the stored
    texts, without embedding.
    """

    load: Callable[[Path], Iterator[Loaded | Unreadable]]
    lines_of: Callable[[str], set[str]]
    clean: Callable[[Article, Mapping[str, int]], Cleaned]
    chunk: Callable[[Article, int, CountTokens], list[Passage]]
    prompt: Callable[[ArticleHead, str], str]
    embedder: Callable[[], Embedder]
    chunking: str
    attribute: Callable[[Article], list[Attribution]] = attribute
    attributing: str = ATTRIBUTING


class Once:
    """Calls a function at the first call and gives its outcome from then on; thread-safe."""

    def __init__(self, make: Callable[[], Embedder]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self.made: Embedder | None = None

    def __call__(self) -> Embedder:
        with self._lock:
            if self.made is None:
                self.made = self._make()
            return self.made


def standard(model: str, precision: str) -> Stages:
    """The stages of this package with the embedding model of this name."""

    def load(path: Path) -> Iterator[Loaded | Unreadable]:
        from index.load import load

        return load(path)

    def lines_of(raw: str) -> set[str]:
        from index.cleaning.clean import lines_of

        return lines_of(raw)

    def clean(article: Article, recurring: Mapping[str, int]) -> Cleaned:
        from index.cleaning.clean import clean

        return clean(article, recurring)

    def prompt(head: ArticleHead, text: str) -> str:
        from index.embed import passage_prompt

        return passage_prompt(head, text)

    def embedder() -> Embedder:
        from index.embed import load_embedder

        return load_embedder(model, precision)

    return Stages(load, lines_of, clean, chunk, prompt, embedder, CHUNKING)
