"""An answer's text in pieces: nothing lost, every claim's words together, notes after the markers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from index.types import ArticleHead, Span
from rag.render.pieces import (
    Piece,
    doubt_text,
    has_unchecked,
    lines_of,
    progress_text,
    vain_text,
    written_text,
)
from rag.types import Answer, Citation, Claim, Support

HEAD = ArticleHead("a1", "Harbour to open", "Test Gazette")
WORDS = st.text(st.sampled_from("ab .,![]1\n\t…é"), min_size=1, max_size=12)
SUPPORT: st.SearchStrategy[Support] = st.sampled_from(["verbatim", "supported", "unsupported"])


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Answers whose claims and markers lie anywhere, also where none belongs."""
    text = "".join(draw(st.lists(WORDS | st.just(" [1]"), max_size=8)))
    place = st.integers(0, len(text) + 3)
    spans = [
        Span(start, start + length) for start, length in draw(st.lists(st.tuples(place, st.integers(1, 9))))
    ]
    claims = tuple(Claim(span, draw(SUPPORT), 0.5, "a reason") for span in spans)
    places = [i for i in range(len(text)) if text.startswith("[1]", i) and draw(st.booleans())]
    citations = tuple(Citation(1, HEAD, "p", Span(0, 3), "The", Span(i, i + 3)) for i in places)
    stray = draw(st.lists(place.map(lambda i: Citation(1, HEAD, "p", Span(0, 3), "The", Span(i, i + 3)))))
    return Answer("q", text, text, (*citations, *stray), claims=claims, done=draw(st.booleans()))


@given(answers())
def test_no_character_is_lost_or_shown_twice(answer: Answer) -> None:
    shown = "\n".join("".join(piece.text for piece in line) for line in lines_of(answer))
    assert shown == "\n".join(line.strip() for line in answer.text.split("\n"))


@given(answers())
def test_markers_are_pieces_of_their_own(answer: Answer) -> None:
    cited = [piece for line in lines_of(answer) for piece in line if piece.citation]
    assert all(piece.text == "[1]" for piece in cited)
    if not answer.claims:
        whole = {c.at for c in answer.citations if c.at.of(answer.text) == "[1]"}
        assert len(cited) == len(whole)


@given(answers())
def test_each_unsupported_claim_has_one_note_after_its_words(answer: Answer) -> None:
    pieces = [piece for line in lines_of(answer) for piece in line]
    shown = {id(piece.claim): piece.claim for piece in pieces if piece.claim and piece.text}
    notes = [piece for piece in pieces if not piece.text]
    wanted = {key for key, claim in shown.items() if claim.support == "unsupported"}
    assert wanted <= {id(piece.claim) for piece in notes}
    assert len(notes) == len({id(piece.claim) for piece in notes})
    for note in notes:
        after = pieces[pieces.index(note) + 1 :]
        assert all(piece.claim is not note.claim for piece in after)


def test_the_note_stands_after_markers_and_stops() -> None:
    text = "It cost 64 million [1] [2]. The council agreed."
    citations = tuple(
        Citation(n, HEAD, "p", Span(0, 3), "The", Span(i, i + 3)) for n, i in ((1, 19), (2, 23))
    )
    claim = Claim(Span(0, 18), "unsupported", 0.1, "the number 64 is not in the source")
    (line,) = lines_of(Answer("q", text, text, citations, claims=(claim,)))
    assert [piece.text for piece in line] == [
        *("It cost 64 million ", "[1]", " ", "[2]", ".", "", " The council agreed."),
    ]
    assert line[-1] == Piece(" The council agreed.", "unchecked")
    assert doubt_text(claim) == "not borne out: the number 64 is not in the source"


def test_words_without_a_claim_are_unchecked_where_others_are_checked() -> None:
    claim = Claim(Span(0, 4), "verbatim")
    assert has_unchecked(Answer("q", "One. Two.", "", claims=(claim,)))
    assert has_unchecked(Answer("q", "One.", "", done=False))
    assert not has_unchecked(Answer("q", "One. ", "", claims=(claim,)))
    assert not has_unchecked(Answer("q", "One. Two.", ""))


def test_who_wrote_it_is_told_while_some_of_it_is_left() -> None:
    answer = Answer("q", "One.", "One.", trace={"llm": "openai:tiny"})
    assert written_text(answer) == "Written by openai:tiny, checked against the articles"
    assert (
        written_text(replace(answer, trace={"llm": "extractive"})) == written_text(Answer("q", "", "")) == ""
    )
    in_vain = replace(answer, trace={"llm": "openai:tiny", "unborne": "Nonsense."})
    assert written_text(in_vain) == "" and vain_text(in_vain) == "Nonsense."
    assert written_text(replace(answer, trace={"llm": "openai:tiny", "declined": True})) == ""


def test_progress_tells_what_is_read_until_words_come() -> None:
    assert progress_text(Answer("q", "", "", done=False)) == "Reading the articles"
    assert progress_text(Answer("q", "One", "", done=False)).startswith("Writing")
