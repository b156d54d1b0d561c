"""A marker as HTML: a button that opens what it cites, and carries what its preview shows.

Pure. The preview's words travel as data attributes (`data-place`, `data-headline`, `data-words`), which a
script shows as text and nothing else.
"""

from __future__ import annotations

from html import escape

from rag.render.markup import day_text, opener, outlet_text, title_text
from rag.types import Answer, Citation

PREVIEW_CHARS = 600
_KINDS = {"verbatim": "", "supported": " reworded", "unsupported": " doubtful"}


def preview_words(citation: Citation, limit: int = PREVIEW_CHARS) -> str:
    """The cited words on one line; past `limit` characters cut at a word, with dots."""
    words = " ".join(citation.evidence.split())
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"


def marker_html(answer: Answer, citation: Citation) -> str:
    """The marker of `citation`; it also lights what else `answer` cites in that article."""
    head = citation.head
    same = [
        other.span for other in answer.citations if other.head.id == head.id and other.span != citation.span
    ]
    place = f"{outlet_text(head)}, {day_text(head.published)}"
    label = f"Source {citation.marker}: {place}, {title_text(head)}"
    label += "; reworded" if citation.support == "supported" else ""
    button = (
        f'<button type="button" class="marker{_KINDS[citation.support]}" '
        f'data-citation="{citation.marker}" {opener(head, [citation.span, *same])} '
        f'data-place="{escape(place)}" data-headline="{escape(title_text(head))}" '
        f'data-words="{escape(preview_words(citation))}" '
        f'aria-label="{escape(label)}">[{citation.marker}]</button>'
    )
    alone = citation.support == "unsupported" and not answer.claims
    return button + ('<span class="doubt">not borne out by the source</span>' if alone else "")
