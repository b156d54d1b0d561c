"""Where other articles agree with what is cited and where they differ; all texts are made up."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.archive import Archive
from index.sentences import sentences
from index.types import ArticleHead, Hit, Passage, Span
from rag.render.answer import answer_html
from rag.render.markdown import answer_markdown
from rag.sources import Sources
from rag.terminal import console, print_answer
from rag.types import Answer, Citation, Version
from rag.versions import with_versions
from rag.wire import answer_json

CITED = "About 350,000 people fled the flooded valley of the Sample river, the council said."
GAZETTE = ArticleHead("a", "Flood", "Gazette", date(2021, 5, 3))
POST = ArticleHead("b", "Valley", "Post", date(2021, 5, 3))
LATER = ArticleHead("c", "Count", "Post", date(2021, 5, 9))
OWN_LATER = ArticleHead("d", "Count", "Gazette", date(2021, 5, 9))

CASES = [
    # cited, the other's head, the other's sentence, what, later
    (
        CITED,
        POST,
        "About 129,000 people fled the flooded valley of the Sample river, the council said.",
        "350,000 / 129,000",
        False,
    ),
    (
        CITED,
        LATER,
        "About 129,000 people fled the flooded valley of the Sample river, the council said.",
        "350,000 / 129,000",
        True,
    ),
    (
        CITED,
        OWN_LATER,
        "About 129,000 people fled the flooded valley of the Sample river, the council said.",
        "350,000 / 129,000",
        True,
    ),
    (CITED, POST, "The council said 350,000 people fled the flooded valley of the Sample river.", "", False),
    (
        "“Let us all go back to the council table and stop this quarrel,” the mayor said.",
        POST,
        "“Let us all go back to the council table and stop this brawl.”",
        "quarrel / brawl",
        False,
    ),
]
NOTHING = [
    (CITED, POST, "The council of the valley met beside the Sample river to talk about schools for people."),
    (CITED, POST, "Snow fell."),
    (CITED, replace(POST, source="gazette"), "350,000 people fled the flooded valley of the Sample river."),
    (CITED, GAZETTE, "About 129,000 people fled the flooded valley of the Sample river, the council said."),
    ("“Let us all go back to the table,” she said.", POST, "“Let us all run away from the table.”"),
]  # fmt: skip


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    folder: Path = tmp_path_factory.mktemp("versions")
    with Archive.open(folder) as archive:
        yield Sources(archive)


def hit(head: ArticleHead, text: str) -> Hit:
    passage = Passage(f"p-{head.id}", head.id, Span(10, 10 + len(text)), text)
    spans = tuple(span.shift(10) for span in sentences(text))
    return Hit(replace(passage, sentences=spans), head, 1.0)


def asked(cited: str, *others: tuple[ArticleHead, str], copies: tuple[ArticleHead, ...] = ()) -> Answer:
    citation = Citation(1, GAZETTE, "p-a", Span(0, len(cited)), cited, Span(4, 7), copies=copies)
    return Answer("q", "So. [1]", "", (citation,), tuple(hit(*other) for other in others))


@pytest.mark.parametrize(("cited", "head", "text", "what", "later"), CASES)
def test_versions(cited: str, head: ArticleHead, text: str, what: str, later: bool, sources: Sources) -> None:
    [citation] = with_versions(asked(cited, (head, f"It rained. {text}")), sources).citations
    [version] = citation.versions
    assert (version.head, version.evidence, version.what, version.later) == (head, text, what, later)
    assert version.span == Span(21, 21 + len(text)) and version.passage_id == f"p-{head.id}"


@pytest.mark.parametrize(("cited", "head", "text"), NOTHING)
def test_other_statements_are_no_versions(cited: str, head: ArticleHead, text: str, sources: Sources) -> None:
    assert with_versions(asked(cited, (head, text)), sources).citations[0].versions == ()


def test_copies_are_no_versions(sources: Sources) -> None:
    answer = asked(CITED, (POST, CITED), copies=(POST,))
    assert with_versions(answer, sources).citations[0].versions == ()


def test_one_version_of_an_article_and_three_in_all(sources: Sources) -> None:
    heads = [replace(POST, id=f"b{n}", source=f"Post {n}") for n in range(5)]
    answer = asked(CITED, *((head, CITED) for head in (*heads, heads[0])))
    found = [version.head.id for version in with_versions(answer, sources).citations[0].versions]
    assert len(found) == len(set(found)) == 3


def test_without_citations_nothing_is_looked_for(sources: Sources) -> None:
    assert with_versions(Answer("q", "No.", ""), sources).citations == ()


HOSTILE = Version(
    replace(POST, title="<i>t</i>", source="<script>x</script>"),
    "p",
    Span(0, 3),
    "*<b>b</b>*",
    "1 / <u>2</u>",
    True,
)


def test_every_place_shows_them_escaped() -> None:
    answer = asked(CITED)
    agrees = Version(POST, "p", Span(0, 3), "The same.")
    answer = replace(answer, citations=(replace(answer.citations[0], versions=(HOSTILE, agrees)),))
    out = io.StringIO()
    print_answer(console(out), answer)
    page, markdown = answer_html(answer), answer_markdown(answer)
    for words in (out.getvalue(), page, markdown):
        assert "A later report differs: 1 / " in words and "Says the same" in words
    assert not any(tag in page for tag in ("<script", "<b>", "<u>", "<i>")) and "&lt;u&gt;2&lt;/u&gt;" in page
    assert "\\<u\\>2" in markdown and "\\*\\<b\\>" in markdown
    told = answer_json(answer)["citations"][0]
    assert [one["evidence"] for one in told["agreements"]] == ["The same."]
    assert told["differs"][0]["what"] == "1 / <u>2</u>" and told["differs"][0]["later"] is True
    assert set(told["agreements"][0]) == {
        "article_id",
        "title",
        "source",
        "published",
        "url",
        "start",
        "end",
        "evidence",
    }
