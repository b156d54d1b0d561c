"""Who speaks in an archive: found by any spelling, kept until something is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.catalog import Catalog
from index.voices import Voices

WRITTEN = [
    ("a", "Alexander Lukashenko"),
    ("b", "Lukashenka"),
    ("b", "Harbour master Ada Okoye"),
    ("c", "Tom Reyes"),
    ("d", ""),
]


@pytest.mark.parametrize(
    ("wanted", "articles"),
    [
        ("Lukashenko", {"a", "b"}),
        ("Aleksandr Lukashenko", {"a", "b"}),
        ("President Lukashenka", {"a", "b"}),
        ("Okoye", {"b"}),
        ("Reyes", {"c"}),
        ("Tom", {"c"}),
        ("Berg", set()),
        ("the", set()),
        ("", set()),
    ],
)
def test_the_articles_in_which_someone_speaks(wanted: str, articles: set[str]) -> None:
    assert Voices(WRITTEN).articles(wanted) == articles


def test_what_is_kept_is_made_again_after_a_write(tmp_path: Path) -> None:
    catalog, made = Catalog(tmp_path / "catalog.sqlite3"), iter(range(9))
    try:
        assert [catalog.kept("one", lambda: next(made)) for _ in range(3)] == [0, 0, 0]
        assert catalog.kept("two", lambda: next(made)) == 1
        catalog.set_meta("key", "value")
        assert [catalog.kept("one", lambda: next(made)) for _ in range(2)] == [2, 2]
        with pytest.raises(RuntimeError), catalog.write():
            raise RuntimeError("nothing is kept of this")
        assert catalog.kept("one", lambda: next(made)) == 2
    finally:
        catalog.close()


def test_beside_another_process_nothing_is_kept(tmp_path: Path) -> None:
    Catalog(tmp_path / "catalog.sqlite3").close()
    catalog, made = Catalog(tmp_path / "catalog.sqlite3", read_only=True), iter(range(9))
    try:
        assert [catalog.kept("one", lambda: next(made)) for _ in range(2)] == [0, 1]
    finally:
        catalog.close()
