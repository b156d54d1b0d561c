"""What an answer says when the articles do not tell, or when there are none to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.catalog import Catalog
from index.listing import count_entries, counts
from index.types import Filters, Hit
from rag.imperative import asks
from rag.types import Answer

NEAREST_SHOWN = 5
UNANSWERED = "The articles do not answer this."
UNBORNE = "The articles bear out no answer to this."
UNSURE = "No sure answer was found to these words."
EMPTY = "The archive holds no article yet. Add some in the Library of the page, or with onrecord ingest."
NOT_YET = "No article can be found yet: all of them are still being indexed. Ask again when they are ready."
NONE_LEFT = "No article passes the filters. Widen them, or ask without."
NOTHING = "Nothing on this was found."
NOTES = (UNANSWERED, UNBORNE, UNSURE, EMPTY, NOT_YET, NONE_LEFT, NOTHING)


def abstention(answer: Answer, hits: Sequence[Hit], note: str = "") -> Answer:
    """The answer with its words taken back: a note in their place, and the nearest passages.

    Without a `note` of one's own it says that the articles do not answer a question; of words that are
    none, one cannot say so.
    """
    nearest = tuple(hits[:NEAREST_SHOWN])
    note = note or (UNANSWERED if asks(answer.question) else UNSURE)
    text = f"{note} {_shown(len(nearest))}" if nearest else note
    return replace(answer, text=text, citations=(), claims=(), hits=nearest, abstained=True)


def why_nothing(catalog: Catalog, filters: Filters) -> str:
    """Why there is not even a passage to show: what the archive lacks, or that the filters leave none."""
    held = counts(catalog)
    if not held.passages:
        return NOT_YET if held.pending else EMPTY
    return NOTHING if count_entries(catalog, filters=filters, state="done") else NONE_LEFT


def _shown(number: int) -> str:
    return f"The nearest {'passage is' if number == 1 else f'{number} passages are'} shown instead."


def verdict(answer: Answer) -> str:
    """What heads an abstention."""
    if not answer.hits:
        return "There is nothing to answer from"
    return "No sure answer found" if answer.text.startswith(UNSURE) else "These articles do not tell"


def abstains(text: str) -> bool:
    """Whether these are the words of an abstention."""
    return text.startswith(NOTES)
