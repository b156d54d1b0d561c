"""Which stored articles come from files or records that are no longer there.

A file that could not be read is not gone: nothing is ever concluded from what was not seen.
Knows the catalog, the file system and the names in zip files.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from index.catalog import Catalog
from index.fetching.address import is_address
from index.ledger import file_of, move
from index.loading.zipped import holds
from index.types import Unreadable


def is_gone(origin: str) -> bool:
    """Whether the file an origin names is surely not there; of an address that is never sure."""
    if is_address(origin):
        return False
    try:
        Path(file_of(origin)).stat()
    except FileNotFoundError:
        return True
    except NotADirectoryError:
        return not holds(Path(file_of(origin)))
    except (OSError, ValueError):
        return False
    return False


def absent(
    catalog: Catalog, roots: Sequence[Path], seen: Collection[str], unreadable: Sequence[Unreadable]
) -> list[str]:
    """Ids of articles from under `roots` that are neither among `seen` nor in their place, sorted.

    A root that does not exist tells nothing, nor does a file in which something was unreadable.
    """
    there = [str(root) for root in roots if root.exists()]
    closed = {file_of(one.origin) for one in unreadable}
    origins = dict(catalog.rows("SELECT id, origin FROM articles"))
    origins |= dict(catalog.rows("SELECT id, origin FROM pending"))
    return sorted(
        article_id
        for article_id, origin in origins.items()
        if article_id not in seen
        and any(under(file_of(origin), root) for root in there)
        and not any(under(file_of(origin), place) for place in closed)
        and (origin != file_of(origin) or is_gone(origin))
    )


def adopt(catalog: Catalog, roots: Sequence[Path], ids: Sequence[str]) -> list[str]:
    """Give articles that are gone to another place with their content; those left without one."""
    left = []
    for article_id in ids:
        rows = catalog.rows("SELECT origin FROM copies WHERE article_id = ? ORDER BY origin", article_id)
        heir = next((row[0] for row in rows if _may_hold(row[0], roots)), None)
        if heir is None:
            left.append(article_id)
        else:
            with catalog.write() as connection:
                move(connection, article_id, heir)
    return left


def _may_hold(origin: str, roots: Sequence[Path]) -> bool:
    """Whether the place may still hold the article: a record under `roots` would have been seen."""
    file = file_of(origin)
    return not is_gone(origin) and (file == origin or not any(under(file, str(root)) for root in roots))


def under(path: str, root: str) -> bool:
    """Whether a path is `root` or lies in it."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)
