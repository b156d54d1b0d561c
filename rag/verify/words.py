"""Words of a claim and of what it cites, made comparable: tokens, quoted words, sentences that claim nothing.

Knows English only, and nothing of names, numbers or meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.sentences import sentences
from index.words import word_set

_MARKERS = re.compile(r"\s*\[\d+(?:\.\d+)?(?:\s*[,;–-]\s*\d+(?:\.\d+)?)*\]")
_LIST = re.compile(r"^\s*(?:#{1,6}\s+|[-*•+]\s+|\(?\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"(?<![\w*_])[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}(?![\w*_])")
# Older corpora come with marks and endings parted from their words.
_PARTED = (
    (re.compile(r"``|“ ?"), "“"),
    (re.compile(r" ?''|(?<=\S) ?”"), "”"),
    (re.compile(r"(?<=\w) (?=(?:n['’]t|['’](?:s|re|ve|ll|d|m))\b)"), ""),
    (re.compile(r" (?=[,;:.!?%)](?:\s|$))"), ""),
    (re.compile(r"(?<=\() "), ""),
    (re.compile(r"(?<=\w) - (?=\w)"), "-"),
    (re.compile(r"--"), "–"),
)
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(
    r"[“„]([^“”„]+)[”“]|\"([^\"]+)\"|«([^«»]+)»|(?<![\w’'])[‘'](?=\w)((?:[^‘’'\n]|[’'](?=\w))+)[’'](?!\w)"
)
# What comes before words that somebody else's sentence denies, doubts or makes depend on something.
_TAKEN_BACK = re.compile(
    r"(?:\b(?:not|never|no|deny|denies|denied|false|falsely|untrue|myth|hoax|if|whether|unless|dispute[sd]?|refuted?)"
    r"|n['’]t)\b[^.!?\n]{0,40}$"
)
_DENIED = re.compile(
    r"\b(?:den(?:y|ie[sd])|not true|untrue|false|falsely \w+|whether|if|unless|refute[sd]?|no evidence"
    r"|myth|hoax)(?: \w+){0,2} $"
)
_LEFT_OUT = re.compile(r"…|\.\s?\.\s?\.|\[[^\[\]]*\]|\([^()]*\)")
_SOURCES = r"(?:sources?|articles?|passages?|excerpts?|texts?|documents?|reports?|information|context)"
_TELLS = (
    "say|tell|mention|contain|provide|include|specify|state|give|answer|address|indicate|describe|discuss|report|cover"
    "|explain|offer|have|reveal|clarify|identify|name|list|confirm|detail|show"
)
_DISCLAIMER = re.compile(
    rf"\b(?:the|these|those|provided|given|available|cited|any|of)\s(?:\w+\s){{0,2}}{_SOURCES}\b(?:\s\w+){{0,3}}?\s"
    rf"(?:do|does|did)(?:\s+not|n['’]t)\s+(?:\w+ly\s+)?(?:{_TELLS})\b"
    rf"|\b(?:do|does|did)(?:\s+not|n['’]t)\s+(?:appear|seem)\b[^.;]*\b{_SOURCES}\b"
    rf"|\bno\s+(?:\w+\s)?(?:information|mention|details?|answer|evidence|indication)\b[^.;]*\b{_SOURCES}\b"
    r"|\bthere\s+(?:is|was|are)\s+(?:no|not\s+enough|insufficient)\s+(?:\w+\s)?(?:information|mention|details?)\b"
    rf"|\b(?:not|never|n['’]t)\s+(?:\w+ly\s)?(?:mentioned|stated|specified|given|provided|told|said|included|found"
    rf"|available|described|discussed|answered|addressed)\b[^.;]*\b(?:in|by|from)\s(?:\w+\s){{0,2}}{_SOURCES}\b"
    r"|^(?:[^\w]*(?:sorry|unfortunately|based on [^,]*)\W+)?I\s(?:do\s+not|don['’]t|cannot|can['’]t|can\s+not"
    r"|could\s+not|couldn['’]t|am\s+unable|am\s+not\s+able)\b[^.;]*\b(?:know|find|answer|determine|tell|provide|say|have)\b"
    rf"|\b(?:none|neither)\s+of\s+the\s+(?:\w+\s)?{_SOURCES}\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:;|,?\s(?:but|however|although|though|while|yet)\b)[\s,]*(?P<rest>[^.;]*)", re.IGNORECASE
)
_FRAME = word_set(
    """
    according to the a an sources source article articles passage passages text texts report reports following
    are is as follows here in summary based on given provided information answer yes no overall conclusion
    these this of and above below excerpts excerpt it they say says key points note
    """
)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text with white space and quotation marks evened out, lines kept; places are not."""
    text = unicodedata.normalize("NFKC", text[:20_000])
    text = "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    for pattern, put in _PARTED:
        text = pattern.sub(put, text)
    return text.replace("’", "'") if "“" not in text and "‘" not in text else text


def bare(claim: str) -> str:
    """The claim's words without markers, list signs and emphasis."""
    return plain(_EMPHASIS.sub("", _LIST.sub("", _MARKERS.sub("", claim))).strip())


def is_disclaimer(words: str) -> bool:
    """Whether a sentence only says that the sources do not tell; then it claims no fact."""
    words = bare(words)
    found = _DISCLAIMER.search(words)
    if not found:
        return False
    rests = [m["rest"] for m in _GOES_ON.finditer(words, found.end())]
    before = words[: found.start()]
    if re.search(r"(?:;|,)\s*(?:but|however|and|although)?\W*$", before) and len(before.split()) > 6:
        return False
    return all(len(rest.split()) < 4 or _DISCLAIMER.search(rest) for rest in rests)


def claims_nothing(claim: str) -> bool:
    """Whether the bare claim states no fact: a heading, "According to the sources:", a disclaimer."""
    words = [word.lower() for word in _WORD.findall(claim)]
    return all(word in _FRAME for word in words) or is_disclaimer(claim)


@lru_cache(maxsize=4096)
def word_run(text: str) -> str:
    """Words of a text in lower case between spaces, so that a run of words is a substring."""
    return raw_run(plain(text))


@lru_cache(maxsize=4096)
def raw_run(text: str) -> str:
    """The same of a text exactly as it is: whatever is a slice of a text, at ends of words, is one here."""
    return f" {' '.join(_WORD.findall(_folded(text)))} "


@lru_cache(maxsize=2048)
def sentence_texts(text: str) -> tuple[str, ...]:
    """The sentences of an evidence's plain words."""
    words = plain(text)
    return tuple(span.of(words) for span in sentences(words))


def stands_in(claim: str, text: str) -> bool:
    """Whether all words of the claim stand in a row in the text and are not taken back just before them."""
    if _stands_held(raw_run(claim), _folded(text)):
        return True
    return _stands_held(word_run(bare(claim)), _folded(plain(text))) or _begins(text, raw_run(claim))


def _stands_held(run: str, folded: str) -> bool:
    places = list(_WORD.finditer(folded))
    whole = f" {' '.join(m.group() for m in places)} "
    at = whole.find(run) if run.strip() else -1
    while at >= 0:
        start = places[whole.count(" ", 0, at)].start()
        if not _TAKEN_BACK.search(folded[max(0, start - 60) : start]):
            return True
        at = whole.find(run, at + 1)
    return False


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def denied_in(claim: str, text: str) -> str:
    """The words with which the text denies or doubts the very words of the claim; "" if it does not."""
    run, folded = word_run(bare(claim)), _folded(plain(text))
    places = list(_WORD.finditer(folded))
    at = f" {' '.join(m.group() for m in places)} ".find(run) if run.strip() else -1
    if at < 0:
        return ""
    start = places[raw_run(folded).count(" ", 0, at)].start()
    found = _DENIED.search(folded[max(0, start - 60) : start])
    return found.group().strip() if found else ""


def _begins(text: str, run: str) -> bool:
    """Whether a sentence of the text begins with these words."""
    return bool(run.strip()) and any(raw_run(part).startswith(run) for part in sentence_texts(text))


def quotes(claim: str) -> Iterator[str]:
    """What stands in quotation marks, single ones too."""
    for found in _QUOTED.finditer(claim):
        inner = next(part for part in found.groups() if part is not None)
        if found[4] is None or " " in inner.strip():
            yield inner


def missing_quote(claim: str, shown: Sequence[str], near: Sequence[str]) -> str:
    """The first quoted piece that does not stand in the evidence word for word; "" when all do.

    `shown` are the cited words, `near` the same with the words around them: a quotation may run on
    there, but not stand there alone.
    """
    for quote in quotes(claim):
        for piece in _LEFT_OUT.split(quote):
            run = word_run(piece)
            if run.strip() and not _stands(run, shown, near):
                return piece.strip(" ,.;:")
    return ""


def _stands(run: str, shown: Sequence[str], near: Sequence[str]) -> bool:
    if any(run in words for words in shown):
        return True
    parts = run.split()
    some = [f" {' '.join(parts[i : i + 3])} " for i in range(max(1, len(parts) - 2))]
    return any(run in wide for wide in near) and any(part in words for part in some for words in shown)
