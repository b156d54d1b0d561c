"""What a run's numbers depend on besides its settings: the program's commit, and the machine.

Knows nothing of suites.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from functools import lru_cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("index", "prompts", "rag")
_TIMEOUT_S = 10


@lru_cache(maxsize=1)
def commit() -> str:
    """The commit of the checkout the program runs from; the version of the package where it runs from none.

    Read once, as the program is loaded once, whatever is committed while it runs.
    Where the packages were changed since, "-dirty-" and six hex digits that name the changes follow.
    """
    if not (ROOT / ".git").exists() or not (found := _git("rev-parse", "--short", "HEAD")):
        return metadata.version("onrecord")
    changed = _git("status", "--porcelain", "--", *PACKAGES)
    if not changed:
        return found
    changes = hashlib.sha256((changed + (_git("diff", "HEAD", "--", *PACKAGES) or "")).encode())
    return f"{found}-dirty-{changes.hexdigest()[:6]}"


def _git(*words: str) -> str | None:
    try:
        told = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True, timeout=_TIMEOUT_S
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip()


def machine() -> dict[str, Any]:
    """Processor, cores that may be used, memory in GiB, Python and platform."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": _memory_gib(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    named = (text.partition(":")[2].strip() for text in lines if text.startswith("model name"))
    return next(named, platform.processor())


def _memory_gib() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, OSError, ValueError):
        return None


def judge_hash() -> str:
    """Twelve hex digits that name the weights shipped with the answer path: the judge's and models'."""
    found = hashlib.sha256()
    for one in sorted(files("rag").iterdir(), key=lambda one: one.name):
        if one.name.endswith((".json", ".onnx")):
            found.update(one.name.encode() + one.read_bytes())
    return found.hexdigest()[:12]
