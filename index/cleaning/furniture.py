"""Which ranges of a page are furniture: known notices, the page's edges, lines that recur.

The head of a page is what stands before its first prose, the tail what stands after the last.
Knows nothing of raw offsets and does not decide how much may go: `index.cleaning.clean` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from index.cleaning.appeals import notices
from index.cleaning.blocks import (
    is_excerpt,
    mark_comments,
    mark_last_headlines,
    mark_menu,
    mark_related,
    mark_tags,
)
from index.cleaning.edges import (
    edge_kind,
    is_byline,
    is_dateline,
    is_kept,
    is_note,
    is_outlet,
    is_prose,
    is_sentence,
    is_stamp,
    is_updated,
    same_name,
)
from index.cleaning.lines import (
    HEAD_LINES,
    LONGEST_KEY,
    Cut,
    Line,
    Page,
    is_title,
    line_key,
    split_lines,
    title_line,
)
from index.cleaning.notices import bracketed, label, languages, linked, promo, related, weak_label

# A line on the edge of five articles is the outlet's, not the story's, unless the story itself was
# printed five times: then its prose recurs as often, hence three times the median of the prose.
RECURS_IN = 5
RECURS_TIMES = 3
TAIL_LINES = 60
MOST_OF_A_KIND = 6  # lines of an outlet's own address: street, town, telephone, fax, mail
LIST_LINES = 5  # lines in the middle recurring as often as one at the edge: a list, whose lines all recur
NEAR_HEAD = 8  # lines among which a page date or byline may follow a first sentence
UNKNOWN_HEAD = 8  # lines taken for the head of a page without any prose

_QUOTE = re.compile(r"^[\"“‘'«„]|[\"“”„]")
_GLUED = re.compile(
    r"\[ad_\d+\](?![^\x00-\x7f])|(?<=[.!?”\"’)])\s*(?:Source link|Read Full Article|Read more|"
    r"Continue reading|Advertisement)$",
    re.IGNORECASE,
)


def find_all(text: str, page: Page) -> list[Cut]:
    """Every range of `text` that is furniture, ascending and disjoint."""
    lines = split_lines(text)
    title_at = title_line(lines, page.title)
    return _cuts(text, lines, _find(lines, page, title_at), title_at)


def find_sure(text: str, page: Page) -> list[Cut]:
    """Only the ranges that are furniture by their own words, ascending and disjoint."""
    lines = split_lines(text)
    found = {at: reason for at, line in enumerate(lines) if (reason := sure(line.text))}
    return _cuts(text, lines, found, title_line(lines, page.title))


def sure(line: str) -> str | None:
    """The reason why the line is furniture wherever it stands and whatever stands beside it."""
    return label(line) or ("related headlines" if related(line) else None)


def _cuts(text: str, lines: Sequence[Line], found: dict[int, str], title_at: int | None) -> list[Cut]:
    cuts: list[Cut] = []
    for at, line in enumerate(lines):
        if at == title_at:
            continue
        if at in found:
            cuts.append(Cut(line.start, line.end, found[at]))
            continue
        words = text[line.start : line.end].rstrip("\n")
        ranges = notices(words) or _glued(words)
        if ranges and ranges[0][:2] == (0, len(words)):
            cuts.append(Cut(line.start, line.end, ranges[0][2]))
        else:
            cuts += [Cut(line.start + start, line.start + end, reason) for start, end, reason in ranges]
    return cuts


def _glued(line: str) -> tuple[tuple[int, int, str], ...]:
    """Buttons and marks that stand on a line of prose."""
    if "[" not in line and not line[-1:].isalpha():
        return ()
    return tuple((found.start(), found.end(), "advertisement") for found in _GLUED.finditer(line))


def _find(lines: Sequence[Line], page: Page, title_at: int | None) -> dict[int, str]:
    """Index of each line that is furniture as a whole -> reason."""
    found = {at: reason for at, line in enumerate(lines) if (reason := sure(line.text))}
    found |= {at: "promotion" for at in range(1, len(lines)) if at not in found and _is_promo(lines[at])}
    zone = _zones(lines)
    mark_comments(lines, found)
    mark_related(lines, found, zone[1])
    for at, line in enumerate(lines):
        if at in found:
            continue
        if not zone[0] <= at < zone[1]:
            reason = _edge_reason(line.text, page, at < zone[0])
        else:
            reason = _near_head(line.text, page) if at < NEAR_HEAD else None
        if reason:
            found[at] = reason
    for kind in ("address", "lone number or mark"):
        if sum(reason == kind for reason in found.values()) > MOST_OF_A_KIND:  # a list or a table
            found = {at: reason for at, reason in found.items() if reason != kind}
    if title_at is not None:
        _mark_repeats(lines, found, page.title, title_at)
    _mark_weak(lines, found, zone, title_at)
    mark_menu(lines, found, title_at)
    _mark_recurring(lines, found, page, zone, title_at)
    mark_last_headlines(lines, found, zone[1])
    mark_tags(lines, found, zone[1])
    return found


def _zones(lines: Sequence[Line]) -> tuple[int, int]:
    """Number of lines before the first prose, and index of the first line after the last prose."""
    prose = [
        at
        for at, line in enumerate(lines)
        if is_prose(line.text) and not (notices(line.text) or is_stamp(line.text))
    ]
    if not prose:
        return min(len(lines), UNKNOWN_HEAD), len(lines)
    said = [at for at in range(prose[0], len(lines)) if at in prose or is_sentence(lines[at].text)]
    last = next(
        (at for at in reversed(said) if not (is_excerpt(lines[at].text) or notices(lines[at].text))),
        prose[-1],
    )
    return min(prose[0], HEAD_LINES), max(last + 1, len(lines) - TAIL_LINES)


def _is_promo(line: Line) -> bool:
    if promo(line.text):
        return (line.apart or not is_prose(line.text)) and not is_note(line.text)
    return bracketed(line.text) or (line.apart and linked(line.text) and not is_kept(line.text))


def _edge_reason(line: str, page: Page, in_head: bool) -> str | None:
    if languages(line):
        return "language switcher"
    if is_stamp(line) and (page.dated or is_updated(line)):
        return "page date"
    if in_head and is_outlet(line, page.source):
        return "outlet name"
    if is_byline(line) or (page.author and same_name(line, page.author)):
        return "byline"
    return edge_kind(line)


def _near_head(line: str, page: Page) -> str | None:
    """Page date and byline may stand after a first sentence set off above the article."""
    if is_byline(line):
        return "byline"
    return "page date" if page.dated and is_stamp(line) else None


def _mark_repeats(lines: Sequence[Line], found: dict[int, str], title: str, title_at: int) -> None:
    """The headline standing a second time."""
    for at, line in enumerate(lines):
        if at != title_at and is_title(line.text, title):
            found.setdefault(at, "repeated headline")


def _mark_weak(
    lines: Sequence[Line], found: dict[int, str], zone: tuple[int, int], title_at: int | None
) -> None:
    """Buttons and section names at the edges, and in the middle between two furniture lines."""
    for at, line in enumerate(lines):
        if at in found or at == title_at or not weak_label(line.text):
            continue
        if not zone[0] <= at < zone[1] or (at - 1 in found and at + 1 in found):
            found[at] = "navigation"


def _mark_recurring(
    lines: Sequence[Line], found: dict[int, str], page: Page, zone: tuple[int, int], title_at: int | None
) -> None:
    """Lines many articles of the archive carry, with nothing but furniture between them and the edge."""
    if not page.recurring or not lines:
        return
    counts = [
        page.recurring.get(line_key(line.text), 1) if len(line.text) <= LONGEST_KEY else 1 for line in lines
    ]
    told = [count for count, line in zip(counts, lines, strict=True) if is_prose(line.text)]
    bar = max(RECURS_IN, RECURS_TIMES * median(told or counts))
    inside = sorted(counts[zone[0] : zone[1]], reverse=True)
    bar = max(
        bar, 2 * inside[LIST_LINES - 1] if len(inside) >= LIST_LINES and inside[LIST_LINES - 1] >= bar else 0
    )
    for edge in (range(zone[0]), range(len(lines) - 1, zone[1] - 1, -1)):
        run: list[int] = []
        for at in edge:
            text = lines[at].text
            if at in found or at == title_at:
                continue
            if counts[at] < bar or _QUOTE.search(text) or is_kept(text) or is_dateline(text):
                if not (is_prose(text) or is_kept(text) or is_dateline(text)):
                    run = []  # a list goes on beyond it
                break
            run.append(at)
        found.update((at, "recurs in other articles") for at in run)
