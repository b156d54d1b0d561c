"""A chat model's text, as it comes, to sentences with the numbers of the sources they name.

Takes the markers that models write ("[1]", "[1, 2]", "[1][3]", "【2】", "(Source 1)"). Knows nothing of what
the numbers stand for. A sentence once given is never taken back or changed by what comes after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.sentences import sentences

_NUMBER = r"\^?(?:[Ss]ources? ?)?(\d{1,3})(?:\.\d{1,3})?"
_LIST = rf"{_NUMBER}(?:(?:, ?| ?; ?| and | ?[–-] ?){_NUMBER}){{0,7}}"
_MARKER = re.compile(rf"[ \t]*(?:\[{_LIST}\]|【{_LIST}】|\((?:[Ss]ources? ){_LIST}\))")
_MARKER_NEXT = re.compile(rf"\s*(?:{_MARKER.pattern})")
_HELD = re.compile(r"[ \t]*[\[【(][^\]】)]{0,60}$|[*_]+$|(?:^|\n)[ \t]*(?:#{1,6}|[-*•])?[ \t]*$|\s+$")
"""The end of a growing text that may turn into a marker or a mark of a list, or be followed by a marker."""
_NUMBERS = re.compile(r"(\d{1,3})(?:\.\d{1,3})?( ?[–-] ?)?")
_MARKUP = re.compile(r"\*\*|__|(?:^|(?<=\n))[ \t]*(?:#{1,6} |[-*•] )")
_MAY_END = re.compile(r"[.!?…:;][\"'”’»)\]*_]*(?=\s|$)|\n")
_CLOSERS = re.compile(r"[.!?…\"”’»)*_]*")
_LETTER = re.compile(r"[^\W\d_]")
_MOST_IN_RANGE = 9


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as the model wrote it, without markers; `numbers` in their order, once each.

    `gap` parts it from the sentence before: " ", or two newlines for a new paragraph.
    """

    words: str
    numbers: tuple[int, ...] = ()
    gap: str = " "


class Transcript:
    """Collects what a model writes. `raw` is all of it, untouched; `sentences` those that are whole.

    `tail` are the words of the sentence that is being written, as far as what follows cannot change them, and
    `tail_gap` what parts them from the last whole sentence.
    """

    def __init__(self) -> None:
        self.raw = ""
        self.sentences: list[Written] = []
        self.tail = ""
        self._at = 0  # of the raw text, all before is in `sentences`
        self._shown = 0  # ... and all before has been in `tail`

    @property
    def tail_gap(self) -> str:
        """ " ", or two newlines when the tail begins a paragraph."""
        return _gap(self.raw, self._at)

    def feed(self, piece: str) -> None:
        """More text of the model."""
        self.raw += piece
        self._take(last=False)
        stop = self._at + _settled(self.raw[self._at :])
        self._shown = max(self._shown, stop)
        self.tail = _words(self.raw[self._at : self._shown])

    def finish(self) -> None:
        """Nothing more comes: what is left is a sentence too."""
        self._take(last=True)
        self.tail = ""

    def _take(self, *, last: bool) -> None:
        """Move whole sentences from the rest of the raw text to `sentences`."""
        for start, end in self._whole(last=last):
            words = _words(self.raw[start:end])
            if words:
                self.sentences.append(Written(words, _numbers(self.raw[start:end]), _gap(self.raw, start)))
            self._at = end

    def _whole(self, *, last: bool) -> list[tuple[int, int]]:
        """Places of the sentences in the raw text that nothing can change any more.

        A sentence is whole when the word after it has ended, too: before that it may go on ("5 p.m."), or its
        marker may still come. What was shown as one sentence stays one.
        """
        rest = self.raw[self._at :]
        leading = _MARKER.match(self.raw.lstrip()) is not None
        found: list[tuple[int, int]] = []
        start = 0
        for end in _ends(rest):
            closed = end if leading else _past_markers(rest, end)
            if self._at + end < self._shown or not (last or _goes_on(rest[closed:])):
                continue
            found.append((self._at + start, self._at + closed))
            start = closed
        if last and _words(rest[start:]):
            found.append((self._at + start, len(self.raw)))
        return found


def _ends(text: str) -> list[int]:
    """Where the sentences of the text end, markers overlooked."""
    bare, places = _without_markers(text)
    told = [span for span in sentences(bare) if _LETTER.search(span.of(bare))]  # not the number of a list
    return [places[span.end - 1] + 1 for span in told]


def _goes_on(text: str) -> bool:
    """Whether a whole word follows."""
    bare = _MARKER.sub("", text)
    words = bare.split()
    return len(words) > 1 or (len(words) == 1 and bare[-1:].isspace())


def _settled(rest: str) -> int:
    """How much of a growing text can be shown: not what may turn out to begin another sentence."""
    stop = len(rest)
    while held := _HELD.search(rest[:stop]):
        stop = held.start()
        if not held.group():
            break
    for end in _MAY_END.finditer(rest, 0, stop):
        if not _goes_on(rest[end.end() :]):
            return end.end()
    ends = [end for end in _ends(rest[:stop]) if end < stop]
    return ends[0] if ends else stop


def _without_markers(text: str) -> tuple[str, list[int]]:
    """The text without its markers, and for each character left its place in the text."""
    places: list[int] = []
    at = 0
    for match in _MARKER.finditer(text):
        places += range(at, match.start())
        at = match.end()
    places += range(at, len(text))
    return "".join(text[i] for i in places), places


def _past_markers(text: str, end: int) -> int:
    """The end of the markers that follow a sentence, on its line or the next."""
    while match := _MARKER_NEXT.match(text, end):
        end = match.end()
    punctuation = _CLOSERS.match(text, end)
    return punctuation.end() if punctuation else end


def _numbers(text: str) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for marker in _MARKER.finditer(text):
        before = None
        for number, dash in _NUMBERS.findall(marker.group()):
            value = int(number)
            first = before + 1 if before is not None and value - before <= _MOST_IN_RANGE else value
            found.update(dict.fromkeys(range(min(first, value), value + 1)))
            before = value if dash else None
    return tuple(found)


def _words(text: str) -> str:
    """The words on one line, without markers and the marks of lists, headings and bold type."""
    return " ".join(_MARKER.sub("", _MARKUP.sub("", text)).split())


def _gap(raw: str, at: int) -> str:
    """What parts the words from `at` on from those before."""
    before, after = raw[:at], raw[at:]
    blank = before[len(before.rstrip()) :] + after[: len(after) - len(after.lstrip())]
    return "\n\n" if "\n" in blank else " "
