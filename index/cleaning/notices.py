"""Known kinds of page furniture, told by a line's or a sentence's own words alone.

Knows English phrases of news pages, blogs and aggregators, and a few signs that need no language
(locale codes, arrows, breadcrumbs). It does not know where on the page a line stands:
`index.cleaning.furniture` does. All tests are linear in the length of the line.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.cleaning.labels import LABELS, RELATED, WEAK

LONGEST_LABEL = 200  # characters; buttons and labels are short, reporting often is not
CACHED = 4096  # lines; a page is looked at again after each round of cuts

_PROMO_LABEL = (
    r"just in|don'?t miss(?: it| out)?|read (?:more|also|next|this|now|on|related|all about it|the .{3,30})|"
    r"also read|see also|"
    r"see more|must[ -]?(?:read|watch|see)|watch (?:now|this|more|below|live|video|here|also|the .{2,30})|"
    r"listen (?:now|to|here|also)(?: .{0,30})?|related(?: (?:articles?|stor(?:y|ies)|posts?|news|content|"
    r"reading|coverage|videos?|links?))?|"
    r"recommended(?: .{3,20})?|editor'?s'? (?:picks?|choice)|trending(?: now)?|you (?:may|"
    r"might) (?:also )?(?:like|be interested in)|"
    r"further reading|now read|check (?:this )?out|learn more|go deeper|(?:for|find|get) more(?: .{2,30})?|"
    r"more (?:on|from|about|in|here|news|info|stories|reading|coverage)(?: .{2,40})?|in case you missed it|"
    r"icymi|"
    r"sign[ -]?up|subscribe|newsletter|what to read|catch up|join (?:us|our .{3,20})|click here|"
    r"follow (?:us|our .{3,20})"
)
# promise a headline after them only where one follows: "Watch: NBC, 8 p.m." is a listing
_LOOSE_LABEL = (
    r"watch|listen|more|read|live(?: updates?| blog)?|podcasts?|opinion|analysis|explainer|video|photos|"
    r"gallery|in pictures|interactive|graphic"
)
_TRIM = " \t\u00a0\u202f*•·●▪■►▶▸➤➡→←»«›‹>|_=~-–—+✓✔↓↑▼▲"
_LEAD = re.compile(r"(?:#+\s|[^\w\"“‘'(\[#@$€£©<])*")  # bullets, arrows, emoji, heading marks


def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_LABEL_TESTS = tuple((reason, _compiled(patterns)) for reason, patterns in LABELS.items())
_RELATED_TEST = _compiled(RELATED)
_WEAK_TEST = _compiled(WEAK)
_SECTIONS = re.compile(
    r"(?:(?:home|news|world|politics|business|europe|asia|uk|us|ukraine|russia|war|sports?|opinion|culture|"
    r"tech|science|health|"
    r"international|national|local|latest|videos?|breaking|economy|lifestyle|travel|weather|contact|about|"
    r"more|menu)\b[\s|/>»•·,&-]*){3,}",
    re.IGNORECASE,
)
_AFTER_LABEL = r"\s?(?::+|\||>+|»|→|–|—| - )\s*"
_PROMO_TEST = re.compile(rf"(?:{_PROMO_LABEL}){_AFTER_LABEL}\S.*", re.IGNORECASE)
_LOOSE_TEST = re.compile(rf"(?:{_LOOSE_LABEL})\s?[:|]\s*(\S+(?: \S+){{3,}})", re.IGNORECASE)
_ALSO = re.compile(
    r"(?i:also read|read also|see also|also see|read more|related)(?: {2,}|\u00a0+ *|"
    r" (?=[A-Z\"“‘']))\S.{15,}[^.:]"
)
_SHOUTED = re.compile(
    r"(?:JUST IN|DON'T MISS|READ (?:MORE|ALSO|NEXT|NOW)|ALSO READ|SEE ALSO|MUST READ)\b\W{0,3}[A-Z].*"
)
_RUNS_ON = re.compile(
    r"[a-z]{3}\. ?[A-Z]|caption \d|(?:hide|show) caption", re.IGNORECASE
)  # more than a headline
_GLUED = re.compile(r"[^:]{6,80}[^\W\d_][?!'\"]?:(?!//)['\"]?[A-Z]\S* [^:]{12,}")
_PIPED = re.compile(r"\S+(?: \S+){4,} \| [A-Z][\w .'&-]{2,40}")
_BRACKET_TEST = re.compile(r"[^\[\]]{15,180}[^.\s]\s*\[([A-Z][A-Z /&-]{2,24})\]")
_SPOKEN = re.compile(
    r"APPLAUSE|LAUGH|CROSS|INAUDIBLE|MUSIC|CHEER|BOO|SIC|PAUSE|SILENCE|UNINTELL|BLEEP|EXPLETIVE"
)
_LOCALE = re.compile(r"(?:[a-z]{2,3}[_-][A-Z]{2}[^\W\d_]{0,20}[\s|/,]*)+")
_LANGUAGES = re.compile(
    r"(?:(?:english|français|french|español|spanish|deutsch|german|русский|russian|українська|ukrainian|"
    r"italiano|italian|português|portuguese|polski|polish|türkçe|turkish|العربية|arabic|中文|chinese|日本語|"
    r"japanese|한국어|korean|हिन्दी|hindi|беларуская|belarusian|nederlands|dutch|svenska|română|čeština|"
    r"en|fr|es|de|ru|ua|uk|pl|it|pt|tr|ar|zh|eng|rus|ukr)\b[\s|/,•·()]*)+",
    re.IGNORECASE,
)


def core(line: str) -> str:
    """The line without bullets, arrows and end marks, curly apostrophes made straight."""
    return _bare(line).rstrip(_TRIM + ".:;…!").lstrip("([").rstrip(")]").strip()


def _bare(line: str) -> str:
    bare = line.replace("’", "'").strip(_TRIM)
    lead = _LEAD.match(bare)
    return bare[lead.end() :] if lead else bare


@lru_cache(maxsize=CACHED)
def label(line: str) -> str | None:
    """The reason why the whole line is furniture wherever it stands, or None."""
    if len(line) > LONGEST_LABEL:
        return None
    if _LOCALE.fullmatch(line.strip(_TRIM)):
        return "language switcher"
    bare = core(line)
    if not bare:
        return None
    return next((reason for reason, test in _LABEL_TESTS if test.fullmatch(bare)), None)


@lru_cache(maxsize=CACHED)
def weak_label(line: str) -> bool:
    """Whether the line is a button or section name, if it stands at an edge or beside furniture."""
    bare = core(line)
    return len(line) <= 60 and bool(_WEAK_TEST.fullmatch(bare) or _SECTIONS.fullmatch(bare))


def languages(line: str) -> bool:
    """Whether the line holds nothing but names or codes of languages."""
    return len(line) <= LONGEST_LABEL and _LANGUAGES.fullmatch(line.strip(_TRIM)) is not None


@lru_cache(maxsize=CACHED)
def related(line: str) -> bool:
    """Whether the line is the label of a list of other articles."""
    return len(line) <= 90 and line[-1] != "." and _RELATED_TEST.fullmatch(core(line)) is not None


@lru_cache(maxsize=CACHED)
def promo(line: str) -> bool:
    """Whether the line points at another article: a promoting label and a headline."""
    if len(line) > LONGEST_LABEL:
        return False
    bare = _bare(line)
    if _PROMO_TEST.fullmatch(bare) or _SHOUTED.fullmatch(bare) or _ALSO.fullmatch(bare):
        return True
    return _LOOSE_TEST.fullmatch(bare) is not None and _RUNS_ON.search(bare) is None


@lru_cache(maxsize=CACHED)
def linked(line: str) -> bool:
    """Whether the line looks like the words of a link: "Topic:Headline" in one, or "Headline | Section"."""
    if len(line) > LONGEST_LABEL or line[-1] in ".,;:":
        return False
    bare = _bare(line)
    return _GLUED.fullmatch(bare) is not None or _PIPED.fullmatch(bare) is not None


def bracketed(line: str) -> bool:
    """Whether the line is a headline ending in a kind in brackets, as in "[ANALYSIS]"."""
    found = _BRACKET_TEST.fullmatch(line.strip())
    return found is not None and _SPOKEN.search(found.group(1)) is None
