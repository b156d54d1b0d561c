"""A small made-up run over made-up articles: one question for each way in which one can come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from index.types import Span
from rag.eval.intervals import interval
from rag.eval.types import Evidence, Metric, Place, Question, Row, Run, Shown
from rag.types import Claim, Turn

TEXT = (
    "The lake froze on Monday, warden Ines Falk said.\n\n"
    "Skaters came from three towns. The ice was twelve centimetres thick by noon."
)
OTHER = "The bakery sold out of rye bread before the skaters had their breakfast."
LAKE, BAKERY = "lake-1", "bakery-7"
SAID = Span(0, 48)
THICK = Span(TEXT.index("The ice"), len(TEXT))


def shown(span: Span = SAID, article: str = LAKE, text: str = TEXT, **more: Any) -> Shown:
    """A piece of an article as an answer shows it."""
    title = {LAKE: "Lake frozen over", BAKERY: "Rye bread gone"}.get(article, "")
    facts = {"title": title, "source": "Valley Herald", "published": date(2021, 1, 18)} | more
    return Shown(article, span, span.of(text), **facts)


WHOLE = shown(Span(0, len(TEXT)), score=1.5)
BREAD = shown(Span(0, len(OTHER)), BAKERY, OTHER, score=0.5)


def question(name: str, text: str, **more: Any) -> Question:
    """An answerable question with the gold answer "Monday", evidence and a tag, unless told otherwise."""
    facts: dict[str, Any] = {
        "answers": (("Monday", "18 January"),),
        "evidence": (Evidence(LAKE, SAID),),
        "tags": ("winter",),
    }
    return Question(name, text, **(facts | more))


def row(asked: Question, said: str = "", **more: Any) -> Row:
    """A row that cites the right sentence when `said` is not empty and abstains when it is."""
    silent = not said
    facts: dict[str, Any] = {
        "answer": "The articles do not answer this." if silent else f"{said} [1]",
        "said": "The articles do not answer this." if silent else said,
        "abstained": silent,
        "confidence": 0.2 if silent else 0.8,
        "citations": () if silent else (shown(support="verbatim"),),
        "hits": (WHOLE, BREAD),
        "places": tuple(Place(e.article, e.span, e.span.of(TEXT) if e.span else "") for e in asked.evidence),
        "ranked": (LAKE, BAKERY),
        "milliseconds": {"search": 12.0, "extract": 30.0, "total": 42.0},
        "trace": {"threshold": 0.4},
    }
    return Row(asked, **(facts | more))


def rows() -> tuple[Row, ...]:
    """One row for each way in which a question can come out; the order is that of `KINDS_EXPECTED`."""
    right = {"answer_match": 1.0, "false_abstain_rate": 0.0, "answer_words": 8.0, "hit@1": 1.0}
    wrong = right | {"answer_match": 0.0}
    silent = {"answer_match": 0.0, "false_abstain_rate": 1.0, "hit@1": 1.0}
    nowhere: dict[str, Any] = {"answerable": False, "answers": (), "evidence": (), "tags": ("nowhere",)}
    return (
        row(question("r1", "When did the lake freeze?"), "The lake froze on Monday.", scores=right),
        row(
            question("r2", "On which day did it freeze?", history=(Turn("user", "Is the lake frozen?"),)),
            "The ice was twelve centimetres thick by noon.",
            citations=(shown(THICK),),
            scores=wrong,
            confidence=0.5,
            trace={"threshold": 0.4, "query": "On which day did the lake freeze?"},
        ),
        row(
            question("r3", "When could people skate?", asked=date(2021, 1, 20)),
            "The bakery sold out of rye bread.",
            citations=(shown(Span(0, 33), BAKERY, OTHER),),
            scores=wrong | {"hit@1": 0.0},
            ranked=(BAKERY, LAKE),
            confidence=0.45,
        ),
        row(question("r4", "Which day was it?", evidence=()), "Skaters came.", scores=wrong, confidence=0.6),
        row(
            question("r5", "What day did the ice come?"),
            scores=silent,
            trace={"threshold": 0.4, "match_if_answered": True, "raw": "On Monday, she said."},
        ),
        row(question("r6", "Who owns the lake?", **nowhere), "Ines Falk.", scores={"false_answer_rate": 1.0}),
        row(question("r7", "How deep is it?", **nowhere), scores={"false_answer_rate": 0.0}, confidence=0.1),
        row(question("r8", "Tell about the lake.", answers=()), "It froze.", scores={"hit@1": 1.0}),
        row(question("r9", "Say something.", answers=(), evidence=()), "Ice.", scores={}),
        row(question("r10", "Did it break?"), trace={"error": "the back-end hung up"}, scores={}),
    )


WROTE = "The lake froze on Monday. [1] Divers measured it. [1]"


def written(**more: Any) -> Row:
    """A row that a chat model answered with two sentences, the second of which no article bears out."""
    claims = (
        Claim(Span(0, 25), "supported", 0.91),
        Claim(Span(30, 49), "unsupported", 0.12, "‘Divers’ is not in the source"),
    )
    facts: dict[str, Any] = {
        "answer": WROTE,
        "claims": claims,
        "scores": {"answer_match": 1.0},
        "trace": {
            "llm": "maker:model",
            "threshold": 0.4,
            "raw": "The lake froze on Monday [1]. " + WROTE[30:],
        },
    }
    return row(question("w1", "When did the lake freeze?"), "The lake froze on Monday.", **(facts | more))


KINDS_EXPECTED = (
    *("right", "wrong-sentence", "wrong-article", "wrong-words", "silent"),
    *("false-answer", "rightly-silent", "cited", "unjudged", "error"),
)


def summarised(some: Sequence[Row]) -> dict[str, Metric]:
    """The mean of each score over the rows that have it."""
    names = sorted({name for one in some for name in one.scores})
    found = {name: interval([one.scores[name] for one in some if name in one.scores]) for name in names}
    return {name: metric for name, metric in found.items() if metric}


def run(some: Sequence[Row] | None = None, suite: str = "lake", **more: Any) -> Run:
    """A run of the rows, `rows()` by default."""
    held = tuple(rows() if some is None else some)
    tags = sorted({tag for one in held for tag in one.question.tags})
    facts: dict[str, Any] = {
        "commit": "abc1234",
        "settings": {"llm": "extractive", "search": {"top_k": 8}},
        "machine": {"cores": 2},
        "seconds": 3.5,
        "metrics": summarised(held),
        "tags": {tag: summarised([one for one in held if tag in one.question.tags]) for tag in tags},
        "latency": {"search": {"p50": 12.0, "p95": 20.0}, "total": {"p50": 42.0, "p95": 60.0}},
        "rows": held,
    }
    return Run(suite, **(facts | more))


def scored(one: Row, scores: Mapping[str, float]) -> Row:
    """The row with some scores set."""
    return replace(one, scores={**one.scores, **scores})
