"""What finding who said what costs an ingest: the same articles with it and without, in turns, in one run.

    python -m benchmarks.attributing_speed SUITE [--articles 300] [--rounds 3]

Each round ingests the first articles of a suite into an empty archive twice, once with, once without; which
comes first changes from round to round. One ingest of a few articles before loads everything that is loaded
once. `slower` is the time with over the time without, less 1, of the sums over the rounds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.report import circumstances, say
from index.archive import Archive
from index.stages import Stages, standard
from index.weights import DEFAULT_MODEL

WARM_UP = 10


def ingest(articles: Sequence[str], stages: Stages) -> dict[str, float]:
    """Seconds by the clock and on the processor, passages and attributions of an ingest of these lines."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        file.write_text("".join(articles), encoding="utf-8")
        with Archive.open(Path(folder) / "home", stages=stages) as archive:
            wall, cpu = time.perf_counter(), time.process_time()
            report = archive.ingest([file])
            took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
            found = archive.info().get("attributions", 0)
        return took | {"passages": report.passages, "attributions": found}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    with gzip.open(options.suite / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = list(islice(lines, options.articles))
    ways = {"with": standard(DEFAULT_MODEL, "auto")}
    ways["without"] = replace(ways["with"], attribute=lambda article: [], attributing="none")
    for stages in ways.values():
        ingest(articles[:WARM_UP], stages)
    rounds = []
    for number in range(options.rounds):
        order = list(ways) if number % 2 else list(reversed(ways))
        rounds.append({name: ingest(articles, ways[name]) for name in order})
    sums = {name: {unit: sum(one[name][unit] for one in rounds) for unit in ("wall", "cpu")} for name in ways}
    slower = {unit: sums["with"][unit] / sums["without"][unit] - 1 for unit in ("wall", "cpu")}
    return {"articles": len(articles), "rounds": rounds, "seconds": sums, "slower": slower}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    measured = measure(options)
    say(circumstances() | measured)
    print(json.dumps(measured["slower"]))


if __name__ == "__main__":
    main()
