"""Reads an article's tokens: which of them are reported, which report, which name who is reported.

A few layers of BERT over the tokens of neighbouring sentences, on the word vectors of the packaged
embedding model, then one linear reading a token and two pointers: from where something reported begins
to its reporting words, and to its source. The weights are made by `benchmarks/train_tagger.py`. Knows
nothing of what becomes of the readings (`index.attribution.attribute`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.attribution.marks import mark_states
from index.bert import arrange_layers, through_layers
from index.sentences import paragraphs
from index.types import Span
from index.weights import find_weights

if TYPE_CHECKING:
    import numpy as np
    from tokenizers import Tokenizer
    from torch import Tensor

WEIGHTS = Path(__file__).with_name("tagger.safetensors")
WINDOW = 160
KINDS = ("content", "cue", "source")
FEATURES = 11
"""Rows of the table of features: four for case, four for quotation marks, three for place."""
POINTER = 64
FAR = 96
"""Distances beyond this many tokens count alike."""
WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile("[“”\"„«»]|''")
_HEADS = 12
_EPSILON = 1e-12
_CLS, _SEP = 101, 102
_PLAIN = (0, 4, 8)
_PAD_TO = 16
_TOKENS_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens of neighbouring sentences, one at the head and one at the end that stand for no characters.

    `ids` has a row a token, `features` three columns besides: rows of the table of features. `spans` are
    the places in the article's text of the tokens between head and end, (start, end) each.
    """

    ids: np.ndarray
    features: np.ndarray
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """What the network says of the tokens of one window, the head among them; logits, fp32.

    `tags` (tokens, 3, 3): for each of KINDS whether the token stands outside one, begins one, goes on with
    one. `cues` and `sources` (tokens, tokens): how well token j begins the reporting words, or the source,
    of what begins at token i; column 0 stands for none.
    """

    tags: np.ndarray
    cues: np.ndarray
    sources: np.ndarray


def cut_windows(text: str, sentences: Sequence[Span], tokenizer: Tokenizer) -> list[Window]:
    """Windows of at most WINDOW tokens that hold all sentences in order, parted at paragraphs where that
    can be. `sentences` ascend; the tokens beyond a window's room of one that is longer are left out."""
    import numpy as np

    read = tokenizer.encode_batch([span.of(text) for span in sentences], add_special_tokens=False)
    ends = {paragraph.end for paragraph in paragraphs(text)}
    closing = [span.end in ends for span in sentences]
    states = mark_states(text)
    windows = []
    for group in _groups([len(one.ids) for one in read], closing):
        ids, features, spans = [_CLS], [_PLAIN], list[tuple[int, int]]()
        for number in group:
            first = 1 + (number == 0 or closing[number - 1])
            one, at = read[number], sentences[number].start
            for token, (start, end) in zip(one.ids[: WINDOW - 2], one.offsets, strict=False):
                word = text[at + start : at + end]
                ids.append(token)
                features.append((_case(word), 4 + states[at + start], 8 + (0 if start else first)))
                spans.append((at + start, at + end))
        rows = np.array([*features, _PLAIN], dtype=np.int64)
        windows.append(Window(np.array([*ids, _SEP], dtype=np.int64), rows, tuple(spans)))
    return windows


def _groups(sizes: Sequence[int], closing: Sequence[bool]) -> Iterator[list[int]]:
    """Numbers of the sentences of each window: whole paragraphs while they fit, else whole sentences."""
    group: list[int] = []
    used = safe = 0
    for number, size in enumerate(sizes):
        size = min(size, WINDOW - 2)
        if group and used + size > WINDOW - 2:
            cut = safe or len(group)
            yield group[:cut]
            group = group[cut:]
            used = sum(min(sizes[i], WINDOW - 2) for i in group)
            safe = 0
            if used + size > WINDOW - 2:
                yield group
                group, used = [], 0
        group.append(number)
        used += size
        if closing[number]:
            safe = len(group)
    if group:
        yield group


def _case(word: str) -> int:
    """0 without letters, 1 in lower case, 2 with a capital first, 3 in capitals."""
    if not word[:1].isalpha():
        return 0
    if not word[0].isupper():
        return 1
    return 3 if len(word) > 1 and word.isupper() else 2


class Network:
    """The network over named tensors; computes in their type. Gradients flow where tensors ask for them."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        """`weights`: the parts that are trained, and "words", the vectors of the tokens."""
        self.weights = weights
        numbers = {int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer.")}
        self._layers = arrange_layers(weights, len(numbers))

    def run(self, ids: Tensor, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Ids (n, width), features (n, width, 3), mask (n, width) of real tokens to the logits of `Readings`,
        a row a window: (n, width, 3, 3) and twice (n, width, width)."""
        import torch
        from torch.nn.functional import embedding, layer_norm, linear

        named = self.weights
        count, width = ids.shape
        state = embedding(ids, named["words"]) + named["places"][:width]
        state = state + embedding(features, named["features"]).sum(2)
        state = layer_norm(state, state.shape[-1:], named["norm.weight"], named["norm.bias"], _EPSILON)
        hidden = torch.zeros(count, 1, 1, width, dtype=state.dtype)
        hidden = hidden.masked_fill(~mask[:, None, None, :], float("-inf"))
        state = through_layers(state, hidden, self._layers, _HEADS, _EPSILON)
        tags = linear(state, named["tags.weight"], named["tags.bias"]).view(count, width, len(KINDS), 3)
        return tags.float(), self._point("cue", state, mask), self._point("source", state, mask)

    def _point(self, kind: str, state: Tensor, mask: Tensor) -> Tensor:
        from torch import arange
        from torch.nn.functional import linear

        width = state.shape[1]
        asks = linear(state, self.weights[f"{kind}.asks.weight"], self.weights[f"{kind}.asks.bias"])
        answers = linear(state, self.weights[f"{kind}.answers.weight"])
        far = (arange(width)[None, :] - arange(width)[:, None]).clamp(-FAR, FAR) + FAR
        near = self.weights[f"{kind}.near"][far].float()
        near[:, 0] = 0
        scores: Tensor = (asks @ answers.transpose(1, 2)).float() / POINTER**0.5 + near
        return scores.masked_fill(~mask[:, None, :], float("-inf"))


def stack(windows: Sequence[Window]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, features and mask of windows, filled up to one width."""
    import numpy as np
    import torch

    width = -(-max(len(window.ids) for window in windows) // _PAD_TO) * _PAD_TO
    ids = np.zeros((len(windows), width), dtype=np.int64)
    features = np.tile(np.array(_PLAIN, dtype=np.int64), (len(windows), width, 1))
    mask = np.zeros((len(windows), width), dtype=bool)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        features[row, : len(window.ids)] = window.features
        mask[row, : len(window.ids)] = True
    return torch.from_numpy(ids), torch.from_numpy(features), torch.from_numpy(mask)


class Tagger:
    """Reads articles with the packaged weights. May be used from several threads."""

    def __init__(self, weights: Path = WEIGHTS, bf16: bool = False) -> None:
        """In bf16 when `bf16`, else in fp32. Raises EmbedderError without the packaged word vectors."""
        import torch
        from safetensors import safe_open
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        folder = find_weights().folder
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        vectors = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
        named = {"words": vectors, **load_file(weights)}
        with safe_open(weights, framework="numpy") as file:
            self._telling = frozenset(file.metadata()["telling"].split())
        kind = torch.bfloat16 if bf16 else torch.float32
        self._network = Network({name: value.to(kind) for name, value in named.items()})

    def read(self, text: str, sentences: Sequence[Span]) -> list[tuple[Window, Readings]]:
        """The windows of a text, in order, with what the network says of each; see `cut_windows`.

        Sentences without quotation marks and without any word that reports are left out: a third of the news.
        """
        windows = cut_windows(
            text, [span for span in sentences if self._may_tell(span.of(text))], self._tokenizer
        )
        readings: dict[int, Readings] = {}
        for some in _batches(windows):
            for place, one in zip(some, self._run([windows[place] for place in some]), strict=True):
                readings[place] = one
        return [(window, readings[place]) for place, window in enumerate(windows)]

    def _may_tell(self, sentence: str) -> bool:
        """Whether a sentence has a quotation mark or a word that is often a reporting one."""
        if _MARKS.search(sentence):
            return True
        return not self._telling.isdisjoint(word.lower() for word in WORD.findall(sentence))

    def _run(self, windows: Sequence[Window]) -> list[Readings]:
        import torch

        with torch.inference_mode():
            tags, cues, sources = (one.numpy() for one in self._network.run(*stack(windows)))
        sizes = [len(window.ids) for window in windows]
        return [
            Readings(tags[row, :size], cues[row, :size, :size], sources[row, :size, :size])
            for row, size in enumerate(sizes)
        ]


def _batches(windows: Sequence[Window]) -> Iterator[list[int]]:
    """Places of windows, longest first, in batches of about the same number of tokens."""
    order = sorted(range(len(windows)), key=lambda place: -len(windows[place].ids))
    start = 0
    while start < len(order):
        size = max(1, _TOKENS_AT_ONCE // len(windows[order[start]].ids))
        yield order[start : start + size]
        start += size
