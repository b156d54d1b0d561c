"""Who said what in an article: direct quotations with a reporting verb and a name beside them.

Pure. Finds no indirect speech, resolves no pronoun and dates nothing.
"""

from __future__ import annotations

import re

from index.types import Article, Attribution, Span
from index.words import word_set

ATTRIBUTING = "beside-v1"
"""What the attributions depend on; the name changes with the rules."""

_QUOTE = re.compile(r"[“\"]([^“”\"\n]{2,}?)[”\"]")
_VERB = r"said|says|told|added|stated|claimed|warned|wrote|announced|explained|continued|asked|insisted"
_NAME = r"(?:[a-z]+ )?[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*| of| the(?= [A-Z]))*"
_AFTER = re.compile(
    rf"[^.\n“\"]{{0,40}}?\b(?:(?P<cue>{_VERB}) (?P<name>{_NAME})|(?P<name2>{_NAME}) (?P<cue2>{_VERB})\b)"
)
_BEFORE = re.compile(rf"(?P<name>{_NAME})[^.\n“”\"]{{0,60}}? (?P<cue>{_VERB})\b[^.\n“”\"]{{0,40}}$")
_NO_NAME = word_set("He She They It We I The This But And In On")


def attribute(article: Article) -> list[Attribution]:
    """The attributions of a cleaned article, in order of their first content span."""
    found = []
    for match in _QUOTE.finditer(article.text):
        content = Span(*match.span(1))
        line = article.text.rfind("\n", 0, match.start()) + 1
        after = _AFTER.match(article.text, match.end())
        before = _BEFORE.search(article.text[line : match.start()])
        beside, shift = (after, 0) if after else (before, line)
        if not beside:
            found.append(Attribution(article.id, (content,), quoted=True))
            continue
        second = "2" if beside.groupdict().get("name2") else ""
        name = Span(*beside.span(f"name{second}")).shift(shift)
        cue = Span(*beside.span(f"cue{second}")).shift(shift)
        words = name.of(article.text)
        speaker = "" if words.split()[0] in _NO_NAME else words
        found.append(Attribution(article.id, (content,), (name,), (cue,), speaker, quoted=True))
    return found
