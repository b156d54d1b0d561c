"""How an ingest tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told how an ingest goes on. Stages: "fetch", once for each address and each feed, "load", "index" and,
    for articles stored by an earlier release, "attribute" and "compare"; all counted in articles."""

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` is None when unknown."""
        ...

    def advance(self, n: int) -> None:
        """`n` more are done."""
        ...

    def stage_done(self) -> None:
        """The stage is over."""
        ...


class Silent:
    """A Progress that tells no one."""

    def start(self, stage: str, total: int | None) -> None:
        """See Progress."""

    def advance(self, n: int) -> None:
        """See Progress."""

    def stage_done(self) -> None:
        """See Progress."""
