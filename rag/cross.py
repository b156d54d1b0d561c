"""Reads question and sentence together and tells whether the sentence answers: a small cross-encoder.

The one that ships (`cross.onnx`, int8, made by `benchmarks/train_cross.py`; see docs/answer-model.md) runs on
onnxruntime. Another from the hub, or a folder, is taken by name through sentence-transformers. Knows
nothing of articles, hits or how the scores are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Protocol

from index.weights import find_weights
from rag.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGED = "packaged"
NONE = "none"
MAX_TOKENS = 96
_PAIRS_AT_ONCE = 8  # of like length; larger batches are mostly padding


class CrossEncoder(Protocol):
    """Question and sentences to scores."""

    def score(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        """One logit a sentence, in order: above 0 means that it answers. Safe from several threads."""
        ...


@lru_cache(maxsize=2)
def load_cross_encoder(name: str = PACKAGED) -> CrossEncoder | None:
    """The model called `name`: "packaged", "none" (None), a folder or one of the hub.

    Raises ModelError if there is no such model.
    """
    if name == NONE:
        return None
    return _Packaged() if name == PACKAGED else _Named(name)


class _Packaged:
    def __init__(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        onnxruntime.disable_telemetry_events()
        self._tokenizer = Tokenizer.from_file(str(find_weights().folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        with as_file(files("rag").joinpath("cross.onnx")) as path:
            self._session: Any = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def score(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        read = self._tokenizer.encode_batch([(question, sentence) for sentence in sentences])
        order = sorted(range(len(read)), key=lambda i: len(read[i].ids))
        scores = np.zeros(len(read), dtype=np.float32)
        for first in range(0, len(order), _PAIRS_AT_ONCE):
            some = order[first : first + _PAIRS_AT_ONCE]
            scores[some] = self._run([read[i] for i in some])
        return scores

    def _run(self, pairs: Sequence[Any]) -> Any:
        import numpy as np

        longest = max(len(pair.ids) for pair in pairs)
        fields = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
        batch = {name: np.zeros((len(pairs), longest), dtype=np.int64) for name in fields}
        for name, attribute in fields.items():
            for row, pair in enumerate(pairs):
                batch[name][row, : len(pair.ids)] = getattr(pair, attribute)
        return self._session.run(None, batch)[0]


class _Named:
    def __init__(self, name: str) -> None:
        from sentence_transformers import CrossEncoder as Library

        try:
            self._model = Library(name)
        except Exception as error:
            reason = type(error).__name__
            raise ModelError(
                f"the cross-encoder {name} is neither a folder nor in the local cache, and the hub did not "
                f"give it ({reason}): check its name and the network, or use {PACKAGED}"
            ) from error

    def score(self, question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np
        from torch import nn

        pairs = [(question, sentence) for sentence in sentences]
        scores = self._model.predict(pairs, activation_fn=nn.Identity(), show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32).reshape(len(pairs))
