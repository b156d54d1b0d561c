"""Text to vectors: loads an embedding model and runs it in the fastest mode that stays true to fp32.

The one place that loads an embedding model. Knows nothing of articles beyond the head it puts
before a passage, and nothing of indexes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import EmbedderError
from index.types import ArticleHead
from index.weights import DEFAULT_MODEL, Weights, find_weights

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

MIN_COSINE = 0.999
"""What a faster mode must keep against fp32 on every probe text."""

_BATCH_TOKENS = 4096
_PAD_TO = 16  # matrix tiles of bf16 units; other lengths run at about two thirds of the speed
_MOST_TOKENS = 512  # for models without a limit of their own
_TITLE_BUDGET = 40.0
_SOURCE_BUDGET = 12.0
_PROBES = (
    "truce",
    "Who said that the talks would go on?",
    "The ministers met in Geneva on Tuesday and agreed to exchange prisoners, two officials said.",
    "Budget vote\nSample Wire, 2023-03-30\nLawmakers passed the $4.5 billion plan 51-49 after a night of "
    "debate. “We did what we came to do,” the speaker said, while opponents called it a mistake.",
    "Rain fell for a third day. " * 24,
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
    return SentenceEmbedder(find_weights(name), precision)


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


class SentenceEmbedder:
    """A sentence-transformers model behind the Embedder protocol; may be used from several threads."""

    def __init__(self, weights: Weights, precision: str = "auto") -> None:
        self.name = weights.name
        self._model = _open(weights)
        self._turn = _Turn()
        self._tokenizer = _counter(self._model)
        self._prompts = {task: _prompt(self._model, task) for task in ("query", "document")}
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = self._limit()
        self.fingerprint = f"{self.name}@{weights.digest[:12]}/{self.max_tokens}"
        self.precision = self._settle(weights, precision)

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
        counts: list[int] = []
        for start in range(0, len(texts), 512):  # encodings are heavy: never all of them at once
            some = list(texts[start : start + 512])
            encoded = self._tokenizer.encode_batch_fast(some, add_special_tokens=False)
            counts += [len(one.ids) for one in encoded]
        return counts

    def _embed(self, texts: Sequence[str], task: str, on_done: Callable[[int], None] | None) -> np.ndarray:
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for places in self._batches(texts):
            with self._turn.taken(first=task == "query"):
                vectors[places] = self._forward([texts[place] for place in places], task)
            done += len(places)
            if on_done is not None:
                on_done(done)
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Places of `texts`, longest first, in batches of about the same number of tokens."""
        lengths = [min(count, self.max_tokens) + _PAD_TO for count in self.count_tokens(texts)]
        order = sorted(range(len(texts)), key=lambda place: -lengths[place])
        start = 0
        while start < len(order):
            size = max(1, _BATCH_TOKENS // lengths[order[start]])
            yield order[start : start + size]
            start += size

    def _forward(self, texts: list[str], task: str) -> np.ndarray:
        import torch

        with torch.inference_mode():
            features = self._model.preprocess(texts, prompt=self._prompts[task], task=task)
            features = {key: _padded(key, value, self._model) for key, value in features.items()}
            features = {key: _moved(value, self._model.device) for key, value in features.items()}
            vectors = self._model(features, task=task)["sentence_embedding"].float()
            unit: np.ndarray = torch.nn.functional.normalize(vectors, dim=1).cpu().numpy()
        return unit

    def _limit(self) -> int:
        most = self._model.max_seq_length
        limit = _MOST_TOKENS if most is None or most > 1_000_000 else int(most)
        prompt = self._prompts["document"]
        return limit - _special_tokens(self._model) - (self.count_tokens([prompt])[0] if prompt else 0)

    def _settle(self, weights: Weights, precision: str) -> str:
        """Turns the model to the wanted precision; returns the one it now runs in."""
        import torch

        if precision == "fp32" or (precision == "auto" and not _has_bf16(self._model.device.type)):
            return "fp32"
        exact = self._embed(_PROBES, "document", None)
        self._model[0].to(torch.bfloat16)
        # pooling and what follows stay in fp32: sums over tokens lose digits in bf16
        self._model[0].register_forward_hook(lambda _module, _given, made: _to_fp32(made))
        fast = self._embed(_PROBES, "document", None)
        if precision == "bf16" or float((exact * fast).sum(axis=1).min()) >= MIN_COSINE:
            return "bf16"
        self._model = _open(weights)
        return "fp32"


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


@contextmanager
def _quiet() -> Iterator[None]:
    """Loading without the progress bars and notes of transformers, restored afterwards."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _open(weights: Weights) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        with _quiet():
            return SentenceTransformer(str(weights.folder), local_files_only=True).eval()
    except Exception as error:
        reason = str(error).partition("\n")[0][:200]
        raise EmbedderError(
            f"{weights.folder} does not load as a sentence-transformers model ({reason}): "
            f"get the model anew or use {DEFAULT_MODEL}"
        ) from error


def _counter(model: Any) -> Any:
    """A copy of the model's fast tokenizer that never cuts or pads, safe beside the model's own use."""
    from tokenizers import Tokenizer

    tokenizer = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
    if not isinstance(tokenizer, Tokenizer):
        raise EmbedderError(f"this model has a slow tokenizer only, wanted a fast one: use {DEFAULT_MODEL}")
    copy = Tokenizer.from_str(tokenizer.to_str())
    copy.no_truncation()
    copy.no_padding()
    return copy


def _special_tokens(model: Any) -> int:
    count = getattr(model.tokenizer, "num_special_tokens_to_add", None)
    return int(count()) if count is not None else 0


def _prompt(model: Any, task: str) -> str | None:
    """The prompt that `encode_query` and `encode_document` put before a text."""
    names = ("query",) if task == "query" else ("document", "passage", "corpus")
    return next((model.prompts[name] for name in names if model.prompts.get(name)), None)


def _padded(key: str, value: Any, model: Any) -> Any:
    """A feature with its last axis filled up to a multiple of 16; the mask hides what was added."""
    import torch

    pad = getattr(model.tokenizer, "pad_token_id", 0) or 0
    fill = {"input_ids": pad, "attention_mask": 0, "token_type_ids": 0}
    if key not in fill or not isinstance(value, torch.Tensor) or value.ndim != 2:
        return value
    return torch.nn.functional.pad(value, (0, -value.shape[1] % _PAD_TO), value=fill[key])


def _moved(value: Any, device: Any) -> Any:
    return value.to(device) if hasattr(value, "to") else value


def _to_fp32(features: dict[str, Any]) -> dict[str, Any]:
    embedded: Tensor = features["token_embeddings"]
    return {**features, "token_embeddings": embedded.float()}


def _has_bf16(device: str) -> bool:
    """Whether the processor multiplies bf16 natively."""
    import torch

    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    known = (getattr(torch.cpu, f"_is_{kind}_supported", None) for kind in ("avx512_bf16", "amx_tile"))
    return device == "cpu" and any(bool(ask()) for ask in known if ask is not None)
