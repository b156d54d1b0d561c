"""Conversations kept: whole, for their owner only, from many threads, and gone when they are deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from index.types import ArticleHead, Span
from rag.conversations import FILE, Conversations, new_key
from rag.errors import StoredError, UnknownConversation
from rag.feedback import MAX_NOTE_CHARS, REASONS, read_feedback
from rag.types import Answer, Citation, Exchange, Feedback

ME, OTHER = "token of mine", "token of another"
HEAD = ArticleHead("a1", "New ferry", "Gazette", date(2021, 5, 3))
NONE = Feedback()


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
