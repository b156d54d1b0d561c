"""Attribution suites: `attributions.jsonl` in place of `questions.jsonl`, and its places in cleaned texts.

Knows nothing of scores, and of articles only how offsets lead to their cleaned text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.types import Attribution, Span
from rag.eval.attributions.types import AttributionSuite, Gold
from rag.eval.suite import ATTRIBUTIONS, QUESTIONS, articles_of, first_of, name_of, read_lines
from rag.eval.types import SuiteError

if TYPE_CHECKING:
    from index.cleaning.offsets import OffsetMap
    from rag.eval.attributions.articles import ToldArticle


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


def gold_of(gold: Iterable[Gold], told: ToldArticle, cleaned: OffsetMap) -> tuple[list[Attribution], int]:
    """The gold of one article in its cleaned text, by content; and how many cleaning left no content of.

    `cleaned` leads from the article as it was loaded to the cleaned one. Spans lose what cleaning took out,
    and vanish if that was all. Raises SuiteError at a span outside the text of the file.
    """
    offsets = told.offsets.then(cleaned)
    found = [_cleaned_gold(one, told.article.id, offsets) for one in gold]
    kept = sorted((one for one in found if one is not None), key=lambda one: (one.content, one.source))
    return kept, len(found) - len(kept)


def _cleaned_gold(gold: Gold, article: str, offsets: OffsetMap) -> Attribution | None:
    for span in (*gold.content, *gold.source, *gold.cue):
        if span.end > offsets.raw_length:
            raise SuiteError(
                f"line {gold.line} of attributions.jsonl has the span [{span.start}, {span.end}], wanted one "
                f"inside the {offsets.raw_length} characters of {article}"
            )
    content = _kept(gold.content, offsets)
    if not content:
        return None
    source, cue = _kept(gold.source, offsets), _kept(gold.cue, offsets)
    return Attribution(article, content, source, cue, quoted=gold.quoted)


def _kept(spans: Iterable[Span], offsets: OffsetMap) -> tuple[Span, ...]:
    return tuple(kept for span in spans if (kept := offsets.clean_span(span)) is not None)
