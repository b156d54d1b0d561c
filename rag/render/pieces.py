"""An answer's text cut where its looks change: at sentences, markers and lines; and what is said about each.

Pure. Whoever shows an answer (page, terminal, Markdown) shows these pieces; how they look is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.render.markup import counted
from rag.types import EXTRACTIVE, Answer, Citation, Claim, Support, Version

State = Literal["plain", "unchecked"] | Support
IN_VAIN = "What the model wrote, which the articles do not bear out"
UNFINISHED = "The model did not finish"
_BLANKS = re.compile(r"[ \t\u00a0]*")
_STOPS = re.compile(r"[.!?…,;:”’\"')\]]*")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of one line: words, or a marker with its citation.

    An empty `text` stands where the note on an unsupported claim belongs: after its markers.
    """

    text: str
    state: State = "plain"
    claim: Claim | None = None
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class _Reach:
    """A claim's characters with the markers and stops that follow it."""

    start: int
    end: int
    claim: Claim


def lines_of(answer: Answer) -> list[list[Piece]]:
    """The pieces of each line of the answer's text, in order; blank lines are empty.

    But for white space at the ends of lines the pieces hold all characters, once. Markers that are not at
    their place and claims that begin inside another are overlooked.
    """
    text, markers = answer.text, _markers(answer)
    reaches = _reaches(answer, markers)
    lines: list[list[Piece]] = [[]]
    left = iter(reaches)
    reach = next(left, None)
    for start, end in pairwise(_cuts(text, markers, reaches)):
        while reach and reach.end <= start:
            reach = next(left, None)
        claim = reach.claim if reach and reach.start <= start else None
        if text[start:end] == "\n":
            lines.append([])
        else:
            lines[-1].append(_piece(answer, text[start:end], claim, markers.get(start)))
        if reach and claim and reach.end == end and claim.support == "unsupported":
            lines[-1].append(Piece("", "unsupported", claim))
    return [_trimmed(line) for line in lines]


def plain_lines(answer: Answer) -> list[str]:
    """The answer's lines as bare text without blank ones; what was doubted or not checked says so."""
    return ["".join(map(_plain, line)) for line in lines_of(answer) if line]


def _plain(piece: Piece) -> str:
    if not piece.text:
        return f" ({doubt_text(piece.claim)})" if piece.claim else ""
    return f"{piece.text.rstrip()} (not checked)" if piece.state == "unchecked" else piece.text


def has_unchecked(answer: Answer) -> bool:
    """Whether the answer shows words that were not checked, though others were or would have been."""
    return any(piece.state == "unchecked" for line in lines_of(answer) for piece in line)


def doubt_text(claim: Claim) -> str:
    """Why an unsupported claim is marked, for people."""
    reason = " ".join(claim.reason.split())
    return f"not borne out: {reason}" if reason else "not borne out by its source"


def progress_text(answer: Answer) -> str:
    """What is being done for an answer that grows."""
    if answer.text:
        return "Writing, and checking each sentence against the articles"
    articles = len({hit.head.id for hit in answer.hits})
    passages = counted(len(answer.hits), "passage")
    return f"Reading {passages} of {counted(articles, 'article')}" if articles else "Reading the articles"


def author_name(answer: Answer) -> str:
    """The chat model that was asked; empty when none was."""
    name = str(answer.trace.get("llm") or EXTRACTIVE)
    return "" if name == EXTRACTIVE else name


def written_text(answer: Answer) -> str:
    """Which chat model wrote the answer; empty when none of its words are left."""
    name, in_vain = author_name(answer), vain_text(answer) or answer.trace.get("declined")
    return "" if in_vain or not name else f"Written by {name}, checked against the articles"


def vain_text(answer: Answer) -> str:
    """What a model wrote that is not in the answer, as nothing of it was borne out."""
    return str(answer.trace.get("unborne") or "")


def marker_text(citation: Citation) -> str:
    """The marker as the answer's text has it."""
    return f"[{citation.marker}]"


def _markers(answer: Answer) -> dict[int, Citation]:
    """Citations by the place of their marker, ascending."""
    found: dict[int, Citation] = {}
    at = 0
    for citation in sorted(answer.citations, key=lambda c: c.at):
        if citation.at.start >= at and citation.at.of(answer.text) == marker_text(citation):
            found[citation.at.start] = citation
            at = citation.at.end
    return found


def _reaches(answer: Answer, markers: Mapping[int, Citation]) -> list[_Reach]:
    claims: list[Claim] = []
    for claim in sorted(answer.claims, key=lambda c: c.at):
        if claim.at.start < len(answer.text) and (not claims or claims[-1].at.end <= claim.at.start):
            claims.append(claim)
    starts = [*(claim.at.start for claim in claims[1:]), len(answer.text)]
    return [
        _Reach(claim.at.start, min(after, _reach_end(answer.text, claim, markers)), claim)
        for claim, after in zip(claims, starts, strict=False)
    ]


def _reach_end(text: str, claim: Claim, markers: Mapping[int, Citation]) -> int:
    at = min(claim.at.end, len(text))
    while (step := _past(_BLANKS, text, at)) in markers:
        at = markers[step].at.end
    return _past(_STOPS, text, at)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _cuts(text: str, markers: Mapping[int, Citation], reaches: Sequence[_Reach]) -> list[int]:
    cuts = {0, len(text)}
    cuts.update(place for match in re.finditer(r"\n", text) for place in match.span())
    cuts.update(place for c in markers.values() for place in (c.at.start, c.at.end))
    cuts.update(place for reach in reaches for place in (reach.start, reach.end))
    return sorted(cuts)


def _piece(answer: Answer, text: str, claim: Claim | None, citation: Citation | None) -> Piece:
    if citation and text != marker_text(citation):  # a claim ends inside the marker
        citation = None
    if claim:
        return Piece(text, claim.support, claim, citation)
    waited_for = bool(answer.claims or answer.problem) or not answer.done
    unchecked = waited_for and citation is None and bool(_WORD.search(text))
    return Piece(text, "unchecked" if unchecked else "plain", None, citation)


def _trimmed(line: Sequence[Piece]) -> list[Piece]:
    """The line without white space at its ends."""
    kept = list(_without_blanks(line))
    kept = list(_without_blanks(kept[::-1], at_end=True))
    return kept[::-1]


def _without_blanks(line: Sequence[Piece], *, at_end: bool = False) -> Iterator[Piece]:
    begun = False
    for piece in line:
        note = not piece.text
        text = piece.text if begun or note else (piece.text.rstrip() if at_end else piece.text.lstrip())
        begun = begun or bool(text)
        if text or note:
            yield Piece(text, piece.state, piece.claim, piece.citation)


def version_text(version: Version) -> str:
    """How another article's version of a cited statement stands to it, in words."""
    if not version.what:
        return "Says the same"
    return f"{'A later report differs' if version.later else 'Differs'}: {version.what}"
