"""What axe-core finds on every kind of page: nothing serious, and no two landmarks of one name."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import SITE, Pages

GRAVE = ("serious", "critical")
# One page of each kind; in a folder the first one.
KINDS = (
    "compare.html",
    "compare.html?models=resnet50.a1_in1k@224,resnet18.a1_in1k@224,resnet50.a1h_in1k@224",
    "data.html",
    "methods.html",
    "models/index.html",
    "models/resnet50.a1_in1k@224.html",
    "setups/index.html",
    "setups/*.html",
    "findings/index.html",
    "findings/*.html",
    "tasks/index.html",
    "tasks/*/index.html",
    "tasks/*/*.html",
)


def _grave(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that are broken gravely, and where, once nothing is waiting to be drawn."""
    page.locator("[aria-busy=true]").first.wait_for(state="detached")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in GRAVE]


def _of_one_name(page: Page) -> list[list[str]]:
    """Return the landmarks that have a name in common with another."""
    found = Axe().run(page, options={"runOnly": ["landmark-unique"]}).response["violations"]
    return [[node["html"] for node in one["nodes"]] for one in found]


def _first(pattern: str) -> str:
    """Return the first page whose path matches and that is no index of the folder, unless it is asked for."""
    if "*" not in pattern:
        return pattern
    found = sorted(path.relative_to(SITE).as_posix() for path in SITE.glob(pattern))
    return next(path for path in found if path.endswith("index.html") == pattern.endswith("index.html"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_first_view_has_nothing_serious(pages: Pages, width: int, scheme: str) -> None:
    assert _grave(pages.open(width=width, color_scheme=scheme)) == []


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("pattern", KINDS)
def test_no_kind_of_page_has_anything_serious(pages: Pages, pattern: str, width: int) -> None:
    page = pages.open(_first(pattern), width=width, live=False)
    if "?models=" in pattern:
        page.wait_for_selector("[data-compare].live")
    assert (_grave(page), _of_one_name(page)) == ([], [])


@pytest.mark.parametrize("query", ["", "?model=resnet50.a1_in1k@224"])
def test_no_two_landmarks_of_the_explorer_have_one_name(pages: Pages, query: str) -> None:
    assert _of_one_name(pages.open(f"index.html{query}")) == []


def test_with_everything_open_there_is_nothing_serious(pages: Pages) -> None:
    page = pages.open("index.html?model=resnet50.a1_in1k@224&colour=family&fronts=yes&fit=yes&w=70&nonsense=1")
    page.locator(".filters summary").click()
    page.locator("#find").press_sequentially("res")
    page.keyboard.press("ArrowDown")
    page.hover(".ranking tbody tr:nth-child(2)")
    # The table follows a search once the keys rest.
    page.wait_for_timeout(600)
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
