"""What the page shows besides an answer or an article: the conversation, the welcome, the library.

Pure: values in, sanitised HTML out. It does not know Gradio or the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from index.types import ArticleHead, Filters
from rag.markup import counted, day_text, opener, place_html, sanitise, title_text
from rag.render_answer import answer_html, growing_html
from rag.render_conversations import below_html
from rag.types import Exchange

if TYPE_CHECKING:
    from index.build import BuildReport
    from index.listing import Entry


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an archive holds, as far as the welcome tells it."""

    articles: int
    outlets: int = 0
    first: str = ""
    last: str = ""


def limits_text(filters: Filters) -> str:
    """What the filters limit the search to; empty when they do not."""
    parts = [", ".join(filters.sources)] if filters.sources else []
    if filters.since:
        parts.append(f"from {day_text(filters.since)}")
    if filters.until:
        parts.append(f"to {day_text(filters.until)}")
    return ", ".join(parts)


def holdings_text(holdings: Holdings) -> str:
    """ "4,853 articles from 120 outlets, 2011–2024"."""
    text = counted(holdings.articles, "article")
    if holdings.outlets:
        text += f" from {counted(holdings.outlets, 'outlet')}"
    years = "–".join(dict.fromkeys(year for year in (holdings.first[:4], holdings.last[:4]) if year))
    return f"{text}, {years}" if years else text


def header_html(holdings: Holdings) -> str:
    """The line at the top of the page."""
    return sanitise(
        '<div class="brand"><h1 class="name">Onrecord</h1>'
        f'<span class="holdings">{escape(holdings_text(holdings))}</span></div>'
    )


def welcome_html(holdings: Holdings) -> str:
    """What a conversation shows before its first question."""
    if not holdings.articles:
        return sanitise(
            '<div class="welcome"><h2>This archive is empty</h2><p>Open the Library and add articles: text, '
            "web pages, PDF, Word, or lists of articles (JSONL, CSV).</p></div>"
        )
    return sanitise(
        '<div class="welcome"><h2>Ask what was said, by whom and when</h2>'
        "<p>Every answer is made of words from these articles and shows where they stand. "
        "When the articles do not tell, it says so.</p></div>"
    )


def examples_html(questions: Sequence[str]) -> str:
    """Questions to begin with, as buttons; empty without any."""
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(question)}" dir="auto">'
        f"{escape(question)}</button></li>"
        for question in questions
    )
    return sanitise(f'<h3>From these articles</h3><ul class="examples">{buttons}</ul>') if buttons else ""


def _asked(question: str, limits: str) -> str:
    note = f'<p class="limits">Only {escape(limits)}</p>' if limits else ""
    return f'<h2 class="asked" dir="auto">{escape(question)}</h2>{note}'


def exchange_html(exchange: Exchange, *, growing: bool = False) -> str:
    """One question with its answer; for a follow-up also what it was understood to ask."""
    answer = exchange.answer
    query = str(answer.trace.get("query") or answer.question)
    read = f'<p class="limits">Read as: <span dir="auto">{escape(query)}</span></p>'
    question = _asked(answer.question, exchange.limits) + (read if query != answer.question else "")
    told = growing_html(answer) if growing else answer_html(answer)
    below = "" if growing else below_html(exchange)
    return f'<section class="turn">{sanitise(question)}{told}{below}</section>'


def waiting_html(question: str, limits: str = "") -> str:
    """A question whose answer is on its way."""
    body = '<p class="waiting" role="status"><span class="dots"></span>Reading the articles</p>'
    return sanitise(f'<section class="turn">{_asked(question, limits)}{body}</section>')


def failed_html(question: str, message: str) -> str:
    """A question that could not be answered, and why."""
    return sanitise(
        f'<section class="turn">{_asked(question, "")}'
        f'<div class="failed" role="alert"><p>{escape(message)}</p></div></section>'
    )


def thread_html(exchanges: Iterable[Exchange]) -> str:
    """The conversation, oldest first."""
    return "".join(exchange_html(exchange) for exchange in exchanges)


def no_source_html(message: str = "") -> str:
    """What the source panel shows while no article is open."""
    text = message or "Choose a marker such as [1], or a headline, and the article opens here."
    return sanitise(f'<div class="no-source"><p>{escape(text)}</p></div>')


# --- the library -------------------------------------------------------------------------------


def _row(entry: Entry) -> str:
    head: ArticleHead = entry
    name = escape(title_text(head))
    remove = (
        '<details class="remove"><summary>Remove</summary>'
        f'<button type="button" data-remove="{escape(head.id)}" aria-label="Yes, remove {name}">'
        "Yes, remove it</button></details>"
    )
    waiting = '<span class="pending">being indexed</span>' if entry.state == "pending" else ""
    return (
        f'<tr><td class="headline"><button type="button" class="open" {opener(head, ())} dir="auto">{name}'
        f'</button><span class="place">{place_html(head)}</span>{waiting}</td>'
        f'<td class="language">{escape(entry.language or "–")}</td>'
        f'<td class="count">{entry.passages:,}</td><td class="act">{remove}</td></tr>'
    )


def _pager(page: int, pages: int) -> str:
    if pages <= 1:
        return ""

    def button(to: int, label: str) -> str:
        state = "" if 0 <= to < pages and to != page else " disabled"
        return f'<button type="button" data-page="{to}"{state}>{label}</button>'

    return (
        f'<div class="pager">{button(page - 1, "Newer")}<span>Page {page + 1} of {pages}</span>'
        f"{button(page + 1, 'Older')}</div>"
    )


def library_html(rows: Sequence[Entry], total: int, page: int, per_page: int, words: str = "") -> str:
    """The articles as a table, `per_page` a page, with open and remove buttons."""
    if not rows:
        said = f"No headline has “{words}”." if words else "No articles yet."
        return sanitise(f'<p class="none" dir="auto">{escape(said)}</p>')
    heads = "".join(
        f'<th scope="col" class="{key}">{label}</th>'
        for key, label in (
            ("headline", "Article"),
            ("language", "Language"),
            ("count", "Passages"),
            ("act", ""),
        )
    )
    body = "".join(_row(row) for row in rows)
    return sanitise(
        f'<p class="total">{counted(total, "article")}</p><table class="articles"><thead><tr>{heads}</tr>'
        f"</thead><tbody>{body}</tbody></table>{_pager(page, -(-total // per_page))}"
    )


def adding_html(suffixes: Sequence[str], limit: str) -> str:
    """What can be uploaded."""
    kinds = ", ".join(suffixes)
    return sanitise(f"<p>Add articles from files ({escape(kinds)}), each up to {escape(limit)}.</p>")


def progress_html(step: str, done: int, total: int) -> str:
    """How far an upload has come: its step, and articles done out of `total` (0 when unknown)."""
    bar = (
        f'<progress max="{total}" value="{min(done, total)}"></progress>'
        if total
        else "<progress></progress>"
    )
    count = f": {done:,} of {counted(total, 'article')}" if total else ""
    return sanitise(f'<div class="report" role="status"><p>{escape(step + count)}</p>{bar}</div>')


def said_html(text: str) -> str:
    """One line about what was done."""
    return sanitise(f'<div class="report done" role="status"><p dir="auto">{escape(text)}</p></div>')


def report_html(report: BuildReport) -> str:
    """What an upload did, and each file that could not be read with the reason."""
    counts = {
        "added": report.added,
        "changed": report.changed,
        "already here": report.unchanged,
    }
    said = ", ".join(f"{counted(number, 'article')} {word}" for word, number in counts.items() if number)
    bad = "".join(
        f'<li dir="auto"><strong>{escape(one.origin.replace(chr(92), "/").rsplit("/", 1)[-1])}</strong>: '
        f"{escape(one.reason)}</li>"
        for one in report.unreadable
    )
    trouble = f'<p class="verdict">Could not be read</p><ul class="unreadable">{bad}</ul>' if bad else ""
    return sanitise(
        f'<div class="report done" role="status"><p>{escape(said or "No article added")}</p>{trouble}</div>'
    )
