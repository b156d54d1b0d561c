"""Passages are exact slices of whole sentences, cover the article, fit the embedder, and are balanced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.chunk import AIM_TOKENS, CHUNKING, chunk
from index.embed import Embedder, load_embedder, passage_prompt
from index.sentences import sentences
from index.types import Article, Passage

Count = Callable[[list[str]], list[int]]
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=120),
        st.sampled_from(
            [
                "The ministers met on Tuesday.",
                "“No,” Mr. Lunt said.",
                "\n\n",
                "\n",
                "Ships left, " * 40,
                "x" * 900,
            ]
        ),
    ),
    max_size=12,
).map(" ".join)


def by_words(texts: list[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def by_bytes(texts: list[str]) -> list[int]:
    return [len(text.encode("utf-8", "replace")) for text in texts]


def by_pairs(texts: list[str]) -> list[int]:
    """Tokens that do not add up: a break between sentences costs one."""
    return [len(text) // 2 + text.count(". ") for text in texts]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(precision="fp32")


def article(text: str, title: str = "", id: str = "a1") -> Article:
    return Article(id, title, text, source="Sample Wire", published=date(2023, 3, 30))


def check(made: list[Passage], of: Article, max_tokens: int, count: Count) -> None:
    assert all(passage.span.of(of.text) == passage.text for passage in made)
    assert all(before.span.end <= after.span.start for before, after in pairwise(made))
    assert "".join("".join(passage.text.split()) for passage in made) == "".join(of.text.split())
    assert len({passage.id for passage in made}) == len(made)
    prompts = [passage_prompt(of.head, passage.text) for passage in made]
    assert all(tokens <= max_tokens for tokens in count(prompts))
    for passage in made:
        assert passage.article_id == of.id
        assert passage.sentences[0].start == passage.span.start
        assert passage.sentences[-1].end == passage.span.end
        assert all(before.end <= after.start for before, after in pairwise(passage.sentences))
        inner = "".join("".join(span.of(of.text).split()) for span in passage.sentences)
        assert inner == "".join(passage.text.split())


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, title=st.text(max_size=60), count=st.sampled_from([by_words, by_bytes, by_pairs]))
def test_any_article_is_cut_exactly(text: str, title: str, count: Count) -> None:
    of = article(text, title)
    check(chunk(of, 400, count), of, 400, count)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, title=st.text(max_size=300))
def test_passages_fit_the_embedder_by_its_own_tokenizer(embedder: Embedder, text: str, title: str) -> None:
    of = article(text, title)
    check(
        chunk(of, embedder.max_tokens, embedder.count_tokens), of, embedder.max_tokens, embedder.count_tokens
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(3, 60), min_size=1, max_size=60))
def test_sentences_that_fit_stay_whole_and_no_rest_is_tiny(lengths: list[int]) -> None:
    text = " ".join("Then " + "came " * (length - 2) + "rain." for length in lengths)
    of = article(text)
    made = chunk(of, 254, by_words)
    check(made, of, 254, by_words)
    assert [span for passage in made for span in passage.sentences] == sentences(text)
    sizes = by_words([passage.text for passage in made])
    assert len(sizes) == 1 or min(sizes) >= AIM_TOKENS // 3


def test_passages_end_with_paragraphs_where_they_can() -> None:
    paragraph = " ".join(["The council met again and agreed on nothing at all."] * 5)  # 50 words
    of = article("\n\n".join([paragraph] * 12))
    made = chunk(of, 254, by_words)
    assert all(passage.text.endswith("at all.") for passage in made)
    assert all(of.text[passage.span.end : passage.span.end + 2] in ("\n\n", "") for passage in made)
    assert {len(passage.text.split()) for passage in made} <= {150, 200}


def test_a_long_sentence_is_cut_at_clauses() -> None:
    clause = "the ships left the harbour one after another in the rain"  # 11 words
    of = article(", ".join([clause] * 40) + ".")
    made = chunk(of, 100, by_words)
    check(made, of, 100, by_words)
    assert len(made) > 4
    assert all(passage.text.endswith((",", ".")) for passage in made)


def test_a_word_without_end_is_cut_by_characters(embedder: Embedder) -> None:
    of = article("x" * 9000)
    made = chunk(of, embedder.max_tokens, embedder.count_tokens)
    check(made, of, embedder.max_tokens, embedder.count_tokens)
    assert 4 <= len(made) <= 40


def test_a_long_head_leaves_room(embedder: Embedder) -> None:
    text = "The ministers met on Tuesday and agreed to go on. " * 40
    of = article(text, "Переговори тривають попри все " * 30)
    check(chunk(of, 128, embedder.count_tokens), of, 128, embedder.count_tokens)


def test_same_input_same_ids_other_place_or_article_other_ids() -> None:
    of = article("One came. " * 200)
    made = chunk(of, 254, by_words)
    assert made == chunk(of, 254, by_words)
    others = chunk(article("One came. " * 200, id="a2"), 254, by_words)
    assert {passage.id for passage in made}.isdisjoint({passage.id for passage in others})
    assert len({passage.id for passage in made}) == len(made) > 1  # equal texts in different places


def test_tokens_are_counted_in_one_call() -> None:
    calls: list[int] = []

    def counting(texts: list[str]) -> list[int]:
        calls.append(len(texts))
        return by_words(texts)

    made = chunk(article("The council met again and agreed on nothing at all. " * 170), 254, counting)
    assert len(made) > 5
    assert calls == [171]


@pytest.mark.parametrize("text", ["", " \n\n ", "\u2003"])
def test_nothing_makes_no_passages(text: str) -> None:
    assert chunk(article(text), 254, by_words) == []


def test_the_name_of_the_chunking_tells_its_size() -> None:
    assert str(AIM_TOKENS) in CHUNKING


def test_a_huge_article_is_cut_in_good_time() -> None:
    of = article("The council met again and agreed on nothing at all. " * 20_000)
    made = chunk(of, 254, by_words)
    assert len(made) > 1000
