"""The findings' pictures: they stand without scripts, and with them say which model a mark is."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import Page, expect

from builder.pages.format import energy
from tests.browser.conftest import SITE, Pages

PAGE = "findings/what-predicts-energy.html"


def rows(name: str = "fig-4") -> list[dict[str, str]]:
    with (SITE / "findings" / f"{name}.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["layer"] == "models"]


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


def test_the_hulls_of_years_say_whose_vertex_a_mark_is(pages: Pages) -> None:
    page = pages.open("findings/year-on-year.html", live=False)
    by_energy = sorted(rows("fig-3"), key=lambda row: float(row["energy_mj"]))
    page.locator(".shape:visible").first.focus()
    page.keyboard.press("End")
    row = by_energy[-1]
    expect(page.locator(".readout:visible p")).to_contain_text(row["model"])
    assert told(page) == [
        f"{row['model']} at {row['input_size_px']} px",
        *("Accuracy", f"{float(row['accuracy_pct']):.2f} %"),
        *("Energy", energy(float(row["energy_mj"])).replace("\N{NO-BREAK SPACE}", " ")),
        *("Architecture of", row["model_year"], "Hull at the end of", row["year"]),
    ]


def test_a_mark_in_doubt_says_so(pages: Pages) -> None:
    page = pages.open("findings/diminishing-returns.html", live=False)
    shown = rows("fig-2")
    place, row = next((place, row) for place, row in enumerate(shown) if row["model"] == "gernet_m.idstcv_in1k")
    mark = page.locator(f".shape:visible g[data-rows=''] > :nth-child({place + 1})").first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".readout:visible p")).to_contain_text(row["model"])
    assert told(page)[-2:] == ["In doubt", "power low"]


def test_a_convention_says_its_factor(pages: Pages) -> None:
    page = pages.open("findings/naive-estimate.html", live=False)
    least = min(rows("fig-6-conventions"), key=lambda row: float(row["factor"]))
    page.locator("[data-readout*='conventions'] .shape:visible").focus()
    page.keyboard.press("Home")
    expect(page.locator(".readout:visible p")).to_contain_text(least["convention"])
    assert told(page) == [
        least["convention"],
        *("Measured ÷ naive", f"{float(least['factor']):.2f}×"),
        *("One deviation down", f"{float(least['low']):.2f}×"),
        *("One deviation up", f"{float(least['high']):.2f}×"),
    ]


def test_the_lines_of_sweeps_say_which_model_and_batch_a_point_is(pages: Pages) -> None:
    page = pages.open("findings/batch-size.html", live=False)
    row = min(rows("fig-7"), key=lambda row: int(row["batch_size"]))
    page.locator(".shape:visible").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".readout:visible p")).to_contain_text(row["model"])
    lines = told(page)
    assert lines[:3] == [f"{row['model']} at {row['input_size_px']} px", "Batch size", row["batch_size"]]
    assert lines[lines.index("Over its least") + 1] == f"{float(row['energy_over_least']):.2f}×"


def test_pointing_at_a_step_says_energy_before_and_after(pages: Pages) -> None:
    page = pages.open("findings/from-card-to-card.html", live=False)
    own = [row for row in rows("steps-cards-models") if row["step"] == "a100_h100"]
    place, row = max(enumerate(own), key=lambda item: float(item[1]["before_mj"]))
    mark = page.locator(f".shape:visible g[data-rows='step__a100_h100'] > :nth-child({place + 1})")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".readout:visible p")).to_contain_text(row["architecture"])
    assert told(page)[:7] == [
        f"{row['architecture']} at {row['input_size_px']} px",
        *("Before", energy(float(row["before_mj"])).replace("\N{NO-BREAK SPACE}", " ")),
        *("After", energy(float(row["after_mj"])).replace("\N{NO-BREAK SPACE}", " ")),
        *("Saving", f"{float(row['times']):.2f}×"),
    ]


def test_without_scripts_the_pictures_stand_and_promise_nothing(pages: Pages) -> None:
    page = pages.open(PAGE, live=False, java_script_enabled=False)
    expect(page.get_by_role("img").first).to_be_visible()
    expect(page.get_by_text("Point at a mark")).to_be_hidden()
