"""The line of questions: who comes first is answered first, who leaves lets the next in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.config import Settings
from rag.page.line import Line
from rag.page.talk import AT_ONCE, Talk
from rag.types import Answer


def test_so_many_at_once_then_in_order() -> None:
    line = Line(2)
    with ExitStack() as stack:
        first, *_ = places = [stack.enter_context(line.place()) for _ in range(5)]
        assert [place() for place in places] == [None, None, 0, 1, 2]
        assert first() is None
    with line.place() as place:
        assert place() is None


@given(st.integers(1, 4), st.lists(st.integers(0, 9), max_size=30))
def test_whoever_leaves_the_order_stays(at_once: int, leaving: list[int]) -> None:
    line, stacks = Line(at_once), []
    for one in leaving:
        stacks.append(stack := ExitStack())
        stack.place = stack.enter_context(line.place())  # type: ignore[attr-defined]
        if one % 2:
            stacks.pop(one % len(stacks)).close()
        told: list[Any] = [stack.place() for stack in stacks]  # type: ignore[attr-defined]
        assert told == [None if n < at_once else n - at_once for n in range(len(stacks))]
    for stack in stacks:
        stack.close()


class Clerk:
    """An assistant that goes on and on."""

    archive = SimpleNamespace(home=None)
    settings = Settings.model_construct()

    def stream(self, question: str, **_: Any) -> Iterator[Answer]:
        """Never whole."""
        while True:
            yield Answer(question, "word", "", done=False)


def test_one_too_many_is_told_so_and_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.page.talk.LOOK_EVERY_S", 0)
    talk = Talk(Clerk())  # type: ignore[arg-type]
    asked = [talk.ask(f"Question {n}?", (), [], "", "") for n in range(AT_ONCE + 2)]
    shown = [(next(one), next(one))[1] for one in asked]
    assert all("word" in step[0] for step in shown[:AT_ONCE])
    assert "Others are being answered: yours is next" in shown[-2][0]
    assert "Others are being answered: 1 question before yours" in shown[-1][0]
    assert shown[-1][2].stop_btn == "Stop" and isinstance(next(asked[-1])[0], dict)  # nothing new to show
    asked[0].close()
    assert "word" in next(asked[-2])[0] and "yours is next" in next(asked[-1])[0]
    asked[-2].close()
    assert "word" in next(asked[-1])[0]
    for one in asked:
        one.close()
