"""Driving a system through the protocol, with a small real one in a process of its own."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.peers import environment, scope
from benchmarks.peers.drive import PeerFailed, Ranked, Told, drive
from benchmarks.peers.score import differences, summaries
from benchmarks.report import ROOT
from rag.eval.types import Evidence, Question
from rag.types import Turn

FAKE = Path(__file__).with_name("fake_peer.py")
ARTICLES = (
    {"id": "bridge", "title": "Bridge opens", "text": "The mayor opened it.", "published": "2024-05-02"},
    {"id": "strike", "title": None, "text": "Ferries stop on Monday.", "published": "2024-05-03"},
    {"id": "harvest", "title": "Harvest", "text": "Apples are late.", "published": None},
)
ASKED = [
    {"id": "q1", "text": "Who opened the bridge?", "asked": "2024-05-03"},
    {"id": "q2", "text": "When do ferries stop?", "asked": None},
]


@pytest.fixture
def request_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the fake is asked to do; it may import from the root."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    articles = tmp_path / "articles.jsonl"
    articles.write_text("".join(json.dumps(one) + "\n" for one in ARTICLES))
    (tmp_path / "index").mkdir()
    places = {"articles": str(articles), "folder": str(tmp_path / "index"), "model": "none"}
    return {"name": "words", **places, "shown": 1, "depth": 2, "questions": ASKED}


def run_fake(request: dict[str, Any], tmp_path: Path) -> Told:
    return drive([sys.executable, str(FAKE)], request, tmp_path / "log")


def test_a_system_is_measured(request_: dict[str, Any], tmp_path: Path) -> None:
    told = run_fake(request_, tmp_path)
    assert told.settings == {"case": "folded"}
    assert set(told.versions) == {"pip"}
    assert (told.ingested["articles"], told.ingested["passages"]) == (3, 6)
    assert told.rankings[False]["q1"].articles[0] == "bridge"
    assert told.rankings[False]["q2"].articles[0] == "strike"
    assert all(
        len(one.articles) == 2 and one.milliseconds > 0 and one.deep > 0
        for one in told.rankings[False].values()
    )
    assert told.peak_mib > 1


def test_the_day_of_asking_is_told_in_a_second_pass_only(request_: dict[str, Any], tmp_path: Path) -> None:
    told = run_fake(request_, tmp_path)
    assert told.rankings[True]["q1"].articles[0] == "strike"
    assert told.rankings[True]["q2"].articles == told.rankings[False]["q2"].articles


def test_what_a_system_prints_does_not_disturb(request_: dict[str, Any], tmp_path: Path) -> None:
    run_fake(request_, tmp_path)
    assert "loading none" in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("raise", "RuntimeError: no such model"),
        ("exit", "ended with 3"),
        ("babble", "told 'hello', wanted an event"),
        ("connect", "192.0.2.1 was refused: peers are measured offline"),
    ],
)
def test_a_failure_is_one_line(
    request_: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, said: str
) -> None:
    monkeypatch.setenv("FAKE_PEER", fault)
    with pytest.raises(PeerFailed) as raised:
        run_fake(request_, tmp_path)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([{"event": "done"}], "no ingest or no ranking"),
        (
            [
                {
                    "event": "ranked",
                    "id": "q1",
                    "dated": False,
                    "ranked": [],
                    "milliseconds": 1,
                    "deep_milliseconds": 2,
                }
            ],
            "not with done",
        ),
        (
            [
                {
                    "event": "ranked",
                    "id": "q1",
                    "dated": False,
                    "ranked": [],
                    "milliseconds": 1,
                    "deep_milliseconds": 2,
                },
                {"event": "done"},
            ],
            "nothing for 1 of 2 questions",
        ),
        ([{"event": "sung"}], "no event is called 'sung'"),
        ([{"event": "ranked", "id": "q1"}], "wanted an event"),
        ([["ready"]], "wanted an event"),
    ],
)
def test_what_is_left_out_or_odd_is_noticed(
    request_: dict[str, Any], tmp_path: Path, events: list[Any], said: str
) -> None:
    script = "\n".join(f"print({json.dumps(event)!r})" for event in events)
    with pytest.raises(PeerFailed, match=said):
        drive([sys.executable, "-c", script], request_, tmp_path / "log")


def question(key: str, *articles: str, **more: Any) -> Question:
    return Question(key, "?", evidence=tuple(Evidence(article) for article in articles), **more)


def told(**rankings: tuple[str, ...]) -> Told:
    ranked = {
        key: Ranked(articles, 10.0 * place, 40.0) for place, (key, articles) in enumerate(rankings.items(), 1)
    }
    ingested = {"articles": 30, "passages": 90, "seconds": 15.0, "cpu_seconds": 20.0}
    return Told({"size": 1}, {"x": "2"}, ingested, {False: ranked, True: ranked}, 300.0, True)


QUESTIONS = [question("q1", "a"), question("q2", "b")]


def test_rates_sizes_and_scores_by_hand() -> None:
    (row,) = summaries("peer", "A peer", told(q1=("a",), q2=("c", "b")), 3 * 1024 * 1024, QUESTIONS)
    assert row["name"] == "peer"
    assert row["ingest"]["articles_per_second"] == 2
    assert row["ingest"]["passages_per_second"] == 6
    assert row["index_mib"] == 3
    assert row["peak_mib"] == 300
    assert row["latency"]["p50_ms"] == 15
    assert row["latency"]["deep_p50_ms"] == 40
    assert row["distinct_articles"] == 1.5
    assert row["metrics"]["hit@1"]["value"] == 0.5
    assert row["metrics"]["mrr@10"]["value"] == 0.75
    assert row["metrics"]["mrr@10"]["n"] == 2


def test_a_row_for_the_day_of_asking_needs_a_question_that_has_one() -> None:
    dated = [question("q1", "a", asked=date(2024, 5, 3)), QUESTIONS[1]]
    rows = summaries("onrecord", "Onrecord", told(q1=("a",), q2=("b",)), 0, dated)
    assert [row["name"] for row in rows] == ["onrecord", "onrecord-dated"]
    assert rows[1]["label"] == "Onrecord, told the day of asking"


def test_differences_are_ours_less_theirs() -> None:
    both = {"onrecord": told(q1=("a",), q2=("b",)), "peer": told(q1=("a",), q2=("c", "b"))}
    found = differences(both, QUESTIONS)
    assert list(found) == ["peer"]
    assert found["peer"]["mrr@10"]["value"] == 0.25
    assert differences({"peer": both["peer"]}, QUESTIONS) == {}


def test_questions_that_not_all_can_be_asked_are_left_out() -> None:
    kept = question("kept", "a")
    others = [
        question("unjudged"),
        question("restricted", "a", articles=("a",)),
        question("follow-up", "a", history=(Turn("user", "Before?"),)),
        Question("graded 0", "?", evidence=(Evidence("a", grade=0),)),
    ]
    assert scope.askable([*others, kept]) == [kept]


@given(st.sets(st.text(min_size=1), min_size=1, max_size=20), st.data())
def test_the_picked_articles_hold_the_wanted_ones(ids: set[str], data: st.DataObject) -> None:
    ordered = sorted(ids)
    wanted = set(data.draw(st.lists(st.sampled_from(ordered))))
    most = data.draw(st.integers(len(wanted), len(ids) + 2))
    picked = scope.pick(ordered, wanted, most)
    assert wanted <= picked <= ids
    assert len(picked) == min(most, len(ids))
    assert picked == scope.pick(ordered[::-1], wanted, most)


def test_articles_that_cannot_be_picked_are_told() -> None:
    with pytest.raises(PeerFailed, match="1 relevant articles less"):
        scope.pick(["a"], {"b"}, None)
    with pytest.raises(PeerFailed, match="found 2 relevant articles, wanted at most 1"):
        scope.pick(["a", "b", "c"], {"a", "b"}, 1)


def test_articles_are_written_in_their_order_and_without_other_fields(tmp_path: Path) -> None:
    source, out = tmp_path / "articles.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps({**one, "extra": 1}) + "\n" for one in ARTICLES))
    assert scope.write_articles(source, out, {"harvest", "bridge"}, 2) == 2
    written = [json.loads(line) for line in out.read_text().splitlines()]
    assert [one["id"] for one in written] == ["bridge", "harvest"]
    assert set(written[0]) == set(scope.FIELDS)
    with pytest.raises(PeerFailed, match="is a folder"):
        scope.write_articles(tmp_path, out, set(), None)


def test_the_environment_is_pinned(tmp_path: Path) -> None:
    assert environment.torch_pin() == "torch==2.13.0"
    pins = environment.CONSTRAINTS.read_text().splitlines()
    assert all(line.count("==") == 1 for line in pins)
    named = {line.split("==")[0].lower().replace("_", "-") for line in pins}
    wanted = [line for line in environment.REQUIREMENTS.read_text().splitlines() if not line.startswith("#")]
    assert set(wanted) <= named
    with pytest.raises(PeerFailed, match="run with --install first"):
        environment.python_of(tmp_path)
