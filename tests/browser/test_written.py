"""Written answers in a real browser: growing, stopped, checked, broken off (see slow_page.py)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
LEFT_WITHIN_S = 1.0


def begin(page: Page, question: str) -> Locator:
    """Ask, and the turn that will hold the answer."""
    turn = page.locator("#thread .turn").nth(page.locator("#thread .turn").count())
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(turn).to_be_visible()
    return turn


def finish(page: Page, question: str) -> Locator:
    """Ask and wait until nothing is written any more."""
    turn = begin(page, question)
    expect(page.locator("#question .submit-button")).to_be_visible()
    return turn


def left(slow: Any) -> int:
    """How often a question's work has ended."""
    return int(slow.log.read_text().count("left"))


def seconds_until_left(slow: Any, before: int, most: float) -> float:
    """Seconds until one more question's work has ended; fails after `most`."""
    began = time.monotonic()
    while left(slow) <= before:
        assert time.monotonic() - began < most, "the work goes on"
        time.sleep(0.02)
    return time.monotonic() - began


def test_an_answer_grows_beside_what_is_read_for_it(visit: Visit) -> None:
    page = visit("slow")
    turn = begin(page, "Please think first")
    expect(turn.locator(".told")).to_have_text("Reading 2 passages of 2 articles")
    expect(turn.locator(".card")).to_have_count(2)
    said = turn.locator(".said")
    expect(said).to_have_attribute("aria-busy", "true")
    expect(said).to_contain_text("“We have waited")
    early = said.inner_text()
    expect(turn.locator(".told")).to_have_text("Writing, and checking each sentence against the articles")
    expect(turn.locator(".checking")).to_be_visible()
    expect(said).to_contain_text("A clear majority")
    assert said.inner_text().startswith(early.rstrip())
    expect(page.locator("#question .submit-button")).to_be_visible()
    expect(turn.locator(".told")).to_have_text("Written by openai:tiny, checked against the articles.")
    assert said.get_attribute("aria-busy") is None and turn.locator(".checking").count() == 0


def test_a_sentence_that_is_not_borne_out_is_struck_with_the_reason(visit: Visit) -> None:
    page = visit("slow")
    turn = finish(page, "Well?")
    struck = turn.locator(".claim.unsupported")
    expect(struck).to_have_count(1)
    expect(struck.locator(".doubt")).to_have_text("not borne out: the number 64 is not in the source")
    assert (struck.text_content() or "").startswith("Not borne out by its source: The works cost")
    lines = struck.locator("s").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).textDecorationLine)"
    )
    assert lines and set(lines) == {"line-through"}
    expect(turn.locator(".legend li")).to_have_count(3)
    expect(turn.locator(".marker.reworded").first).to_have_attribute(
        "aria-label",
        "Source 2: Valley Herald, date unknown, Council votes on the harbour <b>again</b>; reworded",
    )
    struck.locator("button.marker").click()
    expect(page.locator("#source mark.focus")).to_have_text(
        "The works cost 46 million, twice what was planned."
    )
    assert page.locator("#thread :is(b, script, img)").count() == 0


def test_what_the_reader_holds_on_to_stays(visit: Visit) -> None:
    page = visit("slow")
    turn = begin(page, "Please think first")
    card = turn.locator(".card").nth(1)
    card.click()
    expect(page.locator("#source h2")).to_contain_text("Council votes")
    expect(card).to_be_focused()
    expect(turn.locator("button.marker").first).to_be_visible()
    expect(card).to_be_focused()
    expect(card).to_have_class("card chosen")
    expect(page.locator("#question .submit-button")).to_be_visible()
    expect(page.locator("#source h2")).to_contain_text("Council votes")  # no first source in its place
    assert page.evaluate("document.activeElement.dataset.article") == "council"

    finish(page, "Please fail")
    fold = page.locator("#thread .instead")
    fold.locator("summary").click()
    begin(page, "For ever")
    page.evaluate("window.scrollTo({ top: 40, behavior: 'instant' })")
    expect(page.locator("#thread .turn").nth(2)).to_contain_text("word2")
    assert page.evaluate("window.scrollY") == 40
    assert fold.evaluate("(one) => one.open")
    page.keyboard.press("Escape")
    expect(page.locator("#question .submit-button")).to_be_visible()


def test_the_first_source_comes_along(visit: Visit) -> None:
    page = visit("slow")
    turn = begin(page, "For ever")
    expect(page.locator("#source mark.focus")).to_have_text(
        "“We have waited nine years,” she told the council."
    )
    expect(turn.locator("button.marker").first).to_have_class("marker chosen")
    expect(turn).to_contain_text("word3")
    expect(turn.locator("button.marker").first).to_have_class("marker chosen")


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_a_stop_ends_the_work_and_keeps_what_was_shown(visit: Visit, slow: Any, how: str) -> None:
    page = visit("slow")
    turn = begin(page, "For ever")
    expect(turn).to_contain_text("word3")
    before = left(slow)
    if how == "button":
        page.locator("#question .stop-button").click()
    else:
        page.keyboard.press("Escape")
    assert seconds_until_left(slow, before, 5) < LEFT_WITHIN_S
    expect(turn.locator(".told")).to_contain_text("Stopped.")
    expect(turn.locator(".unchecked")).to_contain_text("word3")
    expect(page.locator("#question .submit-button")).to_be_visible()
    stopped = turn.locator(".said").inner_text()
    page.wait_for_timeout(700)
    assert turn.locator(".said").inner_text() == stopped
    finish(page, "And a little more?")
    assert page.locator("#thread .asked").all_inner_texts() == ["For ever", "And a little more?"]
    assert turn.locator(".said").inner_text() == stopped


def test_what_is_asked_while_the_page_opens_can_be_stopped(visit: Visit) -> None:
    for _ in range(6):  # about one in ten caught the page before it had opened
        page = visit("slow")
        begin(page, "Please think first")
        expect(page.locator("#question .stop-button")).to_be_visible()
        page.close()


def test_a_stop_before_the_first_word(visit: Visit, slow: Any) -> None:
    page = visit("slow")
    turn = begin(page, "Please think first")
    expect(turn.locator(".told")).to_contain_text("Reading")
    before = left(slow)
    page.locator("#question .stop-button").click()
    assert seconds_until_left(slow, before, 5) < LEFT_WITHIN_S
    expect(turn.locator(".told")).to_have_text("Stopped before anything was written.")
    expect(turn.locator(".said")).to_have_count(0)


def test_leaving_the_page_ends_the_work(visit: Visit, slow: Any) -> None:
    page = visit("slow")
    turn = begin(page, "For ever")
    expect(turn).to_contain_text("word3")
    before = left(slow)
    page.close()
    assert seconds_until_left(slow, before, 10) < 2 * LEFT_WITHIN_S


def test_a_new_conversation_ends_the_old_one(visit: Visit, slow: Any) -> None:
    page = visit("slow")
    expect(begin(page, "For ever")).to_contain_text("word3")
    before = left(slow)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#thread .welcome")).to_be_visible()
    assert seconds_until_left(slow, before, 5) < LEFT_WITHIN_S
    page.wait_for_timeout(700)
    expect(page.locator("#thread .welcome")).to_be_visible()
    expect(page.locator("#question .submit-button")).to_be_visible()
    finish(page, "Well?")
    assert page.locator("#thread .asked").all_inner_texts() == ["Well?"]


def test_two_answers_grow_at_once(visit: Visit) -> None:
    one, other = visit("slow"), visit("slow")
    turn = begin(one, "For ever")
    expect(turn).to_contain_text("word1")
    expect(finish(other, "Well?").locator(".said")).to_contain_text("Ferries are to leave")
    expect(turn.locator(".said")).to_have_attribute("aria-busy", "true")


def test_a_model_that_breaks_off_leaves_what_was_shown_and_another_answer(visit: Visit) -> None:
    page = visit("slow")
    turn = finish(page, "Please fail")
    expect(turn.locator(".said").first).to_contain_text("A clear majority of the council")
    expect(turn.locator(".problem")).to_contain_text("said nothing for 60 s")
    fold = turn.locator(".instead")
    expect(fold.locator(".said")).to_be_hidden()
    fold.locator("summary").click()
    fold.locator("button.marker").click()
    lit = "The harbour will open in June, Mayor Ada Okoye said on Monday."
    expect(page.locator("#source mark.focus")).to_have_text(lit)
    turn = finish(page, "Be mute")
    expect(turn.locator(".instead .said")).to_contain_text("The harbour will open")
    expect(page.locator("#source mark.focus")).to_have_text(lit)


def test_what_was_written_in_vain_is_folded_away(visit: Visit) -> None:
    page = visit("slow")
    turn = finish(page, "Some nonsense")
    expect(turn.locator(".abstained")).to_be_visible()
    expect(turn.locator(".unborne s").first).to_be_hidden()
    turn.locator(".unborne summary").click()
    assert turn.locator(".unborne s").all_inner_texts() == ["<b>All</b> is well.", "Trust me. [1]"]
    assert turn.locator("button.marker").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_can_be_read(visit: Visit, contrast: Callable[[Locator], float], scheme: str) -> None:
    page = visit("slow", color_scheme=scheme)
    expect(begin(page, "Please think first").locator(".checking")).to_be_visible()
    seen = {".checking": contrast(page.locator(".checking")), ".told": contrast(page.locator(".told"))}
    expect(page.locator("#question .submit-button")).to_be_visible()
    finish(page, "Please fail")
    finish(page, "Some nonsense")
    page.locator(".unborne summary").click()
    where = [".unsupported s", ".doubt", ".marker.doubtful", ".marker.reworded", ".unchecked", ".legend li"]
    where += [".problem p", ".instead summary", ".unborne summary", ".unborne s", ".unborne .told"]
    seen |= {one: contrast(page.locator(f"#thread {one}").first) for one in where}
    assert {one: ratio for one, ratio in seen.items() if ratio < 4.5} == {}


def test_nothing_is_wider_than_a_phone(visit: Visit) -> None:
    page = visit("slow", **PHONE)
    for question in ("Please fail", "Some nonsense"):
        finish(page, question)
        for fold in page.locator("#thread summary").all():
            fold.click()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
