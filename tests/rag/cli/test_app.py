"""The command line, entry by entry: exit codes, one-line errors, JSON alone on stdout, help in no time."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.cli import main

ROOT = Path(__file__).resolve().parents[3]
HEAVY = (
    "torch",
    "sentence_transformers",
    "chromadb",
    "tantivy",
    "gradio",
    "langchain",
    "trafilatura",
    "pandas",
)
FERRY = (
    "The ferry Aurelia left the harbour of Port Hale on Monday with ninety people on board.\n\n"
    "Captain Ines Vardo said the crossing had been delayed by fog. “We waited until we could see the "
    "lighthouse,” Vardo said. The ferry reached the island of Skarn in the evening."
)
BRIDGE = (
    "Engineers closed the old bridge over the Tarn on Thursday after cracks were found in two pillars.\n\n"
    "The mayor of Tarnholm, Piet Oslund, said repairs would take six weeks. Buses use the northern road."
)
LIBRARY = (
    "The town library of Tarnholm will stay open until midnight during the winter.\n\n"
    "Readers had asked for longer hours since the spring, the library said in a note to its members."
)
RECORDS = (
    {"id": "ferry", "title": "Ferry delayed by fog", "text": FERRY, "source": "Hale Courier",
     "published": "2023-03-28", "url": "https://courier.example/ferry"},
    {"id": "bridge", "title": "Bridge closed after cracks found", "text": BRIDGE, "source": "Tarn Post",
     "published": "2023-05-04", "url": "https://post.example/bridge"},
    {"id": "library", "title": "Library open until midnight", "text": LIBRARY, "source": "Tarn Post",
     "published": "2023-10-02", "url": "https://post.example/library"},
)  # fmt: skip

LIGHTHOUSE = "What did Captain Vardo say about the lighthouse?"

Run = Callable[..., Any]


def _write(folder: Path) -> Path:
    path = folder / "town.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive of three articles. Read only: tests that change it make their own."""
    folder = tmp_path_factory.mktemp("archive")
    path = _write(tmp_path_factory.mktemp("town"))
    with pytest.raises(SystemExit) as ended:
        main(["ingest", str(path), "--home", str(folder)])
    assert not ended.value.code
    yield folder


# -- help and usage


def test_the_help_reads_as_agreed(
    run: Run, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    golden("help.txt", run("--help").out)


def test_the_help_loads_nothing_heavy_and_takes_no_time() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = f"import sys, rag.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"
    subprocess.run([sys.executable, "-m", "rag.cli", "--help"], capture_output=True, check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    both = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert both < 1.2, f"{both:.2f} s of processor time for two starts, budget 0.6 s each"


def test_the_version(run: Run) -> None:
    assert run("--version").out.startswith("onrecord ")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["ask"], "QUESTION"),
        (["ask", "  "], "found no words"),
        (["search", "ferry", "--since", "31/03/2023"], "such as 2023-03-31"),
        (["search", "ferry", "--since", "2023-03-32"], "such as 2023-03-31"),
        (["search", "ferry", "--since", "2023-04-01", "--until", "2023-03-01"], "no later"),
        (["search", "ferry", "--top-k", "0"], "--top-k"),
        (["ask", "ferry?", "--abstain", "perhaps"], "--abstain"),
        (["ask", "ferry?", "--asked", "tomorrow"], "--asked"),
        (["serve", "--port", "0"], "--port"),
        (["ingest"], "PATH"),
        (["articles", "show"], "ID"),
        (["sing"], "sing"),
        (["ask", "ferry?", "--colour"], "--colour"),
    ],
)
def test_wrong_usage_exits_with_2(run: Run, words: list[str], wanted: str) -> None:
    outcome = run(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert wanted in outcome.err


# -- expected failures


@pytest.mark.parametrize(
    "words", [["search", "ferry"], ["ask", "Where is the ferry?"], ["info"], ["articles", "list"]]
)
def test_a_home_without_an_archive_is_told(run: Run, tmp_path: Path, words: list[str]) -> None:
    run(*words, "--home", tmp_path / "none").failed("found no archive", "onrecord ingest")
    assert not (tmp_path / "none").exists()


def test_an_unknown_model_is_told(run: Run, home: Path) -> None:
    run("ask", "Where is the ferry?", "--llm", "opnai:gpt", "--home", home).failed(
        "opnai:gpt", "did you mean openai?"
    )


def test_a_missing_key_is_told_with_the_remedy(run: Run, home: Path) -> None:
    run("ask", "Where is the ferry?", "--llm", "openai:gpt", "--home", home).failed("set OPENAI_API_KEY")


def test_an_option_for_the_model_without_a_value_is_wrong_usage(run: Run, home: Path) -> None:
    wrong = run("ask", "Where?", "--llm-option", "temperature", "--home", home)
    assert wrong.code == 2 and "temperature=0" in wrong.err


def test_a_path_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    run("ingest", tmp_path / "gone", "--home", tmp_path / "home").failed("gone", "wanted a file or folder")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, "cannot read"),
        ("{", "no JSON"),
        ('{"role": "user"}', "no list"),
        ('[{"role": "cook"}]', "turn 1"),
    ],
)
def test_a_history_that_is_none_is_told(
    run: Run, home: Path, tmp_path: Path, text: str | None, wanted: str
) -> None:
    path = tmp_path / "history.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    run("ask", "And then?", "--history", path, "--home", home).failed(wanted, "role")


def test_a_taken_port_is_told(run: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run("serve", "--port", taken.getsockname()[1], "--home", tmp_path).failed("cannot listen", "--port")


def test_an_unknown_setting_is_told(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_SERCH__TOP_K", "3")
    run("search", "ferry", "--home", home).failed("SERCH")


def test_an_unexpected_error_is_one_line_unless_debugged(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr("index.archive.Archive.info", broken)
    outcome = run("info", "--home", home)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert "ZeroDivisionError: no such luck" in outcome.err and "--debug" in outcome.err
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "info", "--home", str(home)])


# -- the commands


def test_search_tells_hits_best_first(run: Run, home: Path) -> None:
    told = run("search", "ferry fog", "--home", home, "--json").told
    scores = [hit["score"] for hit in told["hits"]]
    assert told["query"] == "ferry fog"
    assert told["hits"][0]["article_id"] == "ferry"
    assert scores == sorted(scores, reverse=True)
    assert {"text", "url", "passage_id", "copies"} <= set(told["hits"][0])


def test_search_keeps_to_its_filters(run: Run, home: Path) -> None:
    def found(*words: object) -> set[str]:
        told = run("search", "the town said on", *words, "--home", home, "--json").told
        return {hit["article_id"] for hit in told["hits"]}

    assert found("--source", "tarn post") == {"bridge", "library"}
    assert found("--source", "Tarn Post", "--source", "Hale Courier") == {"ferry", "bridge", "library"}
    assert found("--since", "2023-05-04", "--until", "2023-05-04") == {"bridge"}
    assert found("--since", "2024-01-01") == set()
    assert len(run("search", "the town", "--top-k", "1", "--home", home, "--json").told["hits"]) == 1


def test_search_for_people(run: Run, home: Path) -> None:
    outcome = run("search", "ferry fog", "--home", home)
    assert outcome.code == 0
    assert " 1. Hale Courier · 2023-03-28 · Ferry delayed by fog" in outcome.out
    assert "no passage found" in run("search", "ferry", "--since", "2024-01-01", "--home", home).err


def test_an_answer_cites_what_the_article_holds(run: Run, home: Path) -> None:
    told = run("ask", LIGHTHOUSE, "--abstain", "off", "--home", home, "--json").told
    text = run("articles", "show", "ferry", "--home", home, "--json").told["text"]
    assert not told["abstained"]
    assert "We waited until we could see the lighthouse" in told["text"]
    assert {citation["article_id"] for citation in told["citations"]} == {"ferry"}
    for citation in told["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["evidence"]
        assert f"[{citation['marker']}]" in told["text"]
        assert (citation["source"], citation["published"]) == ("Hale Courier", "2023-03-28")


def test_an_answer_for_people_ends_with_its_sources(run: Run, home: Path) -> None:
    outcome = run("ask", LIGHTHOUSE, "--abstain", "off", "--home", home)
    assert outcome.code == 0
    assert (
        "[1] Hale Courier · 2023-03-28 · Ferry delayed by fog\n    https://courier.example/ferry"
        in outcome.out
    )


def test_it_abstains_where_the_articles_do_not_tell(run: Run, home: Path) -> None:
    question = "Which orchestra won the chess tournament in Valparaíso?"
    told = run("ask", question, "--home", home, "--json", "--abstain", "on").told
    assert told["abstained"] and told["citations"] == []
    assert not run("ask", question, "--home", home, "--json", "--abstain", "off").told["abstained"]


def test_earlier_turns_are_read(run: Run, home: Path, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    turns = [
        {"role": "user", "content": "Why was the bridge over the Tarn closed?"},
        {"role": "assistant", "content": "Cracks were found in two pillars."},
    ]
    history.write_text(json.dumps(turns), encoding="utf-8")
    told = run(
        "ask",
        "How long will the repairs take?",
        "--history",
        history,
        "--abstain",
        "off",
        "--home",
        home,
        "--json",
    ).told
    assert told["question"] == "How long will the repairs take?"
    assert "six weeks" in told["text"]


def test_info_counts(run: Run, home: Path) -> None:
    told = run("info", "--home", home, "--json").told
    assert told["articles"] == 3
    assert "articles: 3" in run("info", "--home", home).out


def test_articles_are_listed(run: Run, home: Path) -> None:
    told = run("articles", "list", "--home", home, "--json").told
    assert told["total"] == 3
    assert {article["article_id"] for article in told["articles"]} == {"ferry", "bridge", "library"}
    assert run("articles", "list", "--query", "midnight", "--home", home, "--json").told["total"] == 1
    limited = run("articles", "list", "--limit", "1", "--home", home)
    assert (limited.out.count("\n"), "1 of 3" in limited.err) == (1, True)


def test_an_article_is_shown(run: Run, home: Path) -> None:
    told = run("articles", "show", "ferry", "--home", home, "--json", "--raw", "--removed").told
    assert (told["title"], told["raw"], told["removed"]) == ("Ferry delayed by fog", FERRY, [])
    shown = run("articles", "show", "ferry", "--home", home).out
    assert shown.startswith("Ferry delayed by fog\n") and "Captain Ines Vardo" in shown
    run("articles", "show", "nobody", "--home", home).failed("nobody")


@pytest.fixture
def own(run: Run, tmp_path: Path) -> Path:
    """An archive of the same articles, for tests that change it."""
    assert run("ingest", _write(tmp_path), "--home", tmp_path / "own").code == 0
    return tmp_path / "own"


def test_ingest_again_adds_nothing_and_tells_what_it_could_not_read(
    run: Run, own: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    told = run("ingest", tmp_path / "town.jsonl", tmp_path / "broken.json", "--home", own, "--json").told
    assert (told["added"], told["changed"], told["unchanged"]) == (0, 0, 3)
    assert [Path(one["origin"]).name for one in told["unreadable"]] == ["broken.json"]
    assert told["unreadable"][0]["reason"]


def test_nothing_readable_exits_with_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    outcome = run("ingest", tmp_path / "broken.json", "--home", tmp_path / "home", "--json")
    assert outcome.code == 1
    assert len(outcome.told["unreadable"]) == 1
    assert outcome.err.count("\n") == 1


def test_removed_articles_are_found_no_more(run: Run, own: Path) -> None:
    assert run("articles", "remove", "ferry", "--home", own, "--json").told == {"removed": 1}
    assert run("info", "--home", own, "--json").told["articles"] == 2
    hits = run("search", "ferry fog", "--home", own, "--json").told["hits"]
    assert "ferry" not in {hit["article_id"] for hit in hits}
    assert run("compact", "--home", own).code == 0
    run("articles", "remove", "ferry", "--home", own).failed("ferry")


def test_prune_removes_what_is_gone(run: Run, own: Path, tmp_path: Path) -> None:
    path = tmp_path / "town.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS[1:]), encoding="utf-8")
    assert run("ingest", path, "--home", own, "--json").told["removed"] == 0
    assert run("ingest", path, "--prune", "--home", own, "--json").told["removed"] == 1


def test_rebuild_keeps_the_articles(run: Run, own: Path, tmp_path: Path) -> None:
    assert run("ingest", tmp_path / "town.jsonl", "--rebuild", "--home", own).code == 0
    assert run("info", "--home", own, "--json").told["articles"] == 3
    assert run("search", "ferry fog", "--home", own, "--json").told["hits"][0]["article_id"] == "ferry"


def test_the_samples_answer_in_a_process_of_their_own(tmp_path: Path) -> None:
    samples = ROOT / "samples"
    if not samples.is_dir():
        pytest.skip("no samples/ beside the packages")
    environment = {**os.environ, "ONRECORD_HOME": str(tmp_path / "home")}

    def onrecord(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rag.cli", *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=100)

    read = onrecord("ingest", str(samples), "--json")
    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout)["unreadable"] == []
    asked = onrecord("ask", "What did Peskov say about the truce?", "--json")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert not told["abstained"] and told["citations"]


@pytest.mark.slow
@pytest.mark.loopback
def test_the_page_is_served_until_interrupted(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "rag.cli",
        "serve",
        "--port",
        str(port),
        "--home",
        str(tmp_path / "home"),
    ]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            told = next((one for one in server.stderr if "the page is at" in one), "")
            assert f"http://127.0.0.1:{port}" in told
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
                assert page.status == 200
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) in (0, 130)
