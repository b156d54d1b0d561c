"""What the page does around asking: keeps, finds again, judges, saves, and tells what became of a source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from index.errors import UnknownArticle
from index.types import Article, Hit, Passage, Span
from rag.cited import stale, words_of
from rag.config import Settings
from rag.conversations import FILE, Conversations, new_key
from rag.page.conversations import Drawer, Place
from rag.page.conversations_part import DIALOGS
from rag.page.parts import asset
from rag.page.talk import Talk
from rag.render.conversations import below_html, listed_html
from rag.render.saved import conversation_html, conversation_markdown
from rag.types import Answer, Citation, Claim, Exchange, Feedback, Version

TEXT = "The ferry sails at nine, the port said."
FERRY = Article("a1", "New <b>ferry</b>", TEXT, "https://gazette.example/f", "Gazette", date(2021, 5, 3))
ME, OTHER = new_key(), new_key()
SKIP = gr.skip()
LIMITS: tuple[Any, ...] = ([], "", "")


@dataclass
class Shelf:
    """An archive of articles in memory."""

    articles: dict[str, Article] = field(default_factory=lambda: {FERRY.id: FERRY})

    def article(self, article_id: str) -> Article:
        """The article, if it is there."""
        if article_id not in self.articles:
            raise UnknownArticle(f"no article has the id {article_id!r}")
        return self.articles[article_id]

    def sources(self) -> tuple[str, ...]:
        """Outlets."""
        return ("Gazette",)

    def list(self, words: str = "", **_: Any) -> tuple[list[Any], int]:
        """Nothing to make examples of."""
        return [], 0

    def info(self) -> dict[str, Any]:
        """Numbers."""
        return {"articles": 1, "passages": 1, "sources": 1, "first": None, "last": None}


class Clerk:
    """An assistant that answers in two steps and remembers the turns it was given."""

    settings = Settings.model_construct()

    def __init__(self) -> None:
        self.archive = Shelf()
        self.history: Sequence[Any] = ()

    def stream(self, question: str, **given: Any) -> Iterator[Answer]:
        """A word, then the answer."""
        self.history = given["history"]
        if "nothing" in question:
            raise RuntimeError("secret")
        yield Answer(question, "The ferry", "The ferry", done=False)
        if "bang" in question:
            raise RuntimeError("secret")
        text = "The ferry sails at nine. [1]"
        cited = Citation(1, FERRY.head, "p", Span(0, 24), TEXT[:24], Span(25, 28))
        yield Answer(question, text, text, (cited,))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    """A file of conversations."""
    conversations = Conversations(tmp_path / FILE)
    yield conversations
    conversations.close()


@pytest.fixture
def drawer(kept: Conversations) -> Drawer:
    """The page's drawer over it."""
    return Drawer(Talk(Clerk()), kept)  # type: ignore[arg-type]


def place(owner: str = ME, key: str = "", seen: int = 0) -> dict[str, Any]:
    """What a browser says of itself."""
    return Place(owner, key, seen).told()


def asked(
    drawer: Drawer, question: str, at: dict[str, Any] | None = None, before: tuple[Exchange, ...] = ()
) -> tuple[dict[str, Any], tuple[Exchange, ...], str]:
    """Where the tab is after asking, its conversation, and how that looks."""
    last = list(drawer.ask(at or place(), question, before, *LIMITS))[-1]
    return last[0], last[2], last[1]


def click(**data: Any) -> Any:
    """A click on a button with these data attributes."""
    return SimpleNamespace(**data)


# --- asking ------------------------------------------------------------------------------------


def test_an_answer_is_kept_as_soon_as_it_is_whole(drawer: Drawer, kept: Conversations) -> None:
    steps = drawer.ask(place(), "When?", (), *LIMITS)
    first = next(steps)
    key = first[0]["key"]
    assert first[0] == place(ME, key, 1) and kept.count(ME, key) is None
    while not (step := next(steps))[2][0].answer.done:
        assert kept.count(ME, key) is None
    assert kept.open(ME, key).exchanges == step[2]  # before anybody asked for more
    assert step[2][0].feedback == Feedback() and "thumb" in step[1]
    steps.close()
    assert kept.open(ME, key).exchanges == step[2]


def test_a_follow_up_goes_into_the_same_conversation(drawer: Drawer, kept: Conversations) -> None:
    at, told, _ = asked(drawer, "When?")
    again, told, _ = asked(drawer, "And then?", at, told)
    assert again == {**at, "seen": 2} and kept.open(ME, at["key"]).exchanges == told


@pytest.mark.parametrize("pieces", [1, 2])
def test_what_was_stopped_is_kept_as_stopped_when_the_browser_is_gone(
    drawer: Drawer, kept: Conversations, pieces: int
) -> None:
    steps = drawer.ask(place(), "When?", (), *LIMITS)
    for _ in range(pieces):
        key = next(steps)[0]["key"]
    steps.close()
    told = kept.open(ME, key).exchanges[0]
    assert told.stopped and told.answer.text == ("The ferry" if pieces == 2 else "")
    assert "thumb" not in below_html(told)


def test_asking_again_in_vain_leaves_what_is_kept(drawer: Drawer, kept: Conversations) -> None:
    at, told, _ = asked(drawer, "When?")
    at, told, _ = asked(drawer, "And then?", at, told)
    drawer.judge(click(turn=0, verdict="up"), at, told)
    told = kept.open(ME, at["key"]).exchanges
    steps = drawer.ask_again(click(turn="0"), at, told, *LIMITS)
    assert next(steps)[0] == at and next(steps)[0] == at  # where it will be if this comes to nothing
    steps.close()
    assert kept.open(ME, at["key"]).exchanges == told
    drawer.talk.assistant.stream = broken  # type: ignore[method-assign]
    *_, last = drawer.ask_again(click(turn="0"), at, told, *LIMITS)
    assert (last[0], last[2]) == (at, told) and "Asking again failed" in last[1]
    assert kept.open(ME, at["key"]).exchanges == told and told[0].feedback == Feedback("up")


def broken(question: str, **_: Any) -> Iterator[Answer]:
    """A model that breaks off."""
    yield Answer(question, "", "", problem="the model said nothing")


def test_a_failure_keeps_what_was_shown_and_nothing_else(drawer: Drawer, kept: Conversations) -> None:
    at, told, shown = asked(drawer, "bang?")
    assert kept.open(ME, at["key"]).exchanges == told and told[0].answer.problem and "thumb" in shown
    again, told, shown = asked(drawer, "nothing?", at, told)
    assert again == at and kept.count(ME, at["key"]) == len(told) == 1 and "unexpected RuntimeError" in shown


def test_an_empty_question_keeps_nothing(drawer: Drawer, kept: Conversations) -> None:
    list(drawer.ask(place(), "  ", (), *LIMITS))
    assert kept.list(None)[1] == 0


def test_an_example_is_kept_too(drawer: Drawer, kept: Conversations) -> None:
    list(drawer.ask_button(click(question="When?"), place(), (), *LIMITS))
    assert kept.list(ME)[0][0].title == "When?"


def test_two_tabs_in_one_conversation_part_ways(drawer: Drawer, kept: Conversations) -> None:
    at, told, _ = asked(drawer, "When?")
    one, first, _ = asked(drawer, "In this tab?", at, told)
    other, second, _ = asked(drawer, "In that tab?", at, told)
    assert one["key"] == at["key"] != other["key"]
    assert kept.open(ME, one["key"]).exchanges == first and kept.open(ME, other["key"]).exchanges == second


def test_a_server_started_anew_goes_on_where_the_tab_is(drawer: Drawer, kept: Conversations) -> None:
    at, told, _ = asked(drawer, "When?")
    again, both, _ = asked(drawer, "And then?", at, ())
    assert again["key"] == at["key"] and both[:1] == told and len(drawer.talk.assistant.history) == 2  # type: ignore[attr-defined]


def test_asking_an_earlier_question_again_replaces_what_came_after(
    drawer: Drawer, kept: Conversations
) -> None:
    at, told, _ = asked(drawer, "One?")
    at, told, _ = asked(drawer, "Two?", at, told)
    at, told, _ = asked(drawer, "Another?", at, told[:1])
    assert [one.answer.question for one in kept.open(ME, at["key"]).exchanges] == ["One?", "Another?"]


def test_a_turn_asked_again_replaces_itself_and_what_came_after(drawer: Drawer, kept: Conversations) -> None:
    at, told, _ = asked(drawer, "One?")
    at, told, _ = asked(drawer, "Two?", at, told)
    last = list(drawer.ask_again(click(turn="0"), at, told, *LIMITS))[-1]
    assert last[0] == {**at, "seen": 1}
    assert [one.answer.question for one in kept.open(ME, at["key"]).exchanges] == ["One?"]
    nowhere = list(drawer.ask_again(click(turn="7"), last[0], last[2], *LIMITS))
    assert nowhere[-1][1:3] == (SKIP, SKIP)
    assert kept.count(ME, at["key"]) == 1


@pytest.mark.parametrize("who", [None, {}, {"owner": "short"}, {"owner": "x" * 99}, "x", {"owner": 5}])
def test_a_browser_without_a_token_is_answered_and_nothing_is_kept(
    drawer: Drawer, kept: Conversations, who: Any
) -> None:
    last = list(drawer.ask(who, "When?", (), *LIMITS))[-1]
    assert last[0] == SKIP and last[2][0].answer.done and "thumb" not in last[1]
    assert kept.list(None)[1] == 0 and drawer.arrive(who, ())[3] == ""


def test_nothing_is_kept_where_that_is_turned_off() -> None:
    drawer = Drawer(Talk(Clerk()), None)  # type: ignore[arg-type]
    last = list(drawer.ask(place(), "When?", (), *LIMITS))[-1]
    assert last[0] == SKIP and last[2][0].feedback is None and "thumb" not in last[1]
    assert drawer.arrive(place(), ())[4].visible is False
    assert drawer.judge(click(turn=0, verdict="up"), place(), last[2]) == (SKIP, SKIP)
    saved = drawer.save(click(kind="markdown", key=""), place(), last[2])
    assert "# When?" in saved["text"] and "gazette.example" in saved["text"]


def test_an_answer_is_shown_although_it_cannot_be_kept(
    drawer: Drawer, kept: Conversations, caplog: pytest.LogCaptureFixture
) -> None:
    at, told, _ = asked(drawer, "When?")
    steps = drawer.ask(at, "And then?", told, *LIMITS)
    next(steps)
    kept.close()
    last = list(steps)[-1]
    assert last[2][-1].answer.done and "was not kept" in caplog.text
    listed, heading = drawer.arrive(at, ())[3:]
    assert "cannot be used" in listed and heading.visible
    assert drawer.settled(at, told, "")[:2] == (SKIP, SKIP)


# --- finding again -----------------------------------------------------------------------------


def test_a_reload_shows_the_conversation_and_a_new_tab_does_not(drawer: Drawer) -> None:
    at, told, shown = asked(drawer, "When?")
    arrived = drawer.arrive(at, ())
    assert arrived[:3] == (at, shown, told) and "When?" in arrived[3] and 'aria-current="true"' in arrived[3]
    fresh = drawer.arrive({"owner": ME}, ())
    assert fresh[0] == place() and "welcome" in fresh[1] and fresh[2] == ()
    assert fresh[4].visible and fresh[4].label == "Conversations (1)"


def test_what_was_asked_before_the_page_had_opened_stays(drawer: Drawer, kept: Conversations) -> None:
    told = list(drawer.ask(None, "When?", (), *LIMITS))[-1][2]
    at, *shown = drawer.arrive({"owner": ME}, told)
    assert at == place() and shown[:2] == [SKIP, SKIP]
    at, both, _ = asked(drawer, "And then?", at, told)
    assert kept.open(ME, at["key"]).exchanges[1] == both[1] and kept.count(ME, at["key"]) == 2


def test_another_browser_sees_nothing_of_it(drawer: Drawer, kept: Conversations) -> None:
    at, told, _ = asked(drawer, "When?")
    stolen = place(OTHER, at["key"], 1)
    arrived = drawer.arrive(stolen, ())
    assert arrived[0] == place(OTHER) and arrived[2] == () and "When?" not in arrived[3]
    assert drawer.enter(click(key=at["key"]), place(OTHER), "")[2] == ()
    drawer.drop(click(key=at["key"]), place(OTHER), "")
    drawer.retitle(click(key=at["key"], title="Mine"), place(OTHER), "")
    drawer.judge(click(turn=0, verdict="down"), stolen, told)
    other, _, _ = asked(drawer, "Mine now?", stolen)
    assert other["key"] != at["key"]
    assert (
        kept.open(ME, at["key"]).exchanges == told and kept.open(ME, at["key"]).conversation.title == "When?"
    )
    assert "When?" not in drawer.save(click(kind="html", key=at["key"]), place(OTHER), ())["text"]


def test_opening_searching_renaming_deleting(drawer: Drawer, kept: Conversations) -> None:
    first, told, _ = asked(drawer, "When?")
    second, _, _ = asked(drawer, "Who?")
    entered = drawer.enter(click(key=first["key"]), second, "")
    assert entered[0] == first and entered[2] == told and entered[3].submit_btn == "Ask"
    assert "Who?" in drawer.search("WHO", first) and "When?" not in drawer.search("who", first)
    assert "No conversation has “zebra”" in drawer.search("zebra", first)
    assert "The &lt;b&gt;ferry" in drawer.retitle(click(key=first["key"], title="The <b>ferry"), first, "")[0]
    dropped = drawer.drop(click(key=second["key"]), first, "")
    assert dropped[:6] == (SKIP,) * 6 and "Who?" not in dropped[6]
    dropped = drawer.drop(click(key=first["key"]), first, "")
    assert dropped[0] == place() and dropped[2] == () and "welcome" in dropped[1]
    assert dropped[7].visible is False and kept.list(None)[1] == 0
    assert drawer.enter(click(key=first["key"]), place(), "")[2] == ()
    assert drawer.leave(first, "")[0] == place()


def test_answers_of_a_later_release_are_told(drawer: Drawer, kept: Conversations) -> None:
    at, told, _ = asked(drawer, "When?")
    asked(drawer, "And then?", at, told)
    kept._file.execute("UPDATE exchanges SET answer = x'00' WHERE ordinal = 0")
    found, shown, state, *_ = drawer.arrive({**at, "seen": 2}, ())
    assert "1 answer of this conversation cannot be shown" in shown and len(state) == 1
    on, _, _ = asked(drawer, "And now?", found, state)
    assert on["key"] != at["key"] and kept.count(ME, at["key"]) == 2  # it is left as it is


def test_only_what_is_a_place_is_read() -> None:
    assert Place.of({"owner": ME, "key": OTHER, "seen": 3}) == Place(ME, OTHER, 3)
    assert Place.of({"owner": ME, "key": "../x", "seen": 3}) == Place(ME)
    assert Place.of({"owner": ME, "key": OTHER, "seen": "3"}) == Place(ME)
    assert Place.of([ME]) == Place()


# --- judging -----------------------------------------------------------------------------------


def test_feedback_is_shown_kept_and_changed(drawer: Drawer, kept: Conversations) -> None:
    at, told, _ = asked(drawer, "When?")
    down = click(turn=0, verdict="down", reason="wrong", note="<i>Tuesday</i>")
    shown, told = drawer.judge(down, at, told)
    assert "Wrong person or date: &lt;i&gt;Tuesday" in shown and kept.feedback(ME, at["key"]) == [
        told[0].feedback
    ]
    shown, told = drawer.judge(click(turn=0, verdict="up"), at, told)
    assert shown.count('aria-pressed="true"') == 1 and "Wrong" not in shown
    _, told = drawer.judge(click(turn=0, verdict=""), at, told)
    assert told[0].feedback == Feedback() == kept.feedback(ME, at["key"])[0]
    for turn in (7, -1, "0", None):
        assert drawer.judge(click(turn=turn, verdict="up"), at, told) == (SKIP, SKIP)


def test_feedback_given_while_an_answer_grows_is_shown_afterwards(
    drawer: Drawer, kept: Conversations
) -> None:
    at, told, _ = asked(drawer, "When?")
    steps = drawer.ask(at, "And then?", told, *LIMITS)
    growing = next(steps)
    assert drawer.judge(click(turn=0, verdict="up"), growing[0], growing[2]) == (SKIP, SKIP)
    last = list(steps)[-1]
    assert last[2][0].feedback == Feedback()
    shown, state, listing, heading = drawer.settled(last[0], last[2], "")
    assert state[0].feedback == Feedback("up") and 'aria-pressed="true"' in shown
    assert "2 questions" in listing and heading.visible
    assert drawer.settled(last[0], state, "")[:2] == (SKIP, SKIP)


# --- saving and opening ------------------------------------------------------------------------


def saved_conversation() -> tuple[Exchange, ...]:
    """Answers of every kind."""
    cited = Citation(1, FERRY.head, "p", Span(0, 24), TEXT[:24], Span(25, 28), copies=(FERRY.head,))
    other = replace(FERRY.head, id="a2", source="Herald")
    cited = replace(cited, versions=(Version(other, "q", Span(0, 3), "at <ten>", "nine / ten"),))
    text = "The ferry sails at nine. [1]\nIt is <u>blue</u>."
    claims = (Claim(Span(0, 24), "verbatim"), Claim(Span(29, len(text)), "unsupported", 0.1, "it is red"))
    hit = Hit(Passage("p", "a1", Span(0, 39), TEXT), FERRY.head, 1.0)
    return (
        Exchange(Answer("When?", text, text, (cited,), claims=claims), "Gazette"),
        Exchange(Answer("Where?", "The articles do not tell.", "", hits=(hit,), abstained=True)),
        Exchange(Answer("Who?", "The", "The", done=False), stopped=True),
        Exchange(Answer("Why?", "", "", problem="it broke", instead=Answer("Why?", "So. [1]", "", (cited,)))),
    )


@pytest.mark.parametrize("write", [conversation_markdown, conversation_html])
def test_a_saved_conversation_can_be_cited_from(write: Any) -> None:
    told = write("About <the> ferry", saved_conversation(), ["2026-01-02T10:00:00", "2026-01-03T10:00:00"])
    for words in (
        *("When?", "Where?", "Who?", "Why?", "3 May 2021", "https://gazette.example/f", "Gazette"),
        *(
            "The ferry sails at nine,",
            "Nearest passages",
            "Asked on 2026",
            "stopped",
            "it is red",
            "it broke",
        ),
    ):
        assert words in told.replace("\\", ""), words
    assert "<b>" not in told.replace("\\<", "") and "<u>" not in told.replace("\\<", "")
    assert "<the>" not in told.replace("\\<", "")


def test_a_saved_page_loads_and_runs_nothing() -> None:
    told = conversation_html("</title><script>x</script>", saved_conversation())
    assert "<script" not in told and "default-src 'none'" in told and "src=" not in told


def test_a_conversation_is_saved_from_the_list_and_from_the_page(drawer: Drawer) -> None:
    at, told, _ = asked(drawer, "When?")
    for key in (at["key"], ""):
        file = drawer.save(click(kind="html", key=key), at, told)
        assert file["name"] == "conversation.html" and "<h1" in file["text"] and "Asked on" in file["text"]
    assert drawer.save(click(kind="../x", key=""), place(), ())["name"] == "conversation.md"


def test_an_article_opens_as_it_was_cited(drawer: Drawer) -> None:
    _, told, _ = asked(drawer, "When?")
    html = drawer.open(click(article="a1", spans="0-24"), told)
    assert f'<mark class="focus" data-span="0-24">{TEXT[:24]}</mark>' in html and "since" not in html


def test_a_cited_article_that_was_removed_still_shows_its_words(drawer: Drawer) -> None:
    _, told, _ = asked(drawer, "When?")
    drawer.talk.archive.articles.clear()  # type: ignore[attr-defined]
    html = drawer.open(click(article="a1", spans="0-24"), told)
    assert "was removed from the library since" in html and TEXT[:24] in html and "Gazette" in html
    assert "<b>" not in html
    assert "no article has the id" in drawer.open(click(article="x", spans="0-24"), told)


def test_an_article_that_changed_lights_nothing_wrong(drawer: Drawer) -> None:
    _, told, _ = asked(drawer, "When?")
    drawer.talk.archive.articles["a1"] = replace(FERRY, text="Now: " + TEXT)  # type: ignore[attr-defined]
    html = drawer.open(click(article="a1", spans="0-24"), told)
    assert "has changed since it was cited" in html and "<mark" not in html and TEXT[:24] in html
    assert "Now: " in html


def test_the_words_of_hits_and_versions_are_known_too() -> None:
    told = saved_conversation()
    assert [one.text for one in words_of(told, "a1", [Span(0, 39), Span(0, 24), Span(5, 6)])] == [
        TEXT,
        TEXT[:24],
    ]
    version = words_of(told, "a2", [Span(0, 3)])
    assert [one.text for one in version] == ["at <ten>"] and stale(FERRY, version) == version


def test_hostile_titles_stay_text() -> None:
    row = SimpleNamespace(
        key='"><script>', title="<img src=x onerror=1>", updated="2026-01-01T00:00:00+00:00", exchanges=1
    )
    html = listed_html([row], 2)  # type: ignore[list-item]
    assert "<script" not in html and "<img" not in html and "The newest 1 of 2" in html


def test_scripts_and_templates_load_nothing() -> None:
    for name in ("conversations.js", "recall.js", "conversations.css"):
        assert "http" not in asset(name) and "@import" not in asset(name) and "url(" not in asset(name)
    assert "${" not in DIALOGS and "{{" not in DIALOGS
