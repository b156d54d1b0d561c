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


def last(samples: Assistant, answer: Answer, *before: str) -> tuple[str, ...]:
    """What is found in the end."""
    return (*followups(samples, answer, before, asked=date(2023, 4, 2)), ())[-2:][0]


def test_others_on_the_same_matter_come_first_and_are_answered(samples: Assistant) -> None:
    answer = samples.ask(TRUCE)
    shown = {hit.head.id for hit in answer.hits}
    found = last(samples, answer)
    assert len(found) == MOST == len(set(found))
    assert "What did Alexander Lukashenko say about the truce?" in found
    for question in found:
        told = samples.ask(question, asked=date(2023, 4, 2), abstain="strict")
        assert not told.abstained and {one.head.id for one in told.citations} & shown


def test_what_was_asked_does_not_come_again(samples: Assistant) -> None:
    answer = samples.ask(TRUCE)
    first = last(samples, answer)
    assert not set(first) & set(last(samples, answer, *first)) and TRUCE not in first


def test_they_are_found_step_by_step(samples: Assistant) -> None:
    steps = list(followups(samples, samples.ask(TRUCE)))
    assert all(after[: len(before)] == before for before, after in pairwise(steps))


def test_what_may_not_be_found_is_not_offered(samples: Assistant) -> None:
    answer = samples.ask(TRUCE)
    none = Filters(sources=("No such outlet",))
    assert set(followups(samples, answer, filters=none)) <= {()}


def test_an_answer_without_articles_has_none(samples: Assistant) -> None:
    assert list(followups(samples, Answer("When?", "No.", "", abstained=True))) == []
    bare = replace(samples.ask(TRUCE), citations=(), hits=())
    assert list(followups(samples, bare)) == []
