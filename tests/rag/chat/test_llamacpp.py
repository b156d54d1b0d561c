"""A GGUF file in this process: one load for all, a queue that can be left, what was read before kept."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from rag.config import LlmSettings
from rag.errors import ModelError
from rag.gguf import Fit, Loaded, cores, loaded
from rag.models import ChatModel, load_model
from rag.tokens import estimate

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
HEAD = "Answer from the numbered sources alone, in one sentence, and say so when they do not tell. " * 8
OTHER = "Make one question that stands alone out of the talk so far, and write nothing else at all. " * 8


def _load(gguf: Path, **settings: Any) -> ChatModel:
    model = load_model(f"llamacpp:{gguf}", LlmSettings(**settings))
    assert model is not None
    return model


def _kept(model: ChatModel, system: str, question: str) -> int:
    """Tokens of the prompt that were not read again."""
    reply: Any = model.chat.invoke([SystemMessage(system), HumanMessage(question)], max_tokens=2)
    return int(reply.usage_metadata["input_token_details"]["cache_read"])


def test_the_file_is_loaded_once_for_all(gguf: Path) -> None:
    first, second = _load(gguf, max_tokens=20), _load(gguf, max_tokens=30)
    chat: Any = first.chat
    other: Any = second.chat
    assert loaded(chat.fit) is loaded(other.fit)


def test_the_head_of_the_prompt_is_read_once(in_process: ChatModel) -> None:
    head = in_process.count(HEAD)
    _kept(in_process, HEAD, "Where is Tarn?")
    assert _kept(in_process, HEAD, "Who built the bridge?") >= head


def test_two_prompts_by_turns_are_both_kept(in_process: ChatModel) -> None:
    for system in (HEAD, OTHER, HEAD, OTHER):
        _kept(in_process, system, "Where is Tarn?")
    assert _kept(in_process, HEAD, "Who built the bridge?") >= in_process.count(HEAD)
    assert _kept(in_process, OTHER, "Who built the bridge?") >= in_process.count(OTHER)


def test_the_same_question_gets_the_same_answer(in_process: ChatModel) -> None:
    said = {str(in_process.chat.invoke("Name a river and a town.").text) for _ in range(3)}
    assert len(said) == 1


def test_who_waits_for_a_turn_can_leave_the_queue(in_process: ChatModel) -> None:
    chat: Any = in_process.chat
    model = loaded(chat.fit)
    first, ended = threading.Event(), []

    def take(name: str) -> Any:
        return lambda piece: ended.append(name) if piece is None else first.set()

    asked = {"messages": [{"role": "user", "content": "Tell a long story."}], "max_tokens": 200}
    jobs = [model.submit(asked, take(name)) for name in ("first", "second", "third")]
    assert first.wait(20)
    jobs[1].stop()
    jobs[2].stop()
    jobs[0].stop()
    assert all(job.ended.wait(10) for job in jobs)
    assert ended == ["first", "second", "third"]
    assert not model.busy


def test_closing_ends_what_is_being_written_and_the_next_request_loads_it_again(gguf: Path) -> None:
    model = _load(gguf, max_tokens=400, options={"n_ctx": 1024})
    writing = model.chat.stream("Tell a very long story about a harbour.")
    next(writing)
    start = time.perf_counter()
    model.close()
    assert time.perf_counter() - start < 5
    assert len("".join(str(piece.text) for piece in writing)) < 1000
    assert str(model.chat.invoke("Name a fruit.", max_tokens=5).text)
    model.close()


def test_pieces_without_text_tell_that_the_prompt_is_being_read(in_process: ChatModel) -> None:
    pieces = list(in_process.chat.stream(f"{time.time()} " + HEAD))
    first = next(number for number, piece in enumerate(pieces) if piece.text)
    assert first >= 2


def test_a_file_cut_short_is_told_in_a_line(gguf: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.gguf"
    with gguf.open("rb") as whole:
        short.write_bytes(whole.read(40_000_000))
    with pytest.raises(ModelError, match=r"cannot load .*cut short") as raised:
        _load(short)
    assert "\n" not in str(raised.value)


def test_no_port_is_opened_and_nothing_is_left_behind(gguf: Path) -> None:
    made = Loaded(Fit(gguf, 512, 1, 64))
    address = made._server.listening_address
    assert address.startswith("unix://")
    folder = Path(address.removeprefix("unix://")).parent
    assert folder.stat().st_mode & 0o077 == 0
    made.close()
    assert not folder.exists()


PROGRAM = """
import sys, threading
from rag.config import LlmSettings
from rag.models import load_model
model = load_model("llamacpp:" + sys.argv[1], LlmSettings(max_tokens=400))
threading.Thread(target=lambda: list(model.chat.stream("Tell a long story.")), daemon=True).start()
next(model.chat.stream("Name a fruit."))
print("done")
"""


def test_a_process_ends_quietly_while_the_model_is_at_work(gguf: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(gguf)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, env=dict(os.environ))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "done\n", "")


def test_estimates_are_never_fewer_than_the_models_tokens(in_process: ChatModel) -> None:
    for path in (*SAMPLES.glob("*.txt"), *SAMPLES.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for start in range(0, len(text), 600):
            piece = text[start : start + 600]
            assert estimate(piece) + 3 >= in_process.count(piece), piece


def test_cores_are_those_it_may_use() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)
