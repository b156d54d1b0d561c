"""The sample articles as the loader and the cleaner see them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from index.cleaning.clean import clean, lines_of
from index.load import load
from index.types import Article, Loaded
from rag.eval.suite import read_suite

ROOT = Path(__file__).resolve().parents[1]
OUTLETS = {"Sample Wire", "Sample Herald", "Sample Courier", "Sample Broadcasting"}
FURNITURE = (
    "cookie",
    "newsletter",
    "Read more",
    "Comments",
    "Example Street",
    "en_GB",
    "min read",
    "Terms of use",
)


@pytest.fixture(scope="module")
def samples() -> dict[str, Article]:
    loaded = list(load(ROOT / "samples"))
    assert all(isinstance(item, Loaded) for item in loaded), loaded
    articles = [item.article for item in loaded if isinstance(item, Loaded)]
    recurring = Counter(key for article in articles for key in lines_of(article.text))
    return {article.id: clean(article, recurring).article for article in articles}


def test_every_file_is_one_article_named_after_it(samples: dict[str, Article]) -> None:
    assert set(samples) == {path.stem for path in (ROOT / "samples").iterdir()}
    assert len(samples) == 18


def test_every_article_has_title_outlet_and_day(samples: dict[str, Article]) -> None:
    table = (ROOT / "docs" / "samples.md").read_text(encoding="utf-8")
    for article in samples.values():
        assert article.title
        assert article.source in OUTLETS, article.id
        assert article.published is not None, article.id
        row = next(line for line in table.splitlines() if line.startswith(f"| `{article.id}."))
        assert f"| {article.published} | {article.source} |" in row


def test_no_page_furniture_is_left(samples: dict[str, Article]) -> None:
    for article in samples.values():
        assert not [words for words in FURNITURE if words in article.text], article.id


def test_every_quote_of_the_suite_stands_in_its_article(samples: dict[str, Article]) -> None:
    for question in read_suite(ROOT / "tests" / "suites" / "samples").questions:
        for item in question.evidence:
            assert item.quote
            assert item.quote in samples[item.article].text, question.id
