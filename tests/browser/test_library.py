"""The Library in a real browser: added by file and by address, followed, narrowed, removed, attacked."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
HOSTILE = "<img src=x onerror=window.__pwned=7>"
FERRY = (
    "Port director Ada Okoye said the new ferry would carry two hundred passengers and forty bicycles.",
    "The first one sails at nine on Monday, and it will sail every day until autumn.",
)
ARTICLES = [
    {"id": "rye", "title": "Bakers win prize for dark rye", "source": "Valley Herald",
     "published": "2022-11-20", "text": "Master baker Tom Lindqvist said dark rye needed eighteen hours."},
    {"id": "bridge", "title": "Bridge opens", "source": f"Gazette {HOSTILE}", "published": "2021-05-03",
     "text": "The mayor said the bridge was open."},
]  # fmt: skip


@pytest.fixture(scope="module")
def fetching(tmp_path_factory: pytest.TempPathFactory, tools: Any) -> Iterator[Any]:
    """The page over two articles; it may fetch from this machine."""
    folder = tmp_path_factory.mktemp("fetching")
    home, lines, port = folder / "home", folder / "made-up.jsonl", tools.free_port()
    home.mkdir()
    (home / "onrecord.toml").write_text("[fetch]\nprivate = true\n")
    lines.write_text("\n".join(map(json.dumps, ARTICLES)), encoding="utf-8")
    subprocess.run(tools.onrecord("ingest", str(lines), "--home", str(home)), check=True, timeout=180)
    words = tools.onrecord("serve", "--home", str(home), "--port", str(port))
    with tools.serving(words, port, folder / "log") as url:
        yield tools.Served(url, home, folder / "log")


@pytest.fixture
def library(visit: Visit) -> Callable[..., Page]:
    """Opens the Library tab in a page of its own."""

    def open_(**options: Any) -> Page:
        page = visit("fetching", **options)
        page.get_by_role("tab", name="Library").click()
        expect(page.locator("#numbers .facts")).to_be_visible()
        return page

    return open_


def address(page: Page) -> Locator:
    return page.get_by_label("Address of an article or feed")


def rows(page: Page) -> Locator:
    return page.locator("#shelf tbody tr")


def choose(page: Page, field: str, option: str) -> None:
    """Choose in one of Gradio's lists, by keyboard."""
    box = page.locator(f"#{field} input")
    box.click()
    page.get_by_role("option", name=option).click()


def remove(page: Page, headline: str) -> None:
    """Remove the article with this headline, asked and confirmed."""
    row = rows(page).filter(has_text=headline)
    row.locator(".remove summary").click()
    row.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#report .done")).to_contain_text("Removed")


def test_an_article_is_added_by_its_address_asked_and_removed(
    library: Callable[..., Page], news: Any
) -> None:
    news.story("/ferry", f"New ferry {HOSTILE.replace('<', '&lt;')}", *FERRY)
    page = library()
    address(page).fill(news.url("/ferry"))
    address(page).press("Enter")
    expect(page.locator("#report .done")).to_have_text("1 article added", timeout=60_000)
    expect(address(page)).to_have_value("")
    expect(page.locator("#numbers .facts")).to_contain_text("3 articles")
    expect(page.locator("#header .holdings")).to_contain_text("3 articles")
    page.get_by_role("tab", name="Ask").click()
    page.locator("#question textarea").fill("What did Ada Okoye say about the ferry?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#thread .said")).to_contain_text("two hundred passengers", timeout=60_000)
    page.get_by_role("tab", name="Library").click()
    remove(page, "New ferry")
    expect(rows(page)).to_have_count(2)
    expect(page.locator("#numbers .facts")).to_contain_text("2 articles")


def test_what_cannot_be_fetched_is_told_and_stays_to_be_mended(
    library: Callable[..., Page], news: Any
) -> None:
    page = library()
    address(page).fill(news.url(f"/gone?{HOSTILE}".replace(" ", "%20")))
    address(page).press("Enter")
    expect(page.locator("#report .unreadable li")).to_contain_text("404", timeout=60_000)
    address(page).fill("file:///etc/passwd")
    address(page).press("Enter")
    expect(page.locator("#report .unreadable li")).to_contain_text("http://", timeout=60_000)
    expect(rows(page)).to_have_count(2)


def test_a_feed_is_followed_looked_at_and_followed_no_more(library: Callable[..., Page], news: Any) -> None:
    news.story("/ferry", "New ferry", *FERRY)
    news.feed("/feed", f"<title>x</title><link>{news.url('/ferry')}</link>")
    page = library()
    address(page).fill(news.url("/feed"))
    page.get_by_role("button", name="Follow this feed").click()
    expect(page.locator("#report .done")).to_contain_text("Sound Gazette is followed")
    feed = page.locator("#feeds li")
    expect(feed).to_contain_text("Sound Gazette")
    for _ in range(30):  # the server looks within seconds; the tab tells when it is opened again
        if "1 added" in feed.inner_text():
            break
        page.wait_for_timeout(1_000)
        page.get_by_role("tab", name="Ask").click()
        page.get_by_role("tab", name="Library").click()
        expect(feed).to_be_visible()
    expect(feed).to_contain_text("1 added")
    expect(rows(page)).to_have_count(3)
    page.get_by_role("button", name="Follow Sound Gazette no more").click()
    expect(feed).to_have_count(0)
    expect(rows(page)).to_have_count(3)  # its articles stay
    remove(page, "New ferry")


def test_a_zip_file_is_uploaded_and_each_bad_entry_told(library: Callable[..., Page], tmp_path: Path) -> None:
    with ZipFile(tmp_path / f"more {HOSTILE.replace('/', '')}.zip", "w") as out:
        out.writestr("news/zeppelin.txt", "Zeppelin to visit Tarnholm\n\nThe town expects a rare guest.")
        out.writestr(f"../{HOSTILE}.txt", "Out of here.")
    page = library()
    page.locator("#files input[type=file]").set_input_files([str(one) for one in tmp_path.glob("*.zip")])
    report = page.locator("#report .done")
    expect(report).to_contain_text("1 article added", timeout=60_000)
    expect(report.locator(".unreadable li")).to_contain_text("leads out of the zip file")
    remove(page, "Zeppelin")


def test_the_list_is_narrowed_by_outlet_state_and_words(library: Callable[..., Page]) -> None:
    page = library()
    choose(page, "outlet", "Valley Herald")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Bakers win prize")
    choose(page, "state", "Being indexed")
    expect(page.locator("#shelf .none")).to_have_text("No article has this outlet and state.")
    choose(page, "state", "Ready")
    choose(page, "outlet", "Gazette <img")
    expect(rows(page)).to_contain_text("Bridge opens")
    choose(page, "outlet", "All outlets")
    page.get_by_label("Search the library").fill("RYE")
    expect(rows(page)).to_have_count(1)


def test_coverage_is_drawn_and_told(library: Callable[..., Page]) -> None:
    page = library()
    page.get_by_text("Articles over time").click()
    plot = page.locator("#numbers svg")
    expect(plot).to_be_visible()
    assert "2 in all" in (plot.get_attribute("aria-label") or "")
    assert plot.locator("rect").count() == 2


def test_everything_is_indexed_anew_after_a_question(library: Callable[..., Page]) -> None:
    page = library()
    page.get_by_text("Index everything anew").click()
    page.get_by_role("button", name="Yes, index 2 articles anew").click()
    expect(page.locator("#report .done")).to_contain_text("Indexed anew", timeout=60_000)
    expect(rows(page)).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_can_be_read(
    library: Callable[..., Page], contrast: Callable[[Locator], float], scheme: str
) -> None:
    page = library(**PHONE, color_scheme=scheme)
    page.get_by_text("Articles over time").click()
    page.get_by_text("Index everything anew").click()
    content, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert content <= window
    for selector in (
        "#numbers .facts li",
        "#follow",
        "#upkeep button",
        "#upkeep p",
        "#adding p",
        "#numbers summary",
    ):
        assert contrast(page.locator(selector).first) >= 4.5, selector


def test_it_works_by_keyboard(library: Callable[..., Page]) -> None:
    page = library()
    address(page).focus()
    labels = []
    for _ in range(2):
        page.keyboard.press("Tab")
        labels.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert labels == ["Add", "Follow this feed"]
