"""An attribution suite from its articles to its results: load, clean, attribute, score, write.

Asks no question and needs no index, so there is nothing to go on with: a run starts anew each time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.types import Article
from rag.eval.attributions.baselines import BASELINES
from rag.eval.attributions.record import attribution_run_json
from rag.eval.attributions.scores import summarise
from rag.eval.attributions.suite import gold_of
from rag.eval.attributions.types import ArticleRow, AttributionRun, AttributionSuite, Gold
from rag.eval.machine import commit, machine
from rag.eval.results import RESULTS, results_text, write_whole
from rag.eval.run import REPORT, Selection
from rag.eval.scores import latency_of
from rag.eval.types import Metric, RunError

if TYPE_CHECKING:
    from index.progress import Progress
    from rag.eval.attributions.articles import Loading

_DIGITS = 16


def choose_articles(suite: AttributionSuite, selection: Selection) -> dict[str, list[Gold]]:
    """The gold of the first articles that have some, in the order in which the file comes to them.

    Attributions carry no tags: raises RunError if one is wanted; those to be left out change nothing.
    """
    if selection.tags:
        raise RunError(f"found no tags in {suite.name}, wanted --tag {selection.tags[0]}: leave it out")
    by_article = suite.by_article()
    return {article: by_article[article] for article in list(by_article)[: selection.limit]}


def evaluate_attributions(
    suite: AttributionSuite, selection: Selection, out: Path, progress: Progress | None = None
) -> AttributionRun:
    """Run the suite over the chosen articles and write results.json and report.html into the folder `out`.

    `progress` is told of the stage "attribute", counted in articles. Raises OnrecordError.
    """
    from rag.eval.attributions.articles import load_articles

    chosen = choose_articles(suite, selection)
    started = time.perf_counter()
    loading = load_articles(suite, chosen)
    if progress:
        progress.start("attribute", len(chosen))
    read = []
    for one in _rows(chosen, loading):
        read.append(one)
        if progress:
            progress.advance(1)
    rows = [row for row, _ in read]
    _check(suite, rows)
    run = AttributionRun(
        suite=suite.name,
        commit=commit(),
        settings=_settings(chosen, selection.limit, loading),
        machine=machine(),
        seconds=round(time.perf_counter() - started, 2),
        metrics=summarise(rows),
        baselines=_baselines(read),
        latency=latency_of(row.milliseconds for row in rows),
        rows=tuple(rows),
    )
    write_whole(out / RESULTS, results_text(attribution_run_json(run)))
    write_attribution_report(run, out)
    return run


def write_attribution_report(run: AttributionRun, out: Path) -> None:
    """Write the run's page."""
    from rag.eval.attributions.report import attribution_report_html

    write_whole(out / REPORT, attribution_report_html(run))


def _rows(chosen: Mapping[str, Sequence[Gold]], loading: Loading) -> Iterator[tuple[ArticleRow, Article]]:
    """Each article's row, and the article as it was cleaned."""
    from index.cleaning.clean import clean

    for article_id, gold in chosen.items():
        told = loading.articles[article_id]
        begun = time.perf_counter()
        cleaned = clean(told.article, loading.recurring)
        took = {"clean": _milliseconds(begun)}
        kept, lost = gold_of(gold, told, cleaned.offsets)
        article = cleaned.article
        row = ArticleRow(article.id, article.title, article.text, tuple(kept), lost=lost, milliseconds=took)
        yield _attributed(row, article), article


def _attributed(row: ArticleRow, article: Article) -> ArticleRow:
    from index.attribution.attribute import attribute

    begun = time.perf_counter()
    try:
        found = sorted(attribute(article), key=lambda one: one.content)
    except Exception as error:  # one article that cannot be read must not stop the others
        return replace(row, error=f"{type(error).__name__}: {error}")
    took = {**row.milliseconds, "attribute": _milliseconds(begun)}
    return replace(row, predicted=tuple(found), milliseconds=took)


def _milliseconds(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 3)


def _check(suite: AttributionSuite, rows: Sequence[ArticleRow]) -> None:
    """Raise RunError when no article could be read."""
    failed = [row.error for row in rows if row.error is not None]
    if len(failed) == len(rows):
        raise RunError(f"all {len(rows)} articles of {suite.name} failed, the first with {failed[0]}")


def _settings(chosen: Mapping[str, Sequence[Gold]], limit: int | None, loading: Loading) -> dict[str, Any]:
    """All that the numbers depend on besides the program."""
    texts = [loading.articles[article].article.text for article in chosen]
    gold = hashlib.sha256(repr((texts, list(chosen.values()))).encode("utf-8", "surrogatepass"))
    return {
        "limit": limit,
        "articles": loading.total,
        "unreadable": loading.unreadable,
        "attributions": sum(map(len, chosen.values())),
        "gold": gold.hexdigest()[:_DIGITS],
    }


def _baselines(read: Sequence[tuple[ArticleRow, Article]]) -> dict[str, dict[str, Metric]]:
    """What each baseline reaches over the articles that ours could be measured on."""
    return {
        name: summarise(
            replace(row, predicted=tuple(predict(article, row.predicted)))
            for row, article in read
            if row.error is None
        )
        for name, predict in BASELINES.items()
    }
