"""Tables written from results, and the page that holds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import tables
from benchmarks.results import ResultBroken, read_result, result_path, write_result
from benchmarks.tables import PageBroken, fill, gap, latest, markdown, share

SCORE = {"value": 0.75, "low": 0.5, "high": 1.0, "n": 4}
GAP = {"value": -0.25, "low": -0.5, "high": 0.0, "n": 4, "p": 0.1}
WHERE = {"suite": "towns", "commit": "abc1234", "when": "2024-05-03T10:00", "processor": "P", "cores": 2}
SEARCHED = ("hit@1", "hit@4", "hit@10", "mrr@10", "ndcg@10", "in_ten")


def system(name: str, **more: Any) -> dict[str, Any]:
    rates = {"articles_per_second": 12.34, "passages": 90, "passages_per_second": 56.7, "cpu_seconds": 7.9}
    return {
        "name": name,
        "label": name.title(),
        "dated": False,
        "settings": {"size": 1},
        "versions": {"lib": "2.0"},
        "ingest": rates,
        "peak_mib": 512.4,
        "index_mib": 3.25,
        "latency": {"p50_ms": 11.6, "p95_ms": 20.2, "deep_p50_ms": 31.0},
        "metrics": dict.fromkeys(SEARCHED, SCORE),
        **more,
    }


PEERS = {
    "kind": "peers",
    **WHERE,
    "load": [0.5, 0.7],
    "articles": 30,
    "questions": 4,
    "relevant": 3,
    "systems": [system("onrecord"), system("onrecord-dated", dated=True), system("peer")],
    "differences": {"peer": {"mrr@10": GAP}},
}
ROW = {"metrics": dict.fromkeys(SEARCHED, SCORE), "differences": dict.fromkeys(SEARCHED, GAP)}
ABLATION = {
    "kind": "ablation",
    **WHERE,
    "retrieval": [{"name": "whole", **ROW}, {"name": "dense only", **ROW}],
    "answers": [],
}
PAGE = "# Page\n\n<!-- table: {} -->\nold\n<!-- end of table -->\n\nAfter.\n"


def test_numbers_as_people_read_them() -> None:
    assert share(SCORE) == ".750 (.500–1.000)"
    assert gap(GAP) == "−.250 (−.500 to ±.000)"
    assert gap({"value": 0.0412, "low": -0.0004, "high": 0.09}) == "+.041 (±.000 to +.090)"
    assert share(None) == gap(None) == "–"


def test_a_markdown_table() -> None:
    assert markdown(["a", "b"], [["x", "1"]]) == "| a | b |\n| --- | ---: |\n| x | 1 |"


def test_what_systems_find_and_take() -> None:
    found = fill(PAGE.format("peers"), [PEERS, ABLATION])
    assert found.startswith(
        "# Page\n\n<!-- table: peers -->\n\n**towns**: 4 questions, 30 articles, 3 of them"
    )
    assert "Commit `abc1234`, P, 2 cores, load 0.5 at the start." in found
    assert "| Peer | .750 (.500–1.000) |" in found
    assert found.count("−.250 (−.500 to ±.000)") == 1
    assert found.endswith("<!-- end of table -->\n\nAfter.\n")
    cost = fill(PAGE.format("peers-cost"), [PEERS])
    assert "| Peer | 12.3 | 90 | 57 | 8 | 512 | 3.2 | 12 | 20 | 31 |" in cost
    assert "Onrecord-Dated" not in cost
    assert "| Peer | size 1 | lib 2.0 |" in fill(PAGE.format("peers-setup"), [PEERS])


def test_what_parts_are_worth() -> None:
    found = fill(PAGE.format("ablation-search"), [PEERS, ABLATION])
    assert "**towns**: 4 questions. Commit `abc1234`, P, 2 cores." in found
    assert found.count("−.250") == 1  # the whole has no difference to itself
    assert tables.NONE_YET in fill(PAGE.format("ablation-answers"), [PEERS, ABLATION])


def test_filling_twice_changes_nothing() -> None:
    once = fill(PAGE.format("peers"), [PEERS])
    assert fill(once, [PEERS]) == once
    assert "old" not in once


@pytest.mark.parametrize(
    "page",
    [
        PAGE.format("weather"),
        PAGE.format("Peers"),
        "<!-- table: peers -->\n\nno end",
        PAGE.format("peers") + "<!-- table: peers -->",
    ],
)
def test_a_page_that_cannot_be_filled_is_told(page: str) -> None:
    with pytest.raises(PageBroken):
        fill(page, [PEERS])


def test_a_result_that_lacks_something_is_told() -> None:
    with pytest.raises(ResultBroken, match="measure it again"):
        fill(PAGE.format("peers"), [{**PEERS, "systems": [{"label": "x"}]}])


@given(st.permutations(["2024-05-01", "2024-05-02", "2024-05-03"]))
def test_the_latest_result_of_a_kind_and_suite_counts(days: list[str]) -> None:
    results = [{"kind": "peers", "suite": "towns", "commit": day, "when": day} for day in days]
    other = {"kind": "ablation", "suite": "towns", "commit": "x", "when": "2024-01-01"}
    assert [one["commit"] for one in latest([*results, other])] == ["x", "2024-05-03"]


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "results" / result_path(PEERS).name
    assert path.name == "peers-towns-abc1234.json"
    write_result(path, {**PEERS, "third": 1 / 3})
    assert read_result(path)["third"] == 0.33333
    assert tables.read_results(path.parent)[0]["systems"] == PEERS["systems"]


@given(
    st.binary(max_size=40)
    | st.recursive(st.none() | st.integers(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_what_is_no_result_is_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "broken.json"
    path.write_bytes(content)
    with pytest.raises(ResultBroken):
        read_result(path)


def test_the_page_is_up_to_date() -> None:
    tables.main(["--check"])


def test_a_stale_page_is_noticed_and_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text(PAGE.format("peers"))
    monkeypatch.setattr(tables, "PAGES", (page,))
    with pytest.raises(SystemExit, match="not up to date"):
        tables.main(["--check"])
    tables.main(["--write"])
    tables.main(["--check"])
    with pytest.raises(SystemExit):
        tables.main([])
