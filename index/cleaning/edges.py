"""What a line looks like: prose, headline, page date, outlet, address, caption, note to keep.

Each test looks at one line alone. They say "could be": most of them count only at the head or tail
of a page, which `index.cleaning.furniture` knows.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PROSE_END = re.compile(r"[.!?…。؟।:;,][\"”’'»)\]]*$")
_SENTENCE_END = re.compile(r"[.!?…。؟।][\"”’'»)\]]*$")
_LISTED = re.compile(r"(?:[-–—•*·●▪►>]|\(?\d{1,3}[.):]|\(?[a-zA-Z][.)]) ?\S")
_CREDIT = re.compile(
    r"\b(?:getty|reuters|ap photo|afp|epa|tass|sputnik|shutterstock|alamy|anadolu|ukrinform|unsplash|zuma|"
    r"xinhua|"
    r"photo(?:graph)?s?(?: by| courtesy)?|image|picture|courtesy|handout|file|via|illustration|pool|"
    r"screenshot|credit)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"correct(?:ion|ed)|clarification|editor'?s'? note|this (?:article|story|piece|report|post) (?:was|"
    r"has been)|"
    r"update[d:]|contribut|with (?:reporting|contributions|files|additional)|(?:additional |reporting |"
    r"writing |editing )+by|"
    r"note:|additional reporting|amended",
    re.IGNORECASE,
)
_MENDED = re.compile(
    r"\b(?:(?:previous|earlier) version|misstated|misquoted|misspelled|incorrectly|amended)\b", re.IGNORECASE
)
_STREET = (
    r"st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|way|ct|court|pl|place|square|sq|hwy|"
    r"highway|"
    r"parkway|pkwy|terrace|circle|suite"
)
_ADDRESS = re.compile(
    r"(?:(?:our |physical |mailing |postal |street |office |e-?mail )?address(?: \d)?|"
    r"contact info(?:rmation)?)\W?"
    rf"|\d{{1,6}}[a-z]? (?:[\w.'-]+ ){{1,5}}(?:{_STREET})\b\.?(?:[ ,#].{{0,60}})?"
    r"|p\.? ?o\.? ?box \d+.{0,80}|[\w .'-]{2,40},? [A-Z]{2},? \d{5}(?:-\d{4})?(?:,? (?:usa?|"
    r"united states).{0,12})?"
    r"|(?:tel(?:ephone)?|phone|call(?: us)?|fax|mobile|whatsapp)\W{0,3}(?:us\W+)?\+?[\d() .-]{7,25}"
    r"|\+?\(?\d{1,4}\)?[\d() .-]{7,18}|(?:e-?mail\W{0,3})?[\w.+-]+@[\w-]+\.[\w.]{2,20}"
    r"|[\w .'-]{2,40},? [A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_COUNT = re.compile(
    r"\W{0,9}(?!(?:19|20)\d\d\b)\d[\d,.]{0,12}\s?(?:[km]|mins?|minutes?)?\W{0,9}|\W+", re.IGNORECASE
)
_BYLINE = re.compile(
    r"(?:[Bb]y|BY|[Ww]ritten by|Author:)\s+((?!The\b)(?:[A-Z][\w.'’-]*\s?){2,4})(?:[,|].{0,60})?|By admin"
)
_AGO = re.compile(
    r"(?:(?:last )?(?:updated|published|posted|modified)\W{0,3})?(?:about )?(?:\d+|an?|one|few) "
    r"(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month|year)s? ago(?:\W.{0,40})?",
    re.IGNORECASE,
)
_CREDITED = re.compile(r"source ?[:–-] ?[\w .,&'/-]{2,60}|\(?via [\w .]{2,40}\)?", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:tags?|tagged(?: with| as| in)?|posted in|filed under|categor(?:y|ies)|topics?)\b[^.!?]{1,150}",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:published|posted|story|written|uploaded|edited) by [\w .'-]{2,40}|(?:author|editor|posted by|"
    r"published by)s? ?: ?[\w .'-]{2,40}",
    re.IGNORECASE,
)
_TICKER = re.compile(
    r"[^.!?]{0,30}[-+−]?\d{1,3} ?°[^.!?]{0,30}|"
    r"[A-Z0-9/ .&]{2,20} [$€£]?\d[\d.,]* ?\(?[-+−▲▼]? ?\d[\d.,]*%?\)?.{0,10}"
)
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*", re.IGNORECASE)
_STAMP_WORD = re.compile(
    rf"{_MONTH.pattern}|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"\d{1,4}(?:st|nd|rd|th)?|\d{1,2}:\d\d(?::\d\d)?(?:am|pm|z)?|\d+[-/.]\d+[-/.]\d+(?:t\d.*)?|a\.?m|p\.?m|"
    r"gmt|utc|"
    r"[ecmp][sd]?t|bst|ist|cet|cest|msk|eet|published|updated|posted|last|modified|created|date|on|at|first|"
    r"of|"
    r"the|by|hrs?|h|local|today|yesterday",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_YEAR = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d\d[-/.]\d\d[-/.]\d\d\b|published|updated|posted|modified", re.IGNORECASE
)
_UPDATED = re.compile(r"\W*(?:last )?(?:updated|published|posted|modified)\b", re.IGNORECASE)
_OUTLET = re.compile(
    r"(?:.* )?(?:news|network|times|post|herald|tribune|gazette|journal|press|agency|wire|daily|weekly|"
    r"observer|"
    r"chronicle|guardian|telegraph|independent|express|mirror|standard|bulletin|courier|dispatch|examiner|"
    r"record|"
    r"register|sentinel|globe|review|magazine|media|radio|tv|television|broadcasting|monitor|insider|online|"
    r"mail|"
    r"republic|inquirer|advocate|mercury|argus|echo|pravda|today)(?: (?:network|agency|online|staff|service|"
    r"service|uk|"
    r"us|usa|24|international|live|now|today|group))?(?: [—–-])?|cnn —|(?:.* )?\w+\.(?:com|org|net|co\.\w\w|"
    r"info|tv|news)",
    re.IGNORECASE,
)
_SMALL = frozenset({"of", "the", "and", "&", "for", "on", "in"})


def is_dateline(line: str) -> bool:
    """Whether the line holds only where a report comes from: it tells a place, hence is kept."""
    return line[-1] in "—–" and len(line) < 60


@lru_cache(maxsize=4096)
def is_prose(line: str) -> bool:
    """Whether the line reads as running text."""
    words = line.count(" ") + 1
    if len(line) >= 140:
        return True
    return (words >= 6 and _SENTENCE_END.search(line) is not None) or (
        words >= 12 and _PROSE_END.search(line) is not None
    )


def is_sentence(line: str) -> bool:
    """Whether the line ends as a sentence does, and has at least three words."""
    return line.count(" ") >= 2 and _SENTENCE_END.search(line) is not None


def is_note(line: str) -> bool:
    """Whether the line is a correction or a note of the editors."""
    return bool(_NOTE.match(line.replace("’", "'")) or _MENDED.search(line))


def is_kept(line: str) -> bool:
    """Whether the line is a correction, a note of the editors, or a caption's credit."""
    return is_note(line) or _CREDIT.search(line) is not None


def is_headline(line: str) -> bool:
    """Whether the line could be a headline: 4 to 25 words, no end mark, no list mark, no credit."""
    return (
        3 <= line.count(" ") <= 24
        and len(line) <= 180
        and not line[0].islower()
        and _PROSE_END.search(line) is None
        and _LISTED.match(line) is None
        and not is_kept(line)
    )


def is_stamp(line: str) -> bool:
    """Whether the line is a day with its year or words such as "Updated", with or without time."""
    if len(line) > 90 or not any(map(str.isdigit, line)) or not _YEAR.search(line):
        return False
    words = [word.rstrip(".") for word in re.split(r"[\s,|•·()–—]+|:(?=\s|$)", line) if word.strip("-.")]
    words = [word for word in words if word[0] != "#"]
    if len(words) > 18 or not all(_STAMP_WORD.fullmatch(word) for word in words):
        return False
    return any(_MONTH.fullmatch(word) or _NUMBERS.match(word) for word in words)


def is_updated(line: str) -> bool:
    """Whether a page date says what it is, as in "Last updated: March 3, 2023"."""
    return _UPDATED.match(line) is not None


def is_byline(line: str) -> bool:
    """Whether the line is "By" and a name, perhaps with what the author is."""
    return len(line) <= 110 and _BYLINE.fullmatch(line) is not None


def author_in(line: str) -> str | None:
    """The name in a byline that stands alone on its line, or None."""
    found = _BYLINE.fullmatch(line) if len(line) <= 110 else None
    return found.group(1).strip() if found and found.group(1) else None


def is_outlet(line: str, source: str | None) -> bool:
    """Whether the line is the name of an outlet: `source`, or a short name with an outlet's words."""
    if source and same_name(line, source):
        return True
    words = line.split()
    return (
        1 < len(words) <= 6
        and _OUTLET.fullmatch(line) is not None
        and _PROSE_END.search(line) is None
        and all(not word[0].isalpha() or word[0].isupper() or word in _SMALL for word in words)
    )


@lru_cache(maxsize=4096)
def edge_kind(line: str) -> str | None:
    """The reason why a line is furniture if it stands at the head or tail of a page, or None."""
    if len(line) > 200:
        return None
    if _ADDRESS.fullmatch(line):
        return "address"
    if _COUNT.fullmatch(line):
        return "lone number or mark"
    if _LINK.fullmatch(line) or _AGO.fullmatch(line):
        return "navigation"
    if _LABELLED.fullmatch(line):
        return "tags"
    if _BY.fullmatch(line):
        return "byline"
    if len(line) <= 60 and _TICKER.fullmatch(line):
        return "weather or prices"
    return "link to the source" if _CREDITED.fullmatch(line) else None


def same_name(line: str, name: str) -> bool:
    """Whether a line is a name (or "By" and the name), or the name is the line's web host."""
    plain, known = _letters(line), _letters(name)
    host = re.sub(r"^www|(?:com|org|net|couk|info)$", "", known)
    return bool(plain) and plain in {known, host, "the" + host, "by" + known}


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
