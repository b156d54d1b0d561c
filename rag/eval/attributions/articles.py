"""The articles of an attribution suite, loaded as an ingest loads them, neither cut nor embedded.

Loading mends damaged characters, so an offset in the file may be another one in the loaded text; the map
between both is kept. Knows nothing of gold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from index.cleaning.clean import lines_of
from index.cleaning.offsets import OffsetMap
from index.load import load, suffix_of
from index.types import Article, Loaded
from rag.eval.attributions.types import AttributionSuite
from rag.eval.suite import read_lines
from rag.eval.types import SuiteError

_RECURS = 2
"""Lines of so many articles are told to cleaning, as an ingest does."""


@dataclass(frozen=True, slots=True)
class ToldArticle:
    """An article as it was loaded, not yet cleaned; `offsets` lead to its text from that in the file."""

    article: Article
    offsets: OffsetMap


@dataclass(frozen=True, slots=True)
class Loading:
    """The wanted articles by id; of all of the suite the lines that recur, how many there are, how many
    could not be read."""

    articles: Mapping[str, ToldArticle]
    recurring: Mapping[str, int]
    total: int
    unreadable: int


def load_articles(suite: AttributionSuite, wanted: Collection[str]) -> Loading:
    """The wanted articles of the suite. Raises SuiteError if one is missing or cannot be told by offsets."""
    kept: dict[str, Article] = {}
    lines: Counter[str] = Counter()
    seen, unreadable = set[str](), 0
    for one in load(suite.articles):
        if not isinstance(one, Loaded):
            unreadable += 1
        elif one.article.id not in seen:
            seen.add(one.article.id)
            lines.update(lines_of(one.article.text))
            if one.article.id in wanted:
                kept[one.article.id] = one.article
    missing = [article for article in wanted if article not in kept]
    if missing:
        raise SuiteError(
            f"found attributions in {len(missing)} articles that {suite.articles} does not hold, the first "
            f"{missing[0]!r}; wanted the articles of {suite.name}"
        )
    recurring = {key: count for key, count in lines.items() if count >= _RECURS}
    texts = _texts(suite.articles, kept)
    told = {name: ToldArticle(one, _offsets(one, texts.get(name, one.text))) for name, one in kept.items()}
    return Loading(told, recurring, len(seen), unreadable)


def _texts(path: Path, wanted: Collection[str]) -> dict[str, str]:
    """The texts of the wanted articles as a file of articles holds them; {} for another kind of file."""
    if path.is_dir() or suffix_of(path) not in (".jsonl", ".jsonl.gz"):
        return {}
    found: dict[str, str] = {}
    for _, record in read_lines(path):
        if isinstance(record, dict) and record.get("id") in wanted and isinstance(record.get("text"), str):
            found.setdefault(record["id"], record["text"])
    return found


def _offsets(article: Article, text: str) -> OffsetMap:
    """From `text`, that of the file, to the article's; mended characters stand in the same line in both."""
    if text == article.text:
        return OffsetMap.of([(len(text), len(text))])
    before, after = text.split("\n"), article.text.split("\n")
    if len(before) != len(after):
        raise SuiteError(
            f"found {article.id} with markup or other line breaks in the file, wanted plain text: offsets in "
            f"it cannot be kept"
        )
    segments: list[tuple[int, int]] = []
    for its, ours in zip(before, after, strict=True):
        segments += [(1, 1), *_mended(its, ours)]
    return OffsetMap.of(segments[1:])  # no line break before the first


def _mended(before: str, after: str) -> list[tuple[int, int]]:
    """The segments of one line."""
    if before == after:
        return [(len(before), len(before))]
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(end - start, its_end - its_start) for _, start, end, its_start, its_end in found]
