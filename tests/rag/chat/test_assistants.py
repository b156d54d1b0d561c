"""What every way to answer must do for whoever asks: of article sentences, or in a model's words."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from index.types import Filters
from rag.assistant import Assistant
from rag.types import CUT_OFF, EXTRACTIVE, Answer, Turn

QUESTION = "What did Peskov say about the truce?"
ASKED = date(2023, 4, 2)


def check(answer: Answer, assistant: Assistant) -> None:
    """What holds of every answer, whoever wrote it."""
    json.dumps(dict(answer.trace))
    shown = {hit.passage.id: hit.passage for hit in answer.hits}
    assert not (answer.abstained and (answer.citations or answer.claims))
    for citation in answer.citations:
        text = assistant.archive.article(citation.head.id).text
        assert citation.span.of(text) == citation.evidence
        assert shown[citation.passage_id].span.holds(citation.span)
        assert citation.at.of(answer.text) == f"[{citation.marker}]"
    ends = [(claim.at.start, claim.at.end) for claim in answer.claims]
    assert ends == sorted(ends) and all(end <= len(answer.text) for _, end in ends)
    for claim in answer.claims:
        assert claim.support in ("verbatim", "supported", "unsupported")
        assert bool(claim.reason) == (claim.support == "unsupported")


def test_an_answer_grows_until_it_is_whole(way: Any) -> None:
    *growing, last = way.assistant.stream(QUESTION, asked=ASKED)
    assert last.done and not any(answer.done for answer in growing)
    assert {answer.question for answer in (*growing, last)} == {QUESTION}
    assert last.text and last.problem in ("", CUT_OFF)  # the real ones may write 48 tokens
    assert (last.instead is not None) == bool(last.problem)
    assert last.trace["llm"] == way.name
    check(last, way.assistant)


def test_leaving_it_ends_the_work(way: Any) -> None:
    stream = way.assistant.stream(QUESTION, asked=ASKED)
    next(stream)
    stream.close()
    until = time.monotonic() + 5
    while way.busy():
        assert time.monotonic() < until, "the work goes on"
        time.sleep(0.01)


def test_where_nothing_is_found_nothing_is_written(way: Any) -> None:
    answer = way.assistant.ask(QUESTION, filters=Filters(sources=("No Such Outlet",)))
    assert answer.abstained and answer.hits == () and answer.trace["llm"] == EXTRACTIVE
    check(answer, way.assistant)


def test_a_follow_up_is_completed_and_an_option_chosen(way: Any) -> None:
    history = [Turn("user", QUESTION), Turn("assistant", "He rejected it.")]
    options = ("He welcomed it", "He dismissed it as a ruse")
    answer = way.assistant.ask("And how did Podolyak react to it?", history=history, choices=options)
    assert answer.trace["query"] == "How did Podolyak react to the truce?"
    assert answer.choice is not None and answer.choice in range(len(options))
    check(answer, way.assistant)


def test_two_who_ask_at_once_get_their_own(way: Any) -> None:
    questions = (QUESTION, "Who leads Belarus?")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda question: way.assistant.ask(question, asked=ASKED), questions))
    assert tuple(answer.question for answer in answers) == questions
    for answer in answers:
        check(answer, way.assistant)


def test_its_sentences_can_be_had_without_it(way: Any) -> None:
    answer = way.assistant.quote(QUESTION, asked=ASKED)
    assert answer.trace["llm"] == EXTRACTIVE and not answer.abstained
    assert {claim.support for claim in answer.claims} == {"verbatim"}
    check(answer, way.assistant)
