"""Milliseconds from a stop until the model is idle: in this process, and behind a server on loopback.

    python -m benchmarks.stopping llamacpp:NAME-or-PATH.gguf [--times N]

The same file both ways. What is closed is what the page's Stop closes: the reading of the pieces, once while
the model writes, once while it still reads a prompt of some 1,500 tokens.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from statistics import median

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from langchain_core.messages import HumanMessage

from rag.config import LlmSettings
from rag.local_models import find_model
from rag.models import ChatModel, load_model
from rag.writing import Writing

CONTEXT = 4096
STORY = "Tell a long story about a harbour."
SENTENCE = "The council met on Tuesday and spoke about the bridge, the school roof and the trees. "
READING_S = 0.5


def main() -> None:
    """Print a line for each way and moment."""
    parser = argparse.ArgumentParser(description="Measure how soon a stopped model is idle.")
    parser.add_argument("model")
    parser.add_argument("--times", type=int, default=10)
    wanted = parser.parse_args()
    file = str(find_model(wanted.model.removeprefix("llamacpp:")))
    model = _load(f"llamacpp:{file}", {"n_ctx": CONTEXT})
    chat: object = model.chat
    _measure("in process", model, lambda: bool(getattr(chat, "busy")), wanted.times)  # noqa: B009
    model.close()
    with _served(file) as (address, key):
        model = _load(f"openai:model@{address}/v1", {"api_key": key})
        _measure("over HTTP", model, lambda: _slot_busy(address, key), wanted.times)


def _load(name: str, options: dict[str, object]) -> ChatModel:
    model = load_model(name, LlmSettings(max_tokens=400, retries=0, options=options))
    assert model is not None
    return model


def _measure(way: str, model: ChatModel, busy: Callable[[], bool], times: int) -> None:
    for moment, stop in (("writing", _stop_writing), ("reading", _stop_reading)):
        taken = sorted(stop(model, busy) for _ in range(times))
        print(f"{way}, {moment}: p50 {median(taken):.0f} ms, most {taken[-1]:.0f} ms, n {times}", flush=True)


def _stop_writing(model: ChatModel, busy: Callable[[], bool]) -> float:
    with closing(iter(Writing(model, [HumanMessage(STORY)], 60))) as pieces:
        words = 0
        while words < 5:
            words += bool(next(pieces))
        assert busy()
    return _idle(busy)


def _stop_reading(model: ChatModel, busy: Callable[[], bool]) -> float:
    asked = HumanMessage(f"{secrets.token_hex(8)} {SENTENCE * 80}")
    with closing(iter(Writing(model, [asked], 60))) as pieces:
        start = time.perf_counter()
        while time.perf_counter() - start < READING_S:
            assert not next(pieces), "it has read the prompt already"
        assert busy()
    return _idle(busy)


def _idle(busy: Callable[[], bool]) -> float:
    """Milliseconds until the model is idle."""
    start = time.perf_counter()
    while busy():
        time.sleep(0.001)
    return (time.perf_counter() - start) * 1000


@contextmanager
def _served(file: str) -> Iterator[tuple[str, str]]:
    """A server over the file in a process of its own: its address, and the key it wants."""
    key = secrets.token_hex(8)
    command = [sys.executable, "-m", "benchmarks.serve_gguf", file, "--context", str(CONTEXT), "--key", key]
    with subprocess.Popen(
        [*command, "--attended"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip(), key
        finally:
            server.terminate()


def _slot_busy(address: str, key: str) -> bool:
    request = urllib.request.Request(f"{address}/slots", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=5) as reply:
        return any(slot["is_processing"] for slot in json.load(reply))


if __name__ == "__main__":
    main()
