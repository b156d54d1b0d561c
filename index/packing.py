"""Articles, spans and vectors as the bytes that the catalog keeps.

Knows nothing of SQL. What is packed by one release is read by later ones: a change here is a new
schema version in `index.schema`.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from index.types import Article, Span

if TYPE_CHECKING:
    import numpy as np

    from index.cleaning.clean import Cleaned

_FIELDS = ("title", "text", "url", "source", "published", "author", "language")


def pack_article(article: Article) -> bytes:
    """The article without its id, compressed."""
    return zlib.compress(_canonical(article), 6)


def unpack_article(article_id: str, packed: bytes) -> Article:
    """The article `pack_article` packed, under this id."""
    fields: dict[str, Any] = json.loads(zlib.decompress(packed))
    if fields["published"]:
        fields["published"] = date.fromisoformat(fields["published"])
    return Article(id=article_id, **fields)


def unpack_cleaned(article: Article, packed: bytes, removed: str, offsets: str) -> Cleaned:
    """The cleaned article with what was removed of the packed raw one and the map of offsets."""
    from index.cleaning.clean import Cleaned
    from index.cleaning.offsets import OffsetMap, Removed

    raw = unpack_article(article.id, packed).text
    cuts = tuple(
        Removed(Span(start, end), raw[start:end], reason) for start, end, reason in json.loads(removed)
    )
    return Cleaned(article, cuts, OffsetMap.from_json(offsets))


def content_hash(article: Article) -> str:
    """A hash of every field but the id: equal exactly when the articles say the same."""
    return hashlib.sha256(_canonical(article)).hexdigest()[:32]


def short_hash(text: str) -> str:
    """Eight hexadecimal digits that depend on `text`."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def pack_spans(spans: Sequence[Span]) -> bytes:
    """Spans as little-endian pairs of 32-bit numbers."""
    return struct.pack(f"<{2 * len(spans)}I", *(edge for span in spans for edge in (span.start, span.end)))


def unpack_spans(packed: bytes) -> tuple[Span, ...]:
    """The spans `pack_spans` packed."""
    edges = struct.unpack(f"<{len(packed) // 4}I", packed)
    return tuple(map(Span, edges[::2], edges[1::2]))


def round_vectors(vectors: np.ndarray) -> np.ndarray:
    """The vectors as they survive packing: float32 with the digits of half precision.

    Every store is given these, so that a store mended from the catalog equals one never broken.
    The cosine against the original stays above 0.99999.
    """
    import numpy as np

    return np.asarray(vectors, dtype="<f2").astype(np.float32)


def pack_vector(vector: np.ndarray) -> bytes:
    """One vector as little-endian half-precision numbers."""
    import numpy as np

    return np.asarray(vector, dtype="<f2").tobytes()


def unpack_vectors(packed: Sequence[bytes]) -> np.ndarray:
    """The vectors `pack_vector` packed: float32 (n, dimension); (0, 0) when there are none."""
    import numpy as np

    if not packed:
        return np.zeros((0, 0), dtype=np.float32)
    rows = np.frombuffer(b"".join(packed), dtype="<f2").reshape(len(packed), -1)
    return rows.astype(np.float32)


def _canonical(article: Article) -> bytes:
    fields = {name: getattr(article, name) for name in _FIELDS}
    fields["published"] = article.published.isoformat() if article.published else None
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode("ascii")
