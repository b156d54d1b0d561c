"""Text to vectors: loads an embedding model and runs it in the fastest mode that stays true to fp32.

The one place that loads an embedding model (`index.bert` and `index.sbert` compute it). Knows
nothing of articles beyond the head it puts before a passage, and nothing of indexes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import EmbedderError
from index.types import ArticleHead
from index.weights import DEFAULT_MODEL, Weights, find_weights

if TYPE_CHECKING:
    import numpy as np
    from tokenizers import Tokenizer

MIN_COSINE = 0.999
"""What a faster mode must keep against fp32 on every probe text."""

_BATCH_TOKENS = 2048
_BATCH_DIMENSION = 384  # wider models get smaller batches, so that a query never waits long for one
_TO_COUNT = 512  # texts tokenized at a time: the tokenizer's records are heavy
_TITLE_BUDGET = 40.0
_SOURCE_BUDGET = 12.0
_PROBES = (
    "truce",
    "Who said that the talks would go on?",
    "The ministers met in Geneva on Tuesday and agreed to exchange prisoners, two officials said.",
    "Budget vote\nSample Wire, 2023-03-30\nLawmakers passed the $4.5 billion plan 51-49 after a night of "
    "debate. “We did what we came to do,” the speaker said, while opponents called it a mistake.",
    "Rain fell for a third day and the river rose. " * 8,
)


class Embedder(Protocol):
    """Text to unit vectors.

    `dimension` is the length of a vector, `max_tokens` the most tokens of text (special tokens and
    the model's own passage prompt not counted) that reach the vector, `precision` the mode it runs
    in, `fingerprint` what the vectors depend on.
    """

    name: str
    dimension: int
    max_tokens: int
    precision: str
    fingerprint: str

    def embed_passages(
        self, texts: Sequence[str], on_done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        """Vectors of passages as `passage_prompt` writes them: float32 (n, dimension), unit length, in order.

        `on_done` is called after each batch with the number of texts done so far.
        """
        ...

    def embed_queries(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of queries: float32 (n, dimension), unit length, in order."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by the model's own tokenizer, without special tokens."""
        ...


def load_embedder(name: str = DEFAULT_MODEL, precision: str = "auto") -> Embedder:
    """The embedder called `name`: a folder or a sentence-transformers model (see `index.weights`).

    `precision` is "fp32", "bf16" or "auto": the fastest that the processor supports and that stays
    within a cosine of 0.999 of fp32. Raises EmbedderError.
    """
    if precision not in ("auto", "fp32", "bf16"):
        raise EmbedderError(f'precision is "{precision}", wanted auto, fp32 or bf16: change the setting')
    return ModelEmbedder(find_weights(name), precision)


def passage_prompt(head: ArticleHead, text: str) -> str:
    """What the embedder sees of a passage: title, then source and date, then the text, a line each.

    A long title or source is cut at a word; unknown parts are left out.
    """
    source = _cut(head.source or "", _SOURCE_BUDGET)
    origin = ", ".join(part for part in (source, head.published and head.published.isoformat()) if part)
    return "\n".join(line for line in (_cut(head.title, _TITLE_BUDGET), origin, text) if line)


def _cut(words: str, budget: float) -> str:
    """The leading words of a line that cost at most `budget` tokens by a cautious estimate."""
    spent, kept = 0.0, []
    for word in words.split():
        spent += 0.25 + sum(0.25 if ch.isascii() and ch.isalpha() else 1.0 for ch in word)
        if spent > budget:
            break
        kept.append(word)
    return " ".join(kept)


class _Network(Protocol):
    """What `Bert` and `SentenceModel` have in common."""

    room: int
    dimension: int
    tokenizer: Tokenizer

    def read(self, texts: list[str]) -> Sequence[tuple[int, Any]]: ...

    def embed(self, items: list[Any], task: str = "document") -> np.ndarray: ...


class ModelEmbedder:
    """Embedder over model files; may be used from several threads, queries go first."""

    def __init__(self, weights: Weights, precision: str = "auto") -> None:
        self.name = weights.name
        self._network, self.precision = _settled(weights, precision)
        self._turn = _Turn()
        self.dimension = self._network.dimension
        self.max_tokens = self._network.room
        self.fingerprint = f"{self.name}@{weights.digest[:12]}/{self.max_tokens}"

    def embed_passages(
        self, texts: Sequence[str], on_done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        """See Embedder."""
        return self._embed(texts, "document", on_done)

    def embed_queries(self, texts: Sequence[str]) -> np.ndarray:
        """See Embedder."""
        return self._embed(texts, "query", None)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See Embedder."""
        encode = self._network.tokenizer.encode_batch_fast
        counts: list[int] = []
        for start in range(0, len(texts), _TO_COUNT):
            some = list(texts[start : start + _TO_COUNT])
            counts += [len(one.ids) for one in encode(some, add_special_tokens=False)]
        return counts

    def _embed(self, texts: Sequence[str], task: str, on_done: Callable[[int], None] | None) -> np.ndarray:
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        items: list[tuple[int, Any]] = []
        for start in range(0, len(texts), _TO_COUNT):
            items += self._network.read(list(texts[start : start + _TO_COUNT]))
        done = 0
        for places in self._batches([length for length, _ in items]):
            with self._turn.taken(first=task == "query"):
                vectors[places] = self._network.embed([items[place][1] for place in places], task)
            done += len(places)
            if on_done is not None:
                on_done(done)
        return vectors

    def _batches(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        """Places, longest first, in batches of about the same number of tokens."""
        order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
        most = _BATCH_TOKENS * _BATCH_DIMENSION // max(_BATCH_DIMENSION, self.dimension)
        start = 0
        while start < len(order):
            size = max(1, most // max(1, lengths[order[start]]))
            yield order[start : start + size]
            start += size


class _Turn:
    """A lock that lets queries go before the next batch of passages."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = False
        self._queries_waiting = 0

    @contextmanager
    def taken(self, first: bool) -> Iterator[None]:
        with self._changed:
            self._queries_waiting += first
            self._changed.wait_for(lambda: not self._busy and (first or not self._queries_waiting))
            self._queries_waiting -= first
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()


def _settled(weights: Weights, precision: str) -> tuple[_Network, str]:
    """The network in the wanted precision, and the precision it runs in."""
    # Threads that spin while they wait make a query 25 times as slow (100 ms for 4) on a busy machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    fast = precision == "auto" and has_bf16() and _least_cosine(weights) >= MIN_COSINE
    if precision == "bf16" or fast:
        return _open(weights, bf16=True), "bf16"
    return _open(weights, bf16=False), "fp32"


@lru_cache(maxsize=8)
def _least_cosine(weights: Weights) -> float:
    """How near the vectors of the fast mode are to the exact ones, at worst; leaves the fast one loaded."""
    made = []
    for bf16 in (False, True):
        network = _open(weights, bf16=bf16)
        made.append(network.embed([item for _, item in network.read(list(_PROBES))]))
    return float((made[0] * made[1]).sum(axis=1).min())


@lru_cache(maxsize=1)
def _open(weights: Weights, *, bf16: bool) -> _Network:
    """The network over these weights; archives of one process share it."""
    from index.bert import Bert, is_plain_bert

    if is_plain_bert(weights.folder) and not _has_gpu():
        return Bert(weights.folder, bf16)
    from index.sbert import SentenceModel

    return SentenceModel(weights.folder, bf16)


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


def has_bf16() -> bool:
    """Whether what the model runs on multiplies bf16 natively; emulation is slower than fp32."""
    import torch

    if _has_gpu():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    ask = getattr(torch.cpu, "get_capabilities", None)
    told = {name for name, on in ask().items() if on} if ask is not None else _linux_flags()
    return not told.isdisjoint({"avx512_bf16", "amx_bf16", "bf16"})


def _linux_flags() -> set[str]:
    """The processor's features as Linux lists them; empty elsewhere."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    listed = (line.partition(":")[2] for line in lines if line.lower().startswith(("flags", "features")))
    return set(next(listed, "").split())
