from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import ArticleHead, Hit, Passage, Span
from rag.cite import cite, fold, support
from rag.wording import Statement

TEXT = "The harbour opened late. “We will wait,” said Ms Okoye. Rain fell."


def statement(
    start: int, end: int, *, shown: str | None = None, evidence: str | None = None, offset: int = 0
) -> Statement:
    passage = Passage("p", "a", Span(offset, offset + len(TEXT)), TEXT)
    words = TEXT[start:end] if evidence is None else evidence
    hit = Hit(passage, ArticleHead("a", "Harbour"), 1.0)
    return Statement(hit, Span(start + offset, end + offset), words, words if shown is None else shown)


def test_markers_count_up_and_point_into_the_answer() -> None:
    text, citations = cite([statement(0, 24), statement(25, 55)])
    assert text == "The harbour opened late. [1] “We will wait,” said Ms Okoye. [2]"
    assert [c.at.of(text) for c in citations] == ["[1]", "[2]"]
    assert [c.evidence for c in citations] == [TEXT[0:24], TEXT[25:55]]


def test_the_same_span_keeps_its_number() -> None:
    _, citations = cite([statement(0, 24), statement(25, 55), statement(0, 24)])
    assert [c.marker for c in citations] == [1, 2, 1]


def test_a_citation_that_does_not_hold_is_dropped() -> None:
    assert cite([statement(0, 24, evidence="The harbour opened early.")]) == ("", ())
    assert cite([statement(60, 90)]) == ("", ())


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
    text, citations = cite(statements)
    assert len(citations) == len(statements)
    assert all(c.at.of(text) == f"[{c.marker}]" for c in citations)
    assert all(c.span.shift(-offset).of(TEXT) == c.evidence for c in citations)
    assert [c.at.start for c in citations] == sorted(c.at.start for c in citations)
