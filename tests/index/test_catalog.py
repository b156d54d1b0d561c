from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import listing
from index.catalog import Catalog
from index.errors import ArchiveError, FingerprintMismatch, UnknownArticle
from index.ledger import Finished, Register, finish
from index.packing import (
    content_hash,
    pack_article,
    pack_spans,
    pack_vector,
    round_vectors,
    unpack_article,
    unpack_spans,
    unpack_vectors,
)
from index.types import Article, DateRange, Filters, Loaded, Passage, Span

ARTICLES = [
    Article(
        "a", "Harbour opens", "Ships came. They left.", None, "Sample Wire", date(2023, 3, 1), "Ann", "en"
    ),
    Article(
        "b", "ÉLAN at the harbour", "Rain fell.", "https://example.org/b", "Sample Herald", date(2023, 3, 9)
    ),
    Article("c", "Undated", "Who knows when. Nobody.", None, "SAMPLE wire", None),
    Article("d", "Without outlet", "Snow.", None, None, date(2022, 12, 31)),
]


def put(catalog: Catalog, article: Article) -> list[Passage]:
    """Store an article with a passage for each sentence."""
    ends = [at + 1 for at, character in enumerate(article.text) if character == "."]
    starts = [0, *(end + 1 for end in ends[:-1])]
    spans = [Span(*edges) for edges in zip(starts, ends, strict=True)]
    passages = [
        Passage(f"{article.id}{at}", article.id, span, span.of(article.text), (span,))
        for at, span in enumerate(spans)
    ]
    digest, loaded = content_hash(article), Loaded(article, f"/in/{article.id}.txt", named=True)
    with catalog.write() as connection:
        register = Register(connection, lambda _: set(), "2024-01-01T00:00:00+00:00")
        register.take(loaded, digest, register.find(loaded, digest, lambda _: False))
        vectors = np.eye(3, dtype=np.float32)[: len(passages)]
        finish(connection, Finished(article, pack_article(article), digest, "[]", "[]", passages, vectors))
    return passages


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    for article in ARTICLES:
        put(catalog, article)
    yield catalog
    catalog.close()


def test_articles_come_back_as_they_were(catalog: Catalog) -> None:
    for article in ARTICLES:
        assert catalog.article(article.id) == article
        assert catalog.head(article.id) == article.head
    assert catalog.heads(["c", "nobody", "a"]) == {"a": ARTICLES[0].head, "c": ARTICLES[2].head}


def test_passages_come_in_the_order_asked_without_those_of_no_article(catalog: Catalog) -> None:
    found = catalog.passages(["c1", "nobody", "a0", "a1"])
    assert [(one.id, one.article_id, one.text) for one in found] == [
        ("c1", "c", "Nobody."),
        ("a0", "a", "Ships came."),
        ("a1", "a", "They left."),
    ]
    assert [one.sentences for one in found] == [(one.span,) for one in found]
    assert catalog.passages([]) == []
    assert [one.id for one in catalog.passages_of("a")] == ["a0", "a1"]
    assert catalog.owners(["c1", "nobody"]) == {"c1": "c"}
    assert catalog.passage_ids() == {"a0", "a1", "b0", "c0", "c1", "d0"}


def test_vectors_come_in_the_order_asked(catalog: Catalog) -> None:
    assert catalog.vectors(["a1", "a0"]).tolist() == [[0, 1, 0], [1, 0, 0]]
    ids, vectors = catalog.vectors_of(["c", "d"])
    assert sorted(ids) == ["c0", "c1", "d0"]
    assert vectors.shape == (3, 3)
    assert (catalog.count(), catalog.count(["a", "d"]), catalog.count([])) == (6, 3, 0)
    with pytest.raises(KeyError):
        catalog.vectors(["nobody"])


def test_unknown_articles_are_named(catalog: Catalog) -> None:
    for ask in (catalog.article, catalog.head, catalog.passages_of, catalog.text_parts):
        with pytest.raises(UnknownArticle, match='the id "nobody"'):
            ask("nobody")


def test_a_pending_article_is_told_from_an_unknown_one(catalog: Catalog) -> None:
    loaded = Loaded(Article("e", "", "New."), "/in/e.txt", named=True)
    with catalog.write() as connection:
        Register(connection, lambda _: set(), "now").take(loaded, content_hash(loaded.article), None)
    with pytest.raises(UnknownArticle, match="not indexed yet"):
        catalog.article("e")
    assert listing.counts(catalog) == listing.Counts(4, 1, 6)


@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        (Filters(since=date(2023, 3, 1)), "ab"),
        (Filters(until=date(2023, 3, 1)), "ad"),
        (Filters(since=date(2023, 1, 1), until=date(2023, 3, 5)), "a"),
        (Filters(sources=("sample WIRE",)), "ac"),
        (Filters(sources=("Sample Wire", "Sample Herald"), since=date(2023, 3, 2)), "b"),
        (Filters(articles=("a", "d", "nobody")), "ad"),
        (Filters(articles=()), ""),
        (Filters(sources=("None",)), ""),
    ],
    ids=str,
)
def test_filters(catalog: Catalog, filters: Filters, allowed: str) -> None:
    assert catalog.allowed(filters) == set(allowed)
    page = listing.Page(order="id")
    assert "".join(one.id for one in listing.entries(catalog, "", filters, page)) == allowed
    assert listing.count_entries(catalog, "", filters) == len(allowed)


def test_no_filters_restrict_nothing(catalog: Catalog) -> None:
    assert catalog.allowed(Filters()) is None


@pytest.mark.parametrize(
    ("order", "ids"), [("published", "badc"), ("title", "acdb"), ("id", "abcd")]
)  # fmt: skip
def test_lists_are_ordered_and_paged(catalog: Catalog, order: listing.Order, ids: str) -> None:
    def listed(limit: int | None, offset: int = 0) -> str:
        page = listing.Page(limit, offset, order)
        return "".join(one.id for one in listing.entries(catalog, "", Filters(), page))

    assert listed(None) == ids
    assert listed(2) + listed(2, 2) == ids
    assert listed(2, 4) == ""


def test_titles_are_searched_whatever_their_case(catalog: Catalog) -> None:
    found = listing.entries(catalog, " HARBOUR ", Filters(), listing.Page(order="id"))
    assert [one.id for one in found] == ["a", "b"]
    assert listing.count_entries(catalog, "élan") == 1
    assert listing.count_entries(catalog, "100%_'") == 0


def test_what_is_stored_is_counted(catalog: Catalog) -> None:
    assert listing.sources(catalog) == [("SAMPLE wire", 1), ("Sample Herald", 1), ("Sample Wire", 1)]
    assert listing.days(catalog) == DateRange(date(2022, 12, 31), date(2023, 3, 9))
    entry = listing.entry(catalog, "a")
    assert entry is not None
    assert (entry.passages, entry.state, entry.language, entry.origin) == (2, "done", "en", "/in/a.txt")


def test_a_write_that_fails_leaves_nothing(catalog: Catalog) -> None:
    with pytest.raises(RuntimeError), catalog.write() as connection:
        connection.execute("DELETE FROM articles")
        catalog.set_meta("nested", "yes")
        raise RuntimeError
    assert catalog.count() == 6
    assert catalog.meta("nested") is None


def test_a_full_disk_is_told_in_one_line(catalog: Catalog) -> None:
    with catalog.write() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(ArchiveError, match="disk is full"):
        catalog.set_meta("key", "x" * 1_000_000)
    assert catalog.meta("key") is None
    assert catalog.count() == 6


def test_reading_sees_the_state_before_a_write_until_it_is_over(catalog: Catalog) -> None:
    seen: list[int] = []
    with catalog.write() as connection:
        connection.execute("DELETE FROM articles WHERE id = 'a'")
        reader = threading.Thread(target=lambda: seen.append(len(catalog.heads("abcd"))))
        reader.start()
        reader.join()
    assert seen == [4]
    assert len(catalog.heads("abcd")) == 3
    assert catalog.passages(["a0"]) == []


def test_many_threads_at_once(catalog: Catalog) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for at in range(20):
                catalog.set_meta(name, str(at))
                assert catalog.meta(name) == str(at)
                assert catalog.article("a") == ARTICLES[0]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_reading_only_beside_a_writer(catalog: Catalog) -> None:
    beside = Catalog(catalog.path, read_only=True)
    assert beside.article("a") == ARTICLES[0]
    put(catalog, Article("e", "New", "New."))
    assert beside.head("e").title == "New"
    with pytest.raises(ArchiveError, match="for reading only"):
        beside.set_meta("x", "y")
    beside.close()


def test_reading_only_when_no_one_else_is_there(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    put(catalog, ARTICLES[0])
    catalog.close()
    beside = Catalog(tmp_path / "catalog.sqlite3", read_only=True)
    assert beside.count() == 2
    beside.close()
    with pytest.raises(ArchiveError, match="no articles are stored in"):
        Catalog(tmp_path / "other.sqlite3", read_only=True)


def test_a_closed_catalog_says_so(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    catalog.close()
    with pytest.raises(ArchiveError, match="is closed"):
        catalog.count()


def test_a_file_that_is_no_catalog_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    path.write_text("not a database, but long enough to be taken for one" * 10)
    with pytest.raises(ArchiveError, match="is not a catalog"):
        Catalog(path)


def test_another_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    Catalog(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(FingerprintMismatch, match=r"schema 99, this release reads schema 2"):
        Catalog(path)


text = st.text(max_size=30)
maybe = st.none() | text


@given(st.builds(Article, text, text, text, maybe, maybe, st.none() | st.dates(), maybe, maybe))
def test_articles_survive_packing(article: Article) -> None:
    assert unpack_article(article.id, pack_article(article)) == article


@given(st.lists(st.tuples(st.integers(0, 2**31), st.integers(1, 2**20))))
def test_spans_survive_packing(pairs: list[tuple[int, int]]) -> None:
    spans = tuple(Span(start, start + length) for start, length in pairs)
    assert unpack_spans(pack_spans(spans)) == spans


def test_rounded_vectors_survive_packing_and_stay_close() -> None:
    rows = np.random.default_rng(0).standard_normal((50, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rounded = round_vectors(rows)
    assert np.array_equal(unpack_vectors([pack_vector(row) for row in rounded]), rounded)
    cosines = (rows * rounded).sum(axis=1) / np.linalg.norm(rounded, axis=1)
    assert cosines.min() > 0.99999
