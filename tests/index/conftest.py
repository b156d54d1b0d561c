"""The tiny pipeline of `tiny.py` for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tests.index.tiny
from index.archive import Archive


@pytest.fixture
def tiny() -> Any:
    """The module `tiny`."""
    return tests.index.tiny


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Archive]]:
    """Opens archives on the tiny pipeline, in `tmp_path/home` unless told otherwise; closes them."""
    archives: list[Archive] = []

    def open_(home: Path | None = None, **options: Any) -> Archive:
        options.setdefault("stages", tests.index.tiny.tiny_stages())
        options.setdefault("model", "tiny")
        archive = Archive.open(home or tmp_path / "home", **options)
        archives.append(archive)
        return archive

    yield open_
    for archive in archives:
        archive.close()
