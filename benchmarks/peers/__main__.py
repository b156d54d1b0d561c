"""Measure Onrecord beside other ways to search the same articles.

    python -m benchmarks.peers --install --home DIR
    python -m benchmarks.peers --suite FOLDER --home DIR [--articles N] [--tag TAG] [--system NAME]

Writes benchmarks/results/peers-<suite>-<commit>.json, prints a table on stderr. See `benchmarks.peers`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers import environment, scope
from benchmarks.peers.drive import PeerFailed, Told, drive
from benchmarks.peers.score import differences, summaries
from benchmarks.report import ROOT, circumstances, print_table, run
from benchmarks.results import result_path, write_result
from index.weights import find_weights
from rag.eval.suite import choose, read_suite
from rag.eval.types import Question

SHOWN = 10
DEPTH = 50
BUSY = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A system to measure: the module that serves it, its name for people, and whose Python runs it."""

    module: str
    label: str
    own: bool = False


CANDIDATES = {
    "onrecord": Candidate("with_onrecord", "Onrecord", own=True),
    "langchain": Candidate("with_langchain", "LangChain tutorial (Chroma)"),
    "langchain-ensemble": Candidate("with_langchain", "LangChain ensemble (BM25 + Chroma)"),
    "llamaindex": Candidate("with_llamaindex", "LlamaIndex starter"),
    "llamaindex-256": Candidate("with_llamaindex", "LlamaIndex, chunks of 256 tokens"),
    "txtai": Candidate("with_txtai", "txtai hybrid"),
}


def measure(name: str, folder: Path, request: dict[str, Any], python: str) -> tuple[Told, int]:
    """Run one system on an empty folder; what it told, and the bytes it left there."""
    index = folder / "index"
    if folder.exists():
        shutil.rmtree(folder)
    index.mkdir(parents=True)
    command = [python, "-m", f"benchmarks.peers.{CANDIDATES[name].module}"]
    print(f"{name}: ingest", file=sys.stderr)

    def follow(event: str) -> None:
        if event == "ingested":
            print(f"{name}: questions", file=sys.stderr)

    told = drive(command, {**request, "name": name, "folder": str(index)}, folder / "log", follow)
    return told, sum(path.stat().st_size for path in index.rglob("*") if path.is_file())


def compare(options: argparse.Namespace) -> dict[str, Any]:
    """Run every system one after another; the result."""
    suite = read_suite(options.suite)
    questions = scope.askable(choose(suite.questions, options.tag, options.without))[: options.limit]
    if not questions:
        raise PeerFailed(f"{suite.name} has no question with evidence among these, wanted some")
    names = options.system or list(CANDIDATES)
    foreign = any(not CANDIDATES[name].own for name in names)
    pythons = {True: sys.executable, False: str(environment.python_of(options.home)) if foreign else ""}
    folder = options.home.resolve() / "peers" / suite.name
    folder.mkdir(parents=True, exist_ok=True)
    articles = folder / "articles.jsonl"
    count = scope.write_articles(suite.articles, articles, scope.gold(questions), options.articles)
    request = _request(articles, questions)
    load = os.getloadavg()[0]
    if load > BUSY:
        print(f"the load is {load:.1f}: rates and latencies will not be worth much", file=sys.stderr)
    measured = {}
    for name in names:
        python = pythons[CANDIDATES[name].own]
        measured[name] = measure(name, folder / name, request, python)
    rows = {
        row["name"]: row
        for name, (told, size) in measured.items()
        for row in summaries(name, CANDIDATES[name].label, told, size, questions)
    }
    return {
        "kind": "peers",
        "suite": suite.name,
        **circumstances(),
        "load": [load, os.getloadavg()[0]],
        "articles": count,
        "questions": len(questions),
        "relevant": len(scope.gold(questions)),
        "tags": options.tag,
        "shown": SHOWN,
        "depth": DEPTH,
        "systems": list(rows.values()),
        "differences": differences({name: told for name, (told, _) in measured.items()}, questions),
    }


def _request(articles: Path, questions: Sequence[Question]) -> dict[str, Any]:
    asked = [{"id": q.id, "text": q.text, "asked": q.asked and q.asked.isoformat()} for q in questions]
    return {
        "articles": str(articles),
        "model": str(find_weights().folder.resolve()),
        "shown": SHOWN,
        "depth": DEPTH,
        "questions": asked,
    }


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--suite", type=Path, help="folder with questions.jsonl")
    parser.add_argument("--home", type=Path, required=True, help="folder for the environment and the indices")
    parser.add_argument("--install", action="store_true", help="make the peers' environment first")
    parser.add_argument("--articles", type=int, help="only so many articles, the relevant ones among them")
    parser.add_argument("--limit", type=int, help="only the first so many questions")
    parser.add_argument("--tag", action="append", default=[], help="only questions with this tag; repeatable")
    parser.add_argument("--without", action="append", default=[], help="none with this tag; repeatable")
    parser.add_argument("--system", action="append", choices=list(CANDIDATES), help="only this; repeatable")
    parser.add_argument("--out", type=Path, help="default: benchmarks/results/peers-SUITE-COMMIT.json")
    options = parser.parse_args(argv)
    if not (options.suite or options.install):
        parser.error("give --suite, --install or both")
    return options


def main(argv: Sequence[str] | None = None) -> None:
    """Install, measure, write, print."""
    options = _options(argv)
    options.home.mkdir(parents=True, exist_ok=True)
    if options.install:
        environment.install(options.home)
    if not options.suite:
        return
    result = compare(options)
    out = options.out or result_path(result)
    write_result(out, result)
    columns = ("articles_per_second", "peak_mib", "index_mib", "p50_ms", "hit@1", "hit@10", "mrr@10")
    flat = [{**row, **row["ingest"], **row["latency"], **row["metrics"]} for row in result["systems"]]
    cells = [[_cell(row[name]) for name in columns] for row in flat]
    print_table(["system", *columns], [[row["name"], *line] for row, line in zip(flat, cells, strict=True)])
    print(out.resolve().relative_to(ROOT) if out.resolve().is_relative_to(ROOT) else out)


def _cell(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) else value


if __name__ == "__main__":
    run(main)
