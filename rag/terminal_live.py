"""An answer on a terminal while it is written; then it makes room for the whole one, printed as any other.

Knows nothing of commands or of how an answer comes about.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from rag.render.pieces import progress_text
from rag.terminal import answer_text
from rag.types import Answer

_REFRESHES_PER_S = 8


def watch_answer(out: Console, answers: Iterable[Answer]) -> Answer:
    """The last of `answers`, of which there is one at least; on a terminal they are shown as they grow.

    Interrupted (Ctrl+C) it returns what there is of an answer, which is then not done; before the first
    word, KeyboardInterrupt goes on.
    """
    last: Answer | None = None
    live = Live(console=out, transient=True, refresh_per_second=_REFRESHES_PER_S) if out.is_terminal else None
    try:
        for answer in answers:
            if live and answer is not last and not answer.done:
                live.start()
                live.update(_growing(answer, out))
            last = answer
    except KeyboardInterrupt:
        if last is None or not last.text:
            raise
    finally:
        if live:
            live.stop()
    if last is None:
        raise ValueError("found no answer, wanted at least one")
    return last


def _growing(answer: Answer, out: Console) -> RenderableType:
    """The end of the text, as far as the terminal can hold it, over a line on what is being done."""
    told = Text(f"{progress_text(answer)} …", style="dim")
    lines = answer_text(answer, growing=True).wrap(out, out.width)
    return Group(*lines[-max(1, out.height - 3) :], told) if answer.text else told
