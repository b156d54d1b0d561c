"""Measure an ingest: passages a second beside the plain embedding model, memory, a second run, then answers.

    python -m benchmarks.ingest_speed ARTICLES --home NEWDIR [--suite SUITE] [--sample 1500]

`onrecord ingest` runs twice, each time in a process of its own, whose peak memory is read when it ends.
Then, in this process, the plain model (`SentenceTransformer.encode`, fp32, its default batches, warm) embeds
a random sample of the stored passages: their bare text, and the text with title, source and date that the
archive embeds. `ratio` compares the whole ingest (reading, cleaning, cutting, embedding, writing) with the
latter, the same texts; `ratio_bare` with the shorter bare texts.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.metrics import percentile
from benchmarks.report import ROOT, circumstances, print_table, run, say
from benchmarks.suite import choose, read_suite
from index.errors import OnrecordError

if TYPE_CHECKING:
    from index.archive import Archive

MIB = 1024 * 1024
WARM_UP = 64


class IngestFailed(OnrecordError):
    """`onrecord ingest` did not end well."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """One run of `onrecord ingest`: its report, its time from start to end, its peak memory."""

    report: dict[str, Any]
    wall_seconds: float
    peak_mib: float

    def record(self) -> dict[str, Any]:
        """What the result holds of it."""
        report = {key: value for key, value in self.report.items() if key != "unreadable"}
        unreadable = len(self.report.get("unreadable", ()))
        return {
            "wall_seconds": self.wall_seconds,
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
    return Ingest(json.loads(said), took, usage.ru_maxrss * unit / MIB)


def sample_texts(archive: Archive, size: int, seed: int) -> tuple[list[str], list[str]]:
    """Bare texts of `size` random passages, and the same as the archive embeds them."""
    from index.embed import passage_prompt

    ids = sorted(archive.catalog.passage_ids())
    chosen = random.Random(seed).sample(ids, min(size, len(ids)))
    passages = archive.catalog.passages(chosen)
    heads = archive.catalog.heads({passage.article_id for passage in passages})
    bare = [passage.text for passage in passages]
    return bare, [passage_prompt(heads[passage.article_id], passage.text) for passage in passages]


def plain_rate(texts: Sequence[str]) -> float:
    """Texts a second of the model as it comes, in fp32."""
    from sentence_transformers import SentenceTransformer

    from index.weights import find_weights

    model = SentenceTransformer(str(find_weights().folder), local_files_only=True)
    model.encode(list(texts[:WARM_UP]), show_progress_bar=False)
    started = time.perf_counter()
    model.encode(list(texts), show_progress_bar=False)
    return len(texts) / (time.perf_counter() - started)


def own_rate(texts: Sequence[str], precision: str) -> tuple[float, str]:
    """Texts a second of our embedder alone, and the precision it chose."""
    from index.embed import load_embedder

    embedder = load_embedder(precision=precision)
    embedder.embed_passages(texts[:WARM_UP])
    started = time.perf_counter()
    embedder.embed_passages(texts)
    return len(texts) / (time.perf_counter() - started), embedder.precision


def embedding(archive: Archive, options: argparse.Namespace, rate: float) -> dict[str, Any]:
    """Rates in passages a second, and `rate`, that of the ingest, over the plain ones."""
    bare, prompted = sample_texts(archive, options.sample, options.seed)
    if not bare:
        raise IngestFailed("the archive holds no passage, wanted some: give more articles")
    plain, plain_bare = plain_rate(prompted), plain_rate(bare)
    own, precision = own_rate(prompted, options.precision)
    return {
        "sample": len(bare),
        "precision": precision,
        "ingest": rate,
        "plain_fp32": plain,
        "plain_fp32_bare": plain_bare,
        "own_embedder": own,
        "ratio": rate / plain,
        "ratio_bare": rate / plain_bare,
        "ratio_embedder": own / plain,
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
    rate = first.report["passages"] / first.report["seconds"]
    from index.archive import Archive

    with Archive.open(options.home) as archive:
        rates = embedding(archive, options, rate)
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
