"""The source panel in a real browser: from one cited place to the next, back to the one before, by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
TRUCE = "What did Peskov say about the truce?"


def ask(page: Page, question: str) -> Locator:
    """Ask and wait; the turn that holds the answer."""
    turn = page.locator("#thread .turn").nth(page.locator("#thread .turn").count())
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(turn.locator(".said, .abstained").first).to_be_visible()
    expect(page.locator("#question .submit-button")).to_be_visible()
    return turn


def in_view(page: Page) -> bool:
    """Whether the cited words in focus lie within the panel."""
    inner, outer = (
        page.locator("#source mark.focus").first.bounding_box(),
        page.locator("#source .scroll").bounding_box(),
    )
    assert inner and outer
    return inner["y"] >= outer["y"] and inner["y"] + inner["height"] <= outer["y"] + outer["height"]


def focused(page: Page) -> str:
    """The class of what has the focus."""
    return str(page.evaluate("document.activeElement.className"))


def test_the_panel_steps_through_the_cited_places(visit: Visit, served: Any) -> None:
    page = visit()
    markers = ask(page, TRUCE).locator("button.marker")
    expect(page.locator("#source .jump")).to_have_text("1 of 2")
    spans = [markers.nth(n).get_attribute("data-spans") for n in (0, 1)]
    article = markers.first.get_attribute("data-article")
    for place, button in ((1, ".next"), (0, ".next"), (1, ".previous"), (0, ".previous")):
        page.locator("#source .scroll").evaluate("(one) => { one.scrollTop = one.scrollHeight; }")
        page.locator(f"#source {button}").click()
        expect(page.locator("#source .jump")).to_have_text(f"{place + 1} of 2")
        lit = "".join(page.locator("#source mark.focus").all_inner_texts())
        assert lit == served.words(article, spans[place])
        assert in_view(page)
    markers.nth(1).click()
    expect(page.locator("#source .jump")).to_have_text("2 of 2")
    page.locator("#source .next").click()
    markers.nth(1).click()  # the same again, which the server does not send anew
    expect(page.locator("#source .jump")).to_have_text("2 of 2")


def test_keys_step_and_give_the_focus_back(visit: Visit) -> None:
    page = visit()
    marker = ask(page, TRUCE).locator("button.marker").first
    marker.click()
    page.locator("#source .scroll").focus()
    for key, told in (("n", "2 of 2"), ("p", "1 of 2"), ("ArrowRight", "2 of 2"), ("ArrowLeft", "1 of 2")):
        page.keyboard.press(key)
        expect(page.locator("#source .jump")).to_have_text(told)
    page.keyboard.press("Escape")
    expect(marker).to_be_focused()
    page.keyboard.press("n")  # the panel has the focus no more
    expect(page.locator("#source .jump")).to_have_text("1 of 2")


def test_one_goes_back_to_the_article_before_and_to_where_one_was(visit: Visit) -> None:
    page = visit(viewport={"width": 1280, "height": 500})
    turn = ask(page, TRUCE)
    back, panel = page.locator("#source .back"), page.locator("#source .scroll")
    expect(back).to_be_hidden()
    panel.evaluate("(one) => { one.scrollTop = 90; }")
    page.wait_for_timeout(200)
    card = turn.locator(".sources .card").nth(1)
    card.scroll_into_view_if_needed()
    at = page.evaluate("window.scrollY")
    card.click()
    expect(page.locator("#source h2")).to_contain_text("Minsk offers a truce")
    page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
    back.click()
    expect(page.locator("#source h2")).to_contain_text("Lukashenko calls for immediate truce")
    page.wait_for_function("document.querySelector('#source .scroll').scrollTop === 90")
    assert page.evaluate("window.scrollY") == at
    expect(back).to_be_hidden()
    expect(turn.locator("button.marker").first).to_have_class("marker chosen")
    card.click()
    expect(back).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#thread .welcome")).to_be_visible()
    ask(page, TRUCE)
    expect(back).to_be_hidden()


def test_a_slash_goes_to_the_question(visit: Visit) -> None:
    page = visit()
    box = page.locator("#question textarea")
    ask(page, TRUCE).locator("button.marker").first.focus()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    page.keyboard.type("and/or")
    expect(box).to_have_value("and/or")
    page.get_by_role("tab", name="Library").click()
    expect(box).to_be_hidden()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.get_by_role("tab", name="Library").click()
    words = page.locator("#words :is(input, textarea)")
    words.click()
    page.keyboard.type("a/b")
    expect(words).to_have_value("a/b")


def test_the_sheet_of_a_phone_steps_and_goes_back_too(visit: Visit) -> None:
    page = visit(**PHONE)
    markers = ask(page, TRUCE).locator("button.marker")
    markers.nth(2).click()
    expect(page.locator("#source h2")).to_contain_text("Minsk offers a truce")
    page.locator("#source .back").click()
    expect(page.locator("#source h2")).to_contain_text("Lukashenko calls for immediate truce")
    page.locator("#source .next").click()
    expect(page.locator("#source .jump")).to_have_text("2 of 2")
    assert in_view(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("#source .close").click()
    expect(page.locator("#source .scroll")).not_to_be_visible()
    assert focused(page).startswith("marker")
