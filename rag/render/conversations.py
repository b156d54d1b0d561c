"""The list of conversations, what readers say of answers, what became of a source since, as HTML.

Pure: values in, sanitised HTML out. Buttons carry data attributes only. It does not know Gradio, where
conversations are kept, or whose they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from index.types import ArticleHead
from rag.feedback import REASONS
from rag.render.markup import counted, day_text, place_html, sanitise, title_text
from rag.types import Exchange, Feedback

if TYPE_CHECKING:
    from rag.conversations import Conversation

THUMBS = {"up": "Good answer", "down": "Bad answer"}


def listed_html(rows: Sequence[Conversation], total: int, current: str = "", words: str = "") -> str:
    """The conversations as a list, each with buttons to open, rename, save and delete it."""
    if not rows:
        told = f"No conversation has “{words}”." if words else "No conversations yet."
        return sanitise(f'<p class="none" dir="auto">{escape(told)}</p>')
    items = "".join(_item(row, row.key == current) for row in rows)
    more = f"The newest {len(rows)} of {total}; search for the others." if len(rows) < total else ""
    note = f'<p class="none">{more}</p>' if more else ""
    return sanitise(f'<ul class="talks" aria-label="Conversations">{items}</ul>{note}')


def _item(row: Conversation, current: bool) -> str:
    key, title = escape(row.key), escape(row.title or "Untitled")
    day = day_text(datetime.fromisoformat(row.updated).astimezone().date())
    here = ' aria-current="true"' if current else ""
    acts = (
        f'<button type="button" data-rename="{key}" data-title="{title}">Rename</button>'
        f'<button type="button" data-save="markdown" data-talk="{key}">Save as Markdown</button>'
        f'<button type="button" data-save="html" data-talk="{key}">Save as HTML</button>'
        '<details class="remove"><summary>Delete</summary>'
        f'<button type="button" data-delete="{key}">Yes, delete it</button></details>'
    )
    return (
        f'<li class="talk"><button type="button" class="open" data-open="{key}"{here}>'
        f'<span class="title" dir="auto">{title}</span>'
        f'<span class="when">{day} · {counted(row.exchanges, "question")}</span></button>'
        f'<details class="acts"><summary aria-label="More about: {title}">More</summary>'
        f'<div class="row">{acts}</div></details></li>'
    )


def unread_html(unread: Sequence[str]) -> str:
    """That some answers of a conversation cannot be shown, and why; empty when all can."""
    if not unread:
        return ""
    why = "".join(f"<p>{escape(line)}</p>" for line in dict.fromkeys(unread))
    what = f"{counted(len(unread), 'answer')} of this conversation cannot be shown"
    return sanitise(f'<div class="problem" role="note"><p class="verdict">{what}</p>{why}</div>')


def below_html(exchange: Exchange) -> str:
    """What stands under a finished answer: thumbs, what was said with them, and saving (under the last)."""
    if not exchange.answer.done:
        return ""
    thumbs = "" if exchange.feedback is None else _thumbs(exchange.feedback)
    saves = (
        '<p class="saves">Save the conversation as '
        '<button type="button" data-save="markdown">Markdown</button> '
        '<button type="button" data-save="html">HTML</button></p>'
    )
    return sanitise(f'<div class="below">{thumbs}{saves}</div>')


def _thumbs(feedback: Feedback) -> str:
    told = f'data-reason="{escape(feedback.reason)}" data-note="{escape(feedback.note)}"'
    buttons = "".join(
        f'<button type="button" class="thumb {kind}" data-verdict="{kind}" {told} title="{label}" '
        f'aria-label="{label}" aria-pressed="{str(feedback.verdict == kind).lower()}"></button>'
        for kind, label in THUMBS.items()
    )
    reason = REASONS.get(feedback.reason, "") if feedback.verdict == "down" else ""
    words = ": ".join(part for part in (reason, feedback.note) if part)
    said = f'<span class="reason" dir="auto">{escape(words)}</span>' if words else ""
    return f'<div class="thumbs" role="group" aria-label="Rate this answer">{buttons}{said}</div>'


# --- what became of a source -------------------------------------------------------------------


def gone_html(head: ArticleHead, words: Sequence[str]) -> str:
    """That a cited article was removed from the library since, with the words it was cited for."""
    what = "This article was removed from the library since"
    return sanitise(
        f'<div class="since" role="note"><p class="verdict">{what}</p><p class="place">'
        f'{place_html(head)}</p><p dir="auto">{escape(title_text(head))}</p>'
        f"{_quoted(words)}</div>"
    )


def changed_html(words: Sequence[str]) -> str:
    """That an article has changed since it was cited, with the words it was cited for."""
    return sanitise(
        '<div class="since" role="note"><p class="verdict">The article has changed since it was cited</p>'
        f"<p>The cited words do not stand at their place any more.</p>{_quoted(words)}</div>"
    )


def _quoted(words: Sequence[str]) -> str:
    """The cited words as they were kept."""
    lines = "".join(f'<p class="cited" dir="auto">{escape(" ".join(one.split()))}</p>' for one in words)
    return f"<p>It was cited for:</p>{lines}" if lines else ""
