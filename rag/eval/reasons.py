"""Why an answer went wrong, as far as what was measured tells it. Pure; knows no pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.eval.matching import answer_match
from rag.eval.scores import IN_RETRIEVED, marks_answers
from rag.eval.types import Row


@dataclass(frozen=True, slots=True)
class Kind:
    """A way in which a question can come out; `failed` where something went wrong."""

    key: str
    title: str
    meaning: str
    failed: bool


KINDS = {
    kind.key: kind
    for kind in (
        Kind("error", "No answer came back", "The back-end failed; the question has no scores.", True),
        Kind(
            "false-answer",
            "Answered, but unanswerable",
            "The articles do not tell, yet an answer was given.",
            True,
        ),
        Kind(
            "wrong-sentence",
            "Right article, wrong sentence",
            "A cited article holds the evidence, but the answer is not right or does not cite the place.",
            True,
        ),
        Kind("wrong-article", "Wrong article", "No cited article is one that holds the evidence.", True),
        Kind(
            "wrong-words",
            "Wrong answer",
            "The gold answer does not stand in the answer; which articles hold it is not known.",
            True,
        ),
        Kind("silent", "Said nothing, but answerable", "There is an answer, and none was given.", True),
        Kind(
            "silent-perhaps",
            "Said nothing, perhaps rightly",
            "It counts as a miss, though no article found for the question is known to hold the answer.",
            True,
        ),
        Kind("right", "Right", "The gold answer stands in the answer.", False),
        Kind(
            "cited",
            "Cites the evidence",
            "There is no short answer to compare; the evidence is cited.",
            False,
        ),
        Kind(
            "rightly-silent", "Rightly said nothing", "The articles do not tell, and neither did it.", False
        ),
        Kind("unjudged", "Not judged", "Neither a short answer nor evidence is known.", False),
    )
}


def kinds_of(rows: Sequence[Row]) -> list[Kind]:
    """How each question came out, in the order of the rows."""
    marked = marks_answers(row.question for row in rows)
    return [KINDS[_key(row, marked)] for row in rows]


def _key(row: Row, marked: bool) -> str:
    if row.error is not None:
        return "error"
    if row.abstained:
        if not row.question.answerable:
            return "rightly-silent"
        return "silent-perhaps" if marked and IN_RETRIEVED not in row.question.tags else "silent"
    if not row.question.answerable:
        return "false-answer"
    matched = row.scores.get("answer_match")
    if matched is None:
        return _by_citations(row)
    return "right" if matched else _wrong(row)


def _by_citations(row: Row) -> str:
    if not row.places:
        return "unjudged"
    touched = any(place.holds(c.article, c.span) for c in row.citations for place in row.places)
    return "cited" if touched else _wrong(row)


def _wrong(row: Row) -> str:
    articles = row.question.qrels
    if not articles:
        return "wrong-words"
    return "wrong-sentence" if any(c.article in articles for c in row.citations) else "wrong-article"


def reasons(row: Row) -> list[str]:
    """What is known of how the answer came about, one line each."""
    if row.error is not None:
        return [row.error]
    told = (_confidence(row), _model(row), _words(row), _ranks(row), _choice(row))
    return [line for lines in told for line in lines]


def _confidence(row: Row) -> Iterator[str]:
    if row.written:
        if row.confidence is not None:
            yield f"Confidence {row.confidence:.2f} before the model was asked."
        return
    threshold = row.trace.get("threshold")
    if row.confidence is None or not isinstance(threshold, int | float):
        return
    side = "under" if row.confidence < threshold else "not under"
    yield f"Confidence {row.confidence:.2f}, {side} the threshold of {threshold:.2f}."


def _model(row: Row) -> Iterator[str]:
    """How a chat model's own words fared."""
    if row.trace.get("declined"):
        yield "The model wrote that the sources do not answer."
    if row.trace.get("unborne"):
        yield "The articles bear out no sentence that the model wrote."
    if problem := row.trace.get("problem"):
        yield f"The model ended early: {problem}."
    unsupported = [claim for claim in row.claims if claim.support == "unsupported"]
    if unsupported:
        yield f"The articles do not bear out {len(unsupported)} of {len(row.claims)} sentences."


def _words(row: Row) -> Iterator[str]:
    """Where the gold words stand among the passages shown; silent where the answer holds them."""
    if "answer_match" not in row.scores or row.scores["answer_match"]:
        return
    kept = row.trace.get("match_if_answered")
    if row.abstained and kept is not None:
        yield f"The answer kept back was {'right' if kept else 'wrong'}."
    found = [place for place, hit in enumerate(row.hits, 1) if answer_match(hit.text, row.question.answers)]
    if found:
        yield f"The gold words stand in {_listed('passage', found)} of the {len(row.hits)} shown."
    elif row.hits:
        yield f"The gold words stand in none of the {len(row.hits)} passages shown."


def _listed(word: str, numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"{word} {numbers[0]}"
    return f"{word}s {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _ranks(row: Row) -> Iterator[str]:
    articles = row.question.qrels
    if articles and row.ranked:
        ranks = [rank for rank, article in enumerate(row.ranked, 1) if article in articles]
        where = (
            f"{_listed('place', ranks[:8])} of {len(row.ranked):,}"
            if ranks
            else f"none of the {len(row.ranked):,} places"
        )
        yield f"Articles with evidence: {where} in the ranking."
    if row.lost:
        yield f"{row.lost} of {len(row.question.evidence)} pieces of evidence are not in the archive."


def _choice(row: Row) -> Iterator[str]:
    if row.choice is not None and "choice_accuracy" in row.scores:
        yield f"Of the options the {'right' if row.scores['choice_accuracy'] else 'wrong'} one was taken."
