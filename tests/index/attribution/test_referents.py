"""Whom the words of a source stand for, in small articles of our own."""

from __future__ import annotations

import pytest

from index.attribution.mentions import Mentions
from index.attribution.referents import Referents
from index.sentences import sentences
from index.types import Span

HARBOUR = (
    "Lenna Mayor Mira Halden said the ferry would stop. “It is empty,” she said. "
    "Her deputy, Jonas Brandt, disagreed: he said the ferry was full in July. "
    "The mayor answered that July was short. Halden told the Lenna Courier that a bus would come. "
    "Ostwick’s Ministry of Transport said in a statement that it would pay. The ministry named no sum. "
    "Its statement said drivers were sought. Mr. Brandt called that a joke. "
    "A spokesman for Halden declined to comment. Officials said nothing. "
    "Former captain Ada Lund, 71, who ran the ferry for years, remembered better days."
)


def resolve(text: str, sources: list[str]) -> list[str]:
    """The names of sources in the order in which they stand in the text, each after the one before."""
    referents = Referents(Mentions(text, sentences(text)), [])
    at, names = 0, []
    for words in sources:
        start = text.index(words, at)
        names.append(referents.resolve(Span(start, start + len(words))))
        at = start + len(words)
    return names


@pytest.mark.parametrize(
    ("sources", "name"),
    [
        (["Lenna Mayor Mira Halden"], "Mira Halden"),
        (["Lenna Mayor Mira Halden", "she"], "Mira Halden"),
        (["Her deputy, Jonas Brandt,", "he"], "Jonas Brandt"),
        (["Jonas Brandt", "The mayor"], "Mira Halden"),
        (["Halden told"[:6]], "Mira Halden"),
        (["Ostwick’s Ministry of Transport"], "Ostwick’s Ministry of Transport"),
        (["Ostwick’s Ministry of Transport", "it"], "Ostwick’s Ministry of Transport"),
        (["The ministry"], "Ostwick’s Ministry of Transport"),
        (["Mr. Brandt"], "Jonas Brandt"),
        (["A spokesman for Halden"], ""),
        (["Officials"], ""),
        (["Former captain Ada Lund, 71, who ran the ferry for years,"], "Ada Lund"),
        (["who ran"[:3]], "Ada Lund"),
    ],
)
def test_sources_of_one_article(sources: list[str], name: str) -> None:
    assert resolve(HARBOUR, sources)[-1] == name


@pytest.mark.parametrize(
    ("text", "source", "name"),
    [
        ("A report by Ostwick University says so.", "A report by Ostwick University", "Ostwick University"),
        ("The report of the Lenna Courier says so.", "The report of the Lenna Courier", "Lenna Courier"),
        ("Halden's statement says so.", "Halden's statement", "Halden"),
        ("Halden's lawyer says so.", "Halden's lawyer", ""),
        ("Halden's office says so.", "Halden's office", "Halden's office"),
        ("Halden's lawyer Piet Roos says so.", "Halden's lawyer Piet Roos", "Piet Roos"),
        ("Critics say so.", "Critics", ""),
        ("The Ostwick police say so.", "The Ostwick police", "Ostwick police"),
        ("Speaking in Lenna, he said so.", "he", ""),
        ("“No,” said Arvid Holt. It rained in Lenna. He said more.", "He", "Arvid Holt"),
        (
            "Ostvian President Arvid Holt spoke. Then the Ostvian leader said so.",
            "the Ostvian leader",
            "Arvid Holt",
        ),
        (
            "Ostvian President Arvid Holt met Lennian President Mira Halden. The Lennian president said so.",
            "The Lennian president",
            "Mira Halden",
        ),
        ("Mira Halden met Ada Lund. Then the president said so.", "the president", ""),
        ("Mr. Holt met Mrs. Halden. She said so.", "She", "Halden"),
        # a country, a people, a city, a state is nobody's "he"
        ("Norway was dismissive. He said so.", "He", ""),
        ("Norwegians in Oslo gave New Mexico a ship. He said so.", "He", ""),
        ("Arvid Holt spoke of the Black Sea. Norway and Wall Street agreed. He said so.", "He", "Arvid Holt"),
        ("Norwegians said so.", "Norwegians", ""),
        ("Norway said so.", "Norway", "Norway"),
        ("Soldiers in Norway who said so left.", "who", ""),
        # a surname that stands once, where the next sentence goes on with "he"
        ("Brandt was dismissive. He said so.", "He", "Brandt"),
        # who is named behind a description
        ("The head of Ostwick Port, Ada Lund, said so.", "The head of Ostwick Port, Ada Lund", "Ada Lund"),
        ("The head of Ostwick Port, Ada Lund, said so.", "The head of Ostwick Port", "Ada Lund"),
        ("Norway’s commander-in-chief, Ada Lund, said.", "Norway’s commander-in-chief, Ada Lund", "Ada Lund"),
        ("A spokesman for the mayor, Mira Halden, said so.", "A spokesman for the mayor, Mira Halden", ""),
        ("The paper, Mira Halden said, was wet.", "The paper", ""),
        # a description that fits nobody is nobody's
        ("Lennian leader Arvid Holt spoke. The head of the Port said so.", "The head of the Port", ""),
        ("Arvid Holt spoke. The lawsuit said so.", "The lawsuit", ""),
        # titles of several words
        ("UN Secretary-General Ada Lund said so.", "UN Secretary-General Ada Lund", "Ada Lund"),
        ("Secretary of State Ada Lund said so.", "Secretary of State Ada Lund", "Ada Lund"),
        ("House Speaker Ada Lund said so.", "House Speaker Ada Lund", "Ada Lund"),
        ("Norway's border service said so.", "Norway's border service", "Norway's border service"),
    ],
)
def test_one_source(text: str, source: str, name: str) -> None:
    assert resolve(text, [source]) == [name]


def test_he_right_after_a_sentence_about_somebody_is_that_one() -> None:
    text = "“No,” said Arvid Holt. {}Jonas Brandt was dismissive{}. He said so."
    assert resolve(text.format("", ""), ["Arvid Holt", "He"])[-1] == "Jonas Brandt"
    assert resolve(text.format("On Monday, ", ""), ["Arvid Holt", "He"])[-1] == "Jonas Brandt"
    # the one who spoke goes on where the other is no subject, or not the only one
    assert resolve(text.format("The plan of ", ""), ["Arvid Holt", "He"])[-1] == "Arvid Holt"
    two = "“No,” said Arvid Holt. Jonas Brandt and Piet Roos were dismissive. He said so."
    assert resolve(two, ["Arvid Holt", "He"])[-1] == "Arvid Holt"


def test_two_of_one_surname_stay_apart() -> None:
    text = "Mira Halden and Jonas Halden spoke. Halden said so. Jonas Halden and Mira Halden left."
    assert resolve(text, ["Halden said"[:6]])[0] in ("Mira Halden", "Halden")
    assert resolve(text[text.index("Halden said") :] + text, ["Halden"]) == ["Halden"]


def test_nobody_is_named_by_nothing() -> None:
    referents = Referents(Mentions("He said so.", sentences("He said so.")), [])
    assert referents.resolve(None) == ""
    assert referents.resolve(Span(0, 2)) == ""
