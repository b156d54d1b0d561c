"""The peers' own environment: a virtual one in a folder, pinned by two files beside this one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.peers.drive import PeerFailed

HERE = Path(__file__).resolve().parent
REQUIREMENTS, CONSTRAINTS = HERE / "requirements.txt", HERE / "constraints.txt"


def python_of(home: Path) -> Path:
    """The Python of the environment under `home`. Raises PeerFailed if it is not installed."""
    python = home / "env" / "bin" / "python"
    if not python.exists():
        raise PeerFailed(f"found no {python}, wanted the peers' environment: run with --install first")
    return python


def torch_pin() -> str:
    """The requirement "torch==..." of the constraints."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith("torch=="))


def install(home: Path) -> None:
    """Make the environment, or bring it up to the pins: torch first, then the rest. Raises PeerFailed."""
    folder = (home / "env").resolve()
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([sys.executable, "-m", "venv", str(folder)])
    _run([*pip, torch_pin()])
    _run([*pip, "-c", str(CONSTRAINTS), "-r", str(REQUIREMENTS)])


def _run(command: list[str]) -> None:
    print(" ".join(command), file=sys.stderr)
    if code := subprocess.run(command, check=False, stdout=sys.stderr).returncode:
        raise PeerFailed(f"`{' '.join(command)}` ended with {code}, wanted 0")
