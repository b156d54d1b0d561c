"""A run in which a chat model writes the answers: a scripted one, from its words to the files of the run."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from prompts.load import load_prompt
from rag.config import load_settings
from rag.eval.record import read_run
from rag.eval.run import Plan, Selection, evaluate
from rag.eval.suite import read_suite
from rag.eval.types import Run
from rag.models import OWN, BackEnd

SUITE = Path(__file__).resolve().parents[3] / "tests" / "suites" / "samples"
INVENTED = "A parrot was seen on 31 February. [1]"


class Scribe(BaseChatModel):
    """Copies the first sentence of the first source, invents another; fails, or declines, when told so."""

    part: str

    @property
    def _llm_type(self) -> str:
        return "scribe"

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        source = re.search(r"\[1\] [^\n]*\n(.*?)(?<=[.!?”\"])(?= [A-Z“\"]|\n)", str(messages[-1].content))
        copied = f"{source[1] if source else 'Nothing.'} [1] {INVENTED}"
        text = {"declines": "The articles do not answer this."}.get(self.part, copied)
        for word in text.split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} "))
            if self.part.startswith("fails at ") and self.part[9:] in str(messages[-1].content):
                raise ConnectionError("the line is dead")
        usage = {"input_tokens": 90, "output_tokens": len(text.split()), "total_tokens": 99}
        yield ChatGenerationChunk(message=AIMessageChunk(content="", usage_metadata=usage))  # type: ignore[arg-type]

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return generate_from_stream(self._stream(messages, *args, **kwargs))


@pytest.fixture(autouse=True)
def scribe(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scribe as a back-end of the name "scribe"."""
    module = ModuleType("scribe_backend")
    module.make = lambda part, settings: Scribe(part=part)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "scribe_backend", module)
    monkeypatch.setitem(OWN, "scribe", BackEnd("scribe_backend:make", str, "langchain_core", "local"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(home: Path, out: Path, part: str, *tags: str) -> Run:
    """Some questions of the samples, with the scribe playing a part."""
    settings = load_settings(home, {"answer": {"llm": f"scribe:{part}"}})
    evaluate(read_suite(SUITE), Plan(settings, Selection(tags=tags, limit=4)), out)
    return read_run(out)


def test_a_written_run_keeps_what_was_checked_and_how_long_it_took(home: Path, tmp_path: Path) -> None:
    told = run(home, tmp_path, "writes")
    written = [row for row in told.rows if row.written and not row.abstained]
    assert written and not any(row.error for row in told.rows)
    for row in written:
        struck = [claim for claim in row.claims if claim.support == "unsupported"]
        assert len(struck) == 1 and struck[0].reason and INVENTED in row.trace["raw"]
        assert row.trace["tokens"]["written"] > 1
        assert row.scores["support_rate"] == sum(c.support != "unsupported" for c in row.claims) / len(
            row.claims
        )
    assert {"first", "write", "per_token", "check", "total"} <= told.latency.keys()
    assert told.settings["prompt"] == load_prompt("answer.v1").id
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<s>A parrot was seen on 31 February.</s>" in report
    assert f"scribe:writes, prompt {told.settings['prompt']}" in report


def test_a_model_that_declines_abstains(home: Path, tmp_path: Path) -> None:
    told = run(home, tmp_path, "declines")
    asked = [row for row in told.rows if row.written]
    assert asked and all(row.abstained and row.trace["declined"] for row in asked)


def test_a_model_that_fails_gives_failed_questions(home: Path, tmp_path: Path) -> None:
    question = read_suite(SUITE).questions[0].text
    told = run(home, tmp_path, f"fails at {question}")
    (failed,) = [row for row in told.rows if row.error]
    assert failed.question.text == question and "the line is dead" in str(failed.error)
    assert failed.scores == {} and failed.trace["raw"]
    assert told.metrics["answer_words"].n == sum(not row.abstained and not row.error for row in told.rows)


def test_follow_ups_are_ranked_completed_and_alone(home: Path, tmp_path: Path) -> None:
    told = run(home, tmp_path, "writes", "follow-up")
    names = [f"{kind}_recall@{k}" for kind in ("rewrite", "last_turn") for k in (5, 10)]
    assert all(told.metrics[name].n == len(told.rows) for name in names)
    assert told.metrics["rewrite_recall@10"].value >= told.metrics["last_turn_recall@10"].value
