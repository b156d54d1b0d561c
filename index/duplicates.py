"""Which articles carry the text of another one: near-copies, shortened ones, earlier and later versions.

At ingest a sixteenth of each article's runs of words is kept, chosen by what the runs are: texts that share
runs share kept ones, so those that may be alike are found by a look-up and only they are compared. What is
kept depends on the article alone, and who carries it on what is stored now, in whatever order it came.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from functools import lru_cache

from index.alike import Runs, are_near, runs, share_within
from index.catalog import Catalog
from index.progress import Progress
from index.schema import has_table
from index.types import ArticleHead

KEEPING = "3 words, 1 of 16"
"""Names what is kept of an article; where another name is noted, it is derived anew."""

_KEPT = 16
_LEAST = 40  # runs of a text that can be a copy
_LEAST_WITHIN = 100  # of one that is found within a longer one
_WITHIN = 0.8
_SAME_WORDS = 0.9
_SAME_STORY_DAYS = 31  # further apart it is another story told in the same words, as at every solstice
_COMPARED = 50
_BATCH = 200
_NOTE = "keeping"
_DUE = "FROM texts WHERE id NOT IN (SELECT article_id FROM prints)"
_SHARING = """
SELECT p.article_id, t.text
FROM (
    SELECT r.number, count(*) AS shared FROM print_runs mine JOIN print_runs r ON r.run = mine.run
    WHERE mine.number = (SELECT number FROM prints WHERE article_id = :id) GROUP BY r.number
) JOIN prints p USING (number) JOIN texts t ON t.id = p.article_id
WHERE p.article_id != :id AND shared >= 2
    AND 2 * shared >= min(p.size, (SELECT size FROM prints WHERE article_id = :id))
ORDER BY shared DESC, p.article_id LIMIT :most
"""


def keep_prints(connection: sqlite3.Connection, article_id: str, text: str) -> None:
    """Keep what finds the copies of a stored article that has no prints yet; for a `Catalog.write`."""
    kept = sorted(run for run in runs(text) if run % _KEPT == 0)
    added = connection.execute("INSERT INTO prints VALUES (NULL, ?, ?)", (article_id, len(kept)))
    connection.executemany("INSERT INTO print_runs VALUES (?, ?)", [(run, added.lastrowid) for run in kept])


def keep_due(catalog: Catalog, progress: Progress) -> None:
    """Keep the prints of the articles that an earlier release stored; nothing is loaded or embedded."""
    noted = catalog.meta(_NOTE)
    if noted != KEEPING:
        with catalog.write() as connection:
            connection.execute("DELETE FROM prints WHERE ?", (noted is not None,))
            catalog.set_meta(_NOTE, KEEPING)
    due = catalog.rows(f"SELECT count(*) {_DUE}")[0][0]
    if not due:
        return
    progress.start("compare", due)
    while rows := catalog.rows(f"SELECT id, text {_DUE} LIMIT ?", _BATCH):
        with catalog.write() as connection:
            for article_id, text in rows:
                keep_prints(connection, article_id, text)
        progress.advance(len(rows))
    progress.stage_done()


def carriers(catalog: Catalog, article_id: str) -> list[ArticleHead]:
    """The other articles that carry this one's text or most of it, earliest first, those of no day last.

    Two articles carry the same text when they share 70 % of all their runs of three words, or 80 % of the
    shorter one's and lie no more than a month apart. None where the archive was last written by a release
    that kept no prints. Raises UnknownArticle.
    """
    head = catalog.head(article_id)
    with catalog.read() as connection:
        if not has_table(connection, "prints"):
            return []
        values = {"id": article_id, "most": _COMPARED}
        rows = connection.execute(_SHARING, values).fetchall() if _has_prints(connection, article_id) else []
    if not rows:
        return []
    mine = _runs(catalog.article(article_id).text)
    heads = catalog.heads([row[0] for row in rows])
    found = [heads[one] for one, text in rows if one in heads and _carry(mine, _runs(text), head, heads[one])]
    return sorted(found, key=earliest)


def earliest(head: ArticleHead) -> tuple[bool, date, str]:
    """The key that sorts heads by day, those of no day last."""
    return head.published is None, head.published or date.max, head.id


def _has_prints(connection: sqlite3.Connection, article_id: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM prints WHERE article_id = ?", (article_id,)).fetchone())


@lru_cache(maxsize=64)
def _runs(text: str) -> Runs:
    return runs(text)


def _carry(one: Runs, other: Runs, head: ArticleHead, other_head: ArticleHead) -> bool:
    if are_near(one, other, _LEAST):
        return _days_apart(head, other_head) <= _SAME_STORY_DAYS or share_within(one, other) >= _SAME_WORDS
    if min(len(one), len(other)) < _LEAST_WITHIN or share_within(one, other) < _WITHIN:
        return False
    return _days_apart(head, other_head) <= _SAME_STORY_DAYS


def _days_apart(one: ArticleHead, other: ArticleHead) -> int:
    """0 when a day is not known."""
    return abs((one.published - other.published).days) if one.published and other.published else 0
