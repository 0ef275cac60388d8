"""In Chromium, under the site's own policy, hostile texts run nothing and ask no other host for anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request

from tests.browser.conftest import OWN_SCHEMES, serving
from tests.hostile.corpus import FLAG, GROUPS
from tests.hostile.site import TEXTS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("hostile")]
# Pages of the whole site; of the models' pages, which differ in the text alone, the first of each group.
PAGES = (
    "index.html",
    "index.html?find=script&w=%3Cscript%3E&setup=%22%3E%3Csvg%20onload%3Dwindow.hostile%3D1%3E#%3Cimg src=x>",
    "models/index.html",
    "compare.html?models=%3Csvg%20onload%3Dwindow.hostile%3D1%3E,../../x,hostile0.base@224&on=%22%3E%3Cscript%3E",
    "setups/index.html",
    "setups/alpha-10gb_pytorch_fp32.html",
    "setups/beta-20gb_pytorch_fp32.html",
    "setups/beta-20gb_torchcompile_fp16.html",
    "methods.html",
    "data.html",
    "404.html",
    *(f"models/hostile{TEXTS.index(group.texts[0])}.base@224.html" for group in GROUPS if "text" in group.taken),
)
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.blockedURI));
"""


@pytest.fixture(scope="module")
def address(hostile_site: Path) -> Iterator[str]:
    with serving(hostile_site) as served:
        yield served


@pytest.fixture(scope="module")
def watched(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what it did that it must not do."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(WATCH)
    seen: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def look(request: Request) -> None:
        if not request.url.startswith((address, *OWN_SCHEMES)):
            seen.append(f"asked for {request.url}")

    page.on("dialog", dismiss)
    page.on("request", look)
    page.on("console", lambda message: seen.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on("popup", lambda popup: seen.append(f"popup {popup.url}"))
    yield page, seen
    page.context.close()


def expect_nothing(page: Page, seen: list[str]) -> None:
    assert page.evaluate("[window.hostile ?? null, window.violations]") == [None, []]
    assert seen == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_and_nothing_is_asked_of_another_host(
    watched: tuple[Page, list[str]], address: str, path: str
) -> None:
    page, seen = watched
    seen.clear()
    page.goto(address + path)
    if path.startswith("index.html"):
        page.wait_for_selector(".explorer.live")
    for element in page.query_selector_all("details"):
        element.evaluate("(details) => { details.open = true; }")
    expect_nothing(page, seen)


def test_the_explorer_s_scripts_write_texts_as_texts(watched: tuple[Page, list[str]], address: str) -> None:
    page, seen = watched
    seen.clear()
    page.goto(address + "index.html?min=0&max=none")
    page.wait_for_selector(".explorer.live")
    for setup in page.eval_on_selector_all("#setup option", "(options) => options.map((option) => option.value)"):
        page.select_option("#setup", setup)
        page.wait_for_selector("[data-chart]:not([aria-busy])")
    page.check('input[name="on"][value="hard"]')
    page.fill("#find", "<script>")
    box = page.locator("[data-chart]").bounding_box()
    assert box is not None
    for step in range(20):
        page.mouse.move(box["x"] + box["width"] * step / 20, box["y"] + box["height"] * (step % 5 + 1) / 7)
    assert page.locator(".explorer script, .explorer img, .explorer iframe").count() == 0
    expect_nothing(page, seen)


def test_the_comparison_s_scripts_write_texts_as_texts(watched: tuple[Page, list[str]], address: str) -> None:
    page, seen = watched
    seen.clear()
    for start in range(0, len(TEXTS), 5):
        models = ",".join(f"hostile{number}.base@224" for number in range(start, min(start + 5, len(TEXTS))))
        page.goto(f"{address}compare.html?models={models}")
        page.wait_for_selector("[data-compare].live")
        families = page.eval_on_selector_all(
            ".compare-table tbody tr:has(th:text-is('Family')) td", "(cells) => cells.map((cell) => cell.textContent)"
        )
        assert families == list(TEXTS[start : start + 5])
    page.fill("#add", "")
    page.locator("#add").press_sequentially("<script")
    assert page.locator("main script, main img, main iframe").count() == 0
    expect_nothing(page, seen)


def test_the_watch_sees_what_a_hostile_text_would_do(watched: tuple[Page, list[str]], address: str) -> None:
    page, seen = watched
    seen.clear()
    page.goto(address + "methods.html")
    page.evaluate(
        """(code) => { document.body.insertAdjacentHTML("beforeend", `<img src=x onerror="${code}">`); }""", FLAG
    )
    page.wait_for_function("window.violations.length")
    page.evaluate(FLAG)
    with pytest.raises(AssertionError):
        expect_nothing(page, seen)
