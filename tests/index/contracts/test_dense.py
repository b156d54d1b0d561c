"""What every DenseStore does, run over a tiny one in memory and over Chroma's."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.errors import ArchiveError
from index.store import Batch, ChromaStore, DenseStore

DIMENSION = 8
Open = Callable[[], DenseStore]
# Chroma's client for servers never closes its connections
_LEAVES_SOCKETS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class ListStore:
    """A DenseStore that compares with everything."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[np.ndarray, str]] = {}

    def upsert(self, ids: Sequence[str], vectors: np.ndarray, article_ids: Sequence[str]) -> None:
        self._rows.update(zip(ids, zip(vectors, article_ids, strict=True), strict=True))

    def query(
        self, vector: np.ndarray, k: int, allowed: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        scored = [
            (one, float(row @ vector / np.linalg.norm(row) / np.linalg.norm(vector)))
            for one, (row, article) in dict(self._rows).items()
            if allowed is None or article in allowed
        ]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[: max(k, 0)]

    def delete(self, ids: Collection[str]) -> None:
        for one in ids:
            self._rows.pop(one, None)

    def count(self) -> int:
        return len(self._rows)

    def ids(self) -> set[str]:
        return set(self._rows)

    def vectors(self, ids: Sequence[str]) -> np.ndarray:
        return np.array([self._rows[one][0] for one in ids], dtype=np.float32)

    def replace(self, batches: Iterable[Batch]) -> None:
        fresh = ListStore()
        for batch in batches:
            fresh.upsert(*batch)
        self._rows = fresh._rows

    def close(self) -> None:
        return None


class Source:
    """The vectors of a store by article, as the catalog gives them."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[np.ndarray, str]] = {}

    def count(self, articles: Collection[str] | None = None) -> int:
        return len([one for one in self.rows.values() if articles is None or one[1] in articles])

    def owners(self, passage_ids: Collection[str]) -> dict[str, str]:
        return {one: self.rows[one][1] for one in passage_ids if one in self.rows}

    def vectors_of(self, articles: Collection[str]) -> tuple[list[str], np.ndarray]:
        ids = [one for one, row in self.rows.items() if row[1] in articles]
        return ids, np.array([self.rows[one][0] for one in ids], dtype=np.float32)


def vectors(n: int, dimension: int = DIMENSION, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((n, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def fill(store: DenseStore, n: int = 40, seed: int = 0) -> tuple[list[str], np.ndarray, list[str]]:
    ids, rows = [f"p{at:03d}" for at in range(n)], vectors(n, seed=seed)
    owners = [f"a{at // 4}" for at in range(n)]
    store.upsert(ids, rows, owners)
    return ids, rows, owners


@pytest.fixture(params=["list", "chroma"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    stores: list[DenseStore] = []

    def open_() -> DenseStore:
        stores.append(ListStore() if request.param == "list" else ChromaStore.open(tmp_path / "chroma"))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


@pytest.fixture
def store(open_store: Open) -> DenseStore:
    return open_store()


def test_an_empty_store_finds_nothing(store: DenseStore) -> None:
    assert store.count() == 0
    assert store.ids() == set()
    assert store.query(vectors(1)[0], 5) == []
    store.delete(["p000"])


def test_a_vector_is_found_first_by_itself_with_cosine_one(store: DenseStore) -> None:
    ids, rows, _ = fill(store)
    for at in (0, 17, 39):
        (first, cosine), *_ = store.query(rows[at], 3)
        assert first == ids[at]
        assert cosine == pytest.approx(1.0, abs=1e-4)


def test_cosines_are_those_of_the_vectors_best_first(store: DenseStore) -> None:
    ids, rows, _ = fill(store)
    query = vectors(1, seed=9)[0]
    found = store.query(query, 40)
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    exact = dict(zip(ids, rows @ query, strict=True))
    assert all(cosine == pytest.approx(exact[one], abs=1e-3) for one, cosine in found)
    assert [one for one, _ in found[:5]] == sorted(ids, key=lambda one: -exact[one])[:5]


def test_the_length_of_the_query_does_not_matter(store: DenseStore) -> None:
    fill(store)
    query = vectors(1, seed=9)[0]
    short, long = store.query(query, 5), store.query(query * 7, 5)
    assert [one for one, _ in short] == [one for one, _ in long]


def test_no_more_than_k_and_no_more_than_there_are(store: DenseStore) -> None:
    fill(store, 10)
    assert len(store.query(vectors(1)[0], 3)) == 3
    assert len(store.query(vectors(1)[0], 500)) == 10
    assert store.query(vectors(1)[0], 0) == []


def test_writing_again_replaces(store: DenseStore) -> None:
    ids, _, owners = fill(store, 10)
    other = vectors(10, seed=5)
    store.upsert(ids, other, owners)
    assert store.count() == 10
    assert store.query(other[3], 1)[0][0] == ids[3]
    assert np.allclose(store.vectors(ids), other, atol=1e-5)


def test_what_was_removed_is_not_found(store: DenseStore) -> None:
    ids, rows, _ = fill(store)
    store.delete([*ids[:20], "never-there"])
    assert store.count() == 20
    assert store.ids() == set(ids[20:])
    assert {one for one, _ in store.query(rows[3], 40)} <= set(ids[20:])
    assert store.query(rows[3], 40, ["a0"]) == []


def test_only_allowed_articles_are_found(store: DenseStore) -> None:
    ids, rows, owners = fill(store)
    allowed = {"a2", "a5"}
    found = store.query(rows[0], 40, allowed)
    wanted = {one for one, owner in zip(ids, owners, strict=True) if owner in allowed}
    assert {one for one, _ in found} == wanted
    assert len(store.query(rows[0], 3, allowed)) == 3
    assert store.query(rows[0], 3, []) == []
    assert store.query(rows[0], 3, ["nobody"]) == []


def test_vectors_come_in_the_order_asked(store: DenseStore) -> None:
    ids, rows, _ = fill(store)
    assert np.allclose(store.vectors([ids[7], ids[2]]), rows[[7, 2]], atol=1e-5)
    assert len(store.vectors([])) == 0
    with pytest.raises(KeyError):
        store.vectors(["never-there"])


def test_replacing_leaves_only_the_new(store: DenseStore) -> None:
    fill(store)
    rows = vectors(4, 3, seed=2)
    store.replace([(["x0", "x1"], rows[:2], ["b", "b"]), (["x2", "x3"], rows[2:], ["c", "c"])])
    assert store.ids() == {"x0", "x1", "x2", "x3"}
    assert store.query(rows[2], 1)[0][0] == "x2"
    store.replace(())
    assert store.count() == 0
    fill(store, 10)
    assert store.count() == 10


def test_reading_and_writing_at_the_same_time(store: DenseStore) -> None:
    ids, rows, _ = fill(store)
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for at in range(60):
                assert store.query(rows[at % 20], 3)[0][0] == ids[at % 20]
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for at in range(10):
        more = vectors(20, seed=100 + at)
        store.upsert([f"q{at}-{n}" for n in range(20)], more, ["z"] * 20)
        store.delete([f"q{at}-{n}" for n in range(10)])
    for reader in readers:
        reader.join()
    assert not failures
    assert store.count() == 40 + 100


def test_chroma_keeps_everything_over_a_restart(tmp_path: Path) -> None:
    store = ChromaStore.open(tmp_path / "chroma")
    ids, rows, _ = fill(store)
    store.close()
    again = ChromaStore.open(tmp_path / "chroma")
    assert again.ids() == set(ids)
    assert again.query(rows[5], 1)[0][0] == ids[5]
    again.close()


def test_chroma_goes_back_to_the_former_content_when_a_replacement_was_cut_off(tmp_path: Path) -> None:
    store = ChromaStore.open(tmp_path / "chroma")
    ids, rows, _ = fill(store)

    def cut_off() -> Iterator[Batch]:
        yield ["x"], rows[:1], ["b"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.replace(cut_off())
    assert store.ids() == set(ids)
    store.close()
    again = ChromaStore.open(tmp_path / "chroma")
    assert again.ids() == set(ids)
    again.replace([(["y"], rows[:1], ["b"])])
    assert again.ids() == {"y"}
    again.close()


@pytest.mark.parametrize(("articles", "allowed_share"), [(60, 0.1), (60, 0.5), (60, 1.0)])
def test_chroma_with_a_source_filters_as_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, articles: int, allowed_share: float
) -> None:
    monkeypatch.setattr("index.store.EXACT_PASSAGES", 50)
    source = Source()
    store = ChromaStore.open(tmp_path / "chroma", source=source)
    ids, rows = [f"p{at}" for at in range(articles * 5)], vectors(articles * 5)
    owners = [f"a{at // 5}" for at in range(articles * 5)]
    store.upsert(ids, rows, owners)
    source.rows = dict(zip(ids, zip(rows, owners, strict=True), strict=True))
    allowed = {f"a{at}" for at in range(int(articles * allowed_share))}
    for query in vectors(5, seed=3):
        found = store.query(query, 10, allowed)
        exact = sorted(
            (one for one, owner in zip(ids, owners, strict=True) if owner in allowed),
            key=lambda one: -float(source.rows[one][0] @ query),
        )
        assert [one for one, _ in found] == exact[:10]
    store.close()


def test_most_of_the_exact_neighbours_are_found(tmp_path: Path) -> None:
    rows = vectors(3_000, 64)
    store = ChromaStore.open(tmp_path / "chroma")
    ids = [f"p{at}" for at in range(len(rows))]
    store.upsert(ids, rows, ["a"] * len(rows))
    shares = []
    for query in vectors(20, 64, seed=4):
        exact = {ids[at] for at in np.argsort(-(rows @ query))[:100]}
        shares.append(len(exact & {one for one, _ in store.query(query, 100)}) / 100)
    store.close()
    assert np.mean(shares) >= 0.97  # random vectors have no structure: articles do better


@pytest.mark.loopback
@_LEAVES_SOCKETS
def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(ArchiveError, match=r"no Chroma server answers at http://127\.0\.0\.1:9"):
        ChromaStore.open("http://127.0.0.1:9")
    gc.collect()


@pytest.mark.slow
@pytest.mark.loopback
@_LEAVES_SOCKETS
def test_a_chroma_server_by_url(tmp_path: Path) -> None:
    from chromadb.api.shared_system_client import SharedSystemClient

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    command = [str(chroma), "run", "--path", str(tmp_path / "served"), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            store = _wait_for(f"http://127.0.0.1:{port}")
            ids, rows, _ = fill(store)
            assert store.ids() == set(ids)
            assert store.query(rows[5], 1)[0][0] == ids[5]
            assert len(store.query(rows[5], 10, ["a3"])) == 4
            store.delete(ids[:4])
            store.replace([(ids[4:], rows[4:], ["a"] * 36)])
            assert store.count() == 36
            store.close()
            del store
        finally:
            server.terminate()
    SharedSystemClient.clear_system_cache()
    gc.collect()


def _wait_for(url: str) -> ChromaStore:
    for _ in range(100):
        try:
            return ChromaStore.open(url, "test")
        except ArchiveError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")
