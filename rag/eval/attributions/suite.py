"""Attribution suites: `attributions.jsonl` in place of `questions.jsonl`, and the articles it speaks of.

The articles are loaded and cleaned as an ingest does, recurring lines counted over all of them, but neither
cut nor embedded. Knows nothing of scores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.types import Article, Attribution, Loaded, Span
from rag.eval.attributions.types import AttributionSuite, Gold
from rag.eval.suite import ATTRIBUTIONS, QUESTIONS, articles_of, first_of, name_of, read_lines
from rag.eval.types import SuiteError

if TYPE_CHECKING:
    from index.clean import Cleaned
    from index.offsets import OffsetMap

_RECURS = 2
"""Lines of so many articles are told to cleaning, as an ingest does."""


@dataclass(frozen=True, slots=True)
class Loading:
    """The articles of a suite as they were asked for, by id, and how many there are in all."""

    articles: Mapping[str, Article]
    recurring: Mapping[str, int]
    total: int
    unreadable: int


def holds_attributions(folder: Path) -> bool:
    """Whether the folder is an attribution suite: it has `attributions.jsonl` and no `questions.jsonl`."""
    return first_of(folder, QUESTIONS) is None and first_of(folder, ATTRIBUTIONS) is not None


def read_attribution_suite(folder: Path) -> AttributionSuite:
    """The suite in `folder`. Raises SuiteError."""
    path = first_of(folder, ATTRIBUTIONS)
    if path is None:
        raise SuiteError(f"found no attributions.jsonl in {folder}, wanted a suite of attributions")
    gold = tuple(_gold(path, number, record) for number, record in read_lines(path))
    if not gold:
        raise SuiteError(f"{path} holds no attribution, wanted one a line")
    return AttributionSuite(name_of(folder), folder, articles_of(folder), gold)


def _gold(path: Path, number: int, record: Any) -> Gold:
    try:
        content, quoted = _spans(record["content"]), record["quoted"]
        if not content:
            raise ValueError("content has no span")
        if not isinstance(record["article"], str) or not isinstance(quoted, bool):
            raise TypeError("article has to be text, quoted true or false")
        source, cue = _spans(record.get("source") or ()), _spans(record.get("cue") or ())
        return Gold(record["article"], content, source, cue, quoted, number)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SuiteError(
            f'line {number} of {path} is no attribution ({error!r}), wanted {{"article", "content", '
            f'"source", "cue", "quoted"}} with spans as [[start, end]]'
        ) from error


def _spans(pairs: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    """Ascending; spans that touch or overlap become one."""
    joined: list[Span] = []
    for span in sorted(_span(*pair) for pair in pairs):
        if joined and span.start <= joined[-1].end:
            last = joined.pop()
            span = Span(last.start, max(last.end, span.end))
        joined.append(span)
    return tuple(joined)


def _span(start: Any, end: Any) -> Span:
    if type(start) is not int or type(end) is not int:
        raise TypeError(f"found [{start!r}, {end!r}], wanted two numbers")
    return Span(start, end)


def load_articles(suite: AttributionSuite, wanted: Collection[str]) -> Loading:
    """The wanted articles as their file holds them. Raises SuiteError if one of them is missing."""
    from index.clean import lines_of
    from index.load import load

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
    return Loading(kept, recurring, len(seen), unreadable)


def gold_of(gold: Iterable[Gold], raw: Article, cleaned: Cleaned) -> tuple[list[Attribution], int]:
    """The gold of one article in its cleaned text, by content; and how many cleaning left no content of.

    Spans lose what cleaning took out, and vanish if that was all. Raises SuiteError at a span outside the
    raw text.
    """
    found = [_cleaned_gold(one, raw, cleaned.offsets) for one in gold]
    kept = sorted((one for one in found if one is not None), key=lambda one: (one.content, one.source))
    return kept, len(found) - len(kept)


def _cleaned_gold(gold: Gold, raw: Article, offsets: OffsetMap) -> Attribution | None:
    for span in (*gold.content, *gold.source, *gold.cue):
        if span.end > len(raw.text):
            raise SuiteError(
                f"line {gold.line} of attributions.jsonl has the span [{span.start}, "
                f"{span.end}], wanted one inside the {len(raw.text)} characters of {raw.id}"
            )
    content = _kept(gold.content, offsets)
    if not content:
        return None
    source, cue = _kept(gold.source, offsets), _kept(gold.cue, offsets)
    return Attribution(raw.id, content, source, cue, quoted=gold.quoted)


def _kept(spans: Iterable[Span], offsets: OffsetMap) -> tuple[Span, ...]:
    return tuple(kept for span in spans if (kept := offsets.clean_span(span)) is not None)
