"""Articles and cards that open them as HTML; every word of theirs is escaped.

Pure: text in, text out. It does not know answers, the page, the archive or where the words came from.
All HTML leaves through `sanitise`, so that a slip in a template here cannot let an article's words
act in the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from index.types import Article, ArticleHead, Hit, Span
from rag.render.markup import (
    LONG_CHARS,
    copies_text,
    opener,
    place_html,
    sanitise,
    title_text,
    web_address,
)

SNIPPET_CHARS = 260


def snippet(hit: Hit, limit: int = SNIPPET_CHARS) -> str:
    """The beginning of the hit's passage on one line, at most about `limit` characters."""
    text = " ".join(hit.passage.text.split())
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"


def card_html(
    head: ArticleHead, spans: Sequence[Span], number: str | None = None, extra: str = "", text: str = ""
) -> str:
    """A list item with a button that opens the article: its number, place, headline, words and a note.

    An empty number keeps its place, so that the card stays as it is when it gets one.
    """
    badge = "" if number is None else f'<span class="number">{escape(number)}</span>'
    quote = f'<span class="snippet" dir="auto">{escape(text)}</span>' if text else ""
    note = f'<span class="copies">{escape(extra)}</span>' if extra else ""
    return (
        f'<li><button type="button" class="card" {opener(head, spans)}>{badge}'
        f'<span class="facts"><span class="place">{place_html(head)}</span>'
        f'<span class="headline" dir="auto">{escape(title_text(head))}</span>{quote}{note}'
        "</span></button></li>"
    )


def hits_html(hits: Iterable[Hit], label: str) -> str:
    """Cards that open each hit's passage; empty without hits."""
    cards = [
        card_html(hit.head, [hit.passage.span], extra=copies_text(hit.copies), text=snippet(hit))
        for hit in hits
    ]
    return cards_html(cards, "passages", label)


def cards_html(cards: Sequence[str], kind: str, label: str) -> str:
    """Cards as a list with a label for those who hear the page; empty without cards."""
    return f'<ul class="cards {kind}" aria-label="{escape(label)}">{"".join(cards)}</ul>' if cards else ""


# --- an article as HTML ------------------------------------------------------------------------


def _outside(span: Span, focus: Span) -> list[Span]:
    """The parts of `span` that lie before and after `focus`."""
    parts = []
    if span.start < focus.start:
        parts.append(Span(span.start, min(span.end, focus.start)))
    if span.end > focus.end:
        parts.append(Span(max(span.start, focus.end), span.end))
    return parts


def lit_spans(lit: Sequence[Span], length: int) -> tuple[Span | None, list[Span]]:
    """The first of `lit` (the focus) exactly, and what the others add to it; ascending, disjoint.

    Parts past `length` are dropped; with nothing left the focus is None.
    """
    inside = [Span(span.start, min(span.end, length)) for span in lit if span.start < length]
    if not inside:
        return None, []
    focus, out, end = inside[0], [inside[0]], 0
    for span in sorted(part for other in inside[1:] for part in _outside(other, inside[0])):
        if span.end > end:
            out.append(Span(max(span.start, end), span.end))
            end = span.end
    return focus, sorted(out)


def _marked(text: str, line: Span, spans: Sequence[Span], focus: Span | None) -> str:
    """The line's text with the parts that lie in `spans` marked."""
    out, at = [], line.start
    for span in spans:
        start, end = max(span.start, line.start), min(span.end, line.end)
        if start < end:
            kind = ' class="focus"' if span == focus else ""
            tag = f'<mark{kind} data-span="{span.start}-{span.end}">'
            out.append(f"{escape(text[at:start])}{tag}{escape(text[start:end])}</mark>")
            at = end
    return "".join(out) + escape(text[at : line.end])


def _body(text: str, lit: Sequence[Span]) -> str:
    focus, spans = lit_spans(lit, len(text))
    lines = (Span(*match.span()) for match in re.finditer(r"[^\n]*\S[^\n]*", text))
    return "".join(f'<p dir="auto">{_marked(text, line, spans, focus)}</p>' for line in lines)


def _original(url: str | None) -> str:
    link = web_address(url)
    if link:
        return f'<a class="original" href="{escape(link)}" target="_blank">Open the original</a>'
    return f'<span class="original plain">{escape(url)}</span>' if url else ""


def article_html(article: Article, lit: Sequence[Span] = (), copies: Sequence[ArticleHead] = ()) -> str:
    """The whole article with the characters in `lit` marked; the first of `lit` as `mark.focus`.

    All marks of one span carry it as `data-span`, as paragraphs may part it.
    """
    head = article.head
    facts = [_original(article.url), escape(copies_text(copies)), escape(article.author or "")]
    notes = "".join(f'<li dir="auto">{fact}</li>' for fact in facts if fact)
    language = f' lang="{escape(article.language)}"' if article.language else ""
    title = title_text(head)
    looks = ' class="long"' if len(title) > LONG_CHARS else ""
    return sanitise(
        f'<section class="article" {opener(head, lit)}><header>'
        f'<p class="place">{place_html(head)}</p><h2{looks} dir="auto">{escape(title)}</h2>'
        f'<ul class="notes">{notes}</ul></header>'
        f'<div class="body"{language}>{_body(article.text, lit)}</div></section>'
    )
