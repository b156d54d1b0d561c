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
    ],
)
def test_one_source(text: str, source: str, name: str) -> None:
    assert resolve(text, [source]) == [name]


def test_two_of_one_surname_stay_apart() -> None:
    text = "Mira Halden and Jonas Halden spoke. Halden said so. Jonas Halden and Mira Halden left."
    assert resolve(text, ["Halden said"[:6]])[0] in ("Mira Halden", "Halden")
    assert resolve(text[text.index("Halden said") :] + text, ["Halden"]) == ["Halden"]


def test_nobody_is_named_by_nothing() -> None:
    referents = Referents(Mentions("He said so.", sentences("He said so.")), [])
    assert referents.resolve(None) == ""
    assert referents.resolve(Span(0, 2)) == ""
