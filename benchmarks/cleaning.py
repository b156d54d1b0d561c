"""Measure cleaning: what it takes out of articles, and how much evidence goes with it.

    python -m benchmarks.cleaning SUITE... [--recurring off] [--sample N] [--seed N]

Each SUITE is a suite folder, or a file or folder of articles. Evidence lost counts raw characters of
the gold spans (questions' evidence; contents, sources and cues of attributions) inside removed ranges.
`--sample` prints N removed pieces, drawn at random, to be judged by eye.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.report import circumstances, print_table, run, say
from index.cleaning.clean import Cleaned, clean, lines_of
from index.load import load
from index.types import Article, Loaded, Span
from rag.eval.types import SuiteError

Spans = Iterator[tuple[str, str, Span]]


def articles_of(path: Path) -> list[Article]:
    """The articles of a suite folder, or of a file or folder of articles."""
    reference, held = path / "articles.ref", path / "articles.jsonl.gz"
    if reference.is_file():
        return articles_of(path / reference.read_text(encoding="utf-8").strip())
    loaded = load(held if held.is_file() else path)
    found = [item.article for item in loaded if isinstance(item, Loaded)]
    if not found:
        raise SuiteError(f"no articles in {path}: name a suite folder, or a file or folder of articles")
    return found


def gold_spans(path: Path) -> Spans:
    """(article, kind, raw span) of all evidence a suite gives by place."""
    for record in _records(path / "questions.jsonl"):
        for item in record.get("evidence", ()):
            if item["start"] is not None:
                yield item["article"], "evidence", Span(item["start"], item["end"])
    for record in _records(path / "attributions.jsonl"):
        for kind in ("content", "source", "cue"):
            for start, end in record[kind]:
                yield record["article"], kind, Span(start, end)


def _records(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def lost(results: Mapping[str, Cleaned], spans: Spans) -> dict[str, dict[str, int]]:
    """For each kind of evidence: characters in all, and characters in removed ranges."""
    counts: dict[str, dict[str, int]] = {}
    for article, kind, span in spans:
        count = counts.setdefault(kind, {"characters": 0, "lost": 0})
        count["characters"] += len(span)
        for removed in results[article].removed if article in results else ():
            shared = min(span.end, removed.span.end) - max(span.start, removed.span.start)
            count["lost"] += max(shared, 0)
    return counts


def measure(path: Path, recurring: bool) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Counts of one suite, and everything removed as (reason, words)."""
    articles = articles_of(path)
    counts = Counter(key for article in articles for key in lines_of(article.text)) if recurring else None
    started = time.process_time()
    results = {article.id: clean(article, counts) for article in articles}
    seconds = time.process_time() - started
    characters = sum(len(article.text) for article in articles)
    removed = [(each.reason, each.text) for result in results.values() for each in result.removed]
    heads = [result.article for result in results.values()]
    return {
        "articles": len(articles),
        "characters": characters,
        "removed_percent": 100 * sum(len(words) for _, words in removed) / max(characters, 1),
        "pieces": len(removed),
        "reasons": dict(Counter(reason for reason, _ in removed).most_common()),
        "gold": lost(results, gold_spans(path)),
        "titled": sum(bool(head.title) for head in heads),
        "dated": sum(head.published is not None for head in heads),
        "cpu_ms_per_5000_characters": 5_000_000 * seconds / max(characters, 1),
    }, removed


def _sampled(removed: list[tuple[str, str]], count: int, seed: int) -> Iterable[str]:
    chosen = random.Random(seed).sample(removed, min(count, len(removed)))
    return (f"{reason}: {' '.join(words.split())[:200]}" for reason, words in chosen)


def main() -> None:
    """Measure each suite named on the command line."""
    parser = argparse.ArgumentParser(description="What cleaning removes, and the evidence lost by it.")
    parser.add_argument("suites", nargs="+", type=Path, help="suite folders, or files or folders of articles")
    parser.add_argument("--recurring", choices=("on", "off"), default="on", help="count recurring lines")
    parser.add_argument("--sample", type=int, default=0, help="print so many removed pieces")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    suites: dict[str, Any] = {}
    for path in options.suites:
        suites[path.name], removed = measure(path, options.recurring == "on")
        for line in _sampled(removed, options.sample, options.seed):
            print(line, file=sys.stderr)
    columns = ("suite", "articles", "removed %", "gold characters", "gold lost", "ms per 5,000")
    rows = [
        (
            name,
            found["articles"],
            found["removed_percent"],
            sum(kind["characters"] for kind in found["gold"].values()),
            sum(kind["lost"] for kind in found["gold"].values()),
            found["cpu_ms_per_5000_characters"],
        )
        for name, found in suites.items()
    ]
    print_table(columns, rows)
    say({"circumstances": circumstances(), "recurring": options.recurring, "suites": suites})


if __name__ == "__main__":
    run(main)
