"""A conversation as a file to cite from: each answer with its numbered sources, as Markdown or HTML.

Pure. Words of articles, models and readers are shown, never acted on. A source has outlet, headline, date,
address and the quoted words. It does not know where conversations are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import zip_longest

from rag.render.articles import snippet
from rag.render.markdown import answer_markdown, markdown_text
from rag.render.markup import cited_text, copies_text, sanitise, web_address
from rag.render.pieces import UNFINISHED, Piece, doubt_text, lines_of, version_text, written_text
from rag.types import Answer, Citation, Exchange, Version

_STYLE = (
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,serif;color:#1d1c1a;"
    "overflow-wrap:anywhere}h2{margin-top:2.5rem}ol,.note{font-size:.92rem;color:#444}"
    ".doubt,.note{font-family:system-ui,sans-serif;font-size:.85rem}"
)


def conversation_markdown(title: str, exchanges: Sequence[Exchange], asked: Sequence[str] = ()) -> str:
    """The conversation as Markdown; `asked` are the times of asking (ISO), as far as they are known."""
    parts = [f"# {markdown_text(title)}"]
    for exchange, at in zip_longest(exchanges, asked[: len(exchanges)]):
        parts.append(f"## {markdown_text(' '.join(exchange.answer.question.split()))}")
        parts += [f"*{markdown_text(note)}*" for note in _notes(exchange, at)]
        parts.append(answer_markdown(exchange.answer).strip())
    return "\n\n".join(part for part in parts if part) + "\n"


def conversation_html(title: str, exchanges: Sequence[Exchange], asked: Sequence[str] = ()) -> str:
    """The same as a page of HTML that loads nothing and runs nothing."""
    turns = "".join(_turn(exchange, at) for exchange, at in zip_longest(exchanges, asked[: len(exchanges)]))
    name = escape(" ".join(title.split()))
    body = sanitise(f'<section><h1 dir="auto">{name}</h1>{turns}</section>')
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html><head><meta charset="utf-8">'
        f'<meta http-equiv="content-security-policy" content="{policy}">'
        f"<title>{name}</title><style>{_STYLE}</style></head>\n<body>{body}</body></html>\n"
    )


def _notes(exchange: Exchange, at: str | None) -> list[str]:
    """When it was asked, what the search was limited to, that it was stopped."""
    limits = f"Only {exchange.limits}" if exchange.limits else ""
    stopped = "" if exchange.answer.done else "The answer was stopped"
    line = ". ".join(part for part in (f"Asked on {at[:10]}" if at else "", limits, stopped) if part)
    return [f"{line}."] if line else []


def _turn(exchange: Exchange, at: str | None) -> str:
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in _notes(exchange, at))
    question = escape(" ".join(exchange.answer.question.split()))
    return f'<h2 dir="auto">{question}</h2>{notes}{_answer(exchange.answer)}'


def _answer(answer: Answer) -> str:
    lines = "".join(f'<p dir="auto">{_line(line)}</p>' for line in lines_of(answer) if line)
    sources = _nearest(answer) if answer.abstained else _sources(answer.citations)
    written = written_text(answer)
    foot = f'<p class="note">{escape(written)}.</p>' if written and not answer.abstained else ""
    if answer.problem:
        foot += f'<p class="note">{escape(f"{UNFINISHED}: {answer.problem}")}</p>'
    instead = f"<h3>From the articles themselves</h3>{_answer(answer.instead)}" if answer.instead else ""
    return f"{lines}{sources}{foot}{instead}"


def _line(line: Iterable[Piece]) -> str:
    return "".join(_piece(piece) for piece in line)


def _piece(piece: Piece) -> str:
    if not piece.text:
        return f' <span class="doubt">({escape(doubt_text(piece.claim))})</span>' if piece.claim else ""
    if piece.citation:
        return f"<strong>{escape(piece.text)}</strong>"
    words = escape(piece.text)
    if piece.state == "unsupported":
        return f"<s>{words}</s>"
    return (
        f'{words.rstrip()} <span class="doubt">(not checked)</span>' if piece.state == "unchecked" else words
    )


def _sources(citations: Iterable[Citation]) -> str:
    items = "".join(_source(one) for one in sorted(citations, key=lambda one: one.at))
    return f"<ul>{items}</ul>" if items else ""


def _source(one: Citation) -> str:
    head, link = one.head, web_address(one.head.url)
    address = f' <a href="{escape(link)}">{escape(link)}</a>' if link else ""
    doubt = " (not borne out by the source)" if one.support == "unsupported" else ""
    copies = f" ({escape(copies_text(one.copies))})" if one.copies else ""
    place = f"{cited_text(head)}{doubt}: "
    quoted = " ".join(one.evidence.split())
    versions = "".join(f'<li dir="auto">{escape(_version(version))}</li>' for version in one.versions)
    more = f"<ul>{versions}</ul>" if versions else ""
    return f'<li dir="auto">[{one.marker}] {escape(place + quoted)}{address}{copies}{more}</li>'


def _version(one: Version) -> str:
    return f"{version_text(one)}: {cited_text(one.head)}: {' '.join(one.evidence.split())}"


def _nearest(answer: Answer) -> str:
    items = "".join(
        f'<li dir="auto">{escape(cited_text(hit.head))}: {escape(snippet(hit))}</li>' for hit in answer.hits
    )
    return f'<p class="note">Nearest passages:</p><ul>{items}</ul>' if items else ""
