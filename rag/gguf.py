"""A GGUF file in this process's memory: what is asked of it one after another, stopped at a word.

Opens no port: what llama.cpp insists on listening with is a socket in a folder that only this user can enter
(where sockets have no files, on this machine's loopback). Speaks of requests and pieces as llama.cpp does.
Knows nothing of LangChain, prompts or answers.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import secrets
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.errors import ModelError

# a piece as llama.cpp tells it, what went wrong, or None at the end
Take = Callable[[Mapping[str, Any] | ModelError | None], None]

# kept for other beginnings than the last, so that two prompts by turns are both read once
_KEPT_MIB = 256
_ASK_S = 10.0
_ONE_TOKEN = {"messages": [{"role": "user", "content": "."}], "max_tokens": 1, "stream": True}


@dataclass(frozen=True, slots=True)
class Fit:
    """A file and how it is loaded: `n_ctx` tokens at most, `n_batch` read between two looks at a stop."""

    path: Path
    n_ctx: int
    n_threads: int
    n_batch: int
    n_gpu_layers: int = -1


class Job:
    """One request. `stop` ends it at the next piece, or at once while it waits for its turn."""

    def __init__(self, request: Mapping[str, Any], take: Take) -> None:
        self.request = dict(request)
        self._take = take
        self._stopped = threading.Event()
        self.ended = threading.Event()

    def stop(self) -> None:
        """Ask it to end; harmless when it has."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether somebody asked it to end."""
        return self._stopped.is_set()

    def give(self, piece: Mapping[str, Any] | ModelError | None) -> bool:
        """Hand on a piece; whether the work is to end."""
        if not self.stopped or piece is None:
            try:
                self._take(piece)
            except RuntimeError:  # the loop of the one who asked is closed
                self.stop()
        return self.stopped


class Loaded:
    """A file in memory. Raises ModelError when llama.cpp cannot load it. Safe to use from several threads."""

    def __init__(self, fit: Fit) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="onrecord-"))
        self._key = secrets.token_urlsafe(24)
        try:
            self._server = self._load(fit)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._current: Job | None = None
        self._answered = False
        self._worker = threading.Thread(target=self._work, name=f"model {fit.path.stem}", daemon=True)
        self._worker.start()

    def _load(self, fit: Fit) -> Any:
        # threads that spin while they wait make it many times slower beside any other work; OpenMP reads
        # this once, when the first package brings it in, so the entry points set it too
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import xllamacpp

        wanted = xllamacpp.CommonParams()
        wanted.model.path = str(fit.path)
        wanted.n_ctx, wanted.n_parallel = fit.n_ctx, 1
        wanted.n_batch = wanted.n_ubatch = fit.n_batch
        wanted.n_gpu_layers = fit.n_gpu_layers
        wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = fit.n_threads
        wanted.cache_prompt, wanted.cache_ram_mib = True, _KEPT_MIB
        wanted.verbosity, wanted.offline = -1, True
        wanted.ui = wanted.endpoint_slots = False
        wanted.api_keys, wanted.port = [self._key], 0
        if hasattr(socket, "AF_UNIX") and os.name != "nt":
            wanted.hostnames = [str(self._folder / "model.sock")]
        try:
            return xllamacpp.Server(wanted)
        except (RuntimeError, ValueError) as error:
            size = fit.path.stat().st_size / 1e6 if fit.path.exists() else 0
            raise ModelError(
                f"llama.cpp cannot load {fit.path} ({size:.0f} MB): it is cut short, damaged, of a kind this "
                "version does not know, or too big for the memory; fetch it anew or choose another"
            ) from error

    def submit(self, request: Mapping[str, Any], take: Take) -> Job:
        """Queue a chat completion; `take` gets its pieces on another thread, then None."""
        job = Job({**request, "stream": True, "return_progress": True, "cache_prompt": True}, take)
        self._jobs.put(job)
        return job

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._current = job
            if not job.stopped:
                self._run(job)
            job.give(None)
            job.ended.set()
            self._current = None
        while not self._jobs.empty():
            if left := self._jobs.get():
                left.give(ModelError("the model was closed while this request waited: ask again"))
                left.give(None)

    def _run(self, job: Job) -> None:
        try:
            self._server.handle_chat_completions(job.request, job.give)
            self._answered = True
        except Exception as error:  # whatever the native code raises, the next request must find a worker
            job.give(ModelError(f"llama.cpp failed ({error}): try again"))

    @property
    def busy(self) -> bool:
        """Whether anything is being written, or waits to be."""
        return self._current is not None or not self._jobs.empty()

    def count(self, text: str) -> int:
        """Tokens of a text, without those that begin or end a message."""
        body = json.dumps({"content": text, "add_special": False})
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        connection = _connection(self._server.listening_address)
        try:
            connection.request("POST", "/tokenize", body, headers)
            return len(json.loads(connection.getresponse().read())["tokens"])
        except (OSError, HTTPException, ValueError, KeyError) as error:
            raise ModelError(f"llama.cpp did not count tokens ({error}): try again") from error
        finally:
            connection.close()

    def close(self) -> None:
        """End what is being written and free the memory; waits for the end, a second at most as a rule."""
        self._jobs.put(None)
        while self._worker.is_alive():
            if current := self._current:
                current.stop()
            self._worker.join(timeout=0.01)
        if not self._answered:  # ended before its loop has begun, llama.cpp waits for that loop for ever
            self._run(Job(_ONE_TOKEN, lambda _: None))
        self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)


class _FileConnection(HTTPConnection):
    """A connection to a socket that is a file."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_ASK_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _connection(address: str) -> HTTPConnection:
    if address.startswith("unix://"):
        return _FileConnection(address.removeprefix("unix://"))
    place = urlsplit(address)
    return HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=_ASK_S)


_LOADED: dict[Fit, Loaded] = {}
_LOADING = threading.Lock()


def loaded(fit: Fit) -> Loaded:
    """The file in memory, loaded at the first call; all who ask for the same share it. Raises ModelError."""
    with _LOADING:
        if fit not in _LOADED:
            _LOADED[fit] = Loaded(fit)
        return _LOADED[fit]


def unload(fit: Fit) -> None:
    """Free its memory, if it is loaded. Who still uses it loads it again with the next request."""
    with _LOADING:
        if there := _LOADED.pop(fit, None):
            there.close()


@atexit.register
def _unload_all() -> None:
    for fit in list(_LOADED):
        unload(fit)


def cores() -> int:
    """Cores that this process may use: of those given to it, without second threads, within its quota."""
    given = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    siblings = {
        _read(f"/sys/devices/system/cpu/cpu{n}/topology/thread_siblings_list") or str(n) for n in given
    }
    return max(1, min(len(siblings), _quota() or len(given)))


def _quota() -> int:
    """Whole processors that the container may use; 0 when it is not bounded."""
    most, _, period = _read("/sys/fs/cgroup/cpu.max").partition(" ")
    return -(-int(most) // int(period)) if most.isdecimal() and period.isdecimal() else 0


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
