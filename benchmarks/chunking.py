"""Our passages beside pieces of a fixed number of characters: token recall, precision and IoU at five.

    python -m benchmarks.chunking SUITE --home DIR

The suite's evidence has to be spans. Three ways to cut, the same embedder (dense ranking alone, five
pieces): ours, and cutting at the last white space before so many characters, as long as ours are in the
mean and as the passages of Chroma's report (about 200 tokens). The last row is the whole search.
Scores as in `rag.eval.spans`, where Chroma's chunking report is the source.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.report import circumstances, opened, print_table, run, say
from index.types import Span
from rag.eval.intervals import mean
from rag.eval.spans import overlap_scores
from rag.eval.suite import place_of, read_suite

if TYPE_CHECKING:
    from index.archive import Archive

SHOWN = 5
CHARACTERS = 850  # about 200 tokens of English
Piece = tuple[str, Span]


def pieces(article: str, text: str, most: int) -> Iterator[Piece]:
    """Spans of up to `most` characters that cover the text, cut at white space where there is some."""
    start = 0
    while start < len(text):
        end = min(start + most, len(text))
        space = max(text.rfind(mark, start + 1, end) for mark in (" ", "\n"))
        if end < len(text) and space > start:
            end = space
        yield article, Span(start, end)
        start = end


def nearest(archive: Archive, cut: Sequence[Piece], queries: np.ndarray) -> list[list[Piece]]:
    """The five pieces nearest to each query, by cosine of bare texts."""
    texts = {key: archive.article(key).text for key in dict.fromkeys(article for article, _ in cut)}
    vectors = archive.embedder.embed_passages([span.of(texts[key]) for key, span in cut])
    order = np.argsort(-(queries @ vectors.T), axis=1)[:, :SHOWN]
    return [[cut[i] for i in row] for row in order]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    options = parser.parse_args()
    suite = read_suite(options.suite)
    with opened(options.home, suite) as archive:
        wanted = [[p for e in q.evidence if (p := place_of(archive, e)) and p.span] for q in suite.questions]
        queries = archive.embedder.embed_queries([q.text for q in suite.questions])
        ids = [entry.id for entry in archive.list()[0]]
        ours = [(key, p.span) for key in ids for p in archive.catalog.passages_of(key)]
        length = round(float(np.mean([len(span) for _, span in ours])))
        shown: dict[str, list[list[Piece]]] = {"our passages": nearest(archive, ours, queries)}
        for most in sorted({length, CHARACTERS}):
            cut = [piece for key in ids for piece in pieces(key, archive.article(key).text, most)]
            shown[f"{most} characters"] = nearest(archive, cut, queries)
        shown["our search"] = [
            [(h.head.id, h.passage.span) for h in archive.search(q.text, top_k=SHOWN)]
            for q in suite.questions
        ]
    table = {name: _scores(found, wanted) for name, found in shown.items()}
    print_table(["cut", *table["our search"]], [[name, *row.values()] for name, row in table.items()])
    say({"suite": suite.name, **circumstances(), "shown": SHOWN, "rows": table})


def _scores(found: Sequence[Sequence[Piece]], wanted: Sequence[Sequence[Any]]) -> dict[str, float | None]:
    each = [overlap_scores(f, [(p.article, p.span) for p in w]) for f, w in zip(found, wanted, strict=True)]
    return {name: mean(row[name] for row in each if row) for name in next(row for row in each if row)}


if __name__ == "__main__":
    run(main)
