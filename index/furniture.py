"""Which lines of a page are furniture: the signals that look at a line's place and its neighbours.

A page is its non-blank lines. Its head is what stands before the first prose, its tail what stands
after the last. Knows nothing of raw offsets and does not decide how much may go: `index.clean` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from index.appeals import notices
from index.edges import edge_kind, is_dateline, is_headline, is_kept, is_outlet, is_prose, is_stamp, same_name
from index.notices import bracketed, label, languages, linked, promo, related, weak_label

# Five copies of one wire story in an archive are common, five articles sharing a line and little
# else are not; three times the median keeps lists and syndicated copies, whose lines all recur.
RECURS_IN = 5
RECURS_TIMES = 3
LONGEST_KEY = 200  # characters; a longer line that recurs is a paragraph of a syndicated story
HEAD_LINES = 25
TAIL_LINES = 60

_SMALL = re.compile(
    r"\b(?:to|of|in|on|for|as|after|with|from|at|by|is|are|was|has|have|how|why|what|who|when|over|amid|says?|could|will|"
    r"be|the|an?|and|or|his|her|its|their|that|this|not|into|against|about|if|up|out|new|may|can)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"^[\"“‘'«„]|[\"“”„]")
_GLUED = re.compile(
    r"\[ad_\d+\](?![^\x00-\x7f])|(?<=[.!?”\"’)])\s*(?:Source link|Read Full Article|Read more|Continue reading|Advertisement)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A range of the text to take out, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A non-blank line: its place with its line break, its words, whether a blank line stands before it
    (`gap`), and whether one stands on both sides (`apart`)."""

    start: int
    end: int
    text: str
    gap: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of the page beside its lines."""

    title: str
    source: str | None
    author: str | None
    dated: bool
    recurring: Mapping[str, int]


def find_all(text: str, page: Page) -> list[Cut]:
    """Every range of `text` that is furniture, ascending and disjoint."""
    lines = _lines(text)
    title_at = _title_at(lines, page.title)
    return _cuts(text, lines, _find(lines, page, title_at), title_at)


def find_sure(text: str, page: Page) -> list[Cut]:
    """Only the ranges that are furniture by their own words, ascending and disjoint."""
    lines = _lines(text)
    found = {at: reason for at, line in enumerate(lines) if (reason := sure(line.text))}
    return _cuts(text, lines, found, _title_at(lines, page.title))


def sure(line: str) -> str | None:
    """The reason why the line is furniture wherever it stands and whatever stands beside it."""
    return label(line) or ("related headlines" if related(line) else None)


def line_key(line: str) -> str:
    """The key under which a line is counted: case, digits' values, spaces and edges do not matter."""
    folded = re.sub(r"\d+", "0", line.replace("’", "'").casefold())
    return " ".join(folded.split()).strip(" .:;,!–—-|>*•·")


def lines_of(raw: str) -> set[str]:
    """The keys of the lines of a text worth counting: at most 200 characters, at least 3 letters."""
    lines = {line.strip() for line in raw.splitlines()}
    return {line_key(line) for line in lines if len(line) <= LONGEST_KEY and sum(map(str.isalpha, line)) >= 3}


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    at, blank = 0, True
    parts = text.split("\n")
    for number, part in enumerate(parts):
        end = min(at + len(part) + 1, len(text))
        words = part.strip()
        if words:
            following = number + 1 == len(parts) or not parts[number + 1].strip()
            lines.append(Line(at, end, words, blank, blank and following))
        blank = not words
        at = end
    return lines


def _title_at(lines: Sequence[Line], title: str) -> int | None:
    for at, line in enumerate(lines[:HEAD_LINES]):
        words = " ".join(line.text.split())
        if title and words.startswith(title) and len(words) <= len(title) + 50:
            return at
    return None


def _cuts(text: str, lines: Sequence[Line], found: dict[int, str], title_at: int | None) -> list[Cut]:
    cuts: list[Cut] = []
    for at, line in enumerate(lines):
        if at == title_at:
            continue
        if at in found:
            cuts.append(Cut(line.start, line.end, found[at]))
            continue
        words = text[line.start : line.end].rstrip("\n")
        ranges = list(notices(words)) or [(f.start(), f.end(), "advertisement") for f in _GLUED.finditer(words)]
        if ranges and ranges[0][:2] == (0, len(words)):
            cuts.append(Cut(line.start, line.end, ranges[0][2]))
        else:
            cuts += [Cut(line.start + start, line.start + end, reason) for start, end, reason in ranges]
    return cuts


def _find(lines: Sequence[Line], page: Page, title_at: int | None) -> dict[int, str]:
    """Index of each line that is furniture as a whole -> reason."""
    found = {at: reason for at, line in enumerate(lines) if (reason := sure(line.text))}
    found |= {at: "promotion" for at, line in enumerate(lines) if at not in found and _is_promo(lines, at)}
    zone = _zones(lines)
    _mark_related(lines, found, zone[1])
    for at, line in enumerate(lines):
        if at not in found and not zone[0] <= at < zone[1]:
            reason = _edge_reason(line.text, page, at < zone[0])
            if reason:
                found[at] = reason
    _mark_repeats(lines, found, page, title_at)
    _mark_weak(lines, found, zone, title_at)
    _mark_tags(lines, found, zone[1])
    _mark_recurring(lines, found, page, zone, title_at)
    return found


def _zones(lines: Sequence[Line]) -> tuple[int, int]:
    """Number of lines before the first prose, and index of the first line after the last prose."""
    prose = [at for at, line in enumerate(lines) if is_prose(line.text) and not notices(line.text)]
    if not prose:
        return min(len(lines), 8), len(lines)
    return min(prose[0], HEAD_LINES), max(prose[-1] + 1, len(lines) - TAIL_LINES)


def _is_promo(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    if at == 0:
        return False
    return bracketed(line.text) or (promo(line.text) and (line.apart or not is_prose(line.text))) or (
        line.apart and linked(line.text) and not is_kept(line.text)
    )


def _mark_related(lines: Sequence[Line], found: dict[int, str], tail: int) -> None:
    """Headlines under a label such as "Related articles"."""
    for at in [at for at, reason in found.items() if reason == "related headlines"]:
        after = at + 1
        while after < len(lines) and (after in found or _listed_headline(lines[after].text, after >= tail)):
            found.setdefault(after, "related headlines")
            after += 1
    for at in [at for at, line in enumerate(lines) if at in found and bracketed(line.text)]:
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(lines) and _touch(lines, at, beside) and is_headline(lines[beside].text):
                found.setdefault(beside, "promotion")
    _mark_last_headlines(lines, found, tail)


def _touch(lines: Sequence[Line], one: int, other: int) -> bool:
    """Whether no blank line stands between two neighbouring lines."""
    before, after = sorted((one, other))
    return not lines[after].gap


def _mark_last_headlines(lines: Sequence[Line], found: dict[int, str], tail: int) -> None:
    """Two or more headlines in a row after the last prose, unless a line with a colon leads them in."""
    at = tail
    while at < len(lines):
        end = at
        while end < len(lines) and (end in found or _running_headline(lines[end].text)):
            end += 1
        fresh = [each for each in range(at, end) if each not in found]
        led_in = at > 0 and at - 1 not in found and lines[at - 1].text.endswith(":")
        if len(fresh) >= 2 and not led_in:
            found.update((each, "related headlines") for each in fresh)
        at = max(end, at + 1)


def _running_headline(line: str) -> bool:
    """A headline of six words or more with small words in it, which names and addresses lack."""
    return is_headline(line) and line.count(" ") >= 5 and _SMALL.search(line) is not None


def _listed_headline(line: str, in_tail: bool) -> bool:
    if is_kept(line) or is_prose(line):
        return False
    return is_headline(line) or (in_tail and (is_stamp(line) or edge_kind(line) is not None or len(line) < 40))


def _edge_reason(line: str, page: Page, in_head: bool) -> str | None:
    if languages(line):
        return "language switcher"
    if page.dated and is_stamp(line):
        return "page date"
    if in_head and is_outlet(line, page.source):
        return "outlet name"
    if page.author and same_name(line, page.author):
        return "byline"
    return edge_kind(line)


def _mark_repeats(lines: Sequence[Line], found: dict[int, str], page: Page, title_at: int | None) -> None:
    """The headline standing a second time."""
    for at, line in enumerate(lines):
        if title_at is not None and at != title_at and " ".join(line.text.split()) == page.title:
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


def _mark_tags(lines: Sequence[Line], found: dict[int, str], tail: int) -> None:
    """A line of names set off by commas, the only one after the prose."""
    rest = [at for at in range(tail, len(lines)) if at not in found]
    if len(rest) != 1 or is_kept(lines[rest[0]].text):
        return
    parts = [part.strip() for part in re.split(r"[,|•·]", lines[rest[0]].text)]
    named = all(part and part.count(" ") < 4 and not re.search(r"[:.!?;\"”]", part) for part in parts)
    if len(parts) >= 3 and named:
        found[rest[0]] = "tags"


def _mark_recurring(
    lines: Sequence[Line], found: dict[int, str], page: Page, zone: tuple[int, int], title_at: int | None
) -> None:
    """Lines many articles of the archive carry, with nothing but furniture between them and the edge."""
    if not page.recurring or not lines:
        return
    counts = [page.recurring.get(line_key(line.text), 1) if len(line.text) <= LONGEST_KEY else 1 for line in lines]
    bar = max(RECURS_IN, RECURS_TIMES * median(counts))
    for edge in (range(zone[0]), range(len(lines) - 1, zone[1] - 1, -1)):
        for at in edge:
            text = lines[at].text
            if at in found or at == title_at:
                continue
            if counts[at] < bar or _QUOTE.search(text) or is_kept(text) or is_dateline(text):
                break
            found[at] = "recurs in other articles"
