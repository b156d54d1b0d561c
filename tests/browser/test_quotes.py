"""The Quotes tab in a real browser: a speaker chosen, statements read, opened and saved."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


def quotes(page: Page) -> Page:
    """Go to the Quotes tab."""
    page.get_by_role("tab", name="Quotes").click()
    expect(page.locator("#statements .invitation")).to_be_visible()
    return page


def choose(page: Page, name: str) -> Locator:
    """Type a speaker's name; the statements found."""
    box = page.get_by_role("combobox", name="Speaker")
    box.click()
    box.press("Control+a")
    box.press_sequentially(name)
    box.press("Enter")
    page.get_by_role("button", name="Find").click()
    cards = page.locator("#statements .card")
    expect(cards.first).to_contain_text(name)
    expect(page.locator("#statements")).not_to_have_attribute("aria-busy", "true")
    return cards


def test_a_speaker_is_chosen_and_a_statement_opens_its_article(visit: Visit, served: Any) -> None:
    page = quotes(visit())
    page.get_by_role("button", name="Dmitry Peskov").click()
    cards = page.locator("#statements .card")
    expect(cards.first).to_be_focused()
    assert page.get_by_role("combobox", name="Speaker").input_value() == "Dmitry Peskov"
    days = page.locator("#statements .when time").evaluate_all("(all) => all.map((one) => one.dateTime)")
    assert len(days) > 3 and days == sorted(days)
    assert page.get_by_role("img", name="Statements of Dmitry Peskov per").is_visible()
    assert page.get_by_role("img", name="Articles in the archive per").is_visible()
    page.keyboard.press("Enter")
    focus = page.locator("#source mark.focus")
    expect(focus.first).to_be_visible()
    card = cards.first
    words = served.words(card.get_attribute("data-article"), card.get_attribute("data-spans"))
    assert "".join(focus.all_inner_texts()) == words
    assert words in card.inner_text()
    expect(card).to_have_class("card chosen")


def test_statements_are_saved_as_files(visit: Visit, tmp_path: Path) -> None:
    page = quotes(visit())
    cards = choose(page, "Ada Okoye")
    for _ in range(2):  # the same file once more
        with page.expect_download() as saving:
            page.get_by_role("button", name="Save as CSV").click()
    saving.value.save_as(tmp_path / saving.value.suggested_filename)
    with (tmp_path / "statements.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert [row["speaker"] for row in rows] == ["Ada Okoye"] * cards.count()
    for kind, name in (("Markdown", "statements.md"), ("JSON", "statements.json")):
        with page.expect_download() as saving:
            page.get_by_role("button", name=f"Save as {kind}").click()
        assert saving.value.suggested_filename == name


def test_words_filters_and_an_unknown_name(visit: Visit) -> None:
    page = quotes(visit())
    assert choose(page, "Tom Lindqvist").count() > 1
    page.get_by_label("About").fill("oven")
    page.get_by_label("About").press("Enter")
    expect(page.locator("#statements .card")).to_have_count(1)
    page.locator("#quote-filters .label-wrap").click()
    since = page.locator("#quote-since input").first
    since.fill("2023-01-01")
    since.press("Enter")
    expect(page.locator("#statements .none")).to_have_text("No statement found.")
    expect(page.locator("#quote-filters .label-wrap")).to_contain_text("from 1 January 2023")
    since.fill("")
    since.press("Enter")
    box = page.get_by_role("combobox", name="Speaker")
    box.click()
    box.press("Control+a")
    box.press_sequentially("Lindkvast")
    box.press("Tab")
    page.get_by_role("button", name="Tom Lindqvist").click()
    expect(page.locator("#statements .card")).to_have_count(1)


def test_a_hostile_statement_is_only_words(visit: Visit) -> None:
    page = quotes(visit())
    card = choose(page, "Eve Marlowe").first
    expect(card).to_contain_text("<script>")
    assert page.locator("#statements :is(script, img, iframe, a, b)").count() == 0
    card.click()
    expect(page.locator("#source h2")).to_contain_text("<script>")
    assert page.evaluate("window.__pwned") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(visit: Visit, contrast: Callable[[Locator], float], scheme: str) -> None:
    page = quotes(visit(color_scheme=scheme))
    seen = {one: contrast(page.locator(one).first) for one in (".invitation p", ".names .name")}
    choose(page, "Dmitry Peskov")
    parts = (".axis span", ".days time", "summary", ".total", ".saves button", ".when", ".words", ".cue")
    parts += (".who strong", ".named", ".kind", ".place .outlet", ".place .title")
    seen |= {one: contrast(page.locator(f"#statements {one}").first) for one in parts}
    assert {one: ratio for one, ratio in seen.items() if ratio < 4.5} == {}


def test_on_a_phone_nothing_is_wider_and_a_statement_comes_back_to(visit: Visit) -> None:
    page = quotes(visit(**PHONE))
    choose(page, "Eve Marlowe")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    card = choose(page, "Dmitry Peskov").first
    page.locator("#statements .numbers summary").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    card.click()
    expect(page.locator("#source h2")).to_be_visible()
    page.locator("#source .close").click()
    expect(card).to_be_focused()
