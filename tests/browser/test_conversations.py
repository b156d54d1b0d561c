"""Conversations in a real browser: kept over reloads and restarts, for their browser only, judged, saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from rag.conversations import FILE, Conversations

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
Tab = Callable[[str], Page]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
FERRY = "What did Ada Okoye say about the ferry?"
BREAD = "What did Tom Lindqvist say about the rye bread?"


def ask(page: Page, question: str) -> Locator:
    """Ask and wait; the turn that holds the answer."""
    turn = page.locator("#thread .turn").nth(page.locator("#thread .turn").count())
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(turn.locator(".below")).to_be_visible()
    expect(page.locator("#question .submit-button")).to_be_visible()
    return turn


def unfold(page: Page) -> Locator:
    """Open the list of conversations; its items."""
    page.locator("#conversations .label-wrap").click()
    items = page.locator("#kept .talk")
    expect(items.first).to_be_visible()
    return items


def reload(page: Page) -> None:
    """Load the page anew, in the same tab."""
    page.reload()
    page.wait_for_selector("#question textarea")


def opens(page: Page) -> str:
    """Click the first marker; the words that are lit."""
    marker = page.locator("#thread .marker").first
    marker.click()
    article = marker.get_attribute("data-article") or ""
    expect(page.locator("#source .article")).to_have_attribute("data-article", article)
    return "".join(page.locator("#source mark.focus").all_inner_texts())


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens a page that may be left while something is on its way; Gradio complains of that."""
    contexts = []

    def open_(url: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector("#question textarea")
        return page

    yield open_
    for context in contexts:
        context.close()


def test_a_reload_keeps_the_conversation_and_its_citations_open(tab: Tab, served: Any) -> None:
    page = tab(served.url)
    ask(page, FERRY)
    ask(page, BREAD)
    before = page.locator("#thread .said").all_inner_texts()
    reload(page)
    expect(page.locator("#thread .turn")).to_have_count(2)
    assert page.locator("#thread .said").all_inner_texts() == before
    marker = page.locator("#thread .marker").first
    lit = opens(page)
    assert lit == served.words(marker.get_attribute("data-article"), marker.get_attribute("data-spans"))
    ask(page, "What did he say about the prize money?")
    reload(page)
    expect(page.locator("#thread .turn")).to_have_count(3)
    expect(page.locator("#conversations")).to_contain_text("Conversations (1)")


def test_a_new_conversation_leaves_the_old_one_in_the_list(tab: Tab, served: Any) -> None:
    page = tab(served.url)
    ask(page, FERRY)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#thread .welcome")).to_be_visible()
    reload(page)
    expect(page.locator("#thread .welcome")).to_be_visible()
    ask(page, BREAD)
    items = unfold(page)
    expect(items).to_have_count(2)
    assert page.locator("#kept .title").all_inner_texts() == [BREAD, FERRY]
    items.nth(1).locator(".open").click()
    expect(page.locator("#thread .asked")).to_have_text([FERRY])
    expect(page.locator("#kept .open[aria-current]")).to_contain_text(FERRY)
    assert "two hundred passengers" in opens(page)


def test_renaming_searching_deleting(visit: Visit) -> None:
    page = visit()
    ask(page, FERRY)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#thread .welcome")).to_be_visible()
    ask(page, BREAD)
    items = unfold(page)
    items.first.locator(".acts > summary").click()
    items.first.get_by_role("button", name="Rename").click()
    title = page.locator("dialog.name input")
    expect(title).to_be_focused()
    title.fill('The <b>baker</b> & "his" bread')
    title.press("Enter")
    expect(items.first.locator(".title")).to_have_text('The <b>baker</b> & "his" bread')
    search = page.locator("#kept-words :is(input, textarea)")
    for words, found in (("BAKER", 1), ("two hundred passengers", 1), ("what did", 2), ("zebra", 0)):
        search.fill(words)
        expect(page.locator("#kept .talk")).to_have_count(found)
    search.fill("")
    expect(items).to_have_count(2)
    for left in (1, 0):
        items.first.locator(".acts > summary").click()
        items.first.locator(".remove summary").click()
        items.first.get_by_role("button", name="Yes, delete it").click()
        expect(items).to_have_count(left)
        expect(page.locator("#thread .welcome")).to_be_visible()  # the first was the one that was open
    expect(page.locator("#conversations")).to_have_count(0)


def test_thumbs_with_a_reason_stay_and_can_be_changed(tab: Tab, served: Any) -> None:
    page = tab(served.url)
    turn = ask(page, FERRY)
    turn.get_by_role("button", name="Bad answer").click()
    dialog = page.get_by_role("dialog", name="What is wrong with the answer")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(turn.locator(".thumb[aria-pressed=true]")).to_have_count(0)
    turn.get_by_role("button", name="Bad answer").click()
    dialog.get_by_label("Wrong person or date").check()
    dialog.get_by_label("In your own words").fill("It was <i>Tuesday</i>")
    dialog.get_by_role("button", name="Send").click()
    expect(turn.locator(".reason")).to_have_text("Wrong person or date: It was <i>Tuesday</i>")
    reload(page)
    turn = page.locator("#thread .turn").first
    expect(turn.locator(".thumb.down")).to_have_attribute("aria-pressed", "true")
    turn.get_by_role("button", name="Bad answer").click()
    expect(dialog.get_by_label("Wrong person or date")).to_be_checked()
    dialog.get_by_role("button", name="Withdraw").click()
    expect(turn.locator(".thumb[aria-pressed=true]")).to_have_count(0)
    turn.get_by_role("button", name="Good answer").click()
    expect(turn.locator(".thumb.up")).to_have_attribute("aria-pressed", "true")


def test_two_browsers_do_not_see_each_others_conversations(tab: Tab, served: Any) -> None:
    one, other = tab(served.url), tab(served.url)
    ask(one, FERRY)
    ask(other, BREAD)
    for page, own in ((one, FERRY), (other, BREAD)):
        assert unfold(page).locator(".title").all_inner_texts() == [own]
    stolen = one.evaluate("sessionStorage.getItem('onrecord-conversation')")
    other.evaluate("(told) => sessionStorage.setItem('onrecord-conversation', told)", stolen)
    reload(other)
    expect(other.locator("#thread .welcome")).to_be_visible()
    expect(other.locator("#conversations")).to_contain_text("Conversations (1)")
    assert FERRY not in other.content()


def test_two_tabs_of_one_browser_share_the_list_and_not_the_conversation(tab: Tab, served: Any) -> None:
    page = tab(served.url)
    ask(page, FERRY)
    second = page.context.new_page()
    second.goto(served.url)
    expect(second.locator("#conversations")).to_contain_text("Conversations (1)")
    expect(second.locator("#thread .welcome")).to_be_visible()
    ask(second, BREAD)
    reload(page)
    expect(page.locator("#thread .asked")).to_have_text([FERRY])
    expect(page.locator("#conversations")).to_contain_text("Conversations (2)")


def test_a_stopped_answer_is_kept_as_stopped_also_when_the_browser_leaves(tab: Tab, slow: Any) -> None:
    page = tab(slow.url)
    page.locator("#question textarea").fill("On and on for ever?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#thread .turn")).to_contain_text("word2")
    page.locator("#question .stop-button").click()
    expect(page.locator("#thread .told")).to_contain_text("Stopped.")
    expect(page.locator("#conversations")).to_contain_text("Conversations (1)")
    page.locator("#question textarea").fill("And on for ever?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#thread .turn").nth(1)).to_contain_text("word2")
    reload(page)
    expect(page.locator("#thread .asked").first).to_have_text("On and on for ever?")
    expect(page.locator("#thread .told").first).to_contain_text("Stopped.")
    expect(page.locator("#thread .thumb")).to_have_count(0)
    kept = Conversations(slow.home / FILE, read_only=True)
    for _ in range(40):
        if len(kept.open(None, kept.list(None)[0][0].key).exchanges) == 2:
            break
        page.wait_for_timeout(250)
    told = kept.open(None, kept.list(None)[0][0].key).exchanges
    kept.close()
    assert [one.stopped for one in told] == [True, True] and "word2" in told[1].answer.text


def test_a_conversation_is_saved_to_cite_from(visit: Visit) -> None:
    page = visit()
    ask(page, FERRY)
    for name, words in (("Markdown", "# What did"), ("HTML", "<!doctype html>")):
        with page.expect_download() as download:
            page.locator("#thread .saves").get_by_role("button", name=name).click()
        told = Path(download.value.path()).read_text(encoding="utf-8")
        assert words in told and "https://gazette.example/ferry" in told and "3 May 2021" in told


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_can_be_read(
    visit: Visit, scheme: str, contrast: Callable[[Locator], float]
) -> None:
    page = visit(**PHONE, color_scheme=scheme)
    turn = ask(page, FERRY)
    items = unfold(page)
    items.first.locator(".acts > summary").click()
    for one in ("#kept .title", "#kept .when", "#kept .acts summary", "#kept .row button", ".thumb.up"):
        assert contrast(page.locator(one).first) >= 4.5, one
    content, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert content <= window
    turn.locator(".thumb.down").click()
    for one in ("dialog.why label", "dialog.why .note", "dialog.why .tell", "dialog.why legend"):
        assert contrast(page.locator(one).first) >= 4.5, one
    box = page.locator("dialog.why").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360


@pytest.mark.timeout(400)  # five processes that load the models
def test_a_restart_keeps_conversations_and_tells_what_became_of_articles(tab: Tab, own: Any) -> None:
    with own.serving() as url:
        page = tab(url)
        ask(page, FERRY)
        ask(page, BREAD)
        lit = opens(page)
    own.ingest("Corrected on Tuesday.\n\n")
    own.run("articles", "remove", "bakery")
    with own.serving():
        reload(page)
        expect(page.locator("#thread .turn")).to_have_count(2)
        page.locator("#thread .turn").nth(0).locator(".marker").first.click()
        expect(page.locator("#source .since")).to_contain_text("has changed since")
        expect(page.locator("#source .since")).to_contain_text(lit)
        page.locator("#thread .turn").nth(1).locator(".marker").first.click()
        expect(page.locator("#source .since")).to_contain_text("removed from the library since")
        expect(page.locator("#source .since")).to_contain_text("eighteen hours of patience")


def test_nothing_is_kept_where_that_is_turned_off(tab: Tab, own: Any) -> None:
    (own.home / "onrecord.toml").write_text("[page]\nkeep_conversations = false\n", encoding="utf-8")
    with own.serving() as url:
        page = tab(url)
        expect(ask(page, BREAD).locator(".thumb")).to_have_count(0)
        expect(page.locator("#conversations")).to_have_count(0)
        reload(page)
        expect(page.locator("#thread .welcome")).to_be_visible()
    assert not (own.home / FILE).exists()
