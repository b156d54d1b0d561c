"""What surrounds an answer, in a real browser: previews, copies, asking anew, settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
FERRY = "What did Ada Okoye say about the ferry?"
BREAD = "What did Tom Lindqvist say about the rye bread?"
TRUCE = "What did Peskov say about the truce?"
UNKNOWN = "What is the boiling point of tungsten in degrees?"


def ready(page: Page) -> None:
    """Wait until nothing is written any more."""
    expect(page.locator("#question .submit-button")).to_be_visible()


def ask(page: Page, question: str) -> Locator:
    """Ask and wait; the turn that holds the answer."""
    turn = page.locator("#thread .turn").nth(page.locator("#thread .turn").count())
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(turn.locator(".said, .abstained, .failed").first).to_be_visible()
    ready(page)
    return turn


def clipboard(page: Page, kind: str = "text/plain") -> str:
    """What the clipboard holds as `kind`."""
    expect(page.locator("#copied .note")).to_have_text("Copied")
    read = "async (kind) => (await (await navigator.clipboard.read())[0].getType(kind)).text()"
    return str(page.evaluate(read, kind))


# --- previews ----------------------------------------------------------------------------------


def test_a_marker_previews_the_cited_words_under_the_pointer(visit: Visit, served: Any) -> None:
    page = visit()
    marker = ask(page, FERRY).locator("button.marker").first
    preview = page.locator("#preview .preview")
    marker.hover()
    expect(preview).to_be_visible()
    evidence = served.words(marker.get_attribute("data-article"), marker.get_attribute("data-spans"))
    expect(preview.locator(".words")).to_have_text(evidence)
    expect(preview.locator(".place")).to_have_text("Sound Gazette, 3 May 2021")
    expect(preview.locator(".headline")).to_have_text("New ferry to cross the sound from spring")
    assert marker.get_attribute("aria-describedby") == preview.get_attribute("id")
    preview.hover()  # it can be reached and read
    page.wait_for_timeout(500)
    expect(preview).to_be_visible()
    page.mouse.move(2, 2)
    expect(preview).to_be_hidden()
    assert marker.get_attribute("aria-describedby") is None


def test_a_marker_previews_the_cited_words_on_focus_and_escape_closes_them(visit: Visit) -> None:
    page = visit()
    turn = ask(page, FERRY)
    page.locator("#question textarea").focus()
    for _ in range(40):  # from the box back to the marker, as a keyboard does
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('#thread button.marker')"):
            break
    preview = page.locator("#preview .preview")
    expect(preview).to_be_visible()
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('#thread button.marker')")
    expect(turn.locator(".said")).to_be_visible()


def test_a_hostile_source_is_only_words_in_its_preview(visit: Visit) -> None:
    page = visit()
    ask(page, "What did Eve Marlowe say about the lighthouse?").locator("button.marker").first.hover()
    preview = page.locator("#preview .preview")
    expect(preview.locator(".headline")).to_contain_text("<script>")
    expect(preview.locator(".place")).to_contain_text('<b>Bold</b> "Post"')
    assert preview.locator("span *").count() == 0


# --- copies ------------------------------------------------------------------------------------


def test_an_answer_is_copied_with_its_citations(visit: Visit) -> None:
    page = visit(**CLIPBOARD)
    turn = ask(page, FERRY)
    turn.get_by_role("button", name="as Markdown").click()
    text = clipboard(page)
    assert "two hundred passengers" in text
    note = text[text.index("- \\[1\\] ") :]
    for part in ("Sound Gazette", "3 May 2021", "New ferry to cross", "<https://gazette.example/ferry>"):
        assert part in note, part
    turn.get_by_role("button", name="Copy", exact=True).click()
    page.wait_for_function("async () => (await navigator.clipboard.read())[0].types.includes('text/html')")
    assert '<a href="https://gazette.example/ferry"' in clipboard(page, "text/html")
    assert "\\[" not in clipboard(page) and "https://gazette.example/ferry" in clipboard(page)


def test_an_answer_is_copied_where_the_clipboard_may_not_be_written(visit: Visit) -> None:
    page = visit(**CLIPBOARD)
    turn = ask(page, FERRY)
    page.evaluate("() => { navigator.clipboard.write = () => Promise.reject(new Error('no')); }")
    turn.get_by_role("button", name="as plain text").click()
    assert "Sound Gazette, 3 May 2021" in clipboard(page)


# --- again, edited, gone on from ---------------------------------------------------------------


def test_asking_again_and_editing_drop_what_follows(visit: Visit) -> None:
    page = visit()
    first = ask(page, FERRY)
    expect(first.get_by_role("button", name="Ask again", exact=True)).to_be_visible()
    ask(page, BREAD)
    edit, dialog = "Edit the question, dropping what follows", page.get_by_role("dialog")
    first.get_by_role("button", name=edit).click()
    expect(dialog.get_by_label("Question")).to_be_focused()
    expect(dialog.get_by_label("Question")).to_have_value(FERRY)
    dialog.get_by_label("Question").fill("Something else")
    page.keyboard.press("Escape")
    expect(page.locator("#thread .asked")).to_have_text([FERRY, BREAD])
    first.get_by_role("button", name=edit).click()
    dialog.get_by_label("Question").fill(BREAD)
    page.keyboard.press("Enter")
    expect(page.locator("#thread .asked")).to_have_text([BREAD])
    ready(page)
    ask(page, FERRY)
    page.locator("#thread .turn").first.get_by_role("button", name="Ask again").click()
    expect(page.locator("#thread .asked")).to_have_text([BREAD])
    ready(page)
    expect(page.locator("#thread .said")).to_contain_text("eighteen hours")


def test_questions_to_go_on_with_are_answered(visit: Visit) -> None:
    page = visit()
    turn = ask(page, TRUCE)
    expect(turn.locator(".example").first).to_be_visible()
    question = turn.locator(".example").first.inner_text()
    turn.locator(".example").first.click()
    expect(page.locator("#thread .asked")).to_have_text([TRUCE, question])
    ready(page)
    expect(page.locator("#thread .turn").nth(1).locator("button.marker").first).to_be_visible()
    expect(turn.locator(".example")).to_have_count(0)


def test_the_next_question_does_not_wait_for_questions_to_go_on_with(visit: Visit) -> None:
    page = visit()
    ask(page, TRUCE)
    ask(page, FERRY)
    ask(page, BREAD)
    page.wait_for_timeout(3_000)  # what was still being looked for would have come by now
    expect(page.locator("#thread .asked")).to_have_text([TRUCE, FERRY, BREAD])
    expect(page.locator("#thread .turn").nth(2).locator(".said")).to_contain_text("eighteen hours")


# --- how it was found, settings ----------------------------------------------------------------


def open_settings(page: Page) -> None:
    """Unfold the settings."""
    page.locator("#settings .label-wrap").click()
    expect(page.locator("#top-k input")).to_be_visible()


def test_settings_change_the_next_answer_alone(visit: Visit) -> None:
    page = visit()
    before = ask(page, TRUCE)
    open_settings(page)
    page.locator("#top-k input").fill("3")
    page.locator("#top-k input").press("Tab")
    page.get_by_label("Answer only when certain").check()
    page.locator("#asked-on input").first.fill("2023-04-02")
    page.locator("#asked-on input").first.press("Enter")
    after = ask(page, "What did Podolyak say about the truce?")
    for turn in (before, after):
        turn.locator(".how summary").click()
    facts = after.locator(".how .facts")
    expect(facts).to_contain_text("at most 3")
    expect(facts).to_contain_text("answers only when it is certain")
    expect(facts).to_contain_text("2 April 2023")
    expect(before.locator(".how .facts")).to_contain_text("at most 10")
    other = visit()
    ask(other, TRUCE).locator(".how summary").click()
    expect(other.locator(".how .facts")).to_contain_text("at most 10")


def test_the_drawer_shows_ranks_and_opens_passages(visit: Visit) -> None:
    page = visit()
    turn = ask(page, UNKNOWN)
    expect(turn.locator(".how .ranked")).to_be_hidden()
    turn.locator(".how summary").click()
    expect(turn.locator(".how tbody tr td:first-child").first).to_have_text("1")
    passage = turn.locator(".how .ranking").first
    passage.click()
    expect(page.locator("#source h2")).to_have_text(passage.inner_text())


# --- looks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_of_it_can_be_read(visit: Visit, contrast: Callable[[Locator], float], scheme: str) -> None:
    page = visit(color_scheme=scheme)
    turn = ask(page, TRUCE)
    expect(turn.locator(".example").first).to_be_visible()
    turn.locator(".how summary").click()
    open_settings(page)
    turn.locator("button.marker").first.hover()
    expect(page.locator("#preview .preview")).to_be_visible()
    where = [f"#preview .{name}" for name in ("place", "headline", "words")]
    where += [
        f"#thread .{name}" for name in ("acts button", "example", "how th", "how td", "ranking", "legend li")
    ]
    where += ["#thread .acts [data-copy=html]", "#thread .how caption", "#strictness label", "#top-k input"]
    where += ["#settings .label-wrap", "#source .steps .next", "#source .jump"]
    seen = {one: contrast(page.locator(one).first) for one in where}
    assert {one: ratio for one, ratio in seen.items() if ratio < 4.5} == {}


def test_nothing_is_wider_than_a_phone(visit: Visit) -> None:
    page = visit(**PHONE)
    turn = ask(page, TRUCE)
    expect(turn.locator(".example").first).to_be_visible()
    turn.locator(".how summary").click()
    open_settings(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
