"""Bytes in, characters out: byte order marks, detection, and repair of wrongly decoded text.

Knows nothing of file formats. Order of trust: byte order mark, UTF-16 by its zero bytes, strict
UTF-8, UTF-8 with a few stray bytes, the declared encoding, charset-normalizer.
"""

from __future__ import annotations

import codecs
import io
import re
import zlib
from collections.abc import Iterator
from typing import Protocol

from index.errors import LoadError

MAX_LINE_CHARS = 32 * 1024 * 1024
"""A longer line in a file that is read line by line is reported and passed over."""

_SAMPLE_BYTES = 256 * 1024
_PIECE_BYTES = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b\x08", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF")
_CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 12, 13, 27)) + b"\x7f"
_MAX_CONTROL_SHARE = 0.01
# What pages declare and what browsers then read (WHATWG): Latin-1 and ASCII mean windows-1252.
_AS_BROWSERS = dict.fromkeys(("iso-8859-1", "iso8859-1", "latin-1", "latin1", "ascii", "us-ascii"), "cp1252")
# Encodings news is found in, the likeliest first: among equally good guesses the first is taken.
_LIKELY_NAMES = (
    "cp1252 cp1251 cp1250 koi8_r koi8_u cp866 iso8859_5 iso8859_2 cp1254 cp1253 cp1255 cp1256 cp1257 "
    "gb18030 big5 shift_jis euc_jp euc_kr"
)
_LIKELY = _LIKELY_NAMES.split()
_ESCAPED = re.compile("[\udc80-\udcff]+")
# Only lines with a character beyond ASCII and common punctuation are worth ftfy's slow test.
_SUSPECT = re.compile("[^\x00-\x7f‘’“”–—…•·\xa0]")
_UNSAFE = re.compile("[\x00\ud800-\udfff]")


class BufferedBytes(Protocol):
    """A binary stream that can give what it has at hand: an open file, a gzip stream."""

    def read1(self, size: int = ..., /) -> bytes:
        """At most `size` bytes, b"" at the end."""
        ...


def decode(data: bytes, declared: str | None = None) -> str:
    """`data` as text without its byte order mark; raises LoadError for binary content.

    `declared` is the encoding the content itself names (an HTML meta tag); it is believed when
    the bytes are not valid UTF-8 and fit it.
    """
    encoding = guess_encoding(data, declared)
    text = _with_strays(data) if encoding.startswith("utf-8") else data.decode(encoding, "replace")
    return safe(text.removeprefix("\ufeff"))


def guess_encoding(data: bytes, declared: str | None = None) -> str:
    """The Python name of the encoding of `data`; raises LoadError for binary content."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    wide = _without_mark(data[:_SAMPLE_BYTES])
    if wide:
        return wide
    if is_binary(data):
        raise LoadError("the content is binary, not text; wanted text in a common encoding")
    if declared and declared.lower().startswith("iso-2022") and _fits(data, declared):
        return declared
    if _mostly_utf8(data):
        return "utf-8"
    named = _AS_BROWSERS.get((declared or "utf-8").lower(), declared or "utf-8")
    believed = not named.lower().startswith(("utf", "unicode")) and _fits(data, named)
    return named if believed else _likeliest(data[:_SAMPLE_BYTES])


def is_binary(data: bytes) -> bool:
    """Whether `data` is no text in any one-byte or UTF-8 encoding."""
    if data.startswith(_MAGIC):
        return True
    sample = data[:_SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > max(1, _MAX_CONTROL_SHARE * len(sample))


def safe(text: str) -> str:
    """`text` of the same length, with NUL and lone surrogates (which no index stores) as U+FFFD."""
    return _UNSAFE.sub("\ufffd", text)


def repair(text: str) -> str:
    """`text` with lines that were once decoded wrongly (`â€™` for `’`) set right.

    Quotation marks, ligatures, width and line breaks are left as they are; so is a line that
    would still be wrong after repair.
    """
    if _SUSPECT.search(text) is None:
        return text
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    def mended(line: str) -> str:
        if _SUSPECT.search(line) is None or not is_bad(line):
            return line
        better = fix_encoding(line)
        return line if is_bad(better) else better

    return "\n".join(map(mended, text.split("\n")))


def lines(stream: BufferedBytes) -> Iterator[tuple[int, str | None]]:
    """The lines of a binary stream with their numbers from 1, line ends kept, memory bounded.

    A line longer than MAX_LINE_CHARS comes as None; after sixteen times that much without a line
    end the rest is given up.
    """
    start = _Start(stream)
    encoding = _stream_encoding(start.sample)
    joined = io.BufferedReader(start, _PIECE_BYTES)
    reader = io.TextIOWrapper(joined, encoding, errors="surrogateescape", newline="")
    number = 0
    while line := reader.readline(MAX_LINE_CHARS):
        number += 1
        if len(line) < MAX_LINE_CHARS or line.endswith("\n"):
            yield number, _mended(line, encoding)
            continue
        yield number, None
        if not _skip_line(reader):
            return


class _Start(io.RawIOBase):
    """A stream whose first bytes have been read ahead; damage shows only where it is reached."""

    def __init__(self, stream: BufferedBytes) -> None:
        self._rest = stream
        self._error: Exception | None = None
        pieces: list[bytes] = []
        size = 0
        try:
            while size < _SAMPLE_BYTES and (piece := stream.read1(_PIECE_BYTES)):
                pieces.append(piece)
                size += len(piece)
        except (EOFError, OSError, zlib.error) as error:
            self._error = error
        self.sample = b"".join(pieces)
        self._ahead = io.BytesIO(self.sample)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._ahead.read(len(buffer))
        if not data and self._error:
            raise self._error
        data = data or self._rest.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _skip_line(reader: io.TextIOWrapper) -> bool:
    """Reads on to the end of the line; False when there is none within reason."""
    for _ in range(16):
        piece = reader.readline(MAX_LINE_CHARS)
        if len(piece) < MAX_LINE_CHARS or piece.endswith("\n"):
            return True
    return False


def _stream_encoding(start: bytes) -> str:
    if len(start) < _SAMPLE_BYTES:
        return guess_encoding(start)
    # The sample may end inside a character: judge it up to its last line end.
    return guess_encoding(start[: start.rfind(b"\n") + 1] or start[:-4])


def _mended(line: str, encoding: str) -> str:
    """`line` with the bytes that did not fit the encoding of the stream decoded on their own."""
    if _UNSAFE.search(line) is None:
        return line
    try:
        return decode(line.encode(encoding, "surrogateescape"))
    except (LoadError, UnicodeError):
        return safe(line)


def _without_mark(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by zeros at every other place."""
    pairs = len(sample) // 2
    if pairs < 8 or b"\x00" not in sample:
        return None
    low, high = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if high > 0.1 and low < 0.02:
        return _plausible(sample, "utf-16-le")
    if low > 0.1 and high < 0.02:
        return _plausible(sample, "utf-16-be")
    return None


def _plausible(sample: bytes, encoding: str) -> str | None:
    text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
    readable = sum(c.isprintable() or c.isspace() for c in text)
    return encoding if readable > 0.98 * len(text) else None


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _mostly_utf8(data: bytes) -> bool:
    """Valid UTF-8, or UTF-8 in which at most a tenth of the non-ASCII characters are damaged."""
    if _fits(data, "utf-8"):
        return True
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return bad * 10 <= sum(not c.isascii() for c in text)


def _likeliest(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    found = list(from_bytes(sample, cp_isolation=_LIKELY))
    if not found:
        return "cp1252"
    best = found[0]
    equal = [
        match.encoding
        for match in found
        if match.encoding in _LIKELY
        and match.chaos <= best.chaos + 0.01
        and match.coherence >= best.coherence - 0.05
    ]
    return min(equal, key=_LIKELY.index, default=best.encoding)


def _with_strays(data: bytes) -> str:
    """UTF-8 in which what is none is read as windows-1252, which stray bytes mostly are."""
    return _ESCAPED.sub(
        lambda bad: bad[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"),
        data.decode("utf-8", "surrogateescape"),
    )
