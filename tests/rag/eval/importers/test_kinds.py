"""What each kind makes of a few records in its official layout."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from index.types import Span
from rag.eval.importers import Imported, import_suite
from rag.eval.suite import read_lines, read_suite
from rag.eval.types import Question, SuiteError
from rag.types import Turn

Official = Callable[[str], Path]


class Outcome:
    """An imported suite: its questions and articles by id."""

    def __init__(self, kind: str, path: Path, out: Path, fields: Mapping[str, str]) -> None:
        self.imported: Imported = import_suite(kind, path, out, fields)
        self.questions: dict[str, Question] = {q.id: q for q in read_suite(out).questions}
        self.articles = {record["id"]: record for _, record in read_lines(out / "articles.jsonl.gz")}
        self.records = {record["id"]: record for _, record in read_lines(out / "questions.jsonl")}

    def words(self, question: str) -> list[str]:
        """What the spans of a question's evidence say, "" for a whole article."""
        pieces = self.questions[question].evidence
        return [p.span.of(self.articles[p.article]["text"]) if p.span else "" for p in pieces]


@pytest.fixture
def outcome(official: Official, tmp_path: Path) -> Callable[..., Outcome]:
    """Imports the small files of a kind, with fields and from a place inside them."""

    def imported(kind: str, inside: str = "", **fields: str) -> Outcome:
        return Outcome(kind, official(kind) / inside, tmp_path / "mine", fields)

    return imported


def test_realtimeqa(outcome: Callable[..., Outcome]) -> None:
    found = outcome("realtimeqa")
    assert found.imported.dropped == {
        "questions whose answer is none of their choices": 1,
        "retrieved pages without text": 1,
    }
    by_url = {record["url"]: record for record in found.articles.values()}
    harbour = by_url["https://www.example.org/harbour.html"]
    assert harbour["text"].startswith("The harbour of Lindholm")  # the longer of two copies
    assert (harbour["title"], harbour["source"], harbour["published"]) == (
        "Harbour dredged",
        "example.org",
        "2022-06-12",
    )
    first = found.questions["20220617_0"]
    assert first.asked == date(2022, 6, 16)
    assert first.answers == (("“4 million crowns”", "4 million crowns"),)
    assert first.choices is not None
    assert first.answers[0][0] in first.choices
    assert first.qrels == {harbour["id"]: 1}
    assert first.tags == ("answer-in-retrieved", "gold-url", "question-in-pool", "source=THE QUIZ")


def test_realtimeqa_several_right_options_are_groups(outcome: Callable[..., Outcome]) -> None:
    second = outcome("realtimeqa", "past/2022/20220617_qa.jsonl").questions["20220617_10"]
    assert second.answers == (("All of the above",), ("The day ferry",))
    assert second.asked == date(2022, 6, 17)  # its own date is a year off
    assert set(second.tags) >= {"except", "generic-answer"}


def test_realtimeqa_of_another_year(outcome: Callable[..., Outcome]) -> None:
    with pytest.raises(SuiteError, match="found no questions such as past/2023"):
        outcome("realtimeqa", year="2023")


def test_multihop_rag(outcome: Callable[..., Outcome]) -> None:
    found = outcome("multihop-rag")
    assert found.imported.dropped == {
        "articles without words": 1,
        "evidence in articles that corpus.json does not hold": 1,
        "evidence spans whose fact is not in the article (all of it is evidence)": 1,
    }
    # A fact is found whatever white space stands in it, and the span is the article's own words.
    assert found.words("mhr_0") == ["dredged in March.\n\nMayor Ida Falk", "Tickets cost 30 crowns", ""]
    assert found.questions["mhr_0"].answers == (("Yes",),)
    assert found.questions["mhr_0"].tags == ("comparison-query", "yes-no")
    assert len(found.records["mhr_0"]["facts"]) == 4
    refused = found.questions["mhr_1"]
    assert (refused.answerable, refused.answers, refused.evidence) == (False, (), ())
    assert {record["published"] for record in found.articles.values()} == {"2023-09-28"}


def test_rgb_noise_and_refusal(outcome: Callable[..., Outcome]) -> None:
    found = outcome("rgb")
    assert list(found.questions) == [f"rgb_{n}@{rate}" for n in (0, 1) for rate in ("0.2", "0.6", "noise")]
    counts = {
        key: (len(question.evidence), len(question.articles or ()))
        for key, question in found.questions.items()
    }
    # 5 documents: 4 + 1 and 2 + 3; the second question has one document of either sort.
    assert counts["rgb_0@0.2"] == (4, 5)
    assert counts["rgb_0@0.6"] == (2, 5)
    assert counts["rgb_0@noise"] == (0, 5)
    assert counts["rgb_1@0.2"] == counts["rgb_1@0.6"] == (1, 2)
    assert found.questions["rgb_0@0.2"].answers == (("4 million", "four million"), ("crowns",))
    assert found.questions["rgb_1@0.6"].answers == (("again",),)
    assert not found.questions["rgb_0@noise"].answerable
    assert found.questions["rgb_0@noise"].tags == ("noise-only",)


def test_rgb_marks_noise_that_holds_the_answer(outcome: Callable[..., Outcome]) -> None:
    found = outcome("rgb", "data/en_refine.json", noise_rate="0.8,1", passage_num="7")
    # ceil(7 * 0.8) = 6 noise documents, the sixth of which tells the answer.
    assert found.questions["rgb_0@0.8"].tags == ("answer-in-noise", "noise-0.8")
    assert found.questions["rgb_0@noise"].tags == ("answer-in-noise", "noise-only")


def test_rgb_integration(tmp_path: Path) -> None:
    item = {
        "id": 7,
        "query": "When did the two boats leave?",
        "answer": ["Monday", "Friday"],
        "positive": [["first a", "first b", "first c"], ["second a"]],
        "negative": ["noise a", "noise b"],
    }
    (tmp_path / "en_int.json").write_text(json.dumps(item) + "\n", encoding="utf-8")
    found = Outcome("rgb", tmp_path / "en_int.json", tmp_path / "mine", {})
    full, half = found.questions["rgb_7@0"], found.questions["rgb_7@0.4"]
    assert full.answers == (("Monday",), ("Friday",))
    assert (len(full.evidence), len(full.articles or ())) == (4, 5)
    assert (len(half.evidence), len(half.articles or ())) == (3, 5)
    assert full.tags == ("integration", "noise-0")


def test_rgb_counterfactual(tmp_path: Path) -> None:
    right = [f"It cost four crowns, said paper {n}." for n in range(3)]
    item = {
        "id": 1,
        "query": "What did it cost?",
        "answer": "four crowns",
        "fakeanswer": "nine crowns",
        "positive": right,
        "positive_wrong": [text.replace("four", "nine") for text in right],
        "negative": ["It rained."],
    }
    (tmp_path / "en_fact.json").write_text(json.dumps(item) + "\n", encoding="utf-8")
    fields = {"noise_rate": "0.2", "correct_rate": "0.2", "passage_num": "4"}
    found = Outcome("rgb", tmp_path / "en_fact.json", tmp_path / "mine", fields)
    question = found.questions["rgb_1@0.2"]
    texts = [found.articles[key]["text"] for key in question.articles or ()]
    # 4 documents: 1 noise, 1 right, 2 false, and never both versions of one.
    assert sum("four" in text for text in texts) == len(question.evidence) == 1
    assert len({text.replace("four", "nine") for text in texts}) == len(texts) == 4
    assert found.records[question.id]["fake_answer"] == "nine crowns"


def test_squad(outcome: Callable[..., Outcome]) -> None:
    found = outcome("squad")
    assert found.imported.dropped == {
        "evidence spans whose words are not in the paragraph": 1,
        "questions with an id already taken": 1,
    }
    assert {record["title"] for record in found.articles.values()} == {"Lindholm (town)"}
    first = found.questions["56be1"]
    assert found.words("56be1") == ["in March", "March"]
    assert first.answers == (("March", "in March"),)
    assert found.words("56be3") == ["30 crowns"]  # the offset given is wrong, the words are found
    impossible = found.questions["56be2"]
    assert (impossible.answerable, impossible.answers, impossible.evidence) == (False, (), ())
    assert found.records["56be2"]["distractor"] == first.evidence[0].article
    assert first.articles is None


def test_squad_with_the_question_s_own_paragraph(outcome: Callable[..., Outcome]) -> None:
    found = outcome("squad", articles="own")
    assert [len(question.articles or ()) for question in found.questions.values()] == [1, 1, 1]


def test_squad_with_an_unknown_scope(outcome: Callable[..., Outcome]) -> None:
    with pytest.raises(SuiteError, match="wanted all or own"):
        outcome("squad", articles="some")


def test_beir(outcome: Callable[..., Outcome]) -> None:
    found = outcome("beir")
    assert found.imported.dropped == {
        "articles with an id already taken": 1,
        "articles without words": 1,
        "judged questions that queries.jsonl does not hold": 1,
        "judgements of articles that corpus.jsonl does not hold": 1,
        "judgements of grade 0": 1,
        "questions without a relevant article": 1,
        "questions without words": 1,
    }
    assert found.questions["q1"].qrels == {"d1": 2, "../../d2": 1}
    assert found.questions["q2"].qrels == {"d3": 1}
    assert set(found.questions) == {"q1", "q2"}
    assert found.articles["d3"]["text"] == "A title alone"


def test_beir_of_another_split(outcome: Callable[..., Outcome]) -> None:
    assert set(outcome("beir", split="dev").questions) == {"q4"}


def test_beir_without_such_a_split(outcome: Callable[..., Outcome]) -> None:
    with pytest.raises(SuiteError, match="has judgements for dev, test; choose one"):
        outcome("beir", split="train")


def test_mtrag(outcome: Callable[..., Outcome]) -> None:
    found = outcome("mtrag")
    assert found.imported.dropped == {"tasks that do not end with a question": 1}
    assert set(found.articles) == {"govt/h-1", "govt/w-1", "govt/f-1"}
    first, second = found.questions["c<::>1"], found.questions["c<::>2"]
    assert set(first.qrels) == {"govt/h-1", "govt/f-1"}  # the other one is marked as not relevant
    assert first.references == ("Yes, in March.",)
    assert first.tags == ("answerable", "govt", "type=factoid")
    assert second.text == "And by whom?"
    assert second.history == (Turn("user", "Was the harbour dredged?"), Turn("assistant", "Yes, in March."))
    assert (second.answerable, second.evidence) == (False, ())
    assert second.tags == ("follow-up", "govt", "unanswerable")


def test_mtrag_retrieved_passages_are_evidence_only_when_marked(outcome: Callable[..., Outcome]) -> None:
    found = outcome("mtrag", "human/generation_tasks/RAG.jsonl")
    assert set(found.questions["c<::>1"].qrels) == {"govt/h-1"}


def test_own_files(outcome: Callable[..., Outcome]) -> None:
    found = outcome("jsonl")
    assert found.imported.dropped == {
        "a question's own articles that articles.jsonl does not hold": 1,
        "days asked that are no dates": 1,
        "evidence in articles that articles.jsonl does not hold": 1,
    }
    one, two, three = (found.questions[key] for key in ("one", "q2", "q3"))
    assert found.words("one") == ["the work cost 4 million crowns"]
    assert one.answers == (("4 million crowns", "four million"),)
    assert one.asked == date(2022, 6, 14)
    assert found.articles[one.evidence[0].article]["published"] == "2022-06-12"
    assert two.answers == (("30",), ("crowns",))
    assert (two.evidence[0].span, two.evidence[0].grade, two.articles) == (Span(4, 15), 2, ("2",))
    assert two.choices == ("30 crowns", "40 crowns")
    assert (three.answerable, three.asked) == (False, None)


def test_own_fields_of_another_name_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text('{"id": 1, "body": "It rained in Lindholm."}\n')
    (tmp_path / "questions.jsonl").write_text('{"question": "Where did it rain?"}\n')
    with pytest.raises(SuiteError) as caught:
        import_suite("jsonl", tmp_path, tmp_path / "mine")
    assert str(caught.value) == (
        'line 1 of articles.jsonl has no field "text" (found: body, id); '
        "if yours has another name, add --field article.text=NAME"
    )


def test_own_fields(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text('{"key": 1, "body": "It rained in Lindholm."}\n')
    asked = tmp_path / "asked.jsonl"
    asked.write_text('{"q": "Where did it rain?", "gold": "Lindholm", "doc": 1}\n')
    fields = {"question": "q", "answers": "gold", "evidence": "doc"}
    articles = {"article.id": "key", "article.text": "body"}
    question = Outcome("jsonl", asked, tmp_path / "mine", fields | articles).questions["q1"]
    assert (question.text, question.answers, question.qrels) == (
        "Where did it rain?",
        (("Lindholm",),),
        {"1": 1},
    )
    with pytest.raises(
        SuiteError, match=r'no record of asked.jsonl has the field "when" \(--field asked=when'
    ):
        Outcome("jsonl", asked, tmp_path / "other", fields | articles | {"asked": "when"})
