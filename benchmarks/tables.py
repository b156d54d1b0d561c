"""Write the tables of README.md and docs/benchmarks.md from benchmarks/results/, or check them.

    python -m benchmarks.tables --check | --write

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`; of each kind and suite the latest
result counts. Knows the results and nothing of how they came about.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import ROOT
from benchmarks.results import RESULTS, ResultBroken, read_result
from index.errors import OnrecordError

PAGES = (ROOT / "README.md", ROOT / "docs" / "benchmarks.md")
NONE_YET = "No result is there yet."
_BLOCK = re.compile(r"(<!-- table: (?P<name>[a-z-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
_OPEN = re.compile(r"<!-- table: [^>]*-->")

Result = Mapping[str, Any]


class PageBroken(OnrecordError):
    """A page asks for a table that cannot be made."""


def latest(results: Iterable[Result]) -> list[Result]:
    """The last one measured of each kind and suite, by kind, then suite."""
    best: dict[tuple[str, str], Result] = {}
    for result in sorted(results, key=lambda one: str(one.get("when", ""))):
        best[result["kind"], result["suite"]] = result
    return [best[key] for key in sorted(best)]


def read_results(folder: Path = RESULTS) -> list[Result]:
    """The latest results in a folder. Raises ResultBroken."""
    return latest(read_result(path) for path in sorted(folder.glob("*.json")))


def fill(page: str, results: Sequence[Result]) -> str:
    """The page with its tables made anew. Raises PageBroken, ResultBroken."""

    def make(block: re.Match[str]) -> str:
        name = block["name"]
        if name not in TABLES:
            raise PageBroken(f"the page asks for a table {name!r}, known are {', '.join(TABLES)}")
        kind, render = TABLES[name]
        try:
            parts = [render(result) for result in results if result["kind"] == kind]
        except (KeyError, TypeError) as error:
            raise ResultBroken(f"a result of kind {kind} lacks {error}: measure it again") from error
        shown = "\n\n".join(part for part in parts if part) or NONE_YET
        return f"{block[1]}\n{shown}\n\n{block[3]}"

    if len(_OPEN.findall(page)) != len(_BLOCK.findall(page)):
        raise PageBroken(
            "a table of the page is misspelt or not closed, wanted <!-- table: NAME --> and "
            "<!-- end of table -->"
        )
    return _BLOCK.sub(make, page)


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, the first column to the left, the others to the right."""
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def share(metric: Mapping[str, float] | None) -> str:
    """A score with its interval: ".650 (.572–.720)"."""
    if metric is None:
        return "–"
    return f"{_short(metric['value'])} ({_short(metric['low'])}–{_short(metric['high'])})"


def gap(difference: Mapping[str, float] | None) -> str:
    """A difference with its interval: "+.041 (−.010 to +.092)"."""
    if difference is None:
        return "–"
    value, low, high = (_signed(difference[name]) for name in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def _signed(value: float) -> str:
    sign = "+" if round(value, 3) > 0 else "−" if round(value, 3) < 0 else "±"
    return sign + _short(abs(value))


def _where(result: Result) -> str:
    load = f", load {result['load'][0]:.1f} at the start" if "load" in result else ""
    return f"Commit `{result['commit']}`, {result['processor']}, {result['cores']} cores{load}."


def peers_found(result: Result) -> str:
    """What each system found."""
    names = ("hit@1", "hit@4", "hit@10", "mrr@10", "ndcg@10")
    gaps = result["differences"]
    rows = [
        [
            row["label"],
            *(share(row["metrics"][name]) for name in names),
            gap(gaps.get(row["name"], {}).get("mrr@10")),
        ]
        for row in result["systems"]
    ]
    columns = ["system", *names, "Onrecord better by, mrr@10"]
    head = f"**{result['suite']}**: {result['questions']} questions, {result['articles']} articles, "
    head += f"{result['relevant']} of them relevant to one. {_where(result)}"
    return f"{head}\n\n{markdown(columns, rows)}"


def peers_cost(result: Result) -> str:
    """What each system took; a row told the day of asking differs in latency only and is left out."""
    rows = [
        [
            row["label"],
            f"{row['ingest']['articles_per_second']:.1f}",
            str(int(row["ingest"]["passages"])),
            f"{row['ingest']['passages_per_second']:.0f}",
            f"{row['ingest']['cpu_seconds']:.0f}",
            f"{row['peak_mib']:.0f}",
            f"{row['index_mib']:.1f}",
            f"{row['latency']['p50_ms']:.0f}",
            f"{row['latency']['p95_ms']:.0f}",
            f"{row['latency']['deep_p50_ms']:.0f}",
        ]
        for row in result["systems"]
        if not row["dated"]
    ]
    columns = ["system", "articles/s", "passages", "passages/s", "processor s", "peak MiB", "index MiB"]
    return f"**{result['suite']}**\n\n{markdown([*columns, 'p50 ms', 'p95 ms', 'p50 ms deep'], rows)}"


def peers_setup(result: Result) -> str:
    """Settings and versions."""
    rows = [
        [row["label"], _listed(row["settings"]), _listed(row["versions"])]
        for row in result["systems"]
        if not row["dated"]
    ]
    return f"**{result['suite']}**\n\n{markdown(['system', 'settings', 'versions'], rows)}"


def _listed(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def ablation_search(result: Result) -> str:
    """Retrieval with one part switched off."""
    names = ("hit@1", "hit@10", "mrr@10", "in_ten")
    return _ablation(result, "retrieval", names, "mrr@10")


def ablation_answers(result: Result) -> str:
    """Answers with one part switched off."""
    return _ablation(result, "answers", ("answer_match",), "answer_match")


def _ablation(result: Result, kind: str, names: Sequence[str], main: str) -> str:
    listed = result[kind]
    if not listed:
        return ""
    rows = [
        [
            row["name"],
            *(share(row["metrics"][name]) for name in names),
            "" if place == 0 else gap(row["differences"][main]),
        ]
        for place, row in enumerate(listed)
    ]
    head = f"**{result['suite']}**: {listed[0]['metrics'][main]['n']} questions. {_where(result)}"
    return f"{head}\n\n{markdown(['', *names, f'to the whole, {main}'], rows)}"


TABLES: Mapping[str, tuple[str, Callable[[Result], str]]] = {
    "peers": ("peers", peers_found),
    "peers-cost": ("peers", peers_cost),
    "peers-setup": ("peers", peers_setup),
    "ablation-search": ("ablation", ablation_search),
    "ablation-answers": ("ablation", ablation_answers),
}
"""Name of a table to the kind of result it shows and how."""


def main(argv: Sequence[str]) -> None:
    """Write or check the pages. Raises PageBroken, ResultBroken."""
    if list(argv) not in (["--write"], ["--check"]):
        raise SystemExit(__doc__)
    results = read_results()
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        made = fill(page, results)
        if argv[0] == "--write":
            path.write_text(made, encoding="utf-8")
        elif made != page:
            raise SystemExit(
                f"docs/{path.name} is not up to date: "
                "run `python -m benchmarks.tables --write` and read what changed"
            )


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OnrecordError as error:
        raise SystemExit(str(error)) from None
