"""Trains the small cross-encoder that tells whether a sentence answers a question.

    python -m benchmarks.train_cross --training FILE --out FOLDER [--epochs 4] [--seed 7]

Starts from the bundled all-MiniLM-L6-v2 (mean pooling, one linear layer on top). Each step reads, for a
few questions, the sentences of the section that answers and some near ones from other sections. Loss: a
softmax over the sentences and "none of them" (a logit fixed at 0), taken twice: with the answering
sentences there, which must win, and with them left out, where "none" must win. So a score above 0 means
"answers", and the best score of a question tells whether anything does.

Written as int8 ONNX: `FOLDER/cross.onnx`, to be copied to `rag/cross.onnx`. Knows nothing of suites: a tenth
of the sections is held out to report MAP and AUC on.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import nn
from transformers import AutoModel, AutoTokenizer

from benchmarks.training import SEED, held_out, read_records, section_of
from index.embed import load_embedder
from index.weights import find_weights

MAX_TOKENS = 96
SECTION = 9  # sentences of the own section read a question, answering ones always among them
OTHERS = 3
POOL = 40  # the nearest sentences of other sections, of which OTHERS are drawn anew each epoch
QUESTIONS_A_STEP = 8
PAIRS_AT_ONCE = 32  # of like length: padding is half of the work otherwise


@dataclass(frozen=True, slots=True)
class Item:
    """A question, the sentences of its section with their labels, and the nearest of other sections."""

    question: str
    sentences: tuple[str, ...]
    answers: tuple[bool, ...]
    others: tuple[str, ...]


class Scorer(nn.Module):
    """Pairs of (question, sentence) to one logit each: shape (pairs,)."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            folder, attn_implementation="sdpa", attention_probs_dropout_prob=0.0
        )
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(2 * self.encoder.config.hidden_size, 1)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> torch.Tensor:
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        return self.head(self.drop(torch.cat([hidden[:, 0], mean], -1))).squeeze(-1)


def read_items(path: Path) -> tuple[list[Item], list[Item]]:
    """Items to train on, and those of the sections held out."""
    records = read_records(path)
    held = held_out(records)
    items = _with_others(records)
    train = [i for i, r in zip(items, records, strict=True) if section_of(r) not in held]
    return train, [i for i, r in zip(items, records, strict=True) if section_of(r) in held]


def _with_others(records: Sequence[dict[str, Any]]) -> list[Item]:
    embedder = load_embedder()
    home: dict[str, str] = {}
    for record in records:
        for sentence in record["sentences"]:
            home.setdefault(sentence["text"], section_of(record))
    texts = list(home)
    matrix = embedder.embed_passages(texts)
    queries = embedder.embed_queries([r["question"] for r in records])
    items = []
    for record, query in zip(records, queries, strict=True):
        near = np.argsort(-(matrix @ query))[: POOL + 40]
        others = [texts[i] for i in near if home[texts[i]] != section_of(record)][:POOL]
        items.append(
            Item(
                record["question"],
                tuple(s["text"] for s in record["sentences"]),
                tuple(s["answers"] for s in record["sentences"]),
                tuple(others),
            )
        )
    return items


def draw(item: Item, chooser: random.Random) -> tuple[list[str], list[bool]]:
    """The sentences to read this time, with their labels."""
    pairs = list(zip(item.sentences, item.answers, strict=True))
    right, wrong = [p for p in pairs if p[1]], [p for p in pairs if not p[1]]
    wrong = chooser.sample(wrong, min(len(wrong), max(0, SECTION - len(right))))
    wrong += [(text, False) for text in chooser.sample(item.others, min(OTHERS, len(item.others)))]
    return [t for t, _ in right + wrong], [a for _, a in right + wrong]


def listwise(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The two softmax losses of one question, see the head of this file."""
    none = torch.zeros(1)
    everything = torch.cat([scores, none]).logsumexp(0)
    found = everything - scores[labels].logsumexp(0)
    absent = torch.cat([scores[~labels], none]).logsumexp(0)
    return found + absent


def steps(items: Sequence[Item], chooser: random.Random) -> Iterator[list[Item]]:
    """Items of like length together, in random order."""
    order = sorted(items, key=lambda i: sum(map(len, i.sentences)) + chooser.random() * 400)
    groups = [order[n : n + QUESTIONS_A_STEP] for n in range(0, len(order), QUESTIONS_A_STEP)]
    chooser.shuffle(groups)
    yield from groups


def scored(model: Scorer, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
    """Logits of the pairs in their order, fp32."""
    read = tokenizer(
        [q for q, _ in pairs], [s for _, s in pairs], truncation="longest_first", max_length=MAX_TOKENS
    )
    order = sorted(range(len(pairs)), key=lambda n: len(read["input_ids"][n]))
    parts = []
    for first in range(0, len(order), PAIRS_AT_ONCE):
        some = order[first : first + PAIRS_AT_ONCE]
        batch = tokenizer.pad({k: [v[n] for n in some] for k, v in read.items()}, return_tensors="pt")
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(model(**batch).float())
    return torch.cat(parts)[torch.tensor(order).argsort()]


def measure(model: Scorer, tokenizer: Any, items: Sequence[Item]) -> dict[str, float]:
    """MAP of the section's sentences, and AUC of the best score with and without the answering ones."""
    model.eval()
    precisions, best, answerable = [], [], []
    with torch.inference_mode():
        for item in items:
            texts = [*item.sentences, *item.others[:OTHERS]]
            labels = np.array([*item.answers, *(False,) * len(item.others[:OTHERS])])
            scores = scored(model, tokenizer, [(item.question, t) for t in texts]).numpy()
            precisions.append(average_precision_score(labels, scores))
            best += [scores.max(), scores[~labels].max()]
            answerable += [True, False]
    model.train()
    chosen = np.array(best) > 0
    told = np.array(answerable)
    return {
        "map": float(np.mean(precisions)),
        "auc": float(roc_auc_score(answerable, best)),
        "false_answer_rate": float(chosen[~told].mean()),
        "false_abstain_rate": float((~chosen[told]).mean()),
    }


def train(items: Sequence[Item], held: Sequence[Item], options: argparse.Namespace) -> Scorer:
    """The trained model; the weights of every epoch are kept under `options.out`."""
    torch.manual_seed(options.seed)
    chooser = random.Random(options.seed)
    epochs, out = options.epochs, options.out
    out.mkdir(parents=True, exist_ok=True)
    folder = find_weights().folder
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = Scorer(folder)
    groups = [
        {"params": model.encoder.parameters(), "lr": 8e-5},
        {"params": model.head.parameters(), "lr": 5e-4},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    total = epochs * math.ceil(len(items) / QUESTIONS_A_STEP)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min(1, (n + 1) / (0.1 * total)) * max(0.02, 1 - n / total)
    )
    for epoch in range(epochs):
        started, losses = time.perf_counter(), []
        for group in steps(items, chooser):
            drawn = [draw(item, chooser) for item in group]
            pairs = [(i.question, t) for i, (texts, _) in zip(group, drawn, strict=True) for t in texts]
            scores = scored(model, tokenizer, pairs).split([len(texts) for texts, _ in drawn])
            parts = [listwise(s, torch.tensor(a)) for s, (_, a) in zip(scores, drawn, strict=True)]
            loss = torch.stack(parts).mean()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            losses.append(loss.item())
        report = {"epoch": epoch + 1, "loss": round(float(np.mean(losses)), 4)}
        report |= {k: round(v, 4) for k, v in measure(model, tokenizer, held).items()}
        print(json.dumps({**report, "seconds": round(time.perf_counter() - started)}), flush=True)
        torch.save(model.state_dict(), out / f"epoch{epoch + 1}.pt")
    model.load_state_dict(averaged([out / f"epoch{n + 1}.pt" for n in range(epochs)]))
    return model.eval()


def averaged(paths: Sequence[Path]) -> dict[str, torch.Tensor]:
    """The mean of several states: less sure of itself than the last, and right more often elsewhere."""
    states = [torch.load(path, map_location="cpu") for path in paths]
    return {
        name: torch.stack([state[name].float() for state in states]).mean(0)
        if value.is_floating_point()
        else value
        for name, value in states[0].items()
    }


def export(model: Scorer, out: Path) -> None:
    """Write `model.onnx` (fp32) and `cross.onnx`: weights int8 by channel, activations quantised as met."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.encoder.config._attn_implementation = "eager"
    names = ("input_ids", "attention_mask", "token_type_ids")
    example = (torch.ones(2, 16, dtype=torch.long),) * 2 + (torch.zeros(2, 16, dtype=torch.long),)
    axes = {name: {0: "pairs", 1: "tokens"} for name in names}
    torch.onnx.export(
        model,
        example,
        str(out / "model.onnx"),
        input_names=list(names),
        output_names=["score"],
        dynamic_axes={**axes, "score": {0: "pairs"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(out / "model.onnx", out / "cross.onnx", weight_type=QuantType.QInt8, per_channel=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--training", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    train_items, held = read_items(options.training)
    print(json.dumps({"questions": len(train_items), "held_out": len(held)}), flush=True)
    model = train(train_items, held, options)
    export(model, options.out)


if __name__ == "__main__":
    main()
