"""Statements to an answer with numbered citations, each checked against the passage it points at.

Pure: statements in, text and citations out. A citation survives only if its span lies in a shown
passage and holds exactly the evidence; what the answer puts in quotation marks must be found in that
evidence, else the citation is marked unsupported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from index.types import Span
from rag.types import Citation, Support
from rag.wording import Statement

_FOLD = str.maketrans(dict.fromkeys("“”„«»\"'‘’‚‹›`", "") | dict.fromkeys("‐‑‒–—―", "-"))
_QUOTED = re.compile(r"[“«„\"]([^“”«»„\"]+)[”»\"]")
_ADDED = re.compile(r" \[[^\[\]]*\]")


def cite(statements: Sequence[Statement]) -> tuple[str, tuple[Citation, ...]]:
    """The answer's text and its citations, numbered from 1 in order of appearance.

    The same span of the same passage keeps its number. A statement whose citation does not hold is
    left out of the text.
    """
    text = ""
    numbers: dict[tuple[str, Span], int] = {}
    citations: list[Citation] = []
    for statement in statements:
        if not holds(statement):
            continue
        number = numbers.setdefault((statement.hit.passage.id, statement.span), len(numbers) + 1)
        marker = f"[{number}]"
        text += ("" if not text else _gap(statements, statement)) + statement.shown + " "
        at = Span(len(text), len(text) + len(marker))
        text += marker
        hit = statement.hit
        citations.append(
            Citation(
                number, hit.head, hit.passage.id, statement.span, statement.evidence, at, support(statement)
            )
        )
    return text, tuple(citations)


def holds(statement: Statement) -> bool:
    """Whether the evidence is exactly what the passage has at the span."""
    passage = statement.hit.passage
    if not passage.span.holds(statement.span):
        return False
    return (
        statement.span.shift(-passage.span.start).of(passage.text) == statement.evidence
        if (statement.span.start >= passage.span.start)
        else False
    )


def support(statement: Statement) -> Support:
    """ "verbatim" when every word shown (names added in brackets aside) stands in the evidence."""
    evidence = fold(statement.evidence)
    shown = fold(_ADDED.sub("", statement.shown))
    if shown in evidence:
        return "verbatim"
    quoted = [fold(found) for found in _QUOTED.findall(statement.shown)]
    return "verbatim" if quoted and all(q in evidence for q in quoted) else "unsupported"


def fold(text: str) -> str:
    """Text with quotation marks dropped, dashes and white space made equal, in lower case."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_FOLD).lower().split())


def _gap(statements: Sequence[Statement], statement: Statement) -> str:
    before = statements[statements.index(statement) - 1]
    return " " if before.hit.head.id == statement.hit.head.id else "\n\n"
