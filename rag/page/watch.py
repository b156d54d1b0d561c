"""How far work on the archive has come, for a page that looks at it now and then. It does not know Gradio."""

from __future__ import annotations

from rag.render.library import progress_html

_STEPS = {"fetch": "Fetching", "load": "Reading", "attribute": "Finding statements", "compare": "Comparing"}


class Watch:
    """A Progress that remembers how far it has come, in articles; written by one thread, read by others.

    `total` is 0 when unknown.
    """

    def __init__(self) -> None:
        self.stage, self.done, self.total = "load", 0, 0

    def start(self, stage: str, total: int | None) -> None:
        """See Progress."""
        self.stage, self.done, self.total = stage, 0, total or 0

    def advance(self, n: int) -> None:
        """See Progress."""
        self.done += n

    def stage_done(self) -> None:
        """See Progress."""

    def html(self) -> str:
        """How far it has come, for people."""
        return progress_html(_STEPS.get(self.stage, "Indexing"), self.done, self.total)
