"""Answers and articles as HTML or Markdown; every word of theirs is escaped.

Pure: text in, text out. It does not know the page, the archive or where the words came from. All
HTML leaves through `sanitise`, so that a slip in a template here cannot let an article's words
act in the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from index.types import Article, ArticleHead, Hit, Span
from rag.markup import day_text, opener, outlet_text, place_html, sanitise, title_text, web_address
from rag.types import Answer, Citation

SNIPPET_CHARS = 260
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>&#|~$!@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
# A marker stays on the line of the word before it.
_KEEP = re.compile(r"(?<![^\s<>])([^\s<>]{1,40}) *((?:<button[^>]*>\[\d+\]</button>)+)")
_LINE_START = re.compile(r"^(\s*)(\d*)([-+=.)])", re.MULTILINE)


def snippet(hit: Hit, limit: int = SNIPPET_CHARS) -> str:
    """The beginning of the hit's passage on one line, at most about `limit` characters."""
    text = " ".join(hit.passage.text.split())
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"


def copies_text(copies: Sequence[ArticleHead]) -> str:
    """ "Also carried by …", or nothing."""
    names = list(dict.fromkeys(outlet_text(head) for head in copies))
    if not names:
        return ""
    shown, more = names[:4], len(names) - 4
    return "Also carried by " + ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def copies_of(answers: Iterable[Answer], article_id: str) -> tuple[ArticleHead, ...]:
    """The articles folded into a hit on `article_id` in any of `answers`; in order, once each."""
    found: dict[str, ArticleHead] = {}
    for answer in answers:
        for hit in answer.hits:
            if hit.head.id == article_id:
                found.update((head.id, head) for head in hit.copies)
    return tuple(found.values())


# --- answers as HTML ---------------------------------------------------------------------------


def _marker(citation: Citation, others: Iterable[Citation]) -> str:
    spans = [citation.span, *(c.span for c in others if c.span != citation.span)]
    head = citation.head
    label = f"Source {citation.marker}: {outlet_text(head)}, {day_text(head.published)}, {title_text(head)}"
    doubt = citation.support == "unsupported"
    button = (
        f'<button type="button" class="marker{" doubtful" if doubt else ""}" '
        f'data-citation="{citation.marker}" {opener(head, spans)} aria-label="{escape(label)}" '
        f'title="{escape(label)}">[{citation.marker}]</button>'
    )
    note = '<span class="doubt">not borne out by the source</span>'
    return button + (note if doubt else "")


def _same_article(answer: Answer, citation: Citation) -> list[Citation]:
    return [other for other in answer.citations if other.head.id == citation.head.id]


def _pieces(answer: Answer) -> Iterator[str | Citation]:
    """The answer's text cut at its markers, in order; each marker as its citation."""
    at = 0
    for citation in sorted(answer.citations, key=lambda c: c.at):
        if citation.at.start >= at and citation.at.of(answer.text) == f"[{citation.marker}]":
            yield answer.text[at : citation.at.start]
            yield citation
            at = citation.at.end
    yield answer.text[at:]


def _prose(answer: Answer) -> str:
    parts = [
        escape(piece) if isinstance(piece, str) else _marker(piece, _same_article(answer, piece))
        for piece in _pieces(answer)
    ]
    lines = (
        _KEEP.sub(r'<span class="keep">\1&nbsp;\2</span>', line.strip())
        for line in "".join(parts).split("\n")
    )
    return "".join(f'<p dir="auto">{line}</p>' for line in lines if line)


def _card(head: ArticleHead, spans: Sequence[Span], number: str = "", extra: str = "", text: str = "") -> str:
    badge = f'<span class="number">{escape(number)}</span>' if number else ""
    quote = f'<span class="snippet" dir="auto">{escape(text)}</span>' if text else ""
    note = f'<span class="copies">{escape(extra)}</span>' if extra else ""
    return (
        f'<li><button type="button" class="card" {opener(head, spans)}>{badge}'
        f'<span class="facts"><span class="place">{place_html(head)}</span>'
        f'<span class="headline" dir="auto">{escape(title_text(head))}</span>{quote}{note}'
        "</span></button></li>"
    )


def _sources(answer: Answer) -> str:
    """One card per cited article, in the order of their first markers."""
    cited: dict[str, list[Citation]] = {}
    for citation in sorted(answer.citations, key=lambda c: c.at):
        cited.setdefault(citation.head.id, []).append(citation)
    cards = []
    for article_id, group in cited.items():
        numbers = ", ".join(str(n) for n in dict.fromkeys(c.marker for c in group))
        extra = copies_text(copies_of([answer], article_id))
        spans = [citation.span for citation in group]
        cards.append(_card(group[0].head, spans, number=numbers, extra=extra))
    return f'<ul class="cards sources" aria-label="Sources">{"".join(cards)}</ul>' if cards else ""


def hits_html(hits: Iterable[Hit], label: str) -> str:
    """Cards that open each hit's passage; empty without hits."""
    cards = [
        _card(hit.head, [hit.passage.span], extra=copies_text(hit.copies), text=snippet(hit)) for hit in hits
    ]
    return f'<ul class="cards passages" aria-label="{escape(label)}">{"".join(cards)}</ul>' if cards else ""


def _more(answer: Answer) -> str:
    cited = {citation.passage_id for citation in answer.citations}
    rest = [hit for hit in answer.hits if hit.passage.id not in cited]
    if not rest:
        return ""
    word = "passage" if len(rest) == 1 else "passages"
    return (
        f'<details class="more"><summary>{len(rest)} more {word} found</summary>'
        f"{hits_html(rest, 'More passages')}</details>"
    )


def _abstained(answer: Answer) -> str:
    searched = str(answer.trace.get("query") or answer.question)
    nearest = hits_html(answer.hits, "Nearest passages")
    heading = '<h4 class="nearest">Nearest passages, none of which answers it</h4>' if nearest else ""
    return (
        '<div class="abstained" role="note"><p class="verdict">These articles do not tell</p>'
        f'<p dir="auto">{escape(answer.text)}</p>'
        f'<p class="searched">Searched for: <em dir="auto">{escape(searched)}</em></p></div>'
        f"{heading}{nearest}"
    )


def answer_html(answer: Answer) -> str:
    """The answer, its markers as buttons, its sources as cards; or the box that says it abstained."""
    if answer.abstained:
        return sanitise(_abstained(answer))
    return sanitise(f'<div class="said">{_prose(answer)}</div>{_sources(answer)}{_more(answer)}')


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
            tag = '<mark class="focus">' if span == focus else "<mark>"
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
    """The whole article with the characters in `lit` marked; the first of `lit` as `mark.focus`."""
    head = article.head
    facts = [_original(article.url), escape(copies_text(copies)), escape(article.author or "")]
    notes = "".join(f'<li dir="auto">{fact}</li>' for fact in facts if fact)
    language = f' lang="{escape(article.language)}"' if article.language else ""
    return sanitise(
        f'<section class="article" {opener(head, lit)}><header>'
        f'<p class="place">{place_html(head)}</p><h2 dir="auto">{escape(title_text(head))}</h2>'
        f'<ul class="notes">{notes}</ul></header>'
        f'<div class="body"{language}>{_body(article.text, lit)}</div></section>'
    )


# --- answers as Markdown -----------------------------------------------------------------------


def markdown_text(text: str) -> str:
    """`text` as Markdown that shows exactly these words: no emphasis, links, HTML or lists."""
    return _LINE_START.sub(r"\1\2\\\3", _MARKDOWN.sub(r"\\\1", text))


def _note(citation: Citation) -> str:
    head = citation.head
    link = web_address(citation.head.url)
    title = f"“{markdown_text(title_text(head))}”"
    place = f"{markdown_text(outlet_text(head))}, {day_text(head.published)}, {title}"
    quoted = markdown_text(" ".join(citation.evidence.split()))
    doubt = " (not borne out by the source)" if citation.support == "unsupported" else ""
    address = f" <{link}>" if link and not set("<>") & set(link) else ""
    return f"- \\[{citation.marker}\\] {place}{doubt}: {quoted}{address}"


def answer_markdown(answer: Answer) -> str:
    """The answer as Markdown; under it one line for each citation, or the nearest passages."""
    lines = [markdown_text(line.strip()) for line in answer.text.split("\n") if line.strip()]
    if answer.abstained:
        notes = [
            f"- {markdown_text(outlet_text(hit.head))}, {day_text(hit.head.published)}, "
            f"“{markdown_text(title_text(hit.head))}”: {markdown_text(snippet(hit))}"
            for hit in answer.hits
        ]
        notes = ["Nearest passages:\n", *notes] if notes else []
    else:
        notes = [_note(citation) for citation in sorted(answer.citations, key=lambda c: c.at)]
    return "\n\n".join([*lines, "\n".join(notes)]).strip() + "\n"
