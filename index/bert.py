"""The plain sentence embedder: BERT, mean over tokens, unit length, in torch alone.

Does what sentence-transformers does with such a model, without importing it (a second instead of
four at each start) and without its padding to odd lengths. Knows nothing of articles, of precision
checks or of threads. Anything but plain BERT is left to `index.sbert`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

Layer: TypeAlias = "tuple[tuple[Tensor, Tensor], ...]"
"""Weight and bias of six parts: query, key and value in one; out; widen; narrow; the two norms."""

_PAD_TO = 16  # matrix tiles of bf16 units: at odd lengths they run at two thirds of their speed
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")
_DENSE = ("attention.output.dense", "intermediate.dense", "output.dense")


def is_plain_bert(folder: Path) -> bool:
    """Whether the model in `folder` is BERT with mean pooling, without prompts, as `Bert` computes it."""
    try:
        return _plain_parts(folder) and _plain_network(_json(folder / "config.json")) and _plain_keys(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return False


class Bert:
    """Texts to unit vectors; `bf16` computes in that type, else in fp32. Not for two threads at once.

    `room` is the number of tokens of text (without special tokens) that reach the vector, the rest
    is cut off; `dimension` the length of a vector; `tokenizer` neither cuts nor pads.
    """

    def __init__(self, folder: Path, bf16: bool = False) -> None:
        import torch
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        config = _json(folder / "config.json")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.room = _limit(folder, config) - self.tokenizer.num_special_tokens_to_add(False)
        self._cutting = Tokenizer.from_str(self.tokenizer.to_str())
        self._cutting.enable_truncation(_limit(folder, config))
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config.get("layer_norm_eps", 1e-12))
        self._type = torch.bfloat16 if bf16 else torch.float32
        weights = load_file(folder / "model.safetensors")
        self._arrange({name: value.to(self._type) for name, value in weights.items()}, config)
        self.dimension = int(self._words.shape[1])

    def read(self, texts: list[str]) -> list[tuple[int, np.ndarray]]:
        """For each text its length in tokens and their ids, cut to what the model takes."""
        import numpy as np

        return [(len(one.ids), np.array(one.ids)) for one in self._cutting.encode_batch_fast(texts)]

    def embed(self, tokens: list[np.ndarray], task: str = "document") -> np.ndarray:
        """Of what `read` made: float32 (n, dimension), unit length, in order; queries like passages."""
        import numpy as np
        import torch

        width = -(-max(map(len, tokens)) // _PAD_TO) * _PAD_TO
        ids = np.zeros((len(tokens), width), dtype=np.int64)
        mask = np.zeros((len(tokens), width), dtype=bool)
        for row, some in enumerate(tokens):
            ids[row, : len(some)] = some
            mask[row, : len(some)] = True
        with torch.inference_mode():
            vectors: np.ndarray = self._run(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
        return vectors

    def _arrange(self, weights: Mapping[str, Tensor], config: Mapping[str, Any]) -> None:
        self._words = weights["embeddings.word_embeddings.weight"]
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        self._places = weights["embeddings.position_embeddings.weight"] + kind
        self._norm = _pair(weights, "embeddings.LayerNorm")
        self._layers = arrange_layers(weights, config["num_hidden_layers"])

    def _run(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Token ids (n, width) and which of them are real, to unit vectors (n, dimension) in fp32."""
        import torch
        from torch.nn.functional import embedding, layer_norm, normalize

        count, width = ids.shape
        size = self.dimension
        eps = self._epsilon
        state = layer_norm(embedding(ids, self._words) + self._places[:width], (size,), *self._norm, eps)
        hidden = torch.zeros(count, 1, 1, width, dtype=self._type)
        hidden.masked_fill_(~mask[:, None, None, :], float("-inf"))
        state = through_layers(state, hidden, self._layers, self._heads, eps)
        # sums over tokens lose digits in bf16
        real = mask[:, :, None].float()
        return normalize((state.float() * real).sum(1) / real.sum(1), dim=1)


def arrange_layers(weights: Mapping[str, Tensor], count: int) -> list[Layer]:
    """The weights of the first `count` layers, by the names that BERT's files give them."""
    from torch import cat

    layers: list[Layer] = []
    for number in range(count):
        layer = f"encoder.layer.{number}."
        asked = [_pair(weights, f"{layer}attention.self.{part}") for part in ("query", "key", "value")]
        first = (cat([weight for weight, _ in asked]), cat([bias for _, bias in asked]))
        others = [_pair(weights, layer + name) for name in (*_DENSE, *_NORMS)]
        layers.append((first, *others))
    return layers


def through_layers(state: Tensor, hidden: Tensor, layers: Sequence[Layer], heads: int, eps: float) -> Tensor:
    """`state` (n, width, size) after all layers; `hidden` (n, 1, 1, width) is -inf where no token is."""
    from torch.nn.functional import gelu, layer_norm, linear
    from torch.nn.functional import scaled_dot_product_attention as attend

    count, width, size = state.shape
    for first, out, widen, narrow, norm, last_norm in layers:
        parts = linear(state, *first).view(count, width, 3, heads, size // heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = attend(query, key, value, attn_mask=hidden).transpose(1, 2).reshape(count, width, size)
        state = layer_norm(state + linear(seen, *out), (size,), *norm, eps)
        grown = linear(gelu(linear(state, *widen)), *narrow)
        state = layer_norm(state + grown, (size,), *last_norm, eps)
    return state


def _pair(weights: Mapping[str, Tensor], name: str) -> tuple[Tensor, Tensor]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _limit(folder: Path, config: Mapping[str, Any]) -> int:
    given = _json(folder / "sentence_bert_config.json").get("max_seq_length")
    return min(int(given or config["max_position_embeddings"]), int(config["max_position_embeddings"]))


def _plain_parts(folder: Path) -> bool:
    kinds = [part["type"].rpartition(".")[2] for part in _json(folder / "modules.json")]
    pooling = _json(folder / "1_Pooling" / "config.json")
    modes = {name for name, on in pooling.items() if name.startswith("pooling_mode_") and on is True}
    own = _json(folder / "config_sentence_transformers.json")
    return (
        kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
        and modes == {"pooling_mode_mean_tokens"}
        and not any((own.get("prompts") or {}).values())
        and not _json(folder / "sentence_bert_config.json").get("do_lower_case")
    )


def _plain_network(config: Mapping[str, Any]) -> bool:
    return (
        config["model_type"] == "bert"
        and config["hidden_act"] == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder")
        and not config.get("quantization_config")
    )


def _plain_keys(folder: Path) -> bool:
    from safetensors import safe_open

    if not (folder / "tokenizer.json").is_file():
        return False
    with safe_open(folder / "model.safetensors", framework="numpy") as weights:
        names = set(weights.keys())
    return {"embeddings.word_embeddings.weight", "encoder.layer.0.output.LayerNorm.bias"} <= names
