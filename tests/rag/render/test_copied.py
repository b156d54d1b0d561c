"""What goes to the clipboard: the words with every citation's outlet, day, headline, words and address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from index.types import ArticleHead, Hit, Passage, Span
from rag.render.copied import KINDS, Copied, answer_clip, answer_text, copied
from rag.render.markdown import answer_markdown
from rag.types import Answer, Citation, Claim

HEAD = ArticleHead(
    "a1", "Harbour to open", "Test Gazette", date(2021, 5, 3), "https://gazette.example/harbour?a=1&b=2"
)
OTHER = ArticleHead("a2", "<b>Council</b> votes", "Second Post", None, "javascript:alert(1)")
TEXT = "“We have waited,” she said. [1] It cost 64 million. [2]"
ANSWER = Answer(
    "When?",
    TEXT,
    TEXT,
    (
        Citation(1, HEAD, "p1", Span(0, 15), "We have\nwaited.", Span(28, 31), copies=(OTHER,)),
        Citation(2, OTHER, "p2", Span(0, 9), "46 <i>m</i>", Span(52, 55), "unsupported"),
    ),
    claims=(
        Claim(Span(0, 27), "verbatim"),
        Claim(Span(32, 51), "unsupported", reason="the number 64 is not in the source"),
    ),
    trace={"llm": "openai:tiny"},
)
ABSTAINED = Answer(
    "Who?",
    "The articles do not answer this.",
    "",
    hits=(Hit(Passage("p", "a1", Span(0, 9), "A passage"), HEAD, 1.0),),
    abstained=True,
)


def test_plain_text_reads_as_agreed(golden: Callable[[str, str], None]) -> None:
    golden("answer.txt", answer_text(ANSWER) + "\n---\n\n" + answer_text(ABSTAINED))


def test_html_holds_the_same_words_links_to_the_web_and_nothing_that_acts() -> None:
    html = answer_clip(ANSWER)
    assert '<a href="https://gazette.example/harbour?a=1&amp;b=2"' in html
    assert "javascript" not in html and "<b>" not in html and "<button" not in html
    assert "&lt;b&gt;Council&lt;/b&gt; votes" in html and "46 &lt;i&gt;m&lt;/i&gt;" in html
    assert "(not borne out: the number 64 is not in the source)" in html


@pytest.mark.parametrize("answer", [ANSWER, ABSTAINED])
def test_kinds(answer: Answer) -> None:
    assert set(KINDS) == {"rich", "markdown", "plain", "html"}
    assert copied(answer, "rich") == Copied(answer_text(answer), answer_clip(answer))
    assert copied(answer, "plain") == Copied(answer_text(answer))
    assert copied(answer, "html") == Copied(answer_clip(answer))
    assert copied(answer, "markdown") == Copied(answer_markdown(answer))


def test_how_it_ended_early_is_told() -> None:
    broken = replace(ANSWER, problem="it said nothing\nfor 60 s")
    assert "The model did not finish: it said nothing for 60 s" in answer_text(broken)
