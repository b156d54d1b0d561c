"""What every chat model must do for us, whatever it is: tried on each with the same words.

The extractive back-end, which is no chat model, has its contract where assistants are tried.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from rag.models import explain
from rag.writing import Writing

STORY = "Tell a long story about a harbour."
SENTENCE = "The council met on Tuesday and spoke about the bridge, the school roof and the trees. "
WRITING_MS = 500
READING_MS = 2500


def _wait(until: Callable[[], bool], seconds: float = 20) -> float:
    """Milliseconds until it holds."""
    start = time.perf_counter()
    while not until():
        assert time.perf_counter() - start < seconds, "it never came to that"
        time.sleep(0.001)
    return (time.perf_counter() - start) * 1000


def test_it_replies(subject: Any) -> None:
    reply = subject.chat.invoke([HumanMessage("Name three fruits.")])
    assert isinstance(reply, AIMessage)
    assert str(reply.text).strip()


def test_it_takes_a_system_message_and_earlier_turns(subject: Any) -> None:
    talk = [
        SystemMessage("Answer in one short sentence."),
        HumanMessage("Which town has the bridge?"),
        AIMessage("Tarn has the bridge."),
        HumanMessage("Which river does it cross?"),
    ]
    assert str(subject.chat.invoke(talk).text).strip()


def test_it_streams_what_it_replies(subject: Any) -> None:
    asked = [HumanMessage("Name three fruits.")]
    pieces = [str(piece.text) for piece in subject.chat.stream(asked) if piece.text]
    assert len(pieces) > 3
    assert "".join(pieces) == str(subject.chat.invoke(asked).text)


def test_it_streams_on_a_loop_too(subject: Any) -> None:
    async def write() -> tuple[list[str], list[float]]:
        pieces, times = [], []
        async for piece in subject.chat.astream([HumanMessage(STORY)]):
            if piece.text:
                pieces.append(str(piece.text))
                times.append(time.perf_counter())
        return pieces, times

    pieces, times = asyncio.run(write())
    assert "".join(pieces).strip()
    assert len(pieces) > 3
    assert times[-1] - times[0] > 0.01, "all pieces came at once"


def test_it_tells_how_many_tokens_it_read_and_wrote(subject: Any) -> None:
    writing = Writing(subject.model, [HumanMessage("Name three fruits.")], 60)
    said = "".join(writing)
    assert writing.usage["prompt"] > 0
    assert writing.usage["written"] >= len(said.split()) / 2


def test_text_of_any_script_goes_in_and_comes_out_whole(subject: Any) -> None:
    asked = [HumanMessage("Repeat: Київ 🙂 “naïve” 北京\u2028\x00")]
    pieces = [str(piece.text) for piece in subject.chat.stream(asked)]
    for piece in pieces:
        piece.encode("utf-8")
    assert not any("\ufffd" in piece for piece in pieces)


def _any_within(attempt: Callable[[], Coroutine[Any, Any, float]], most_ms: float) -> bool:
    """Whether one of three attempts takes no longer: other work on the machine may hold one up."""
    return any(asyncio.run(attempt()) < most_ms for _ in range(3))


def test_a_stop_while_it_writes_ends_its_work(subject: Any) -> None:
    async def begin_and_leave() -> float:
        seen = asyncio.Event()

        async def write() -> None:
            async for piece in subject.chat.astream([HumanMessage(STORY)]):
                if piece.text:
                    seen.set()

        task = asyncio.create_task(write())
        await seen.wait()
        assert subject.busy()
        task.cancel()
        return await asyncio.to_thread(_wait, lambda: not subject.busy())

    assert _any_within(begin_and_leave, READING_MS if subject.real else WRITING_MS)


def test_a_stop_while_it_reads_ends_its_work(subject: Any) -> None:
    async def begin_and_leave() -> float:
        async def write() -> None:
            async for _ in subject.chat.astream([HumanMessage(f"{time.time()} " + SENTENCE * 80)]):
                pass

        task = asyncio.create_task(write())
        await asyncio.to_thread(_wait, subject.busy)
        task.cancel()
        return await asyncio.to_thread(_wait, lambda: not subject.busy())

    assert _any_within(begin_and_leave, READING_MS)


def test_closing_what_is_being_written_ends_its_work(subject: Any) -> None:
    writing: Any = iter(Writing(subject.model, [HumanMessage(STORY)], 60))
    for piece in writing:
        if piece:
            break
    assert subject.busy()
    writing.close()
    assert _wait(lambda: not subject.busy()) < READING_MS


def test_after_a_stop_the_next_is_served_at_once(subject: Any) -> None:
    alone = subject.chat.invoke([HumanMessage("Name a colour.")])
    for piece in subject.chat.stream([HumanMessage(STORY)]):
        if piece.text:
            break
    assert str(subject.chat.invoke([HumanMessage("Name a colour.")]).text) == str(alone.text)


def test_it_reads_a_long_prompt(subject: Any) -> None:
    sentences = 1400 // subject.model.count(SENTENCE)
    assert str(subject.chat.invoke([HumanMessage(SENTENCE * sentences + "What did it speak about?")]).text)


def test_a_prompt_that_does_not_fit_is_told_in_a_line(subject: Any) -> None:
    with pytest.raises(Exception) as raised:
        subject.chat.invoke([HumanMessage(SENTENCE * 800)])
    told = explain(raised.value, subject.model.name)
    assert "\n" not in told
    assert "prompt" in told
    assert len(told) < 400


def test_it_goes_on_after_an_error(subject: Any) -> None:
    with pytest.raises(Exception, match=r"prompt|context"):
        subject.chat.invoke([HumanMessage(SENTENCE * 800)])
    assert str(subject.chat.invoke([HumanMessage("Name three fruits.")]).text).strip()


def test_two_at_once_both_get_their_own(subject: Any) -> None:
    asked = ["Name three fruits.", "Name a river."]
    alone = [str(subject.chat.invoke([HumanMessage(one)]).text) for one in asked]
    with ThreadPoolExecutor(2) as pool:
        together = list(
            pool.map(lambda one: "".join(Writing(subject.model, [HumanMessage(one)], 120)), asked)
        )
    assert together == alone


def test_it_counts_tokens(subject: Any) -> None:
    few, many = subject.model.count("A bridge."), subject.model.count(SENTENCE * 10)
    assert 0 < few < many
    assert subject.model.exact
