from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import ArticleHead, Hit, Passage, Span
from rag.cite import Cited, Ground, Sentence, cite, fold, quoted_sentences, support
from rag.wording import Statement

TEXT = "The harbour opened late. “We will wait,” said Ms Okoye. Rain fell."


def statement(
    start: int, end: int, *, shown: str | None = None, evidence: str | None = None, offset: int = 0
) -> Statement:
    passage = Passage("p", "a", Span(offset, offset + len(TEXT)), TEXT)
    words = TEXT[start:end] if evidence is None else evidence
    hit = Hit(passage, ArticleHead("a", "Harbour"), 1.0)
    return Statement(hit, Span(start + offset, end + offset), words, words if shown is None else shown)


def ground(start: int, end: int, *, evidence: str | None = None) -> Ground:
    made = statement(start, end, evidence=evidence)
    return Ground(made.hit, made.span, made.evidence)


def quoted(statements: list[Statement]) -> Cited:
    return cite(quoted_sentences(statements))


def test_markers_count_up_and_point_into_the_answer() -> None:
    found = quoted([statement(0, 24), statement(25, 55)])
    text, citations = found.text, found.citations
    assert text == "The harbour opened late. [1] “We will wait,” said Ms Okoye. [2]"
    assert [c.at.of(text) for c in citations] == ["[1]", "[2]"]
    assert [c.evidence for c in citations] == [TEXT[0:24], TEXT[25:55]]


def test_the_same_span_keeps_its_number() -> None:
    found = quoted([statement(0, 24), statement(25, 55), statement(0, 24)])
    assert [c.marker for c in found.citations] == [1, 2, 1]


def test_a_citation_that_does_not_hold_is_dropped() -> None:
    assert quoted([statement(0, 24, evidence="The harbour opened early.")]) == Cited("")
    assert quoted([statement(60, 90)]) == Cited("")


def test_a_sentence_keeps_its_words_though_a_ground_of_it_does_not_hold() -> None:
    good, bad = ground(0, 24), ground(0, 24, evidence="The harbour opened early.")
    found = cite([Sentence("It opened late.", (bad, good, good), "supported", 0.8)])
    assert found.text == "It opened late. [1]"
    assert [c.support for c in found.citations] == ["supported"]


def test_claims_are_the_words_without_their_markers() -> None:
    told = Sentence("It opened late.", (ground(0, 24), ground(25, 55)), "supported", 0.8)
    wrong = Sentence("It sank.", (), "unsupported", 0.1, "no source is given", "\n\n")
    found = cite([told, wrong])
    assert found.text == "It opened late. [1] [2]\n\nIt sank."
    assert [c.at.of(found.text) for c in found.claims] == ["It opened late.", "It sank."]
    assert [c.reason for c in found.claims] == ["", "no source is given"]


def test_a_link_in_square_brackets_is_no_change_of_words() -> None:
    text = "See [the notice](https://example.org/a) for times."
    hit = Hit(Passage("p", "a", Span(0, len(text)), text), ArticleHead("a", "Harbour"), 1.0)
    assert support(Statement(hit, Span(0, len(text)), text, text)) == "verbatim"


def test_invented_words_in_quotation_marks_are_unsupported() -> None:
    assert support(statement(25, 55, shown="Ms Okoye: “We will wait”")) == "verbatim"
    assert support(statement(25, 55, shown="Ms Okoye: “We will not wait”")) == "unsupported"
    assert support(statement(25, 55, shown="Ms Okoye said they would wait.")) == "unsupported"


def test_a_name_in_brackets_is_no_change_of_words() -> None:
    assert support(statement(56, 66, shown="Rain [in Lagos] fell.")) == "verbatim"


@pytest.mark.parametrize(("a", "b"), [("“Yes” — no", '"yes" - no'), ("don’t", "dont"), ("a\n b", "a b")])
def test_fold(a: str, b: str) -> None:
    assert fold(a) == fold(b)


@given(
    st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, len(TEXT))), max_size=6),
    st.integers(0, 50),
)
def test_every_citation_holds_wherever_the_passage_lies(places: list[tuple[int, int]], offset: int) -> None:
    statements = [statement(a, b, offset=offset) for a, b in places if a < b]
    found = quoted(statements)
    text, citations = found.text, found.citations
    assert len(citations) == len(statements) == len(found.claims)
    assert all(c.at.of(text) == f"[{c.marker}]" for c in citations)
    assert all(c.span.shift(-offset).of(TEXT) == c.evidence for c in citations)
    assert [c.at.start for c in citations] == sorted(c.at.start for c in citations)
