"""Small files in the official layouts, in our own words, one set a kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]

HARBOUR = "The harbour of Lindholm was dredged in March. Mayor Ida Falk said the work cost 4 million crowns."
FERRY = "The night ferry to Varberg sails again. Tickets cost 30 crowns – less than before the storm 🌊."
WOLVES = "Two wolves crossed the frozen strait on Sunday. Nobody saw them on Monday."


def write_lines(path: Path, records: Iterable[object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_json(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


def _realtimeqa(root: Path) -> Path:
    page = "https://www.example.org/harbour.html"
    quiz: Json = {
        "question_date": "2022/06/16",
        "question_source": "THE QUIZ",
        "question_url": "https://q.example",
    }
    questions = [
        {
            **quiz,
            "question_id": "20220617_0",
            "question_sentence": "What did the dredging of the harbour cost?",
            "choices": ["2 million crowns", "“4 million crowns”", "Nothing", "All of the above"],
            "answer": ["1"],
            "evidence": f'It cost <a href="{page}#:~:text=cost">a lot</a>.',
        },
        {
            **quiz,
            "question_id": "20220617_10",
            "question_date": "2021/06/16",
            "question_sentence": "All of these sailed again except:",
            "choices": ["The day ferry", "All of the above"],
            "answer": ["1", "0"],
            "evidence": "",
        },
        {
            **quiz,
            "question_id": "20220617_2",
            "question_sentence": "Which one?",
            "choices": ["a", "b"],
            "answer": ["7"],
            "evidence": "",
        },
    ]
    found = [
        {"url": page, "title": "Harbour dredged", "text": "Advertisement", "publish_date": "2022/06/12"},
        {"url": "https://example.org/ferry", "title": "Ferry", "text": FERRY, "publish_date": ""},
        {"url": "https://example.org/gone", "title": "Gone"},
        {
            "url": "http://quiz.example/week",
            "title": "Quiz",
            "text": "Try this: what did the dredging of the harbour cost? Tell us.",
        },
    ]
    year = root / "past" / "2022"
    write_lines(year / "20220617_qa.jsonl", questions)
    write_lines(year / "20220617_qa_nota.jsonl", [{**questions[0], "question_id": "20220617_0_nota"}])
    write_lines(year / "20220617-20220624_qa.jsonl", questions)
    write_lines(root / "backnumber" / "2021" / "20210618_qa.jsonl", questions)
    searched = [{"question_id": "20220617_0", "search_time": "2022/06/17/16:34", "search_result": found}]
    write_lines(year / "20220617_gcs.jsonl", searched)
    gold = [{"url": page, "text": HARBOUR, "authors": ["Bo Ek"], "publish_date": "2022/06/12"}]
    write_lines(year / "20220617_gold.jsonl", [{"question_id": "20220617_0", "search_result": gold}])
    return root


def _multihop(root: Path) -> Path:
    def article(name: str, body: str) -> Json:
        return {
            "title": f"On {name}",
            "author": "Bo Ek",
            "source": "The Strait",
            "published_at": "2023-09-28T12:00:00+00:00",
            "category": "news",
            "url": f"https://strait.example/{name}",
            "body": body,
        }

    bodies = {"harbour": HARBOUR.replace("March. ", "March.\n\n"), "ferry": FERRY, "empty": " "}
    corpus = [article(name, body) for name, body in bodies.items()]

    def piece(name: str, fact: str) -> Json:
        return {"title": f"On {name}", "url": f"https://strait.example/{name}", "fact": fact}

    questions = [
        {
            "query": "Did both the harbour and the ferry cost crowns?",
            "answer": "Yes",
            "question_type": "comparison_query",
            "evidence_list": [
                piece("harbour", "dredged in March. Mayor Ida Falk"),
                piece("ferry", "Tickets cost 30 crowns"),
                piece("ferry", "words that are not there"),
                piece("nowhere", "anything"),
            ],
        },
        {
            "query": "What did the whales say?",
            "answer": "Insufficient information.",
            "question_type": "null_query",
            "evidence_list": [],
        },
    ]
    write_json(root / "dataset" / "corpus.json", corpus)
    write_json(root / "dataset" / "MultiHopRAG.json", questions)
    return root


def _rgb(root: Path) -> Path:
    items = [
        {
            "id": 0,
            "query": "What did the dredging cost?",
            "answer": [["4 million", "four million"], "crowns"],
            "positive": [f"{HARBOUR} Copy {n}." for n in range(6)],
            "negative": [f"{WOLVES} Copy {n}." for n in range(5)] + ["It cost FOUR MILLION Crowns."],
        },
        {
            "id": 1,
            "query": "When does it sail?",
            "answer": "again",
            "positive": [FERRY],
            "negative": [WOLVES],
        },
    ]
    return write_lines(root / "data" / "en_refine.json", items).parent.parent


def _squad(root: Path) -> Path:
    harbour = [
        {
            "id": "56be1",
            "question": "When was it dredged?",
            "answers": [
                {"text": "March", "answer_start": HARBOUR.index("March")},
                {"text": "in March", "answer_start": HARBOUR.index("in March")},
                {"text": "March", "answer_start": HARBOUR.index("March")},
            ],
            "is_impossible": False,
        },
        {
            "id": "56be2",
            "question": "Who paid for the whales?",
            "answers": [],
            "plausible_answers": [{"text": "Ida Falk", "answer_start": 52}],
            "is_impossible": True,
        },
    ]
    ferry = [
        {
            "id": "56be3",
            "question": "What do tickets cost?",
            "answers": [{"text": "30 crowns", "answer_start": 3}, {"text": "not there", "answer_start": 0}],
        },
        {"id": "56be1", "question": "Again?", "answers": [{"text": "again", "answer_start": 0}]},
    ]
    paragraphs = [{"context": HARBOUR, "qas": harbour}, {"context": FERRY, "qas": ferry}]
    data = [{"title": "Lindholm_(town)", "paragraphs": paragraphs}]
    return write_json(root / "dev-v2.0.json", {"version": "v2.0", "data": data})


def _beir(root: Path) -> Path:
    corpus = [
        {"_id": "d1", "title": "Harbour", "text": HARBOUR, "metadata": {"url": "x"}},
        {"_id": "../../d2", "title": "", "text": FERRY, "metadata": {}},
        {"_id": "d3", "title": "A title alone", "text": ""},
        {"_id": "d4", "title": "", "text": "  "},
        {"_id": "d1", "title": "Second", "text": WOLVES},
    ]
    queries = [{"_id": f"q{n}", "text": f"question number {n}"} for n in range(5)] + [
        {"_id": "q9", "text": " "}
    ]
    judged = ["query-id\tcorpus-id\tscore", "q1\td1\t2", "q1\t../../d2\t1", "q2\td3\t1", "q2\td1\t0"]
    judged += ["q3\tlost\t1", "q7\td1\t1", "q9\td1\t1"]
    write_lines(root / "corpus.jsonl", corpus)
    write_lines(root / "queries.jsonl", queries)
    (root / "qrels").mkdir()
    (root / "qrels" / "test.tsv").write_text("\n".join(judged) + "\n", encoding="utf-8")
    (root / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq4\td1\t1\n", encoding="utf-8")
    return root


def _mtrag(root: Path) -> Path:
    def context(name: str, text: str, mark: str | None) -> Json:
        feedback = {"relevant": {"a@b.example": {"value": mark, "timestamp": 1}}} if mark else {}
        return {
            "document_id": name,
            "title": "",
            "text": text,
            "url": r"https?://(?:www\.)?x",
            "score": 2.5,
            "feedback": feedback,
        }

    def turn(speaker: str, text: str) -> Json:
        return {"speaker": speaker, "text": text, "metadata": {"author_type": "human"}}

    task: Json = {
        "conversation_id": "c",
        "Collection": "mt-rag-govt-elser-512-100-20240611",
        "task_type": "rag",
    }
    first = [turn("user", "Was the harbour dredged?")]
    tasks = [
        {
            **task,
            "task_id": "c<::>1",
            "turn": 1,
            "contexts": [
                context("h-1", HARBOUR, "yes"),
                context("w-1", WOLVES, "no"),
                context("f-1", FERRY, None),
            ],
            "input": first,
            "targets": [turn("agent", "Yes, in March.")],
            "Answerability": ["ANSWERABLE"],
            "Question Type": ["Factoid"],
            "Multi-Turn": float("nan"),
        },
        {
            **task,
            "task_id": "c<::>2",
            "turn": 2,
            "contexts": [context("h-1", HARBOUR, "yes")],
            "input": [*first, turn("agent", "Yes, in March."), turn("user", "And by whom?")],
            "targets": [turn("agent", "I cannot tell.")],
            "answerability": ["UNANSWERABLE"],
            "Multi-Turn": ["Follow-up"],
        },
        {
            **task,
            "task_id": "c<::>3",
            "contexts": [],
            "input": [*first, turn("agent", "Yes.")],
            "targets": [],
        },
    ]
    write_lines(root / "human" / "generation_tasks" / "reference.jsonl", tasks)
    write_lines(root / "human" / "generation_tasks" / "RAG.jsonl", tasks)
    return root


def _own(root: Path) -> Path:
    articles = [
        {
            "id": "a 1",
            "title": "Harbour",
            "text": HARBOUR,
            "source": "The Strait",
            "published": "12 June 2022",
        },
        {"id": 2, "text": FERRY, "url": "https://www.strait.example/ferry"},
    ]
    questions = [
        {
            "id": "one",
            "question": "What did it cost?",
            "answers": ["4 million crowns", "four million"],
            "asked": "2022-06-14",
            "evidence": "a 1",
            "quote": "the work cost 4 million crowns",
            "tags": ["money"],
        },
        {
            "question": "And the ferry?",
            "answers": [["30"], ["crowns"]],
            "evidence": [{"article": 2, "start": 4, "end": 15, "grade": 2}, "lost"],
            "history": [{"role": "user", "content": "What did it cost?"}],
            "articles": [2, "lost"],
            "choices": ["30 crowns", "40 crowns"],
        },
        {"question": "Who saw the whales?", "answerable": False, "asked": "some day"},
    ]
    write_lines(root / "articles.jsonl", articles)
    write_lines(root / "questions.jsonl", questions)
    return root


LAYOUTS: dict[str, Callable[[Path], Path]] = {
    "realtimeqa": _realtimeqa,
    "multihop-rag": _multihop,
    "rgb": _rgb,
    "squad": _squad,
    "beir": _beir,
    "mtrag": _mtrag,
    "jsonl": _own,
}


@pytest.fixture(params=sorted(LAYOUTS))
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of official files in turn."""
    return str(request.param)


@pytest.fixture
def official(tmp_path: Path) -> Callable[[str], Path]:
    """Writes the small files of a kind; the path that is given to the import."""

    def written(kind: str) -> Path:
        root = tmp_path / "official"
        root.mkdir()
        return LAYOUTS[kind](root)

    return written
