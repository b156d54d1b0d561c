"""Vectors of sentences, those used last kept: a conversation, the search for questions to go on with and the
checking of an answer stay with a few articles, and embedding is most of the work of each."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]
"""Sentences to unit vectors, a row each, in order; a sentence has the same whatever stands beside it."""

MOST = 4096
"""Sentences kept: of 384 numbers, with their text, about 8 MB."""


class Vectors:
    """An `Embed` that remembers. Safe to use from several threads as far as the one it asks is."""

    def __init__(self, embed: Embed, most: int = MOST) -> None:
        self._embed = embed
        self._most = most
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._guard = threading.Lock()

    def __call__(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of at least one sentence, a row each, in order."""
        import numpy as np

        with self._guard:
            found = {text: self._kept[text] for text in sentences if text in self._kept}
        missing = [text for text in dict.fromkeys(sentences) if text not in found]
        if missing:
            found |= zip(missing, self._embed(missing), strict=True)
        with self._guard:
            self._kept |= found
            for text in found:
                self._kept.move_to_end(text)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return np.stack([found[text] for text in sentences])
