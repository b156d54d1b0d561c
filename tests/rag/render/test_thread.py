"""A conversation as HTML: how a question stands above its answer."""

from __future__ import annotations

from rag.render.markup import LONG_CHARS
from rag.render.thread import waiting_html


def test_only_a_very_long_question_is_shown_small_and_can_be_scrolled() -> None:
    assert '<h2 class="asked" dir="auto">' in waiting_html("w" * LONG_CHARS)
    assert '<h2 class="asked long" tabindex="0" dir="auto">' in waiting_html("w" * (LONG_CHARS + 1))
