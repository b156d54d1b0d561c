"""When something was said: the day that the reporting clause of an attribution names.

Reads the sentence of the cue without what was said and without relative clauses. A time counts when
it goes with the cue ("said on Friday", "On Friday, he said") or with the occasion of saying ("in an
interview on Friday", "in a Friday statement"); one that goes with something else ("the attack on
Friday") does not. Knows English; where it is not sure the day stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from index.dates.periods import named_times
from index.dates.relative import Named, times_after
from index.sentences import sentences
from index.types import Article, SaidPrecision, Span

Said = tuple[date | None, SaidPrecision]

_UNKNOWN: Said = (None, "unknown")
_QUOTED, _TOLD, _SOURCE, _ASIDE = "”", "¤", "§", "~"
_NEAR = 25  # characters after the words for who said it: a report [published by it] on Friday
_REACH = 1000  # characters of a sentence on both sides of its cue
_READ_BACK = 3000  # characters before a time that counts from a day named earlier

_OCCASION = (
    r"(?:statement|interview|briefing|conference|speech|address|remarks|comments?|testimony|hearing|letter|e-?mail"
    r"|message|post|tweet|video|broadcast|report|article|column|essay|memo|filing|ruling|announcement|call|rally"
    r"|meeting|session|forum|summit|podcast|appearance|visit|release)\b"
)
_HIS = r"(?:(?:an?|the|his|her|its|their|another|one)\s+)?"
_OPENING = re.compile(
    rf"\b(?:in|at|during|via)\s+{_HIS}(?:[\w’'&.-]+\s+){{0,4}}?{_OCCASION}"
    r"|(?:^|[,;§]\s*)(?:speaking|writing|posting|addressing|testifying|appearing|asked|talking)\b"
    r"|\bon\s+(?:(?:state|national|public|social|his|her|its|their|the)\s+)*"
    r"(?:television|TV|radio|Twitter|Facebook|Telegram|X|Instagram|YouTube|media)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(_OCCASION, re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rf"\b(?:[Ii]n|[Aa]t|[Dd]uring|via|with|told|[Aa]fter)\s+{_HIS}"
    r"(?P<when>[A-Z0-9][\w., ]{2,24}?|yesterday|last\s+\w+|this\s+\w+)"
    rf"(?:['’]s)?\s+(?:[A-Za-z-]+\s+){{0,2}}?{_OCCASION}"
)
_RELATIVE = re.compile(r"(?:,\s*|\s)(?:who|whom|whose|which|where)\b[^,;:”¤.—–]*(?:,|(?=[;:”¤.—–])|$)")
_MEANS = re.compile(r"\b(?:by\s+(?:tele)?phone|by\s+e-?mail|over\s+the\s+phone|by\s+video|from\s+(?=[A-Z]))")
_JOIN = (
    r"[¤;]|\b(?:that|who|whom|whose|which|where|when|while|as|because|if|whether)\b"
    r"|\b(?:and|but|or)\s+(?=[a-z¤”])"
)
_BREAK = re.compile(
    rf"{_JOIN}|:|\b(?:before|ahead|until|since|by|about|over|regarding|concerning|against|from|planned|scheduled|due"
    r"|upcoming|expected|asked|he|she|it|they|we|I|was|were|is|are|has|had|have|would|will|could|should|may|might"
    r"|did|does|do|be)\b|\bcomment\w*\s+on\b|\b(?:respon\w+|react\w+|refer\w+)\s+to\b"
)
_BREAK_AFTER_LEAD = re.compile(rf"{_JOIN}|\b(?:before|after|since|until|was|were|is|are)\b")
_SET_IN = re.compile(
    r"^(?:\s+(?:morning|afternoon|evening|night))?,\s*(?:after|before|during|following|ahead|when|while|as|in|at)\b[^,]*,"
)
_PLACES = re.compile(
    r",(?:\s*(?:(?:[A-Z§~][\w.’§~-]*|of|in|at)[\s,]+)*|[^,]*,\s*)"
    r"(?:(?:late|early|earlier|later)\s+)?(?:on|in)?\s*$"
)
_NOT_ON = re.compile(
    r"\b(?:since|until|till|by|before|after|from|for|between|to|of|every|each|following)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_OF_ELSE = re.compile(r"[’']s\b|\s*\([^()]{2,30}\)\s*[—–-]")  # Friday’s attack, a dateline
_OWNED = re.compile(r"\b(?:an?|the|this|that|his|her|its|their|our|my)\s+$", re.IGNORECASE)
_LEAD = re.compile(
    r"\s*(?:(?:and|but|then|also|earlier|later|late|early|only|just|meanwhile|separately|however|back|so|already"
    r"|again)[\s,]+)*(?:(?:in|at|from)\s+(?:[A-Z][\w.’-]*[\s,]+){1,4})?"
    r"(?:(?:late|early|later|earlier|back)\s+)?(?:(?:on|in|over|during|at)\s+)?"
    r"(?:the\s+(?:morning|afternoon|evening|night)\s+of\s+)?",
    re.IGNORECASE,
)
_EDGE = re.compile(r"[,;:—–”¤§~(]")
_AHEAD = re.compile(
    r"(?:\b(?:will|would|shall|may|might|could|should)|['’]ll|\b(?:due|expect\w*|plan\w*|going|set|scheduled|is|are"
    r"|was|were|hopes?|wants?|likely|supposed|about|intends?)\s+to)\b(?:\s+(?:on|in|next|this|[A-Z]\w+|\w+ly|also|\w*day"
    r"|later|then|again|week|month|\d+))*\s*$"
)
_REFUSED = re.compile(r"\b(?:would|could)(?:\s+not|n['’]t|\s+only)\s*$")


@dataclass(frozen=True, slots=True)
class _Clause:
    """The sentence of a cue at `start` of the article. What was said and asides are masked in `text`, in
    `bare` also who said it; `cues` and `sources` are places in it."""

    start: int
    text: str
    bare: str
    cues: tuple[Span, ...]
    sources: tuple[Span, ...]


def said_on(article: Article, content: Sequence[Span], source: Sequence[Span], cue: Sequence[Span]) -> Said:
    """The day on which `content` was said, the first of the month when only that is known.

    Spans are of the article's text, ascending. Relative times and those without a year count from the day
    of publication and never lead past it; without that day only what is written with its year counts. "Two
    days later" counts from the day last named before it. A time written in full may be later than the day
    of publication (an article that was updated). What is still to be said has no day.
    """
    clause = _clause(article.text, content, source, cue)
    if clause is None:
        return _UNKNOWN
    found = [one for one in _times(article, clause) if one.sure or _goes_with(clause, one.named)]
    best = min(found, key=lambda one: (not one.written, _distance(clause, one.named)), default=None)
    if best is None:
        return _UNKNOWN
    if best.written and not (_is_ahead(clause) and _is_later(best.named, article.published)):
        return _precise(best.named.first, best.named.last)
    if _is_ahead(clause) or article.published is None or best.named.first > article.published:
        return _UNKNOWN
    return _precise(best.named.first, min(best.named.last, article.published))


def _is_later(named: Named, published: date | None) -> bool:
    return published is None or named.last > published


def _precise(first: date, last: date) -> Said:
    if first == last:
        return first, "day"
    if (first.year, first.month) == (last.year, last.month):
        return first.replace(day=1), "month"
    return _UNKNOWN


# --- the clause --------------------------------------------------------------------------------


def _clause(
    text: str, content: Sequence[Span], source: Sequence[Span], cue: Sequence[Span]
) -> _Clause | None:
    marks = tuple(cue or source)
    sentence = next((s for s in _sentences(text) if marks and s.end > marks[0].start), None)
    if sentence is None:
        return None
    first, last = marks[0].start, max(s.end for s in marks if s.start < sentence.end)
    sentence = Span(max(sentence.start, first - _REACH), min(sentence.end, last + _REACH))
    masked = list(text[sentence.start : sentence.end])
    for span in content:
        _mask(masked, _inside(span, sentence), _QUOTED if _is_quoted(text, span) else _TOLD)
    words = "".join(masked)
    cues = tuple(place for span in marks if (place := _inside(span, sentence)))
    for found in _RELATIVE.finditer(words):
        if not any(place.overlaps(Span(*found.span())) for place in cues):
            _mask(masked, Span(*found.span()), _ASIDE)
    words = "".join(masked)
    sources = tuple(place for span in source if (place := _inside(span, sentence)))
    for place in sources:
        _mask(masked, place, _SOURCE)
    return _Clause(sentence.start, words, "".join(masked), cues, sources)


@lru_cache(maxsize=4)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(sentences(text))


def _inside(span: Span, sentence: Span) -> Span | None:
    """The part of `span` in the sentence, counted from its start."""
    start, end = max(span.start, sentence.start), min(span.end, sentence.end)
    return Span(start - sentence.start, end - sentence.start) if start < end else None


def _mask(characters: list[str], span: Span | None, sign: str) -> None:
    if span:
        characters[span.start : span.end] = sign * len(span)


def _is_quoted(text: str, span: Span) -> bool:
    opens = text[max(0, span.start - 1) : span.start + 1]
    closes = text[span.end - 1 : span.end + 2]
    return any(sign in opens for sign in '“"„«') and any(sign in closes for sign in '”"“»')


def _is_ahead(clause: _Clause) -> bool:
    """Whether the cue tells of what is still to be said."""
    place = clause.cues[0]
    before = clause.text[: place.start]
    verb = place.of(clause.text)
    ahead = _AHEAD.search(before) or re.match(r"(?:will|would|shall|may|might|['’]ll|is to|due to)\b", verb)
    return bool(ahead) and not _REFUSED.search(before)


# --- the times in it ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """A time at its place in the clause; `written` with its year, `sure` to tell when it was said."""

    named: Named
    written: bool
    sure: bool = False


def _times(article: Article, clause: _Clause) -> Iterator[_Found]:
    yield from _attributes(article, clause)
    counted = list(times_after(clause.text, None))
    for one in counted:
        day = _day_before(article, clause.start + one.start)
        for named in times_after(clause.text[one.start : one.end], day):
            yield _Found(_at(named, one.start), written=article.published is None)
    for found in _plain(clause.text, article.published):
        if not any(one.start < found.named.end and found.named.start < one.end for one in counted):
            yield found


def _plain(text: str, published: date | None) -> Iterator[_Found]:
    full = {(named.start, named.end) for named in named_times(text, None)}
    for named in named_times(text, published):
        yield _Found(named, (named.start, named.end) in full)


def _attributes(article: Article, clause: _Clause) -> Iterator[_Found]:
    """Times that tell which occasion it was: in a Friday statement, at Friday's briefing."""
    for match in _ATTRIBUTE.finditer(clause.text):
        for found in _plain(f"in {match['when']}", article.published):
            if found.named.start == 3 and found.named.end == 3 + len(match["when"]):
                yield _Found(_at(found.named, match.start("when") - 3), found.written, sure=True)


def _at(named: Named, start: int) -> Named:
    return Named(
        named.start + start, named.end + start, named.first, named.last, named.closed, named.relative
    )


def _day_before(article: Article, end: int) -> date | None:
    """The day last named in the text before `end`; None when it is none or not a single day."""
    text = article.text[max(0, end - _READ_BACK) : end]
    day: date | None = None
    counted = list(times_after(text, None))
    plain = [one for one in named_times(text, article.published) if not any(_cross(one, c) for c in counted)]
    for named in sorted((*plain, *counted), key=lambda one: one.start):
        if named in counted:
            named = next(times_after(text[named.start : named.end], day), named)
        day = named.first if named.first == named.last else None
    return day


def _cross(one: Named, other: Named) -> bool:
    return one.start < other.end and other.start < one.end


# --- which of them goes with the cue -----------------------------------------------------------


def _distance(clause: _Clause, named: Named) -> int:
    return min(max(named.start - place.end, place.start - named.end, 0) for place in clause.cues)


def _goes_with(clause: _Clause, named: Named) -> bool:
    before, after = clause.text[: named.start], clause.text[named.end :]
    if _OF_ELSE.match(after) or _NOT_ON.search(before):
        return False
    if _OWNED.search(before) and re.match(r"\s+\w", after):
        return False
    if any(place.start <= named.start and named.end <= place.end for place in clause.cues):
        return True
    return _follows(clause, named) or _leads(clause, named)


def _follows(clause: _Clause, named: Named) -> bool:
    """Whether the time comes after the cue or the words for an occasion, nothing between parting them."""
    ends = [place.end for place in clause.cues] + [m.end() for m in _OPENING.finditer(clause.text)]
    if any(end <= named.start and _is_clean(clause.bare[end : named.start]) for end in ends):
        return True
    owners = [place for place in clause.sources if place.start <= named.start <= place.end + _NEAR]
    nouns = [m.end() + place.start for place in owners for m in _NOUN.finditer(place.of(clause.text))]
    return any(end <= named.start and _is_clean(clause.text[end : named.start]) for end in nouns)


def _is_clean(gap: str) -> bool:
    gap = _MEANS.sub(_ASIDE, gap)
    comma = gap.find(",")
    return not _BREAK.search(gap) and (comma < 0 or bool(_PLACES.match(gap, comma)))


def _leads(clause: _Clause, named: Named) -> bool:
    """Whether the time opens the clause or stands between who said it and the cue: On Friday, he said."""
    if any(place.start <= named.start < place.end for place in clause.sources):
        return False
    edges = [m.end() for m in _EDGE.finditer(clause.bare, 0, named.start)]
    if not _LEAD.fullmatch(clause.bare, max(edges, default=0), named.start):
        return False
    for place in clause.cues:
        gap = _SET_IN.sub("", clause.bare[named.end : place.start])
        if named.end <= place.start and not _BREAK_AFTER_LEAD.search(gap):
            return True
    return False
