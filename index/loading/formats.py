"""Text, Markdown, PDF and Word files: one article a file.

Knows that the day a file was made is not the day an article was published. Page furniture of
text files is left in: cleaning is another's work.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from index.errors import LoadError
from index.loading.columns import reading_order
from index.loading.draft import Draft, Flaw, language, one_line
from index.loading.encoding import decode, repair, safe
from index.loading.records import draft_of
from index.loading.unwrap import paragraphs

if TYPE_CHECKING:
    from docx.document import Document

_FRONT = re.compile(r"---[ \t]*\r?\n(.{1,8000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_FRONT_LINE = re.compile(r"([A-Za-z_][\w .-]{0,40}):(?:[ \t]+(.*))?")
_MAX_UNPACKED_BYTES = 512 * 1024 * 1024
_PDFIUM = Lock()  # the PDF library must not be called from two threads at once
# Titles and authors that programs write by themselves.
_NOT_A_TITLE = re.compile(
    r"(?i)^(?:microsoft (?:word|powerpoint)\b.*|untitled.*|document\d*|print|word document"
    r"|.*\.(?:docx?|rtf|odt|pdf|indd|qxd|html?|txt|tmp))$"
)
_NOT_AN_AUTHOR = re.compile(r"(?i)^(?:python-docx|admin(?:istrator)?|user|owner|unknown|author|root)$")


def read_text(path: Path) -> Iterator[Draft | Flaw]:
    """One article as plain text or Markdown; front matter between `---` lines is metadata."""
    text = repair(decode(path.read_bytes()))
    if not text.strip():
        raise LoadError("the file is empty; wanted the text of an article")
    front = _FRONT.match(text)
    fields = _front_matter(front[1]) if front else None
    if front is None or fields is None:
        yield Draft(text=text)
        return
    body = text[front.end() :]
    if not body.strip():
        raise LoadError("there is front matter but no text after it; wanted the text of an article")
    found = draft_of({**fields, "text": "-"}, "")
    yield replace(found, text=body) if isinstance(found, Draft) else Draft(text=text)


def _front_matter(block: str) -> dict[str, Any] | None:
    """The fields of simple YAML (`name: value`, lists), or None when it is something else."""
    fields: dict[str, Any] = {}
    name = ""
    for line in block.splitlines():
        found = _FRONT_LINE.fullmatch(line.rstrip())
        if found:
            name = found[1].strip()
            fields[name] = _yaml_value(found[2] or "")
        elif name and re.match(r"\s*- ", line):
            fields[name] = [*(fields[name] or []), _bare(line.strip()[2:])]
        elif line.strip() and not line.startswith((" ", "\t", "#")):
            return None
    return fields or None


def _yaml_value(value: str) -> Any:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return [_bare(item) for item in value[1:-1].split(",") if item.strip()]
    return _bare(value)


def _bare(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def read_pdf(path: Path) -> Iterator[Draft | Flaw]:
    """The text of a PDF in reading order, hard-wrapped lines and hyphenated words rejoined."""
    import pypdfium2 as pdfium

    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            raise LoadError(_pdf_reason(str(error))) from error
        try:
            pages = [_page_lines(page) for page in document]
            about = document.get_metadata_dict(skip_empty=True)
        finally:
            document.close()
    text = repair(safe(paragraphs(pages)))
    if not text.strip():
        raise LoadError("no text in the PDF (scanned pages?); wanted one with text, so run OCR on it first")
    yield Draft(text=text, title=_title(about.get("Title")), author=_author(about.get("Author")))


def _page_lines(page: Any) -> list[str]:
    textpage = page.get_textpage()
    try:
        return reading_order(textpage)
    finally:
        textpage.close()
        page.close()


def _pdf_reason(message: str) -> str:
    if "password" in message.lower() or "security" in message.lower():
        return "the PDF is encrypted; wanted one that opens without a password"
    return f"the PDF is damaged ({message})"


def read_docx(path: Path) -> Iterator[Draft | Flaw]:
    """Paragraphs and tables of a Word file in their order, a line each."""
    from docx import Document

    with path.open("rb") as stream:
        if stream.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise LoadError("the Word file is encrypted or of the old .doc kind; wanted a plain .docx")
    with zipfile.ZipFile(path) as packed:
        if sum(item.file_size for item in packed.infolist()) > _MAX_UNPACKED_BYTES:
            raise LoadError(f"the Word file unpacks to more than {_MAX_UNPACKED_BYTES >> 20} MiB")
    document = Document(str(path))
    text = repair(safe("\n".join(_word_lines(document))))
    if not text.strip():
        raise LoadError("no text in the Word file; wanted an article")
    about = document.core_properties
    yield Draft(
        text=text,
        title=_title(about.title) or _word_title(document),
        author=_author(about.author),
        language=language(about.language),
    )


def _word_lines(document: Document) -> Iterator[str]:
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                cells = dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells)
                yield " | ".join(filter(None, cells))
        else:
            yield block.text


def _word_title(document: Document) -> str:
    for paragraph in document.paragraphs[:20]:
        style = paragraph.style.name if paragraph.style else ""
        if style in ("Title", "Heading 1") and paragraph.text.strip():
            return one_line(paragraph.text) or ""
    return ""


def _title(value: object) -> str:
    title = repair(safe(one_line(value) or ""))
    return "" if _NOT_A_TITLE.match(title) else title


def _author(value: object) -> str | None:
    author = repair(safe(one_line(value) or ""))
    return None if not author or _NOT_AN_AUTHOR.match(author) else author
