"""The plain rules that stand beside ours, by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.types import Article
from rag.eval.attributions.baselines import BASELINES, marks, nearest_name


def told(text: str) -> list[tuple[list[str], str]]:
    found = marks(Article("a", "", text))
    return [([span.of(text) for span in one.content], one.speaker) for one in found]


def test_what_stands_between_marks_in_a_paragraph_is_one_quotation(harbour: str) -> None:
    pieces = ["The new pier will be ready before Easter,", "We have the timber."]
    assert told(harbour) == [(pieces, "Ilse Brandt")]
    text = 'Ada Holm spoke.\n"It is straight as well," he said.\n"And this is another," he said.'
    assert [one for one, _ in told(text)] == [["It is straight as well,"], ["And this is another,"]]


def test_few_words_are_a_title_and_open_marks_nothing() -> None:
    assert told("He read “Two words” and “Three words here” aloud.") == [(["Three words here"], "")]
    assert told("“It never ends\n\nnor begins here.") == []


def test_names_are_runs_of_capitals_outside_of_what_is_said() -> None:
    said = "“But Ada Holm will not come.”"
    assert told(f"{said} Yesterday Bo van Daal said it.")[0][1] == "Yesterday Bo van Daal"
    assert told(f"{said} Then came Zoë O’Neill-Smith.")[0][1] == "Zoë O’Neill-Smith"
    assert told(f"Nobody said {said}")[0][1] == "", "a word that begins a sentence is no name"


def test_the_names_of_others_are_put_to_our_contents(harbour: str) -> None:
    article = Article("a", "", harbour)
    ours = marks(article)
    assert nearest_name(article, ours) == ours
    assert BASELINES["nearest_name"](article, []) == []


@given(st.text(alphabet='“”"\n .,Aa’', max_size=80))
def test_any_text_gives_spans_inside_it(text: str) -> None:
    for one in marks(Article("a", "", text)):
        assert one.quoted and all(span.end <= len(text) for span in (*one.content, *one.source))
        assert bool(one.source) == bool(one.speaker)
