"""What a system under measurement does, and how it tells: one JSON object a line on stdout.

Knows nothing of any system, of scores, or of the process that reads. Standard library only, since it runs
in the peers' environment. The request is one JSON document on stdin:

    {"name", "articles": JSONL file, "folder": empty, for the index, "model": folder of the weights,
     "shown", "depth": passages to fetch, "questions": [{"id", "text", "asked": day or null}]}

Events, in this order: `ready` (model loaded: settings, versions), `ingested` (a lasting, searchable index:
articles, passages, seconds, cpu_seconds), `ranked` for each question (id, dated, ranked: distinct article
ids among the `depth` best passages, best first; milliseconds for `shown` passages, deep_milliseconds for
`depth`), once more with `dated` for systems that can use the day of asking, `done`.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol, TextIO

WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a system gets it; `day` is None when the day of asking is not told."""

    text: str
    day: str | None = None


class System(Protocol):
    """Something that ingests articles and finds them. Its model is loaded when it is made."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What was set, for the result."""
        ...

    @property
    def packages(self) -> Sequence[str]:
        """The distributions whose versions count."""
        ...

    @property
    def dated(self) -> bool:
        """Whether the day of asking can be told."""
        ...

    def ingest(self, articles: Path) -> int:
        """Read, cut, embed and store the articles; how many passages."""
        ...

    def search(self, asked: Asked, depth: int) -> Iterable[str]:
        """Article ids of the `depth` best passages, best first; an article may come again."""
        ...


Make = Callable[[Path, Path], System]
"""Folder for the index and folder of the model to a system."""


def read_articles(path: Path) -> Iterator[dict[str, Any]]:
    """The articles: {"id", "title", "text", "source", "published", "url"}, some of them null."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def titled(article: Mapping[str, Any]) -> str:
    """The article as a page shows it: its title above its text."""
    title = article.get("title")
    return f"{title}\n\n{article['text']}" if title else str(article["text"])


def serve(systems: Mapping[str, Make]) -> None:
    """Do what the request on stdin says and tell of it on stdout."""
    request = json.load(sys.stdin)
    with _clean_stdout() as out:
        _refuse_connections()

        def tell(event: str, **facts: Any) -> None:
            print(json.dumps({"event": event, **facts}), file=out, flush=True)

        system = systems[request["name"]](Path(request["folder"]), Path(request["model"]))
        versions = {name: metadata.version(name) for name in system.packages}
        tell("ready", settings=dict(system.settings), versions=versions)
        tell("ingested", **_ingest(system, Path(request["articles"])))
        for dated in (False, True) if system.dated else (False,):
            for facts in _rank(system, request, dated):
                tell("ranked", dated=dated, **facts)
        tell("done")


def _ingest(system: System, articles: Path) -> dict[str, Any]:
    count = sum(1 for _ in read_articles(articles))
    wall, cpu = time.perf_counter(), time.process_time()
    passages = system.ingest(articles)
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    return {"articles": count, "passages": passages, "seconds": seconds, "cpu_seconds": cpu_seconds}


def _rank(system: System, request: Mapping[str, Any], dated: bool) -> Iterator[dict[str, Any]]:
    questions, shown, depth = request["questions"], request["shown"], request["depth"]
    asked = [Asked(q["text"], q["asked"] if dated else None) for q in questions]
    for one in asked[:WARM_UP]:
        _timed(system, one, shown)
    for question, one in zip(questions, asked, strict=True):
        _, took = _timed(system, one, shown)
        found, deep = _timed(system, one, depth)
        ranked = list(dict.fromkeys(found))
        yield {"id": question["id"], "ranked": ranked, "milliseconds": took, "deep_milliseconds": deep}


def _timed(system: System, asked: Asked, depth: int) -> tuple[list[str], float]:
    started = time.perf_counter()
    found = list(system.search(asked, depth))
    return found, (time.perf_counter() - started) * 1000


@contextmanager
def _clean_stdout() -> Iterator[TextIO]:
    """The real stdout for the events; whatever else is printed goes to stderr."""
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        yield out


def _refuse_connections() -> None:
    """Let no Python socket reach another machine: a peer that wants to is told, and its run fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
            raise OSError(f"a connection to {address[0]} was refused: peers are measured offline")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"
