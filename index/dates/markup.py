"""The day of publication as the markup of a web page tells it.

htmldate finds it; what tells of other days (changed, built, copied, related articles) is taken
out before, and a day counts only if the page writes it in a form that can be read in one way.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from index.dates.days import days_in, parse_day

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_OTHER_DAYS = re.compile(
    r"modif|updat|revis|copyright|retriev|archiv|crawl|scrap|expir|render|built|accessed|utime|event|start|end_",
    re.IGNORECASE,
)
_OTHER_FIELDS = re.compile(
    r'"(?:dateModified|dateCreated|copyrightYear|uploadDate|startDate|endDate|validThrough|expires|birthDate)"'
    r'\s*:\s*(?:"[^"]*"|\d+)\s*,?'
)
_NAMES = ("name", "property", "itemprop", "class", "id", "http-equiv")
_TELLING = ("meta", "time", "abbr")
_ELSEWHERE = (
    "//footer|//aside|//nav|//comment()|//processing-instruction()|//link"
    "|//script[not(contains(@type, 'ld+json'))]|//style"
    "|//*[contains(@class, 'comment') or contains(@id, 'comment') or contains(@class, 'related')]"
)


def published_in_page(tree: HtmlElement | None, url: str | None) -> date | None:
    """The day of first publication that the markup or the address tells; None when unsure.

    `tree` is used up: elements are taken out of it.
    """
    from htmldate import find_date

    if tree is None:
        return None
    _leave_publication(tree)
    sure = {day for value in _values(tree, url) for day in days_in(value)}
    if not sure:
        return None
    with suppress(Exception):  # a parser's trouble with one page is no reason to lose the page
        found = find_date(
            tree, original_date=True, extensive_search=False, url=url or "", deferred_url_extractor=True
        )
        day = parse_day(found or "")
        return day if day in sure else None
    return None


def _leave_publication(tree: HtmlElement) -> None:
    """Takes out of `tree` what tells of other days than that of publication."""
    for element in tree.xpath(_ELSEWHERE):
        _drop(element)
    for element in list(tree.iter(*_TELLING)):
        if _OTHER_DAYS.search(" ".join(element.get(name, "") for name in _NAMES)):
            _drop(element)
    for script in tree.iter("script"):
        script.text = _OTHER_FIELDS.sub("", script.text or "")
    for attribute in tree.xpath("//@src|//@srcset|//@href|//@*[starts-with(name(), 'data-')]"):
        attribute.getparent().attrib.pop(attribute.attrname, None)
    _leave_one_time(tree)


def _leave_one_time(tree: HtmlElement) -> None:
    """Of times that tell different days only those said to be of publication stay."""
    times = list(tree.iter("time"))
    if len({day for time in times for day in days_in(_said_by(time))}) > 1:
        for time in times:
            if time.get("itemprop") != "datePublished" and time.get("pubdate") is None:
                _drop(time)


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None and element.tag != "body":
        element.drop_tree()


def _said_by(time: HtmlElement) -> str:
    return f"{time.get('datetime', '')} {time.text_content()}"


def _values(tree: HtmlElement, url: str | None) -> list[str]:
    values = [str(v) for v in tree.xpath("//meta/@content|//time/@datetime|//abbr/@title|//*/@content")]
    values += [script.text or "" for script in tree.iter("script")]
    values.append(tree.text_content())
    values.append(re.sub(r"[/_]", "-", url or ""))
    return values
