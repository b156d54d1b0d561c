"""Reading suite folders, and the suite of the samples against the samples themselves."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from index.types import Span
from rag.eval.matching import answer_match
from rag.eval.suite import choose, read_suite
from rag.eval.types import UNKNOWN, Place, Question, SuiteError
from rag.types import Turn

SAMPLES = Path(__file__).resolve().parents[2] / "suites" / "samples"


def write_suite(folder: Path, *records: dict[str, object]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    plain = {"id": "q", "question": "Who?", "answerable": True}
    lines = (json.dumps({**plain, **record}) for record in records or ({},))
    (folder / "questions.jsonl").write_text("\n".join(lines))
    return folder


def test_a_question_is_read_with_all_its_fields(tmp_path: Path) -> None:
    record = {
        "asked": "2023-04-02",
        "answers": [["one", "1"], ["two"]],
        "evidence": [
            {"article": "a", "start": 3, "end": 9, "grade": 2},
            {"article": "a", "start": None, "end": None, "grade": 1},
            {"article": "b", "start": None, "end": None},
        ],
        "history": [{"role": "user", "content": "Before?"}],
        "articles": ["a", "b"],
        "tags": ["said"],
        "unheard-of": 1,
    }
    folder = write_suite(tmp_path / "s", record)
    with gzip.open(folder / "articles.jsonl.gz", "wt") as out:
        out.write("{}")
    suite = read_suite(folder)
    (question,) = suite.questions
    assert suite.name == "s"
    assert suite.articles == folder / "articles.jsonl.gz"
    assert question.asked == date(2023, 4, 2)
    assert question.answers == (("one", "1"), ("two",))
    assert question.evidence[0].span == Span(3, 9)
    assert question.evidence[1].span is None
    assert question.qrels == {"a": 2, "b": 1}
    assert question.history == (Turn("user", "Before?"),)
    assert question.filters.articles == ("a", "b")


def test_articles_may_be_those_of_another_suite(tmp_path: Path) -> None:
    lender = write_suite(tmp_path / "lender")
    (lender / "articles.jsonl").write_text("{}")
    borrower = write_suite(tmp_path / "borrower")
    (borrower / "articles.ref").write_text("../lender\n")
    assert read_suite(borrower).articles == (lender / "articles.jsonl").resolve()


def test_a_folder_without_questions_or_articles_is_told(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"questions\.jsonl"):
        read_suite(tmp_path)
    with pytest.raises(SuiteError, match="no articles"):
        read_suite(write_suite(tmp_path))


def test_questions_are_chosen_by_tag(tmp_path: Path) -> None:
    records = [{"id": str(n), "tags": tags} for n, tags in enumerate([["x"], ["x", "y"], [], ["x"]])]
    folder = write_suite(tmp_path, *records)
    (folder / "articles.jsonl").write_text("{}")
    questions = read_suite(folder).questions
    assert [q.id for q in choose(questions, ["x"])] == ["0", "1", "3"]
    assert [q.id for q in choose(questions, ["x"], ["y"], 1)] == ["0"]
    assert len(choose(questions)) == 4


def test_a_place_is_touched_by_what_overlaps_it() -> None:
    assert Place("a", Span(5, 9)).holds("a", Span(8, 20))
    assert not Place("a", Span(5, 9)).holds("a", Span(9, 20))
    assert not Place("a", Span(5, 9)).holds("b", Span(5, 9))
    assert Place("a", None).holds("a", Span(9, 20))


def _questions() -> tuple[Question, ...]:
    return read_suite(SAMPLES).questions


def test_the_samples_suite_has_what_it_says() -> None:
    facts = json.loads((SAMPLES / "suite.json").read_text(encoding="utf-8"))
    questions = _questions()
    assert len({q.id for q in questions}) == len(questions) == facts["n_questions"]
    assert sum(q.answerable for q in questions) == facts["n_answerable"]
    assert sum(not q.answerable for q in questions) >= 8
    assert sum(bool(q.history) for q in questions) >= 4
    assert len(list(read_suite(SAMPLES).articles.iterdir())) == facts["n_articles"]


@pytest.mark.parametrize("question", _questions(), ids=lambda question: question.id)
def test_the_evidence_of_the_samples_answers(question: Question) -> None:
    assert question.answerable == bool(question.evidence) == bool(question.answers)
    if question.answerable:
        assert answer_match(" ".join(item.quote or "" for item in question.evidence), question.answers)


@pytest.mark.parametrize("line", ["{", "[" * 100_000, '{"id": ' + "9" * 5000 + "}", '{"id": "q"}', "7"])
def test_a_line_that_is_no_question_is_told_in_one_line(tmp_path: Path, line: str) -> None:
    folder = write_suite(tmp_path / "s")
    (folder / "articles.jsonl").write_text("")
    (folder / "questions.jsonl").write_text(line)
    with pytest.raises(SuiteError, match=r"line [01]") as error:
        read_suite(folder)
    assert "\n" not in str(error.value)


def test_nobody_may_know_whether_the_articles_tell(tmp_path: Path) -> None:
    folder = write_suite(tmp_path / "s", {"answerable": None, "tags": ["down"]}, {"id": "r"})
    (folder / "articles.jsonl").write_text("{}")
    unknown, known = read_suite(folder).questions
    assert unknown.answerable and unknown.tags == ("down", UNKNOWN) and known.tags == ()
