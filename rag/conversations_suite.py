"""Judged answers as questions of a suite, so that complaints become questions of an evaluation.

Pure. The fields are those of `rag.eval.suite`; what a reader did not tell stays unknown. Offsets count in
the cleaned text of the articles, the quoted words stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from rag.conversations import Kept
from rag.types import Answer, Exchange, Feedback

Wanted = Literal["up", "down", "any"]
_TELLS = {"missed": True, "unfounded": False}
"""Whether the articles tell, by the reason of a thumb down; by the others nobody knows."""


def questions_of(kept: Kept, wanted: Wanted = "any") -> Iterator[dict[str, Any]]:
    """One question for each answer of the conversation that was judged as `wanted`, oldest first."""
    history: list[dict[str, str]] = []
    for number, (exchange, at) in enumerate(zip(kept.exchanges, kept.asked, strict=True), start=1):
        answer, told = exchange.answer, exchange.feedback or Feedback()
        if told.verdict and wanted in ("any", told.verdict):
            yield {
                "id": f"{kept.conversation.key}-{number}",
                "question": answer.question,
                "asked": at[:10],
                "answers": [],
                "answerable": _answerable(answer, told),
                "evidence": _evidence(answer) if told.verdict == "up" else [],
                "history": list(history),
                "tags": [part for part in (told.verdict, told.reason) if part],
                "note": told.note,
                "said": answer.text,
            }
        history += _turns(exchange)


def _answerable(answer: Answer, told: Feedback) -> bool | None:
    return not answer.abstained if told.verdict == "up" else _TELLS.get(told.reason)


def _evidence(answer: Answer) -> list[dict[str, Any]]:
    """What was cited and borne out; of an answer with a complaint nobody knows which of it stands."""
    stood = dict.fromkeys(
        (one.head.id, one.span, one.evidence) for one in answer.citations if one.support != "unsupported"
    )
    return [
        {"article": article, "start": span.start, "end": span.end, "grade": 1, "quote": words}
        for article, span, words in stood
    ]


def _turns(exchange: Exchange) -> list[dict[str, str]]:
    answer = exchange.answer
    turns = (("user", answer.question), ("assistant", answer.text))
    return [{"role": role, "content": content} for role, content in turns if content]
