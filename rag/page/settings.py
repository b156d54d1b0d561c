"""The settings on the page: how the next question is answered where the server's settings do not hold.

They live in the page's fields. What a reader chose of model, passages and strictness is kept in the reader's
browser besides, and nowhere else; what comes back from there is checked. It does not know Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from index.errors import OnrecordError
from index.types import Filters
from rag.page.typed import read_day, read_filters
from rag.render.markup import counted, day_text
from rag.types import EXTRACTIVE, Abstain

if TYPE_CHECKING:
    from rag.assistant import Asking

MAX_TOP_K = 50
STRICTNESS: dict[Abstain, str] = {
    "on": "Say so when the articles do not tell",
    "strict": "Answer only when certain",
    "off": "Always answer",
}
OWN_WORDS = "The articles’ own words"


@dataclass(frozen=True, slots=True)
class Manner:
    """How to ask, read from the fields; None and empty where the server's settings hold."""

    filters: Filters = Filters()
    llm: str | None = None
    top_k: int | None = None
    abstain: Abstain | None = None
    asked: date | None = None

    @classmethod
    def of(cls, fields: Sequence[Any]) -> Manner:
        """Outlets, first day, last day; then, if there are more, model, sources, strictness, day of asking.

        Raises OnrecordError when a day is none or a value is not among those to choose from.
        """
        filters, rest = read_filters(*fields[:3]), fields[3:]
        if not rest:
            return cls(filters)
        llm, top_k, abstain, asked = rest
        return cls(filters, llm or None, read_top_k(top_k), read_abstain(abstain), read_day(asked))

    @property
    def asking(self) -> Asking:
        """What is said with a question; the day of asking is today unless another was chosen."""
        return {
            "filters": self.filters,
            "asked": self.asked or date.today(),
            "abstain": self.abstain,
            "top_k": self.top_k,
        }


def read_top_k(value: Any) -> int | None:
    """The number of passages; None for an empty field. Raises OnrecordError."""
    if value in (None, ""):
        return None
    if not 1 <= int(value) <= MAX_TOP_K:
        raise OnrecordError(f"found {value} passages, wanted 1 to {MAX_TOP_K}: change the setting")
    return int(value)


def read_abstain(value: Any) -> Abstain | None:
    """The strictness; None for an empty field. Raises OnrecordError."""
    found: Abstain | None = next((one for one in get_args(Abstain) if one == value), None)
    if value and found is None:
        raise OnrecordError(f"found the strictness {value}, wanted one of {', '.join(get_args(Abstain))}")
    return found


def model_label(name: str) -> str:
    """What the page calls a model."""
    return OWN_WORDS if name == EXTRACTIVE else name


@dataclass(frozen=True, slots=True)
class Own:
    """The server's own settings, as far as a reader may choose others; the first of `models` is its own."""

    models: tuple[str, ...]
    top_k: int
    abstain: Abstain

    def kept(self, manner: Manner) -> dict[str, str | int]:
        """What a reader's browser keeps of a manner: model, passages and strictness, where they differ."""
        mine = {"llm": self.models[0], "top_k": self.top_k, "abstain": self.abstain}
        told = {"llm": manner.llm, "top_k": manner.top_k, "abstain": manner.abstain}
        return {name: value for name, value in told.items() if value and value != mine[name]}

    def recalled(self, kept: object) -> Manner:
        """What a browser kept; what is nonsense, or cannot be chosen any more, is left out."""
        told = kept if isinstance(kept, dict) else {}
        llm, top_k, abstain = (told.get(name) for name in ("llm", "top_k", "abstain"))
        return Manner(
            llm=next((name for name in self.models if name == llm), None),
            top_k=top_k if type(top_k) is int and 1 <= top_k <= MAX_TOP_K else None,
            abstain=next((one for one in get_args(Abstain) if one == abstain), None),
        )

    def text(self, manner: Manner) -> str:
        """In what a manner differs from these settings, for people; empty where it does not."""
        kept = self.kept(manner)
        parts = [model_label(manner.llm)] if manner.llm and "llm" in kept else []
        if "top_k" in kept:
            parts.append(counted(manner.top_k or 0, "passage"))
        if manner.abstain and "abstain" in kept:
            parts.append(STRICTNESS[manner.abstain])
        if manner.asked:
            parts.append(f"Asked on {day_text(manner.asked)}")
        return ", ".join(part if at == 0 else part[:1].lower() + part[1:] for at, part in enumerate(parts))
