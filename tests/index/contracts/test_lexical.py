"""What every LexicalIndex does, run over a tiny one in memory and over Tantivy's."""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.lexical import Entry, LexicalIndex, TantivyIndex
from index.words import stem

Open = Callable[[], LexicalIndex]

ENTRIES = [
    Entry("p1", "a1", "Harbour talks resume", "Delegates met at the harbour and talked about grain."),
    Entry("p2", "a1", "Harbour talks resume", "The mayor said the bridge stays closed until spring."),
    Entry("p3", "a2", "Budget vote delayed", "Lawmakers delayed the vote; nobody mentioned grain."),
    Entry("p4", "a3", "Erdoğan visits the port", "The president's naïve critics were silent in Kyiv — Київ."),
    Entry("p5", "a4", "Weather", "Rain, rain and more rain over the harbour."),
]


class ListIndex:
    """A LexicalIndex that reads everything at each query."""

    def __init__(self) -> None:
        self._rows: dict[str, Entry] = {}
        self._next: dict[str, Entry] = {}

    def upsert(self, entries: Iterable[Entry]) -> None:
        self._next.update((entry.id, entry) for entry in entries)

    def delete(self, ids: Collection[str]) -> None:
        for one in ids:
            self._next.pop(one, None)

    def commit(self) -> None:
        self._rows = dict(self._next)

    def count(self) -> int:
        return len(self._rows)

    def ids(self) -> set[str]:
        return set(self._rows)

    def frequency(self, word_stem: str) -> int:
        return sum(_folded(word_stem) in _words(row.text) for row in self._rows.values())

    def replace(self, entries: Iterable[Entry]) -> None:
        self._next = {entry.id: entry for entry in entries}
        self.commit()

    def query(self, text: str, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        counts = {one: Counter(_words(f"{row.title} {row.text}")) for one, row in self._rows.items()}
        scores: Counter[str] = Counter()
        for word in set(_words(text)):
            having = [one for one, words in counts.items() if word in words]
            for one in having:
                tf = counts[one][word]
                scores[one] += math.log(1 + len(counts) / (0.5 + len(having))) * tf / (tf + 1.2)  # type: ignore[assignment]
        kept = [one for one in scores if allowed is None or self._rows[one].article_id in allowed]
        return sorted(((one, scores[one]) for one in kept), key=lambda pair: (-pair[1], pair[0]))[: max(k, 0)]

    def close(self) -> None:
        return None


def _words(text: str) -> list[str]:
    return [stem(word) for word in re.findall(r"\w+", _folded(text))]


def _folded(text: str) -> str:
    return text.lower().replace("ğ", "g").replace("ï", "i")


@pytest.fixture(params=["list", "tantivy"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LexicalIndex]:
    made = ListIndex() if request.param == "list" else TantivyIndex.open(tmp_path / "lexical")
    yield made
    made.close()


@pytest.fixture
def filled(index: LexicalIndex) -> LexicalIndex:
    index.upsert(ENTRIES)
    index.commit()
    return index


def found(index: LexicalIndex, text: str, k: int = 10, allowed: Collection[str] | None = None) -> list[str]:
    return [one for one, _ in index.query(text, k, allowed)]


def test_an_empty_index_finds_nothing(index: LexicalIndex) -> None:
    assert index.query("harbour", 5) == []
    assert index.count() == 0
    assert index.ids() == set()
    index.delete(["p1"])
    index.commit()


def test_words_of_title_and_text_are_found_best_first(filled: LexicalIndex) -> None:
    hits = filled.query("harbour grain", 10)
    assert hits[0][0] == "p1"
    assert {one for one, _ in hits} == {"p1", "p2", "p3", "p5"}
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_words_are_matched_by_stem_case_and_accent_aside(filled: LexicalIndex) -> None:
    assert "p3" in found(filled, "DELAYS")
    assert found(filled, "erdogan") == ["p4"]
    assert found(filled, "naive") == ["p4"]
    assert found(filled, "київ") == ["p4"]


def test_nothing_comes_of_nothing(filled: LexicalIndex) -> None:
    for text in ("", "   ", "?!", "—", "zebra"):
        assert filled.query(text, 5) == []
    assert filled.query("harbour", 0) == []


@pytest.mark.parametrize(
    "text",
    ['"harbour', "harbour AND", "NOT harbour", "text:harbour", "harbour~2^3", "(harbour", "har*bour [a TO b]",
     "\\harbour\\", "harbour\x00", "harbour \ud83d", "+harbour -grain", "id:p1 OR 1=1", "{harbour}"],
)  # fmt: skip
def test_operators_mean_nothing(filled: LexicalIndex, text: str) -> None:
    filled.query(text, 5)


def test_quotes_and_minus_do_not_narrow(filled: LexicalIndex) -> None:
    assert found(filled, '+harbour -"grain"') == found(filled, "harbour grain")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(text=st.text(max_size=60), k=st.integers(0, 5))
def test_any_text_is_a_query(filled: LexicalIndex, text: str, k: int) -> None:
    hits = filled.query(text, k)
    assert len(hits) <= k
    assert {one for one, _ in hits} <= {entry.id for entry in ENTRIES}


def test_only_allowed_articles_are_found(filled: LexicalIndex) -> None:
    assert set(found(filled, "harbour", allowed=["a4", "a2"])) == {"p5"}
    assert found(filled, "harbour", allowed=[]) == []
    assert found(filled, "harbour", allowed=["nobody"]) == []
    unfiltered = dict(filled.query("harbour grain", 10))
    for one, score in filled.query("harbour grain", 10, ["a1"]):
        assert score == pytest.approx(unfiltered[one], rel=1e-4)


def test_what_is_not_committed_is_not_found(filled: LexicalIndex) -> None:
    filled.upsert([Entry("p6", "a6", "", "zebra")])
    assert found(filled, "zebra") == []
    filled.commit()
    assert found(filled, "zebra") == ["p6"]


def test_writing_again_replaces(filled: LexicalIndex) -> None:
    filled.upsert([Entry("p5", "a4", "Weather", "Sunshine everywhere.")])
    filled.commit()
    assert filled.count() == len(ENTRIES)
    assert "p5" not in found(filled, "rain")
    assert found(filled, "sunshine") == ["p5"]


def test_what_was_removed_is_not_found(filled: LexicalIndex) -> None:
    filled.delete(["p1", "p3", "never-there"])
    filled.commit()
    assert found(filled, "grain") == []
    assert filled.count() == 3
    assert filled.ids() == {"p2", "p4", "p5"}


def test_replacing_leaves_only_the_new(filled: LexicalIndex) -> None:
    filled.replace([Entry("x", "b", "", "zebra crossing")])
    assert filled.ids() == {"x"}
    assert found(filled, "harbour zebra") == ["x"]
    filled.replace(())
    assert filled.count() == 0


def test_many_small_commits_lose_nothing(index: LexicalIndex) -> None:
    for at in range(40):
        index.upsert([Entry(f"p{at}", "a", "", f"zebra number{at}")])
        index.commit()
    assert index.count() == 40
    assert len(found(index, "zebra", 100)) == 40


def test_reading_while_writing(filled: LexicalIndex) -> None:
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(100):
                assert "p4" in found(filled, "erdogan")
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for at in range(10):
        filled.upsert([Entry(f"q{at}", "z", "", "zebra")])
        filled.commit()
    for reader in readers:
        reader.join()
    assert not failures


def test_tantivy_keeps_everything_over_a_restart_and_drops_what_was_not_committed(tmp_path: Path) -> None:
    index = TantivyIndex.open(tmp_path / "lexical")
    index.upsert(ENTRIES)
    index.commit()
    index.delete(["p1"])
    index.close()
    again = TantivyIndex.open(tmp_path / "lexical")
    assert again.ids() == {entry.id for entry in ENTRIES}
    assert set(found(again, "harbour")) == {"p1", "p2", "p5"}
    again.upsert([Entry("p6", "a6", "", "zebra")])
    again.commit()
    assert found(again, "zebra") == ["p6"]
    again.close()


def test_a_higher_title_boost_prefers_titles(tmp_path: Path) -> None:
    entries = [
        Entry("in-title", "a1", "Grain", "Ships left the port on Monday with nothing to say about it."),
        Entry("in-text", "a2", "Ports", "Grain ships left the port, grain in their holds, grain for all."),
    ]
    firsts = []
    for boost in (0.1, 20.0):
        index = TantivyIndex.open(tmp_path / f"lexical-{boost}", title_boost=boost)
        index.replace(entries)
        firsts.append(found(index, "grain")[0])
        index.close()
    assert firsts == ["in-text", "in-title"]


def test_frequency_counts_passages_with_any_form_of_a_word(index: LexicalIndex) -> None:
    more = "The committee proposed more; Erdoğan’s response came early."
    index.upsert([*ENTRIES, Entry("p6", "a5", "No", more)])
    index.commit()
    words = ("grain", "delay", "rains", "committee", "proposals", "response", "Erdoğan", "early", "airship")
    assert [index.frequency(stem(word)) for word in words] == [2, 1, 1, 1, 1, 1, 1, 1, 0]
