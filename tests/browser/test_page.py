"""The page in a real browser, over a real archive: asked, read, filtered, filled, attacked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
FERRY = "What did Ada Okoye say about the ferry?"
BREAD = "What did Tom Lindqvist say about the rye bread?"
LIGHTHOUSE = "What did Eve Marlowe say about the lighthouse?"
UNKNOWN = "What is the boiling point of tungsten in degrees?"


def answered(page: Page, number: int) -> Locator:
    """The turn with this number (from 0), once its answer is whole."""
    turn = page.locator("#thread .turn").nth(number)
    expect(turn.locator(".said, .abstained, .failed").first).to_be_visible()
    expect(page.locator("#question .submit-button")).to_be_visible()
    return turn


def ask(page: Page, question: str) -> Locator:
    """Ask and wait; the turn that holds the answer."""
    before = page.locator("#thread .turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    return answered(page, before)


def in_view(inner: Locator, outer: Locator) -> bool:
    """Whether the whole of `inner` lies within what shows of `outer`."""
    a, b = inner.bounding_box(), outer.bounding_box()
    assert a and b
    return a["y"] >= b["y"] and a["y"] + a["height"] <= b["y"] + b["height"]


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    content, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return bool(content <= window)


def library(page: Page) -> None:
    """Go to the Library tab."""
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#shelf .articles")).to_be_visible()


def upload(page: Page, *files: Path) -> Locator:
    """Upload files in the Library; the report when it is done."""
    page.evaluate(
        """() => {
          window.progress = false;
          const report = document.querySelector("#report");
          const look = () => { window.progress ||= Boolean(report.querySelector("progress")); };
          new MutationObserver(look).observe(report, { childList: true, subtree: true });
        }"""
    )
    page.locator("#files input[type=file]").set_input_files(list(files))
    page.wait_for_function("window.progress")
    report = page.locator("#report .done")
    expect(report).to_be_visible(timeout=60_000)
    return report


# --- asking and reading ------------------------------------------------------------------------


def test_a_marker_opens_the_article_at_the_cited_words(visit: Visit, served: Any) -> None:
    page = visit()
    marker = ask(page, FERRY).locator(".marker").first
    marker.click()
    focus = page.locator("#source mark.focus")
    expect(focus.first).to_be_visible()
    evidence = served.words(marker.get_attribute("data-article"), marker.get_attribute("data-spans"))
    assert "two hundred passengers" in evidence
    assert "".join(focus.all_inner_texts()) == evidence
    page.wait_for_function("document.querySelector('#source .scroll').scrollTop > 0")
    assert in_view(focus.first, page.locator("#source .scroll"))
    expect(page.locator("#source h2")).to_have_text("New ferry to cross the sound from spring")
    expect(page.locator("#source .place")).to_contain_text("3 May 2021")
    link = page.locator("#source a.original")
    assert link.get_attribute("href") == "https://gazette.example/ferry"
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"


def test_choosing_the_marker_again_scrolls_back(visit: Visit) -> None:
    page = visit()
    marker = ask(page, FERRY).locator(".marker").first
    page.wait_for_function("document.querySelector('#source .scroll').scrollTop > 0")
    for again in (marker, page.locator("#source .jump")):
        page.locator("#source .scroll").evaluate("(one) => { one.scrollTop = 0; }")
        again.click()
        page.wait_for_function("document.querySelector('#source .scroll').scrollTop > 0")
        assert in_view(page.locator("#source mark.focus").first, page.locator("#source .scroll"))


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit()
    ask(page, FERRY).locator(".marker").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread .marker.chosen")).to_be_focused()
    expect(page.locator("#source mark.focus").first).to_be_visible()


def test_an_example_of_the_library_is_answered(visit: Visit) -> None:
    page = visit()
    example = page.locator(".example").first
    question = example.inner_text()
    example.click()
    turn = answered(page, 0)
    expect(turn.locator(".asked")).to_have_text(question)
    expect(turn.locator(".marker").first).to_be_visible()
    expect(page.locator(".example")).to_have_count(0)


def test_an_abstention_shows_the_nearest_passages_and_they_open(visit: Visit) -> None:
    page = visit()
    turn = ask(page, UNKNOWN)
    expect(turn.locator(".abstained")).to_contain_text(UNKNOWN)
    expect(turn.locator(".marker")).to_have_count(0)
    card = turn.locator(".passages .card").first
    card.click()
    expect(page.locator("#source mark.focus").first).to_be_visible()
    expect(page.locator("#source h2")).to_have_text(card.locator(".headline").inner_text())


def test_a_follow_up_knows_what_was_talked_about(visit: Visit) -> None:
    page = visit()
    ask(page, BREAD)
    turn = ask(page, "What did he say about the prize money?")
    expect(turn.locator(".said")).to_contain_text("oven")
    expect(page.locator("#thread .turn")).to_have_count(2)


def test_filters_limit_what_is_found(visit: Visit) -> None:
    page = visit()
    page.locator("#filters .label-wrap").click()
    page.locator("#since input").first.fill("2022-01-01")
    page.locator("#since input").first.press("Enter")
    expect(page.locator("#filters .label-wrap")).to_contain_text("from 1 January 2022")
    turn = ask(page, FERRY)
    expect(turn.locator(".limits").first).to_have_text("Only from 1 January 2022")
    assert "two hundred passengers" not in turn.inner_text()
    page.locator("#outlets input").click()
    page.get_by_role("option", name="Valley Herald").click()
    expect(page.locator("#filters .label-wrap")).to_contain_text("Valley Herald, from 1 January 2022")
    turn = ask(page, BREAD)
    expect(turn.locator(".said")).to_contain_text("eighteen hours")
    assert set(turn.locator(".card .outlet").all_inner_texts()) == {"Valley Herald"}


def test_a_wrong_date_is_told_and_breaks_nothing(visit: Visit) -> None:
    page = visit()
    page.locator("#filters .label-wrap").click()
    page.locator("#since input").first.fill("2023-02-31")
    page.locator("#since input").first.press("Enter")
    expect(ask(page, FERRY).locator(".failed")).to_contain_text("2023-02-31")


def test_two_people_at_once_keep_their_own_conversations(visit: Visit) -> None:
    one, other = visit(), visit()
    ask(one, FERRY)
    ask(other, BREAD)
    ask(one, BREAD)
    assert one.locator("#thread .asked").all_inner_texts() == [FERRY, BREAD]
    assert other.locator("#thread .asked").all_inner_texts() == [BREAD]
    fresh = visit()
    expect(fresh.locator("#thread .welcome")).to_be_visible()


def test_a_new_conversation_forgets_the_old_one(visit: Visit) -> None:
    page = visit()
    ask(page, FERRY)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#thread .welcome")).to_be_visible()
    expect(page.locator("#thread .turn")).to_have_count(0)
    ask(page, BREAD)
    assert page.locator("#thread .asked").all_inner_texts() == [BREAD]


# --- the library -------------------------------------------------------------------------------


def test_upload_ask_upload_again_change_and_remove(visit: Visit, tmp_path: Path, served: Any) -> None:
    page = visit()
    library(page)
    story = tmp_path / "Zeppelin <b>story.txt"
    story.write_text(
        "Zeppelin to visit Tarnholm\n\nThe old town of Tarnholm expects a rare guest.\n\n"
        "Captain Rosa Veit said the zeppelin would land at Tarnholm on Sunday at noon."
    )
    expect(upload(page, story)).to_have_text("1 article added")
    expect(page.locator("#header .holdings")).to_contain_text("22 articles")
    page.get_by_role("tab", name="Ask").click()
    expect(ask(page, "What did Rosa Veit say about the zeppelin?").locator(".said")).to_contain_text("noon")

    library(page)
    expect(upload(page, story)).to_have_text("1 article already here")
    story.write_text(story.read_text().replace("on Sunday at noon", "on Monday at dawn"))
    expect(upload(page, story)).to_have_text("1 article changed")
    page.get_by_role("tab", name="Ask").click()
    turn = ask(page, "What did Rosa Veit say about the zeppelin?")
    expect(turn.locator(".said")).to_contain_text("dawn")

    library(page)
    page.locator("#words :is(input, textarea)").fill("zeppelin")
    expect(page.locator("#shelf tbody tr")).to_have_count(1)
    page.locator("#shelf .remove summary").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#report .done")).to_contain_text("Removed: Zeppelin to visit Tarnholm")
    expect(page.locator("#shelf .none")).to_be_visible()
    expect(page.locator("#header .holdings")).to_contain_text("21 articles")
    assert not list((served.home / "uploads").iterdir())


def test_an_unreadable_upload_is_told_with_the_reason(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    library(page)
    broken = tmp_path / "broken.json"
    broken.write_text("{ this is no JSON")
    report = upload(page, broken)
    expect(report).to_contain_text("Could not be read")
    expect(report.locator(".unreadable li")).to_contain_text("broken.json")
    expect(page.locator("#files input[type=file]")).to_be_attached()  # ready for the next
    assert str(tmp_path) not in report.inner_text()


def test_a_file_of_another_kind_is_not_taken(visit: Visit, tmp_path: Path, served: Any) -> None:
    page = visit()
    library(page)
    odd = tmp_path / "<img src=x onerror=window.__pwned=9>.exe"
    odd.write_text("MZ")
    report = upload(page, odd)
    expect(report.locator(".unreadable li")).to_contain_text("window.__pwned=9.exe")
    assert not list(served.home.rglob("*.exe"))


def test_the_list_is_searched_and_opens_articles(visit: Visit) -> None:
    page = visit()
    library(page)
    page.locator("#words :is(input, textarea)").fill("BAKERS")
    expect(page.locator("#shelf tbody tr")).to_have_count(1)
    expect(page.locator("#shelf .place")).to_contain_text("20 November 2022")
    page.locator("#shelf .open").click()
    expect(page.locator("#source h2")).to_have_text("Bakers win prize for dark rye")
    expect(page.locator("#source mark")).to_have_count(0)
    page.locator("#words :is(input, textarea)").fill("no such headline <b>")
    expect(page.locator("#shelf .none")).to_contain_text("no such headline <b>")


# --- looks -------------------------------------------------------------------------------------


def test_a_phone_shows_the_source_as_a_sheet(visit: Visit) -> None:
    page = visit(**PHONE)
    assert fits(page)
    marker = ask(page, FERRY).locator(".marker").first
    assert fits(page)
    expect(page.locator("#source .scroll")).not_to_be_visible()
    for leave in ("button", "back", "Escape"):
        marker.click()
        expect(page.locator("#source mark.focus").first).to_be_in_viewport()
        assert in_view(page.locator("#source mark.focus").first, page.locator("#source .scroll"))
        assert fits(page)
        if leave == "button":
            page.locator("#source .close").click()
        elif leave == "back":
            page.go_back()
        else:
            page.keyboard.press("Escape")
        expect(page.locator("#source .scroll")).not_to_be_visible()
        expect(marker).to_be_focused()
    page.locator("#filters .label-wrap").click()
    expect(page.locator("#since")).to_be_visible()
    assert fits(page)
    library(page)
    assert fits(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_schemes(
    visit: Visit, contrast: Callable[[Locator], float], luminance: Callable[[str], float], scheme: str
) -> None:
    page = visit(color_scheme=scheme)
    papers = page.evaluate("getComputedStyle(document.querySelector('.gradio-container')).backgroundColor")
    assert (luminance(papers) < 0.1) == (scheme == "dark")
    expect(page.locator(".example").first).to_be_visible()
    seen = [
        *(".welcome h2", ".welcome p", ".example", ".holdings", "#examples h3"),
        "#filters .label-wrap span",
    ]
    assert {
        where: contrast(page.locator(where).first)
        for where in seen
        if contrast(page.locator(where).first) < 4.5
    } == {}
    ask(page, FERRY)
    ask(page, UNKNOWN)
    page.locator("#thread .marker").first.click()
    expect(page.locator("#source mark.focus").first).to_be_visible()
    seen = [
        ".asked",
        ".said p",
        ".marker.chosen",
        ".card .headline",
        ".card .outlet",
        ".card .snippet",
        ".abstained p",
    ]
    seen += [
        ".abstained .searched",
        "#source h2",
        "#source mark.focus",
        "#source .body p",
        "#source .jump",
        "#source .place",
    ]
    seen += ["#question .submit-button", "#source a.original", ".more summary", ".nearest", "#again"]
    seen = [where for where in seen if page.locator(where).count()]
    assert {
        where: contrast(page.locator(where).first)
        for where in seen
        if contrast(page.locator(where).first) < 4.5
    } == {}
    library(page)
    seen = [
        "#adding p",
        "#shelf .open",
        "#shelf .place .day",
        "#shelf th",
        "#shelf .remove summary",
        "#shelf .total",
    ]
    assert {
        where: contrast(page.locator(where).first)
        for where in seen
        if contrast(page.locator(where).first) < 4.5
    } == {}


# --- attacks -----------------------------------------------------------------------------------


def test_a_hostile_article_is_only_words(visit: Visit) -> None:
    page = visit()
    turn = ask(page, LIGHTHOUSE)
    turn.locator(".marker, .card").first.click()
    expect(page.locator("#source h2")).to_contain_text("<script>")
    expect(page.locator("#source .body")).to_contain_text("${window.__pwned = 'template'}")
    assert page.locator("#source :is(script, img, svg, iframe, a)").count() == 0
    assert page.locator("#thread :is(script, img, svg, iframe, a)").count() == 0
    assert fits(page)
    page.locator("#filters .label-wrap").click()
    page.locator("#outlets input").click()
    expect(page.get_by_role("option", name='<b>Bold</b> "Post"')).to_be_visible()
    page.keyboard.press("Escape")
    library(page)
    expect(page.locator("#shelf")).to_contain_text("onerror=")
    assert page.locator("#shelf :is(script, img, svg)").count() == 0
    assert page.evaluate("window.__pwned") is None


def test_a_hostile_question_is_only_words(visit: Visit) -> None:
    page = visit()
    question = "<img src=x onerror=window.__pwned=1> ${window.__pwned=2} {{window.__pwned=3}} `x` ?"
    expect(ask(page, question).locator(".asked")).to_have_text(question)
    assert page.locator("#thread img").count() == 0


def test_what_a_button_names_is_checked_on_the_server(visit: Visit) -> None:
    page = visit()
    marker = ask(page, FERRY).locator(".marker").first
    marker.evaluate(
        "(one) => { one.dataset.article = '../../etc/passwd'; one.dataset.spans = '5-1 a-b 0-99999999'; }"
    )
    marker.click()
    expect(page.locator("#source .no-source")).to_contain_text("../../etc/passwd")
    marker.evaluate("(one) => { one.dataset.article = 'ferry'; }")
    marker.click()
    expect(page.locator("#source h2")).to_have_text("New ferry to cross the sound from spring")


def test_every_answer_tells_the_browser_to_stay_here(browser: Browser, served: Any) -> None:
    page = browser.new_page()
    page.goto(served.url)
    for path in ("", "theme.css", "gradio_api/info", "config"):
        headers = page.request.get(served.url + path).headers
        assert "default-src 'self'" in headers["content-security-policy"], path
    outside = "fetch('https://outside.example/').then(() => 'reached', () => 'refused')"
    with page.expect_console_message(lambda line: "Content Security Policy" in line.text):
        assert page.evaluate(outside) == "refused"
    page.close()


def test_no_file_of_the_archive_is_served(visit: Visit, served: Any) -> None:
    page = visit()
    for path in (served.home / "catalog.sqlite3", Path("/etc/passwd")):
        for route in ("gradio_api/file=", "file="):
            assert page.request.get(f"{served.url}{route}{path}").status in (403, 404)


def test_an_answer_stays_that_was_asked_right_after_an_upload(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "mill.txt"
    file.write_text("Mill opens again\n\nMiller Ina Holm said the mill would grind barley from Friday on.\n")
    page = visit()
    library(page)
    upload(page, file)
    page.get_by_role("tab", name="Ask").click()
    turn = ask(page, "What did Ina Holm say about the mill?")
    page.wait_for_timeout(8_000)  # questions to begin with are looked for meanwhile
    expect(turn.locator(".said")).to_contain_text("barley")
    expect(page.locator("#examples")).to_be_hidden()
