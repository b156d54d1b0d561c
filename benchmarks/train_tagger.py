"""Trains the network of `index/attribution/tagger.py`: reported words, reporting words, sources.

    python -m benchmarks.train_tagger --train SUITE --held SUITE --out FOLDER [--epochs 6] [--seed 7]

Starts from the first layers of the bundled all-MiniLM-L6-v2, whose word vectors stay as they are and are not
shipped again. The suites hold attributions (`attributions.jsonl`); articles of the second one are only
measured, after every epoch: F1 of words by kind, and the share of reported stretches whose first words point
to the right reporting words and to the right source.

Written: `FOLDER/tagger.safetensors` in bf16, the mean of the last epochs, to be copied to
`index/attribution/tagger.safetensors`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy, dropout

from index.attribution.tagger import (
    FAR,
    FEATURES,
    KINDS,
    POINTER,
    WINDOW,
    WORD,
    Network,
    Window,
    cut_windows,
    stack,
)
from index.sentences import sentences
from index.weights import find_weights

SEED = 7
TOKENS_A_STEP = 3_072
KEPT = 2  # epochs whose mean is shipped
TELLING = 0.3
_NOWHERE = -100


@dataclass(frozen=True, slots=True)
class Lesson:
    """A window with its labels: `tags` (tokens, 3) of 0, 1, 2; `cues` and `sources` the token pointed to
    from the first token of every content span, elsewhere `_NOWHERE`."""

    window: Window
    tags: np.ndarray
    cues: np.ndarray
    sources: np.ndarray


def read_lessons(suite: Path, tokenizer: Tokenizer) -> list[Lesson]:
    """The windows of all articles of a suite, labelled."""
    told = defaultdict(list)
    for line in (suite / "attributions.jsonl").open(encoding="utf-8"):
        one = json.loads(line)
        told[one["article"]].append(one)
    with gzip.open(suite / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    return [
        _labelled(window, told[article["id"]])
        for article in articles
        for window in cut_windows(article["text"], sentences(article["text"]), tokenizer)
    ]


def _labelled(window: Window, told: Sequence[dict[str, Any]]) -> Lesson:
    count = len(window.ids)
    tags = np.zeros((count, len(KINDS)), dtype=np.int64)
    tags[[0, -1]] = _NOWHERE
    cues, sources = np.full(count, _NOWHERE), np.full(count, _NOWHERE)
    for one in told:
        places = {kind: [_tokens(window, *span) for span in one[kind]] for kind in KINDS}
        for column, kind in enumerate(KINDS):
            for tokens in filter(len, places[kind]):
                tags[tokens, column] = 2
                tags[tokens[0], column] = 1
        for tokens in filter(len, places["content"]):
            cues[tokens[0]] = _first(places["cue"])
            sources[tokens[0]] = _first(places["source"])
    return Lesson(window, tags, cues, sources)


def _tokens(window: Window, start: int, end: int) -> list[int]:
    return [n for n, (first, last) in enumerate(window.spans, 1) if first < end and last > start]


def _first(places: Sequence[list[int]]) -> int:
    return next((tokens[0] for tokens in places if tokens), 0)


def fresh(folder: Path, options: argparse.Namespace) -> dict[str, torch.Tensor]:
    """The weights before training: of the bundled model, or of an earlier run with as many layers or more."""
    torch.manual_seed(options.seed)
    bert = load_file(folder / "model.safetensors")
    size = bert["embeddings.word_embeddings.weight"].shape[1]
    kept = {name: value for name, value in bert.items() if name.startswith("encoder.layer.")}
    weights = {name: value for name, value in kept.items() if int(name.split(".")[2]) < options.layers}
    kind = bert["embeddings.token_type_embeddings.weight"][0]
    weights |= {
        "words": bert["embeddings.word_embeddings.weight"],
        "places": bert["embeddings.position_embeddings.weight"][:WINDOW] + kind,
        "norm.weight": bert["embeddings.LayerNorm.weight"],
        "norm.bias": bert["embeddings.LayerNorm.bias"],
        "features": torch.randn(FEATURES, size) * 0.01,
        "tags.weight": torch.randn(3 * len(KINDS), size) * 0.02,
        "tags.bias": torch.zeros(3 * len(KINDS)),
    }
    for name in ("cue", "source"):
        weights |= {
            f"{name}.asks.weight": torch.randn(POINTER, size) * 0.05,
            f"{name}.asks.bias": torch.zeros(POINTER),
            f"{name}.answers.weight": torch.randn(POINTER, size) * 0.05,
            f"{name}.near": torch.zeros(2 * FAR + 1),
        }
    if options.start:
        earlier = load_file(options.start)
        weights |= {name: earlier[name].float() for name in weights if name in earlier}
    return weights


def steps(lessons: Sequence[Lesson], chooser: random.Random) -> Iterator[list[Lesson]]:
    """Windows of like length together, in random order."""
    order = sorted(lessons, key=lambda one: len(one.window.ids) + 40 * chooser.random())
    groups: list[list[Lesson]] = [[]]
    for one in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(one.window.ids) > TOKENS_A_STEP:
            groups.append([])
        groups[-1].append(one)
    chooser.shuffle(groups)
    yield from groups


def labels(group: Sequence[Lesson], width: int) -> tuple[torch.Tensor, ...]:
    """Tags, cues and sources of a group, filled up."""
    tags = np.full((len(group), width, len(KINDS)), _NOWHERE)
    cues, sources = (np.full((len(group), width), _NOWHERE) for _ in range(2))
    for row, one in enumerate(group):
        count = len(one.window.ids)
        tags[row, :count], cues[row, :count], sources[row, :count] = one.tags, one.cues, one.sources
    return torch.from_numpy(tags), torch.from_numpy(cues), torch.from_numpy(sources)


def loss_of(network: Network, group: Sequence[Lesson]) -> torch.Tensor:
    ids, features, mask = stack([one.window for one in group])
    tags, cues, sources = labels(group, ids.shape[1])
    with torch.autocast("cpu", torch.bfloat16):
        told, to_cue, to_source = network.run(ids, features, mask)
    loss = cross_entropy(told.reshape(-1, 3), tags.reshape(-1), ignore_index=_NOWHERE)
    for scores, right in ((to_cue, cues), (to_source, sources)):
        at = right != _NOWHERE
        if at.any():
            loss = loss + 0.2 * cross_entropy(scores[at], right[at])
    return loss


class Dropping(Network):
    """The network with some of the word vectors' parts left out at random: it must not lean on any."""

    def run(self, ids: torch.Tensor, features: torch.Tensor, mask: torch.Tensor) -> Any:
        keep = self.weights
        hidden = (torch.rand(ids.shape) < 0.04) & (ids > 103)
        self.weights = {**keep, "features": dropout(keep["features"], 0.05)}
        try:
            return super().run(torch.where(hidden, 100, ids), features, mask)
        finally:
            self.weights = keep


def train(lessons: Sequence[Lesson], held: Sequence[Lesson], options: argparse.Namespace) -> dict[str, Any]:
    chooser, telling = random.Random(options.seed), telling_words(options.train)
    weights = fresh(find_weights().folder, options)
    trained = {name: value.requires_grad_() for name, value in weights.items() if name != "words"}
    new = ("tags", "cue.", "source.", "features")
    groups = [
        {"params": [v for n, v in trained.items() if not n.startswith(new)], "lr": options.rate},
        {"params": [v for n, v in trained.items() if n.startswith(new)], "lr": 10 * options.rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    total = options.epochs * sum(1 for _ in steps(lessons, random.Random(0)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min(1, (n + 1) / (0.06 * total)) * max(0.02, 1 - n / total)
    )
    kept: list[dict[str, torch.Tensor]] = []
    for epoch in range(options.epochs):
        started, losses = time.perf_counter(), []
        for group in steps(lessons, chooser):
            network = Dropping(weights)
            loss = loss_of(network, group)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(trained.values()), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            losses.append(loss.item())
            if options.brief and len(losses) % 20 == 0:
                print(len(losses), np.mean(losses[-20:]), time.perf_counter() - started, flush=True)
        told = {"epoch": epoch + 1, "loss": round(float(np.mean(losses)), 4)}
        told |= {name: round(value, 4) for name, value in measure(weights, held).items()}
        print(json.dumps({**told, "seconds": round(time.perf_counter() - started)}), flush=True)
        kept = [*kept, {name: value.detach().clone() for name, value in trained.items()}][-KEPT:]
        save(kept, telling, options.out)
    return weights


def measure(weights: dict[str, torch.Tensor], held: Sequence[Lesson]) -> dict[str, float]:
    """F1 of tokens by kind, and the share of pointers that are right."""
    right, told, wanted = (np.zeros(len(KINDS)) for _ in range(3))
    pointed = {"cue": [0, 0], "source": [0, 0]}
    with torch.inference_mode():
        for group in steps(held, random.Random(0)):
            ids, features, mask = stack([one.window for one in group])
            tags, cues, sources = labels(group, ids.shape[1])
            with torch.autocast("cpu", torch.bfloat16):
                read, to_cue, to_source = Network(weights).run(ids, features, mask)
            guess, real = read.argmax(-1) > 0, tags != _NOWHERE
            right += (guess & (tags > 0) & real).sum((0, 1)).numpy()
            told += (guess & real).sum((0, 1)).numpy()
            wanted += (tags > 0).sum((0, 1)).numpy()
            for name, scores, gold in (("cue", to_cue, cues), ("source", to_source, sources)):
                at = gold != _NOWHERE
                pointed[name][0] += int((scores.argmax(-1)[at] == gold[at]).sum())
                pointed[name][1] += int(at.sum())
    f1 = 2 * right / (told + wanted)
    return {kind: float(one) for kind, one in zip(KINDS, f1, strict=True)} | {
        f"to_{name}": hits / count for name, (hits, count) in pointed.items()
    }


def telling_words(suite: Path) -> str:
    """Words that are reporting ones in three sentences and in `TELLING` of those that have them, or more."""
    cues = defaultdict(list)
    for line in (suite / "attributions.jsonl").open(encoding="utf-8"):
        one = json.loads(line)
        cues[one["article"]] += one["cue"]
    reporting: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    with gzip.open(suite / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            for span in sentences(article["text"]):
                inside = [c for c in cues[article["id"]] if c[0] < span.end and span.start < c[1]]
                told = " ".join(article["text"][start:end] for start, end in inside)
                reporting.update({word.lower() for word in WORD.findall(told)})
                all_.update({word.lower() for word in WORD.findall(span.of(article["text"]))})
    return " ".join(sorted(w for w, n in reporting.items() if n >= 3 and n >= TELLING * all_[w]))


def save(states: Sequence[dict[str, torch.Tensor]], telling: str, out: Path) -> None:
    """Write the mean of some states, without the word vectors, and the words that may tell."""
    out.mkdir(parents=True, exist_ok=True)
    mean = {
        name: torch.stack([state[name] for state in states]).mean(0).to(torch.bfloat16).contiguous()
        for name in states[0]
    }
    save_file(mean, out / "tagger.safetensors", metadata={"telling": telling})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--held", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--start", type=Path, help="weights of an earlier run to start from")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--brief", action="store_true", help="tell the loss on the way")
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(find_weights().folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    lessons, held = read_lessons(options.train, tokenizer), read_lessons(options.held, tokenizer)
    print(json.dumps({"windows": len(lessons), "held": len(held)}), flush=True)
    train(lessons, held, options)


if __name__ == "__main__":
    main()
