"""What axe-core finds on the explorer: nothing serious, in light and dark, on a desk and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Pages

GRAVE = ("serious", "critical")


def _grave(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that are broken gravely, and where, once nothing is waiting to be drawn."""
    page.locator("[aria-busy=true]").first.wait_for(state="detached")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in GRAVE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_first_view_has_nothing_serious(pages: Pages, width: int, scheme: str) -> None:
    assert _grave(pages.open(width=width, color_scheme=scheme)) == []


def test_with_everything_open_there_is_nothing_serious(pages: Pages) -> None:
    page = pages.open("index.html?model=resnet50.a1_in1k@224&colour=family&fronts=yes&fit=yes&w=70&nonsense=1")
    page.locator(".filters summary").click()
    page.locator("#find").press_sequentially("res")
    page.keyboard.press("ArrowDown")
    page.hover(".ranking tbody tr:nth-child(2)")
    assert _grave(page) == []


def test_without_scripts_there_is_nothing_serious(pages: Pages) -> None:
    page = pages.open(java_script_enabled=True, live=False)
    page.route("**/explorer.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.reload()
    assert _grave(page) == []


def test_a_broken_page_is_found_out(pages: Pages) -> None:
    page = pages.open()
    page.evaluate("document.querySelector('#w').labels[0].remove()")
    assert "label" in [rule for rule, _ in _grave(page)]
