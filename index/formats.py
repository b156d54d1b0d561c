"""Text, Markdown, PDF and Word files: one article a file.

Knows that the day a file was made is not the day an article was published. Page furniture is
left in: cleaning is another's work.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from index.draft import Draft, Flaw, one_line
from index.encoding import decode, repair, safe
from index.errors import LoadError


def read_text(path: Path) -> Iterator[Draft | Flaw]:
    """One article as plain text or Markdown, with or without front matter."""
    text = repair(decode(path.read_bytes()))
    if not text.strip():
        raise LoadError("the file is empty; wanted the text of an article")
    yield Draft(text=text)


def read_pdf(path: Path) -> Iterator[Draft | Flaw]:
    raise LoadError("not yet")
    yield


def read_docx(path: Path) -> Iterator[Draft | Flaw]:
    raise LoadError("not yet")
    yield
