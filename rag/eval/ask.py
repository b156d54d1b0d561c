"""One question of a suite through the assistant, to a scored row; and many of them, several at once.

Knows nothing of suites as folders, of files, or of how long a run takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.types import ArticleHead, Hit, Span
from rag.eval.matching import answer_match
from rag.eval.scores import marks_answers, matchable, score
from rag.eval.suite import place_of
from rag.eval.types import Question, Row, Shown
from rag.types import CUT_OFF, Answer, Turn

if TYPE_CHECKING:
    from rag.assistant import Assistant

DEEP = 100
"""Passages of the deep search from which articles are ranked."""

FOUND = 10
"""Passages of it that are looked at for facts."""

_MARKERS = re.compile(r"\[\d+(?:[.,;\s]+\d+)*\]")


def ask_all(
    assistant: Assistant,
    questions: Sequence[Question],
    *,
    workers: int = 1,
    marked: bool | None = None,
    keep: Callable[[Row], None] = lambda row: None,
) -> list[Row]:
    """A row for each question, in their order; `workers` are asked at once.

    `keep` is told of each row as it comes, from any thread. `marked`: the suite marks answers, see
    `scores.marks_answers` (default: as these questions do). A question at which the back-end fails gives a
    row with an error.
    """
    marks = marks_answers(questions) if marked is None else marked

    def ask_kept(question: Question) -> Row:
        row = ask_one(assistant, question, marked=marks)
        keep(row)
        return row

    if workers == 1:
        return [ask_kept(question) for question in questions]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(ask_kept, questions))


def warm_up(assistant: Assistant, questions: Iterable[Question]) -> None:
    """Load what the first question would load, so that it is not timed; asks no language model."""
    for question in list(questions)[:1]:
        with suppress(Exception):  # it will fail again, where it is told
            assistant.quote(question.text)


def ask_one(assistant: Assistant, question: Question, *, marked: bool = False) -> Row:
    """The row of one question."""
    try:
        answer = assistant.ask(
            question.text,
            history=question.history,
            asked=question.asked,
            filters=question.filters,
            choices=question.choices or (),
        )
        hits = _search_deep(assistant, question, answer) if question.evidence else []
        follow_up = question.evidence and question.history
        alone = ranking(_search(assistant, question, question.text)) if follow_up else None
        row = _row(assistant, question, answer, ranking(hits))
    except Exception as error:  # whatever a back-end raises is one failed question, not the end of the run
        return Row(question, "", "", False, trace={"error": f"{type(error).__name__}: {error}"})
    found = [hit.passage.text for hit in hits[:FOUND]] if hits else None
    return replace(row, scores=score(row, found, alone, marked=marked))


def _search_deep(assistant: Assistant, question: Question, answer: Answer) -> list[Hit]:
    """With the query that the answer was searched with: a model may not complete a follow-up so again."""
    query = answer.trace.get("query")
    if query:
        return _search(assistant, question, query)
    return _search(assistant, question, question.text, question.history)


def _search(assistant: Assistant, question: Question, query: str, history: Sequence[Turn] = ()) -> list[Hit]:
    return assistant.search(
        query, history=history, asked=question.asked, filters=question.filters, top_k=DEEP
    )


def ranking(hits: Iterable[Hit]) -> tuple[str, ...]:
    """Distinct article ids, best first; an article's near-copies follow it."""
    order: dict[str, None] = {}
    for hit in hits:
        order.setdefault(hit.head.id)
        for head in hit.copies:
            order.setdefault(head.id)
    return tuple(order)


def _row(assistant: Assistant, question: Question, answer: Answer, ranked: tuple[str, ...]) -> Row:
    if answer.problem not in ("", CUT_OFF):
        return Row(question, "", "", False, trace=_trace(question, answer) | {"error": answer.problem})
    places = [place_of(assistant.archive, item) for item in question.evidence]
    kept = tuple(place for place in places if place is not None)
    return Row(
        question=question,
        answer=answer.text,
        said=without_markers(answer),
        abstained=answer.abstained,
        confidence=answer.trace.get("confidence"),
        choice=answer.choice,
        citations=tuple(
            _shown(one.head, one.span, one.evidence, support=one.support) for one in answer.citations
        ),
        claims=answer.claims,
        hits=tuple(
            _shown(hit.head, hit.passage.span, hit.passage.text, score=float(hit.score))
            for hit in answer.hits
        ),
        places=kept,
        lost=len(places) - len(kept),
        ranked=ranked,
        milliseconds=_milliseconds(answer, chosen=bool(question.choices)),
        trace=_trace(question, answer),
    )


def without_markers(answer: Answer) -> str:
    """The text of an answer with the markers of its citations cut out, a space in their place."""
    text = answer.text
    for place in sorted({citation.at for citation in answer.citations}, reverse=True):
        text = f"{text[: place.start]} {text[place.end :]}"
    return " ".join(text.split())


def _shown(head: ArticleHead, span: Span, text: str, **more: Any) -> Shown:
    about = (head.title, head.source, head.published)
    return Shown(head.id, span, text, *about, **more)


def _milliseconds(answer: Answer, *, chosen: bool) -> dict[str, float]:
    """By stage; the total without choosing among options, which is no part of answering.

    "per_token" is the time of writing over the tokens written after the first.
    """
    laps = {stage: float(taken) for stage, taken in answer.trace.get("milliseconds", {}).items()}
    choosing = laps.pop("choose", 0.0)
    if "total" in laps:
        laps["total"] = round(laps["total"] - choosing, 2)
    written = answer.trace.get("tokens", {}).get("written", 0)
    if written > 1 and "write" in laps:
        laps["per_token"] = round(laps["write"] / (written - 1), 2)
    return laps | ({"choose": choosing} if chosen else {})


def _trace(question: Question, answer: Answer) -> dict[str, Any]:
    """The answer's trace, and whether its words are right: of an abstention, what it kept back.

    "raw" is what the back-end wrote, where that is not the answer: a model's words, or what was kept back.
    """
    trace = {name: value for name, value in answer.trace.items() if name != "milliseconds"}
    if answer.raw and answer.raw != answer.text:
        trace["raw"] = answer.raw
    if answer.problem:
        trace["problem"] = answer.problem
    if matchable(question):
        said = _MARKERS.sub(" ", answer.raw)
        trace["match_if_answered"] = answer_match(said, question.answers)
    return trace
