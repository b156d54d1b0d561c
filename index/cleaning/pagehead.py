"""Title, outlet, author and day of a page, read from its first lines where the article lacks them.

Guesses nothing: a line that could as well be running text is no title, and what is not found stays
unknown. It does not change the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.cleaning.appeals import notices
from index.cleaning.blocks import is_short
from index.cleaning.edges import author_in, edge_kind, is_byline, is_dateline, is_outlet, is_prose, is_stamp
from index.cleaning.furniture import sure
from index.cleaning.lines import HEAD_LINES
from index.cleaning.notices import bracketed, languages, promo, weak_label
from index.types import Article

TITLE_LENGTHS = (12, 200)  # characters
LONGEST_QUESTION = 130  # characters of a headline that ends like a sentence, with ? or !

_FIRST_ON = re.compile(
    r"^The post .{3,180} (?:first )?appeared (?:first )?on ([\w .,&'’-]{2,60}?)\.?$", re.MULTILINE
)
_SUFFIX = re.compile(r"(.{12,}?)\s+[|–—-]\s+([\w .,&'’:]{2,40})$")
_NO_TITLE_END = re.compile(r"[.:;,。।][\"”’')\]]*$")


def read_head(article: Article, text: str) -> Article:
    """The article with title, source, author and published filled from `text` where unknown."""
    lines = [line.strip() for line in text[:8000].splitlines() if line.strip()][:HEAD_LINES]
    title, source = " ".join(article.title.split()), article.source
    at = len(lines)
    if not title:
        at, title = _title(lines)
        title, suffix = _without_outlet(title)
        source = source or suffix
    before = [line for line in lines[: min(at, 12)] if not is_prose(line)]
    source = source or next((line for line in before if is_outlet(line, None)), None) or _first_on(text)
    author = article.author or next(filter(None, map(author_in, lines)), None)
    published = (
        article.published or day_in(text) or (day_in(text[text.find(title) :]) if title in text else None)
    )
    return replace(article, title=title, source=source, author=author, published=published)


def day_in(text: str) -> date | None:
    """The day of publication the text tells near its head, or None."""
    from index.dates.dates import published_in_text

    return published_in_text(text)


def _title(lines: Sequence[str]) -> tuple[int, str]:
    """Index and words of the headline, or (0, "")."""
    for at, line in enumerate(lines[:-1]):
        if _skipped(line) or _in_menu(lines, at):
            continue
        if _could_be_title(line):
            return at, " ".join(line.split())
        if is_prose(line):
            break
    return 0, ""


def _skipped(line: str) -> bool:
    return bool(
        sure(line)
        or weak_label(line)
        or languages(line)
        or is_stamp(line)
        or edge_kind(line)
        or is_outlet(line, None)
        or promo(line)
        or bracketed(line)
        or notices(line)
        or is_byline(line)
        or is_dateline(line)
    )


def _in_menu(lines: Sequence[str], at: int) -> bool:
    """Whether the line is one of three or more short ones in a row."""
    around = [0 <= near < len(lines) and is_short(lines[near]) for near in range(at - 2, at + 3)]
    return around[2] and any(all(around[first : first + 3]) for first in range(3))


def _could_be_title(line: str) -> bool:
    shortest, longest = TITLE_LENGTHS
    words = line.split()
    if not shortest <= len(line) <= longest or (len(words) < 3 and line.isascii()):
        return False
    if line[-1] in "?!" and len(line) > LONGEST_QUESTION:
        return False
    return _NO_TITLE_END.search(line) is None and not line[0].islower()


def _without_outlet(title: str) -> tuple[str, str | None]:
    """A title without " | Outlet" at its end, and that outlet."""
    found = _SUFFIX.fullmatch(title)
    if found and (is_outlet(found.group(2), None) or " | " in title):
        return found.group(1).strip(), found.group(2).strip()
    return title, None


def _first_on(text: str) -> str | None:
    found = _FIRST_ON.search(text[-2000:])
    return found.group(1).strip() if found else None
