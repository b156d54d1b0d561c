"""Attributions in the catalog: derived from cleaned articles, kept beside them, read back.

Who said what depends on the article's text and on the rules that `Stages.attributing` names, on
nothing else: they can be derived again at any time without loading or embedding anything. Knows
nothing of those rules.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from index.errors import UnknownArticle
from index.packing import pack_spans, unpack_spans
from index.progress import Progress, Silent
from index.schema import has_table
from index.types import Article, Attribution, Unreadable

if TYPE_CHECKING:
    from index.catalog import Catalog
    from index.stages import Stages

DERIVE_ARTICLES = 10
_COLUMNS = "article_id, content, source, cue, speaker, quoted, said_on, said_precision"
_DUE = "FROM articles a WHERE NOT EXISTS (SELECT 1 FROM attributed d WHERE d.article_id = a.id"


@dataclass(frozen=True, slots=True)
class Derived:
    """Who said what in one article by the rules `attributing`, in order of the text.

    Where the rules failed there are no attributions and `problem` says why, in one line.
    """

    attributing: str
    attributions: tuple[Attribution, ...] = ()
    problem: str = ""


def derive(stages: Stages, article: Article) -> Derived:
    """The attributions of a cleaned article; never raises for what the rules do wrong."""
    try:
        found = tuple(stages.attribute(article))
        for one in found:
            _check(one, article)
    except Exception as error:  # an article without attributions is better than none
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return Derived(stages.attributing, problem=reason)
    return Derived(stages.attributing, found)


def _check(one: Attribution, article: Article) -> None:
    """Raise ValueError unless it is of this article and its spans hold in the text."""
    if one.article_id != article.id:
        raise ValueError(f"an attribution of {one.article_id!r} was found in {article.id!r}")
    for spans in (one.content, one.source, one.cue):
        edges = [edge for span in spans for edge in (span.start, span.end)]
        if edges != sorted(edges) or (edges and edges[-1] > len(article.text)):
            raise ValueError(f"the spans {edges} do not hold in a text of {len(article.text)} characters")


def put_derived(connection: sqlite3.Connection, article_id: str, derived: Derived) -> None:
    """Keep what was derived for a stored article in place of what it had."""
    connection.execute("DELETE FROM attributions WHERE article_id = ?", (article_id,))
    connection.executemany(
        f"INSERT INTO attributions (ordinal, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(at, *_row(one)) for at, one in enumerate(derived.attributions)],
    )
    note = (article_id, derived.attributing, derived.problem)
    connection.execute("INSERT OR REPLACE INTO attributed VALUES (?, ?, ?)", note)


def derive_due(catalog: Catalog, stages: Stages, progress: Progress | None = None) -> None:
    """Derive the attributions of the articles that lack those of these rules, some at a time.

    Interrupted, the next call goes on. Until its turn an article keeps those it had.
    """
    ids = due(catalog, stages.attributing)
    if not ids:
        return
    progress = progress or Silent()
    progress.start("attribute", len(ids))
    for start in range(0, len(ids), DERIVE_ARTICLES):
        some = ids[start : start + DERIVE_ARTICLES]
        done = [(digest, derive(stages, one), one.id) for digest, one in _articles(catalog, some)]
        with catalog.write() as connection:
            for digest, derived, article_id in done:
                same = "SELECT 1 FROM articles WHERE id = ? AND hash = ?"
                if connection.execute(same, (article_id, digest)).fetchone():
                    put_derived(connection, article_id, derived)
        progress.advance(len(some))
    progress.stage_done()


def _articles(catalog: Catalog, ids: Sequence[str]) -> Iterator[tuple[str, Article]]:
    """Content hash and article of those that are still stored."""
    for article_id in ids:
        rows = catalog.rows("SELECT hash FROM articles WHERE id = ?", article_id)
        try:
            yield rows[0][0], catalog.article(article_id)
        except (IndexError, UnknownArticle):  # removed meanwhile
            continue


def due(catalog: Catalog, attributing: str) -> list[str]:
    """Ids of the stored articles that lack the attributions of these rules, in order."""
    if not _kept(catalog):
        return [row[0] for row in catalog.rows("SELECT id FROM articles ORDER BY id")]
    sql = f"SELECT id {_DUE} AND d.attributing = ?) ORDER BY id"
    return [row[0] for row in catalog.rows(sql, attributing)]


def underived(catalog: Catalog) -> tuple[Unreadable, ...]:
    """The stored articles for which the rules failed: where they came from, and why."""
    rows = catalog.rows(
        "SELECT origin, problem FROM attributed d JOIN articles a ON a.id = d.article_id "
        "WHERE problem <> '' ORDER BY a.id"
    )
    return tuple(Unreadable(origin, problem) for origin, problem in rows)


def attributions(catalog: Catalog, where: str = "1", values: Sequence[Any] = ()) -> list[Attribution]:
    """The attributions of the articles that meet a condition over `articles`, by article and place.

    None in a file of a schema that had no attributions.
    """
    if not _kept(catalog):
        return []
    sql = (
        f"SELECT {_COLUMNS} FROM attributions WHERE article_id IN (SELECT id FROM articles WHERE {where}) "
        "ORDER BY article_id, ordinal"
    )
    return [_attribution(row) for row in catalog.rows(sql, *values)]


def written_names(catalog: Catalog) -> list[tuple[str, str]]:
    """Article id and speaker's name of every attribution that has one."""
    if not _kept(catalog):
        return []
    return list(catalog.rows("SELECT article_id, speaker FROM attributions WHERE speaker <> ''"))


def count_attributions(catalog: Catalog) -> int:
    """How many attributions are stored."""
    return int(catalog.rows("SELECT count(*) FROM attributions")[0][0]) if _kept(catalog) else 0


def _kept(catalog: Catalog) -> bool:
    with catalog.read() as connection:
        return has_table(connection, "attributed")


def _row(one: Attribution) -> tuple[Any, ...]:
    said_on = one.said_on.isoformat() if one.said_on else None
    spans = (pack_spans(part) for part in (one.content, one.source, one.cue))
    return (one.article_id, *spans, one.speaker, one.quoted, said_on, one.said_precision)


def _attribution(row: tuple[Any, ...]) -> Attribution:
    content, source, cue = (unpack_spans(part) for part in row[1:4])
    said_on = date.fromisoformat(row[6]) if row[6] else None
    return Attribution(row[0], content, source, cue, row[4], bool(row[5]), said_on, row[7])
