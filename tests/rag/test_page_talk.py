"""What the page does with an answer that is there: asks again, edits, copies, goes on; and its settings."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from index.errors import OnrecordError
from index.types import Filters
from rag.assistant import Assistant
from rag.assistants import Assistants
from rag.config import AnswerSettings, PageSettings, Settings
from rag.errors import ModelError
from rag.page.settings import Manner, Own
from rag.page.settings_part import settings_told
from rag.page.talk import Talk
from rag.page.typed import read_number
from rag.render.thread import Exchange, thread_html
from rag.types import Answer

NO_LIMITS: tuple[Any, ...] = ([], "", "")
TRUCE = "What did Peskov say about the truce?"


class Clerk:
    """An assistant that says which model it is and remembers what it was given."""

    archive = SimpleNamespace(home=None)

    def __init__(self, settings: Settings, given: dict[str, Any] | None = None) -> None:
        self.settings = settings
        self.given = {} if given is None else given

    def with_llm(self, name: str) -> Clerk:
        if name == "broken:model":
            raise ModelError("broken:model needs a key: set BROKEN_API_KEY in the environment")
        return Clerk(self.settings.model_copy(update={"answer": AnswerSettings(llm=name)}), self.given)

    def stream(self, question: str, **given: Any) -> Iterator[Answer]:
        self.given.update(given)
        if "slow" in question:
            yield Answer(question, "By half", "", done=False)
        if "bang" in question:
            raise OnrecordError("found no model, wanted one")
        if "broken" in question:
            yield Answer(question, "By half", "", problem="the model said <nothing> for 60 s")
            return
        yield Answer(question, f"By {self.settings.answer.llm}.", "")


def clerk(*models: str, llm: str = "extractive") -> Clerk:
    """One whose page offers these models."""
    return Clerk(Settings.model_construct(answer=AnswerSettings(llm=llm), page=PageSettings(models=models)))


def conversation(*questions: str) -> tuple[Exchange, ...]:
    """A conversation of these questions."""
    return tuple(Exchange(Answer(one, f"To {one}", "")) for one in questions)


def click(**data: Any) -> Any:
    """What a button tells."""
    return SimpleNamespace(**data)


# --- again, edited, copied ---------------------------------------------------------------------


def test_a_question_is_asked_again_and_what_follows_is_dropped() -> None:
    one = clerk()
    talk = Talk(one)  # type: ignore[arg-type]
    *_, last = talk.ask_again(click(turn="1"), conversation("One?", "Two?", "Three?"), *NO_LIMITS)
    assert [exchange.answer.question for exchange in last[1]] == ["One?", "Two?"]
    assert [turn.content for turn in one.given["history"]] == ["One?", "To One?"]


@pytest.mark.parametrize(("word", "why"), [("bang", "found no model"), ("broken", "said &lt;nothing&gt;")])
def test_an_answer_asked_again_in_vain_is_there_again_with_what_followed(word: str, why: str) -> None:
    before = conversation("One?", f"A slow {word}?", "Three?")
    talk = Talk(clerk())  # type: ignore[arg-type]
    *grown, last = talk.ask_again(click(turn="1"), before, *NO_LIMITS)
    assert all("To Three?" not in step[0] for step in grown) and len(grown) > 1
    assert last[1] == before and last[0].count('class="turn"') == 3
    assert last[0].index("Asking again failed") < last[0].index(why) < last[0].index(f"To A slow {word}?")
    assert last[0].index("To One?") < last[0].index("Asking again failed")
    assert talk.settle(last[1])[0] == gr.skip()


def test_an_answer_asked_again_and_stopped_is_there_again() -> None:
    before, talk = conversation("A slow one?", "Two?"), Talk(clerk())  # type: ignore[arg-type]
    steps = talk.ask_again(click(turn="0"), before, *NO_LIMITS)
    next(steps)
    step = next(steps)
    assert "By half" in step[0]
    steps.close()
    html, kept, box, _ = talk.settle(step[1])
    assert kept == before and box.submit_btn == "Ask"
    assert "Stopped. This is the answer from before." in html and "By half" not in html


def test_a_whole_answer_takes_the_place_of_what_it_was_asked_for_again() -> None:
    *_, last = Talk(clerk()).ask_again(click(turn="0"), conversation("A slow one?", "Two?"), *NO_LIMITS)  # type: ignore[arg-type]
    assert [one.answer.text for one in last[1]] == ["By extractive."] and not last[1][0].replaces


def test_an_edited_question_takes_the_place_of_the_one_before() -> None:
    one, before = clerk(), conversation("One?", "Two?", "Three?")
    talk = Talk(one)  # type: ignore[arg-type]
    *_, last = talk.ask_again(click(turn=1, question=" Too? "), before, *NO_LIMITS)
    assert [exchange.answer.question for exchange in last[1]] == ["One?", "Too?"]
    assert [turn.content for turn in one.given["history"]] == ["One?", "To One?"]


@pytest.mark.parametrize("turn", ["3", "-1", "x", "", "٣", None, 10**30])
def test_a_turn_that_is_none_changes_nothing(turn: Any) -> None:
    talk, exchanges = Talk(clerk()), conversation("One?", "Two?", "Three?")  # type: ignore[arg-type]
    assert list(talk.ask_again(click(turn=turn), exchanges, *NO_LIMITS)) == [(gr.skip(),) * 4]
    assert talk.copy(click(turn=turn, kind="plain"), exchanges)["text"] == ""
    assert read_number(turn, 3) is None


def test_an_answer_is_copied_as_the_button_says() -> None:
    talk, exchanges = Talk(clerk()), conversation("One?", "*Two*?")  # type: ignore[arg-type]
    assert talk.copy(click(turn=1, kind="markdown"), exchanges) == {"text": "To \\*Two\\*?\n", "html": ""}
    assert talk.copy(click(turn=1, kind="plain"), exchanges) == {"text": "To *Two*?\n", "html": ""}
    rich = talk.copy(click(turn=1, kind="../x"), exchanges)
    assert rich == {"text": "To *Two*?\n", "html": '<p dir="auto">To *Two*?</p>'}


def test_asking_anew_says_that_it_drops_what_follows() -> None:
    html = thread_html(conversation("One?", "Two?"))
    assert html.count('data-redo="again"') == 2 and "dropping what follows" in html


def test_questions_to_go_on_with_come_after_the_answer(samples: Assistant) -> None:
    talk = Talk(samples)
    *_, last = talk.ask(TRUCE, (), *NO_LIMITS)
    assert "data-ask" not in last[0]
    *looked, told = talk.follow(last[1], *NO_LIMITS)
    assert looked and all(one == gr.skip() for one in looked)
    assert told.count("data-ask") == 3 and f'data-turns="1" data-question="{TRUCE}"' in told


def test_nothing_follows_what_was_stopped_failed_or_wrongly_dated(samples: Assistant) -> None:
    talk = Talk(samples)
    growing, failed = Answer("One?", "Yes", "", done=False), Answer("One?", "Yes", "", problem="no")
    for exchanges in ((), (Exchange(growing),), (Exchange(failed),)):
        assert list(talk.follow(exchanges, *NO_LIMITS)) == []
    assert list(talk.follow(conversation("One?"), [], "soon", "")) == []


def test_the_search_for_questions_waits_while_somebody_is_answered(samples: Assistant) -> None:
    talk = Talk(samples)
    *_, last = talk.ask(TRUCE, (), *NO_LIMITS)
    looking, answering = talk.follow(last[1], *NO_LIMITS), talk.ask(TRUCE, (), *NO_LIMITS)
    next(looking)
    for _ in range(2):  # from its second step on it is being answered
        next(answering)
    going_on = threading.Thread(target=lambda: next(looking), daemon=True)
    going_on.start()
    going_on.join(0.3)
    assert going_on.is_alive()
    answering.close()
    going_on.join(30)
    assert not going_on.is_alive()


# --- settings ----------------------------------------------------------------------------------


def test_settings_are_said_with_the_next_question() -> None:
    one = clerk("openai:tiny")
    talk = Talk(one)  # type: ignore[arg-type]
    *_, last = talk.ask("When?", (), *NO_LIMITS, "openai:tiny", 3, "strict", "2023-04-02")
    assert last[1][0].answer.text == "By openai:tiny."
    assert one.given["top_k"] == 3 and one.given["abstain"] == "strict"
    assert one.given["asked"] == date(2023, 4, 2)
    *_, last = talk.ask("When?", (), *NO_LIMITS, None, None, None, "")
    assert last[1][0].answer.text == "By extractive."
    assert one.given["asked"] == date.today() and one.given["top_k"] is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            ("other:model", 3, "on", ""),
            "found the model other:model, wanted one of extractive, broken:model",
        ),
        (("broken:model", 3, "on", ""), "broken:model needs a key"),
        ((None, 99, "on", ""), "found 99 passages, wanted 1 to 50"),
        ((None, 3, "never", ""), "found the strictness"),
        ((None, 3, "on", "soon"), "wanted one like 2023-03-31"),
    ],
)
def test_settings_that_cannot_be_had_are_told_in_one_line(fields: tuple[Any, ...], told: str) -> None:
    *_, last = Talk(clerk("broken:model")).ask("When?", (), *NO_LIMITS, *fields)  # type: ignore[arg-type]
    assert told in last[0] and last[1] == ()


def test_fields_are_read_with_and_without_settings() -> None:
    assert Manner.of([["A"], "2023-01-01", ""]) == Manner(Filters(date(2023, 1, 1), None, ("A",)))
    whole = Manner.of([None, None, None, "x:y", 5.0, "off", "2023-04-02 00:00:00"])
    assert whole == Manner(Filters(), "x:y", 5, "off", date(2023, 4, 2))
    with pytest.raises(OnrecordError):
        Manner.of([None, None, None, None, 0, None, None])


OWN = Own(("extractive", "openai:tiny"), 10, "on")


def test_what_differs_from_the_servers_own_is_told_and_kept() -> None:
    assert OWN.text(Manner()) == OWN.text(Manner(llm="extractive", top_k=10, abstain="on")) == ""
    chosen = Manner(llm="openai:tiny", top_k=1, abstain="strict", asked=date(2023, 4, 2))
    assert OWN.text(chosen) == "openai:tiny, 1 passage, answer only when certain, asked on 2 April 2023"
    assert OWN.kept(chosen) == {"llm": "openai:tiny", "top_k": 1, "abstain": "strict"}  # the day is not
    assert OWN.recalled(OWN.kept(chosen)) == replace(chosen, asked=None)
    heading, back, kept = settings_told(OWN, ("extractive", 12, "on", ""))
    assert heading.label == "Settings: 12 passages" and back.visible and kept == {"top_k": 12}
    heading, back, kept = settings_told(OWN, ("extractive", 10, "on", ""))
    assert heading.label == "Settings" and not back.visible and kept == {}


@pytest.mark.parametrize(
    "kept",
    [
        *(None, [], "x", 5, {"llm": "gone:model", "top_k": 99, "abstain": "never"}),
        *({"llm": ["openai:tiny"], "top_k": "5", "abstain": {}}, {"top_k": True}, {"top_k": float("nan")}),
    ],
)
def test_nonsense_that_a_browser_kept_is_left_out(kept: Any) -> None:
    assert OWN.recalled(kept) == Manner()


def test_a_setting_that_cannot_be_is_told_in_the_heading_and_not_kept() -> None:
    heading, back, kept = settings_told(OWN, ("extractive", 99, "on", ""))
    assert "found 99 passages, wanted 1 to 50" in heading.label and back.visible and kept == gr.skip()


def test_a_model_is_made_once_and_the_configured_one_comes_first() -> None:
    first = clerk("openai:tiny", "extractive", llm="ollama:big")
    assistants = Assistants(first)  # type: ignore[arg-type]
    assert assistants.names == ("ollama:big", "openai:tiny", "extractive")
    assert assistants.of(None) is assistants.of("ollama:big") is first  # type: ignore[comparison-overlap]
    assert assistants.of("openai:tiny") is assistants.of("openai:tiny")
    assert Assistants(clerk(llm="ollama:big")).names == ("ollama:big", "extractive")  # type: ignore[arg-type]


def test_what_was_chosen_shows_in_the_trace(samples: Assistant) -> None:
    *_, last = Talk(samples).ask(TRUCE, (), *NO_LIMITS, "extractive", 3, "strict", "2023-04-02")
    trace = last[1][0].answer.trace
    chosen = {name: trace[name] for name in ("top_k", "abstain", "asked")}
    assert chosen == {"top_k": 3, "abstain": "strict", "asked": "2023-04-02"}
    assert trace["read"][:3] == [1, 2, 3]
    assert "answers only when it is certain" in last[0] and "2 April 2023" in last[0]
