"""Mouse, finger, keyboard, and what the page does when the world changes around it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SITE, Pages
from tests.browser.explorer import (
    A100_PYTORCH,
    A100_TENSORRT,
    drawing,
    load,
    names,
    python_ranking,
    said,
    settle,
    shown_names,
)

BEST = "convformer_b36.sail_in22k_ft_in1k"
# Where the model lies in the chart, from its figures and the axes: 0.5 mJ to 100 J, 40 to 95 %.
PLACE = """([energy, accuracy]) => {
    const chart = document.querySelector("[data-chart]").getBoundingClientRect();
    const [left, right, top, bottom] = [46, 12, 8, 26];
    const x = Math.log(energy / 0.5) / Math.log(100000 / 0.5) * (chart.width - left - right);
    const y = (95 - accuracy) / 55 * (chart.height - top - bottom);
    return [chart.left + left + x, chart.top + top + y];
}"""


@pytest.fixture
def place(explorer: Page) -> tuple[float, float]:
    """Where the best model's mark is."""
    models, setup = load("models"), load(A100_PYTORCH)
    (row,) = (
        row
        for row, index in enumerate(setup["index"])
        if models["model"][index] == BEST and models["input_size_px"][index] == 224
    )
    x, y = explorer.evaluate(PLACE, [setup["energy_mj"][row], models["accuracy"]["imagenet"][setup["index"][row]]])
    return x, y


def _tooltip(page: Page) -> Locator:
    return page.locator("[data-tooltip]")


def test_hovering_tells_everything_about_a_model_with_units(explorer: Page, place: tuple[float, float]) -> None:
    explorer.mouse.move(*place)
    tooltip = _tooltip(explorer)
    expect(tooltip).to_be_visible()
    facts = dict(zip(tooltip.locator("dt").all_text_contents(), tooltip.locator("dd").all_text_contents(), strict=True))
    assert tooltip.locator("p:first-child a").text_content() == BEST
    assert (tooltip.locator(".quiet").text_content() or "").replace("\N{NO-BREAK SPACE}", " ") == "CNN, 224 px"
    assert {name: text.replace("\N{NO-BREAK SPACE}", " ") for name, text in facts.items()} == {
        "Accuracy": "86.98 %",
        "Energy": facts["Energy"].replace("\N{NO-BREAK SPACE}", " "),
        "Throughput": "503 images/s",
        "Latency of a batch": "139 ms",
        "Batch size": "70 images",
        "Power": "249 W",
        "Score": "93.08 points",
    }
    assert facts["Energy"].startswith("495.5\N{NO-BREAK SPACE}mJ")
    explorer.mouse.move(5, 5)
    expect(tooltip).to_be_hidden()


def test_a_click_chooses_a_model_whose_page_is_a_link(explorer: Page, place: tuple[float, float], site: str) -> None:
    before = drawing(explorer, "overlay")
    explorer.mouse.click(*place)
    settle(explorer)
    assert explorer.url == f"{site}index.html?model={BEST}@224"
    assert explorer.text_content("[data-chosen] [data-name]") == f"{BEST}@224"
    assert drawing(explorer, "overlay") != before
    assert _tooltip(explorer).locator("p:first-child a").get_attribute("href") == f"models/{BEST}@224.html"
    explorer.go_back()
    expect(explorer.locator("[data-chosen]")).to_be_hidden()
    assert drawing(explorer, "overlay") == before


def test_enter_on_a_row_of_the_ranking_opens_its_page(pages: Pages, site: str) -> None:
    page = pages.open()
    page.focus(".ranking tbody tr:nth-child(1) a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}models/{BEST}@224.html")


def test_a_finger_sees_the_panel_first(pages: Pages, site: str) -> None:
    page = pages.open(width=390, has_touch=True, is_mobile=True)
    chart = page.locator("[data-chart]").bounding_box()
    assert chart is not None
    page.touchscreen.tap(chart["x"] + chart["width"] * 0.5, chart["y"] + chart["height"] * 0.24)
    expect(_tooltip(page)).to_be_visible()
    assert page.url.startswith(f"{site}index.html?model=")
    link = _tooltip(page).locator("p:first-child a").get_attribute("href")
    assert link is not None
    assert (SITE / link).is_file()
    _tooltip(page).locator("p:first-child a").tap()
    page.wait_for_url(f"{site}{link}")


def test_the_ranking_shows_where_its_models_are(explorer: Page) -> None:
    explorer.hover(".ranking tbody tr:nth-child(2)")
    expect(_tooltip(explorer).locator("p:first-child a")).to_have_text("caformer_b36.sail_in22k_ft_in1k")
    explorer.focus(".ranking tbody tr:nth-child(3) a")
    expect(_tooltip(explorer).locator("p:first-child a")).to_have_text("coatnet_2_rw_224.sw_in12k_ft_in1k")
    explorer.keyboard.press("Escape")
    expect(_tooltip(explorer)).to_be_hidden()


def test_every_control_is_reached_and_moved_by_keyboard(explorer: Page) -> None:
    explorer.focus("#setup")
    seen = []
    for _ in range(30):
        seen.append(
            explorer.evaluate(
                "document.activeElement.name || document.activeElement.type || document.activeElement.tagName"
            )
        )
        explorer.keyboard.press("Tab")
    assert list(dict.fromkeys(seen))[:16] == [
        "setup", "find", "score", "w", "min", "max", "unflagged", "SUMMARY", "on", "front", "fronts", "fit", "contours",
        "scale", "colour", "button",
    ]  # fmt: skip
    explorer.focus("#w")
    for _ in range(5):
        explorer.keyboard.press("ArrowRight")
    settle(explorer)
    assert (said(explorer, "w"), explorer.get_attribute("#w", "aria-valuetext")) == ("55 %", "55 %")
    assert shown_names(explorer) == names(python_ranking(w=55))


def test_focus_can_be_seen(explorer: Page) -> None:
    explorer.focus("#w")
    explorer.keyboard.press("Tab")
    style = "(element => getComputedStyle(element).outlineStyle)(document.activeElement)"
    assert explorer.evaluate(style) != "none"


def test_every_control_has_a_name(explorer: Page) -> None:
    controls = explorer.locator("#explorer input, #explorer select, #explorer button")
    nameless = controls.evaluate_all(
        """all => all.filter((one) => one.type !== "hidden" && !one.labels?.length && !one.textContent.trim()
            && !one.getAttribute("aria-label")).map((one) => one.outerHTML)"""
    )
    assert (controls.count() > 20, nameless) == (True, [])


def test_light_and_dark_change_while_the_page_is_open(pages: Pages) -> None:
    page = pages.open()
    light = drawing(page, "models"), drawing(page, "overlay")
    page.emulate_media(color_scheme="dark")
    settle(page)
    dark = drawing(page, "models"), drawing(page, "overlay")
    page.click("[data-theme-toggle]")
    settle(page)
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    assert drawing(page, "models") == light[0]


def test_a_narrower_window_draws_a_narrower_chart(pages: Pages) -> None:
    page = pages.open()
    page.set_viewport_size({"width": 400, "height": 900})
    page.wait_for_function("() => document.querySelector('.layer-models canvas').clientWidth < 400")
    canvas, chart = (page.locator(place).bounding_box() for place in (".layer-overlay canvas", "[data-chart]"))
    assert canvas == pytest.approx(chart, abs=1)


def test_a_setup_that_cannot_be_loaded_is_said_and_can_be_tried_again(pages: Pages) -> None:
    page = pages.open()
    page.route(f"**/{A100_TENSORRT}.json*", lambda route: route.fulfill(status=503, body=""))
    page.select_option("#setup", A100_TENSORRT)
    page.wait_for_function("() => document.querySelector('[data-say=failed]').textContent !== ''")
    assert "503" in said(page, "failed")
    assert shown_names(page) == names(python_ranking())
    page.unroute_all()
    page.select_option("#setup", A100_PYTORCH)
    page.select_option("#setup", A100_TENSORRT)
    page.wait_for_function("() => document.querySelector('[data-say=failed]').textContent === ''")
    page.wait_for_selector("[data-chart]:not([aria-busy])")
    settle(page)
    assert shown_names(page) == names(python_ranking(A100_TENSORRT))
    # The browser itself reports the refused request, and the page the error; nothing else complained.
    assert [complaint for complaint in pages.complaints if "503" not in complaint] == []
    pages.complaints.clear()
