"""Saved web pages: HTML and MHTML, the article in them and what they say of it.

The article and its metadata come from trafilatura, a missing day from htmldate. Knows nothing of
the day a page was saved: that is never a publication date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from index.draft import Draft, Flaw, day, host, language, one_line, web_address
from index.encoding import decode, repair
from index.errors import LoadError

_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]+)",
    re.I,
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->", re.IGNORECASE)


def read_html(path: Path) -> Iterator[Draft | Flaw]:
    """The article of one HTML file."""
    yield page_draft(html_text(path.read_bytes()))


def read_mhtml(path: Path) -> Iterator[Draft | Flaw]:
    """The article of the first HTML part of a saved page; its location is the address."""
    from email import message_from_bytes, policy

    message = message_from_bytes(path.read_bytes(), policy=policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            url = part["Content-Location"] or message["Snapshot-Content-Location"]
            if isinstance(payload, bytes):
                yield page_draft(html_text(payload, part.get_content_charset()), str(url or ""))
                return
    raise LoadError("no HTML part found in the saved page; wanted an MHTML file as browsers save it")


def html_text(data: bytes, declared: str | None = None) -> str:
    """The characters of a page: as the transport, else the page itself declares them."""
    found = _META.search(data[:4096])
    in_page = (found[1] or found[2]).decode("ascii", "ignore") if found else None
    return decode(data, declared or in_page)


def page_draft(html: str, location: str | None = None) -> Draft:
    """The article of a page given as text. Raises LoadError when the page holds none."""
    from trafilatura import bare_extraction

    saved = _SAVED_FROM.search(html[:2000])
    url = web_address(location) or (web_address(saved[1]) if saved else None)
    found = bare_extraction(
        html, url=url, with_metadata=True, include_comments=False, include_tables=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    ) if html.strip() else None  # fmt: skip
    text = (found.text if found else None) or plain_text(html)
    if not text or not text.strip():
        raise LoadError("the page holds no readable text; wanted a saved article page")
    if found is None:
        return Draft(text=repair(text), url=url, source=host(url))
    url = web_address(found.url) or url
    return Draft(
        text=repair(text),
        title=repair(one_line(found.title) or ""),
        url=url,
        source=one_line(found.sitename) or host(url),
        published=day(found.date) or published_in_html(html, url),
        author=one_line(found.author),
        language=language(found.language),
    )


def published_in_html(html: str, url: str | None) -> None:
    return None


def plain_text(html: str) -> str:
    """All readable text of a page or fragment, a line for each paragraph; "" when there is none."""
    from lxml import html as lxml_html
    from lxml.etree import ParserError

    try:
        tree = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", html))
    except (ParserError, ValueError):
        return ""
    for element in tree.xpath("//script|//style|//nav|//footer|//noscript|//template|//head|//comment()"):
        element.drop_tree()
    for element in tree.xpath(
        "//p|//div|//br|//li|//h1|//h2|//h3|//h4|//h5|//h6|//tr|//blockquote|//figure|//figcaption|//section|//article|//td"
    ):
        element.tail = "\n" + (element.tail or "")
        element.text = ("\n" if element.tag != "br" else "") + (element.text or "")
    parts = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n".join(part for part in parts if part)
