"""Speed and fidelity of our embedder beside a plain `SentenceTransformer.encode` of the same texts.

    python -m benchmarks.embedding ARTICLES.jsonl.gz [--passages N] [--memory N]

Texts are passages as the index embeds them, with title, source and date. Rounds alternate, so that
a busy machine slows all alike. With --memory N it only embeds N passages and prints the peak
memory of the process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import threading
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from index.chunk import chunk
from index.dates.dates import parse_day
from index.embed import Embedder, load_embedder, passage_prompt
from index.types import Article
from index.weights import find_weights

QUESTION = "What did the ministry say about the truce?"
SENTENCE = (
    "The ministers met on Tuesday and agreed to exchange prisoners before the end of May, two officials said."
)


def prompts(path: str, count: int, embedder: Embedder) -> list[str]:
    """Passages of the first articles, shuffled."""
    made: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            day = parse_day(record.get("published") or "")
            one = Article(record["id"], record["title"], record["text"], None, record.get("source"), day)
            passages = chunk(one, embedder.max_tokens, embedder.count_tokens)
            made += [passage_prompt(one.head, passage.text) for passage in passages]
            if len(made) >= count:
                break
    random.Random(1).shuffle(made)
    return made[:count]


def timed(call: Callable[[], object]) -> float:
    """Seconds that a call took."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def speed(texts: list[str], ways: dict[str, Callable[[list[str]], np.ndarray]], rounds: int = 2) -> None:
    """Passages a second (best of the rounds) and fidelity to the first way."""
    best = dict.fromkeys(ways, float("inf"))
    vectors: dict[str, np.ndarray] = {}
    for _ in range(rounds):
        for name, embed in ways.items():
            started = time.perf_counter()
            vectors[name] = embed(texts)
            best[name] = min(best[name], time.perf_counter() - started)
    first = next(iter(ways))
    print("way passages/s times min_cosine mean_cosine")
    for name, seconds in best.items():
        cosines = (vectors[name] * vectors[first]).sum(axis=1)
        pace, ratio = len(texts) / seconds, best[first] / seconds
        print(f"{name} {pace:.1f} {ratio:.2f} {cosines.min():.5f} {cosines.mean():.6f}", flush=True)


def latency(embedder: Embedder, texts: list[str]) -> None:
    """Milliseconds of questions, alone and while passages are embedded."""
    for count, text in ((1, QUESTION), (30, SENTENCE)):
        embedder.embed_queries([text] * count)
        times = [
            timed(lambda count=count, text=text: embedder.embed_queries([text] * count)) for _ in range(30)
        ]
        print(f"{count} texts: p50 {1000 * median(times):.1f} ms, most {1000 * max(times):.1f} ms")
    worker = threading.Thread(target=embedder.embed_passages, args=(texts,))
    worker.start()
    times = []
    while worker.is_alive() and len(times) < 40:
        times.append(timed(lambda: embedder.embed_queries([QUESTION])))
        time.sleep(0.05)
    worker.join()
    print(f"1 text while embedding: p50 {1000 * median(times):.1f} ms, most {1000 * max(times):.1f} ms")


def main() -> None:
    """Prints speeds, cosines and latencies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles")
    parser.add_argument("--passages", type=int, default=600)
    parser.add_argument("--memory", type=int)
    given = parser.parse_args()
    started = time.perf_counter()
    embedder = load_embedder()
    print(f"loaded in {time.perf_counter() - started:.2f} s: {embedder.fingerprint}, {embedder.precision}")
    texts = prompts(given.articles, given.memory or given.passages, embedder)
    if given.memory:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        seconds = timed(lambda: embedder.embed_passages(texts))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{len(texts)} passages: {len(texts) / seconds:.1f}/s, peak {peak} MB ({before} MB before)")
        return
    print(f"{len(texts)} passages, mean {np.mean(embedder.count_tokens(texts)):.0f} tokens")
    latency(embedder, texts)
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(find_weights().folder), device="cpu")
    exact = load_embedder(precision="fp32")
    ways: dict[str, Callable[[list[str]], np.ndarray]] = {
        "plain-fp32": lambda some: plain.encode(some, normalize_embeddings=True),
        "ours-fp32": exact.embed_passages,
        f"ours-{embedder.precision}": embedder.embed_passages,
    }
    speed(texts, ways)


if __name__ == "__main__":
    main()
