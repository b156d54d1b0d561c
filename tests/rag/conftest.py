"""One archive of the samples, made once, for the tests that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.archive import Archive
from rag.assistant import Assistant

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over an archive of the sample articles."""
    with Archive.open(tmp_path_factory.mktemp("samples")) as archive:
        archive.ingest([SAMPLES])
        yield Assistant(archive)
