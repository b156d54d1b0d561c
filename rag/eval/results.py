"""The file of a run's results, and what every run has in it, whatever it asks for.

Knows nothing of what rows hold, or of how a run comes about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.eval.types import Metric, Outcome, RunError
from rag.wire import plain

RESULTS = "results.json"
BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading a record raises that is none of ours."""


def outcome_json(run: Outcome, group: str, groups: Mapping[str, Mapping[str, Metric]]) -> dict[str, Any]:
    """What every run tells, as plain values; `groups` are further metrics, told under the name `group`."""
    return {
        "suite": run.suite,
        "commit": run.commit,
        "settings": plain(run.settings),
        "machine": plain(run.machine),
        "n": run.n,
        "failed": run.failed,
        "lost": sum(row.lost for row in run.rows),
        "seconds": run.seconds,
        "metrics": metrics_json(run.metrics),
        group: {name: metrics_json(metrics) for name, metrics in groups.items()},
        "latency": plain(run.latency),
    }


def metrics_json(metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """Metrics as plain values."""
    return {
        name: {"value": plain(one.value), "low": plain(one.low), "high": plain(one.high), "n": one.n}
        for name, one in metrics.items()
    }


def read_record(path: Path) -> Any:
    """What a `results.json` holds, or that of the folder that holds one, of any kind. Raises RunError."""
    place = path / RESULTS if path.is_dir() else path
    try:
        return json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError(
            f"cannot read {place} ({error.strerror}), wanted the {RESULTS} of `onrecord eval`, or its folder"
        ) from error
    except (ValueError, RecursionError) as error:
        raise no_result(path, error) from error


def no_result(path: Path, error: Exception) -> RunError:
    """That what was read from `path` is none of ours."""
    place = path / RESULTS if path.is_dir() else path
    return RunError(f"{place} is no result of `onrecord eval` ({error}): run it again")


def read_outcome(record: Mapping[str, Any]) -> dict[str, Any]:
    """What every run has but for its rows: the fields of an `Outcome` by their names."""
    return {
        "suite": read_text(record["suite"]),
        "commit": record["commit"],
        "settings": dict(record["settings"]),
        "machine": dict(record["machine"]),
        "seconds": float(record["seconds"]),
        "metrics": read_metrics(record["metrics"]),
        "latency": {stage: read_numbers(shares) for stage, shares in record["latency"].items()},
    }


def read_metrics(record: Mapping[str, Any]) -> dict[str, Metric]:
    """The metrics that `metrics_json` wrote."""
    return {
        name: Metric(float(one["value"]), float(one["low"]), float(one["high"]), int(one["n"]))
        for name, one in record.items()
    }


def read_text(value: object) -> str:
    """The text itself; TypeError if it is none."""
    if not isinstance(value, str):
        raise TypeError(f"found {value!r}, wanted text")
    return value


def read_numbers(record: Mapping[str, Any]) -> dict[str, float]:
    """Names to numbers."""
    return {name: float(value) for name, value in record.items()}


def line(value: object) -> str:
    """The value as JSON on one line, in characters that any file can hold."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
    # Half a surrogate pair, as JSON may bring one, cannot be written as UTF-8.
    whole = text.encode("utf-8", "replace").decode("utf-8") == text
    return text if whole else json.dumps(plain(value), allow_nan=False)


def results_text(told: dict[str, Any]) -> str:
    """A run's plain values as a file holds them: a field a line, a row a line, the rows last."""
    rows = ",\n  ".join(line(row) for row in told["rows"])
    fields = [f'"{name}": {line(value)}' for name, value in told.items() if name != "rows"]
    return "{\n " + ",\n ".join([*fields, f'"rows": [\n  {rows}\n ]']) + "\n}\n"


def write_whole(path: Path, text: str) -> None:
    """Write the file so that it is there either as it was or whole. Raises RunError."""
    draft = path.with_name(f"{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8", errors="replace")
        draft.replace(path)
    except OSError as error:
        raise RunError(f"cannot write {path} ({error.strerror}): choose another folder with --out") from error
