"""The likeliest option, over the samples and over two made-up articles; and reading options from a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.archive import Archive
from index.errors import OnrecordError
from rag.assistant import Assistant
from rag.cli.options import read_choices

ARTICLES = (
    {
        "id": "a",
        "title": "Harbour strike ends",
        "text": "The harbour strike ended after Wanda Brix met crews.",
    },
    {"id": "b", "title": "Rail strike goes on", "text": "The rail strike goes on, Otto Lind told commuters."},
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("choices")
    lines = "\n".join(json.dumps(article) for article in ARTICLES)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    archive = Archive.open(folder / "home")
    archive.ingest([folder / "articles.jsonl"])
    return Assistant(archive)


@pytest.mark.parametrize(
    ("question", "choices", "taken"),
    [
        ("Who met crews before the harbour strike ended?", ("Otto Lind", "Wanda Brix", "Ida Holm"), 1),
        ("Who spoke about the rail strike?", ("Otto Lind", "Wanda Brix", "Ida Holm"), 0),
        ("All of these were in the news about strikes except", ("Otto Lind", "Wanda Brix", "Ida Holm"), 2),
        ("Is it so?", ("?", "!"), 0),
    ],
)
def test_the_option_that_stands_with_the_question_is_taken(
    assistant: Assistant, question: str, choices: tuple[str, ...], taken: int
) -> None:
    assert assistant.ask(question, choices=choices).choice == taken


def test_options_do_not_change_the_answer(assistant: Assistant) -> None:
    plain = assistant.ask("Who met crews before the harbour strike ended?")
    chosen = assistant.ask(
        "Who met crews before the harbour strike ended?", choices=("Otto Lind", "Wanda Brix")
    )
    assert (plain.text, plain.citations, plain.choice) == (chosen.text, chosen.citations, None)


@pytest.mark.parametrize(
    ("text", "options"), [('["a b", "c"]', ("a b", "c")), ("one\n\n two  words \n", ("one", "two words"))]
)
def test_options_are_read_from_json_or_lines(tmp_path: Path, text: str, options: tuple[str, ...]) -> None:
    path = tmp_path / "options"
    path.write_text(text, encoding="utf-8")
    assert read_choices(path) == options
    assert read_choices(None) == ()


@pytest.mark.parametrize("data", [b"[1, 2]", b"[1", b"\xff\xfe", b"only one", b"", b"[[]]"])
def test_a_file_without_options_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "options"
    path.write_bytes(data)
    with pytest.raises(OnrecordError, match="wanted at least two options") as error:
        read_choices(path)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="cannot read"):
        read_choices(tmp_path / "gone")
