"""Any sentence-transformers model, through the library itself, with the model's own prompts.

Slower to start than `index.bert`, but takes every architecture. Knows nothing of articles, of
precision checks or of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import EmbedderError

if TYPE_CHECKING:
    import numpy as np

_MOST_TOKENS = 512  # for models without a limit of their own


class SentenceModel:
    """Texts to unit vectors; `bf16` computes in that type, else in fp32. Not for two threads at once.

    `room` is the number of tokens of text (without special tokens and the model's passage prompt)
    that reach the vector; `dimension` the length of a vector; `tokenizer` neither cuts nor pads.
    Raises EmbedderError if the folder does not hold such a model.
    """

    def __init__(self, folder: Path, bf16: bool = False) -> None:
        self._model = _open(folder)
        self.device = str(self._model.device.type)
        self.dimension = int(self._model.get_embedding_dimension())
        self.tokenizer = _uncut(self._model.tokenizer, folder)
        most = self._model.max_seq_length
        self._limit = _MOST_TOKENS if most is None or most > 1_000_000 else int(most)
        self.room = self._room()
        if bf16:
            self._to_bf16()

    def read(self, texts: list[str]) -> list[tuple[int, str]]:
        """For each text its length in tokens, up to what the model takes, and the text."""
        encoded = self.tokenizer.encode_batch_fast(texts)
        return [(min(len(one.ids), self._limit), text) for one, text in zip(encoded, texts, strict=True)]

    def embed(self, texts: list[str], task: str = "document") -> np.ndarray:
        """Of what `read` made: float32 (n, dimension), unit length, in order. `task`: document or query."""
        encode = self._model.encode_query if task == "query" else self._model.encode_document
        made = encode(
            texts,
            batch_size=len(texts),
            show_progress_bar=False,
            convert_to_tensor=True,
            normalize_embeddings=True,
        )
        vectors: np.ndarray = made.float().cpu().numpy()
        return vectors

    def _room(self) -> int:
        prompts = self._model.prompts
        names = ("document", "passage", "corpus")  # the order in which encode_document looks
        prompt = next((prompts[name] for name in names if prompts.get(name)), "")
        return self._limit - len(self.tokenizer.encode(prompt).ids)

    def _to_bf16(self) -> None:
        import torch

        self._model[0].to(torch.bfloat16)
        # pooling and what follows stay in fp32: sums over tokens lose digits in bf16
        self._model[0].register_forward_hook(lambda _module, _given, made: _to_fp32(made))


def _to_fp32(features: dict[str, Any]) -> dict[str, Any]:
    names = ("token_embeddings", "sentence_embedding")
    return features | {name: features[name].float() for name in names if name in features}


def _open(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        with _quiet():
            return SentenceTransformer(str(folder), local_files_only=True).eval()
    except Exception as error:
        reason = str(error).partition("\n")[0][:200]
        raise EmbedderError(
            f"{folder} does not load as a sentence-transformers model ({reason}): get the model anew"
        ) from error


def _uncut(tokenizer: Any, folder: Path) -> Any:
    """A copy of the model's fast tokenizer that never cuts or pads; the model changes its own as it runs."""
    from tokenizers import Tokenizer

    fast = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not isinstance(fast, Tokenizer):
        raise EmbedderError(f"{folder} has a slow tokenizer only, wanted a fast one: use another model")
    copy = Tokenizer.from_str(fast.to_str())
    copy.no_truncation()
    copy.no_padding()
    return copy


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
