"""What people read on a terminal: numbered sources, no markup from articles, no control characters."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from index.types import ArticleHead, Hit, Passage, Span
from rag.terminal import console, line, print_answer, print_facts, print_heads, print_hits, safe
from rag.terminal_live import watch_answer
from rag.types import Answer, Citation, Claim

HEAD = ArticleHead(
    "ferry-1", "Ferry [bold]sails[/bold]", "Sample Herald", date(2023, 3, 31), "https://h.example/f"
)
TEXT = "The ferry sailed at noon."
HIT = Hit(Passage("p1", "ferry-1", Span(0, 25), TEXT), HEAD, 0.5, {}, (ArticleHead("ferry-2", "Copy of it"),))
ANSWER = Answer(
    question="When?",
    text="The ferry sailed at noon. [1]",
    raw=TEXT,
    citations=(Citation(1, HEAD, "p1", Span(0, 25), TEXT, Span(26, 29)),),
    hits=(HIT,),
)


def _printed(answer: Answer) -> str:
    out = io.StringIO()
    print_answer(console(out), answer)
    return out.getvalue()


def test_an_answer_is_followed_by_its_numbered_sources() -> None:
    assert _printed(ANSWER).splitlines() == [
        "The ferry sailed at noon. [1]",
        "",
        "[1] Sample Herald · 2023-03-31 · Ferry [bold]sails[/bold]",
        "    https://h.example/f",
    ]


def test_an_unsupported_citation_is_marked() -> None:
    citation = replace(ANSWER.citations[0], support="unsupported")
    assert "not borne out" in _printed(replace(ANSWER, citations=(citation,)))
    assert "not borne out" not in _printed(ANSWER)


WRITTEN = replace(
    ANSWER,
    text="The ferry sailed at ten. [1]\n\nIt was",
    claims=(Claim(Span(0, 24), "unsupported", 0.1, "“ten” is not in\x1b[2J the source"),),
    trace={"llm": "openai:tiny"},
    problem="it broke",
    instead=ANSWER,
)


def test_a_written_answer_tells_what_is_not_borne_out_and_how_it_ended() -> None:
    citation = replace(ANSWER.citations[0], at=Span(25, 28), support="unsupported")
    told = _printed(replace(WRITTEN, citations=(citation,)))
    assert told.startswith(
        "The ferry sailed at ten. [1] (not borne out: “ten” is not in\ufffd[2J the source)\n\n"
        "It was (not checked)\n\n[1] Sample Herald"
    )
    assert "Written by openai:tiny, checked against the articles\nThe model did not finish.\n" in told
    assert told.endswith("\nFrom the articles themselves:\n\n" + _printed(ANSWER))


def test_struck_words_are_struck_on_a_terminal() -> None:
    out = io.StringIO()
    print_answer(Console(file=out, force_terminal=True, width=80), WRITTEN)
    assert "\x1b[2;9mThe ferry sailed at ten." in out.getvalue()


def test_what_was_written_in_vain_is_told_apart() -> None:
    trace = {"llm": "openai:tiny", "unborne": "The ferry sank.\x07"}
    told = _printed(Answer("When?", "No.", "", (), (HIT,), abstained=True, trace=trace))
    assert "What the model wrote, which the articles do not bear out:\nThe ferry sank.\ufffd\n" in told
    assert "Written by" not in told


def _growing(times: int, last: Answer) -> Iterator[Answer]:
    for n in range(1, times):
        answer = Answer("When?", " ".join(["word"] * n), "", hits=(HIT,), done=False)
        yield from (answer, answer)
    yield last


def test_a_growing_answer_leaves_a_file_alone() -> None:
    out = io.StringIO()
    assert watch_answer(console(out), _growing(3, ANSWER)) is ANSWER and out.getvalue() == ""
    with pytest.raises(ValueError, match="no answer"):
        watch_answer(console(out), iter(()))


def test_a_growing_answer_is_shown_on_a_terminal_and_cleared_away() -> None:
    out = io.StringIO()
    screen = Console(file=out, force_terminal=True, width=20, height=6)
    assert watch_answer(screen, _growing(60, ANSWER)) is ANSWER
    assert "word word word" in out.getvalue() and "Writing" in out.getvalue()
    assert out.getvalue().rstrip().endswith("\x1b[2K")  # the last it does is to clear a line


def test_an_interrupted_answer_is_kept_as_far_as_it_came() -> None:
    def broken(*answers: Answer) -> Iterator[Answer]:
        yield from answers
        raise KeyboardInterrupt

    part = Answer("When?", "It was", "", done=False)
    assert watch_answer(console(io.StringIO()), broken(part)) is part
    assert "It was (not checked)\n\nStopped.\n" in _printed(part)
    with pytest.raises(KeyboardInterrupt):
        watch_answer(console(io.StringIO()), broken(Answer("When?", "", "", done=False)))


def test_one_source_is_told_once_however_often_it_is_cited() -> None:
    again = replace(ANSWER, citations=ANSWER.citations * 2)
    assert _printed(again) == _printed(ANSWER)


def test_an_abstention_shows_the_nearest_passages() -> None:
    told = _printed(Answer("When?", "The articles do not tell.", "", (), (HIT,), abstained=True))
    assert told.startswith("The articles do not tell.\n\nNearest passages:\n")
    assert TEXT in told


def test_hits_tell_place_score_and_copies() -> None:
    out = io.StringIO()
    print_hits(console(out), [HIT])
    told = out.getvalue()
    assert "ferry-1 0:25  score 0.5000" in told
    assert "also in: outlet unknown · date unknown · Copy of it" in told


def test_text_of_articles_steers_no_terminal() -> None:
    hostile = ArticleHead("x\x1b[2J", "\x1b]0;mine\x07 [red]", "a\rb", None, "https://x\x9b31m")
    out = io.StringIO()
    print_heads(console(out), [hostile])
    print_hits(console(out), [replace(HIT, head=hostile)])
    assert not [one for one in out.getvalue() if unicodedata.category(one) == "Cc" and one != "\n"]
    assert "[red]" in out.getvalue()


def test_facts_are_told_one_a_line() -> None:
    out = io.StringIO()
    print_facts(console(out), {"articles": 3, "model": {"name": "tiny", "precision": "fp32"}})
    assert out.getvalue() == "articles: 3\nmodel:\n  name: tiny\n  precision: fp32\n"


@given(st.text(st.characters(codec=None)))
def test_safe_text_holds_no_control_character(text: str) -> None:
    told = safe(text)
    assert all(one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs") for one in told)
    assert "\n" not in line(text)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp"))))
def test_harmless_text_stays(text: str) -> None:
    assert safe(text) == text
