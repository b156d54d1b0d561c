from __future__ import annotations

import pytest
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
