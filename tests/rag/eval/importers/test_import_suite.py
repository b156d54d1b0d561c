"""What holds for every kind: a suite that reads back, exact spans, the same bytes, all or nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.load import load
from index.types import Loaded
from rag.eval.importers import KINDS, import_suite
from rag.eval.suite import read_lines, read_suite
from rag.eval.types import SuiteError

Official = Callable[[str], Path]


def _loaded(suite: Path) -> dict[str, Any]:
    found = list(load(suite / "articles.jsonl.gz"))
    assert all(isinstance(one, Loaded) for one in found), found
    return {one.article.id: one.article for one in found if isinstance(one, Loaded)}


def test_each_kind_is_described_in_one_line(kind: str) -> None:
    importer = KINDS[kind]
    assert importer.description.count(": ") == 1
    assert "\n" not in importer.description
    assert all(importer.settings.values())


def test_an_imported_suite_reads_back(kind: str, official: Official, tmp_path: Path) -> None:
    imported = import_suite(kind, official(kind), tmp_path / "out" / "mine")
    suite = read_suite(tmp_path / "out" / "mine")
    facts = json.loads((tmp_path / "out" / "mine" / "suite.json").read_text(encoding="utf-8"))
    assert suite.name == facts["name"] == "mine"
    assert len(suite.questions) == imported.questions == facts["n_questions"] > 1
    assert imported.articles == facts["n_articles"] > 1
    assert imported.dropped == facts["dropped"]
    assert facts["n_answerable"] == sum(q.answerable for q in suite.questions)
    assert facts["n_with_evidence"] == sum(bool(q.evidence) for q in suite.questions)
    assert all(facts[name] for name in ("description", "source", "kind"))


def test_loading_keeps_ids_and_texts_and_spans_are_exact(
    kind: str, official: Official, tmp_path: Path
) -> None:
    import_suite(kind, official(kind), tmp_path / "mine")
    written = {record["id"]: record for _, record in read_lines(tmp_path / "mine" / "articles.jsonl.gz")}
    articles = _loaded(tmp_path / "mine")
    assert {key: article.text for key, article in articles.items()} == {
        key: record["text"] for key, record in written.items()
    }
    for question in read_suite(tmp_path / "mine").questions:
        assert {*question.qrels, *(question.articles or ())} <= set(articles)
        for piece in question.evidence:
            if piece.span:
                assert piece.span.end <= len(articles[piece.article].text)


def test_the_same_files_give_the_same_bytes(kind: str, official: Official, tmp_path: Path) -> None:
    path = official(kind)
    for place in ("a", "b"):
        import_suite(kind, path, tmp_path / place / "mine")
    for name in ("suite.json", "questions.jsonl", "articles.jsonl.gz"):
        assert (tmp_path / "a" / "mine" / name).read_bytes() == (tmp_path / "b" / "mine" / name).read_bytes()
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["mine"]


def test_a_full_folder_is_left_alone(official: Official, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "kept.txt").write_text("mine")
    with pytest.raises(SuiteError, match="already there and not empty"):
        import_suite("squad", official("squad"), out)
    assert [p.name for p in out.iterdir()] == ["kept.txt"]


def test_an_empty_folder_is_filled(official: Official, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    import_suite("squad", official("squad"), tmp_path / "mine")
    assert read_suite(tmp_path / "mine").questions


def test_a_link_is_not_written_through(official: Official, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "mine").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SuiteError, match="already there"):
        import_suite("squad", official("squad"), tmp_path / "mine")


def test_nothing_half_written_stays(
    official: Official, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gzip, "compress", full)
    place = tmp_path / "place"
    with pytest.raises(SuiteError, match=r"cannot be written \(No space left"):
        import_suite("squad", official("squad"), place / "mine")
    assert list(place.iterdir()) == []


def test_a_file_in_the_way_of_the_folder(official: Official, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SuiteError, match="cannot be"):
        import_suite("squad", official("squad"), tmp_path / "file" / "mine")


def test_ids_are_never_paths(official: Official, tmp_path: Path) -> None:
    import_suite("beir", official("beir"), tmp_path / "place" / "mine")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["official", "place"]
    assert "../../d2" in _loaded(tmp_path / "place" / "mine")


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("trivia", {}, '"trivia" is no kind of files that is known, wanted one of realtimeqa, '),
        ("squad", {"split": "dev"}, 'squad has no field "split"; it knows articles'),
        ("multihop-rag", {"x": "y"}, 'multihop-rag has no field "x"; it knows none'),
    ],
)
def test_unknown_kinds_and_fields(tmp_path: Path, kind: str, fields: dict[str, str], message: str) -> None:
    with pytest.raises(SuiteError, match=message):
        import_suite(kind, tmp_path, tmp_path / "mine", fields)


def test_a_missing_path(kind: str, tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="does not exist, wanted"):
        import_suite(kind, tmp_path / "nowhere", tmp_path / "mine")


def test_an_empty_folder_or_file(kind: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.json").write_text("")
    for name in ("folder", "file.json"):
        with pytest.raises(SuiteError) as caught:
            import_suite(kind, tmp_path / name, tmp_path / "mine")
        assert "\n" not in str(caught.value)
