"""SQuAD v1.1 and v2.0 (Rajpurkar et al., 2016 and 2018): paragraphs become articles, spans evidence.

The file: {"version", "data": [{"title", "paragraphs": [{"context", "qas": [{"id", "question",
"answers": [{"text", "answer_start"}], "is_impossible"}]}]}]}; offsets count characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from index.loading.draft import safe_id
from rag.eval.importers.gather import Gathered, Range, evidence, groups, locate
from rag.eval.importers.read import Record, document
from rag.eval.types import SuiteError

SETTINGS = {"articles": '"all": search all paragraphs (default), "own": only the question\'s paragraph'}


def gather(path: Path, settings: Mapping[str, str]) -> Gathered:
    """The suite in a SQuAD file. Raises SuiteError."""
    scope = settings.get("articles", "all")
    if scope not in ("all", "own"):
        raise SuiteError(f'field articles is "{scope}", wanted all or own')
    if path.is_dir():
        raise SuiteError(f"{path} is a folder, wanted one file such as dev-v2.0.json")
    gathered = Gathered()
    numbers: Counter[str] = Counter()
    for entry in document(path).records("data"):
        title = entry.text("title", missing="").replace("_", " ")
        name = safe_id(title or "paragraph")
        for paragraph in entry.records("paragraphs"):
            numbers[name] += 1
            context = paragraph.text("context")
            article = gathered.article(f"{name}-{numbers[name]}", {"title": title, "text": context})
            questions = paragraph.records("qas", missing=[])
            if article is None:
                gathered.drop("questions without a paragraph", len(questions))
                continue
            for item in questions:
                _take(gathered, item, article, scope)
    gathered.notes.append(
        "Each article is one paragraph. Unanswerable questions (v2.0) were written so that their own "
        "paragraph, named in distractor, does not answer them; whether another one does was not judged. "
        "Many questions mean their paragraph without naming it: over all paragraphs no system finds them all."
    )
    return gathered


def _take(gathered: Gathered, item: Record, article: str, scope: str) -> None:
    impossible = item.flag("is_impossible", missing=False)
    answers = [] if impossible else item.records("answers", missing=[])
    texts = [answer.text("text") for answer in answers]
    known = groups(texts)
    if not impossible and not known:
        gathered.drop("questions without an answer")
        return
    places = {_place(gathered, answer, article) for answer in answers} - {None}
    spans: list[Range | None] = [*sorted(place for place in places if place)] or [None]
    distractor = {"distractor": article} if impossible else {}
    gathered.question(
        item.id("id"),
        item.text("question"),
        answers=known,
        answerable=not impossible,
        evidence=[] if impossible else [evidence(article, span) for span in spans],
        articles=[article] if scope == "own" else None,
        tags=["unanswerable" if impossible else "answerable"],
        **distractor,
    )


def _place(gathered: Gathered, answer: Record, article: str) -> Range | None:
    start = answer.fields.get("answer_start")
    near = start if isinstance(start, int) and not isinstance(start, bool) and start >= 0 else None
    found = locate(gathered.text_of(article), answer.text("text"), near)
    if found is None:
        gathered.drop("evidence spans whose words are not in the paragraph")
    return found
