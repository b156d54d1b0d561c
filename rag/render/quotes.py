"""Statements for people and spreadsheets: on a terminal, as Markdown, as CSV.

Takes the types as they are. The words of articles stay as they are and act as nothing: not as
markup, not as a spreadsheet's formula, not on a terminal.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from index.quotes import Quote
from rag.render.markdown import markdown_text
from rag.render.markup import cited_text, counted, web_address
from rag.terminal import line, told

COLUMNS = (
    *("speaker", "named", "words", "quoted", "cue", "said_on", "said_precision"),
    *("outlet", "published", "title", "url", "article_id", "spans", "also"),
)
"""Of the CSV. `spans` are "start-end start-end ..." in the article's text, `also` ids of other articles."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKS = '“”" '
_UNKNOWN = "speaker unknown"


def print_quotes(out: Console, quotes: Iterable[Quote]) -> None:
    """Each statement with its day, who said it, the words, and where they stand."""
    for quote in quotes:
        out.print(Text(f"{_day(quote)}  ") + Text(line(quote.speaker or _UNKNOWN), style="bold"))
        out.print(Text(f"    {line(_words(quote))}"))
        spans = " ".join(f"{span.start}:{span.end}" for span in quote.attribution.content)
        out.print(Text(f"    {told(quote.head)}", style="dim"))
        out.print(Text(f"    {line(quote.head.id)} {spans}{_copies(quote)}", style="dim"))
        if quote.head.url:
            out.print(Text(f"    {line(quote.head.url)}", style="dim"))


def _day(quote: Quote) -> str:
    """The day or month it was said; else the day of publication, said to be that."""
    said, head = quote.attribution, quote.head
    if said.said_on:
        return said.said_on.isoformat() if said.said_precision == "day" else f"{said.said_on:%Y-%m}"
    return f"published {head.published.isoformat()}" if head.published else "date unknown"


def _words(quote: Quote) -> str:
    """The words in quotation marks if they were quoted, else behind the reporting words."""
    if quote.attribution.quoted:
        return f"“{quote.text.strip(_MARKS)}”"
    cue = " ".join(" ".join(quote.cue).split()) or "said"
    return f"({cue}) {quote.text}"


def _copies(quote: Quote) -> str:
    return f"  also in {counted(len(quote.also), 'article')}" if quote.also else ""


def quotes_markdown(quotes: Iterable[Quote]) -> str:
    """A list item for each statement: day, speaker, words, outlet, day of publication, headline, place."""
    items = [_item(quote) for quote in quotes]
    return "\n".join(["# Statements", "", *items]).rstrip() + "\n"


def _item(quote: Quote) -> str:
    head = quote.head
    spans = " ".join(f"{span.start}–{span.end}" for span in quote.attribution.content)
    link = web_address(head.url)
    address = f" <{link}>" if link and not set("<>") & set(link) else ""
    who, words = (markdown_text(line(one)) for one in (quote.speaker or _UNKNOWN, _words(quote)))
    said = f"- {_day(quote)}, **{who}**: {words}"
    where = f"{cited_text(head)}, {head.id} {spans}{_copies(quote).replace('  also', ', also')}"
    return f"{said}  \n  {markdown_text(line(where))}{address}"


def quotes_csv(quotes: Iterable[Quote]) -> str:
    """Statements as RFC 4180 has them, one a row under COLUMNS; days as ISO text, "" where unknown.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for quote in quotes:
        writer.writerow([_cell(value) for value in _row(quote)])
    return out.getvalue()


def _row(quote: Quote) -> tuple[object, ...]:
    one, head = quote.attribution, quote.head
    said = (quote.speaker, one.speaker, quote.text, "yes" if one.quoted else "no", " ".join(quote.cue))
    spans = " ".join(f"{span.start}-{span.end}" for span in one.content)
    also = " ".join(other.id for other in quote.also)
    when = (one.said_on, one.said_precision)
    return (*said, *when, head.source, head.published, head.title, head.url, head.id, spans, also)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
