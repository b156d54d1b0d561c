"""The whole answer path over the sample articles: real index, real embedder, no network."""

from __future__ import annotations

import json
import threading
from datetime import date
from pathlib import Path

import pytest

from index.archive import Archive
from index.types import Filters
from rag.assistant import Assistant
from rag.errors import ModelError
from rag.eval.suite import read_suite
from rag.render.answer import answer_html
from rag.types import Answer, Turn

SUITES = Path(__file__).resolve().parents[1] / "suites"


def check_promises(answer: Answer, assistant: Assistant) -> None:
    """What holds of every answer, whatever was asked."""
    json.dumps(dict(answer.trace))
    if answer.abstained:
        assert answer.citations == ()
        return
    assert answer.text and answer.citations
    shown = {hit.passage.id: hit.passage for hit in answer.hits}
    for citation in answer.citations:
        article = assistant.archive.article(citation.head.id)
        passage = shown[citation.passage_id]
        assert article.text[citation.span.start : citation.span.end] == citation.evidence
        assert passage.span.holds(citation.span)
        assert passage.text == article.text[passage.span.start : passage.span.end]
        assert answer.text[citation.at.start : citation.at.end] == f"[{citation.marker}]"
        assert citation.support == "verbatim"


def test_words_of_a_speaker(samples: Assistant) -> None:
    answer = samples.ask("What did Peskov say about the truce?")
    check_promises(answer, samples)
    assert not answer.abstained
    assert "Dmitry Peskov" in answer.text
    assert answer.citations[0].head.source == "Sample Wire"
    assert answer.citations[0].head.published == date(2023, 3, 31)


def test_nobody_of_that_name_speaks(samples: Assistant) -> None:
    answer = samples.ask("What did Xi Jinping say about the truce?")
    assert answer.abstained
    assert answer.text.startswith("The articles do not answer this.")
    assert 0 < len(answer.hits) <= 5


def test_an_archive_without_articles_says_so_and_where_to_add_some(
    tmp_path: Path, samples: Assistant
) -> None:
    standard = samples.archive._stages  # their embedder is loaded already
    with Archive.open(tmp_path, stages=standard) as archive:
        answer = Assistant(archive).ask("What did Peskov say about the truce?", abstain="off")
        assert answer.abstained and not answer.hits
        assert "holds no article yet" in answer.text
        assert "Library" in answer.text and "onrecord ingest" in answer.text
        with archive.catalog.write() as connection:
            row = ("a", "Waiting", b"", "somewhere", "hash", 0, "2026-01-01")
            connection.execute("INSERT INTO pending VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        assert "still being indexed" in Assistant(archive).ask("What did Peskov say?").text


def test_a_follow_up_is_completed(samples: Assistant) -> None:
    first = samples.ask("What did Peskov say about the truce?")
    history = [Turn("user", first.question), Turn("assistant", first.text)]
    answer = samples.ask("And how did Podolyak react to it?", history=history)
    check_promises(answer, samples)
    assert "Podolyak" in answer.text
    assert answer.trace["query"] == "How did Podolyak react to the truce?"


def test_a_follow_up_is_about_what_was_just_cited(samples: Assistant) -> None:
    first = samples.ask("What did Peskov say about the truce?")
    history = [Turn("user", first.question), Turn("assistant", first.text)]
    answer = samples.ask("And how did Kyiv react to it?", history=history)
    check_promises(answer, samples)
    assert answer.text.startswith("Kyiv turned the truce down.")
    assert {one.head.id for one in answer.citations} <= {"lukashenko-truce-wire", "lukashenko-truce-herald"}
    history += [Turn("user", answer.question), Turn("assistant", answer.text)]
    other = samples.ask("And how did the US react?", history=history)
    assert other.trace["query"] == "How did the US react to the truce?" and other.abstained


def test_words_are_of_the_time_they_are_asked_of(samples: Assistant) -> None:
    for question, asked, days in (
        ("What did Putin say in August 2024?", None, {date(2024, 8, 20)}),
        ("What did Lukashenko say in 2022?", None, {date(2022, 2, 24)}),
        ("What did Peskov say last week?", date(2023, 4, 2), {date(2023, 3, 31), date(2023, 4, 1)}),
    ):
        answer = samples.ask(question, asked=asked)
        assert answer.citations, question
        assert {one.head.published for one in answer.citations} <= days, question
    assert samples.ask("What did Putin say in 2019?").abstained


def test_requests_are_answered_and_words_alone_are_no_question(samples: Assistant) -> None:
    assert samples.ask("Tell me about the grain deal").citations[0].head.id.startswith("grain-deal")
    assert "Peskov" in samples.ask("Tell me what Peskov said about the truce").text
    words = samples.ask("truce")
    assert words.abstained and words.hits and words.text.startswith("No sure answer was found")


def test_filters_hold(samples: Assistant) -> None:
    only = Filters(sources=("Sample Herald",))
    answer = samples.ask("What did Lukashenko propose?", filters=only, abstain="off")
    assert answer.hits
    assert {hit.head.source for hit in answer.hits} == {"Sample Herald"}
    late = samples.ask("What did Lukashenko propose?", filters=Filters(since=date(2030, 1, 1)))
    assert late.abstained and not late.hits
    assert late.text == "No article passes the filters. Widen them, or ask without."
    assert "There is nothing to answer from" in answer_html(late)
    assert "filters" in late.text


def test_modes_differ_in_readiness(samples: Assistant) -> None:
    question = "Who won the presidential election in Finland?"
    assert samples.ask(question).abstained
    assert not samples.ask(question, abstain="off").abstained


def test_how_many_passages_are_read_may_be_said_with_the_question(samples: Assistant) -> None:
    question = "What did Peskov say about the truce?"
    few, usual = samples.ask(question, top_k=1), samples.ask(question)
    assert few.trace["top_k"] == 1 and usual.trace["top_k"] == samples.settings.search.top_k
    assert len(few.hits) < len(usual.hits) and few.trace["asked"] is None and few.trace["abstain"] == "on"


def test_another_model_answers_over_the_same_archive(samples: Assistant) -> None:
    other = samples.with_llm("extractive")
    assert other.archive is samples.archive and other is not samples
    with pytest.raises(ModelError, match="nothing:here"):
        samples.with_llm("nothing:here")


@pytest.mark.parametrize(
    "question", ["", "   ", "?", "\x00", "”“", "a" * 5000, "Що сказав Пєсков?", "[1] <b>&amp;"]
)
def test_odd_questions_get_an_answer_object(samples: Assistant, question: str) -> None:
    check_promises(samples.ask(question), samples)


def test_stream_ends_with_the_whole_answer(samples: Assistant) -> None:
    *_, last = samples.stream("What did Peskov say about the truce?")
    assert last.text == samples.ask("What did Peskov say about the truce?").text


def test_several_people_may_ask_at_once(samples: Assistant) -> None:
    questions = ["What did Peskov say about the truce?", "How high is the Kakhovka dam?"] * 3
    alone = {q: samples.ask(q).text for q in set(questions)}
    together: list[tuple[str, str]] = []
    threads = [
        threading.Thread(target=lambda q=q: together.append((q, samples.ask(q).text))) for q in questions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(together) == sorted((q, alone[q]) for q in questions)


def test_every_answer_to_the_samples_suite_keeps_the_promises(samples: Assistant) -> None:
    for question in read_suite(SUITES / "samples").questions:
        check_promises(samples.ask(question.text, history=question.history, abstain="off"), samples)
