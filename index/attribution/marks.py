"""Quotation marks: which stretches of a text stand between double ones, exactly.

Straight marks open or close by what stands beside them. The end of a paragraph ends a quotation; where it
was not closed and the next paragraph opens with a mark, the two are one quotation going on. Knows nothing
of who is quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.types import Span

OUTSIDE, WITHIN, OPENING, CLOSING = range(4)

_MARK = re.compile(r"[“”„«»\"]|''|``")
_PARAGRAPH = re.compile(r"[^\n]+")
_CLOSED_BY = {"“": '”"', "„": "“”", "«": "»", "»": "«", '"': '"”', "``": "''\"”", "''": "''\""}
_BEFORE_OPENING = re.compile(r"[\s(\[{—–\-/:]$|^$")
_SPACE = re.compile(r"\s|$")
_TURN = re.compile(r"[A-Z][A-Z .’'-]{2,30}: ")  # of a transcript: another one speaks
_INCHES = re.compile(r"\d$")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch in double quotation marks. `span` has the marks in it, `inner` has not.

    `closed` is false when the paragraph ended first; `goes_on` when it opens a paragraph to carry on the
    quotation before it.
    """

    span: Span
    inner: Span
    closed: bool
    goes_on: bool = False


def quotations(text: str) -> list[Quotation]:
    """The quotations of a text, ascending, disjoint; those within others are part of the outer ones."""
    found: list[Quotation] = []
    for paragraph in _PARAGRAPH.finditer(text):
        inside = _of_paragraph(text, paragraph.start(), paragraph.end())
        if inside and found and not found[-1].closed:
            first = inside[0]
            leads = not text[paragraph.start() : first.span.start].strip()
            between = text[found[-1].span.end : paragraph.start()]
            if leads and not between.strip() and not _TURN.match(first.inner.of(text)):
                inside[0] = Quotation(first.span, first.inner, first.closed, goes_on=True)
        found += inside
    return found


def mark_states(text: str) -> bytearray:
    """For each character OUTSIDE, WITHIN a quotation, or in its OPENING or CLOSING mark."""
    states = bytearray(len(text))
    for one in quotations(text):
        states[one.span.start : one.span.end] = bytes([WITHIN]) * len(one.span)
        states[one.span.start : one.inner.start] = bytes([OPENING]) * (one.inner.start - one.span.start)
        states[one.inner.end : one.span.end] = bytes([CLOSING]) * (one.span.end - one.inner.end)
    return states


def _of_paragraph(text: str, start: int, end: int) -> list[Quotation]:
    found: list[Quotation] = []
    opened: re.Match[str] | None = None
    for mark in _MARK.finditer(text, start, end):
        if opened is None:
            if _may_open(text, mark, end):
                opened = mark
        elif _closes(text, opened, mark, start):
            if opened.end() < mark.start():
                span = Span(opened.start(), mark.end())
                found.append(Quotation(span, Span(opened.end(), mark.start()), closed=True))
            opened = None
    if opened is not None and (tail := text[opened.end() : end].rstrip()):
        last = opened.end() + len(tail)
        found.append(Quotation(Span(opened.start(), last), Span(opened.end(), last), closed=False))
    return found


def _may_open(text: str, mark: re.Match[str], end: int) -> bool:
    """Whether a mark outside any quotation opens one: a stray closing mark or an inch sign does not."""
    follows = text[mark.end() : min(mark.end() + 1, end)]
    if mark.group() in ("“", "„", "``", "«"):
        return bool(follows)
    if mark.group() in ("”", "»"):
        return False
    before = text[max(0, mark.start() - 1) : mark.start()]
    return (
        bool(follows)
        and not follows.isspace()
        and not _INCHES.search(before)
        and bool(_BEFORE_OPENING.search(before) or not before.isalnum())
    )


def _closes(text: str, opened: re.Match[str], mark: re.Match[str], start: int) -> bool:
    """Whether a mark closes what `opened` opened; a straight one that begins a word is nested or stray."""
    if mark.group() not in _closers(opened.group()):
        return False
    if mark.group() == '"' and opened.group() == '"':
        before = text[mark.start() - 1 : mark.start()]
        after = text[mark.end() : mark.end() + 1]
        return not (before.isspace() and after.isalnum())
    return True


def _closers(opening: str) -> tuple[str, ...]:
    marks = _CLOSED_BY[opening]
    return tuple(re.findall(r"''|.", marks))
