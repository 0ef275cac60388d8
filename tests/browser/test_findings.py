"""The findings' pictures: they stand without scripts, and with them say which model a mark is."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import Page, expect

from builder.pages.format import energy
from tests.browser.conftest import SITE, Pages

PAGE = "findings/what-predicts-energy.html"


def rows() -> list[dict[str, str]]:
    with (SITE / "findings" / "fig-4.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def told(page: Page) -> list[str]:
    """Return the lines of the panel that is shown."""
    text = page.locator(".readout:visible").inner_text()
    return [line for line in text.replace("\N{NO-BREAK SPACE}", " ").split("\n") if line]


def said(row: dict[str, str]) -> list[str]:
    """Return what the panel should say of a row, up to its energy."""
    written = energy(float(row["energy_mj"])).replace("\N{NO-BREAK SPACE}", " ")
    return [f"{row['model']} at {row['input_size_px']} px", "Energy", written]


@pytest.mark.parametrize("width", [1440, 390])
def test_pointing_at_a_mark_says_which_model_it_is(pages: Pages, width: int) -> None:
    page = pages.open(PAGE, width=width, live=False)
    # The hungriest: nothing lies on it.
    place, row = max(enumerate(rows()), key=lambda item: float(item[1]["energy_mj"]))
    mark = page.locator(f".shape:visible g[data-rows='macs_g'] > :nth-child({place + 1})")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".readout:visible p")).to_contain_text(row["model"])
    assert told(page)[:3] == said(row)
    page.mouse.move(1, 1)
    expect(page.locator(".readout:visible")).to_have_count(0)


def test_the_arrow_keys_go_from_model_to_model(pages: Pages) -> None:
    page = pages.open(PAGE, live=False)
    by_parameters = sorted(rows(), key=lambda row: float(row["parameters_m"]))
    page.locator(".shape:visible").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".readout:visible p")).to_contain_text(by_parameters[0]["model"])
    assert told(page)[:3] == said(by_parameters[0])
    page.keyboard.press("Escape")
    expect(page.locator(".readout:visible")).to_have_count(0)


def test_without_scripts_the_pictures_stand_and_promise_nothing(pages: Pages) -> None:
    page = pages.open(PAGE, live=False, java_script_enabled=False)
    expect(page.get_by_role("img").first).to_be_visible()
    expect(page.get_by_text("Point at a mark")).to_be_hidden()
