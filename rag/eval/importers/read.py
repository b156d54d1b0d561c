"""Files of other people into records: JSON objects with a place to name in an error.

Knows nothing of suites. What is broken or of another shape raises SuiteError with one line.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from index.loading.encoding import safe
from rag.eval.types import SuiteError

_KINDS = {str: "text", list: "a list", dict: "an object", bool: "true or false", int: "a number"}
_DAMAGE = (OSError, EOFError, zlib.error, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object of a file and where it stands, as an error names it ("line 3 of data.jsonl")."""

    where: str
    fields: Mapping[str, Any]

    def text(self, name: str, missing: str | None = None) -> str:
        """The text of a field; `missing` stands in for no field or null. Raises SuiteError."""
        value = self.fields.get(name)
        if value is None and missing is not None:
            return missing
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        return safe(value)

    def id(self, name: str) -> str:
        """The text or whole number of a field, as text. Raises SuiteError."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self._wrong(name, "text or a whole number")
        # Python refuses to write whole numbers of thousands of digits.
        if isinstance(value, int) and abs(value) > 10**30:
            raise self._wrong(name, "a shorter number")
        return safe(str(value))

    def items(self, name: str, missing: Sequence[Any] | None = None) -> Sequence[Any]:
        """The list of a field. Raises SuiteError."""
        value = self.fields.get(name)
        if value is None and missing is not None:
            return missing
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def records(self, name: str, missing: Sequence[Any] | None = None) -> list[Record]:
        """The objects of a list field. Raises SuiteError."""
        found = []
        for number, item in enumerate(self.items(name, missing), start=1):
            if not isinstance(item, dict):
                raise SuiteError(
                    f'{self.where}: item {number} of "{name}" is {kind_of(item)}, wanted an object'
                )
            found.append(Record(f'item {number} of "{name}", {self.where}', item))
        return found

    def texts(self, name: str, missing: Sequence[Any] | None = None) -> list[str]:
        """The texts of a list field. Raises SuiteError."""
        values = self.items(name, missing)
        if not all(isinstance(value, str) for value in values):
            raise self._wrong(name, "a list of texts")
        return [safe(value) for value in values]

    def flag(self, name: str, missing: bool) -> bool:
        """The true or false of a field. Raises SuiteError."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return missing if value is None else value

    def _wrong(self, name: str, wanted: str) -> SuiteError:
        if name not in self.fields:
            found = ", ".join(str(field)[:40] for field in list(self.fields)[:8]) or "none"
            return SuiteError(one_line(f'{self.where} has no field "{name}"; found fields: {found}'))
        return SuiteError(
            one_line(f'{self.where}: "{name}" is {kind_of(self.fields[name])}, wanted {wanted}')
        )


def records(path: Path) -> Iterator[Record]:
    """The objects of a file of JSON lines, or of one JSON list; packed with gzip or plain.

    Raises SuiteError for what cannot be read or is no object.
    """
    for place, item in _items(path):
        where = f"{place} of {path.name}"
        if not isinstance(item, dict):
            raise SuiteError(f"{where} is {kind_of(item)}, wanted an object")
        yield Record(where, item)


def document(path: Path) -> Record:
    """The one object of a JSON file. Raises SuiteError."""
    try:
        with opened(path) as stream:
            content = loads(stream.read(), path.name)
    except _DAMAGE as error:
        raise SuiteError(f"{path} cannot be read ({reason(error)})") from error
    if not isinstance(content, dict):
        raise SuiteError(f"{path.name} holds {kind_of(content)}, wanted an object")
    return Record(path.name, content)


def rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The lines of a file of tab-separated values with their places; empty lines are passed over."""
    try:
        with opened(path) as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield f"line {number} of {path.name}", safe(line).rstrip("\r\n").split("\t")
    except _DAMAGE as error:
        raise SuiteError(f"{path} cannot be read ({reason(error)})") from error


def first_file(folder: Path, names: Sequence[str]) -> Path | None:
    """The first of `names` in `folder` that is a file, as it is or packed with gzip."""
    candidates = (folder / f"{name}{packed}" for name in names for packed in ("", ".gz"))
    return next((path for path in candidates if path.is_file()), None)


def wanted_file(folder: Path, names: Sequence[str]) -> Path:
    """The same, or SuiteError when there is none."""
    found = first_file(folder, names)
    if found is None:
        raise SuiteError(f"found no {' or '.join(names)} in {folder}")
    return found


def opened(path: Path) -> IO[str]:
    """The file as text, unpacked if its name ends in .gz; a byte order mark is passed over."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def loads(text: str, where: str) -> Any:
    """The JSON value of `text`. Raises SuiteError."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise SuiteError(f"{where} is nested too deeply to be read") from error
    except ValueError as error:  # also a number of more digits than Python reads
        raise SuiteError(one_line(f"{where} is no JSON ({error})")) from error


def kind_of(value: object) -> str:
    """What a JSON value is, for an error."""
    return "null" if value is None else _KINDS.get(type(value), "a number")


def one_line(text: str) -> str:
    """`text` without line breaks and other characters that cannot be shown, at most 300 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def reason(error: BaseException) -> str:
    """Why a file could not be read."""
    system = error.strerror if isinstance(error, OSError) and error.strerror else None
    return one_line(system or str(error) or os.strerror(5))


def _items(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        with opened(path) as stream:
            for number, line in enumerate(stream, start=1):
                if not line.strip():
                    continue
                if line.lstrip().startswith("[") and number == 1:
                    values = loads(line + stream.read(), path.name)
                    yield from ((f"item {place}", value) for place, value in enumerate(values, start=1))
                    return
                yield f"line {number}", loads(line, f"line {number} of {path.name}")
    except _DAMAGE as error:
        raise SuiteError(f"{path} cannot be read ({reason(error)})") from error
