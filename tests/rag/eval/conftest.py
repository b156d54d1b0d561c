"""What the tests of evaluation share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def lake() -> Any:
    """The module `lake.py` beside this file: a small made-up run."""
    spec = importlib.util.spec_from_file_location("lake", Path(__file__).with_name("lake.py"))
    assert spec is not None and spec.loader is not None
    module = sys.modules["lake"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
