"""One question of a suite through the assistant, to a scored row; and many of them, several at once.

Knows nothing of suites as folders, of files, or of how long a run takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from index.types import Hit
from rag.eval.matching import answer_match
from rag.eval.scores import marks_answers, matchable, score
from rag.eval.suite import place_of
from rag.eval.types import Question, Row, Shown
from rag.types import Answer, Citation

if TYPE_CHECKING:
    from rag.assistant import Assistant

DEEP = 100
"""Passages of the deep search from which articles are ranked."""

FOUND = 10
"""Passages of it that are looked at for facts."""

_MARKERS = re.compile(r"\[\d+\]")


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
    extractive = assistant.settings.answer.llm == "extractive"
    first = assistant.ask if extractive else partial(assistant.search, top_k=1)
    for question in list(questions)[:1]:
        with suppress(Exception):  # it will fail again, where it is told
            first(question.text)


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
        hits = _search_deep(assistant, question) if question.evidence else []
        row = _row(assistant, question, answer, ranking(hits))
    except Exception as error:  # whatever a back-end raises is one failed question, not the end of the run
        return Row(question, "", "", False, trace={"error": f"{type(error).__name__}: {error}"})
    found = [hit.passage.text for hit in hits[:FOUND]] if hits else None
    return replace(row, scores=score(row, found, marked=marked))


def _search_deep(assistant: Assistant, question: Question) -> list[Hit]:
    return assistant.search(
        question.text,
        history=question.history,
        asked=question.asked,
        filters=question.filters,
        top_k=DEEP,
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
    places = [place_of(assistant.archive, item) for item in question.evidence]
    kept = tuple(place for place in places if place is not None)
    return Row(
        question=question,
        answer=answer.text,
        said=without_markers(answer),
        abstained=answer.abstained,
        confidence=answer.trace.get("confidence"),
        choice=answer.choice,
        citations=tuple(_cited(one) for one in answer.citations),
        hits=tuple(_shown(hit) for hit in answer.hits),
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


def _cited(citation: Citation) -> Shown:
    head = citation.head
    return Shown(
        head.id,
        citation.span,
        citation.evidence,
        title=head.title,
        source=head.source,
        published=head.published,
        support=citation.support,
    )


def _shown(hit: Hit) -> Shown:
    head, passage = hit.head, hit.passage
    return Shown(
        head.id,
        passage.span,
        passage.text,
        title=head.title,
        source=head.source,
        published=head.published,
        score=float(hit.score),
    )


def _milliseconds(answer: Answer, *, chosen: bool) -> dict[str, float]:
    """By stage; the total without choosing among options, which is no part of answering."""
    laps = {stage: float(taken) for stage, taken in answer.trace.get("milliseconds", {}).items()}
    choosing = laps.pop("choose", 0.0)
    if "total" in laps:
        laps["total"] = round(laps["total"] - choosing, 2)
    return laps | ({"choose": choosing} if chosen else {})


def _trace(question: Question, answer: Answer) -> dict[str, Any]:
    """The answer's trace, and whether its words are right: of an abstention, what it kept back."""
    trace = {name: value for name, value in answer.trace.items() if name != "milliseconds"}
    if answer.abstained and answer.raw:
        trace["raw"] = answer.raw
    if matchable(question):
        said = _MARKERS.sub(" ", answer.raw)
        trace["match_if_answered"] = answer_match(said, question.answers)
    return trace
