"""The page at its edges: very long words of others, a phone's panel, the focus, forced colours."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
TRUCE = "What did Peskov say about the truce?"
FIELDS = {
    "Ask": ["#question textarea"],
    "Quotes": ["#speaker input", "#about textarea"],
    "Library": ["#address textarea", "#words textarea", "#outlet input"],
}
LOOKS = """(field) => {
  const found = [];
  for (let one = field; one && one.id !== "left"; one = one.parentElement) {
    const { outlineStyle, outlineColor, borderColor, boxShadow } = getComputedStyle(one);
    found.push(outlineStyle === "none" ? "" : outlineColor, borderColor, boxShadow);
  }
  return found.join();
}"""


def ask(page: Page, question: str) -> Locator:
    """Ask and wait; the turn that holds the answer."""
    turns = page.locator("#thread .turn")
    before = turns.count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    turn = turns.nth(before)
    expect(turn.locator(".said, .abstained").first).to_be_visible()
    expect(page.locator("#question .submit-button")).to_be_visible()
    return turn


def top(of: Locator) -> float:
    """How far below the upper edge of the window it begins, in pixels."""
    box = of.bounding_box()
    assert box
    return box["y"]


@pytest.mark.parametrize("look", [{}, PHONE], ids=["wide", "phone"])
def test_an_answer_is_in_sight_under_a_very_long_question(visit: Visit, look: dict[str, Any]) -> None:
    page = visit(**look)
    turn = ask(page, (f"{TRUCE[:-1]} " + "and the long and winding road of the war " * 60)[:1990] + "?")
    window = page.viewport_size
    assert window
    assert top(turn.locator(".said, .abstained").first) < window["height"] / 2
    asked = turn.locator(".asked")
    asked.focus()
    page.keyboard.press("End")
    page.wait_for_function("(one) => one.scrollTop > 0", arg=asked.element_handle())


def test_a_very_long_headline_leaves_room(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    headline = "The waterworks of Lower Tarn " * 40
    words = "Engineer Karl Wasserbaum said the waterworks would be finished in spring."
    story = tmp_path / "long.json"
    story.write_text(json.dumps({"id": "long", "title": headline, "text": words}))
    page.get_by_role("tab", name="Library").click()
    page.locator("#files input[type=file]").set_input_files(story)
    expect(page.locator("#report .done")).to_be_visible()
    row = page.locator("#shelf tr", has_text="Lower Tarn")
    box = row.bounding_box()
    assert box and box["height"] < 160
    page.get_by_role("tab", name="Ask").click()
    card = (
        ask(page, "What did Karl Wasserbaum say about the waterworks?")
        .locator(".sources .card")
        .bounding_box()
    )
    assert card and card["height"] < 160
    page.get_by_role("tab", name="Library").click()
    row.locator(".remove summary").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#report .done")).to_contain_text("Removed")


def test_the_sheet_of_a_phone_says_which_article_it_shows(visit: Visit) -> None:
    page = visit(**PHONE)
    ask(page, TRUCE).locator("button.marker").first.click()
    label = page.locator("#source .label")
    expect(label).to_contain_text("Sample Wire · 31 March 2023 · Lukashenko calls for immediate truce")
    expect(label).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_arrows_step_from_the_marker_that_opened_the_article(visit: Visit) -> None:
    page = visit()
    markers = ask(page, TRUCE).locator("button.marker")
    jump = page.locator("#source .jump")
    markers.first.focus()
    page.keyboard.press("Enter")
    expect(jump).to_have_text("1 of 2")
    page.keyboard.press("ArrowRight")
    expect(jump).to_have_text("2 of 2")
    expect(markers.first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(jump).to_have_text("1 of 2")
    markers.nth(1).focus()  # which has not opened it
    page.keyboard.press("ArrowRight")
    expect(jump).to_have_text("1 of 2")


@pytest.mark.parametrize("tab", FIELDS)
def test_a_field_shows_that_it_has_the_focus(visit: Visit, tab: str) -> None:
    page = visit()
    page.get_by_role("tab", name=tab).click()
    for name in FIELDS[tab]:
        field = page.locator(name)
        page.get_by_role("tab", name=tab).focus()
        without = field.evaluate(LOOKS)
        field.focus()
        expect(field).to_be_focused()
        page.wait_for_timeout(300)
        assert field.evaluate(LOOKS) != without, name


@pytest.mark.parametrize(("tab", "field"), [("Quotes", "#speaker input"), ("Library", "#outlet input")])
def test_a_list_of_choices_does_not_swallow_the_focus(visit: Visit, tab: str, field: str) -> None:
    page = visit()
    page.get_by_role("tab", name=tab).click()
    page.locator(field).focus()
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement !== document.body")
    expect(page.locator(field)).not_to_be_focused()


def test_what_is_chosen_is_seen_in_forced_colours(visit: Visit) -> None:
    page = visit(forced_colors="active")
    turn = ask(page, TRUCE)
    turn.locator("button.marker").first.click()
    for one in (turn.locator(".marker.chosen"), page.locator("#source mark.focus").first):
        assert one.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"


def test_a_new_conversation_has_the_focus_in_its_question(visit: Visit) -> None:
    page = visit()
    ask(page, TRUCE)
    page.get_by_role("button", name="New conversation").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread .welcome")).to_be_visible()
    expect(page.locator("#question textarea")).to_be_focused()


def test_the_page_is_read_as_english_in_any_browser(visit: Visit) -> None:
    page = visit(locale="ar")
    ask(page, TRUCE)
    expect(page.locator("html")).to_have_attribute("lang", "en")
