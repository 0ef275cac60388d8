"""Zooming and moving the chart, and its limits as lines that are dragged."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from builder.analysis.ranking import Thresholds
from builder.charts.plane import Plane
from tests.browser.conftest import Pages, show
from tests.browser.explorer import drawing, names, python_ranking, said, settle, shown_names

# As in zooming.js.
HINT_MS = 2500
# Any time, in seconds.
START = 1_000_000_000


def _view(page: Page) -> list[float] | None:
    found = re.search(r"view=([\d.,e+-]+)", page.url)
    return [float(number) for number in found[1].split(",")] if found else None


def _middle(page: Page) -> tuple[float, float]:
    box = page.locator("[data-chart]").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_buttons_zoom_and_bring_the_whole_back(explorer: Page) -> None:
    whole = [drawing(explorer, layer) for layer in ("axes", "models", "overlay")]
    explorer.click('[data-zoom="in"]')
    settle(explorer)
    first = _view(explorer)
    explorer.click('[data-zoom="in"]')
    settle(explorer)
    second = _view(explorer)
    assert first is not None
    assert second is not None
    assert 0.5 < first[0] < second[0] < second[1] < first[1] < 100_000
    assert 40 < first[2] < second[2] < second[3] < first[3] < 95
    for before, layer in zip(whole, ("axes", "models", "overlay"), strict=True):
        assert drawing(explorer, layer) != before
    explorer.click('[data-zoom="out"]')
    explorer.click('[data-zoom="out"]')
    explorer.click('[data-zoom="out"]')
    settle(explorer)
    assert _view(explorer) is None
    explorer.click('[data-zoom="in"]')
    explorer.click("[data-whole]")
    settle(explorer)
    assert [drawing(explorer, layer) for layer in ("axes", "models", "overlay")] == whole


def test_a_link_has_just_the_part_that_is_seen(explorer: Page, pages: Pages) -> None:
    explorer.click('[data-zoom="in"]')
    explorer.keyboard.press("ArrowRight")
    explorer.keyboard.press("ArrowUp")
    settle(explorer)
    other = pages.open("index.html?" + explorer.url.partition("?")[2])
    for layer in ("axes", "models", "overlay"):
        assert drawing(other, layer) == drawing(explorer, layer)


def test_the_wheel_zooms_with_its_key_and_scrolls_without(pages: Pages) -> None:
    page = pages.open()
    page.clock.install(time=START)
    # The hint hides after a while, which may pass before a busy machine looks.
    page.clock.pause_at(START + 1)
    page.mouse.move(*_middle(page))
    page.mouse.wheel(0, 120)
    page.wait_for_function("() => scrollY > 0")
    assert _view(page) is None
    expect(page.locator("[data-hint]")).to_be_visible()
    page.clock.run_for(HINT_MS - 1)
    expect(page.locator("[data-hint]")).to_be_visible()
    page.clock.run_for(1)
    expect(page.locator("[data-hint]")).to_be_hidden()
    page.clock.resume()
    before = page.evaluate("history.length")
    page.keyboard.down("Control")
    for _ in range(3):
        page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.wait_for_function("() => location.search.includes('view=')")
    assert page.evaluate("history.length") == before + 1


def test_a_drag_moves_what_is_zoomed_and_chooses_nothing(explorer: Page) -> None:
    show(explorer, "?view=10,1000,60,90")
    x, y = _middle(explorer)
    explorer.mouse.move(x, y)
    explorer.mouse.down()
    explorer.mouse.move(x - 60, y - 40, steps=3)
    explorer.mouse.up()
    settle(explorer)
    view = _view(explorer)
    assert view is not None
    assert view[0] > 11
    assert view[2] < 59
    assert view[1] / view[0] == pytest.approx(100, rel=0.01)
    assert view[3] - view[2] == pytest.approx(30, abs=0.05)
    assert "model=" not in explorer.url
    explorer.go_back()
    settle(explorer)
    assert _view(explorer) == [10, 1000, 60, 90]


def test_two_fingers_zoom(pages: Pages) -> None:
    page = pages.open(width=390, has_touch=True, is_mobile=True)
    x, y = _middle(page)
    client = page.context.new_cdp_session(page)

    def touch(kind: str, apart: float) -> None:
        points = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}] if kind != "touchEnd" else []
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 30)
    for apart in (40, 50, 60):
        touch("touchMove", apart)
        settle(page)
    touch("touchEnd", 60)
    settle(page)
    view = _view(page)
    assert view is not None
    assert view[3] - view[2] < 40


def test_the_chart_zooms_to_the_limits(explorer: Page) -> None:
    explorer.click("[data-limits]")
    settle(explorer)
    view = _view(explorer)
    assert view is not None
    assert 10 < view[0] < 1_000 < view[1] < 1_200
    assert 78 < view[2] < 80
    explorer.check('input[name="scale"][value="linear"]')
    assert _view(explorer) == [0, 1_250, 40, 95]
    explorer.check('input[name="scale"][value="log"]')
    assert _view(explorer) is None


def test_limits_are_dragged_in_the_chart(explorer: Page) -> None:
    handle = explorer.locator('[data-limit="min"]').bounding_box()
    assert handle is not None
    x, y = handle["x"] + 60, handle["y"] + handle["height"] / 2
    explorer.mouse.move(x, y)
    explorer.mouse.down()
    explorer.mouse.move(x, y - 40, steps=4)
    explorer.mouse.up()
    settle(explorer)
    least = float(explorer.input_value("#min"))
    assert least > 82
    assert said(explorer, "min") == f"at least {least:g} %"
    assert shown_names(explorer) == names(python_ranking(limits=Thresholds(least, 1_000)))
    assert explorer.url.endswith(f"?min={least:g}")


def test_a_limit_dragged_out_of_the_chart_is_none(explorer: Page) -> None:
    for name, (dx, dy) in {"min": (0, 900), "max": (900, 0)}.items():
        handle = explorer.locator(f'[data-limit="{name}"]').bounding_box()
        assert handle is not None
        x, y = handle["x"] + 7, handle["y"] + 7
        explorer.mouse.move(x, y)
        explorer.mouse.down()
        explorer.mouse.move(x + dx, y + dy, steps=4)
        explorer.mouse.up()
        settle(explorer)
        assert said(explorer, name) == "no limit"


def test_limits_are_moved_by_keyboard_in_the_chart(explorer: Page) -> None:
    handle = explorer.locator('[data-limit="max"]')
    handle.focus()
    explorer.keyboard.press("ArrowLeft")
    explorer.keyboard.press("ArrowLeft")
    settle(explorer)
    assert said(explorer, "max") == "at most 0.79 J"
    assert handle.get_attribute("aria-valuetext") == "at most 0.79\N{NO-BREAK SPACE}J".replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert shown_names(explorer) == names(python_ranking(limits=Thresholds(80, 790)))
    explorer.keyboard.press("End")
    settle(explorer)
    assert said(explorer, "max") == "no limit"


def test_the_axis_has_the_builders_ticks(explorer: Page) -> None:
    energies = [(0.5, 1e5), (20.0, 3_000.0), (100.0, 130.0), (0.7, 1.9), (3.1, 3.2)]
    ticks = explorer.evaluate(
        """async (energies) => {
            const { Plane } = await import("./static/js/plane.js");
            const padding = { left: 0, right: 0, top: 0, bottom: 0 };
            return energies.map((energy) => new Plane(energy, [0, 1], "log", 100, 100, 1, padding).ticks);
        }""",
        energies,
    )
    for energy, shown in zip(energies, ticks, strict=True):
        assert shown == pytest.approx(Plane(energy, (0.0, 1.0), "log", 100, 100).ticks)
        assert len(shown) >= 2
