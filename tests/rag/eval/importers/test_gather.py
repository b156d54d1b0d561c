"""Places of words in texts, ids that an archive keeps, and the order of what is written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.load import load
from index.types import Loaded
from rag.eval.importers.gather import Gathered, article_id, groups, locate, locate_spaced, tag
from rag.eval.importers.write import write_suite

WORDS = st.text(alphabet="ab \n🌊", max_size=12)


@pytest.mark.parametrize(
    ("near", "start"), [(None, 0), (0, 0), (3, 4), (4, 4), (5, 4), (7, 8), (99, 8), (-1, 0)]
)
def test_the_nearest_place_is_taken(near: int | None, start: int) -> None:
    assert locate("abc abc abc", "abc", near) == (start, start + 3)


@given(WORDS, WORDS, st.none() | st.integers(-5, 20))
def test_a_place_is_an_exact_slice(text: str, words: str, near: int | None) -> None:
    found = locate(text, words, near)
    assert (found is not None) == (bool(words) and words in text)
    assert not found or text[slice(*found)] == words


@given(WORDS, WORDS)
def test_white_space_does_not_count_for_a_fact(text: str, words: str) -> None:
    def squeezed(part: str) -> str:
        return re.sub(r"\s", "", part)

    found = locate_spaced(text, words)
    assert (found is not None) == (bool(squeezed(words)) and squeezed(words) in squeezed(text))
    if found:
        piece = text[slice(*found)]
        assert squeezed(piece) == squeezed(words)
        assert piece == piece.strip()


@given(st.text(max_size=210))
def test_an_id_is_its_own_id(name: str) -> None:
    assert article_id(article_id(name)) == article_id(name)


HOSTILE = [
    "plain",
    "../../etc",
    "a b",
    "a  b",
    "a_b",
    "null",
    "",
    "\ud800",
    "x" * 300,
    'say "x"',
    "c\\d",
    "é",
]


def test_ids_stay_apart_and_are_kept_by_loading(tmp_path: Path) -> None:
    gathered = Gathered()
    for name in HOSTILE:
        gathered.article(name, {"text": f"Words of {len(gathered.articles)}."})
    gathered.question("q", "Who?")
    write_suite(gathered, {"name": "mine"}, tmp_path / "mine")
    loaded = [one for one in load(tmp_path / "mine" / "articles.jsonl.gz") if isinstance(one, Loaded)]
    assert {one.article.id for one in loaded} == {article_id(name) for name in HOSTILE}
    assert len(loaded) == len(HOSTILE)


def test_questions_are_written_in_counting_order(tmp_path: Path) -> None:
    gathered = Gathered()
    gathered.article("a", {"text": "Words."})
    for name in ("q10", "q2", "10", "q2b", "2"):
        gathered.question(name, "Who?")
    write_suite(gathered, {"name": "mine"}, tmp_path / "mine")
    lines = (tmp_path / "mine" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["2", "10", "q2", "q2b", "q10"]


def test_groups_and_tags() -> None:
    assert groups(["March", " March ", "", "in March"]) == [["March", "in March"]]
    assert groups([" "]) == []
    assert tag("comparison_query") == "comparison-query"
    assert tag("  ") == ""
