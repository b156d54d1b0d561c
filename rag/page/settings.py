"""The settings on the page: how the next question is answered. They live in its fields, nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import gradio as gr

from index.errors import OnrecordError
from index.types import Filters
from rag.page.typed import read_day, read_filters
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
        raise OnrecordError(f"found {value} sources, wanted 1 to {MAX_TOP_K}: change the setting")
    return int(value)


def read_abstain(value: Any) -> Abstain | None:
    """The strictness; None for an empty field. Raises OnrecordError."""
    found: Abstain | None = next((one for one in get_args(Abstain) if one == value), None)
    if value and found is None:
        raise OnrecordError(f"found the strictness {value}, wanted one of {', '.join(get_args(Abstain))}")
    return found


@dataclass(frozen=True, slots=True)
class SettingsPart:
    """The components of the settings."""

    model: gr.Dropdown
    top_k: gr.Number
    abstain: gr.Radio
    asked: gr.DateTime

    @property
    def fields(self) -> list[Any]:
        """What `Manner` reads behind the filters, in its order."""
        return [self.model, self.top_k, self.abstain, self.asked]


def settings_part(models: Sequence[str], top_k: int, abstain: Abstain) -> SettingsPart:
    """The components, set to what the server's settings say, in the block that is open."""
    named = [(OWN_WORDS if name == EXTRACTIVE else name, name) for name in models]
    with gr.Accordion("Settings", open=False, elem_id="settings"):
        with gr.Row():
            model = gr.Dropdown(
                named, value=models[0], label="Answers written by", elem_id="model", min_width=200, scale=2
            )
            most = gr.Number(
                top_k,
                label="Passages to find",
                precision=0,
                minimum=1,
                maximum=MAX_TOP_K,
                elem_id="top-k",
                min_width=140,
            )
            asked = gr.DateTime(
                label="Asked on (or today)",
                include_time=False,
                type="string",
                elem_id="asked-on",
                min_width=160,
            )
        told = gr.Radio(
            [(label, name) for name, label in STRICTNESS.items()],
            value=abstain,
            label="When the articles may not tell",
            elem_id="strictness",
        )
    return SettingsPart(model, most, told, asked)
