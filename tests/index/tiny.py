"""A small real pipeline: line-wise articles, paragraphs as passages, hashed words as vectors.

Run as a program it ingests, see `main`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index import attributions, build
from index.archive import Archive
from index.catalog import Catalog
from index.cleaning.clean import Cleaned
from index.cleaning.offsets import OffsetMap, Removed
from index.lexical import TantivyIndex
from index.stages import Stages
from index.store import ChromaStore
from index.types import Article, ArticleHead, Attribution, Loaded, Passage, Span, Unreadable


class HashingEmbedder:
    """Words hashed into a few dimensions: texts that share words are near each other."""

    name = "tiny"
    max_tokens = 64
    precision = "exact"

    def __init__(self, dimension: int = 32) -> None:
        self.dimension = dimension
        self.fingerprint = f"tiny/{dimension}"

    def embed_passages(
        self, texts: Sequence[str], on_done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        vectors = np.array([self._vector(text) for text in texts], dtype=np.float32)
        if on_done is not None:
            on_done(len(texts))
        return vectors.reshape(len(texts), self.dimension)

    def embed_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self.embed_passages(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 0.01)
        for word in re.findall(r"\w+", text.lower()):
            digest = hashlib.md5(word.encode()).digest()
            vector[digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
        return vector / np.linalg.norm(vector)


def load(path: Path) -> Iterator[Loaded | Unreadable]:
    if path.is_dir():
        for one in sorted(path.iterdir()):
            yield from load(one)
    elif not path.exists():
        yield Unreadable(str(path), "not found")
    elif path.suffix == ".jsonl":
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            record = json.loads(line)
            if record.get("published"):
                record["published"] = date.fromisoformat(record["published"])
            yield Loaded(Article(**record), f"{path}#{number}", named=True)
    else:
        text = path.read_text(encoding="utf-8")
        if not text.strip():
            yield Unreadable(str(path), "the file is empty")
        else:
            yield Loaded(Article(path.stem, text.partition("\n")[0], text), str(path))


def lines_of(raw: str) -> set[str]:
    return {line for line in raw.splitlines() if line.strip()}


def clean(article: Article, recurring: Mapping[str, int]) -> Cleaned:
    """Lines that three or more articles carry are removed."""
    kept, removed, segments, at = [], [], [], 0
    for line in article.text.splitlines(keepends=True):
        if recurring.get(line.rstrip("\n"), 0) >= 3:
            removed.append(Removed(Span(at, at + len(line)), line, "recurs"))
            segments.append((len(line), 0))
        else:
            kept.append(line)
            segments.append((len(line), len(line)))
        at += len(line)
    return Cleaned(replace(article, text="".join(kept)), tuple(removed), OffsetMap.of(segments))


def chunk(article: Article, max_tokens: int, count: Callable[[list[str]], list[int]]) -> list[Passage]:
    if "uncuttable" in article.text:
        raise ValueError("no way to cut this")
    passages = []
    for found in re.finditer(r"\S[^\n]*", article.text):
        span = Span(*found.span())
        digest = hashlib.sha256(f"{article.id}\n{span.start}\n{span.of(article.text)}".encode()).hexdigest()[
            :24
        ]
        passages.append(Passage(digest, article.id, span, span.of(article.text), (span,)))
    return passages


def attribute(article: Article) -> list[Attribution]:
    """`Name: words` on a line: the name said the words."""
    if "unspeakable" in article.text:
        raise ValueError("no way to tell who said this")
    found = []
    for line in re.finditer(r"^(\w[\w .]*): (.+)$", article.text, re.MULTILINE):
        name, words = Span(*line.span(1)), Span(*line.span(2))
        found.append(Attribution(article.id, (words,), (name,), speaker=line.group(1), quoted=True))
    return found


def prompt(head: ArticleHead, text: str) -> str:
    return f"{head.title}\n{text}"


def every_file(path: Path) -> Iterator[Loaded | Unreadable]:
    """All files below a folder, whatever they are, as text."""
    for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if one.is_file():
            text = one.read_text(encoding="latin-1")
            yield Loaded(Article(one.stem, one.stem, text), str(one))


def tiny_stages(
    dimension: int = 32,
    load: Callable[[Path], Iterator[Loaded | Unreadable]] = load,
    chunking: str = "tiny-1",
    attributing: str = "tiny-1",
    attribute: Callable[[Article], list[Attribution]] = attribute,
) -> Stages:
    return Stages(
        *(load, lines_of, clean, chunk, prompt, lambda: HashingEmbedder(dimension)),
        *(chunking, attribute, attributing),
    )


def die_at(step: int) -> None:
    """Kill this process at its n-th step: before and after each write to any of the three places."""
    left = step

    def stepped(call: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*given: Any, **named: Any) -> Any:
            tick()
            outcome = call(*given, **named)
            tick()
            return outcome

        return stepping

    def tick() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for kind, names in ((ChromaStore, ("upsert", "delete", "replace")), (TantivyIndex, ("commit",))):
        for name in names:
            setattr(kind, name, stepped(getattr(kind, name)))
    for name in ("finish", "forget", "Register"):
        setattr(build, name, stepped(getattr(build, name)))
    attributions.put_derived = stepped(attributions.put_derived)
    Catalog.set_meta = stepped(Catalog.set_meta)  # type: ignore[method-assign]


def main(home: str, source: str, *options: str) -> None:
    """Ingest in small batches. Options: `prune`, `die=N`, `rules=NAME` (of attributing)."""
    build.EMBED_PASSAGES, build.REGISTER_ARTICLES, attributions.DERIVE_ARTICLES = 40, 10, 5
    rules = next((one.partition("=")[2] for one in options if one.startswith("rules=")), "tiny-1")
    for option in options:
        if option.startswith("die="):
            die_at(int(option.partition("=")[2]))
    with Archive.open(Path(home), stages=tiny_stages(attributing=rules), model="tiny") as archive:
        print("open", flush=True)
        print(archive.ingest([Path(source)], prune="prune" in options), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
