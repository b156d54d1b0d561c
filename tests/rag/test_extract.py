"""Which lines may answer, and that a speaker's words on the topic are found in a long article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.archive import Archive
from rag.assistant import Assistant
from rag.extract import _can_answer, _is_bare_line


@pytest.mark.parametrize(
    ("text", "rest", "bare"),
    [
        ("What the mayor said about ports, taxes and the new bridge: the whole speech", "\n\nThe", True),
        ("Rain fell on Monday.", "\nThe", False),
        ("- Ports: three", "\n- Taxes", False),
        ("Final score 3-1", "\nThe", False),
        ("a text cut off in the middle of", "", False),
    ],
)
def test_a_bare_line_is_no_sentence(text: str, rest: str, bare: bool) -> None:
    assert _is_bare_line(text, rest) is bare


def test_neither_headline_nor_credit_answers() -> None:
    assert not _can_answer("Mayor opens bridge", "Mayor Opens Bridge")
    assert not _can_answer("Ada Okoye/Sample Wire", "Mayor opens bridge")
    assert _can_answer("He said no.", "Mayor opens bridge")


def test_words_on_the_topic_are_found_late_in_a_long_article(tmp_path: Path) -> None:
    filler = "\n\n".join(
        f"Mayor Ada Okoye said that district {n} would get a school and a clinic within {n + 2} years."
        for n in range(60)
    )
    text = f"{filler}\n\nMayor Ada Okoye said that the ferry would stay free for pupils.\n\nRain fell later."
    article = {"id": "long", "title": "Mayor speaks for two hours", "text": text, "published": "2023-05-04"}
    (tmp_path / "long.jsonl").write_text(json.dumps(article), encoding="utf-8")
    with Archive.open(tmp_path / "home") as archive:
        archive.ingest([tmp_path / "long.jsonl"])
        answer = Assistant(archive).ask("What did Okoye say about the ferry?")
    assert not answer.abstained
    assert "the ferry would stay free for pupils" in answer.text
