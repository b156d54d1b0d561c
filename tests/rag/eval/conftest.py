"""What the tests of evaluation share."""

from __future__ import annotations

from typing import Any

import pytest

import tests.rag.eval.lake


@pytest.fixture(scope="session")
def lake() -> Any:
    """The module `lake`: a small made-up run."""
    return tests.rag.eval.lake
