"""What the page shows besides an answer or an article: the conversation and the welcome.

Pure: values in, sanitised HTML out. It does not know Gradio or the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from index.types import Filters
from rag.render.acts import acts_html
from rag.render.answer import answer_html, growing_html
from rag.render.conversations import below_html
from rag.render.found import found_html
from rag.render.markup import LONG_CHARS, counted, day_text, sanitise
from rag.types import Exchange


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


def seeking_html() -> str:
    """That questions to begin with are being looked for."""
    return '<p class="waiting"><span class="dots"></span>Looking for questions that these articles answer</p>'


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
    looks = 'class="asked long" tabindex="0"' if len(question) > LONG_CHARS else 'class="asked"'
    return f'<h2 {looks} dir="auto">{escape(question)}</h2>{note}'


def exchange_html(exchange: Exchange, *, growing: bool = False, kept: str | None = None) -> str:
    """One question with its answer; for a follow-up also what it was understood to ask.

    `kept` tells why it is still there although it was asked for again ("": that was stopped). Under an answer
    that does not grow: what can be done with it, how it was found, and a place for questions to go on with.
    """
    answer = exchange.answer
    query = str(answer.trace.get("query") or answer.question)
    read = f'<p class="limits">Read as: <span dir="auto">{escape(query)}</span></p>'
    question = _asked(answer.question, exchange.limits) + (read if query != answer.question else "")
    if growing:
        told = growing_html(answer)
    else:
        found = found_html(answer, exchange.limits)
        below = f'{acts_html()}{below_html(exchange)}{found}<div class="following"></div>'
        told = answer_html(answer) + below
    note = "" if kept is None else _kept(kept)
    return f'<section class="turn">{sanitise(question + note)}{told}</section>'


def _kept(why: str) -> str:
    """Why an answer asked for again is still the one from before."""
    verdict = f"{'Asking again failed' if why else 'Stopped'}. This is the answer from before."
    reason = f'<p dir="auto">{escape(why)}</p>' if why else ""
    role, kind = ("alert", "failed") if why else ("status", "problem")
    return f'<div class="{kind} kept" role="{role}"><p class="verdict">{verdict}</p>{reason}</div>'


def waiting_html(question: str, ahead: int | None = None) -> str:
    """A question whose answer is on its way; `ahead` are the others that wait before it, None in its turn."""
    told = "Reading the articles"
    if ahead is not None:
        place = f"{counted(ahead, 'question')} before yours" if ahead else "yours is next"
        told = f"Others are being answered: {place}"
    body = f'<p class="waiting" role="status"><span class="dots"></span>{told}</p>'
    return sanitise(f'<section class="turn">{_asked(question, "")}{body}</section>')


def failed_html(question: str, message: str) -> str:
    """A question that could not be answered, why, and a button to ask it again."""
    again = f'<button type="button" class="retry" data-ask="{escape(question)}">Ask again</button>'
    return sanitise(
        f'<section class="turn">{_asked(question, "")}'
        f'<div class="failed" role="alert"><p>{escape(message)}</p></div>'
        f'<div class="acts"><div class="redo">{again}</div></div></section>'
    )


def thread_html(exchanges: Iterable[Exchange]) -> str:
    """The conversation, oldest first."""
    return "".join(exchange_html(exchange) for exchange in exchanges)


def kept_html(exchanges: Sequence[Exchange], turn: int, why: str = "") -> str:
    """The conversation after the question of a turn was asked again in vain; `why` is empty if stopped."""
    told = (exchange_html(one, kept=why if at == turn else None) for at, one in enumerate(exchanges))
    return "".join(told)


def no_source_html(message: str = "") -> str:
    """What the source panel shows while no article is open."""
    text = message or "Choose a marker such as [1], or a headline, and the article opens here."
    return sanitise(f'<div class="no-source"><p>{escape(text)}</p></div>')
