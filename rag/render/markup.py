"""The atoms of what people see: a count, an outlet, a day, a headline, an address, a button that opens.

Pure: text in, escaped HTML out. `sanitise` is the last gate before the browser. It does not know
answers, the page or the archive.

Buttons carry what they open as data attributes: `data-article` (id) and `data-spans`
("start-end start-end ...", characters in the article's text, the one to scroll to first).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from urllib.parse import urlsplit

from index.types import ArticleHead, Span

LONG_CHARS = 200
"""A question or a headline of more characters is shown small, so that what follows stays in sight."""

_TAGS = frozenset(
    {"section", "header", "footer", "div", "p", "span", "h1", "h2", "h3", "h4", "ul", "ol", "li", "button"}
    | {"a", "time", "mark", "strong", "em", "s", "details", "summary", "progress"}
    | {"bdi", "table", "caption", "thead", "tbody", "tr", "th", "td"}
)
_ATTRIBUTES = {
    "*": {"class", "lang", "dir", "role", "title", "tabindex"},
    "a": {"href", "target"},
    "button": {"type", "disabled"},
    "details": {"open"},
    "time": {"datetime"},
    "progress": {"value", "max"},
    "th": {"scope"},
    "td": {"colspan"},
}
_DRAWN = {
    "svg": {"viewBox", "preserveAspectRatio"},
    "rect": {"x", "y", "width", "height"},
}


def sanitise(html: str, *, drawn: bool = False) -> str:
    """`html` with everything outside the allow-list gone: tags, attributes, URL schemes.

    `drawn` lets bars of an SVG pass; for what holds no words of an article.
    """
    import nh3

    attributes = _ATTRIBUTES | (_DRAWN if drawn else {})
    return nh3.clean(
        html,
        tags=set(_TAGS) | (set(_DRAWN) if drawn else set()),
        attributes={tag: set(names) for tag, names in attributes.items()},
        generic_attribute_prefixes={"data-", "aria-"},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )


def outlet_text(head: ArticleHead) -> str:
    """The outlet's name, or that it is unknown."""
    return (head.source or "").strip() or "outlet unknown"


def copies_text(copies: Sequence[ArticleHead]) -> str:
    """ "Also carried by …", or nothing."""
    names = list(dict.fromkeys(outlet_text(head) for head in copies))
    if not names:
        return ""
    shown, more = names[:4], len(names) - 4
    return "Also carried by " + ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def counted(number: int, word: str) -> str:
    """ "1 article", "4,853 articles"."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def day_text(day: date | None) -> str:
    """ "30 March 2023", or that the date is unknown."""
    return f"{day.day} {day:%B} {day.year}" if day else "date unknown"


def title_text(head: ArticleHead) -> str:
    """The headline on one line, or "Untitled"."""
    return " ".join(head.title.split()) or "Untitled"


def cited_text(head: ArticleHead) -> str:
    """Outlet, day and headline, as a note cites an article."""
    return f"{outlet_text(head)}, {day_text(head.published)}, “{title_text(head)}”"


def web_address(url: str | None) -> str | None:
    """`url` if it is a plain http(s) address that may become a link, else None."""
    if not url or any(ch.isspace() or not ch.isprintable() for ch in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def place_html(head: ArticleHead) -> str:
    """Outlet and day of publication."""
    day = day_text(head.published)
    if head.published:
        day = f'<time datetime="{head.published.isoformat()}">{day}</time>'
    return f'<span class="outlet">{escape(outlet_text(head))}</span> <span class="day">{day}</span>'


def opener(head: ArticleHead, spans: Iterable[Span]) -> str:
    """The data attributes that make an element open `head`'s article with `spans` lit."""
    places = " ".join(f"{span.start}-{span.end}" for span in spans)
    return f'data-article="{escape(head.id)}" data-spans="{places}"'
