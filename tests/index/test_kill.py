"""Killed at any point and run again, an ingest leaves what an undisturbed one leaves."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.archive import Archive

Opened = Callable[..., Archive]
ROOT = Path(__file__).parents[2]


def write(source: Path, numbers: range, changed: int = 0) -> None:
    """Articles that share lines, in records and files; `changed` of them with another text."""
    source.mkdir(exist_ok=True)
    lines = []
    for at in numbers:
        word = "present" if at % 5 < changed else "former"
        text = f"The {word} words of number{at}.\nSign up for more!\nMore {word} about it, and number{at}."
        text += f"\nSpeaker {at % 7}: the {word} number is {at}."
        if at % 10:
            record = {"id": f"n{at}", "title": f"Title {at}", "text": text, "source": f"Outlet {at % 3}"}
            lines.append(json.dumps(record))
        else:
            (source / f"file{at}.txt").write_text(f"Title {at}\n{text}", encoding="utf-8")
    (source / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")


def start(home: Path, source: Path, *options: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        str(Path(__file__).with_name("tiny.py")),
        str(home),
        str(source),
        "prune",
        *options,
    ]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )


def finished(home: Path, source: Path, opened: Opened) -> dict[str, Any]:
    """The content after an ingest that is not disturbed."""
    with opened(home) as archive:
        report = archive.ingest([source], prune=True)
        assert report.unreadable == ()
        return content(archive)


def content(archive: Archive) -> dict[str, Any]:
    """Everything in the three places but the time of adding."""
    rows = archive.catalog.rows
    tables: dict[str, Any] = {
        name: rows(f"SELECT {columns} FROM {name} ORDER BY 1")
        for name, columns in {
            "articles": "id, title, url, source, published, author, language, origin, hash, named, passages",
            "texts": "*", "passages": "*", "pending": "id", "copies": "*", "lines": "*", "meta": "*",
            "attributions": "*", "attributed": "*",
        }.items()
    }  # fmt: skip
    ids = sorted(archive.catalog.passage_ids())
    assert archive.dense.ids() == archive.lexical.ids() == set(ids)
    tables["dense"] = np.round(archive.dense.vectors(ids), 4).tolist()
    found = [archive.dense.query(row, 1)[0][1] for row in archive.catalog.vectors(ids[::7])]
    # the graph of the dense index is approximate, and these vectors are very alike
    tables["found"] = np.mean([cosine > 0.999 for cosine in found]) >= 0.95
    for words in ("former words", "number7", "sign up", "title"):
        tables[words] = sorted(one for one, _ in archive.lexical.query(words, 100_000))
    return tables


def undisturbed(tmp_path: Path, opened: Opened, steps: list[Callable[[], None]]) -> list[dict[str, Any]]:
    """The content after each of the steps, none of them interrupted."""
    contents = []
    for step in steps:
        step()
        contents.append(finished(tmp_path / "undisturbed", tmp_path / "source", opened))
    return contents


def steps_of(tmp_path: Path, articles: int) -> list[Callable[[], None]]:
    """A first ingest, then one after some articles changed, came and went."""
    source = tmp_path / "source"

    def later() -> None:
        (source / "file0.txt").unlink()
        write(source, range(10, articles + 10), changed=2)

    return [lambda: write(source, range(articles)), later]


def killed_at_random(tmp_path: Path, opened: Opened, articles: int, kills: int) -> None:
    steps = steps_of(tmp_path, articles)
    started = time.monotonic()
    wanted = undisturbed(tmp_path, opened, steps)
    took_s = (time.monotonic() - started) / len(steps)
    chance = random.Random(20230330)
    for path in (tmp_path / "source").iterdir():
        path.unlink()
    cut_off = 0
    for step, expected in zip(steps, wanted, strict=True):
        step()
        for _ in range(kills):
            with start(tmp_path / "home", tmp_path / "source") as process:
                assert process.stdout is not None
                process.stdout.readline()
                try:
                    process.wait(chance.uniform(0, 2 * took_s / kills))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    cut_off += process.wait() == -signal.SIGKILL
        assert finished(tmp_path / "home", tmp_path / "source", opened) == expected
    assert cut_off >= kills // 2, "too few of the kills came in time"


def killed_at_steps(tmp_path: Path, opened: Opened, chosen: range) -> None:
    steps = steps_of(tmp_path, 40)
    wanted = undisturbed(tmp_path, opened, steps)
    for path in (tmp_path / "source").iterdir():
        path.unlink()
    for number, (step, expected) in enumerate(zip(steps, wanted, strict=True)):
        step()
        for at in chosen:
            home = tmp_path / f"home-{at}"
            with start(home, tmp_path / "source", f"die={at}") as process:
                _, err = process.communicate()
            assert process.returncode in (0, -signal.SIGKILL), err
            found = finished(home, tmp_path / "source", opened)
            assert found == expected, f"killed at step {at} of run {number}"


def test_killed_at_random_times(tmp_path: Path, opened: Opened) -> None:
    killed_at_random(tmp_path, opened, articles=60, kills=2)


def test_killed_at_some_steps(tmp_path: Path, opened: Opened) -> None:
    killed_at_steps(tmp_path, opened, range(30, 80, 25))


def test_killed_while_attributions_are_derived_anew(tmp_path: Path, opened: Opened, tiny: Any) -> None:
    source, home = tmp_path / "source", tmp_path / "home"
    write(source, range(20))
    wanted = finished(tmp_path / "undisturbed", source, opened)
    finished(home, source, opened)
    wanted["attributed"] = [(article_id, "tiny-2", "") for article_id, _, _ in wanted["attributed"]]
    for at in (9, 24):
        with start(home, source, f"die={at}", "rules=tiny-2") as process:
            _, err = process.communicate()
        assert process.returncode == -signal.SIGKILL, err
    with opened(home, stages=tiny.tiny_stages(attributing="tiny-2")) as archive:
        assert 0 < archive.unattributed() < 20
        archive.ingest([])
        assert archive.unattributed() == 0
        assert content(archive) == wanted


@pytest.mark.slow
def test_killed_at_many_random_times(tmp_path: Path, opened: Opened) -> None:
    killed_at_random(tmp_path, opened, articles=400, kills=12)


@pytest.mark.slow
def test_killed_at_every_third_step(tmp_path: Path, opened: Opened) -> None:
    killed_at_steps(tmp_path, opened, range(1, 130, 3))
