"""What is stored, for people: articles with their state, outlets, counts and days.

Reads the catalog only, so it works while another process holds the home folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from index.catalog import Catalog, condition
from index.errors import UnknownArticle
from index.types import ArticleHead, DateRange, Filters

Order = Literal["published", "title", "added", "id"]
State = Literal["done", "pending"]

_ORDERS: dict[Order, str] = {
    "published": "published IS NULL, published DESC, fold(title), id",
    "title": "fold(title), id",
    "added": "added_at DESC, id",
    "id": "id",
}
_ENTRIES = """
SELECT * FROM (
    SELECT a.id, a.title, a.source, a.published, a.url, a.language, a.passages,
           CASE WHEN p.id IS NULL THEN 'done' ELSE 'pending' END AS state,
           coalesce(p.origin, a.origin) AS origin, a.added_at
    FROM articles a LEFT JOIN pending p ON p.id = a.id
    UNION ALL
    SELECT id, title, NULL, NULL, NULL, NULL, 0, 'pending', origin, added_at
    FROM pending WHERE id NOT IN (SELECT id FROM articles)
)
"""


@dataclass(frozen=True, slots=True)
class Entry(ArticleHead):
    """The head of a stored article with what a list shows beside it.

    `pending` means that its newest version waits to be indexed: until then an older version
    answers if there is one (`passages` > 0). `added_at` is the first time it was loaded, in UTC.
    """

    language: str | None = None
    passages: int = 0
    state: State = "done"
    origin: str = ""
    added_at: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is stored. `pending` counts articles with a version that waits to be indexed."""

    done: int
    pending: int
    passages: int


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list, in which order: `limit` entries from `offset` on; None is all.

    With `state` only the entries in that state are counted at all.
    """

    limit: int | None = None
    offset: int = 0
    order: Order = "published"
    state: State | None = None


def entries(catalog: Catalog, words: str, filters: Filters, page: Page) -> list[Entry]:
    """Articles whose title holds `words` (without regard to case) and that pass the filters.

    Newest publication first, those of unknown date last, unless `page` says otherwise.
    """
    where, values = _where(words, filters, page.state)
    sql = f"{_ENTRIES} WHERE {where} ORDER BY {_ORDERS[page.order]} LIMIT ? OFFSET ?"
    limit = -1 if page.limit is None else page.limit
    return [_entry(row) for row in catalog.rows(sql, *values, limit, page.offset)]


def count_entries(
    catalog: Catalog, words: str = "", filters: Filters = Filters(), state: State | None = None
) -> int:
    """How many articles `entries` lists in all."""
    where, values = _where(words, filters, state)
    return int(catalog.rows(f"SELECT count(*) FROM ({_ENTRIES} WHERE {where})", *values)[0][0])


def entry(catalog: Catalog, article_id: str) -> Entry | None:
    """The entry of one article."""
    rows = catalog.rows(f"{_ENTRIES} WHERE id = ?", article_id)
    return _entry(rows[0]) if rows else None


def check_stored(catalog: Catalog, ids: Iterable[str]) -> None:
    """Raise UnknownArticle if one of these articles is not stored."""
    unknown = [one for one in ids if entry(catalog, one) is None]
    if unknown:
        names = ", ".join(f'"{one}"' for one in unknown)
        raise UnknownArticle(
            f"no article has the id {names}, none was removed: `onrecord articles list` shows them"
        )


def holds_origin(catalog: Catalog, origin: str) -> bool:
    """Whether an article, or a copy of one, came from exactly this place."""
    sql = " UNION ALL ".join(f"SELECT 1 FROM {t} WHERE origin = ?" for t in ("articles", "pending", "copies"))
    return bool(catalog.rows(f"{sql} LIMIT 1", origin, origin, origin))


def sources(catalog: Catalog) -> list[tuple[str, int]]:
    """Outlets with the number of their articles that can be found; most first."""
    rows = catalog.rows(
        "SELECT source, count(*) FROM articles WHERE source <> '' GROUP BY source ORDER BY 2 DESC, source"
    )
    return [(row[0], row[1]) for row in rows]


def counts(catalog: Catalog) -> Counts:
    """How many articles and passages are stored."""
    sql = (
        "SELECT (SELECT count(*) FROM articles WHERE id NOT IN (SELECT id FROM pending)), "
        "(SELECT count(*) FROM pending), (SELECT coalesce(sum(passages), 0) FROM articles)"
    )
    return Counts(*catalog.rows(sql)[0])


def days(catalog: Catalog) -> DateRange:
    """From the first to the last day of publication; open on both sides when none is known."""
    first, last = catalog.rows("SELECT min(published), max(published) FROM articles")[0]
    return DateRange(date.fromisoformat(first), date.fromisoformat(last)) if first else DateRange()


def coverage(catalog: Catalog, filters: Filters = Filters()) -> dict[date, int]:
    """How many articles that pass the filters were published on each day; days without any are left out."""
    where, values = condition(filters)
    sql = (
        f"SELECT published, count(*) FROM articles WHERE published IS NOT NULL AND {where} GROUP BY published"
    )
    return {date.fromisoformat(day): number for day, number in catalog.rows(sql, *values)}


def facts(catalog: Catalog) -> dict[str, Any]:
    """Counts, outlets (the twenty with most articles) and days, as plain JSON values."""
    held, span, outlets = counts(catalog), days(catalog), sources(catalog)
    return {
        "articles": held.done,
        "pending": held.pending,
        "passages": held.passages,
        "sources": len(outlets),
        "first": span.first.isoformat() if span.first else None,
        "last": span.last.isoformat() if span.last else None,
        "outlets": dict(outlets[:20]),
    }


def _where(words: str, filters: Filters, state: State | None) -> tuple[str, list[Any]]:
    where, values = condition(filters)
    if state:
        where += " AND state = ?"
        values.append(state)
    if words.strip():
        where += " AND instr(fold(title), ?) > 0"
        values.append(words.strip().casefold())
    return where, values


def _entry(row: tuple[Any, ...]) -> Entry:
    published = date.fromisoformat(row[3]) if row[3] else None
    return Entry(row[0], row[1], row[2], published, *row[4:])


def size(home: Path, pattern: str) -> int:
    """Bytes of the files below a folder that fit a pattern."""
    return sum(one.stat().st_size for one in home.glob(pattern) if one.is_file())
