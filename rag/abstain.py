"""What an answer says when the articles do not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Filters, Hit
from rag.types import Answer

NEAREST_SHOWN = 5
UNANSWERED = "The articles do not answer this."
UNBORNE = "The articles bear out no answer to this."
UNSURE = "No sure answer was found to these words, which are no question."
NOTHING = "Nothing on this was found"


def abstention(answer: Answer, hits: Sequence[Hit], filters: Filters, note: str = UNANSWERED) -> Answer:
    """The answer with its words taken back: a note in their place, and the nearest passages."""
    nearest = tuple(hits[:NEAREST_SHOWN])
    text = f"{note} {_shown(len(nearest))}" if nearest else _nothing(filters)
    return replace(answer, text=text, citations=(), claims=(), hits=nearest, abstained=True)


def _shown(number: int) -> str:
    return f"The nearest {'passage is' if number == 1 else f'{number} passages are'} shown instead."


def _nothing(filters: Filters) -> str:
    where = "in the archive" if filters.empty else "among the articles that pass the filters"
    return f"{NOTHING} {where}."


def abstains(text: str) -> bool:
    """Whether these are the words of an abstention."""
    return text.startswith((UNANSWERED, UNBORNE, UNSURE, NOTHING))
