"""Small files of every kind, made from given words: what the tests of loading read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

PARAGRAPHS = (
    "The mayor of Sampleton opened the long awaited bridge on Friday, six years after the first stone.",
    "“We promised a bridge, and here it is,” the mayor said to about two thousand people in the rain.",
    "The bridge cost 42 million, twice the sum that the council had set aside when the work began.",
    "Buses will cross from Monday. Cars have to wait until the ramps on the southern side are done.",
)


def page(head: str = "", before: str = "", after: str = "", paragraphs: Sequence[str] = PARAGRAPHS) -> str:
    """A news page with furniture around `paragraphs`."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        "<!doctype html><html lang='en-GB'>"
        f"<head><title>Mayor opens bridge | Sample Herald</title>{head}</head>"
        "<body><header><nav><a href='/'>Home</a> <a href='/n'>All the news</a></nav></header>"
        f"<article><h1>Mayor opens bridge</h1>{before}{body}{after}</article>"
        "<footer>© 2023 Sample Herald. All rights reserved.</footer></body></html>"
    )


def pdf(lines: Sequence[tuple[float, float, str]], title: str = "", locked: bool = False) -> bytes:
    """A one-page PDF with each text at (x, y) points from the lower left, fixed-width type."""

    def escaped(text: str) -> bytes:
        data = text.encode("cp1252")
        return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")

    drawn = b"".join(b"1 0 0 1 %.1f %.1f Tm (%s) Tj\n" % (x, y, escaped(text)) for x, y, text in lines)
    stream = b"BT /F1 8 Tf\n%sET" % drawn
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 1000]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
        b"<</Title(%s)/CreationDate(D:20240101120000Z)>>" % escaped(title),
    ]
    if locked:
        keys = b"/O<%s>/U<%s>" % (b"a1" * 32, b"b2" * 32)
        objects.append(b"<</Filter/Standard/V 1/R 2/P -4%s>>" % keys)
    out, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + item + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + b"trailer<</Size %d/Root 1 0 R/Info 6 0 R%s>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, b"/Encrypt 7 0 R/ID[<c3><c3>]" if locked else b"", len(out))
    )


def wrapped(paragraphs: Sequence[str], width: int) -> list[str]:
    """`paragraphs` in printed lines, long words broken with a hyphen."""
    lines: list[str] = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            room = width - len(line) - 2
            if len(line) + len(word) < width:
                line = f"{line} {word}".strip()
            elif word.isalpha() and room >= 3 and len(word) - room >= 3:
                lines.append(f"{line} {word[:room]}-")
                line = word[room:]
            else:
                lines.append(line)
                line = word
        lines.append(line)
    return lines


def two_columns(lines: Sequence[str], across: bool) -> list[tuple[float, float, str]]:
    """`lines` in two columns; with `across` in the order of the page's rows, not of the columns."""
    half = (len(lines) + 1) // 2
    placed = [(50.0 + 250 * (i // half), 900.0 - 10 * (i % half), line) for i, line in enumerate(lines)]
    return sorted(placed, key=lambda at: (-at[1], at[0])) if across else placed


def docx(build: Any) -> bytes:
    """A Word file that `build` has filled."""
    from docx import Document

    document = Document()
    build(document)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()
