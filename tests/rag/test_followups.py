"""Questions to go on with: of the articles shown, answered by them, none of those asked already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from index.types import Filters
from rag.assistant import Assistant
from rag.followups import MOST, followups
from rag.types import Answer

TRUCE = "What did Peskov say about the truce?"


def found_after(samples: Assistant, answer: Answer, *before: str) -> tuple[str, ...]:
    """The questions to go on with, asked in April 2023."""
    *_, found = followups(samples, answer, before, asked=date(2023, 4, 2))
    return found


def test_others_on_the_same_matter_come_first_and_are_answered(samples: Assistant) -> None:
    answer = samples.ask(TRUCE)
    shown = {hit.head.id for hit in answer.hits}
    found = found_after(samples, answer)
    assert len(found) == MOST == len(set(found))
    assert "What did Alexander Lukashenko say about the truce?" in found
    for question in found:
        told = samples.ask(question, asked=date(2023, 4, 2), abstain="strict")
        assert not told.abstained and {one.head.id for one in told.citations} & shown


def test_what_was_asked_does_not_come_again(samples: Assistant) -> None:
    answer = samples.ask(TRUCE)
    first = found_after(samples, answer)
    assert not set(first) & set(found_after(samples, answer, *first)) and TRUCE not in first


def test_what_may_not_be_found_is_not_offered(samples: Assistant) -> None:
    answer = samples.ask(TRUCE)
    none = Filters(sources=("No such outlet",))
    assert set(followups(samples, answer, filters=none)) == {()}


def test_an_answer_without_articles_has_none(samples: Assistant) -> None:
    assert set(followups(samples, Answer("When?", "No.", "", abstained=True))) == {()}
    bare = replace(samples.ask(TRUCE), citations=(), hits=())
    assert set(followups(samples, bare)) == {()}


def test_whoever_looks_may_stop_before_each_is_tried(samples: Assistant) -> None:
    growing = list(followups(samples, samples.ask(TRUCE), asked=date(2023, 4, 2)))
    assert growing[0] == () and len(growing) > MOST
    assert all(later[: len(one)] == one for one, later in pairwise(growing))
