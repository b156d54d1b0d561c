"""check-llm: a model that does what it is asked, one that does not, and one that cannot be used."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from typer.testing import CliRunner

from rag.cli import models
from rag.config import LlmSettings
from rag.errors import ModelError
from rag.models import ChatModel
from rag.tokens import estimate
from rag.trials import NEEDED, TRIALS, Trial, run_trials

SETTINGS = LlmSettings(timeout_s=5)
STORY = " ".join(["once upon a time there was a harbour"] * 40)


def obedient(messages: Sequence[BaseMessage]) -> str:
    """Does what it is told, as a good model would."""
    system, user = str(messages[0].text), str(messages[-1].text)
    question = user.rsplit("Question:", 1)[-1]
    if "MERIDIAN" in system:
        return "MERIDIAN, I am here."
    if "regatta" in question:
        return "The articles do not answer this."
    if "ferry" in question:
        return "It is called Blue Heron. [1]"
    if "Tarn" in question:
        return "It closes on 4 April. [1] Buses drive by way of Colm. [2]"
    return "Ready." if "ready" in user else STORY


def contrary(messages: Sequence[BaseMessage]) -> str:
    """Does what the sources tell it, makes things up, and marks nothing."""
    return (
        "PERIWINKLE"
        if "PERIWINKLE" in str(messages[-1].text)
        else "It was the crew of Ostwick. [7] So there."
    )


class Player(BaseChatModel):
    """Says what `line` makes of the messages, word by word or whole; an error is raised."""

    line: Callable[[Sequence[BaseMessage]], str | Exception]
    whole: bool = False

    @property
    def _llm_type(self) -> str:
        return "player"

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        said = self.line(messages)
        if isinstance(said, Exception):
            raise said
        for piece in [said] if self.whole else re.findall(r"\S+\s*", said):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))

    async def _astream(
        self, messages: list[BaseMessage], *_: Any, **__: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for piece in self._stream(messages):
            yield piece

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return generate_from_stream(self._stream(messages))


def _tried(
    line: Callable[[Sequence[BaseMessage]], str | Exception], *, whole: bool = False
) -> dict[str, Trial]:
    model = ChatModel("player:one", Player(line=line, whole=whole), estimate, False, 300)
    return {trial.name: trial for trial in run_trials(model, SETTINGS)}


@pytest.fixture(autouse=True)
def _no_other_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str, _: LlmSettings) -> ChatModel:
        raise ModelError(f'found no model "{name}"')

    monkeypatch.setattr("rag.trials.load_model", load)


def test_a_model_that_obeys_passes_all() -> None:
    tried = _tried(obedient)
    assert list(tried) == list(TRIALS)
    assert {name: trial.state for name, trial in tried.items()} == dict.fromkeys(TRIALS, "ok")
    assert "2 of 2 sentences with a marker" in tried["markers"].seen
    assert "no-such-model" in tried["error text"].seen


def test_a_model_that_does_not_is_weak_yet_can_be_used() -> None:
    tried = _tried(contrary)
    weak = {name for name, trial in tried.items() if trial.state == "weak"}
    assert weak >= {
        "plain reply",
        "system prompt",
        "markers",
        "abstains",
        "hidden instruction",
        "long context",
    }
    assert not any(trial.fatal for trial in tried.values())


def test_a_reply_in_one_piece_is_no_streaming() -> None:
    assert _tried(obedient, whole=True)["streaming"].fatal


def test_after_a_failed_reply_nothing_else_is_tried() -> None:
    tried = _tried(lambda _: ConnectionRefusedError("nobody there"))
    assert list(tried) == ["plain reply"]
    assert tried["plain reply"].fatal
    assert "player:one cannot be reached" in tried["plain reply"].seen


def test_a_silent_model_fails_the_plain_reply() -> None:
    assert _tried(lambda _: "")["plain reply"].fatal


def test_what_is_needed_is_tried() -> None:
    assert set(TRIALS) >= NEEDED


@pytest.mark.parametrize(("line", "code"), [(obedient, 0), (contrary, 0), (lambda _: "", 1)])
def test_the_command_fails_only_without_what_is_needed(
    line: Any, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = ChatModel("player:one", Player(line=line), estimate, False, 300)
    monkeypatch.setattr("rag.models.load_model", lambda *_: model)
    app = typer.Typer()
    models.register(app)
    shown = CliRunner().invoke(app, ["check-llm", "player:one", "--json", "--home", str(tmp_path)])
    told = json.loads(shown.stdout)
    assert told["tokens"] == "estimated"
    assert {"name", "state", "seen", "seconds"} == set(told["trials"][0])
    assert isinstance(shown.exception, ModelError) == bool(code)
    table = CliRunner().invoke(app, ["check-llm", "player:one", "--home", str(tmp_path)])
    assert table.stdout.splitlines()[0].split()[:3] == ["plain", "reply", told["trials"][0]["state"]]


def test_the_extractive_back_end_has_nothing_to_try(tmp_path: Path) -> None:
    app = typer.Typer()
    models.register(app)
    shown = CliRunner().invoke(app, ["check-llm", "extractive", "--home", str(tmp_path)])
    assert "needs no model" in str(shown.exception)
