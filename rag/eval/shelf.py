"""An archive of a suite's articles, kept under the home folder apart from the user's own.

Knows nothing of questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import FingerprintMismatch
from rag.eval.types import Suite, SuiteError

if TYPE_CHECKING:
    from index.archive import Archive
    from index.build import BuildReport
    from index.progress import Progress
    from rag.config import Settings

FOLDER = "eval"
_DIGITS = 8


def shelf_of(home: Path, articles: Path) -> Path:
    """The folder of the archive that holds these articles: named after their folder and their path."""
    place = articles.resolve()
    name = place.name if place.is_dir() else place.parent.name
    return home / FOLDER / f"{name}-{hashlib.sha256(str(place).encode()).hexdigest()[:_DIGITS]}"


@contextmanager
def opened_shelf(
    suite: Suite, settings: Settings, progress: Progress | None = None
) -> Iterator[tuple[Archive, BuildReport]]:
    """The archive of the suite's articles, built or brought up to date, and what came of that.

    Built anew when it was made with another model or another way of cutting. Raises ArchiveError and,
    when there is no article, SuiteError.
    """
    try:
        archive = _open(suite, settings, rebuild=False)
    except FingerprintMismatch:
        archive = _open(suite, settings, rebuild=True)
    with archive:
        report = archive.ingest([suite.articles], progress=progress, prune=True)
        if not report.added + report.changed + report.unchanged:
            raise SuiteError(f"found no article in {suite.articles}, wanted some for {suite.name}")
        yield archive, report


def _open(suite: Suite, settings: Settings, *, rebuild: bool) -> Archive:
    from index.archive import Archive

    archive = Archive.open(
        shelf_of(settings.home, suite.articles),
        model=settings.embedder.model,
        precision=settings.embedder.precision,
        rebuild=rebuild,
        command="onrecord eval",
    )
    try:
        _ = archive.embedder
    except BaseException:
        archive.close()
        raise
    return archive
