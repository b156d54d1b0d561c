"""States of the page in a real browser: settings kept, answers in vain, a full line, a server gone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
Tab = Callable[..., Page]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
FERRY = "What did Ada Okoye say about the ferry?"
BREAD = "What did Tom Lindqvist say about the rye bread?"


def send(page: Page, question: str) -> None:
    """Ask."""
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def ask(page: Page, question: str) -> Locator:
    """Ask and wait; the turn that holds the answer."""
    turn = page.locator("#thread .turn").nth(page.locator("#thread .turn").count())
    send(page, question)
    expect(turn.locator(".below")).to_be_visible()
    expect(page.locator("#question .submit-button")).to_be_visible()
    return turn


def settings(page: Page) -> Locator:
    """The heading of the settings, unfolded."""
    heading = page.locator("#settings .label-wrap")
    heading.click()
    expect(page.locator("#top-k input")).to_be_visible()
    return heading


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    content, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return bool(content <= window)


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """Opens a page whose server may go away; the browser complains of that."""
    contexts = []

    def open_(url: str, **options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector("#question textarea")
        return page

    yield open_
    for context in contexts:
        context.close()


# --- settings ----------------------------------------------------------------------------------


def test_settings_outlive_a_reload_and_can_be_undone(tab: Tab, served: Any) -> None:
    page = tab(served.url)
    heading = settings(page)
    page.locator("#top-k input").fill("12")
    expect(heading).to_contain_text("Settings: 12 passages")
    page.get_by_label("Answer only when certain").check()
    expect(heading).to_contain_text("Settings: 12 passages, answer only when certain")
    page.locator("#asked-on input").first.fill("2021-06-01")
    page.locator("#asked-on input").first.press("Enter")
    expect(heading).to_contain_text("certain, asked on 1 June 2021")
    page.wait_for_function("localStorage.getItem('onrecord-settings')?.includes('strict')")
    page.reload()
    expect(page.locator("#settings .label-wrap")).to_contain_text("12 passages, answer only when certain")
    heading = settings(page)
    expect(heading).not_to_contain_text("asked on")  # it belongs to the question at hand, as filters do
    expect(page.locator("#top-k input")).to_have_value("12")
    expect(page.get_by_label("Answer only when certain")).to_be_checked()
    turn = ask(page, FERRY)
    turn.locator(".how summary").click()
    expect(turn.locator("table.facts")).to_contain_text("at most 12")
    page.get_by_role("button", name="Back to the server’s own").click()
    expect(heading).not_to_contain_text("passages")
    expect(page.locator("#top-k input")).to_have_value("10")
    page.wait_for_function("localStorage.getItem('onrecord-settings') === '{}'")
    page.reload()
    page.wait_for_timeout(2_000)
    expect(page.locator("#settings .label-wrap")).not_to_contain_text("passages")


@pytest.mark.parametrize("kept", ['{"llm": "gone:model", "top_k": 99, "abstain": 5}', "[1", '"x"', "null"])
def test_nonsense_in_the_browser_changes_nothing(tab: Tab, served: Any, kept: str) -> None:
    page = tab(served.url)
    page.evaluate("(kept) => localStorage.setItem('onrecord-settings', kept)", kept)
    page.reload()
    page.wait_for_selector("#question textarea")
    page.wait_for_timeout(1_500)
    settings(page)
    expect(page.locator("#top-k input")).to_have_value("10")
    expect(page.locator("#own-settings")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_settings_and_ranks_can_be_read_on_a_phone(
    visit: Visit, scheme: str, contrast: Callable[[Locator], float]
) -> None:
    page = visit(**PHONE, color_scheme=scheme)
    heading = settings(page)
    page.locator("#top-k input").fill("12")
    expect(heading).to_contain_text("12 passages")
    expect(page.locator("#top-k .info-text")).to_contain_text("The best 6 are read")
    for one in ("#top-k .info-text", "#own-settings", "#settings .label-wrap"):
        assert contrast(page.locator(one).first) >= 4.5, one
    assert fits(page)
    heading.click()
    turn = ask(page, FERRY)
    turn.locator(".how summary").click()
    expect(turn.locator("table.facts")).to_contain_text("of 12, for the answer")
    read = turn.locator(".ranked tbody tr").filter(has=page.locator(".read"))
    assert read.locator(".rank").all_inner_texts()[:6] == ["1", "2", "3", "4", "5", "6"]
    assert read.count() < 12  # besides the best some in which the one asked about speaks
    expect(turn.locator(".ranked .number .kind").first).to_be_visible()
    for one in (".ranked .read", ".ranked .kind", ".ranked caption"):
        assert contrast(turn.locator(one).first) >= 4.5, one
    wide, shown = turn.locator(".ranked").evaluate("(one) => [one.scrollWidth, one.clientWidth]")
    assert wide <= shown and fits(page)


def test_calendar_buttons_have_names(visit: Visit) -> None:
    page = visit()
    for part, names in (("filters", ["From", "To"]), ("settings", ["Asked on (or today)"])):
        page.locator(f"#{part} .label-wrap").click()
        for name in names:
            expect(
                page.locator(f"#{part}").get_by_role("button", name=f"Choose a day: {name}")
            ).to_be_visible()


# --- answers in vain ---------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["once", "think"])
def test_asking_again_in_vain_leaves_the_answer_and_what_followed(tab: Tab, slow: Any, word: str) -> None:
    page = tab(slow.url)
    ask(page, f"What of the harbour, {word}?")
    ask(page, "And the ferry?")
    before = page.locator("#thread .said").all_inner_texts()
    page.locator("#thread .turn").first.get_by_role("button", name="Ask again").click()
    if word == "think":
        expect(page.locator("#thread .turn")).to_have_count(1)
        page.locator("#question .stop-button").click()
    note = page.locator("#thread .turn").first.locator(".kept")
    expect(note).to_contain_text("Asking again failed." if word == "once" else "Stopped.")
    expect(note).to_contain_text("This is the answer from before.")
    expect(page.locator("#thread .turn")).to_have_count(2)
    assert page.locator("#thread .said").all_inner_texts() == before
    expect(note).to_be_in_viewport()
    expect(page.locator("#question .submit-button")).to_be_visible()
    page.reload()
    expect(page.locator("#thread .turn")).to_have_count(2)
    ask(page, "And then?")
    expect(page.locator("#conversations")).to_contain_text("Conversations (1)")


@pytest.mark.timeout(300)
def test_an_empty_archive_says_what_to_do(tab: Tab, tmp_path: Path, tools: Any) -> None:
    port, home = tools.free_port(), tmp_path / "home"
    words = tools.onrecord("serve", "--home", str(home), "--port", str(port))
    with tools.serving(words, port, tmp_path / "log") as url:
        page = tab(url)
        turn = ask(page, FERRY)
        expect(turn.locator(".abstained")).to_contain_text("There is nothing to answer from")
        expect(turn.locator(".abstained")).to_contain_text("holds no article yet. Add some in the Library")


@pytest.mark.timeout(300)
def test_statements_of_older_rules_are_derived_behind_the_page(tab: Tab, own: Any) -> None:
    with closing(sqlite3.connect(own.home / "catalog.sqlite3")) as catalog, catalog:
        catalog.execute("UPDATE attributed SET attributing = 'older'")
        catalog.execute("DELETE FROM attributions")
    with own.serving() as url:
        page = tab(url)
        page.get_by_role("tab", name="Quotes").click()
        told = page.locator("#caught-up").get_by_role("status")
        expect(told).to_contain_text("found anew in 2 articles. The list is up to date.")
        page.get_by_role("button", name="Ada Okoye").click()  # who was not known when the tab was opened
        expect(page.locator("#statements .statements")).to_contain_text("two hundred passengers")
        page.get_by_role("tab", name="Ask").click()
        page.get_by_role("tab", name="Quotes").click()
        expect(told).to_have_count(0)


# --- others, and the server --------------------------------------------------------------------


def test_who_comes_fifth_is_told_so_can_stop_and_is_answered_in_turn(visit: Visit) -> None:
    first, *_ = readers = [visit("slow") for _ in range(6)]
    for one in readers:
        send(one, "On and on for ever?")
        expect(one.locator("#thread .turn")).to_contain_text("On and on")
    *_, fifth, sixth = readers
    expect(fifth.locator("#thread .waiting")).to_have_text("Others are being answered: yours is next")
    expect(sixth.locator("#thread .waiting")).to_have_text(
        "Others are being answered: 1 question before yours"
    )
    sixth.locator("#question .stop-button").click()
    expect(sixth.locator("#thread .told")).to_contain_text("Stopped before anything was written.")
    first.locator("#question .stop-button").click()
    expect(fifth.locator("#thread .said")).to_contain_text("nine years")
    for one in readers[1:5]:
        one.locator("#question .stop-button").click()
        expect(one.locator("#question .submit-button")).to_be_visible()


@pytest.mark.timeout(400)  # three processes that load the models
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_server_that_goes_and_comes_back(
    tab: Tab, own: Any, scheme: str, contrast: Callable[[Locator], float]
) -> None:
    with own.serving() as url:
        page = tab(url, **(PHONE if scheme == "dark" else {}), color_scheme=scheme)
        ask(page, BREAD)
        expect(page.locator(".server")).to_be_hidden()
    bar = page.get_by_role("alert").filter(has_text="The server does not answer")
    expect(bar).to_be_visible()
    assert contrast(bar) >= 4.5 and fits(page)
    expect(page.locator("#thread .said")).to_contain_text("eighteen hours")
    send(page, "And what did he say about the prize money?")
    page.wait_for_timeout(3_000)  # Gradio tells of it too
    expect(page.get_by_text("Connection Lost")).to_be_hidden()
    with own.serving():
        expect(bar).to_be_hidden(timeout=60_000)
        expect(page.locator("#thread .said")).to_contain_text("eighteen hours", timeout=60_000)
        expect(page.locator("#question textarea")).to_have_value("And what did he say about the prize money?")
        page.locator("#question textarea").press("Enter")
        expect(page.locator("#thread .turn").nth(1).locator(".said")).to_contain_text("oven")


@pytest.mark.timeout(300)
def test_what_was_asked_when_the_server_died_is_in_the_box(tab: Tab, tmp_path: Path, tools: Any) -> None:
    port, script = tools.free_port(), Path(__file__).with_name("slow_page.py")
    words = [sys.executable, str(script), str(port), str(tmp_path)]
    dying = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        tools.wait_for(port, dying)
        page = tab(f"http://127.0.0.1:{port}/")
        send(page, "On and on for ever?")
        expect(page.locator("#thread .turn")).to_contain_text("word2")
    finally:
        dying.kill()
        dying.wait(30)
    expect(page.locator(".server")).to_be_visible()
    expect(page.locator("#thread .turn")).to_contain_text("word2")
    with tools.serving(words, port, tmp_path / "log"):
        expect(page.locator("#question textarea")).to_have_value("On and on for ever?", timeout=60_000)
