"""The five scraped pages that lie beside the repository where it is developed; skipped elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.archive import Archive
from rag.assistant import Assistant
from rag.eval.ask import ask_all
from rag.eval.scores import summarise
from rag.eval.suite import read_suite

SHARED = Path(__file__).resolve().parents[2] / "shared"
PAGES, SUITE = SHARED / "articles", SHARED / "suites" / "five"

pytestmark = pytest.mark.skipif(not SUITE.exists(), reason=f"the real pages are not there: {SUITE}")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Archive.open(tmp_path_factory.mktemp("five")) as archive:
        archive.ingest([PAGES])
        yield Assistant(archive)


def test_the_day_on_top_of_a_page_that_tells_of_other_days_is_that_of_scraping(assistant: Assistant) -> None:
    entries, total = assistant.archive.list()
    assert total == 5
    assert not any(entry.published for entry in entries)
    assert all(e.title for e in entries)


def test_all_evidence_survives_cleaning(assistant: Assistant) -> None:
    for question in read_suite(SUITE).questions:
        for evidence in question.evidence:
            assert evidence.span is not None
            cleaned = assistant.archive.cleaned(evidence.article)
            kept = cleaned.offsets.clean_span(evidence.span)
            assert kept is not None
            raw = assistant.archive.raw(evidence.article)
            assert kept.of(cleaned.article.text).split() == evidence.span.of(raw).split()


def test_answers(assistant: Assistant) -> None:
    questions = read_suite(SUITE).questions
    rows = ask_all(assistant, questions)
    metrics = summarise(rows)
    right = sum(row.scores.get("answer_match", 0) for row in rows)
    assert right >= 12, f"{right:.0f} of 14 answered rightly"
    assert metrics["false_answer_rate"].value == 0.0
    assert metrics["support_rate"].value == 1.0
