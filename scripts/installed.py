"""What is installed for Onrecord: its requirements and theirs. As a script it prints the pins of all of them.

Left out are the packages that are installed beside it for some other purpose, and the marks of
special builds in versions (`+cpu`).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from importlib import metadata

from packaging.requirements import Requirement


def requirements(name: str, extra: str = "") -> Iterator[str]:
    """The names of what an installed package wants on this machine; with `extra`, of that extra alone."""
    for line in metadata.requires(name) or ():
        wanted = Requirement(line)
        plain = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
        if plain != bool(extra) and (plain or (wanted.marker and wanted.marker.evaluate({"extra": extra}))):
            yield canonical(wanted.name)
            for inner in wanted.extras:
                yield from requirements(wanted.name, inner)


def canonical(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names: Iterable[str]) -> set[str]:
    """The packages and all that they want in turn, as far as installed."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        with contextlib.suppress(metadata.PackageNotFoundError):
            waiting.extend(requirements(name))
            found.add(name)
    return found


def pins() -> str:
    """One `name==version` a line, of everything that the program and work on it want."""
    names = closure([*requirements("onrecord"), *requirements("onrecord", "dev")])
    return "".join(f"{name}=={metadata.version(name).split('+')[0]}\n" for name in sorted(names))


if __name__ == "__main__":
    print(pins(), end="")
