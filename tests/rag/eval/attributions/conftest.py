"""What the tests of attribution suites share: a made-up harbour town and who said what in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.types import Attribution, Span
from rag.eval.attributions.types import ArticleRow

HARBOUR = (
    "Ferry line to open in spring\n\n"
    "“The new pier will be ready before Easter,” said harbour master Ilse Brandt. “We have the timber.”\n\n"
    "She added that the crane would follow in June.\n\n"
    "Council member Tomas Vey called the plan far too dear."
)

Spell = Callable[..., Attribution]


@pytest.fixture(scope="session")
def harbour() -> str:
    """The text of an article, 4 attributions in it."""
    return HARBOUR


@pytest.fixture(scope="session")
def said() -> Spell:
    """Makes an attribution of words that stand in the harbour's text, or in `text`."""

    def spans(words: Sequence[str], text: str) -> tuple[Span, ...]:
        found = ((text.index(one), len(one)) for one in words)
        return tuple(sorted(Span(start, start + length) for start, length in found))

    def make(*content: str, source: str = "", cue: str = "", text: str = HARBOUR, **more: Any) -> Attribution:
        sourced, cued = (spans([one] if one else [], text) for one in (source, cue))
        return Attribution("a", spans(content, text), sourced, cued, **more)

    return make


@pytest.fixture(scope="session")
def gold(said: Spell) -> tuple[Attribution, ...]:
    """The attributions of the harbour's article."""
    return (
        said(
            *("The new pier will be ready before Easter", "We have the timber"),
            source="harbour master Ilse Brandt",
            cue="said",
            quoted=True,
        ),
        said("that the crane would follow in June", source="She", cue="added"),
        said("the plan far too dear", source="Council member Tomas Vey", cue="called"),
    )


@pytest.fixture(scope="session")
def row(gold: tuple[Attribution, ...]) -> ArticleRow:
    """The harbour's article, its gold predicted as it is."""
    return ArticleRow("a", "Ferry line", HARBOUR, gold, gold)


@pytest.fixture
def write_suite() -> Callable[..., Path]:
    """Writes a suite of the harbour's article and the records given, or of whatever lines are given."""

    def write(folder: Path, *records: dict[str, Any] | str, name: str = "harbour") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        article = {"id": "a", "title": "Ferry line", "text": HARBOUR, "published": "2031-02-03"}
        (folder / "articles.jsonl").write_text(json.dumps(article))
        (folder / "suite.json").write_text(json.dumps({"name": name}))
        lines = [one if isinstance(one, str) else json.dumps(one) for one in records or GOLD]
        (folder / "attributions.jsonl").write_text("\n".join(lines))
        return folder

    return write


def _record(content: Sequence[str], source: str, cue: str, *, quoted: bool = False) -> dict[str, Any]:
    def places(words: Sequence[str]) -> list[list[int]]:
        return [[HARBOUR.index(one), HARBOUR.index(one) + len(one)] for one in words if one]

    return {
        "article": "a",
        "content": places(content),
        "source": places([source]),
        "cue": places([cue]),
        "quoted": quoted,
        "source_text": source,
    }


GOLD = (
    _record(
        ["“The new pier will be ready before Easter,”", "“We have the timber.”"],
        *("harbour master Ilse Brandt", "said"),
        quoted=True,
    ),
    _record(["that the crane would follow in June"], "She", "added"),
    _record(["the plan far too dear"], "Council member Tomas Vey", "called"),
)
