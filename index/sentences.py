"""Cuts text into sentences, exactly: spans of the text as it is, nothing changed or searched for.

nupunkt finds the ends; a thin layer mends what news has and legal text has not (questions in
quotes with their speaker after them, ranks, "5 p.m. The ..."). Line breaks end sentences except
where text is hard-wrapped. Knows nothing of articles, passages or tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.types import Span

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_BREAK_WITHIN = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ITEM = re.compile(r"\s*(?:[•▪‣◦·*–—-]\s|\(?\d{1,2}[.)]\s)")
_ENDED = re.compile(r"[.!?…:][\"'”’»)\]]*$")

_LONG_WORD = re.compile(r"\S{400,}")
_WIDE_STOP = re.compile(r"[。！？｡।؟۔]+[」』”’）]*")  # in scripts that nupunkt does not know
_CLOSERS = re.compile(r"\s?»|[”’)\]]+(?=\s|$)")
_LOWER = re.compile(r"[\"“‘'(\[]?[^\W\d_]")
_OWN_CASE = re.compile(r"[a-z][A-Z]")  # iPhone, eBay
_DASH_LOWER = re.compile(r"[—–-]+\s*(\w)")
_ASKED = re.compile(r"[?!…]['\"”’»]*$")
_ASKED_IN_QUOTES = re.compile(r"[?!]\s?['\"”’»]+$")
_SPEAKER = re.compile(
    r"(?:[^\W\d_][\w.'’-]*\s){1,4}"
    r"(?:said|says|asked|asks|added|wrote|writes|told|tweeted|replied|continued|shouted|cried|exclaimed|wondered)\b"
)
_NAME_FOLLOWS = re.compile(
    r"\b(?:Mrs?|Ms|Mx|Dr|Prof|Rev|Fr|Hon|Messrs|Gen|Maj|Col|Lt|Capt|Cmdr|Cdr|Adm|Brig|Sgt|Cpl|Pvt|Pfc|Spc|Supt|Insp"
    r"|Det|Gov|Sen|Sens|Rep|Reps|Amb|Atty|Asst|Dep|Dist|Pres|Sec|Ft|Mt|feat|вул|ул|просп|пл|обл|ім|им|акад|проф)\.$"
)
_NUMBER_FOLLOWS = re.compile(r"\b(?:[Nn]os?|№|pp?|vol|art|fig|Figs?|Vol|Art|approx|ca?)\.$")
_WORDS = re.compile(r"[a-z]+")
_SHORT_FORMS = frozenset(
    _WORDS.findall(
        """
        adj adm ala alta amb apr apt ariz ark assn asst atty aug ave avg bldg blvd brig bros calif capt cdr
        cmdr col colo comm conn corp cpl dak dec del dep dept det dir dist dra drs eng esq est ext feb fig
        figs fla fri gen gens gov govt hon hwy ill inc ind insp inst intl jan jul jun kan lbs lieut ltd maj
        mar mass messrs mgr mich minn miss mlle mme mon mont mrs nat natl neb nev nos nov oct okla ont ore
        penn pfc pkwy pop pres prof profs prop pts pvt que rep reps res ret rev rte sask sat sec secy sen
        sens sep sept sgt sgts spc sra srta ste sun supt tenn tex thu thur thurs trans treas tue tues univ
        vol wash wed wis
        """
    )
)
_SHORT_FORMS_LOWER = frozenset(("approx", "avg", "def", "est", "ext", "feat", "vs"))
_SHORT_WORDS = frozenset(
    _WORDS.findall("am an as at be by do go he if in is it me my no of on or so to up us we")
)
_CAPITAL = r"[\"”’)]*\s+(?=[\"“‘'(]?[$€£]?[^\W\d_a-z])"
_WORD_THEN_CAPITAL = re.compile(r"(?<![^\s\"“‘'(—–-])([^\W\d_]{2,})\." + _CAPITAL)
_STARTER = (
    r"(?=[\"“‘'(]?(?:He|She|It|They|We|You|The|This|That|These|Those|There|His|Her|Their|Its|Our|But|And|In|On|At|For"
    r"|If|When|While|After|Before|As|With|By|From|However|Another|Some|Many|Most|Both|What|Who|Why|How|Where|Then"
    r"|So|Yet|Now|Not|Nobody|No one)\b)"
)
_ABBREVIATION_THEN_STARTER = re.compile(
    r"(?:\b(?:[ap]\.m|[A-Z]\.[A-Z]|[A-Z]{2}|Ph\.D|M\.B\.A|Inc|Corp|Co|Ltd|Jr|Sr|St|Ave|Blvd|Rd"
    r"|Calif|Fla|Mass|Pa|Ill|Ky|Va|Md|Mich|Minn|Wis|Ore|Ariz|Conn|Tenn|Wash|etc)\.[\"”’)]*\s+"
    + _STARTER
    + r")|\s[A-Z]\.[\"”’)]*\s+(?=(?:He|She|It|They|We|This|But|The)\b)"
)


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of `text`: ascending, disjoint, without white space at either end.

    Together they hold every non-space character. A line break lies inside one only where text is
    hard-wrapped, a blank line never.
    """
    found: list[Span] = []
    for unit in _units(text):
        line = _BREAK_WITHIN.sub(" ", text[unit.start : unit.end])
        start = 0
        for end in [*_ends(line), len(line)]:
            part = line[start:end]
            first = start + len(part) - len(part.lstrip())
            last = start + len(part.rstrip())
            if first < last:
                found.append(Span(unit.start + first, unit.start + last))
            start = end
    return found


def paragraphs(text: str) -> list[Span]:
    """Spans of what line breaks set apart (hard-wrapped lines joined), without white space at either end."""
    return list(_units(text))


def _units(text: str) -> Iterator[Span]:
    lines = [line for match in _LINE.finditer(text) if (line := _trimmed(text, match.start(), match.end()))]
    width = _wrap_width(text, lines)
    if not lines:
        return
    start = lines[0].start
    for line, following in pairwise(lines):
        if not (width and _one_break(text, line, following) and _wraps(text, line, following, width)):
            yield Span(start, line.end)
            start = following.start
    yield Span(start, lines[-1].end)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    last = start + len(piece.rstrip())
    return Span(first, last) if first < last else None


def _one_break(text: str, line: Span, following: Span) -> bool:
    """Whether no blank line lies between two lines."""
    gap = text[line.end : following.start].replace("\r\n", "\n")
    return len(_BREAK_WITHIN.findall(gap)) == 1


def _wraps(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether a line of hard-wrapped text goes on in the next: it is full and no item of a list begins."""
    return len(line) >= 0.7 * width and not _ITEM.match(text[following.start : following.start + 8])


def _wrap_width(text: str, lines: list[Span]) -> int:
    """The width of a full line if the text is hard-wrapped, else 0."""
    pairs = [pair for pair in pairwise(lines) if _one_break(text, *pair)]
    if len(pairs) < 2:
        return 0
    lengths = sorted(len(line) for line, _following in pairs)
    width = lengths[len(lengths) * 3 // 4]
    full = [(line, after) for line, after in pairs if len(line) >= 0.7 * width]
    unended = sum(not _ENDED.search(text[max(line.start, line.end - 8) : line.end]) for line, _after in full)
    lower = sum(text[after.start].islower() for _line, after in full)
    wrapped = (
        40 <= width <= 100
        and lengths[-1] <= 1.3 * width
        and len(full) >= 0.7 * len(pairs)
        and unended >= 0.6 * len(full)
        and lower >= 0.3 * len(full)
    )
    return width if wrapped else 0


def _ends(line: str) -> list[int]:
    """Where sentences of one line end, ascending, its own end left out."""
    import nupunkt

    ends = {end for _start, end in nupunkt.sent_spans(_LONG_WORD.sub(_masked, line))}
    ends |= {match.end() for match in _WIDE_STOP.finditer(line)}
    ends = {_past_closers(line, end) for end in ends if not _goes_on(line, end)}
    ends |= {match.end() for match in _ABBREVIATION_THEN_STARTER.finditer(line)}
    ends |= {match.end() for match in _WORD_THEN_CAPITAL.finditer(line) if _is_plain_word(match.group(1))}
    return sorted(end for end in ends if 0 < end < len(line) and not _goes_on(line, end))


def _masked(word: re.Match[str]) -> str:
    """A stand-in of the same length: nupunkt takes quadratic time on long runs of "?!"."""
    return "x" * (len(word.group()) - 20) + word.group()[-20:]


def _is_plain_word(word: str) -> bool:
    """Whether `word` is no abbreviation; to nupunkt, trained on law, "reports." and "park." are."""
    if len(word) == 2 or not word.isascii():
        return word in _SHORT_WORDS
    return word not in _SHORT_FORMS_LOWER if word.islower() else word.lower() not in _SHORT_FORMS


def _past_closers(line: str, end: int) -> int:
    """`end` moved behind closing quotes and brackets that were cut off."""
    closers = _CLOSERS.match(line, end)
    return closers.end() if closers else end


def _goes_on(line: str, end: int) -> bool:
    """Whether the sentence that was cut at `end` goes on after it."""
    left, right = line[max(0, end - 40) : end].rstrip(), line[end : end + 80].lstrip()
    if not left or not right:
        return False
    if right[0] in ",;:":
        return True
    letter = _LOWER.match(right)
    if letter and letter.group()[-1].islower() and not _OWN_CASE.match(right):
        return True
    dash = _DASH_LOWER.match(right)
    if dash and dash.group(1).islower() and _ASKED.search(left):
        return True
    if _ASKED_IN_QUOTES.search(left) and _SPEAKER.match(right):
        return True
    if right[0].isdigit():
        return _NUMBER_FOLLOWS.search(left) is not None
    return _NAME_FOLLOWS.search(left) is not None
