"""Records: JSON, JSON Lines and CSV, one article an object, line or row.

Field names are taken in their common spellings, whatever case or underscores. A record without
text is a `Flaw`; the records after it are still read. Lines and rows stream.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index.errors import LoadError
from index.loading.draft import Draft, Flaw, day, host, language, one_line, web_address
from index.loading.encoding import MAX_LINE_CHARS, BufferedBytes, decode, lines, repair, safe

_ALIASES = {
    "id": "id guid uuid _id articleid docid identifier",
    "title": "title headline heading head articletitle",
    "text": "text body articlebody content article fulltext articletext maintext bodytext plaintext "
    "story html",
    "url": "url link href weburl permalink canonicalurl sourceurl articleurl",
    "source": "source outlet publisher site sitename sourcename newspaper publication website domain",
    "published": "published date publicationdate pubdate datepublished publishedat publishdate publisheddate "
    "publishedon firstpublished dateofpublication webpublicationdate publishtime publicationtime",
    "author": "author authors byline creator writer dccreator",
    "language": "language lang inlanguage",
}
_FIELDS = {alias: field for field, aliases in _ALIASES.items() for alias in aliases.split()}
_RANK = {alias: rank for aliases in _ALIASES.values() for rank, alias in enumerate(aliases.split())}
_WANTED = "text, body, content or article"
_TAGS = re.compile(r"</?(?:p|div|br|article|section|h[1-6]|ul|li|figure|blockquote)\b[^<>]*>", re.IGNORECASE)
_DELIMITERS = ",;\t|"
_MAX_DEPTH = 4


def read_json(path: Path) -> Iterator[Draft | Flaw]:
    """One article object, a list of them, or an object that holds such a list or mapping."""
    text = decode(path.read_bytes())
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and error.lineno > 1:
            yield from read_jsonl(path)
            return
        raise LoadError(
            f"not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    if isinstance(content, Mapping) and _text_of(content):
        yield draft_of(content, "")
        return
    items = _items(content)
    if items is None:
        raise LoadError(_no_article(content))
    for number, item in enumerate(items, 1):
        yield draft_of(item, f"#{number}")


def read_jsonl(path: Path) -> Iterator[Draft | Flaw]:
    """One article object a line; gzip is told by its first bytes, whatever the name says."""
    with path.open("rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
        plain.seek(0)
        if not packed:
            yield from _json_lines(plain)
            return
        with gzip.open(plain) as stream:
            yield from _unpacked(stream)


def _unpacked(stream: Any) -> Iterator[Draft | Flaw]:
    try:
        yield from _json_lines(stream)
    except (EOFError, OSError, zlib.error) as error:
        raise LoadError(f"the gzip data is damaged ({error}); what came before it was read") from error


def _json_lines(stream: BufferedBytes) -> Iterator[Draft | Flaw]:
    for number, line in lines(stream):
        place = f"#{number}"
        if line is None:
            yield Flaw(place, f"line {number} is longer than {MAX_LINE_CHARS:,} characters")
        elif line.strip():
            try:
                yield draft_of(json.loads(line), place)
            except (ValueError, RecursionError) as error:
                yield Flaw(place, f"line {number} is not valid JSON: {error}")


def read_csv(path: Path) -> Iterator[Draft | Flaw]:
    """One article a row under a header row; the delimiter is the one that fits the header."""
    with path.open("rb") as stream:
        texts = (line for _, line in lines(stream) if line is not None)
        first = next(texts, "")
        delimiter = max(_DELIMITERS, key=lambda d: _known_names(next(csv.reader([first], delimiter=d), [])))
        header = next(csv.reader([first], delimiter=delimiter), [])
        if "text" not in {_FIELDS.get(_plain(name)) for name in header}:
            raise LoadError(f"the header has no text column: found {_listed(header)}; wanted {_WANTED}")
        csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE_CHARS))
        yield from _rows(csv.reader(texts, delimiter=delimiter), header)


def _rows(reader: Any, header: list[str]) -> Iterator[Draft | Flaw]:
    while True:
        number = reader.line_num + 2
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Flaw(f"#{number}", f"line {number} is not valid CSV: {error}")
            continue
        if any(cell.strip() for cell in row):
            found = draft_of(dict(zip(header, row, strict=False)), f"#{number}")
            yield found


def draft_of(record: Any, place: str) -> Draft | Flaw:
    """The article that `record` (an object with named fields) holds, or why it holds none."""
    if not isinstance(record, Mapping):
        return Flaw(place, f"found {_kind(record)}; wanted an object with {_WANTED}")
    text = _text_of(record)
    if not text:
        return Flaw(place, _no_article(record))
    fields = _fields(record)
    url = web_address(fields.get("url"))
    title = one_line(fields.get("title"))
    return Draft(
        text=text,
        title=repair(safe(title or "")),
        url=url,
        source=one_line(fields.get("source")) or host(url),
        published=day(fields.get("published")),
        author=one_line(fields.get("author")),
        language=language(fields.get("language")),
        id=one_line(fields.get("id")),
        place=place,
    )


def _fields(record: Mapping[Any, Any]) -> dict[str, Any]:
    """Our field name -> value; of several spellings the first of the list that says something."""
    found: dict[str, tuple[int, Any]] = {}
    for name, value in record.items():
        plain = _plain(name)
        field = _FIELDS.get(plain)
        if field is None or value in (None, "", [], {}):
            continue
        if field not in found or _RANK[plain] < found[field][0]:
            found[field] = (_RANK[plain], value)
    return {field: value for field, (_, value) in found.items()}


def _text_of(record: Mapping[Any, Any]) -> str:
    """The text of a record as it is; "" when there is none but white space."""
    value = _fields(record).get("text")
    if isinstance(value, Mapping):
        value = next((value[k] for k in ("rendered", "text", "body", "value") if value.get(k)), None)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "\n\n".join(value)
    if not isinstance(value, str) or not value.strip():
        return ""
    # A body given as HTML begins with a tag; a few tags inside plain text are left as they are.
    if value.lstrip().startswith("<") and len(_TAGS.findall(value)) >= 2:
        from index.loading.web import plain_text

        value = plain_text(value) or value
    return repair(safe(value))


def _items(content: Any, depth: int = 0) -> list[Any] | None:
    """The list of article objects inside `content`, wherever a wrapper puts it."""
    if isinstance(content, list):
        return content
    if not isinstance(content, Mapping) or depth > _MAX_DEPTH:
        return None
    values = list(content.values())
    if values and all(isinstance(value, Mapping) and _text_of(value) for value in values):
        return [{"id": key, **value} for key, value in content.items()]
    for value in values:
        items = _items(value, depth + 1)
        if items and any(isinstance(item, Mapping) and _text_of(item) for item in items):
            return items
    return None


def _plain(name: Any) -> str:
    return "_id" if name == "_id" else re.sub(r"[\W_]+", "", str(name)).lower()


def _known_names(header: list[str]) -> tuple[int, int]:
    return len({_FIELDS.get(_plain(name)) for name in header} - {None}), len(header)


def _no_article(record: Any) -> str:
    if not isinstance(record, Mapping):
        return (
            f"found {_kind(record)}; wanted an article object, a list of them, or one that holds such a list"
        )
    if "text" in _fields(record):
        return "the text is empty or no text; wanted the article's words"
    return f"no text: found {_listed(list(record))}; wanted {_WANTED}"


def _listed(names: list[Any]) -> str:
    shown = [one_line(str(name)) or "''" for name in names[:8]]
    return (
        "fields " + ", ".join(name[:40] for name in shown) + (", ..." if len(names) > 8 else "")
        if names
        else "no fields"
    )


def _kind(value: Any) -> str:
    names = {
        "str": "a string",
        "list": "a list",
        "int": "a number",
        "float": "a number",
        "bool": "true or false",
    }
    return names.get(type(value).__name__, "nothing" if value is None else "an object")
