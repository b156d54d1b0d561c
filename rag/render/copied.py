"""An answer with its citations for another program: plain text, Markdown, or HTML without buttons.

Pure. All words are an answer's or an article's; in HTML they are escaped, in plain text nothing acts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import Literal

from index.types import ArticleHead
from rag.render.articles import snippet
from rag.render.markdown import answer_markdown
from rag.render.markup import cited_text, copies_text, sanitise, web_address
from rag.render.pieces import UNFINISHED, plain_lines, written_text
from rag.types import Answer

Kind = Literal["rich", "markdown", "plain", "html"]
KINDS: dict[Kind, str] = {
    "rich": "Copy",
    "markdown": "as Markdown",
    "plain": "as plain text",
    "html": "as HTML",
}
"""What can be copied, and what the button says."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What goes to the clipboard: `text` always, `html` beside it for programs that take formatted words."""

    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class _Note:
    """One cited or nearest passage: its number ("" for none), article, words, and what is said about it."""

    number: str
    head: ArticleHead
    words: str
    about: str = ""


def copied(answer: Answer, kind: Kind) -> Copied:
    """The answer with its citations as `kind`; "rich" is HTML and plain text at once."""
    if kind == "markdown":
        return Copied(answer_markdown(answer))
    if kind == "html":
        return Copied(answer_clip(answer))
    return Copied(answer_text(answer), answer_clip(answer) if kind == "rich" else "")


def answer_text(answer: Answer) -> str:
    """The answer as plain text; under it a paragraph for each citation, or for each nearest passage."""
    notes = ["\n".join(_note_lines(note)) for note in _notes(answer)]
    return (
        "\n\n".join(part for part in chain(plain_lines(answer), notes, _endings(answer)) if part).strip()
        + "\n"
    )


def answer_clip(answer: Answer) -> str:
    """The same as HTML that other programs take: paragraphs and a list, links to the originals."""
    words = "".join(f'<p dir="auto">{escape(line)}</p>' for line in plain_lines(answer))
    notes = "".join(f"<li>{_note_html(note)}</li>" for note in _notes(answer))
    ends = "".join(f'<p dir="auto">{escape(end)}</p>' for end in _endings(answer))
    return sanitise(words + (f"<ul>{notes}</ul>" if notes else "") + ends)


def _notes(answer: Answer) -> Sequence[_Note]:
    """The citations in the order of the text; the nearest passages of an abstention."""
    if answer.abstained:
        return [_Note("", hit.head, snippet(hit), copies_text(hit.copies)) for hit in answer.hits]
    found = []
    for citation in sorted(answer.citations, key=lambda c: c.at):
        doubt = "not borne out by the source" if citation.support == "unsupported" else ""
        about = ". ".join(part for part in (doubt, copies_text(citation.copies)) if part)
        found.append(
            _Note(f"[{citation.marker}] ", citation.head, " ".join(citation.evidence.split()), about)
        )
    return list(dict.fromkeys(found))


def _note_lines(note: _Note) -> Iterator[str]:
    yield f"{note.number}{cited_text(note.head)}: {note.words}"
    yield from (part for part in (note.about, web_address(note.head.url)) if part)


def _note_html(note: _Note) -> str:
    link = web_address(note.head.url)
    place = escape(cited_text(note.head))
    named = f'<a href="{escape(link)}">{place}</a>' if link else place
    about = f" ({escape(note.about)})" if note.about else ""
    return f"{escape(note.number)}{named}: {escape(note.words)}{about}"


def _endings(answer: Answer) -> Iterator[str]:
    """Who wrote it, and how it ended early."""
    written = written_text(answer)
    if written and not answer.abstained:
        yield f"{written}."
    if answer.problem:
        yield f"{UNFINISHED}: {' '.join(answer.problem.split())}"
