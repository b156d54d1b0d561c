"""A chat model at work: its text piece by piece, stopped when the reader leaves, ended when it says nothing.

The model runs on an event loop of its own thread, so that a stop also ends a request that waits for its
first word. Knows nothing of prompts, sources or answers.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import aclosing
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
from rag.models import ChatModel, explain, untraced

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage, BaseMessageChunk

HEARTBEAT_S = 0.25
_CUT_OFF = frozenset(("length", "max_tokens", "MAX_TOKENS"))


class Writing:
    """Iterate over it once: pieces of text, and "" at least every quarter of a second while none comes.

    Closing the iterator ends the model's work. Raises ModelError when the model fails or is silent for
    `timeout_s`; what it wrote before was given by then. Afterwards `cut_off` tells that it ran into its
    longest, and `usage` how many tokens it read and wrote, as far as it told.
    """

    def __init__(self, model: ChatModel, messages: Sequence[BaseMessage], timeout_s: float) -> None:
        self._model = model
        self._messages = list(messages)
        self._timeout_s = timeout_s
        self._pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        self.cut_off = False
        self.usage: dict[str, int] = {}

    def __iter__(self) -> Generator[str]:
        work = asyncio.run_coroutine_threadsafe(self._write(), _loop())
        try:
            yield from self._received()
        finally:
            work.cancel()

    def _received(self) -> Generator[str]:
        heard = monotonic()
        while True:
            try:
                piece = self._pieces.get(timeout=HEARTBEAT_S)
            except queue.Empty:
                if monotonic() - heard > self._timeout_s:
                    raise ModelError(
                        f"{self._model.name} said nothing for {self._timeout_s:g} s, wanted an answer: "
                        "try again, or raise llm.timeout_s"
                    ) from None
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise ModelError(explain(piece, self._model.name)) from piece
            heard = monotonic()
            yield piece

    async def _write(self) -> None:
        try:
            stream: AsyncIterator[BaseMessageChunk] = self._model.chat.astream(self._messages)
            with untraced():
                async with aclosing(stream) as chunks:  # type: ignore[type-var]  # it is a generator
                    async for chunk in chunks:
                        self._note(chunk)
                        self._pieces.put(str(chunk.text))
            self._pieces.put(None)
        except Exception as error:  # whatever a provider's library raises, its reader is told
            self._pieces.put(error)

    def _note(self, chunk: BaseMessageChunk) -> None:
        about: Mapping[str, Any] = chunk.response_metadata
        reason = about.get("finish_reason") or about.get("stop_reason") or about.get("done_reason")
        self.cut_off = self.cut_off or reason in _CUT_OFF
        usage = getattr(chunk, "usage_metadata", None)
        if usage:
            cached = (usage.get("input_token_details") or {}).get("cache_read", 0)
            self._count(prompt=usage["input_tokens"], cached=cached, written=usage["output_tokens"])

    def _count(self, **tokens: int) -> None:
        """Add up: some providers tell what was read at the start and what was written at the end."""
        self.usage = {name: self.usage.get(name, 0) + count for name, count in tokens.items()}


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """One loop for all models: their clients keep connections that belong to a loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat-models", daemon=True).start()
    return loop
