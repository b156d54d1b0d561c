"""What an answer says when the articles do not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Filters, Hit
from rag.imperative import asks
from rag.types import Answer

NEAREST_SHOWN = 5
UNANSWERED = "The articles do not answer this."
UNBORNE = "The articles bear out no answer to this."
UNSURE = "No sure answer was found to these words."
NOTHING = "Nothing on this was found"


def abstention(answer: Answer, hits: Sequence[Hit], filters: Filters, note: str = "") -> Answer:
    """The answer with its words taken back: a note in their place, and the nearest passages.

    Without a `note` of one's own it says that the articles do not answer a question; of words that are
    none, one cannot say so.
    """
    nearest = tuple(hits[:NEAREST_SHOWN])
    note = note or (UNANSWERED if asks(answer.question) else UNSURE)
    text = f"{note} {_shown(len(nearest))}" if nearest else _nothing(filters)
    return replace(answer, text=text, citations=(), claims=(), hits=nearest, abstained=True)


def _shown(number: int) -> str:
    return f"The nearest {'passage is' if number == 1 else f'{number} passages are'} shown instead."


def _nothing(filters: Filters) -> str:
    where = "in the archive" if filters.empty else "among the articles that pass the filters"
    return f"{NOTHING} {where}."


def verdict(answer: Answer) -> str:
    """What heads an abstention."""
    return "No sure answer found" if answer.text.startswith(UNSURE) else "These articles do not tell"


def abstains(text: str) -> bool:
    """Whether these are the words of an abstention."""
    return text.startswith((UNANSWERED, UNBORNE, UNSURE, NOTHING))
