"""The page on importing names every kind and every field."""

from __future__ import annotations

from pathlib import Path

from rag.eval.importers import KINDS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "importing.md"


def test_every_kind_and_field_is_on_the_page(kind: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"onrecord import {kind} " in text
    assert [name for name in KINDS[kind].settings if f"`{name}`" not in text] == []
