"""The nouns of attribution suites: gold as a file holds it, an article with what was found, a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from index.types import Attribution, Span
from rag.eval.types import Metric, Outcome


@dataclass(frozen=True, slots=True)
class Gold:
    """One line of `attributions.jsonl`, number `line` of the file. Spans are of the article's raw text."""

    article: str
    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    quoted: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class AttributionSuite:
    """A suite's name, its folder, where its articles are, and its gold in the order of the file."""

    name: str
    folder: Path
    articles: Path
    gold: tuple[Gold, ...]

    def by_article(self) -> dict[str, list[Gold]]:
        """The gold of each article that has some, articles in the order in which the file comes to them."""
        found: dict[str, list[Gold]] = {}
        for one in self.gold:
            found.setdefault(one.article, []).append(one)
        return found


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article with its gold and its predicted attributions, all spans in the cleaned `text`.

    Both ascend by content. `lost` counts gold of whose content cleaning left no word. `milliseconds` is by
    stage. With an `error` nothing was predicted, and the article has no part in any metric.
    """

    article: str
    title: str
    text: str
    gold: tuple[Attribution, ...]
    predicted: tuple[Attribution, ...] = ()
    lost: int = 0
    milliseconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    error: str | None = None


@dataclass(frozen=True, slots=True)
class AttributionRun(Outcome):
    """One execution of an attribution suite; `baselines` are the metrics of plain rules, by their names."""

    counted = "articles"
    rows: tuple[ArticleRow, ...]
    baselines: Mapping[str, Mapping[str, Metric]]
