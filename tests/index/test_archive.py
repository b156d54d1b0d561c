"""The whole of an archive: opening, removing, rebuilding, mending, and searching while it ingests."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.catalog import Catalog
from index.errors import ArchiveBusy, ArchiveError, FingerprintMismatch, UnknownArticle
from index.types import Filters

Opened = Callable[..., Archive]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    write(folder, range(12))
    return folder


def write(folder: Path, numbers: range, word: str = "former") -> None:
    records = [
        {
            "id": f"n{at}",
            "title": f"Title number{at}",
            "text": f"The {word} words of number{at}.\nMore about number{at}.",
            "source": "Sample Wire" if at % 3 else "Sample Herald",
            "published": f"2023-03-{at % 28 + 1:02d}",
        }
        for at in numbers
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")


def holds_together(archive: Archive) -> set[str]:
    """All three places hold the same passages, whose ids are returned."""
    ids = archive.catalog.passage_ids()
    assert archive.dense.ids() == ids
    assert archive.lexical.ids() == ids
    assert archive.dense.count() == archive.lexical.count() == archive.catalog.count() == len(ids)
    return ids


def test_ingest_search_show_list(opened: Opened, source: Path) -> None:
    archive = opened()
    report = archive.ingest([source])
    assert (report.added, report.passages) == (12, 24)
    hits = archive.search("number7", top_k=3)
    assert hits[0].head.id == "n7"
    article = archive.article("n7")
    assert hits[0].passage.span.of(article.text) == hits[0].passage.text
    entries, total = archive.list("NUMBER1", limit=2)
    assert ([one.id for one in entries], total) == (["n11", "n10"], 3)
    assert archive.sources() == ("Sample Wire", "Sample Herald")
    herald = archive.search("number7", filters=Filters(sources=("sample herald",)))
    assert herald
    assert {hit.head.source for hit in herald} == {"Sample Herald"}


def test_info_tells_what_there_is(opened: Opened, source: Path) -> None:
    archive = opened()
    archive.ingest([source])
    info = archive.info()
    assert json.loads(json.dumps(info)) == info
    assert (info["articles"], info["pending"], info["passages"], info["sources"]) == (12, 0, 24, 2)
    assert (info["first"], info["last"]) == ("2023-03-01", "2023-03-12")
    assert (info["model"], info["fingerprint"], info["precision"]) == ("tiny", "tiny/32", "exact")
    assert all(size > 0 for size in info["bytes"].values())


def test_listing_and_showing_load_no_model_and_no_index(source: Path, tmp_path: Path, opened: Opened) -> None:
    opened().ingest([source])
    script = """
import sys
from pathlib import Path
from index.archive import Archive
archive = Archive.open(Path(sys.argv[1]), read_only=True)
assert archive.list()[1] == 12 and archive.article("n3").title and archive.info()["articles"] == 12
print(sorted({"torch", "chromadb", "tantivy", "sentence_transformers", "numpy"} & set(sys.modules)))
"""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", script, str(tmp_path / "home")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_second_one_is_told_who_holds_it_but_may_read(opened: Opened, source: Path) -> None:
    first = opened(command="onrecord serve")
    first.ingest([source])
    with pytest.raises(ArchiveBusy, match="in use by `onrecord serve`"):
        opened()
    beside = opened(read_only=True)
    assert beside.article("n1") == first.article("n1")
    for refused in (
        lambda: beside.ingest([source]),
        lambda: beside.search("x"),
        lambda: beside.remove(["n1"]),
    ):
        with pytest.raises(ArchiveError, match="for reading only"):
            refused()
    first.close()
    opened()


def test_removing_leaves_no_trace(opened: Opened, source: Path, tmp_path: Path) -> None:
    archive = opened()
    archive.ingest([source])
    gone = {passage.id for passage in archive.catalog.passages_of("n7")}
    assert archive.remove(["n7", "n7", "n2"]) == 2
    assert not gone & holds_together(archive)
    assert "n7" not in {hit.head.id for hit in archive.search("number7", top_k=10)}
    with pytest.raises(UnknownArticle):
        archive.article("n7")
    archive.compact()
    assert holds_together(archive)
    archive.close()
    marks = [b"number7.", *(one.encode() for one in gone)]
    for path in (one for one in (tmp_path / "home").rglob("*") if one.is_file()):
        assert not [mark for mark in marks if mark in path.read_bytes()], path
    assert opened().ingest([source]).added == 2


def test_removing_an_unknown_article_removes_nothing(opened: Opened, source: Path) -> None:
    archive = opened()
    archive.ingest([source])
    with pytest.raises(UnknownArticle, match=r'"nobody", "no one"'):
        archive.remove(["n1", "nobody", "no one"])
    assert archive.list()[1] == 12
    assert archive.remove([]) == 0


def test_compacting_shrinks_the_disk_and_keeps_the_rest(opened: Opened, source: Path) -> None:
    write(source, range(800))
    archive = opened()
    archive.ingest([source])
    before = archive.info()["bytes"]
    archive.remove([f"n{at}" for at in range(20, 800)])
    archive.compact()
    after = archive.info()["bytes"]
    assert sum(after.values()) < 0.5 * sum(before.values())
    assert all(after[part] <= before[part] for part in before)
    assert len(holds_together(archive)) == 40
    assert archive.search("number7")[0].head.id == "n7"


def test_another_embedder_is_refused_and_a_rebuild_mends_it(opened: Opened, source: Path, tiny: Any) -> None:
    with opened() as archive:
        archive.ingest([source])
        added = {one.id: one.added_at for one in archive.list()[0]}
    with pytest.raises(FingerprintMismatch, match=r"tiny/32.*tiny/16.*ingest --rebuild"):
        opened(stages=tiny.tiny_stages(16), model="tiny-16")
    other = opened(stages=tiny.tiny_stages(16))  # the same name: found out when the model is loaded
    with pytest.raises(FingerprintMismatch):
        other.search("number7")
    with pytest.raises(FingerprintMismatch):
        other.embedder  # noqa: B018
    other.close()
    mended = opened(stages=tiny.tiny_stages(16), model="tiny-16", rebuild=True)
    assert mended.info()["pending"] == 12
    shutil.rmtree(source)
    report = mended.ingest([])
    assert (report.passages, report.unreadable) == (24, ())
    assert mended.catalog.vectors(sorted(holds_together(mended))).shape == (24, 16)
    assert mended.search("number7")[0].head.id == "n7"
    assert {one.id: one.added_at for one in mended.list()[0]} == added
    mended.close()
    opened(stages=tiny.tiny_stages(16), model="tiny-16")


def test_another_chunking_is_refused_and_rebuilding_in_place_mends_it(
    opened: Opened, source: Path, tiny: Any
) -> None:
    with opened() as archive:
        archive.ingest([source])
        before = archive.catalog.passage_ids()
        archive.rebuild()
        assert holds_together(archive) == before
    with pytest.raises(FingerprintMismatch, match=r"chunking tiny-1, in use is chunking tiny-2"):
        opened(stages=tiny.tiny_stages(chunking="tiny-2"))


def test_an_interrupted_rebuild_goes_on_at_the_next_ingest(opened: Opened, source: Path, tiny: Any) -> None:
    with opened() as archive:
        archive.ingest([source])
        before = holds_together(archive)
    with opened(rebuild=True):
        pass
    with opened() as archive:
        assert archive.info()["pending"] == 12
        assert archive.search("number7") == []
        assert archive.ingest([source]).added == 12
        assert holds_together(archive) == before


def test_an_archive_without_articles_takes_any_embedder(opened: Opened, source: Path, tiny: Any) -> None:
    with opened() as archive:
        archive.ingest([source])
        archive.remove([one.id for one in archive.list()[0]])
    archive = opened(stages=tiny.tiny_stages(16), model="tiny-16")
    assert archive.search("number7") == []
    assert archive.ingest([source]).added == 12
    assert archive.info()["fingerprint"] == "tiny/16"


@pytest.mark.parametrize("lost", ["chroma", "lexical", "both"])
def test_a_lost_index_is_made_again_without_embedding(
    opened: Opened, source: Path, tmp_path: Path, lost: str
) -> None:
    home = tmp_path / "home"
    with opened() as archive:
        archive.ingest([source])
        before = holds_together(archive)
    for folder in ("chroma", "lexical"):
        if lost in (folder, "both"):
            shutil.rmtree(home / folder)

    with opened() as archive:
        assert holds_together(archive) == before
        assert archive._embedder.made is None
        assert archive.search("number7")[0].head.id == "n7"


def test_a_torn_dense_index_is_made_again(opened: Opened, source: Path, tmp_path: Path) -> None:
    write(source, range(700))  # enough for Chroma to write its HNSW files
    with opened() as archive:
        archive.ingest([source])
        before = holds_together(archive)
    torn = max((tmp_path / "home" / "chroma").rglob("*.bin"), key=lambda path: path.stat().st_size)
    torn.write_bytes(torn.read_bytes()[:1000])
    catalog = Catalog(tmp_path / "home" / "catalog.sqlite3")
    catalog.set_meta("indices_writing", "open")  # what a process killed now would leave
    catalog.close()
    with opened() as archive:
        assert archive.search("number7")[0].head.id == "n7"
        assert holds_together(archive) == before


def test_leftovers_of_a_cut_off_write_are_cleared_away(opened: Opened, source: Path) -> None:
    archive = opened()
    archive.ingest([source])
    before = holds_together(archive)
    chosen = [one.id for number in range(2) for one in archive.catalog.passages_of(f"n{number}")]
    with pytest.raises(KeyboardInterrupt), archive._indices.writing():
        archive.dense.upsert(["stray"], archive.catalog.vectors(chosen[:1]), ["nobody"])
        archive.dense.delete(chosen[1:2])
        archive.dense.upsert(chosen[2:3], archive.catalog.vectors(chosen[3:]), ["n1"])
        archive.lexical.delete(chosen[:2])
        archive.lexical.commit()
        raise KeyboardInterrupt
    assert {hit.head.id for hit in archive.search("number7", top_k=20)} <= {f"n{at}" for at in range(12)}
    archive.remove(["n11"])  # a later write that ends well does not hide the earlier one
    archive.close()
    again = opened()
    assert holds_together(again) == {one for one in before if one in again.catalog.passage_ids()}
    vectors = again.catalog.vectors(chosen)
    assert abs(again.dense.vectors(chosen) - vectors).max() < 2e-3


def test_searching_goes_on_while_articles_change(opened: Opened, source: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("index.build.EMBED_PASSAGES", 10)
    write(source, range(60))
    archive = opened()
    archive.ingest([source])
    done, failures, rounds = threading.Event(), list[BaseException](), [0]

    def read() -> None:
        try:
            while not done.is_set():
                for hit in archive.search("number7 words", top_k=5):
                    article = archive.catalog.passages([hit.passage.id])
                    assert hit.passage.text
                    assert all(hit.passage.span.of(archive.article(one.article_id).text) for one in article)
                assert any(hit.head.id == "n7" for hit in archive.search("number7", top_k=5))
                assert archive.list()[1] >= 57
                rounds[0] += 1
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(3):
        write(source, range(60 - turn), word=f"present{turn}")
        assert archive.ingest([source]).changed >= 57
        archive.remove([f"n{59 - turn}"])
    done.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert rounds[0] > 0
    holds_together(archive)


def test_a_changed_article_answers_with_its_former_text_until_replaced(
    opened: Opened, source: Path, tiny: Any
) -> None:
    archive = opened()
    archive.ingest([source])
    write(source, range(12), word="present")
    seen: list[str] = []

    class Look:
        def start(self, stage: str, total: int | None) -> None:
            if stage == "index":
                seen.append(archive.article("n7").text)
                seen.append(archive.search("number7")[0].passage.text)
                seen.append(archive.list(limit=1)[0][0].state)

        def advance(self, n: int) -> None:
            return None

        def stage_done(self) -> None:
            return None

    archive.ingest([source], progress=Look())
    assert "former" in seen[0]
    assert "number7" in seen[1]
    assert seen[2] == "pending"
    assert "present" in archive.article("n7").text


def test_two_ingests_at_once_take_turns(opened: Opened, source: Path) -> None:
    archive = opened()
    reports: list[Any] = []
    threads = [threading.Thread(target=lambda: reports.append(archive.ingest([source]))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.added for report in reports) == [0, 0, 12]
    holds_together(archive)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="choose another one with --home"):
        opened(tmp_path / "file" / "home")
    with pytest.raises(ArchiveError, match="no articles are stored"):
        opened(tmp_path / "nothing", read_only=True)
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "catalog.sqlite3").write_bytes(b"not a catalog, but a text of some length" * 30)
    for _ in range(2):  # the lock is given back
        with pytest.raises(ArchiveError, match="is not a catalog"):
            opened(tmp_path / "torn")


def test_nothing_removed_stays_readable_in_the_catalog(opened: Opened, source: Path, tmp_path: Path) -> None:
    archive = opened()
    archive.ingest([source])
    archive.remove(["n7"])
    archive.close()
    with sqlite3.connect(tmp_path / "home" / "catalog.sqlite3") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert b"words of number7." not in (tmp_path / "home" / "catalog.sqlite3").read_bytes()
