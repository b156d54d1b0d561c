"""What the page does with what was typed, clicked and uploaded, without a browser.

The assistant and the archive here are small and real: they answer from a dictionary of articles.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from index.errors import OnrecordError, UnknownArticle
from index.listing import Entry
from index.quotes import Quotes
from index.types import Article, Filters, Span
from rag.config import Settings
from rag.page.ask_tab import COPIED, THREAD
from rag.page.launch import launch, theme
from rag.page.page import PREVIEW, SERVER, SOURCE, build_page
from rag.page.parts import ASSETS, asset
from rag.page.talk import MAX_QUESTION_CHARS, Talk, paced, turns_of
from rag.page.typed import read_day, read_filters, read_spans
from rag.render.thread import Holdings, holdings_text, limits_text
from rag.types import Answer, Citation, Exchange, Turn

FERRY = Article(
    "a1", "New ferry", "The ferry sails at nine, the port said.", None, "Gazette", date(2021, 5, 3)
)


@dataclass
class Shelfful:
    """An archive of a few articles in memory."""

    home: Path
    articles: dict[str, Article] = field(default_factory=lambda: {FERRY.id: FERRY})

    def article(self, article_id: str) -> Article:
        if article_id not in self.articles:
            raise UnknownArticle(f"no article has the id {article_id!r}")
        return self.articles[article_id]

    def list(self, words: str = "", *, limit: int | None = None, offset: int = 0) -> tuple[list[Entry], int]:
        found = [one for one in self.articles.values() if words.lower() in one.title.lower()]
        rows = [Entry(a.id, a.title, a.source, a.published) for a in found]
        return rows[offset : None if limit is None else offset + limit], len(found)

    def quotes(self, *, filters: Filters) -> Quotes:
        return Quotes((), 0)

    def sources(self) -> tuple[str, ...]:
        return ("Gazette",)

    def info(self) -> dict[str, Any]:
        number = len(self.articles)
        return {
            "articles": number,
            "passages": number,
            "sources": 1,
            "first": "2021-05-03",
            "last": "2023-01-01",
        }


class Clerk:
    """An assistant that answers in steps, fails when told to, and remembers what it was given."""

    settings = Settings.model_construct()

    def __init__(self, archive: Shelfful) -> None:
        self.archive = archive
        self.given: dict[str, Any] = {}

    def stream(self, question: str, **given: Any) -> Iterator[Answer]:
        self.given = given
        if "expected" in question:
            raise OnrecordError("found <nothing>, wanted something")
        if "bug" in question:
            raise RuntimeError("secret path /home/x")
        growing = Answer(question, "The ferry", "The ferry", done=False)
        yield growing
        yield growing
        if "later bang" in question:
            raise RuntimeError("secret")
        text = "The ferry sails at nine. [1]"
        cited = Citation(1, FERRY.head, "p", Span(0, 24), "The ferry sails at nine,", Span(25, 28))
        yield Answer(question, text, text, (cited,))

    def ask(self, question: str, **given: Any) -> Answer:
        return list(self.stream(question, **given))[-1]

    quote = ask


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Closes the event loops that Gradio makes and leaves open where none is running."""
    make, made = asyncio.new_event_loop, []

    def noted() -> asyncio.AbstractEventLoop:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(asyncio, "new_event_loop", noted)
    yield
    asyncio.set_event_loop(None)
    for one in made:
        one.close()


@pytest.fixture
def archive(tmp_path: Path) -> Shelfful:
    """An archive of one article."""
    return Shelfful(tmp_path / "home")


@pytest.fixture
def clerk(archive: Shelfful) -> Clerk:
    """An assistant over it."""
    return Clerk(archive)


def steps(
    clerk: Clerk, question: str, before: tuple[Exchange, ...] = (), **filters: Any
) -> list[tuple[Any, ...]]:
    """What asking yields."""
    given = {"outlets": [], "since": "", "until": ""} | filters
    return list(Talk(clerk).ask(question, before, *given.values()))  # type: ignore[arg-type]


# --- what was typed ----------------------------------------------------------------------------


def test_days() -> None:
    assert read_day("2023-03-31") == date(2023, 3, 31)
    assert read_day("2023-03-31 00:00:00") == date(2023, 3, 31)
    assert read_day("") is None and read_day(None) is None
    with pytest.raises(OnrecordError, match="wanted one like 2023-03-31"):
        read_day("2023-02-31")


def test_filters() -> None:
    assert read_filters(None, None, None) == Filters()
    assert read_filters(["A"], "2023-01-01", "2023-02-01") == Filters(
        date(2023, 1, 1), date(2023, 2, 1), ("A",)
    )
    with pytest.raises(OnrecordError, match="swap them"):
        read_filters([], "2023-02-01", "2023-01-01")
    assert limits_text(read_filters(["A", "B"], "2023-01-01", "")) == "A, B, from 1 January 2023"


@pytest.mark.parametrize(
    ("said", "spans"),
    [
        ("3-9 20-31", [(3, 9), (20, 31)]),
        ("9-3 x 4-4", []),
        ("", []),
        ("0-5; DROP", [(0, 5)]),
        ("٣-٩", []),
        (None, []),
    ],
)
def test_spans_a_button_names(said: Any, spans: list[tuple[int, int]]) -> None:
    assert read_spans(said) == tuple(Span(*pair) for pair in spans)


# --- asking ------------------------------------------------------------------------------------


def test_asking_grows_until_the_answer_is_whole(clerk: Clerk) -> None:
    waiting, first, alive, last = steps(clerk, "  When does\nit sail? ")
    assert "waiting" in waiting[0] and waiting[3] == ""
    assert first[1][0].answer.text == "The ferry" and 'aria-busy="true"' in first[0]
    assert (alive[0], alive[1], alive[3]) == (gr.skip(),) * 3
    for step in (waiting, first, alive, last):  # a page still opening undoes what it was told before
        assert step[2].stop_btn == "Stop" and step[2].submit_btn is False
    assert last[1][0].answer.question == "When does it sail?"
    assert "marker" in last[0] and "aria-busy" not in last[0]
    assert Talk(clerk).settle(last[1])[:2] == (gr.skip(), gr.skip())  # type: ignore[arg-type]


def test_a_button_opens_its_article_and_none_tells_that_nothing_is_cited(clerk: Clerk) -> None:
    exchanges = steps(clerk, "When does it sail?")[-1][1]
    click = SimpleNamespace(article="a1", spans="0-24")
    talk = Talk(clerk)  # type: ignore[arg-type]
    lit = '<mark class="focus" data-span="0-24">The ferry sails at nine,</mark>'
    assert lit in talk.open(click, exchanges)  # type: ignore[arg-type]
    nothing = SimpleNamespace(article="", spans="")
    assert "Nothing is cited" in talk.open(nothing, exchanges)  # type: ignore[arg-type]


def test_answers_are_paced() -> None:
    grown = [Answer("q", "word " * n, "", done=n == 9) for n in range(10)]
    fast = list(paced(grown, 60))
    assert fast == [grown[0], grown[-1]]
    assert list(paced([grown[0], grown[0], grown[1], grown[1]], 0)) == [grown[0], None, grown[1], None]


def test_earlier_turns_filters_and_today_are_handed_on(clerk: Clerk) -> None:
    before = (Exchange(Answer("One?", "Yes.", "")),)
    last = steps(clerk, "Two?", before, outlets=["Gazette"], since="2021-01-01")[-1]
    assert clerk.given["history"] == (Turn("user", "One?"), Turn("assistant", "Yes.")) == turns_of(before)
    assert clerk.given["filters"] == Filters(since=date(2021, 1, 1), sources=("Gazette",))
    assert clerk.given["asked"] == date.today()
    assert [one.answer.question for one in last[1]] == ["One?", "Two?"]
    assert "Only Gazette, from 1 January 2021" in last[0]


def test_an_empty_question_changes_nothing(clerk: Clerk) -> None:
    assert len(steps(clerk, " \n ")) == 1 and clerk.given == {}


def test_a_long_question_is_cut(clerk: Clerk) -> None:
    assert len(steps(clerk, "x" * 9000)[-1][1][0].answer.question) == MAX_QUESTION_CHARS


def test_failures_are_told_and_leave_the_conversation_as_it_was(clerk: Clerk) -> None:
    before = (Exchange(Answer("One?", "Yes.", "")),)
    waiting, failed = steps(clerk, "an expected failure?", before)
    assert "found &lt;nothing&gt;, wanted something" in failed[0] and "Yes." in failed[0]
    assert 'data-ask="an expected failure?"' in failed[0]
    assert len(waiting[1]) == 2 and failed[1] == before
    assert "wanted one like" in steps(clerk, "when?", since="soon")[1][0]


def test_a_bug_is_told_without_its_details(clerk: Clerk, caplog: pytest.LogCaptureFixture) -> None:
    shown = steps(clerk, "a bug?")
    assert "unexpected RuntimeError" in shown[1][0] and "secret" not in shown[1][0]
    assert "secret path" in caplog.text


def test_a_failure_midway_keeps_what_was_shown(clerk: Clerk) -> None:
    last = steps(clerk, "a later bang?")[-1]
    assert "The ferry" in last[0] and "The model did not finish" in last[0]
    assert last[1][0].answer.done and "unexpected RuntimeError" in last[1][0].answer.problem


def test_an_unknown_article_is_told(clerk: Clerk) -> None:
    assert "no article has the id &#x27;../x&#x27;" in Talk(clerk).show("../x", []).replace("'", "&#x27;")


def test_stopping_keeps_what_was_shown(clerk: Clerk) -> None:
    talk = Talk(clerk)  # type: ignore[arg-type]
    asked = talk.ask("When does it sail?", (), [], "", "")
    next(asked)
    state = next(asked)[1]
    asked.close()
    html, kept, box, _ = talk.settle(state)
    assert "The ferry" in html and "Stopped." in html and box.submit_btn == "Ask"
    assert kept[0].stopped and talk.settle(kept)[0] == gr.skip()
    assert turns_of(kept) == (Turn("user", "When does it sail?"), Turn("assistant", "The ferry"))
    nothing = (Exchange(Answer("One?", "", "", done=False)),)
    assert turns_of(nothing) == (Turn("user", "One?"),)
    assert talk.settle(())[0] == gr.skip() and talk.restart()[1] == ()


def test_closing_ends_the_work(archive: Shelfful) -> None:
    ended = []

    class Slow(Clerk):
        def stream(self, question: str, **given: Any) -> Iterator[Answer]:
            try:
                yield from super().stream(question, **given)
            finally:
                ended.append(question)

    asked = Talk(Slow(archive)).ask("When?", (), [], "", "")  # type: ignore[arg-type]
    next(asked), next(asked)
    asked.close()
    assert ended == ["When?"]


def test_examples_are_kept_until_the_archive_changes(clerk: Clerk, archive: Shelfful) -> None:
    text = "Director Ada Okoye said the tariff would not rise this year."
    archive.articles = {"a1": Article("a1", "Port council on the tariff", text, language="en")}
    talk = Talk(clerk)
    seeking, found = talk.suggest(())
    assert "Looking for questions" in seeking and "What did Ada Okoye say about the tariff?" in found
    clerk.given = {}
    assert list(talk.suggest(())) == [found] and clerk.given == {}
    archive.articles.clear()
    assert list(talk.suggest(())) == [""] and list(talk.suggest((Exchange(Answer("When?", "", "")),))) == [""]


def test_holdings() -> None:
    assert (
        holdings_text(Holdings(4853, 120, "2011-01-02", "2024-05-06"))
        == "4,853 articles from 120 outlets, 2011–2024"
    )
    assert holdings_text(Holdings(1, 1, "2011-01-02", "2011-05-06")) == "1 article from 1 outlet, 2011"
    assert holdings_text(Holdings(0)) == "0 articles"


# --- the page itself ---------------------------------------------------------------------------


def test_templates_hold_no_other_placeholder_and_nothing_comes_from_outside() -> None:
    for template, values in ((THREAD, 1), (SOURCE, 1), (PREVIEW, 0), (COPIED, 0), (SERVER, 0)):
        assert template.count("${") == values and "{{" not in template and "`" not in template
    for name in sorted(path.name for path in ASSETS.glob("*.*s*")):
        assert "http" not in asset(name) and "@import" not in asset(name) and "url(" not in asset(name)
    css = theme()._get_theme_css()
    assert "@font-face" not in css and "@import" not in css
    assert set(re.findall(r"https?://[^'\" )]*", css)) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.usefixtures("loops")
def test_events_are_not_offered_as_an_api(clerk: Clerk) -> None:
    page = build_page(clerk)  # type: ignore[arg-type]
    assert page.fns and all(fn.api_visibility == "private" for fn in page.fns.values())
    assert not page.analytics_enabled


@pytest.mark.loopback
@pytest.mark.usefixtures("loops")
def test_a_taken_port_is_told(clerk: Clerk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OnrecordError, match=rf"127\.0\.0\.1:{port}.*--port"):
            launch(clerk, port=port, block=False)  # type: ignore[arg-type]
