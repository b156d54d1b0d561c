"""A GGUF file in this process as a LangChain chat model.

One answer is written at a time, the others wait in their order. One whose reader leaves ends at the next
token, or at the next stretch of its prompt. While the prompt is read, pieces without text come as signs of
life. Knows nothing of prompts.
"""

from __future__ import annotations

import asyncio
import difflib
import queue
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import agenerate_from_stream, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field

from rag.config import LlmSettings
from rag.errors import ModelError
from rag.gguf import Fit, cores, loaded, unload
from rag.local_models import find_model

LOADING = ("n_ctx", "n_threads", "n_batch", "n_gpu_layers")
SAMPLING = (
    *("temperature", "seed", "top_k", "top_p", "min_p", "typical_p", "repeat_penalty", "repeat_last_n"),
    *("presence_penalty", "frequency_penalty", "stop", "chat_template_kwargs"),
)
# the same question over the same articles gets the same answer
_STEADY = {"temperature": 0.0, "seed": 1}
_LEAST_CONTEXT = 2048
_PROMPT_ROOM = 1024
_BATCH = 64

Piece = Mapping[str, Any] | ModelError | None


class LlamaCppChat(BaseChatModel):
    """Writes with a GGUF file; `request` is what goes with every one (temperature, max_tokens, …).

    The last piece carries `usage_metadata` (tokens read, kept from before, written) and, as
    `response_metadata["timings"]`, llama.cpp's own milliseconds.
    """

    fit: Fit
    request: dict[str, Any] = Field(default_factory=dict)

    @property
    def _llm_type(self) -> str:
        return "llamacpp"

    @property
    def model_name(self) -> str:
        """The file's name without its ending."""
        return self.fit.path.stem

    def get_num_tokens(self, text: str) -> int:
        """Tokens of a text, by the model's own tokenizer."""
        return loaded(self.fit).count(text)

    @property
    def busy(self) -> bool:
        """Whether it writes anything for anybody at the moment, or somebody waits for it."""
        return loaded(self.fit).busy

    def close(self) -> None:
        """Free the memory. The next request loads the file again."""
        unload(self.fit)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        pieces: queue.SimpleQueue[Piece] = queue.SimpleQueue()
        job = loaded(self.fit).submit(self._asked(messages, stop, kwargs), pieces.put)
        try:
            while (piece := pieces.get()) is not None:
                yield self._chunk(piece)
        finally:
            job.stop()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        loop, pieces = asyncio.get_running_loop(), asyncio.Queue[Piece]()

        def take(piece: Piece) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        model = await asyncio.to_thread(loaded, self.fit)
        job = model.submit(self._asked(messages, stop, kwargs), take)
        try:
            while (piece := await pieces.get()) is not None:
                yield self._chunk(piece)
        finally:
            job.stop()

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages, stop, run_manager, **kwargs))

    def _asked(
        self, messages: Sequence[BaseMessage], stop: Sequence[str] | None, more: Mapping[str, Any]
    ) -> dict[str, Any]:
        request = {**_STEADY, **self.request, **more}
        if stop:
            request["stop"] = list(stop)
        told = convert_to_openai_messages(list(messages))
        return {**request, "messages": told, "stream_options": {"include_usage": True}}

    def _chunk(self, piece: Mapping[str, Any] | ModelError) -> ChatGenerationChunk:
        if isinstance(piece, ModelError):
            raise piece
        if "error" in piece:
            raise ModelError(self._problem(piece["error"]))
        about: dict[str, Any] = {}
        text = ""
        for choice in piece.get("choices") or ():
            text += choice["delta"].get("content") or ""
            if choice.get("finish_reason"):
                about = {"finish_reason": choice["finish_reason"], "model_name": self.model_name}
        if "timings" in piece:
            about["timings"] = dict(piece["timings"])
        message = AIMessageChunk(content=text, response_metadata=about, usage_metadata=_usage(piece))
        return ChatGenerationChunk(message=message)

    def _problem(self, error: Mapping[str, Any]) -> str:
        if error.get("type") == "exceed_context_size_error":
            return (
                f"the prompt has {error.get('n_prompt_tokens')} tokens, {self.model_name} is loaded for "
                f"{error.get('n_ctx')}: lower llm.context_tokens or raise n_ctx in llm.options"
            )
        return f"llama.cpp refused the request ({' '.join(str(error.get('message')).split())[:200]})"


def _usage(piece: Mapping[str, Any]) -> UsageMetadata | None:
    usage = piece.get("usage")
    if not usage:
        return None
    kept = (usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
    return UsageMetadata(
        input_tokens=usage["prompt_tokens"],
        output_tokens=usage["completion_tokens"],
        total_tokens=usage["total_tokens"],
        input_token_details=InputTokenDetails(cache_read=kept),
    )


def load_llamacpp(name: str, settings: LlmSettings) -> LlamaCppChat:
    """The model of a pulled name or a path ending in .gguf, loaded. Raises ModelError."""
    options = dict(settings.options)
    if unknown := sorted(set(options) - {*LOADING, *SAMPLING}):
        near = difflib.get_close_matches(unknown[0], (*LOADING, *SAMPLING), n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join((*LOADING, *SAMPLING))}"
        raise ModelError(f"llm.options has {unknown[0]}, which llamacpp does not take: {hint}")
    wanted = (settings.context_tokens or 0) + settings.max_tokens + _PROMPT_ROOM
    fit = Fit(
        find_model(name).resolve(),
        _whole(options, "n_ctx", max(_LEAST_CONTEXT, -(-wanted // 256) * 256)),
        _whole(options, "n_threads", cores()),
        _whole(options, "n_batch", _BATCH),
        _whole(options, "n_gpu_layers", -1),
    )
    loaded(fit)
    request = {name: value for name, value in options.items() if name in SAMPLING}
    return LlamaCppChat(fit=fit, request={"max_tokens": settings.max_tokens, **request})


def _whole(options: Mapping[str, Any], name: str, usual: int) -> int:
    value = options.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or (value < 1 and name != "n_gpu_layers"):
        raise ModelError(f"llm.options has {name} = {value!r}, wanted a whole number from 1")
    return value
