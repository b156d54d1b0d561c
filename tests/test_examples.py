"""The examples of the docs run from top to bottom, without a network, and show what they say they show."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from rag.models import OWN

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "examples"
SHOWN = {
    "swapping.py": (
        "== Article sentences (extractive)",
        "== A chat model, checked (parrot:green)",
        "   verbatim: Kremlin spokesman Dmitry Peskov said",
        "   unsupported: The moon was full on 31 February.",
        "== With the prompt ticker@",
        "Sample Wire 2023-03-31 lukashenko-truce-wire",
        "== A chain of one's own",
        "== Embedded with ",
    )
}


def test_every_example_has_its_test() -> None:
    assert {path.name for path in FOLDER.glob("*.py")} == SHOWN.keys()


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_an_example_runs(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    known = dict(OWN)
    try:
        runpy.run_path(str(FOLDER / name), run_name="__main__")
    finally:
        OWN.clear()
        OWN.update(known)
    out = capsys.readouterr().out
    place = 0
    for shown in SHOWN[name]:
        place = out.find(shown, place)
        assert place >= 0, f"{shown!r} is not told where it should be in:\n{out}"


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_an_example_is_made_of_cells(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    cells = re.findall(r"^# %%(?: \[markdown\])?$", text, re.MULTILINE)
    assert len(cells) >= 4 and text.startswith("# %% [markdown]\n")
    assert all(line.startswith("#") for line in text.split("# %%\n")[0].splitlines() if line)
