"""Two runs of one attribution suite side by side, over the articles that both could read, in pairs.

Knows no files and no commands; how a comparison is told is the same as for questions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.types import Attribution
from rag.eval.attributions.scores import differences
from rag.eval.attributions.types import ArticleRow, AttributionRun
from rag.eval.attributions.verdicts import Verdict, verdicts_of
from rag.eval.compare import Change, Comparison, Flip, Flips, Side, compare, differing_facts
from rag.eval.measures import ordered
from rag.eval.types import Run, RunError

Pairs = Sequence[tuple[ArticleRow, ArticleRow]]


def compare_any(a: Run | AttributionRun, b: Run | AttributionRun) -> Comparison:
    """The second run against the first, both of questions or both of attributions. Raises RunError."""
    if isinstance(a, Run) and isinstance(b, Run):
        return compare(a, b)
    if isinstance(a, AttributionRun) and isinstance(b, AttributionRun):
        return compare_attributions(a, b)
    raise RunError(
        f"found a run of {a.counted} ({a.suite}) and one of {b.counted} ({b.suite}), "
        f"wanted two runs of one suite"
    )


def compare_attributions(a: AttributionRun, b: AttributionRun) -> Comparison:
    """The second run against the first. Raises RunError if they are of two suites or share no article."""
    if a.suite != b.suite:
        raise RunError(f"found runs of {a.suite} and of {b.suite}, wanted two runs of one suite")
    known = {row.article: row for row in b.rows}
    both = [(row, known[row.article]) for row in a.rows if row.article in known]
    same = [(one, two) for one, two in both if (one.text, one.gold) == (two.text, two.gold)]
    pairs = [(one, two) for one, two in same if one.error is None and two.error is None]
    if not pairs:
        raise RunError(f"found no article of {a.suite} that both runs read, wanted runs that share some")
    return Comparison(
        a.suite,
        Side(a.commit, a.n),
        Side(b.commit, b.n),
        len(pairs),
        len(both) - len(same),
        _changes(pairs),
        tuple(_flips(name, right, pairs) for name, right in _JUDGED.items()),
        *differing_facts(a, b),
        counted=a.counted,
    )


def _changes(pairs: Pairs) -> tuple[Change, ...]:
    found = differences([one for one, _ in pairs], [two for _, two in pairs])
    return tuple(Change(one.name, *found[one.name]) for one in ordered(found))


_JUDGED: dict[str, Callable[[Verdict], bool | None]] = {
    "exact content": lambda one: one.exact,
    "source": lambda one: one.sourced,
}
"""Whether a gold attribution came out right; None where nobody knows."""


def _flips(name: str, right: Callable[[Verdict], bool | None], pairs: Pairs) -> Flips:
    mended, broken = list[Flip](), list[Flip]()
    for before, after in pairs:
        for one, two in zip(verdicts_of(before), verdicts_of(after), strict=False):
            if one.gold is None or two.gold is None:
                break  # the gold of both, which is the same, comes first
            if right(one) is not right(two):
                (mended if right(two) else broken).append(_flip(before, after, one, two))
    return Flips(name, tuple(mended), tuple(broken))


def _flip(before: ArticleRow, after: ArticleRow, one: Verdict, two: Verdict) -> Flip:
    start = one.gold.content[0].start if one.gold else 0
    told = (_told(before, one.gold), _told(before, one.predicted), _told(after, two.predicted))
    return Flip(f"{before.article}:{start}", *told)


def _told(row: ArticleRow, one: Attribution | None) -> str:
    """ "source: content", "" of nothing."""
    if one is None:
        return ""
    source, content = (" … ".join(span.of(row.text) for span in spans) for spans in (one.source, one.content))
    return f"{source}: {content}" if source else content
