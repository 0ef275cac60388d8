"""The years, one after the other."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Pages
from tests.browser.explorer import A100_PYTORCH, drawing, said, settle, setup_models, slide

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


def test_years_are_said_to_be_those_of_papers(explorer: Page) -> None:
    slider = explorer.locator("#until")
    assert slider.evaluate("(input) => input.labels[0].textContent") == "Architectures published up to"
    means = explorer.text_content(f"#{slider.get_attribute('aria-describedby')}") or ""
    assert means.startswith("Years are those of architectures’ papers: weights may be newer.")


def test_models_for_tests_of_software_are_on_no_years_front(explorer: Page) -> None:
    fronts = explorer.evaluate(
        """async () => {
            const { Figures } = await import("./static/js/figures.js");
            const model = ["test_net.a", "net.a", "net.b"];
            const models = { model, input_size_px: [1, 1, 1], year: [2015, 2015, 2016], parameters_m: [1, 1, 1],
                class: ["cnn", "cnn", "cnn"], family: ["N", "N", "N"], paper: [0, 0, 0],
                accuracy: { one: [50, 60, 70] },
                test_sets: [{ key: "one", title: "One" }] };
            const setup = { index: [0, 1, 2], energy_mj: [1, 2, 3], flagged: [], missing: [] };
            const { front, fronts } = new Figures(models, setup, ["one"]);
            return [front, fronts];
        }"""
    )
    assert fronts == [
        [[1, 50], [2, 60], [3, 70]],
        [{"year": 2015, "points": [[2, 60]]}, {"year": 2016, "points": [[2, 60], [3, 70]]}],
    ]  # fmt: skip


def test_the_key_of_years_ends_where_the_slider_does(explorer: Page) -> None:
    explorer.select_option('[name="colour"]', "year")
    settle(explorer)
    ends = explorer.locator(".key .ramp .end").all_text_contents()
    assert ends == [explorer.get_attribute("#until", "min"), explorer.get_attribute("#until", "max")]


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
