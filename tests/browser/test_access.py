"""The page by axe-core (Deque's rules for WCAG 2.1 A and AA): nothing serious, light, dark and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def findings(page: Page) -> list[str]:
    """What axe finds that is serious or worse: rule, element, why."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_serious_is_found(visit: Visit, look: str) -> None:
    options: dict[str, Any] = LOOKS[look]
    page = visit(**options)
    expect(page.locator("#examples button").first).to_be_visible()
    seen = {"welcome": findings(page)}
    page.locator("#question textarea").fill("What did Ada Okoye say about the ferry?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#thread .turn .said")).to_be_visible()
    expect(page.locator("#question .submit-button")).to_be_visible()
    page.locator("#thread button.marker").first.click()
    expect(page.locator("#source mark.focus").first).to_be_visible()
    seen["answer and source"] = findings(page)
    if look != "phone":  # there the source is a sheet over the page
        for fold in page.locator("#thread details > summary").all():
            fold.click()
        for name in ("Filters", "Settings", "Conversations"):
            page.get_by_role("button", name=name).first.click()
        expect(page.locator("#kept .talk").first).to_be_visible()
        seen["unfolded"] = findings(page)
    page.keyboard.press("Escape")
    for tab, there in (("Quotes", "#statements"), ("Library", "#shelf .articles")):
        page.get_by_role("tab", name=tab).click()
        expect(page.locator(there)).to_be_visible()
        seen[tab] = findings(page)
    assert [f"{where}: {one}" for where, found in seen.items() for one in found] == []
