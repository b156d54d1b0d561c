"""A follow-up is about what was just told: the articles cited, and those of around the same days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from index.archive import Archive
from index.types import Hit
from rag.assistant import Assistant
from rag.leaning import CITED_BEFORE, leaning
from rag.types import Answer, Turn

SPRING = (
    "Mayor Ada Okoye offered the dockers of Tarn a truce in the pay dispute. “We will talk until it is "
    "settled,” Okoye said on Monday. The union turned the truce down. Its members were to stay at home on "
    "Friday too, and fishing boats lay idle along the quay."
)
AUTUMN = (
    "The dockers and the port company agreed on a truce for the holidays in the pay dispute. “It is a good "
    "sign,” said Tom Reyes, who heads the company. The union reacted to the truce with relief and thanked "
    "the company."
)
UNDATED = "A truce has ended at the port of Hale. The union there reacted to the end of the truce with songs."
LATER = "The union of the dockers in Tarn said that a truce would cost its members a month of pay."
QUESTION, FOLLOW_UP = "What did Okoye say about the truce?", "And how did the union react to it?"


def record(key: str, day: str | None, text: str) -> dict[str, Any]:
    return {"id": key, "title": f"Pay dispute {key}", "source": "Tarn Post", "published": day, "text": text}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Two truces of two years, and an article of a few days after the first."""
    folder = tmp_path_factory.mktemp("town")
    records = [
        record("spring", "2021-04-06", SPRING),
        record("autumn", "2022-12-20", AUTUMN),
        record("later", "2021-04-09", LATER),
        record("undated", None, UNDATED),
    ]
    (folder / "town.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    with Archive.open(folder / "home") as archive:
        archive.ingest([folder / "town.jsonl"])
        yield Assistant(archive)


def talk(*answers: Answer) -> list[Turn]:
    return [t for one in answers for t in (Turn("user", one.question), Turn("assistant", one.text))]


def test_it_is_the_truce_that_was_told_of(town: Assistant) -> None:
    first = town.ask(QUESTION)
    assert {one.head.id for one in first.citations} == {"spring"}
    alone, told = town.ask("How did the union react to the truce?"), town.ask(FOLLOW_UP, history=talk(first))
    assert told.trace["query"] == alone.question
    assert alone.citations[0].head.id != "spring"
    assert {one.head.id for one in told.citations} <= {"spring", "later"}
    assert "turned the truce down" in told.text


def test_other_articles_can_still_be_found(town: Assistant) -> None:
    hits = town.search(FOLLOW_UP, history=talk(town.ask(QUESTION)))
    assert {hit.head.id for hit in hits} == {"spring", "autumn", "later", "undated"}
    near = {hit.head.id: hit.parts[CITED_BEFORE] for hit in hits}
    assert near["spring"] == 1 > near["later"] > near["autumn"] > near["undated"] == 0


def test_a_question_that_stands_alone_leans_on_nothing(town: Assistant) -> None:
    hits = town.search("How did the union react to the truce?", history=talk(town.ask(QUESTION)))
    assert not any(CITED_BEFORE in hit.parts for hit in hits)


def test_an_abstention_is_no_answer_to_lean_on(town: Assistant) -> None:
    first, silent = town.ask(QUESTION), town.ask("Who won the cup in Lagos?")
    assert silent.abstained
    told = town.ask("And how did the union react to the truce?", history=talk(first, silent))
    assert told.citations[0].head.id == "spring"


def test_without_markers_nothing_was_cited() -> None:
    def search(query: str, **_: object) -> list[Hit]:
        raise AssertionError(f"searched for {query}")

    assert leaning(search, [Turn("assistant", "The union turned it down.")]) is search
    assert leaning(search, [Turn("user", "Why? [1]")]) is search


def test_words_are_of_the_time_that_was_asked_for(town: Assistant) -> None:
    assert town.ask("What did Okoye say in April 2021?").citations[0].head.published == date(2021, 4, 6)
    assert town.ask("What did Okoye say in 2022?").abstained
    reyes = town.ask("What did Reyes say in December 2022?")
    assert {one.head.id for one in reyes.citations} == {"autumn"}
    assert town.ask("What did Reyes say last week?", asked=date(2021, 4, 12)).abstained
