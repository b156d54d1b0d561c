"""Two runs of one suite side by side: how far they differ, whether by chance, and at which questions.

Everything is taken over the questions that both runs asked, in pairs. Knows no files and no commands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rag.eval.intervals import Difference, mean, paired
from rag.eval.measures import measure, number_text, ordered
from rag.eval.report_tables import flat
from rag.eval.types import Outcome, Row, Run, RunError
from rag.terminal import line
from rag.wire import plain

MISSING = "–"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs: its commit and how many questions it asked."""

    commit: str | None
    n: int


@dataclass(frozen=True, slots=True)
class Change:
    """A metric in both runs over the questions that have it in both; `difference` is second less first."""

    metric: str
    first: float
    second: float
    difference: Difference

    @property
    def verdict(self) -> str:
        """ "better" or "worse" where the interval leaves out 0, "differs" if neither way is better, or ""."""
        low, high, better = self.difference.low, self.difference.high, measure(self.metric).better
        if low <= 0 <= high:
            return ""
        if not better:
            return "differs"
        return "better" if (low > 0) == (better == "high") else "worse"


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that came out otherwise, with what was answered in both runs."""

    id: str
    question: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Flips:
    """The questions that went from wrong to right and from right to wrong, in the order of the first run."""

    name: str
    mended: tuple[Flip, ...]
    broken: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting, or a fact of the machine, that differs; "–" where a run has none of the name."""

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs of `suite`.

    `shared` questions are the ones compared; `changed` have one id but are not the same question any more.
    Runs of attributions count articles in place of questions, as `counted` tells.
    """

    suite: str
    first: Side
    second: Side
    shared: int
    changed: int
    changes: tuple[Change, ...]
    flips: tuple[Flips, ...]
    settings: tuple[Setting, ...]
    latency: tuple[Setting, ...]
    counted: str = "questions"


def compare(a: Run, b: Run) -> Comparison:
    """The second run against the first. Raises RunError if they are of two suites or share no question."""
    if a.suite != b.suite:
        raise RunError(f"found runs of {a.suite} and of {b.suite}, wanted two runs of one suite")
    known = {row.question.id: row for row in b.rows}
    both = [(row, known[row.question.id]) for row in a.rows if row.question.id in known]
    pairs = [(one, two) for one, two in both if _same(one, two)]
    if not pairs:
        raise RunError(f"found no question of {a.suite} that both runs asked, wanted runs that share some")
    return Comparison(
        a.suite,
        Side(a.commit, len(a.rows)),
        Side(b.commit, len(b.rows)),
        len(pairs),
        len(both) - len(pairs),
        _changes(pairs),
        tuple(flips for name, right in _JUDGED.items() if (flips := _flips(name, right, pairs))),
        *differing_facts(a, b),
    )


def _same(one: Row, two: Row) -> bool:
    return (one.question.text, one.question.answers) == (two.question.text, two.question.answers)


def _changes(pairs: Sequence[tuple[Row, Row]]) -> tuple[Change, ...]:
    names = {name for one, two in pairs for name in one.scores.keys() & two.scores.keys()}
    found = []
    for name in (one.name for one in ordered(names)):
        values = [
            (one.scores[name], two.scores[name])
            for one, two in pairs
            if name in one.scores and name in two.scores
        ]
        first, second = [v for v, _ in values], [v for _, v in values]
        difference = paired(first, second)
        if difference is not None:
            found.append(Change(name, mean(first) or 0.0, mean(second) or 0.0, difference))
    return tuple(found)


def _by_score(name: str) -> Callable[[Row], bool | None]:
    return lambda row: bool(row.scores[name]) if name in row.scores else None


def _silent_rightly(row: Row) -> bool | None:
    """Whether it is right that there was an answer, or that there was none; None where nobody knows."""
    wrong = [row.scores[name] for name in ("false_answer_rate", "false_abstain_rate") if name in row.scores]
    return not any(wrong) if wrong else None


_JUDGED: Mapping[str, Callable[[Row], bool | None]] = {
    "answer_match": _by_score("answer_match"),
    "choice_accuracy": _by_score("choice_accuracy"),
    "abstention": _silent_rightly,
    "hit@1": _by_score("hit@1"),
    "hit@10": _by_score("hit@10"),
}


def _flips(name: str, right: Callable[[Row], bool | None], pairs: Sequence[tuple[Row, Row]]) -> Flips | None:
    """None if no question can be judged so in both runs."""
    judged = [(one, two, right(one), right(two)) for one, two in pairs]
    judged = [found for found in judged if found[2] is not None and found[3] is not None]
    if not judged:
        return None
    mended = tuple(_flip(one, two) for one, two, was, now in judged if now and not was)
    broken = tuple(_flip(one, two) for one, two, was, now in judged if was and not now)
    return Flips(name, mended, broken)


def _flip(one: Row, two: Row) -> Flip:
    return Flip(one.question.id, one.question.text, _said(one), _said(two))


def _said(row: Row) -> str:
    return "" if row.abstained else row.said


def differing_facts(a: Outcome, b: Outcome) -> tuple[tuple[Setting, ...], tuple[Setting, ...]]:
    """Settings and machine that differ, and times that do."""
    return _differing(_flat(a), _flat(b)), _differing(_times(a), _times(b))


def _flat(run: Outcome) -> dict[str, str]:
    return flat(run.settings) | flat(run.machine, "machine.")


def _times(run: Outcome) -> dict[str, str]:
    return {
        f"{stage} {part}": f"{took:.1f} ms"
        for stage, one in run.latency.items()
        for part, took in one.items()
    }


def _differing(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Setting, ...]:
    names = dict.fromkeys((*first, *second))
    found = (Setting(name, first.get(name, MISSING), second.get(name, MISSING)) for name in names)
    return tuple(one for one in found if one.first != one.second)


# --- for people and for programs ---------------------------------------------------------------

_TOLD = 100


def comparison_text(c: Comparison) -> str:
    """The comparison as plain lines, without characters that could steer a terminal."""
    done = {"questions": "asked", "articles": "read"}[c.counted]
    left = f"{c.first.n} and {c.second.n} {c.counted} {done}, {c.shared} in both"
    left += f", {c.changed} of one id but not the same {c.counted[:-1]}" if c.changed else ""
    head = [f"{line(c.suite)}: {_commit(c.first)} -> {_commit(c.second)}", left]
    blocks = [head, _change_lines(c.changes)]
    blocks += [_flip_lines(flips) for flips in c.flips if flips.mended or flips.broken]
    blocks += [_setting_lines("Settings that differ", c.settings), _setting_lines("Time", c.latency)]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _commit(side: Side) -> str:
    return line(side.commit or "no commit")


def _change_lines(changes: Sequence[Change]) -> list[str]:
    rows = [("metric", "first", "second", "second - first", "95 % interval", "p", "n", "")]
    for one in changes:
        d = one.difference
        low, high = _signed(one.metric, d.low), _signed(one.metric, d.high)
        numbers = (number_text(one.metric, one.first), number_text(one.metric, one.second))
        moved = (_signed(one.metric, d.value), f"{low} to {high}", f"{d.p:.3f}", str(d.n))
        rows.append((line(one.metric), *numbers, *moved, one.verdict))
    return _columns(rows)


def _signed(name: str, value: float) -> str:
    return f"{'-' if value < 0 else '+'}{number_text(name, abs(value))}"


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first and the last column to the left, the others to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        middle = [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *middle, row[-1]]).rstrip())
    return lines


def _flip_lines(flips: Flips) -> list[str]:
    found = [f"{flips.name}: {len(flips.mended)} wrong -> right, {len(flips.broken)} right -> wrong"]
    for sign, group in (("+", flips.mended), ("-", flips.broken)):
        found += [f"  {sign} {line(flip.id)}  {_short(flip.question)}" for flip in group]
    return found


def _short(text: str) -> str:
    told = line(text)
    return told if len(told) <= _TOLD else told[: _TOLD - 1].rstrip() + "…"


def _setting_lines(name: str, settings: Sequence[Setting]) -> list[str]:
    rows = [f"  {line(one.name)}: {line(one.first)} -> {line(one.second)}" for one in settings]
    return [name, *rows] if rows else []


def comparison_json(c: Comparison) -> dict[str, Any]:
    """The comparison as JSON values; a change also tells its `verdict`."""
    found: dict[str, Any] = plain(asdict(c))
    for record, change in zip(found["changes"], c.changes, strict=True):
        record["verdict"] = change.verdict
    return found
