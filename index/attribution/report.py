"""A report: something said or thought, as it is being put together."""

from __future__ import annotations

from dataclasses import dataclass

from index.types import Span


@dataclass(slots=True)
class Report:
    """Something reported: spans of its content, of the reporting words and of the source; the last two may
    be missing. `sure` is the network's trust in the source, 0..1; `cued` whether the network takes the
    reporting words for such."""

    content: list[Span]
    cue: Span | None = None
    source: Span | None = None
    sure: float = 0.0
    cued: bool = False
