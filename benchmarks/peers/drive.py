"""Runs one system in a process of its own and gathers what it tells; see `benchmarks.peers.protocol`.

Knows nothing of the systems and of scores.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.report import ROOT
from index.errors import OnrecordError

MIB = 1024 * 1024
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
}


class PeerFailed(OnrecordError):
    """A system under measurement did not do what it should."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The articles found for one question, distinct, best first.

    `milliseconds` is the time of a search for the passages shown, `deep` for all that are scored.
    """

    articles: tuple[str, ...]
    milliseconds: float
    deep: float


@dataclass(slots=True)
class Told:
    """What a system told in one run. `rankings` are by whether the day of asking was told, then by id."""

    settings: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    ingested: dict[str, float] = field(default_factory=dict)
    rankings: dict[bool, dict[str, Ranked]] = field(default_factory=dict)
    peak_mib: float = 0.0
    done: bool = False

    def take(self, event: Mapping[str, Any]) -> None:
        """Note one event. Raises KeyError if it lacks a field, ValueError if there is no such event."""
        match event["event"]:
            case "ready":
                self.settings, self.versions = event["settings"], event["versions"]
            case "ingested":
                names = ("articles", "passages", "seconds", "cpu_seconds")
                self.ingested = {name: event[name] for name in names}
            case "ranked":
                times = event["milliseconds"], event["deep_milliseconds"]
                ranked = Ranked(tuple(event["ranked"]), *times)
                self.rankings.setdefault(event["dated"], {})[event["id"]] = ranked
            case "done":
                self.done = True
            case other:
                raise ValueError(f"no event is called {other!r}")


def drive(
    command: Sequence[str],
    request: Mapping[str, Any],
    log: Path,
    on_event: Callable[[str], None] = lambda name: None,
) -> Told:
    """Run the command with the request and wait for its end; what it writes on stderr goes to `log`.

    Raises PeerFailed if it does not end well, tells something else, or leaves a question out.
    """
    told = Told()
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | OFFLINE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        try:
            _give(process, request)
            _listen(process, told, on_event)
        except PeerFailed:
            os.kill(process.pid, signal.SIGKILL)  # Popen.kill may reap it, and its peak memory with it
            raise
        finally:
            status, told.peak_mib = _reap(process)
    if status or not told.done:
        raise PeerFailed(f"{_name(command)} ended with {status} and not with done: {_last_line(log)}")
    _check(told, [question["id"] for question in request["questions"]], _name(command))
    return told


def _give(process: subprocess.Popen[bytes], request: Mapping[str, Any]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(request).encode())
        process.stdin.close()
    except BrokenPipeError:  # it has ended already; its exit code and last line tell why
        pass


def _listen(process: subprocess.Popen[bytes], told: Told, on_event: Callable[[str], None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        try:
            event = json.loads(line)
            told.take(event)
        except (ValueError, KeyError, TypeError) as error:
            shown = line.decode(errors="replace").strip()[:100]
            raise PeerFailed(f"{_name(process.args)} told {shown!r}, wanted an event ({error!r})") from error
        on_event(event["event"])


def _reap(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Wait for the end: exit code, and peak memory in MiB."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return process.returncode, usage.ru_maxrss * unit / MIB


def _check(told: Told, ids: Sequence[str], name: str) -> None:
    for rankings in told.rankings.values():
        if missing := set(ids) - set(rankings):
            raise PeerFailed(f"{name} ranked nothing for {len(missing)} of {len(ids)} questions")
    if False not in told.rankings or not told.ingested:
        raise PeerFailed(f"{name} told of no ingest or no ranking, wanted both")


def _name(command: Any) -> str:
    return " ".join(str(word) for word in command[1:])


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else f"nothing in {log}"
