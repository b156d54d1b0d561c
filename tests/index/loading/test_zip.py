"""Zip files as folders, hostile ones among them: nothing is written elsewhere, nothing blows up."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.load import load
from index.loading import zipped
from index.prune import is_gone
from index.types import Loaded, Unreadable

WORDS = "The ferry sails at nine, the port said."


def packed(path: Path, *entries: tuple[str | zipfile.ZipInfo, str | bytes]) -> Path:
    """A zip file with these entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in entries:
            out.writestr(name, data)
    return path


def told(path: Path) -> tuple[list[str], dict[str, str]]:
    """The ids of what was loaded, and reasons by what follows the zip file's path."""
    found = list(load(path))
    ids = [one.article.id for one in found if isinstance(one, Loaded)]
    reasons = {
        one.origin.removeprefix(f"{path}/"): one.reason for one in found if isinstance(one, Unreadable)
    }
    assert all(reason.isprintable() for reason in reasons.values())
    return ids, reasons


def test_a_zip_file_is_read_as_a_folder(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "a.zip",
        ("news/b.txt", "Bread was baked all night."),
        ("news/a.txt", WORDS),
        ("many.jsonl", '{"id": "x", "text": "One."}\n{"text": ""}\n'),
        ("news/picture.png", b"\x89PNG"),
        ("news/.hidden.txt", "no"),
        ("__MACOSX/news/._a.txt", "no"),
        ("empty/", ""),
    )
    found = list(load(path))
    assert [(one.origin, getattr(one, "named", None)) for one in found] == [
        (f"{path}/many.jsonl#1", True),
        (f"{path}/many.jsonl#2", None),
        (f"{path}/news/a.txt", False),
        (f"{path}/news/b.txt", False),
    ]
    assert [one.article.id for one in found if isinstance(one, Loaded)] == ["x", "a", "b"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]


def test_zip_files_in_a_folder_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Bread.")
    packed(tmp_path / "a.zip", ("a.txt", WORDS))
    assert told(tmp_path)[0] == ["a", "b"]


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "C:/evil.txt", "..\\evil.txt", "a\\..\\b.txt"],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    path = packed(tmp_path / "in" / "a.zip", (name, WORDS), ("good.txt", WORDS))
    ids, reasons = told(path)
    assert ids == ["good"] and len(reasons) == 1
    assert "leads out" in next(iter(reasons.values()))
    assert [one.name for one in tmp_path.rglob("*")] == ["in", "a.zip"]


def test_links_and_other_special_files_are_refused(tmp_path: Path) -> None:
    entries = []
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
        info = zipfile.ZipInfo(f"{kind}.txt")
        info.external_attr = (kind | 0o777) << 16
        entries.append((info, "/etc/passwd"))
    ids, reasons = told(packed(tmp_path / "a.zip", *entries))
    assert ids == [] and len(reasons) == 3 and all("a link" in one for one in reasons.values())


def test_zip_files_in_zip_files_are_refused(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", ("a.txt", WORDS)).read_bytes()
    ids, reasons = told(packed(tmp_path / "a.zip", ("inner.ZIP", inner), ("b.txt", WORDS)))
    assert ids == ["b"] and "zip file in a zip file" in reasons["inner.ZIP"]


def test_encrypted_entries_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("a.txt", WORDS))
    data = bytearray(path.read_bytes())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(sign) + at
        data[start : start + 2] = struct.pack("<H", 1)
    path.write_bytes(data)
    assert "encrypted" in told(path)[1]["a.txt"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_packings_are_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as out:
        out.writestr("a.txt", WORDS)
    assert "rare way" in told(tmp_path / "a.zip")[1]["a.txt"]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("bomb.txt", bytes(20_000_000)), ("good.txt", WORDS))
    assert path.stat().st_size < 50_000
    ids, reasons = told(path)
    assert ids == ["good"] and "200 times" in reasons["bomb.txt"]


def test_an_entry_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("a.txt", "x" * 5000))
    data = path.read_bytes().replace(struct.pack("<L", 5000), struct.pack("<L", 10))
    path.write_bytes(data)
    ids, reasons = told(path)
    assert ids == [] and "damaged" in reasons["a.txt"]


def test_too_many_entries_or_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "a.zip", *((f"{n}.txt", WORDS) for n in range(12)))
    monkeypatch.setattr(zipped, "MAX_ENTRIES", 10)
    assert "12 entries" in told(path)[1][str(path)]
    monkeypatch.setattr(zipped, "MAX_ENTRIES", 20)
    monkeypatch.setattr(zipped, "MAX_TOTAL_BYTES", 100)
    assert "unpacks to" in told(path)[1][str(path)]


def test_one_name_twice_is_read_once(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        path = packed(tmp_path / "a.zip", ("a.txt", WORDS), ("a.txt", "Other words."))
    ids, reasons = told(path)
    assert ids == ["a"] and "same name" in reasons["a.txt"]


def test_what_is_no_zip_file_or_holds_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 no")
    assert "wanted a whole one" in told(tmp_path / "a.zip")[1][str(tmp_path / "a.zip")]
    path = packed(tmp_path / "b.zip", ("a.png", b""))
    assert "no file of a kind" in told(path)[1][str(path)]


def whole() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("news/a.txt", WORDS * 5)
        out.writestr("b.jsonl", '{"id": "x", "text": "One."}\n' * 3)
    return buffer.getvalue()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=12), cut=st.integers(0, 60)
)
def test_any_damage_is_told_and_never_raises(tmp_path: Path, edits: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(whole())
    for at, byte in edits:
        data[at % len(data)] = byte
    path = tmp_path / "a.zip"
    path.write_bytes(bytes(data[: len(data) - cut]))
    found = list(load(path))
    assert found
    for one in found:
        assert one.origin.startswith(str(path)) and one.origin.isprintable()
    assert [one.name for one in tmp_path.rglob("*")] == ["a.zip"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=40))
def test_any_name_is_read_or_refused_inside_the_zip(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.zip"
    try:
        packed(path, (f"{name}.txt", WORDS))
    except (UnicodeEncodeError, ValueError):
        return
    for one in load(path):
        assert one.origin.startswith(str(path)) and one.origin.isprintable()
    assert [one.name for one in tmp_path.rglob("*")] == ["a.zip"]


# --- stored ------------------------------------------------------------------------------------


@pytest.fixture
def archive(opened: Callable[..., Archive], tiny: Any) -> Archive:
    return opened(stages=tiny.tiny_stages(load=load))


def test_a_new_version_of_a_zip_file_changes_adds_and_prunes(archive: Archive, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("a.txt", WORDS), ("b.txt", "Bread."), ("c.txt", "Cake."))
    assert archive.ingest([path]).added == 3
    assert archive.ingest([path]).unchanged == 3
    packed(path, ("a.txt", WORDS), ("b.txt", "Bread and butter."), ("d.txt", "Dew."))
    report = archive.ingest([path], prune=True)
    assert (report.added, report.changed, report.unchanged, report.removed) == (1, 1, 1, 1)
    assert [one.id for one in archive.list(order="id")[0]] == ["a", "b", "d"]


def test_an_entry_that_is_there_is_not_gone(archive: Archive, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("a.txt", WORDS))
    assert not is_gone(f"{path}/a.txt") and is_gone(f"{path}/b.txt") and is_gone(f"{tmp_path}/b.zip/a.txt")
    archive.ingest([path])
    (tmp_path / "copy.txt").write_text(WORDS)
    archive.ingest([tmp_path / "copy.txt"])
    assert [one.origin for one in archive.list()[0]] == [f"{path}/a.txt"]
    path.unlink()
    assert archive.ingest([tmp_path], prune=True).removed == 0
    assert [one.origin for one in archive.list()[0]] == [f"{tmp_path}/copy.txt"]
