"""Saved web pages: HTML and MHTML, the article in them and what they say of it.

The article and its metadata come from trafilatura, the day from htmldate. Knows nothing of the
day a page was saved, built or changed: none of these is the day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.dates.dates import published_in_text
from index.dates.markup import published_in_page
from index.errors import LoadError
from index.loading.draft import Draft, Flaw, host, language, one_line, web_address
from index.loading.encoding import decode, repair, safe

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]+)",
    re.IGNORECASE,
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->", re.IGNORECASE)
_NOT_READ = "//script|//style|//nav|//footer|//noscript|//template|//head|//iframe|//svg|//form"
_BLOCKS = (
    "//p|//div|//br|//li|//h1|//h2|//h3|//h4|//h5|//h6|//tr|//td|//th|//blockquote|//figure|//figcaption"
    "|//section|//article|//header|//aside|//pre|//dt|//dd|//title"
)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_TABLE_RULE = re.compile(r"\|?(?:\s*:?-{3,}:?\s*\|)+\s*")


def read_html(path: Path) -> Iterator[Draft | Flaw]:
    """The article of one HTML file."""
    yield page_draft(html_text(path.read_bytes()))


def read_mhtml(path: Path) -> Iterator[Draft | Flaw]:
    """The article of the first HTML part of a saved page; the part's location is the address."""
    from email import message_from_bytes, policy

    message = message_from_bytes(path.read_bytes(), policy=policy.compat32)
    for part in message.walk():
        payload = part.get_payload(decode=True) if part.get_content_type() in _HTML_TYPES else None
        if isinstance(payload, bytes):
            location = str(part["Content-Location"] or message["Snapshot-Content-Location"] or "")
            yield page_draft(html_text(payload, part.get_content_charset()), location)
            return
    raise LoadError("no HTML part found in the saved page; wanted an MHTML file as browsers save it")


def html_text(data: bytes, declared: str | None = None) -> str:
    """The characters of a page, in the encoding that `declared` or else the page itself names."""
    found = _CHARSET.search(data[:4096])
    in_page = (found[1] or found[2]).decode("ascii", "ignore") if found else None
    return decode(data, declared or in_page)


def page_draft(html: str, location: str | None = None) -> Draft:
    """The article of a page given as text. Raises LoadError when the page holds none."""
    tree = tree_of(html)
    if tree is None:
        raise LoadError("the page holds no readable text; wanted a saved article page")
    saved = _SAVED_FROM.search(html[:4000])
    url = web_address(location) or (web_address(saved[1]) if saved else None)
    about = _extract(_with_captions(tree), url)
    # On a page without paragraphs trafilatura's last resort breaks lines inside sentences.
    text = _tidy(about.text or "") if about and tree.xpath("//p[normalize-space()]") else ""
    text = text if text.strip() else plain_text(html)
    if not text.strip():
        raise LoadError("the page holds no readable text; wanted a saved article page")
    url = (web_address(about.url) if about else None) or url
    return Draft(
        text=repair(safe(text)),
        title=repair(one_line(about.title) or "") if about else "",
        url=url,
        source=(one_line(about.sitename) if about else None) or host(url),
        published=published_in_page(tree_of(html), url) or published_in_text(plain_text(html)),
        author=one_line(about.author) if about else None,
        language=_page_language(tree),
    )


def tree_of(html: str) -> HtmlElement | None:
    """The elements of a page given as text; None when there are none."""
    from lxml import html as lxml_html
    from lxml.etree import LxmlError

    with suppress(LxmlError, ValueError):
        found = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", safe(html)))
        if found.tag == "html":
            return found
    return None


def _extract(tree: HtmlElement, url: str | None) -> Any:
    from trafilatura import bare_extraction

    return bare_extraction(
        tree,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )


def _with_captions(tree: HtmlElement) -> HtmlElement:
    """`tree` with captions as paragraphs, for trafilatura drops figures with all their words."""
    for caption in tree.xpath("//figure//figcaption"):
        for inner in caption.iter("p", "div"):
            inner.tag = "span"
        caption.tag = "p"
    for figure in tree.xpath("//figure[.//p]"):
        figure.tag = "div"
    return tree


def _tidy(text: str) -> str:
    """Table rows without their drawn borders."""
    lines = (line for line in text.split("\n") if not _TABLE_RULE.fullmatch(line.strip()))
    return "\n".join(
        line.strip().strip("|").strip() if line.startswith("|") and line.rstrip().endswith("|") else line
        for line in lines
    )


def _page_language(tree: HtmlElement) -> str | None:
    for path in ("/html/@lang", "/html/@xml:lang", "//meta[@http-equiv='content-language']/@content",
                 "//meta[@property='og:locale']/@content"):  # fmt: skip
        with suppress(Exception):
            found = language(str(next(iter(tree.xpath(path)), "")))
            if found:
                return found
    return None


def plain_text(html: str) -> str:
    """All readable text of a page or fragment, a line for each block; "" when there is none."""
    tree = tree_of(html)
    if tree is None:
        return ""
    for element in tree.xpath(_NOT_READ + "|//comment()"):
        if element.getparent() is not None:
            element.drop_tree()
    for element in tree.xpath(_BLOCKS):
        element.tail = "\n" + (element.tail or "")
        if element.tag != "br":
            element.text = "\n" + (element.text or "")
    parts = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n".join(part for part in parts if part)
