"""Result files of measurements: `benchmarks/results/<kind>-<suite>-<commit>.json`.

Each is one JSON object with at least "kind", "suite" and "commit". Knows nothing of what else is in them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.report import ROOT, rounded
from index.errors import OnrecordError

RESULTS = ROOT / "benchmarks" / "results"


class ResultBroken(OnrecordError):
    """A file is no result of a measurement."""


def result_path(result: Mapping[str, Any]) -> Path:
    """Where a result belongs."""
    return RESULTS / f"{result['kind']}-{result['suite']}-{result['commit'] or 'uncommitted'}.json"


def write_result(path: Path, result: Mapping[str, Any]) -> None:
    """Write one result, floats to five places."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rounded(result), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_result(path: Path) -> dict[str, Any]:
    """One result. Raises ResultBroken."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        _ = result["kind"], result["suite"], result["commit"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultBroken(f"{path} is no result of a measurement ({error!r}): remove or mend it") from error
    return dict(result)
