"""Sync: what is added, changed, unchanged, gone; whose article is whose."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive

Opened = Callable[..., Archive]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def archive(opened: Opened) -> Archive:
    return opened()


def write(path: Path, *records: dict[str, Any]) -> None:
    lines = [json.dumps({"title": record.get("id", ""), "text": "words", **record}) for record in records]
    path.write_text("\n".join(lines), encoding="utf-8")


def outcome(archive: Archive, *paths: Path, prune: bool = False) -> dict[str, int]:
    """The counts of an ingest that are not zero."""
    report = archive.ingest(list(paths), prune=prune)
    counts = {name: getattr(report, name) for name in ("added", "changed", "unchanged", "removed", "gone")}
    counts["unreadable"] = len(report.unreadable)
    return {name: count for name, count in counts.items() if count}


def content(archive: Archive) -> dict[str, Any]:
    """Everything that can be found, from all three places; they must agree."""
    ids = sorted(archive.catalog.passage_ids())
    assert archive.dense.ids() == archive.lexical.ids() == set(ids)
    found = {}
    for entry in archive.list(order="id")[0]:
        article = archive.article(entry.id)
        passages = archive.catalog.passages_of(entry.id)
        assert all(passage.span.of(article.text) == passage.text for passage in passages)
        found[entry.id] = (article, entry.state, tuple(passages))
    if ids:
        vectors = archive.catalog.vectors(ids)
        # Chroma keeps unit vectors; ours have the digits of half precision
        assert abs(archive.dense.vectors(ids) - vectors).max() < 2e-3
        found["vectors"] = vectors.tobytes()
    found["lines"] = archive.catalog.rows("SELECT * FROM lines ORDER BY key")
    return found


def text_of(archive: Archive, article_id: str) -> str:
    return archive.article(article_id).text


def test_what_is_added_is_found_everywhere(archive: Archive, source: Path) -> None:
    write(source / "a.jsonl", {"id": "x", "text": "Rain fell.\nIt fell again."}, {"id": "y", "text": "Sun."})
    (source / "harbour.txt").write_text("Harbour news\nShips came in.")
    report = archive.ingest([source])
    assert (report.added, report.passages, report.unreadable) == (3, 5, ())
    assert set(content(archive)) == {"x", "y", "harbour", "vectors", "lines"}
    passage = archive.catalog.passages_of("x")[1]
    assert archive.lexical.query("again", 5)[0][0] == passage.id
    assert archive.dense.query(archive.catalog.vectors([passage.id])[0], 1)[0][0] == passage.id


def test_the_same_again_adds_nothing_and_needs_no_embedder(opened: Opened, source: Path, tiny: Any) -> None:
    write(source / "a.jsonl", {"id": "x"}, {"id": "y"})
    (source / "b.txt").write_text("Title\nText.")
    with opened() as archive:
        archive.ingest([source])
        before = content(archive)

    def refuse() -> Any:
        raise AssertionError("nothing to embed")

    again = opened(
        stages=tiny.Stages(tiny.load, tiny.lines_of, tiny.clean, tiny.chunk, tiny.prompt, refuse, "tiny-1")
    )
    assert outcome(again, source) == {"unchanged": 3}
    assert content(again) == before


def test_a_changed_record_replaces_its_passages(archive: Archive, source: Path) -> None:
    write(source / "a.jsonl", {"id": "x", "text": "Rain fell.\nThe end."}, {"id": "y"})
    archive.ingest([source])
    former = {passage.id for passage in archive.catalog.passages_of("x")}
    write(source / "a.jsonl", {"id": "x", "text": "Snow fell.\nThe end."}, {"id": "y"})
    assert outcome(archive, source) == {"changed": 1, "unchanged": 1}
    assert text_of(archive, "x") == "Snow fell.\nThe end."
    now = {passage.id for passage in archive.catalog.passages_of("x")}
    assert len(now & former) == 1
    assert archive.lexical.query("rain", 5) == []
    content(archive)


@pytest.mark.parametrize(
    "change",
    [
        "title=T",
        "url=https://example.org",
        "source=S",
        "published=2024-01-31",
        "author=A",
        "language=en",
        "text=w ",
    ],
)
def test_every_field_counts_as_a_change(archive: Archive, source: Path, change: str) -> None:
    write(source / "a.jsonl", {"id": "x"})
    archive.ingest([source])
    write(source / "a.jsonl", {"id": "x", **dict([change.split("=")])})
    assert outcome(archive, source) == {"changed": 1}
    assert outcome(archive, source) == {"unchanged": 1}


def test_a_changed_file_keeps_its_id(archive: Archive, source: Path) -> None:
    (source / "b.txt").write_text("Title\nFormer.")
    archive.ingest([source])
    (source / "b.txt").write_text("Title\nPresent.")
    assert outcome(archive, source) == {"changed": 1}
    assert text_of(archive, "b") == "Title\nPresent."
    assert archive.list()[1] == 1


def test_files_of_one_name_both_get_an_id(archive: Archive, source: Path) -> None:
    for folder, text in (("north", "One."), ("south", "Two.")):
        (source / folder).mkdir()
        (source / folder / "news.txt").write_text(text)
    assert outcome(archive, source) == {"added": 2}
    first, second = (entry.id for entry in archive.list(order="id")[0])
    assert first == "news"
    assert second.startswith("news-")
    assert len(second) == len("news-") + 8
    before = content(archive)
    assert outcome(archive, source / "south", source / "north") == {"unchanged": 2}
    assert content(archive) == before


def test_the_same_content_in_another_file_is_stored_once(archive: Archive, source: Path) -> None:
    for name in ("a", "b", "c"):
        (source / f"{name}.txt").write_text("The very same.")
    assert outcome(archive, source) == {"added": 1, "unchanged": 2}
    assert archive.list()[1] == 1
    assert outcome(archive, source) == {"unchanged": 3}


def test_a_copy_keeps_the_content_when_its_first_file_changes(archive: Archive, source: Path) -> None:
    (source / "b.txt").write_text("The very same.")
    archive.ingest([source])
    (source / "a.txt").write_text("The very same.")  # seen before b at the next run
    assert outcome(archive, source) == {"unchanged": 2}
    (source / "b.txt").write_text("Something else.")
    archive.ingest([source])
    assert {text_of(archive, one.id) for one in archive.list()[0]} == {"The very same.", "Something else."}
    assert outcome(archive, source) == {"unchanged": 2}


def test_a_moved_file_stays_the_same_article(archive: Archive, source: Path) -> None:
    (source / "a.txt").write_text("One.")
    archive.ingest([source])
    (source / "a.txt").rename(source / "moved.txt")
    assert outcome(archive, source, prune=True) == {"unchanged": 1}
    assert archive.list()[0][0].origin == str(source / "moved.txt")
    (source / "moved.txt").write_text("Changed there.")
    assert outcome(archive, source, prune=True) == {"changed": 1}
    assert text_of(archive, "a") == "Changed there."


def test_of_two_records_with_one_id_the_first_is_kept_and_the_other_named(
    archive: Archive, source: Path
) -> None:
    records = [{"id": "x", "text": "One."}, {"id": "x", "text": "Two."}, {"id": "x", "text": "One."}]
    write(source / "a.jsonl", *records)
    report = archive.ingest([source])
    assert (report.added, report.changed, report.unchanged) == (1, 0, 1)
    assert [one.origin for one in report.unreadable] == [f"{source / 'a.jsonl'}#2"]
    assert 'the id "x"' in report.unreadable[0].reason
    assert text_of(archive, "x") == "One."
    assert outcome(archive, source) == {"unchanged": 2, "unreadable": 1}


@pytest.mark.parametrize("files_first", [True, False])
def test_a_record_keeps_its_own_id_against_a_file_of_that_name(
    archive: Archive, source: Path, files_first: bool
) -> None:
    (source / "x.txt").write_text("From the file.")
    write(source / "a.jsonl", {"id": "x", "text": "From the record."})
    order = [source / "x.txt", source / "a.jsonl"]
    for path in order if files_first else reversed(order):
        archive.ingest([path])
    assert text_of(archive, "x") == "From the record."
    others = [entry.id for entry in archive.list()[0] if entry.id != "x"]
    assert [text_of(archive, one) for one in others] == ["From the file."]
    assert others[0].startswith("x-")
    assert outcome(archive, source) == {"unchanged": 2}
    content(archive)


def test_gone_articles_are_counted_and_removed_only_when_asked(archive: Archive, source: Path) -> None:
    write(source / "a.jsonl", {"id": "x"}, {"id": "y", "text": "Rain."})
    (source / "b.txt").write_text("File.")
    archive.ingest([source])
    write(source / "a.jsonl", {"id": "x"})
    (source / "b.txt").unlink()
    assert outcome(archive, source) == {"unchanged": 1, "gone": 2}
    assert archive.list()[1] == 3
    assert outcome(archive, source, prune=True) == {"unchanged": 1, "removed": 2}
    assert [entry.id for entry in archive.list()[0]] == ["x"]
    assert archive.lexical.query("rain", 5) == []
    content(archive)


def test_nothing_is_gone_that_was_not_looked_for(archive: Archive, source: Path, tmp_path: Path) -> None:
    other = tmp_path / "source-other"
    other.mkdir()
    (other / "kept.txt").write_text("Kept.")
    write(source / "a.jsonl", {"id": "x"})
    (source / "b.txt").write_text("Readable.")
    archive.ingest([source, other])
    assert outcome(archive, source, prune=True) == {"unchanged": 2}
    (source / "b.txt").write_text("")  # unreadable now
    assert outcome(archive, source, prune=True) == {"unchanged": 1, "unreadable": 1}
    (other / "kept.txt").unlink()
    other.rmdir()  # perhaps a disk that is not there today
    assert outcome(archive, other, prune=True) == {"unreadable": 1}
    assert archive.list()[1] == 3


def test_a_gone_file_leaves_its_article_to_a_copy_elsewhere(
    archive: Archive, source: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    copy = elsewhere / "copy.txt"
    for path in (source / "a.txt", copy):
        path.write_text("The very same.")
        archive.ingest([path])
    (source / "a.txt").unlink()
    assert outcome(archive, source, prune=True) == {}
    assert archive.list()[0][0].origin == str(copy)
    copy.unlink()
    assert outcome(archive, elsewhere, prune=True) == {"removed": 1}


def test_cleaning_knows_the_lines_of_all_articles_of_the_run(
    archive: Archive, source: Path, opened: Opened
) -> None:
    for at in range(5):
        (source / f"n{at}.txt").write_text(f"Title {at}\nSign up for more!\nText {at}.")
    archive.ingest([source])
    assert all("Sign up" not in text_of(archive, f"n{at}") for at in range(5))
    assert archive.raw("n0") == "Title 0\nSign up for more!\nText 0."
    cleaned = archive.cleaned("n0")
    assert [(one.text, one.reason) for one in cleaned.removed] == [("Sign up for more!\n", "recurs")]
    assert cleaned.offsets.to_raw(cleaned.article.text.index("Text")) == archive.raw("n0").index("Text")
    reverse = opened(source.parent / "reverse")
    reverse.ingest(sorted(source.iterdir(), reverse=True))
    assert {k: v for k, v in content(reverse).items() if k != "added_at"} == content(archive)


def test_line_counts_follow_changes_and_removals(archive: Archive, source: Path) -> None:
    for name in ("a", "b"):
        (source / f"{name}.txt").write_text(f"Shared line\nOnly {name}")
    archive.ingest([source])
    (source / "a.txt").write_text("Shared line\nOther")
    archive.ingest([source])
    counts = dict(archive.catalog.rows("SELECT * FROM lines"))
    assert counts == {"Shared line": 2, "Only b": 1, "Other": 1}
    archive.remove(["a", "b"])
    assert archive.catalog.rows("SELECT * FROM lines") == []


def test_an_article_that_cannot_be_cut_stops_no_other_and_is_tried_again(
    archive: Archive, source: Path
) -> None:
    write(source / "a.jsonl", {"id": "x", "text": "uncuttable"}, {"id": "y"})
    report = archive.ingest([source])
    assert [one.origin for one in report.unreadable] == [f"{source / 'a.jsonl'}#1"]
    assert "no way to cut this" in report.unreadable[0].reason
    assert [(entry.id, entry.state) for entry in archive.list(order="id")[0]] == [
        ("x", "pending"),
        ("y", "done"),
    ]
    write(source / "a.jsonl", {"id": "x", "text": "Mended."}, {"id": "y"})
    assert outcome(archive, source) == {"added": 1, "unchanged": 1}
    assert text_of(archive, "x") == "Mended."


def test_half_a_surrogate_pair_is_stored_as_a_replacement(archive: Archive, source: Path) -> None:
    (source / "a.jsonl").write_text('{"id": "x", "title": "T", "text": "Smile \\ud83d now \\u0000."}')
    assert outcome(archive, source) == {"added": 1}
    assert text_of(archive, "x") == "Smile \ufffd now \x00."
    assert outcome(archive, source) == {"unchanged": 1}


def test_the_archive_does_not_read_its_own_files(opened: Opened, source: Path, tiny: Any) -> None:
    archive = opened(source / "home", stages=tiny.tiny_stages(load=tiny.every_file))
    (source / "a.txt").write_text("Text.")
    assert outcome(archive, source / "a.txt") == {"added": 1}
    assert outcome(archive, source) == {"unchanged": 1}


def test_an_article_without_passages_is_done(archive: Archive, source: Path) -> None:
    write(source / "a.jsonl", {"id": "x", "text": " "})
    assert outcome(archive, source) == {"added": 1}
    assert archive.list()[0][0].state == "done"


def test_progress_adds_up(archive: Archive, source: Path) -> None:
    told: list[Any] = []

    class Told:
        def start(self, stage: str, total: int | None) -> None:
            told.append([stage, total, 0])

        def advance(self, n: int) -> None:
            told[-1][2] += n

        def stage_done(self) -> None:
            told[-1].append("done")

    write(source / "a.jsonl", *({"id": f"n{at}", "text": f"Text {at}."} for at in range(7)))
    archive.ingest([source], progress=Told())
    assert told == [["load", None, 7, "done"], ["index", 7, 7, "done"]]
