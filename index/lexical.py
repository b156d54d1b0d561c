"""The lexical index: passages by their words (BM25), kept by Tantivy in a folder.

The one place that knows Tantivy. English stemming, accents folded; titles are a field of their
own. Knows nothing of vectors. What it holds can be made again from the catalog.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from index.errors import StoreDamaged

MAX_WORD_BYTES = 60
WRITER_BYTES = 30_000_000
_ANALYSER = "onrecord_en"


class Entry(NamedTuple):
    """What is indexed of a passage."""

    id: str
    article_id: str
    title: str
    text: str


class LexicalIndex(Protocol):
    """Words of passages. What is written is found once `commit` returns. Thread-safe."""

    def upsert(self, entries: Iterable[Entry]) -> None:
        """Write passages, replacing those with the same ids."""
        ...

    def query(self, text: str, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        """Up to k passages with their BM25 (> 0), best first; `allowed` are article ids.

        Any text will do: its words are looked for, operators and quotes mean nothing.
        """
        ...

    def delete(self, ids: Collection[str]) -> None:
        """Remove passages; ids that are not there are passed over."""
        ...

    def commit(self) -> None:
        """Make what was written and removed lasting and visible to queries."""
        ...

    def count(self) -> int:
        """How many passages there are, as of the last commit."""
        ...

    def ids(self) -> set[str]:
        """The ids of all passages, as of the last commit."""
        ...

    def frequency(self, word_stem: str) -> int:
        """In how many passages a stem of `index.words.stem` stands; removed ones may still count."""
        ...

    def replace(self, entries: Iterable[Entry]) -> None:
        """Hold exactly these from now on; the former content answers until all are written."""
        ...

    def close(self) -> None:
        """Let go of the files; what was not committed is dropped."""
        ...


class TantivyIndex:
    """A LexicalIndex in Tantivy.

    `title_boost` weighs a word found in the title against one in the text; it can be changed
    without indexing anew.
    """

    def __init__(self, folder: Path, title_boost: float = 0.5) -> None:
        import tantivy

        self._tantivy = tantivy
        self._title_boost = title_boost
        self._analyser = _analyser(tantivy)
        self._folding = _folding(tantivy).build()
        self._schema = _schema(tantivy)
        self._writing = threading.RLock()
        self._writer: Any = None
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._index = tantivy.Index(self._schema, path=str(folder))
        except ValueError as error:
            raise StoreDamaged(
                f"the lexical index in {folder} cannot be read ({error}): "
                f"remove that folder, the next start makes it again"
            ) from error
        self._index.register_tokenizer(_ANALYSER, self._analyser)

    @classmethod
    def open(cls, folder: Path, title_boost: float = 0.5) -> TantivyIndex:
        """Open the folder, or make an empty index in it."""
        return cls(folder, title_boost)

    def close(self) -> None:
        """See LexicalIndex."""
        with self._writing:
            if self._writer is not None:
                self._writer.rollback()
                self._writer.wait_merging_threads()
                self._writer = None

    def upsert(self, entries: Iterable[Entry]) -> None:
        """See LexicalIndex."""
        with self._writing:
            for entry in entries:
                self._open_writer().delete_documents_by_term("id", entry.id)
                self._add(entry)

    def delete(self, ids: Collection[str]) -> None:
        """See LexicalIndex."""
        with self._writing:
            for one in ids:
                self._open_writer().delete_documents_by_term("id", one)

    def commit(self) -> None:
        """See LexicalIndex."""
        with self._writing:
            if self._writer is not None:
                self._writer.commit()
                self._index.reload()

    def replace(self, entries: Iterable[Entry]) -> None:
        """See LexicalIndex."""
        with self._writing:
            writer = self._open_writer()
            writer.delete_all_documents()
            for entry in entries:
                self._add(entry)
            self.commit()
            writer.garbage_collect_files()

    def count(self) -> int:
        """See LexicalIndex."""
        return int(self._index.searcher().num_docs)

    def ids(self) -> set[str]:
        """See LexicalIndex."""
        searcher = self._index.searcher()
        count = searcher.num_docs
        if not count:
            return set()
        hits = searcher.search(self._tantivy.Query.all_query(), count, count=False).hits
        return {searcher.doc(address)["id"][0] for _, address in hits}

    def frequency(self, word_stem: str) -> int:
        """See LexicalIndex."""
        # A stem is not stemmed again: that of "invas" is another one.
        forms = self._folding.analyze(word_stem.encode("utf-8", "replace").decode())
        return int(self._index.searcher().doc_freq("text", str(forms[0]))) if forms else 0

    def query(self, text: str, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        """See LexicalIndex."""
        words = dict.fromkeys(self.words(text))
        if not words or k <= 0 or (allowed is not None and not allowed):
            return []
        searcher = self._index.searcher()
        found = searcher.search(self._query(words, allowed), k, count=False)
        scored = [(searcher.doc(address)["id"][0], float(score)) for score, address in found.hits]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))

    def words(self, text: str) -> list[str]:
        """The words of a text as they are indexed: lower case, accents folded, stemmed."""
        return [str(word) for word in self._analyser.analyze(text.encode("utf-8", "replace").decode())]

    def _query(self, words: Iterable[str], allowed: Collection[str] | None) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        parts = []
        for word in words:
            parts.append((occur.Should, query.term_query(self._schema, "text", word, "freq")))
            title = query.term_query(self._schema, "title", word, "freq")
            parts.append((occur.Should, query.boost_query(title, self._title_boost)))
        wanted = query.boolean_query(parts)
        if allowed is None:
            return wanted
        among = query.term_set_query(self._schema, "article_id", list(allowed))
        return query.boolean_query([(occur.Must, wanted), (occur.Must, query.const_score_query(among, 0.0))])

    def _add(self, entry: Entry) -> None:
        document = self._tantivy.Document()
        for field, value in zip(Entry._fields, entry, strict=True):
            document.add_text(field, value)
        self._open_writer().add_document(document)

    def _open_writer(self) -> Any:
        if self._writer is None:
            self._writer = self._index.writer(WRITER_BYTES, 1)
        return self._writer


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name=_ANALYSER, index_option="freq")
    builder.add_text_field("text", tokenizer_name=_ANALYSER, index_option="freq")
    return builder.build()


def _analyser(tantivy: Any) -> Any:
    return _folding(tantivy).filter(tantivy.Filter.stemmer("english")).build()


def _folding(tantivy: Any) -> Any:
    """All that is done to words but stemming, not built yet."""
    filters = tantivy.Filter
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(filters.remove_long(MAX_WORD_BYTES))
        .filter(filters.lowercase())
        .filter(filters.ascii_fold())
    )
