"""The years, one after the other."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Pages
from tests.browser.explorer import A100_PYTORCH, drawing, said, setup_models, slide

YEARS = ("2014", "2025")
# As in site_templates/static/js/years.js.
PAUSE_MS = 900


def _stopped(page: Page) -> None:
    """Let time pass only when a test says so."""
    page.clock.install(time=0)
    page.clock.pause_at(1_000)


def _until(page: Page) -> str:
    return page.input_value("#until")


def test_the_slider_leaves_out_later_papers(explorer: Page) -> None:
    before = drawing(explorer, "models")
    slide(explorer, "until", 2018)
    number = int((setup_models(A100_PYTORCH)["year"] <= 2018).sum())
    assert (said(explorer, "until"), said(explorer, "filters")) == ("2018", f"{number} of 1,435 models")
    assert drawing(explorer, "models") != before
    assert explorer.url.endswith("?until=2018")


def test_playing_builds_up_the_fronts_from_the_first_year(pages: Pages) -> None:
    page = pages.open()
    _stopped(page)
    before = drawing(page, "overlay")
    page.click("[data-play]")
    assert (_until(page), page.is_checked('input[name="fronts"]')) == (YEARS[0], True)
    seen = [_until(page)]
    while _until(page) != YEARS[1]:
        page.clock.run_for(PAUSE_MS)
        seen.append(_until(page))
    assert seen == [str(year) for year in range(int(YEARS[0]), int(YEARS[1]) + 1)]
    page.clock.run_for(3_000)
    expect(page.locator("[data-play]")).to_have_attribute("aria-label", "Play the years")
    assert page.url.endswith("?fronts=yes")
    assert drawing(page, "overlay") != before


def test_playing_stops_when_asked(pages: Pages) -> None:
    page = pages.open()
    _stopped(page)
    page.click("[data-play]")
    page.clock.run_for(2_000)
    page.click("[data-play]")
    year = _until(page)
    page.clock.run_for(5_000)
    assert YEARS[0] < year == _until(page) < YEARS[1]


def test_with_less_motion_wanted_a_press_goes_one_year_on(pages: Pages) -> None:
    page = pages.open(reduced_motion="reduce")
    _stopped(page)
    expect(page.locator("[data-play]")).to_have_attribute("aria-label", "Next year")
    page.click("[data-play]")
    page.clock.run_for(5_000)
    assert _until(page) == YEARS[0]
    page.click("[data-play]")
    assert _until(page) == str(int(YEARS[0]) + 1)
