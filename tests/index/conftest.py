"""The tiny pipeline of `tiny.py` for the tests of this folder."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from index.archive import Archive


def _tiny() -> ModuleType:
    name = "onrecord_tests_tiny"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("tiny.py"))
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture
def tiny() -> Any:
    """The module `tiny`."""
    return _tiny()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Archive]]:
    """Opens archives on the tiny pipeline, in `tmp_path/home` unless told otherwise; closes them."""
    archives: list[Archive] = []

    def open_(home: Path | None = None, **options: Any) -> Archive:
        options.setdefault("stages", _tiny().tiny_stages())
        options.setdefault("model", "tiny")
        archive = Archive.open(home or tmp_path / "home", **options)
        archives.append(archive)
        return archive

    yield open_
    for archive in archives:
        archive.close()
