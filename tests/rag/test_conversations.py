"""Conversations kept: whole, for their owner only, from many threads, and gone when they are deleted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.types import ArticleHead, Span
from rag.assistant import Assistant
from rag.conversations import FILE, Conversations, new_key
from rag.errors import StoredError, UnknownConversation
from rag.eval.suite import place_of, read_suite
from rag.eval.types import UNKNOWN
from rag.feedback import MAX_NOTE_CHARS, REASONS, read_feedback
from rag.types import Answer, Citation, Exchange, Feedback

ME, OTHER = "token of mine", "token of another"
HEAD = ArticleHead("a1", "New ferry", "Gazette", date(2021, 5, 3))
NONE = Feedback()
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ASKED = (
    "What did Peskov say about the truce?",
    "What did Lukashenko say about the truce?",
    "What did Zelensky say?",
    "Who won the prize for the best dancing bear?",
    "What did Jens Stoltenberg say about China?",
)
JUDGED = (
    Feedback("up"),
    Feedback("down", "wrong", "Not him"),
    Feedback("down", "unfounded"),
    Feedback("down", "missed"),
)


def exchange(question: str, text: str = "The ferry sails at nine. [1]", **more: object) -> Exchange:
    """A question that was answered."""
    cited = Citation(1, HEAD, "p", Span(0, 24), "The ferry sails at nine,", Span(25, 28))
    return Exchange(Answer(question, text, text, (cited,)), feedback=NONE, **more)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that goes on by a second whenever it is read."""
    ticks = iter(range(10_000))
    return lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(ticks))


@pytest.fixture
def kept(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Conversations]:
    """A file of conversations."""
    conversations = Conversations(tmp_path / FILE, now=clock)
    yield conversations
    conversations.close()


def again(kept: Conversations) -> Conversations:
    """The same file after a restart."""
    kept.close()
    return Conversations(kept.path)


def test_a_conversation_comes_back_whole_after_a_restart(kept: Conversations) -> None:
    told = (
        exchange("When does it sail?", limits="Gazette"),
        replace(
            exchange("And then?", "The"), stopped=True, answer=Answer("And then?", "The", "", done=False)
        ),
    )
    kept.keep(ME, "k", told[:1])
    kept.keep(ME, "k", told)
    opened = (restarted := again(kept)).open(ME, "k")
    restarted.close()
    assert opened.exchanges == told and opened.unread == ()
    assert (opened.conversation.title, opened.conversation.exchanges) == ("When does it sail?", 2)
    assert [at[:19] for at in opened.asked] == ["2026-01-01T00:00:00", "2026-01-01T00:00:01"]
    assert opened.conversation.created < opened.conversation.updated


def test_nobody_finds_the_conversation_of_another(kept: Conversations) -> None:
    kept.keep(ME, "k", [exchange("When?")])
    assert kept.list(OTHER) == ([], 0) and kept.count(OTHER, "k") is None
    attempts: list[Callable[[], object]] = [
        lambda: kept.open(OTHER, "k"),
        lambda: kept.keep(OTHER, "k", [exchange("Mine now?")]),
        lambda: kept.rename(OTHER, "k", "Mine"),
        lambda: kept.judge(OTHER, "k", 0, Feedback("down")),
        lambda: kept.feedback(OTHER, "k"),
        lambda: kept.delete(OTHER, "k"),
    ]
    for attempt in attempts:
        with pytest.raises(UnknownConversation, match="another browser"):
            attempt()
    opened = kept.open(ME, "k")
    assert opened.exchanges == (exchange("When?"),) and opened.conversation.title == "When?"


def test_whoever_runs_the_machine_finds_all(kept: Conversations) -> None:
    kept.keep(ME, "k", [exchange("When?")])
    kept.keep(OTHER, "o", [exchange("Who?")])
    assert [one.key for one in kept.list(None)[0]] == ["o", "k"]
    assert kept.open(None, "k").exchanges


def test_the_newest_come_first_and_a_limit_cuts(kept: Conversations) -> None:
    for key in "abc":
        kept.keep(ME, key, [exchange(f"Question {key}?")])
    kept.keep(ME, "a", [exchange("Question a?"), exchange("More?")])
    assert [one.key for one in kept.list(ME)[0]] == ["a", "c", "b"]
    rows, total = kept.list(ME, limit=2)
    assert [one.key for one in rows] == ["a", "c"] and total == 3


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["b", "a"]),
        ("sail", ["a"]),
        ("ПАРОМ", ["b"]),
        ("nine", ["b", "a"]),
        ("Harbour", ["a"]),
        ("100%", []),
        ("50_", []),
        ("50%", ["b"]),
        ("!", []),
        ("' OR 1=1 --", []),
    ],
)
def test_searched_are_titles_questions_and_answers(kept: Conversations, words: str, found: list[str]) -> None:
    kept.keep(ME, "a", [exchange("When does it sail?")])
    kept.rename(ME, "a", "  The  HARBOUR ")
    kept.keep(ME, "b", [exchange("Где паром?", "At nine, 50% said.")])
    rows, total = kept.list(ME, words)
    assert [one.key for one in rows] == found and total == len(found)


def test_a_title_is_changed_cut_and_never_empty(kept: Conversations) -> None:
    kept.keep(ME, "a", [exchange("When?")])
    kept.rename(ME, "a", " \n ")
    assert kept.open(ME, "a").conversation.title == "When?"
    kept.rename(ME, "a", "x" * 5000)
    assert len(kept.open(ME, "a").conversation.title) == 200


def test_asking_again_replaces_what_came_after(kept: Conversations) -> None:
    kept.keep(ME, "a", [exchange("One?"), exchange("Two?"), exchange("Three?")])
    kept.judge(ME, "a", 0, Feedback("up"))
    kept.keep(ME, "a", [exchange("One?"), exchange("Another?")])
    told = kept.open(ME, "a").exchanges
    assert [one.answer.question for one in told] == ["One?", "Another?"]
    assert told[0].feedback == Feedback("up")


def test_feedback_is_kept_changed_and_taken_back(kept: Conversations) -> None:
    kept.keep(ME, "a", [exchange("One?"), exchange("Two?")])
    down = Feedback("down", "wrong", "It was Tuesday")
    for told in (down, Feedback("up"), NONE, down):
        kept.judge(ME, "a", 1, told)
        assert kept.feedback(ME, "a") == [NONE, told]
    kept.keep(ME, "a", [exchange("One?"), *kept.open(ME, "a").exchanges[1:], exchange("Three?")])
    assert kept.feedback(ME, "a")[1] == down
    kept.judge(ME, "a", 99, down)
    assert len(kept.feedback(ME, "a")) == 3


def test_only_feedback_that_is_some_is_read() -> None:
    assert read_feedback("up", "wrong", "x") == Feedback("up")
    assert read_feedback("down", "wrong", " a\n b ") == Feedback("down", "wrong", "a b")
    assert read_feedback("down", "<script>", None) == Feedback("down", "other")
    assert len(read_feedback("down", next(iter(REASONS)), "x" * 9000).note) == MAX_NOTE_CHARS
    assert read_feedback("sideways") == read_feedback(None) == NONE


def test_what_is_deleted_is_nowhere_in_the_files(kept: Conversations) -> None:
    secret = "Kassandra"
    for number in range(30):
        kept.keep(ME, "a", [exchange(f"What did {secret} say about {n}?") for n in range(number + 1)])
    kept.keep(ME, "b", [exchange("Another?")])
    kept.rename(ME, "a", f"About {secret}")
    kept.judge(ME, "a", 0, Feedback("down", "other", f"{secret} never said so"))

    def found() -> bool:
        files = list(kept.path.parent.iterdir())
        return any(
            secret.encode() in one.read_bytes().replace(secret.lower().encode(), secret.encode())
            for one in files
        )

    assert found()
    kept.delete(ME, "a")
    assert not found() and kept.list(ME)[1] == 1
    with pytest.raises(UnknownConversation):
        kept.open(ME, "a")


def test_no_token_is_in_the_file(kept: Conversations) -> None:
    kept.keep(ME, "a", [exchange("When?")])
    assert all(ME.encode() not in one.read_bytes() for one in kept.path.parent.iterdir())


def test_only_this_user_may_read_the_file(kept: Conversations) -> None:
    kept.keep(ME, "a", [exchange("When?")])
    assert {one.stat().st_mode & 0o077 for one in kept.path.parent.iterdir()} == {0}


def test_many_threads_at_once(kept: Conversations) -> None:
    def talk(number: int) -> None:
        told: list[Exchange] = []
        for turn in range(5):
            told.append(exchange(f"Question {turn} of {number}?"))
            kept.keep(f"owner {number}", f"key {number}", told)
            kept.judge(f"owner {number}", f"key {number}", turn, Feedback("up"))
            assert kept.list(f"owner {number}")[1] == 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(talk, range(8)))
    for number in range(8):
        told = kept.open(f"owner {number}", f"key {number}").exchanges
        assert [one.answer.question for one in told] == [f"Question {n} of {number}?" for n in range(5)]
        assert {one.feedback for one in told} == {Feedback("up")}


def test_it_can_be_read_beside_the_page(kept: Conversations) -> None:
    kept.keep(ME, "a", [exchange("When?")])
    reader = Conversations(kept.path, read_only=True)
    kept.keep(ME, "a", [exchange("When?"), exchange("Who?")])
    assert len(reader.open(None, "a").exchanges) == 2
    with pytest.raises(StoredError, match="readonly"):
        reader.delete(None, "a")
    reader.close()


def test_texts_that_no_file_can_hold(kept: Conversations) -> None:
    told = exchange("What \ud800 and \0?", "said \udfff")
    kept.keep(ME, "a", [told])
    assert kept.open(ME, "a").exchanges == (told,)
    kept.judge(ME, "a", 0, Feedback("down", "other", "\ud800"))
    assert kept.feedback(ME, "a") == [Feedback("down", "other", "?")]


@pytest.mark.parametrize("broken", [b"nonsense", None])
def test_a_record_that_cannot_be_read_is_told_and_the_others_are_shown(
    kept: Conversations, broken: bytes | None
) -> None:
    import zlib

    kept.keep(ME, "a", [exchange("One?"), exchange("Two?")])
    later = broken or zlib.compress(b'{"version": 99}')
    with sqlite3.connect(kept.path) as file:
        file.execute("UPDATE exchanges SET answer = ? WHERE ordinal = 0", (later,))
    file.close()
    opened = kept.open(ME, "a")
    assert [one.answer.question for one in opened.exchanges] == ["Two?"] and len(opened.asked) == 1
    assert ("cannot be unpacked" if broken else "version 99, wanted 1") in opened.unread[0]


def test_another_schema_or_another_file_is_refused(kept: Conversations, tmp_path: Path) -> None:
    with sqlite3.connect(kept.path) as file:
        file.execute("PRAGMA user_version = 7")
    file.close()
    with pytest.raises(StoredError, match="has schema 7, this release reads schema 1"):
        Conversations(kept.path)
    (tmp_path / "other").write_text("not a database at all, but long enough to be looked at as one" * 99)
    with pytest.raises(StoredError, match="move it away"):
        Conversations(tmp_path / "other")
    with pytest.raises(StoredError, match="none were kept"):
        Conversations(tmp_path / "none", read_only=True)


def test_keys_cannot_be_guessed() -> None:
    assert len({new_key() for _ in range(100)}) == 100 and len(new_key()) >= 32


# --- the command line --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the samples and one conversation about them, judged."""
    folder = tmp_path_factory.mktemp("talked")
    with Archive.open(folder) as archive:
        archive.ingest([SAMPLES])
        assistant = Assistant(archive)
        asked = [Exchange(assistant.ask(one, asked=date(2026, 1, 1)), feedback=NONE) for one in ASKED]
    kept = Conversations(folder / FILE)
    kept.keep(ME, "talk", asked)
    for place, told in enumerate(JUDGED):
        kept.judge(ME, "talk", place, told)
    kept.close()
    return folder


def lines_in(path: Path) -> list[dict[str, Any]]:
    """The records of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_conversations_are_listed_and_shown(home: Path, run: Callable[..., Any]) -> None:
    listed = run("conversations", "list", "--home", home)
    assert (
        listed.code == 0 and "talk" in listed.out and "5 questions" in listed.out and ASKED[0] in listed.out
    )
    told = run("conversations", "list", "--query", "no such words", "--home", home, "--json").told
    assert told == {"total": 0, "conversations": []}
    shown = run("conversations", "show", "talk", "--home", home)
    assert all(question in shown.out for question in ASKED) and "thumb down · wrong · Not him" in shown.out
    told = run("conversations", "show", "talk", "--home", home, "--json").told
    assert [one["feedback"] and one["feedback"]["verdict"] for one in told["exchanges"]] == [
        "up", "down", "down", "down", None,
    ]  # fmt: skip
    assert told["exchanges"][0]["answer"]["citations"]


def test_what_is_not_there_is_told(home: Path, run: Callable[..., Any], tmp_path: Path) -> None:
    run("conversations", "show", "nothing", "--home", home).failed("not kept any more")
    run("conversations", "list", "--home", tmp_path).failed("none were kept")
    target = tmp_path / "file"
    target.write_text("")
    run("conversations", "export", target / "x.jsonl", "--home", home).failed("cannot write")


def test_complaints_become_questions(home: Path, run: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "new" / "complaints.jsonl"
    assert run("conversations", "export", file, "--feedback", "down", "--home", home).code == 0
    wrong, unfounded, missed = lines_in(file)
    assert (wrong["question"], wrong["answerable"], wrong["evidence"]) == (ASKED[1], None, [])
    assert wrong["tags"] == ["down", "wrong"] and wrong["note"] == "Not him"
    assert (unfounded["answerable"], missed["answerable"]) == (False, True)
    assert wrong["history"][0]["content"] == ASKED[0] and len(wrong["history"]) == 2
    assert len(missed["history"]) == 6
    run("conversations", "export", file, "--feedback", "up", "--home", home)
    assert len(lines_in(file)) == 1


def test_what_is_exported_is_a_suite_whose_evidence_stands(
    home: Path, run: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "readers"
    assert run("conversations", "export", folder, "--home", home, "--json").told["questions"] == 4
    suite = read_suite(folder)
    assert suite.name == "readers" and len({one.id for one in suite.questions}) == 4
    first, second = suite.questions[:2]
    assert first.answerable and first.evidence and first.asked == datetime.now(UTC).date()
    assert second.answerable and UNKNOWN in second.tags
    texts = {one["id"]: one["text"] for one in lines_in(folder / "articles.jsonl")}
    for one in first.evidence:
        assert one.span and one.span.of(texts[one.article]) == one.quote
    with Archive.open(tmp_path / "suite") as archive:
        archive.ingest([suite.articles])
        for one in first.evidence:
            place = place_of(archive, one)
            assert place and place.text == one.quote
