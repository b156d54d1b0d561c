"""Runs of lines that are furniture together: lists of other articles, readers' comments, menus, tags.

Each function adds to `found` (index of a line -> reason) what it recognises; what is there already
counts as furniture. None looks at the words of running prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.cleaning.edges import edge_kind, is_byline, is_headline, is_kept, is_prose, is_stamp
from index.cleaning.lines import Line
from index.cleaning.notices import bracketed

SHORT_WORDS = 3  # a line of at most so many words without an end mark is a button, a tag or a name
SHORT_LINES = 3  # at most so many of them after the last prose; more are a list
MENU_LINES = 4  # at least so many of them before the headline are a menu

_SMALL_WORD = re.compile(
    r"\b(?:to|of|in|on|for|as|after|with|from|at|by|is|are|was|has|have|how|why|what|who|when|over|amid|"
    r"says?|could|will|"
    r"be|the|an?|and|or|his|her|its|their|that|this|not|into|against|about|if|up|out|new|may|can)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"^[\"“]|[;)]|^\w+day:|^[^:]{2,25}: [^,]+, [^,]+, |\d\D+\d\D+\d"
)  # rather an item of a list than a headline
_NUMBERED = re.compile(r"^\d{1,2}[.)]? +")
_SAYS = re.compile(r".{2,40} (?:says|said|wrote|commented)\s?:?")
_REPLY = re.compile(r"(?:reply|log in to reply|report|like|↓ ?reply)(?: ?[·|↓] ?\w+)*", re.IGNORECASE)
_EXCERPT = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|»)$")
_ENDED = re.compile(r"[.!?:;,…\"”’')]$")


def mark_related(lines: Sequence[Line], found: dict[int, str], tail: int) -> None:
    """Headlines under a label such as "Related articles", and those in one block with bracketed ones."""
    for at in [at for at, reason in found.items() if reason == "related headlines"]:
        after = at + 1
        while after < len(lines) and (after in found or _listed(lines[after].text, after >= tail)):
            found.setdefault(after, "related headlines")
            after += 1
    for at in [at for at in found if bracketed(lines[at].text)]:
        if at and not lines[at].gap and is_headline(lines[at - 1].text):
            found.setdefault(at - 1, "promotion")
        if at + 1 < len(lines) and not lines[at + 1].gap and is_headline(lines[at + 1].text):
            found.setdefault(at + 1, "promotion")


def mark_last_headlines(lines: Sequence[Line], found: dict[int, str], tail: int) -> None:
    """Two or more headlines after the last prose, with nothing else there but days, names and notes."""
    fresh = _left(lines, found, tail)
    heads = [at for at in fresh if is_headline(lines[at].text) and not _ITEM.search(lines[at].text)]
    running = [at for at in heads if _SMALL_WORD.search(lines[at].text) and lines[at].text.count(" ") >= 5]
    rest = set(fresh) - set(heads)
    if len(running) < 2 or 2 * len(running) < len(heads):
        return
    if all(is_short(lines[at].text) or is_stamp(lines[at].text) or is_byline(lines[at].text) for at in rest):
        found.update((at, "related headlines") for at in fresh)


def mark_tags(lines: Sequence[Line], found: dict[int, str], tail: int) -> None:
    """A line of names set off by commas, or up to three short lines, left after the last prose."""
    rest = _left(lines, found, tail)
    if len(rest) == 1 and _is_tag_list(lines[rest[0]].text):
        found[rest[0]] = "tags"
    elif 0 < len(rest) <= SHORT_LINES and all(is_short(lines[at].text) for at in rest):
        found.update((at, "short line after the end") for at in rest)


def mark_menu(lines: Sequence[Line], found: dict[int, str], title_at: int | None) -> None:
    """Four or more short lines before the headline."""
    short = [at for at in range(title_at or 0) if is_short(lines[at].text)]
    if len(short) >= MENU_LINES:
        for at in short:
            found.setdefault(at, "navigation")


def mark_comments(lines: Sequence[Line], found: dict[int, str]) -> None:
    """Readers' comments: "Name says:" and a day, up to the button to reply."""
    at = 0
    while at < len(lines) - 1:
        if not (_SAYS.fullmatch(lines[at].text) and is_stamp(lines[at + 1].text)):
            at += 1
            continue
        end = next(
            (to for to in range(at + 2, min(at + 40, len(lines))) if _ends_comment(lines, to)), len(lines)
        )
        found.update((each, "readers' comments") for each in range(at, end))
        at = end


def is_short(line: str) -> bool:
    """Whether the line is at most three words without an end mark, a digit, a list mark or a credit."""
    return (
        len(line) <= 32
        and line.count(" ") < SHORT_WORDS
        and _ENDED.search(line) is None
        and line[0].isalpha()
        and not any(map(str.isdigit, line))
        and not is_kept(line)
    )


def is_excerpt(line: str) -> bool:
    """Whether the line breaks off, as the first words of another article do in a list."""
    return _EXCERPT.search(line) is not None


def _left(lines: Sequence[Line], found: dict[int, str], tail: int) -> list[int]:
    """Lines after the last prose not yet found, notes and credits aside; none if they end a list."""
    led_in = 0 < tail < len(lines) and lines[tail - 1].text.endswith(":")
    return (
        []
        if led_in
        else [at for at in range(tail, len(lines)) if at not in found and not is_kept(lines[at].text)]
    )


def _listed(line: str, in_tail: bool) -> bool:
    """Whether the line goes on a list of other articles: headline or day; at the tail first words too."""
    if is_kept(line):
        return False
    if is_stamp(line):
        return True
    if not in_tail:
        return is_headline(line) and not is_prose(line)
    plain = _NUMBERED.sub("", line)
    return is_excerpt(line) or (
        not is_prose(line)
        and (is_headline(plain) or edge_kind(line) is not None or (len(line) < 40 and ":" not in line))
    )


def _is_tag_list(line: str) -> bool:
    parts = [part.strip() for part in re.split(r"[,|•·]", line)]
    named = all(part and part.count(" ") < 4 and not re.search(r"[:.!?;\"”]", part) for part in parts)
    return len(parts) >= 3 and named and len({part[0].islower() for part in parts}) == 1


def _ends_comment(lines: Sequence[Line], at: int) -> bool:
    starts_next = at + 1 < len(lines) and _SAYS.fullmatch(lines[at].text) and is_stamp(lines[at + 1].text)
    return bool(starts_next or _REPLY.fullmatch(lines[at - 1].text))
