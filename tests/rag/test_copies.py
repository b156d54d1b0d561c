"""Who else carries what is cited: found at the archive, shown everywhere; all texts are made up."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from index.archive import Archive
from index.types import ArticleHead, Filters, Hit, Passage, Span
from rag.assistant import Assistant
from rag.copies import with_copies
from rag.render.answer import answer_html
from rag.render.markdown import answer_markdown
from rag.render.markup import copies_text
from rag.sources import Sources
from rag.terminal import console, print_answer
from rag.types import Answer, Citation
from rag.wire import answer_json

TEXT = """The old harbour of Sampleton will reopen to ferries in June after nine years of repairs.

Mayor Ann Bell said the quay now stands on forty new piles and can carry lorries again. “We have waited long
enough,” she told the council, which paid for the works with a loan of 64 million crowns.

Fishermen had asked for a slipway, and the engineers found room for one beside the cold store. Two crossings a
day are planned for the first summer, with a third on market days if enough people buy tickets in advance.
"""
HOSTILE = ArticleHead("x", "<b>x</b>", "<script>alert(1)</script> *Post*", date(2021, 5, 4))
CITED = Citation(1, ArticleHead("a", "Harbour", "Gazette"), "p", Span(0, 3), "The", Span(5, 8))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("copies")
    rows = [("late", "2021-05-05"), ("first", "2021-05-03"), ("undated", None), ("second", "2021-05-04")]
    lines = [
        json.dumps(
            {"id": one, "title": f"Harbour {one}", "text": TEXT, "source": one.title(), "published": day}
        )
        for one, day in rows
    ]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with Archive.open(folder / "home") as archive:
        archive.ingest([folder / "articles.jsonl"])
        yield archive


def test_an_answer_tells_who_else_carries_it_earliest_first(archive: Archive) -> None:
    answer = Assistant(archive).ask("How was the harbour of Sampleton paid for?", abstain="off")
    assert answer.citations
    for citation in answer.citations:
        others = [one for one in ("first", "second", "late", "undated") if one != citation.head.id]
        assert [head.id for head in citation.copies] == others
        told = answer_json(answer)["citations"][0]["copies"]
        assert set(told[0]) == {"article_id", "title", "source", "published", "url"}


def test_copies_that_a_filter_hides_from_search_are_told(archive: Archive) -> None:
    answer = Assistant(archive).ask("When does it reopen?", filters=Filters(sources=("Late",)), abstain="off")
    assert {head.id for head in answer.citations[0].copies} == {"first", "second", "undated"}


def test_copies_of_the_passage_alone_count_too(archive: Archive) -> None:
    folded = ArticleHead("digest", "All the news", "Digest", date(2021, 5, 1))
    hit = Hit(Passage("p", "a", Span(0, 3), "The"), CITED.head, 1.0, copies=(folded, CITED.head))
    answer = Answer("q", "The [1]", "", (replace(CITED, head=archive.article("late").head),), (hit,))
    found = with_copies(answer, Sources(archive)).citations[0].copies
    assert [head.id for head in found] == ["digest", "first", "second", "a", "undated"]


def shown(answer: Answer) -> dict[str, str]:
    out = io.StringIO()
    print_answer(console(out), answer)
    return {"terminal": out.getvalue(), "markdown": answer_markdown(answer), "page": answer_html(answer)}


def test_every_place_shows_them_escaped() -> None:
    answer = Answer("q", "The. [1]", "", (replace(CITED, copies=(HOSTILE,)),))
    seen = shown(answer)
    assert all("Also carried by " in words for words in seen.values())
    assert "<script>" not in seen["page"] and "&lt;script&gt;" in seen["page"]
    assert "\\<script\\>alert(1)\\</script\\> \\*Post\\*" in seen["markdown"]


def test_nothing_is_said_without_copies() -> None:
    assert copies_text(()) == ""
    assert not any("carried by" in words for words in shown(Answer("q", "The. [1]", "", (CITED,))).values())
