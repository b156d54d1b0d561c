from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.types import ArticleHead, Hit, Passage, Span
from rag.excerpts import Excerpt, gather_excerpts
from rag.signals import Candidate
from rag.speech import Speech

NOBODY = Speech(quoted=False, has_quote=False, speaker="", named=False)
LENGTH, COUNT, OFFSET = 10, 12, 100


def passage(article: str) -> Hit:
    """Twelve sentences of ten characters each, from character 100 of the article on."""
    sentences = [Span(OFFSET + LENGTH * i, OFFSET + LENGTH * (i + 1) - 1) for i in range(COUNT)]
    text = " ".join(f"{article}{i:02d}......"[:9] for i in range(COUNT))
    whole = Span(sentences[0].start, sentences[-1].end)
    return Hit(Passage(f"p-{article}", article, whole, text, tuple(sentences)), ArticleHead(article, ""), 1.0)


HITS = {name: passage(name) for name in "abcdefghij"}


def candidate(article: str, number: int) -> Candidate:
    hit = HITS[article]
    span = hit.passage.sentences[number]
    return Candidate(hit, 1, span, span.shift(-OFFSET).of(hit.passage.text), "", "", NOBODY)


def words(excerpt: Excerpt) -> int:
    return len(excerpt.sentences)


def numbers(excerpt: Excerpt) -> list[int]:
    return [HITS["a"].passage.sentences.index(sentence) for sentence in excerpt.sentences]


def test_a_sentence_comes_with_its_neighbours() -> None:
    (found,) = gather_excerpts([candidate("a", 5)], words, 10)
    assert numbers(found) == [4, 5, 6]
    assert found.text == "a04...... a05...... a06......"


def test_at_the_edge_of_a_passage_there_is_one_neighbour() -> None:
    (found,) = gather_excerpts([candidate("a", 0)], words, 10)
    assert numbers(found) == [0, 1]


def test_what_touches_grows_together_and_keeps_its_number() -> None:
    found = gather_excerpts([candidate("a", 2), candidate("b", 7), candidate("a", 4)], words, 10)
    assert [(one.number, one.hit.head.id, numbers(one)) for one in found] == [
        (1, "a", [1, 2, 3, 4, 5]),
        (2, "b", [6, 7, 8]),
    ]


def test_places_apart_in_one_passage_are_excerpts_apart() -> None:
    found = gather_excerpts([candidate("a", 1), candidate("a", 9)], words, 10)
    assert [numbers(one) for one in found] == [[0, 1, 2], [8, 9, 10]]


def test_what_does_not_fit_is_passed_over_for_what_does() -> None:
    found = gather_excerpts([candidate("a", 5), candidate("b", 5), candidate("a", 6)], words, 4)
    assert [(one.hit.head.id, numbers(one)) for one in found] == [("a", [4, 5, 6, 7])]


def test_the_best_sentence_is_shown_however_small_the_budget() -> None:
    assert len(gather_excerpts([candidate("a", 5), candidate("b", 5)], words, 1)) == 1
    assert gather_excerpts([], words, 1) == ()


@given(
    st.lists(st.tuples(st.sampled_from(sorted(HITS)), st.integers(0, COUNT - 1)), min_size=1, max_size=25),
    st.integers(3, 40),
)
def test_excerpts_are_exact_slices_within_the_budget(places: list[tuple[str, int]], budget: int) -> None:
    found = gather_excerpts([candidate(*place) for place in places], words, budget)
    assert sum(map(words, found)) <= budget
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    for one in found:
        home = one.hit.passage
        assert home.span.holds(one.span)
        assert one.text == home.text[one.span.start - OFFSET : one.span.end - OFFSET]
        assert list(one.sentences) == sorted(set(one.sentences))
    shown = [(one.hit.passage.id, sentence) for one in found for sentence in one.sentences]
    best = HITS[places[0][0]].passage
    assert (best.id, best.sentences[places[0][1]]) in shown
