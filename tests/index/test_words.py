from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st

from index.words import content_stems, stem, stems, tokens


@given(st.text())
def test_tokens_are_exact_slices_in_order(text: str) -> None:
    found = tokens(text)
    assert all(text[start:end] == word for word, start, end in found)
    assert [s for _, s, _ in found] == sorted(s for _, s, _ in found)


@given(st.text())
def test_any_text_has_stems(text: str) -> None:
    assert len(stems(text)) == len(tokens(text))


@pytest.mark.parametrize(
    ("a", "b"), [("talks", "talk"), ("Ukraine's", "Ukraine"), ("negotiating", "negotiations"), ("U.S.", "US")]
)
def test_forms_of_one_word_share_a_stem(a: str, b: str) -> None:
    assert stem(a) == stem(b)


def test_content_stems_leave_out_the_frame_of_a_question() -> None:
    question = "What did the minister say about the 1,400 lorries?"
    assert content_stems(question) == ["minist", "say", "1,400", "lorri"]


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    kept = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(kept)


@pytest.mark.usefixtures("hasty")
def test_threads_do_not_spoil_each_others_stems() -> None:
    words = ["".join(parts) for parts in product("bdf", "aeiou", "lmr", "ai", ("nationalized", "ings", "ly"))]
    alone = {word: snowballstemmer.stemmer("english").stemWord(word) for word in words}
    stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem, words)) == [alone[word] for word in words]
