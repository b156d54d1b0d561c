"""How a chosen sentence is shown: by its own words, with the name and the marks that the cut left out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from index.types import ArticleHead, DateRange, Hit, Passage, Span
from rag.cite import cite, quoted_sentences
from rag.question import read_question
from rag.signals import Candidate
from rag.speech import read_speech
from rag.wording import _after_dateline, _balance, word_statements

TEXT = (
    "Harbour master Ada Okoye rejected the offer on Monday. “We will not sign this,” she said. "
    "“Nobody would. The terms are worse than before.” A crane stood idle nearby. It had broken in May.\n"
    "Union leader Tom Reyes said he was ready to talk."
)

PLAIN = read_question("Is the harbour open?")


class OneArticle:
    """The part of `Sources` that wording needs, over one text."""

    def text(self, _: str) -> str:
        return TEXT


def candidate(start: str) -> Candidate:
    spans = [Span(m.start(), m.end()) for m in re.finditer(r"[^\s][^\n]*?[.!?]”?(?=\s|$)", TEXT)]
    passage = Passage("p", "a", Span(0, len(TEXT)), TEXT, tuple(spans))
    speech = read_speech(TEXT, spans)
    i = next(i for i, span in enumerate(spans) if span.of(TEXT).startswith(start))
    before = spans[i - 1].of(TEXT) if i else ""
    return Candidate(
        Hit(passage, ArticleHead("a", "Harbour"), 1.0), 1, spans[i], spans[i].of(TEXT), before, "", speech[i]
    )


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        ("Harbour", "Harbour master Ada Okoye rejected the offer on Monday."),
        ("“We will", "“We will not sign this,” she [Harbour master Ada Okoye] said."),
        ("“Nobody", "Harbour master Ada Okoye: “Nobody would.”"),
        ("The terms", "Harbour master Ada Okoye: “The terms are worse than before.”"),
        ("It had", "A crane stood idle nearby. It had broken in May."),
        ("Union", "Union leader Tom Reyes said he was ready to talk."),
    ],
)
def test_a_statement_reads_on_its_own(start: str, shown: str) -> None:
    (statement,) = word_statements([candidate(start)], OneArticle(), PLAIN)  # type: ignore[arg-type]
    assert statement.shown == shown
    assert statement.span.of(TEXT) == statement.evidence


def test_every_statement_is_verbatim() -> None:
    starts = ["Harbour", "“We will", "“Nobody", "The terms", "It had", "Union"]
    statements = word_statements([candidate(s) for s in starts], OneArticle(), PLAIN)  # type: ignore[arg-type]
    citations = cite(quoted_sentences(statements)).citations
    assert [c.support for c in citations] == ["verbatim"] * len(starts)


def test_statements_of_one_article_stand_in_its_order() -> None:
    statements = word_statements([candidate("Union"), candidate("Harbour")], OneArticle(), PLAIN)  # type: ignore[arg-type]
    assert [s.span.start for s in statements] == sorted(s.span.start for s in statements)


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("LAGOS, Nigeria (Sample Wire) — Rain fell.", "Rain fell."),
        ("(AP) Rain fell.", "Rain fell."),
        ("LAGOS — “Rain fell,” he said.", "“Rain fell,” he said."),
        ("NATO - the alliance - met.", "NATO - the alliance - met."),
        ("LAGOS — ", "LAGOS — "),
    ],
)
def test_a_dateline_is_no_part_of_the_sentence(sentence: str, left: str) -> None:
    assert _after_dateline(Span(0, len(sentence)), sentence).of(sentence) == left


DAY, MONTH = DateRange(date(2023, 3, 27), date(2023, 3, 27)), DateRange(date(2023, 3, 1), date(2023, 3, 31))


@pytest.mark.parametrize(
    ("said_on", "published", "added"),
    [
        (DAY, date(2023, 3, 30), " [said on 27 March 2023]"),
        (MONTH, date(2023, 3, 30), " [said in March 2023]"),
        (None, date(2023, 3, 30), " [published on 30 March 2023]"),
        (None, None, ""),
    ],
)
def test_when_it_was_said_is_added_where_it_is_asked(
    said_on: DateRange | None, published: date | None, added: str
) -> None:
    one = candidate("Harbour")
    hit = replace(one.hit, head=replace(one.hit.head, published=published))
    one = replace(one, hit=hit, speech=replace(one.speech, said_on=said_on))
    when = read_question("When did Okoye reject the offer?")
    (statement,) = word_statements([one], OneArticle(), when)  # type: ignore[arg-type]
    assert statement.shown == "Harbour master Ada Okoye rejected the offer on Monday." + added
    assert cite(quoted_sentences([statement])).citations[0].support == "verbatim"
    (plain,) = word_statements([one], OneArticle(), PLAIN)  # type: ignore[arg-type]
    assert plain.shown == "Harbour master Ada Okoye rejected the offer on Monday."


def test_who_said_it_is_added_where_it_is_asked_and_not_told() -> None:
    one = candidate("A crane")
    one = replace(one, speech=replace(one.speech, speaker="Tom Reyes"))
    who = read_question("Who said that a crane stood idle?")
    (statement,) = word_statements([one], OneArticle(), who)  # type: ignore[arg-type]
    assert statement.shown == "A crane stood idle nearby. [Tom Reyes]"
    (named,) = word_statements([candidate("Union")], OneArticle(), who)  # type: ignore[arg-type]
    assert named.shown == "Union leader Tom Reyes said he was ready to talk."


@pytest.mark.parametrize("speaker", ["Norway", "Ukrainian", "Kremlin", "Port Ministry", "Tom Reyes"])
def test_nobody_is_named_behind_she_who_may_not_be_meant(speaker: str) -> None:
    """Not a country, a people or a body, nor somebody whom the words do not tell to be meant."""
    one = candidate("“We will")
    one = replace(one, speech=replace(one.speech, speaker=speaker))
    (statement,) = word_statements([one], OneArticle(), PLAIN)  # type: ignore[arg-type]
    assert "[" not in statement.shown


def test_a_person_for_whom_she_was_found_to_stand_is_named() -> None:
    one = candidate("“We will")
    speech = replace(one.speech, speaker="Mira Halden", source="she", by_pronoun=True)
    (statement,) = word_statements([replace(one, speech=speech)], OneArticle(), PLAIN)  # type: ignore[arg-type]
    assert statement.shown == "“We will not sign this,” she [Mira Halden] said."


def test_he_in_a_quotation_is_not_its_speaker() -> None:
    one = candidate("“Nobody")
    one = replace(one, text="“He said so.", speech=replace(one.speech, speaker="Ada Okoye", quoted=True))
    (statement,) = word_statements([one], OneArticle(), PLAIN)  # type: ignore[arg-type]
    assert "[" not in statement.shown


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("It is shut,” a notice read. “Boats sail.", "“It is shut,” a notice read. “Boats sail.”"),
        ("It is shut,” she said.", "“It is shut,” she said."),
        ("She said: “It is shut.", "She said: “It is shut.”"),
        ("“It is shut,” she said. “For good.”", "“It is shut,” she said. “For good.”"),
        ('It is shut," she said.', '"It is shut," she said.'),
        ("It is shut.", "It is shut."),
    ],
)
def test_marks_that_a_cut_left_out_are_added(cut: str, whole: str) -> None:
    assert _balance(cut) == whole
