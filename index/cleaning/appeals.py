"""Notices that are sentences: sign-ups, cookies, appeals, reporters' contacts, questions to readers.

Judges a sentence, or a line made of several, by its own words. It does not know where on the page
a line stands. A line holding reporting beside a notice loses the notice's sentences only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from index.cleaning.phrases import KEYS, STARTS

_TESTS = tuple(
    (reason, re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE))
    for reason, patterns in STARTS.items()
)
_CUT = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[►•*]*[A-Z0-9])")
_TO_READER = re.compile(r"\b(?:you|your|you're|you've|our|us|here|more info)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”«»]|(?:^|\s)'(?=\w)")
_SAID = re.compile(r"[,\"”’]\s+(?:\w+\s+){0,3}(?:said|says|told|added|wrote|asked|tweeted)\b")
_LEAD = ' \t\u00a0►•*·-–—(▶➤👉📷>_["“'
LONGEST = 600  # characters of one sentence; longer ones are reporting or a page without line breaks


def sentence_notice(sentence: str) -> str | None:
    """The reason why one sentence is a notice, or None."""
    if len(sentence) > LONGEST or _spoken(sentence):
        return None
    bare = sentence.replace("’", "'").lstrip(_LEAD)
    return next((reason for reason, test in _TESTS if test.match(bare)), None)


@lru_cache(maxsize=2048)
def notices(line: str) -> tuple[tuple[int, int, str], ...]:
    """Ranges (start, end, reason) of a line that are notices, ascending; the whole line or sentences.

    The whole line goes when one of its sentences is a notice and all others speak to the reader
    too; otherwise only sentences that are notices and hold no quotation go.
    """
    if line.lstrip()[:1] in '"“«„':
        return ()
    low = line.lower()
    if not any(key in low for key in KEYS):
        return ()
    cuts = [0, *(found.end() for found in _CUT.finditer(line)), len(line)]
    parts = [(start, end) for start, end in pairwise(cuts) if start < end]
    found = [(start, end, sentence_notice(line[start:end])) for start, end in parts]
    first = next((reason for _, _, reason in found if reason), None)
    if first is None:
        return ()
    begun = next(start for start, _, reason in found if reason)
    if all(reason or _to_reader(line[start:end], start > begun) for start, end, reason in found):
        return ((0, len(line), first),)
    return tuple(
        (start, end, reason) for start, end, reason in found if reason and not _quoting(line, start, end)
    )


def _quoting(line: str, start: int, end: int) -> bool:
    """Whether the range holds quoted words or stands inside a quotation."""
    before = line[:start]
    opened = before.count("“") > before.count("”") or before.count('"') % 2 == 1
    return opened or _QUOTED.search(line[start:end]) is not None


def _to_reader(sentence: str, after: bool) -> bool:
    """Whether a sentence beside a notice belongs to it: speaks to the reader, or is a few words after it."""
    return (after and len(sentence) < 25) or (
        len(sentence) <= LONGEST and _TO_READER.search(sentence) is not None
    )


def _spoken(sentence: str) -> bool:
    """Whether the sentence is somebody's quoted words."""
    return sentence.lstrip()[:1] in '"“‘«„' or _SAID.search(sentence) is not None
