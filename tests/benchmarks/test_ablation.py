"""Parts switched off over a search of five hand-made passages, and the table of what that costs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import ablation
from benchmarks.ablation_parts import ANSWER_PARTS, RETRIEVAL_PARTS, reciprocal_ranks, replaced
from index import search
from index.archive import Archive
from index.search import Searcher
from index.types import ArticleHead, Filters, Hit, Passage, Span
from rag.assistant import Assistant
from rag.eval.types import Evidence, Question
from rag.signals import SIGNALS

DAY = date(2024, 5, 3)
HEADS = {
    "far": ArticleHead("far", "", published=date(2020, 1, 1)),
    "near": ArticleHead("near", "", published=DAY),
    "copy": ArticleHead("copy", "", published=date(2020, 1, 1)),
}
STORY = "the long bridge over the river was opened on a cold and windy morning by the old mayor"
TEXTS = {
    "far1": ("far", "ferries to the island run every hour from early morning until late at night in summer"),
    "near1": ("near", STORY),
    "near2": ("near", "two"),
    "near3": ("near", "three"),
    "copy1": ("copy", STORY),
}
DENSE = [("far1", 1.0), ("near1", 0.9), ("near2", 0.6), ("near3", 0.5)]
LEXICAL = [("near1", 8.0), ("copy1", 6.0)]


class Shelf:
    """The five passages."""

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [Passage(key, TEXTS[key][0], Span(0, len(TEXTS[key][1])), TEXTS[key][1]) for key in ids]

    def heads(self, ids: Collection[str]) -> dict[str, ArticleHead]:
        return {key: HEADS[key] for key in ids}

    def allowed(self, filters: Filters) -> Collection[str] | None:
        return None


def index(ranking: list[tuple[str, float]]) -> Any:
    return SimpleNamespace(query=lambda wanted, k, allowed=None: ranking)


SEARCHER = Searcher(Shelf(), index(DENSE), index(LEXICAL), cast(Any, None))
QUESTION = Question("q", "Who opened the bridge?", DAY, evidence=(Evidence("far"),))


def found(searcher: Searcher, asked: date | None = None) -> list[Hit]:
    return searcher.search("bridge", asked=asked, query_vector=np.zeros(1))


def with_part_off(name: str, asked: date | None = None) -> list[Hit]:
    with RETRIEVAL_PARTS[name](SEARCHER) as changed:
        return found(changed, asked)


def passages(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.id for hit in hits]


def test_the_whole_folds_limits_and_prefers() -> None:
    hits = found(SEARCHER, DAY)
    assert passages(hits) == ["near1", "near2", "far1", "near3"]
    assert [head.id for head in hits[0].copies] == ["copy"]


def test_each_part_off_changes_what_it_should() -> None:
    assert "copy" not in {head.id for hit in with_part_off("dense only") for head in (hit.head, *hit.copies)}
    assert passages(with_part_off("lexical only")) == ["near1"]
    assert passages(with_part_off("no dates", DAY))[1] == "far1"
    third = {hit.passage.id: hit.score for hit in with_part_off("articles not spread")}["near3"]
    assert third > {hit.passage.id: hit.score for hit in found(SEARCHER)}["near3"]
    assert "copy1" in passages(with_part_off("copies not folded"))
    assert found(SEARCHER)[0].score > with_part_off("no sibling bonus")[0].score
    ranks = with_part_off("reciprocal ranks")
    assert ranks[0].parts["fused"] == pytest.approx(1 / 62 + 0.5 / 61)


@pytest.mark.parametrize("name", RETRIEVAL_PARTS)
def test_afterwards_all_is_as_it_was(name: str) -> None:
    before = found(SEARCHER, DAY)
    with_part_off(name)
    assert found(SEARCHER, DAY) == before


@pytest.mark.parametrize("name", ANSWER_PARTS)
def test_signals_lose_their_weight_for_the_time_of_the_measurement(name: str) -> None:
    assistant = Assistant(cast(Archive, None))
    judge = assistant._judge
    with ANSWER_PARTS[name](assistant) as changed:
        ranks = changed._judge.weights.ranks
        assert ranks[SIGNALS.index("cosine")] == 0 or changed._judge.cross is None
        assert ranks[SIGNALS.index("coverage")] != 0
    assert assistant._judge is judge


def test_what_is_not_there_cannot_be_replaced() -> None:
    with pytest.raises(AttributeError), replaced(search, _NO_SUCH=1):
        pass
    with pytest.raises(KeyError), replaced(search, PER_ARTICLE=5):
        raise KeyError
    assert search.PER_ARTICLE == 2


@given(st.permutations(["dense", "lexical"]))
def test_reciprocal_ranks_by_hand(order: list[str]) -> None:
    rankings = {"dense": [("a", 9.0), ("b", 1.0)], "lexical": [("b", 7.0)]}
    fused = reciprocal_ranks({name: rankings[name] for name in order}, {"dense": 1.0, "lexical": 0.5}, 9)
    assert list(fused) == ["b", "a"]
    assert fused["b"] == pytest.approx(1 / 62 + 0.5 / 61)
    assert fused["a"] == pytest.approx(1 / 61)


def test_retrieval_is_scored_over_articles_and_over_the_ten_hits_shown() -> None:
    values = ablation.retrieval_values(SEARCHER, [QUESTION], [np.zeros(1)])
    assert {name: list(found) for name, found in values.items()} == {
        "hit@1": [0.0],
        "hit@4": [1.0],
        "hit@10": [1.0],
        "mrr@10": [1 / 3],  # behind the article and its near-copy
        "ndcg@10": [0.5],
        "in_ten": [1.0],
    }


def test_the_table_compares_each_with_the_whole() -> None:
    rows = ablation.table({"whole": {"hit@1": [1.0, 0.0]}, "dense only": {"hit@1": [0.0, 0.0]}})
    assert [row["name"] for row in rows] == ["whole", "dense only"]
    assert rows[0]["differences"]["hit@1"]["value"] == 0
    assert rows[1]["differences"]["hit@1"]["value"] == -0.5
    assert rows[1]["metrics"]["hit@1"]["n"] == 2
