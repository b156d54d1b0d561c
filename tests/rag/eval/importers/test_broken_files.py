"""Broken and hostile files: one line that says what is wrong, never anything else."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.load import load
from index.types import Loaded
from rag.eval.importers import import_suite
from rag.eval.suite import read_lines, read_suite
from rag.eval.types import SuiteError

Official = Callable[[str], Path]

MAIN = {
    "realtimeqa": "past/2022/20220617_qa.jsonl",
    "multihop-rag": "dataset/MultiHopRAG.json",
    "rgb": "data/en_refine.json",
    "squad": "",
    "beir": "queries.jsonl",
    "mtrag": "human/generation_tasks/reference.jsonl",
    "jsonl": "questions.jsonl",
}


def _fails(kind: str, path: Path, out: Path) -> str:
    with pytest.raises(SuiteError) as caught:
        import_suite(kind, path, out)
    assert not out.exists()
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{broken", "is no JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": ' + b"9" * 5000 + b"}", "is no JSON"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b'"text"\n', "wanted an object"),
        (b"{}\n", "has no field"),
    ],
)
def test_a_broken_file(kind: str, official: Official, tmp_path: Path, content: bytes, said: str) -> None:
    path = official(kind)
    (path / MAIN[kind] if MAIN[kind] else path).write_bytes(content)
    assert said in _fails(kind, path, tmp_path / "mine")


def test_damaged_gzip(official: Official, tmp_path: Path) -> None:
    path = official("beir")
    packed = gzip.compress((path / "queries.jsonl").read_bytes())
    (path / "queries.jsonl").unlink()
    (path / "queries.jsonl.gz").write_bytes(packed)
    import_suite("beir", path, tmp_path / "whole")
    (path / "queries.jsonl.gz").write_bytes(packed[:-12])
    assert "cannot be read" in _fails("beir", path, tmp_path / "mine")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("query-id\tcorpus-id\tscore\nq1\td1\n", "line 2 of test.tsv has 2 columns"),
        ("query-id\tcorpus-id\tscore\nq1\td1\tmuch\n", "a score that is no number"),
        ("q1\tlost\t1\n", "found no usable question"),
    ],
)
def test_broken_judgements(official: Official, tmp_path: Path, rows: str, said: str) -> None:
    path = official("beir")
    (path / "qrels" / "test.tsv").write_text(rows, encoding="utf-8")
    assert said in _fails("beir", path, tmp_path / "mine")


def test_a_wrong_type_is_named_with_its_place(official: Official, tmp_path: Path) -> None:
    path = official("mtrag")
    file = path / MAIN["mtrag"]
    tasks = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    tasks[1]["input"][1]["text"] = 5
    file.write_text("".join(json.dumps(task) + "\n" for task in tasks), encoding="utf-8")
    said = _fails("mtrag", path, tmp_path / "mine")
    assert said == 'item 2 of "input", line 2 of reference.jsonl: "text" is a number, wanted text'


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels"])
def test_a_missing_file(official: Official, tmp_path: Path, missing: str) -> None:
    path = official("beir")
    gone = path / missing
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    assert "found no " in _fails("beir", path, tmp_path / "mine")


ANY_TEXT = st.text(max_size=12) | st.sampled_from(
    ["\x00", "\ud800", "../../x", "2022/06/16", "<p>a</p><p>b</p>", "yes", "1", "null_query", "user", "null"]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where something can be put in place of something else in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in _places(item, (*path, key)))]


def _put(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _put(copy[path[0]], path[1:], new)
    return copy


def _read(file: Path) -> list[Any]:
    text = file.read_text(encoding="utf-8")
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_anything_in_place_of_anything(
    kind: str, official: Official, tmp_path: Path, data: st.DataObject
) -> None:
    root = tmp_path / "official"
    path = official(kind) if not root.exists() else _again(kind, root)
    files = [f for f in ([path] if path.is_file() else sorted(path.rglob("*.json*"))) if f.is_file()]
    file = data.draw(st.sampled_from(files))
    before = file.read_bytes()
    content: Any = _read(file)
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(content)[1:]
        if places:
            content = _put(content, data.draw(st.sampled_from(places)), data.draw(ANY_JSON))
    file.write_text("".join(json.dumps(record) + "\n" for record in content), encoding="utf-8")
    out = Path(tempfile.mkdtemp(dir=tmp_path)) / "mine"
    try:
        import_suite(kind, path, out)
    except SuiteError as error:
        assert "\n" not in str(error)
        assert not out.exists()
    else:
        _check(out)
    finally:
        file.write_bytes(before)


def _again(kind: str, root: Path) -> Path:
    return root / "dev-v2.0.json" if kind == "squad" else root


def _check(out: Path) -> None:
    """The suite reads and loads back as it is, its evidence is in its articles, inside their texts."""
    texts = {record["id"]: record["text"] for _, record in read_lines(out / "articles.jsonl.gz")}
    loaded = list(load(out / "articles.jsonl.gz"))
    assert {one.article.id: one.article.text for one in loaded if isinstance(one, Loaded)} == texts
    for question in read_suite(out).questions:
        assert question.text.strip()
        assert {*question.qrels, *(question.articles or ())} <= set(texts)
        assert all(not p.span or p.span.end <= len(texts[p.article]) for p in question.evidence)
