"""The report in a real browser: filters, search, hostile text, no script, a narrow window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.eval.report import report_html
from rag.eval.types import Turn

pytestmark = pytest.mark.browser
HOSTILE = "</script><script>window.__pwned=1</script><img src=x onerror='window.__pwned=2'> \u202e مرحبا \x00"


@pytest.fixture
def opened(browser: Browser, lake: Any, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens the report of `rows` (default: one of each kind); nothing may go wrong or reach outside."""
    contexts, troubles = [], []

    def open_(rows: Any = None, **options: Any) -> Page:
        path = tmp_path / "report.html"
        path.write_text(report_html(lake.run(rows)), encoding="utf-8")
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text))
        page.on("request", lambda asked: troubles.append(asked.url) if asked.url != path.as_uri() else None)
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not troubles


def seen(page: Page) -> int:
    return page.locator(".row:visible").count()


def test_kinds_tags_and_words_narrow_what_is_seen(opened: Callable[..., Page], lake: Any) -> None:
    page = opened()
    assert seen(page) == len(lake.rows())
    page.get_by_role("button", name="Wrong article").click()
    assert seen(page) == 1 and page.locator("#count").inner_text() == "1 of 10 questions"
    page.get_by_role("button", name="Wrong article").click()
    page.locator("#tag").select_option(label="nowhere")
    assert seen(page) == 2
    page.locator("#tag").select_option(label="all")
    page.locator("#words").fill("PEOPLE skate")
    expect(page.locator("#count")).to_have_text("1 of 10 questions")
    page.locator("#words").fill("no such words anywhere")
    expect(page.get_by_text("No question fits.")).to_be_visible()


def test_a_question_opens_and_shows_why(opened: Callable[..., Page]) -> None:
    page = opened()
    page.get_by_text("When could people skate?").click()
    expect(page.get_by_text("No cited article is one that holds the evidence.").nth(1)).to_be_visible()
    expect(page.locator(".row[open] mark", has_text="Monday").first).to_be_visible()


def test_without_scripts_all_is_there(opened: Callable[..., Page], lake: Any) -> None:
    page = opened(java_script_enabled=False)
    assert seen(page) == len(lake.rows())
    page.get_by_text("When could people skate?").click()
    expect(page.locator(".row[open] mark", has_text="Monday").first).to_be_visible()
    expect(page.locator(".controls")).to_be_hidden()


def test_hostile_text_does_nothing(opened: Callable[..., Page], lake: Any) -> None:
    question = lake.question(
        "h", HOSTILE, tags=(HOSTILE,), answers=((HOSTILE,),), history=(Turn("user", HOSTILE),)
    )
    page = opened([lake.row(question, HOSTILE, scores={"answer_match": 0.0})])
    page.locator(".row summary").first.click()
    assert page.evaluate("window.__pwned") is None and page.locator("img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_needs_no_sideways_scrolling(opened: Callable[..., Page], scheme: str) -> None:
    page = opened(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    for summary in page.locator(".row summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
