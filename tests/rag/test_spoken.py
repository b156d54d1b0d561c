"""Asked for somebody's words, the whole archive is heard, not only what the search lists first."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from index.archive import Archive
from index.sentences import sentences
from index.types import Attribution, Filters, Span
from rag.assistant import READ, Assistant
from rag.question import read_question
from rag.speech import Speech
from rag.spoken import spoken, where_heard

PIERS = ("north", "south", "east", "west", "old", "new", "long", "short", "upper", "lower", "royal", "fish")
TOPIC = "What dockers say about the harbour strike was asked at the {} pier. The harbour strike went on."
CRANES = "At the {} pier {} of {} cranes stood still."
SAID = (
    "A new library has opened in Tarn with forty thousand books and a reading room under a glass roof. "
    "Children sang, and a brass band from the valley played until noon. “The strike does the port no good,” "
    "Mayor Ada Okoye said on Tuesday, when she was asked. Then she cut the ribbon, borrowed an atlas, and "
    "drank tea with the librarians, who had carried the boxes of books up the stairs for a fortnight. The "
    "lift had not come yet. It is to be open on Sundays too, and on holidays for the schools of the valley."
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Many articles about a strike, and one about a library in which the mayor says a word about it."""
    articles = [
        {"id": f"o{at}", "title": "Harbour strike", "source": "Hale Courier", "published": "2023-03-02",
         "text": f"{TOPIC.format(pier)} {CRANES.format(pier, at + 3, 40 + 7 * at)}"}
        for at, pier in enumerate(PIERS)
    ]  # fmt: skip
    articles.append(
        {"id": "m", "title": "A new library", "source": "Tarn Post", "published": "2023-03-09", "text": SAID}
    )
    folder = tmp_path_factory.mktemp("town")
    path = folder / "town.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in articles), encoding="utf-8")
    with Archive.open(folder / "home") as archive:
        archive.ingest([path])
        yield Assistant(archive)


def test_a_statement_is_found_where_search_alone_does_not_look(town: Assistant) -> None:
    question = "What did Mayor Okoye say about the harbour strike?"
    assert "m" not in {hit.head.id for hit in town.search(question)[:READ]}
    answer = town.ask(question)
    assert [citation.head.id for citation in answer.citations] == ["m"]
    assert "does the port no good" in answer.text


def test_when_it_was_said(town: Assistant) -> None:
    answer = town.ask("When did Okoye say that the strike does the port no good?")
    assert "[said on 7 March 2023]" in answer.text


def test_who_said_it(town: Assistant) -> None:
    answer = town.ask("Who said that the strike does the port no good?")
    assert "Okoye" in answer.text
    assert [citation.head.id for citation in answer.citations] == ["m"]


def test_only_articles_that_pass_the_filters_are_heard(town: Assistant) -> None:
    reading, catalog = read_question("What did Okoye say?"), town.archive.catalog
    assert where_heard(catalog, reading, Filters()).articles == ("m",)
    assert where_heard(catalog, reading, Filters(articles=("o1", "m"))).articles == ("m",)
    assert where_heard(catalog, reading, Filters(articles=("o1",))).articles == ()
    assert where_heard(catalog, read_question("Who won the cup?"), Filters()).articles == ()
    assert town.ask("What did Okoye say?", filters=Filters(sources=("Hale Courier",))).abstained


def heard(text: str, source: str, cue: str, content: str) -> Speech:
    """The speech of the last sentence of a text, by one attribution to Ada Okoye."""
    content_at, source_at, cue_at = (
        (Span(text.index(words), text.index(words) + len(words)),) for words in (content, source, cue)
    )
    told = Attribution("a", content_at, source_at, cue_at, "Ada Okoye")
    return spoken(text, sentences(text), [told])[-1]


@pytest.mark.parametrize("cue", ["spoke", "also spoke", "talked"])
def test_who_speaks_of_something_says_it(cue: str) -> None:
    text = f"Rain fell on the pier. That day Ada Okoye {cue} of a black week for the harbour."
    assert heard(text, "Ada Okoye", cue, "a black week for the harbour").source == "That day Ada Okoye"


def test_who_speaks_a_language_says_nothing_by_it() -> None:
    text = "Rain fell on the pier. That day Ada Okoye spoke a black week for the harbour."
    assert heard(text, "Ada Okoye", "spoke", "a black week for the harbour").source == ""


@pytest.mark.parametrize(
    ("before", "whose"),
    [
        ("The Port Ministry denied it.", "Port Ministry Spokesman Ada Okoye"),
        ("Norway denied it.", "Norway Spokesman Ada Okoye"),
        ("Tom Reyes denied it.", "Spokesman Ada Okoye"),
        ("Rain fell.", "Spokesman Ada Okoye"),
    ],
)
def test_a_bare_spokesman_speaks_for_the_body_before_him(before: str, whose: str) -> None:
    text = f"It was late. {before} Spokesman Ada Okoye said that no boat had been lost."
    assert heard(text, "Spokesman Ada Okoye", "said", "that no boat had been lost").source == whose


def test_a_pronoun_that_names_the_speaker_is_told() -> None:
    text = "Ada Okoye left. She said that no boat had been lost."
    assert heard(text, "She", "said", "that no boat had been lost").by_pronoun
    text = "Ada Okoye left. Okoye said that no boat had been lost."
    assert not heard(text, "Okoye said"[:5], "said", "that no boat had been lost").by_pronoun
