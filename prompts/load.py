"""A prompt by its full name, or from a file of the user's own: checked once, then filled with data.

A file has `description`, `variables`, `system`, `user` and, where sources are shown, `source`: how one of
them is written. A released file (`NAME.vN.toml` beside this module) is never edited; a change is a new
version. Knows nothing of models, articles or settings.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Any

PARTS = ("system", "user", "source")
_KEYS = ("description", "variables", *PARTS)
_GAP = re.compile(r"\n{3,}")


class PromptError(ValueError):
    """A prompt cannot be found, read or filled: what was found, what was wanted, in one line."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template for a chat model; `hash` is the SHA-256 of its file, in hexadecimal.

    `system` and `user` are its two messages, `source` one numbered source, "" if it shows none. A
    `$variable` in them is replaced by `fill`; `$$` is a dollar sign.
    """

    name: str
    hash: str
    description: str
    system: str
    user: str
    source: str = ""

    @property
    def id(self) -> str:
        """Name and the first eight digits of the hash, for records: `answer.v1@0123abcd`."""
        return f"{self.name}@{self.hash[:8]}"

    def variables(self, part: str) -> frozenset[str]:
        """The variables that a part ("system", "user", "source") uses."""
        return _variables(self._text(part))

    def fill(self, part: str, **values: object) -> str:
        """The part with its variables replaced; a `$` in a value stays as it is.

        A line with nothing but variables that are None is left out; beside others they are "unknown". Raises
        PromptError unless the values are those of exactly its variables.
        """
        wanted = self.variables(part)
        if wanted != values.keys():
            raise PromptError(
                f"prompt {self.name}: {part} was given {_listed(values)}, wanted {_listed(wanted)}"
            )
        unknown = {name for name, value in values.items() if value is None}
        told = {name: "unknown" if value is None else str(value) for name, value in values.items()}
        return Template(_without_lines(self._text(part), unknown)).substitute(told)

    def _text(self, part: str) -> str:
        if part not in PARTS:
            raise PromptError(f'prompt {self.name} has no part "{part}", wanted one of {", ".join(PARTS)}')
        return str(getattr(self, part))


def _without_lines(text: str, variables: Set[str]) -> str:
    """The template without the lines that hold these variables alone, and without the gaps they leave."""
    if not variables:
        return text
    lines = (line for line in text.split("\n") if not set() < _variables(line) <= variables)
    return _GAP.sub("\n\n", "\n".join(lines))


def _variables(text: str) -> frozenset[str]:
    return frozenset(Template(text).get_identifiers())


def load_prompt(name_or_path: str, wanted: Mapping[str, Collection[str]] = MappingProxyType({})) -> Prompt:
    """The prompt of this full name (`answer.v1`), or in the file at this path, which ends in `.toml`.

    `wanted` says for some parts which variables they must have, neither more nor fewer. Raises PromptError.
    """
    if name_or_path.endswith(".toml"):
        path = Path(name_or_path).expanduser()
        name, text = path.stem, _read(path)
    else:
        if name_or_path not in released():
            raise PromptError(
                f'found no prompt "{name_or_path}", wanted one of {", ".join(released())}, '
                "or the path of a file that ends in .toml"
            )
        name = name_or_path
        text = (files("prompts") / f"{name}.toml").read_text(encoding="utf-8")
    prompt = _parse(name, text)
    _check_parts(prompt, wanted)
    return prompt


def released() -> list[str]:
    """The full names of the prompts that come with the package, sorted."""
    names = [entry.name for entry in files("prompts").iterdir()]
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise PromptError(f"prompt {path} cannot be read: {reason}; wanted a TOML file") from error


def _parse(name: str, text: str) -> Prompt:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"prompt {name} is no TOML: {error}") from error
    _check_keys(name, table)
    parts = {part: table.get(part, "").strip("\n") for part in PARTS}
    digest = sha256(text.encode("utf-8")).hexdigest()
    prompt = Prompt(name, digest, table["description"], **parts)
    _check_variables(prompt, table["variables"])
    return prompt


def _check_keys(name: str, table: Mapping[str, Any]) -> None:
    if unknown := sorted(table.keys() - set(_KEYS)):
        raise PromptError(f"prompt {name} has {', '.join(unknown)}, wanted only {', '.join(_KEYS)}")
    for key in _KEYS[:-1]:
        if key not in table:
            raise PromptError(f"prompt {name} has no {key}, wanted {', '.join(_KEYS[:-1])}")
    for key, value in table.items():
        good = _are_names(value) if key == "variables" else isinstance(value, str)
        if not good:
            kind = "a list of names, each once" if key == "variables" else "a text"
            raise PromptError(f"prompt {name}: {key} is {value!r:.60}, wanted {kind}")


def _are_names(value: object) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(one, str) for one in value)
        and len(set(value)) == len(value)
    )


def _check_variables(prompt: Prompt, declared: Collection[str]) -> None:
    """Both ways: what is used is declared, and what is declared is used."""
    used: set[str] = set()
    for part in PARTS:
        if not Template(getattr(prompt, part)).is_valid():
            raise PromptError(
                f"prompt {prompt.name}: {part} has a $ that begins no variable, wanted $$ for a dollar sign"
            )
        used |= prompt.variables(part)
    if undeclared := used - set(declared):
        raise PromptError(
            f"prompt {prompt.name} uses {_listed(undeclared)}, which is not declared: add it to variables"
        )
    if unused := set(declared) - used:
        raise PromptError(
            f"prompt {prompt.name} declares {_listed(unused)} and does not use it: remove it from variables"
        )


def _check_parts(prompt: Prompt, wanted: Mapping[str, Collection[str]]) -> None:
    for part, names in wanted.items():
        found = prompt.variables(part)
        if found != set(names):
            raise PromptError(f"prompt {prompt.name}: {part} has {_listed(found)}, wanted {_listed(names)}")


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names)) or "no variables"
