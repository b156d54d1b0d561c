"""Raw characters -> normal ones: NFC, `\\n` line breaks, no control or invisible characters.

Knows characters only, not lines or words. Spaces stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from index.cleaning.offsets import OffsetMap

# No script stacks thirty marks on a letter, and sorting thousands of them takes quadratic time.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
# Control characters (tab and line feed aside), soft hyphens, zero-width and direction marks,
# lone surrogates, and private-use characters, which in scraped pages are glyphs of icon fonts.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ue000-\uf8ff\ud800-\udfff\ufeff\ufff9-\ufffc\ufffe\uffff]"
    f"|(?<=[{_MARKS}]{{30}})[{_MARKS}]"
)
_BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
# Joiners carry meaning between letters of these scripts and in composed emoji.
_JOINED = re.compile(
    "[\u0600-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff][\u200c\u200d][\u0600-\u0dff\u2600-\u27bf\U0001f000-\U0001faff]"
)
_RUN = re.compile("[\x00-\x7f]?[^\x00-\x7f]+")


def normalise(raw: str) -> tuple[str, OffsetMap]:
    """The normal form of a text and the map from the one to the other."""
    text, offsets = _without_odd(raw)
    if unicodedata.is_normalized("NFC", text):
        return text, offsets
    composed, later = _composed(text)
    return composed, offsets.then(OffsetMap.of(later))


def _without_odd(raw: str) -> tuple[str, OffsetMap]:
    parts: list[str] = []
    segments: list[tuple[int, int]] = []
    done = 0
    for found in _ODD.finditer(raw):
        at = found.start()
        parts.append(raw[done:at])
        segments.append((at - done, at - done))
        kept = _instead(raw, at)
        parts.append(kept)
        segments.append((1, len(kept)))
        done = at + 1
    parts.append(raw[done:])
    segments.append((len(raw) - done, len(raw) - done))
    return "".join(parts), OffsetMap.of(segments)


def _instead(raw: str, at: int) -> str:
    char = raw[at]
    if char in _BREAKS:
        return "" if raw[at : at + 2] == "\r\n" else "\n"
    if char in "\u200c\u200d" and at and _JOINED.match(raw, at - 1):
        return char
    return ""


def _composed(text: str) -> tuple[str, list[tuple[int, int]]]:
    parts: list[str] = []
    segments: list[tuple[int, int]] = []
    done = 0
    for found in _RUN.finditer(text):
        if unicodedata.is_normalized("NFC", found.group()):
            continue
        parts.append(text[done : found.start()])
        segments.append((found.start() - done, found.start() - done))
        for cluster in _clusters(found.group()):
            composed = unicodedata.normalize("NFC", cluster)
            parts.append(composed)
            segments.append((len(cluster), len(composed)))
        done = found.end()
    parts.append(text[done:])
    segments.append((len(text) - done, len(text) - done))
    return "".join(parts), segments


def _clusters(run: str) -> Iterator[str]:
    """The run in pieces that compose independently; the run itself where that cannot be told."""
    starts = [at for at, char in enumerate(run) if at == 0 or not _joins(char)]
    pieces = [run[start:end] for start, end in zip(starts, [*starts[1:], len(run)], strict=True)]
    whole = unicodedata.normalize("NFC", run)
    if "".join(unicodedata.normalize("NFC", piece) for piece in pieces) == whole:
        yield from pieces
    else:
        yield run


def _joins(char: str) -> bool:
    """Whether the character may compose with what stands before it: marks and Hangul vowels, finals."""
    return unicodedata.combining(char) > 0 or "\u1160" <= char <= "\u11ff"
