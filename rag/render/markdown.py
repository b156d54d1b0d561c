"""Answers as Markdown that shows exactly their words: nothing of an article or a model acts as markup.

Pure. It does not know HTML, the page or the archive.
"""

from __future__ import annotations

import re

from rag.render.articles import snippet
from rag.render.markup import copies_text, day_text, outlet_text, title_text, web_address
from rag.render.pieces import (
    IN_VAIN,
    UNFINISHED,
    plain_lines,
    vain_text,
    version_text,
    written_text,
)
from rag.types import Answer, Citation

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>&#|~$!@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_LINE_START = re.compile(r"^(\s*)(\d*)([-+=.)])", re.MULTILINE)


def markdown_text(text: str) -> str:
    """`text` as Markdown that shows exactly these words: no emphasis, links, HTML or lists."""
    return _LINE_START.sub(r"\1\2\\\3", _MARKDOWN.sub(r"\\\1", text))


def answer_markdown(answer: Answer) -> str:
    """The answer as Markdown; under it one line for each citation, or the nearest passages.

    What its source does not bear out, or was not checked, says so in words; after an answer that was not
    finished comes the one made of article sentences.
    """
    parts = [markdown_text(line) for line in plain_lines(answer)]
    parts.append(_nearest(answer) if answer.abstained else _notes(answer))
    parts += _ending(answer)
    return "\n\n".join(part for part in parts if part).strip() + "\n"


def _notes(answer: Answer) -> str:
    return "\n".join(_note(citation) for citation in sorted(answer.citations, key=lambda c: c.at))


def _note(citation: Citation) -> str:
    head = citation.head
    link = web_address(citation.head.url)
    title = f"“{markdown_text(title_text(head))}”"
    place = f"{markdown_text(outlet_text(head))}, {day_text(head.published)}, {title}"
    quoted = markdown_text(" ".join(citation.evidence.split()))
    doubt = " (not borne out by the source)" if citation.support == "unsupported" else ""
    address = f" <{link}>" if link and not set("<>") & set(link) else ""
    copies = f" ({markdown_text(copies_text(citation.copies))})" if citation.copies else ""
    return f"- \\[{citation.marker}\\] {place}{doubt}: {quoted}{address}{copies}{_versions(citation)}"


def _versions(citation: Citation) -> str:
    """A line below the citation for each other article that agrees or differs."""
    return "".join(
        f"\n  - {markdown_text(version_text(one))}: {markdown_text(outlet_text(one.head))}, "
        f"{day_text(one.head.published)}, “{markdown_text(title_text(one.head))}”: "
        f"{markdown_text(' '.join(one.evidence.split()))}"
        for one in citation.versions
    )


def _nearest(answer: Answer) -> str:
    notes = [
        f"- {markdown_text(outlet_text(hit.head))}, {day_text(hit.head.published)}, "
        f"“{markdown_text(title_text(hit.head))}”: {markdown_text(snippet(hit))}"
        for hit in answer.hits
    ]
    return "\n".join(["Nearest passages:\n", *notes]) if notes else ""


def _ending(answer: Answer) -> list[str]:
    """Who wrote it; how it ended early, and the answer that stands in."""
    written = written_text(answer)
    parts = [markdown_text(f"{written}.")] if written and not answer.abstained else []
    vain = " ".join(vain_text(answer).split())
    parts += [markdown_text(f"{IN_VAIN}: {vain}")] if vain else []
    if answer.problem:
        parts.append(markdown_text(f"{UNFINISHED}: {' '.join(answer.problem.split())}"))
    if answer.instead:
        parts += ["From the articles themselves:", answer_markdown(answer.instead)]
    return parts
