"""Measure an ingest: passages a second beside the plain embedding model, memory, a second run, then answers.

    python -m benchmarks.ingest_speed ARTICLES --home NEWDIR [--suite SUITE] [--sample 1500]

`onrecord ingest` runs twice, each time in a process of its own, whose peak memory is read when it ends.
Then, in this process, the plain model (`SentenceTransformer.encode`, fp32, its default batches, warm) embeds
a random sample of the stored passages: their bare text, and the text with title, source and date that the
archive embeds, in turns with the archive's own embedder. `ratio` compares the whole ingest (reading,
cleaning, cutting, embedding, writing) with the latter, the same texts; `ratio_bare` with the shorter bare
texts; `ratio_cpu` is `ratio` in processor time, steadier on a machine that others use.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import ROOT, circumstances, print_table, run, say
from index.errors import OnrecordError
from rag.eval.intervals import percentile
from rag.eval.suite import choose, read_suite

if TYPE_CHECKING:
    from index.archive import Archive

MIB = 1024 * 1024
WARM_UP = 64
TURNS = 5


class IngestFailed(OnrecordError):
    """`onrecord ingest` did not end well."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """One run of `onrecord ingest`: its report, its time from start to end, its peak memory."""

    report: dict[str, Any]
    wall_seconds: float
    cpu_seconds: float
    peak_mib: float

    def record(self) -> dict[str, Any]:
        """What the result holds of it."""
        report = {key: value for key, value in self.report.items() if key != "unreadable"}
        unreadable = len(self.report.get("unreadable", ()))
        return {
            "wall_seconds": self.wall_seconds,
            "cpu_seconds": self.cpu_seconds,
            "peak_mib": self.peak_mib,
            **report,
            "unreadable": unreadable,
        }


def ingest(articles: Path, home: Path) -> Ingest:
    """Run the command and wait for it. Raises IngestFailed."""
    words = ["ingest", str(articles.resolve()), "--home", str(home.resolve()), "--json"]
    command = [sys.executable, "-c", "from rag.cli import main; main()", *words]
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - started
    if process.returncode:
        raise IngestFailed(f"`onrecord {' '.join(words)}` ended with {process.returncode}, wanted 0")
    unit = 1 if sys.platform == "darwin" else 1024
    spent = usage.ru_utime + usage.ru_stime
    return Ingest(json.loads(said), took, spent, usage.ru_maxrss * unit / MIB)


def sample_texts(archive: Archive, size: int, seed: int) -> tuple[list[str], list[str]]:
    """Bare texts of `size` random passages, and the same as the archive embeds them."""
    from index.embed import passage_prompt

    ids = sorted(archive.catalog.passage_ids())
    chosen = random.Random(seed).sample(ids, min(size, len(ids)))
    passages = archive.catalog.passages(chosen)
    heads = archive.catalog.heads({passage.article_id for passage in passages})
    bare = [passage.text for passage in passages]
    return bare, [passage_prompt(heads[passage.article_id], passage.text) for passage in passages]


@dataclass(slots=True)
class Pace:
    """Texts done, and the seconds they took by the clock and on the processor."""

    texts: int = 0
    wall: float = 0.0
    cpu: float = 0.0

    def take(self, embed: Callable[[list[str]], object], texts: list[str]) -> None:
        """Embed and count."""
        wall, cpu = time.perf_counter(), time.process_time()
        embed(texts)
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        self.texts += len(texts)

    @property
    def rate(self) -> float:
        """Texts a second by the clock."""
        return self.texts / self.wall

    @property
    def cpu_rate(self) -> float:
        """Texts a second of processor time: steadier where others use the machine too."""
        return self.texts / self.cpu


def paces(bare: list[str], prompted: list[str], precision: str) -> tuple[dict[str, Pace], str]:
    """How fast the plain model and our embedder are, in turns of a fifth each; our precision."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    from index.embed import load_embedder
    from index.weights import find_weights

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(find_weights().folder), local_files_only=True)
    own = load_embedder(precision=precision)

    def plain(texts: list[str]) -> object:
        return model.encode(texts, show_progress_bar=False)

    ways = {
        "plain_fp32": (plain, prompted),
        "plain_fp32_bare": (plain, bare),
        "own_embedder": (own.embed_passages, prompted),
    }
    for embed, texts in ways.values():
        embed(texts[:WARM_UP])
    found = {name: Pace() for name in ways}
    size = max(1, -(-len(bare) // TURNS))
    for start in range(0, len(bare), size):
        for name, (embed, texts) in ways.items():
            found[name].take(embed, texts[start : start + size])
    return found, own.precision


def embedding(archive: Archive, options: argparse.Namespace, first: Ingest) -> dict[str, Any]:
    """Rates in passages a second, and that of the ingest over the plain ones."""
    bare, prompted = sample_texts(archive, options.sample, options.seed)
    if not bare:
        raise IngestFailed("the archive holds no passage, wanted some: give more articles")
    found, precision = paces(bare, prompted, options.precision)
    plain, passages = found["plain_fp32"], first.report["passages"]
    rate = passages / first.report["seconds"]
    return {
        "sample": len(bare),
        "precision": precision,
        "ingest": rate,
        **{name: pace.rate for name, pace in found.items()},
        "ratio": rate / plain.rate,
        "ratio_bare": rate / found["plain_fp32_bare"].rate,
        "ratio_cpu": passages / first.cpu_seconds / plain.cpu_rate,
        "ratio_embedder": found["own_embedder"].rate / plain.rate,
        "ratio_embedder_cpu": found["own_embedder"].cpu_rate / plain.cpu_rate,
    }


def asking(archive: Archive, options: argparse.Namespace) -> dict[str, Any]:
    """Latency (milliseconds) of `ask` over the suite's questions, the process warm."""
    from rag.assistant import Assistant
    from rag.config import load_settings

    questions = choose(read_suite(options.suite).questions, limit=options.limit)
    assistant = Assistant(archive, load_settings(options.home, {}))
    times = []
    for question in [*questions[:3], *questions]:
        started = time.perf_counter()
        assistant.ask(question.text, history=question.history, asked=question.asked)
        times.append((time.perf_counter() - started) * 1000)
    times = times[-len(questions) :]
    return {
        "n": len(questions),
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
        "max_ms": max(times),
    }


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles", type=Path, help="file or folder to ingest")
    parser.add_argument("--home", type=Path, required=True, help="folder of a new archive")
    parser.add_argument("--suite", type=Path, help="suite whose questions are asked at the end")
    parser.add_argument("--sample", type=int, default=1500, help="passages the plain model embeds")
    parser.add_argument("--seed", type=int, default=1, help="which passages are drawn")
    parser.add_argument("--precision", default="auto", help="of the own embedder measured alone")
    parser.add_argument("--limit", type=int, help="only the first so many questions")
    parser.add_argument("--reuse", action="store_true", help="measure on an archive that is there already")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(argv)
    if (options.home / "catalog.sqlite3").exists() and not options.reuse:
        raise IngestFailed(
            f"found an archive in {options.home}, wanted a new folder: remove it or give another"
        )
    first = ingest(options.articles, options.home)
    second = ingest(options.articles, options.home)
    from index.archive import Archive

    with Archive.open(options.home) as archive:
        rates = embedding(archive, options, first)
        asked = asking(archive, options) if options.suite else {}
    result = {"articles": options.articles.name, **circumstances()}
    result |= {"first": first.record(), "second": second.record(), "passages_a_second": rates, "ask": asked}
    runs = {"first": first.record(), "second": second.record()}
    for name, numbers in (*runs.items(), ("passages a second", rates), ("ask", asked)):
        print_table([name, ""], [[key, value] for key, value in numbers.items()])
        print(file=sys.stderr)
    say(result)


if __name__ == "__main__":
    run(main)
