"""Reading attribution suites: what a line holds, raw places in cleaned texts, one line for what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.cleaning.clean import clean
from index.cleaning.offsets import OffsetMap
from index.types import Article, Span
from rag.eval.attributions.articles import ToldArticle, load_articles
from rag.eval.attributions.run import choose_articles
from rag.eval.attributions.suite import gold_of, holds_attributions, read_attribution_suite
from rag.eval.attributions.types import Gold
from rag.eval.run import Selection
from rag.eval.types import RunError, SuiteError

Write = Callable[..., Path]
LINE = {"article": "a", "content": [[0, 5]], "source": [], "cue": [], "quoted": False}


def test_a_suite_is_read_with_its_gold(write_suite: Write, tmp_path: Path) -> None:
    folder = write_suite(
        tmp_path / "s", {**LINE, "content": [[8, 9], [2, 4], [4, 6]], "source": [[7, 8]], "new": 1}
    )
    suite = read_attribution_suite(folder)
    assert (suite.name, suite.articles) == ("harbour", folder / "articles.jsonl")
    assert suite.gold == (Gold("a", (Span(2, 6), Span(8, 9)), (Span(7, 8),), (), False, 1),)
    assert holds_attributions(folder)
    (folder / "questions.jsonl").touch()
    assert not holds_attributions(folder) and not holds_attributions(tmp_path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2 of"),
        ("[]", "line 2 of"),
        ("7", "line 2 of"),
        ('{"article": "a"}', "'content'"),
        ({**LINE, "content": []}, "content has no span"),
        ({**LINE, "content": [[5, 5]]}, "0 <= start < end"),
        ({**LINE, "content": [[-1, 5]]}, "0 <= start < end"),
        ({**LINE, "content": [[0, 5, 6]]}, "no attribution"),
        ({**LINE, "content": [3, 5]}, "no attribution"),
        ({**LINE, "content": [[0, "5"]]}, "wanted two numbers"),
        ({**LINE, "content": [[False, 5]]}, "wanted two numbers"),
        ({**LINE, "article": 7}, "article has to be text"),
        ({**LINE, "quoted": "no"}, "quoted true or false"),
    ],
)
def test_a_line_that_is_no_attribution_is_told(
    write_suite: Write, tmp_path: Path, line: Any, told: str
) -> None:
    folder = write_suite(tmp_path, LINE, line)
    with pytest.raises(SuiteError, match="line 2 of") as found:
        read_attribution_suite(folder)
    assert told in str(found.value) and "\n" not in str(found.value)


def test_a_suite_without_a_line_or_a_file_is_told(write_suite: Write, tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"no attributions\.jsonl"):
        read_attribution_suite(tmp_path)
    with pytest.raises(SuiteError, match="holds no attribution"):
        read_attribution_suite(write_suite(tmp_path, ""))


def test_articles_that_are_not_there_are_told(write_suite: Write, tmp_path: Path) -> None:
    suite = read_attribution_suite(write_suite(tmp_path, LINE, {**LINE, "article": "b"}))
    with pytest.raises(SuiteError, match=r"1 articles that .* does not hold, the first 'b'"):
        load_articles(suite, suite.by_article())
    assert load_articles(suite, ["a"]).total == 1


def test_the_first_articles_are_those_the_file_comes_to_first(write_suite: Write, tmp_path: Path) -> None:
    lines = [{**LINE, "article": name} for name in ("b", "a", "b", "c")]
    suite = read_attribution_suite(write_suite(tmp_path, *lines))
    chosen = choose_articles(suite, Selection(limit=2, without=("any",)))
    assert {name: [one.line for one in gold] for name, gold in chosen.items()} == {"b": [1, 3], "a": [2]}
    with pytest.raises(RunError, match="no tags in harbour"):
        choose_articles(suite, Selection(tags=("said",)))


def test_raw_places_are_found_in_the_cleaned_text() -> None:
    text = (
        "Sign up for our newsletter\r\n\r\n"
        "The pier  cafe\u0301 burnt, said Ilse Brandt of the harbour office.\r\n"
    )
    raw = Article("a", "", text)
    cleaned = clean(raw)
    told = ToldArticle(raw, OffsetMap.of([(len(text), len(text))]))
    assert len(cleaned.article.text) < len(text)
    first, last = text.index("cafe"), text.index(" burnt")
    name = text.index("Ilse")
    one = Gold("a", (Span(first, last),), (Span(name, name + 11),), (), True, 1)
    ((found,), lost) = gold_of([one], told, cleaned.offsets)
    assert found.content[0].of(cleaned.article.text) == "caf\u00e9"
    assert found.source[0].of(cleaned.article.text) == "Ilse Brandt"
    assert found.quoted and lost == 0
    furniture = replace(one, content=(Span(0, 7),), source=())
    assert gold_of([furniture, one], told, cleaned.offsets)[1] == 1
    with pytest.raises(SuiteError, match=r"line 1 of attributions.jsonl has the span \[0, 900\]"):
        gold_of([replace(one, cue=(Span(0, 900),))], told, cleaned.offsets)


def test_lines_that_recur_are_counted_over_all_articles(write_suite: Write, tmp_path: Path) -> None:
    folder = write_suite(tmp_path, LINE)
    articles = [{"id": name, "text": f"The words of {name} alone.\n\nFollow us"} for name in "abc"]
    (folder / "articles.jsonl").write_text("\n".join(json.dumps(one) for one in articles))
    loading = load_articles(read_attribution_suite(folder), ["a"])
    assert list(loading.articles) == ["a"] and loading.total == 3
    assert list(loading.recurring.values()) == [3]


def test_places_stay_right_where_loading_mends_characters(write_suite: Write, tmp_path: Path) -> None:
    text = "The cafÃ© stayed shut.\n\nZoÃ« Brandt said “the cafÃ© burnt”."
    start, end = text.index("the cafÃ©"), text.index("”")
    folder = write_suite(tmp_path, {**LINE, "content": [[start, end]], "source": [[24, 35]]})
    (folder / "articles.jsonl").write_text(json.dumps({"id": "a", "text": text}), encoding="utf-8")
    suite = read_attribution_suite(folder)
    told = load_articles(suite, ["a"]).articles["a"]
    assert "é" in told.article.text and len(told.article.text) < len(text)
    cleaned = clean(told.article)
    ((found,), _) = gold_of(suite.gold, told, cleaned.offsets)
    assert found.content[0].of(cleaned.article.text) == "the café burnt"
    assert found.source[0].of(cleaned.article.text) == "Zoë Brandt"


def test_markup_in_the_file_has_no_offsets(write_suite: Write, tmp_path: Path) -> None:
    folder = write_suite(tmp_path, LINE)
    page = "<div><p>Ilse Brandt said no.</p><p>She said it again.</p></div>"
    (folder / "articles.jsonl").write_text(json.dumps({"id": "a", "text": page}))
    with pytest.raises(SuiteError, match="wanted plain text"):
        load_articles(read_attribution_suite(folder), ["a"])
