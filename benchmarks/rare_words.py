"""Whether a rare word finds the only passage that has it, over a real archive.

    python -m benchmarks.rare_words HOME [--words 150]

Draws words with a capital letter, six letters or longer, whose stem the lexical index knows from exactly one
passage, and searches for each alone: the share of those whose passage comes first, and is among ten.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path

from index.archive import Archive
from index.types import Passage
from index.words import stem

TOP_K = 10
_WORD = re.compile(r"\b[A-Z][a-z]{5,}\b")


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description="Search for rare words.")
    parser.add_argument("home", type=Path)
    parser.add_argument("--words", type=int, default=150)
    wanted = parser.parse_args()
    with Archive.open(wanted.home) as archive:
        drawn = [one for one, _ in zip(rare(archive), range(wanted.words), strict=False)]
        places = [_place(archive, word, passage) for word, passage in drawn]
    first, found = (sum(place < most for place in places) / len(places) for most in (1, TOP_K))
    print(f"{len(places)} words: first {first:.3f}, among {TOP_K} {found:.3f}")


def rare(archive: Archive) -> Iterator[tuple[str, Passage]]:
    """Words that one passage has, with it, in an order that is the same every time."""
    order = random.Random(3)
    entries, _ = archive.list(limit=10**6)
    order.shuffle(entries)
    for entry in entries:
        pairs = {(w, p) for p in archive.catalog.passages_of(entry.id) for w in _WORD.findall(p.text)}
        own = [pair for pair in pairs if archive.lexical.frequency(stem(pair[0])) == 1]
        if own:
            yield order.choice(sorted(own, key=lambda pair: (pair[0], pair[1].id)))


def _place(archive: Archive, word: str, passage: Passage) -> int:
    """How many hits come before the passage; TOP_K when it is not among them."""
    hits = archive.search(word, top_k=TOP_K)
    return next((i for i, hit in enumerate(hits) if hit.passage.id == passage.id), TOP_K)


if __name__ == "__main__":
    main()
