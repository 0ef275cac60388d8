"""What is within reach: a choice from every list, its answer, and controls beside what they move."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Pages, show
from tests.browser.explorer import A100_PYTORCH, said, settle, setup_models, shown_names

BEST = "convformer_b36.sail_in22k_ft_in1k@224"
# What a finger hits: WCAG 2.2, 2.5.8.
LEAST_TARGET_PX = 24


def _table(page: Page) -> None:
    page.wait_for_selector("[data-model-table] table:not([aria-busy])")


def _answered(page: Page, name: str) -> None:
    model, size = name.rsplit("@", 1)
    expect(page.locator('[data-swap-say="model"]')).to_have_text(model)
    expect(page.locator('[data-swap-say="chosen"]')).to_contain_text(f"at {size}\N{NO-BREAK SPACE}px")


def test_a_row_of_the_ranking_chooses_its_model_by_keyboard_and_gives_it_up(explorer: Page) -> None:
    ring = explorer.locator(".ranking tbody tr:nth-child(1) [data-choose]")
    assert ring.get_attribute("aria-label") == "Choose convformer_b36.sail_in22k_ft_in1k at 224 px"
    ring.focus()
    explorer.keyboard.press("Enter")
    _answered(explorer, BEST)
    assert explorer.url.endswith(f"?model={BEST}")
    expect(ring).to_have_attribute("aria-pressed", "true")
    explorer.keyboard.press("Enter")
    expect(ring).to_have_attribute("aria-pressed", "false")
    assert explorer.url.endswith("index.html")


def test_a_row_of_the_table_chooses_its_model(explorer: Page) -> None:
    _table(explorer)
    row = explorer.locator("[data-model-table] tbody tr").nth(3)
    ring = row.locator("[data-choose]")
    ring.click()
    expect(ring).to_have_attribute("aria-pressed", "true")
    name = (row.locator("a").text_content() or "").strip()
    size = row.locator("td").first.text_content()
    _answered(explorer, f"{name}@{size}")


def test_a_choice_leads_to_its_answer_and_leaves_the_link_alone(pages: Pages) -> None:
    page = pages.open(f"index.html?model={BEST}")
    url = page.url
    page.locator("[data-chosen] a[data-jump]").click()
    expect(page.locator("#swap-title")).to_be_in_viewport()
    assert page.evaluate("document.activeElement.id") == "swap-title"
    assert page.url == url


def test_a_clicked_panel_waits_until_its_links_are_followed(pages: Pages) -> None:
    page = pages.open()
    chart = page.locator("[data-chart]").bounding_box()
    assert chart is not None
    page.mouse.click(chart["x"] + chart["width"] * 0.55, chart["y"] + chart["height"] * 0.25)
    panel = page.locator("[data-tooltip]")
    jump = panel.locator("a[data-jump]")
    expect(jump).to_be_visible()
    # On the way to the link the pointer passes other marks.
    jump.click()
    expect(page.locator("#swap-title")).to_be_in_viewport()
    page.mouse.move(5, 5)
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(chart["x"] + chart["width"] * 0.55, chart["y"] + chart["height"] * 0.25)
    expect(jump).to_be_hidden()


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_the_panel_leaves_its_mark_free(pages: Pages, width: int) -> None:
    page = pages.open(width=width, has_touch=True, is_mobile=True)
    chart = page.locator("[data-chart]").bounding_box()
    assert chart is not None
    for down in (0.24, 0.3):
        page.touchscreen.tap(chart["x"] + chart["width"] * 0.5, chart["y"] + chart["height"] * down)
        expect(page.locator("[data-tooltip]")).to_be_visible()
        panel, ring = (page.locator(place).bounding_box() for place in ("[data-tooltip]", "[data-ring]"))
        assert panel is not None
        assert ring is not None
        middle = ring["y"] + ring["height"] / 2
        assert not panel["y"] <= middle <= panel["y"] + panel["height"]
        assert panel["height"] < 0.5 * chart["height"]
        page.keyboard.press("Escape")


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_the_weight_is_seen_with_the_chart(pages: Pages, width: int) -> None:
    page = pages.open(width=width, has_touch=True, is_mobile=True)
    top = page.locator("[data-chart]").evaluate("(element) => element.getBoundingClientRect().top")
    places = {
        name: page.locator(f"#{name}").evaluate("(element) => element.getBoundingClientRect().bottom") - top
        for name in ("w", "min", "max", "setup")
    }
    # What a small phone shows between its bars.
    assert places["w"] < 660
    assert places["w"] < places["min"] < places["max"] < places["setup"]


def test_focus_goes_the_eyes_way_from_left_to_right(pages: Pages) -> None:
    page = pages.open()
    page.focus("main")
    lefts = []
    part = "(document.activeElement.closest('form, .chart-part, .ranking, [data-swap]') ?? {}).className"
    for _ in range(70):
        page.keyboard.press("Tab")
        lefts.append(page.evaluate(part))
    seen = [one for one in dict.fromkeys(lefts) if one]
    assert seen == ["controls", "chart-part", "ranking", "swap swap-explorer"]


def test_what_a_finger_hits_is_large_enough(pages: Pages) -> None:
    page = pages.open(width=390, has_touch=True, is_mobile=True)
    _table(page)
    for place in (".rank .row-choose", ".picked .row-choose", ".picked label", ".play", ".tool"):
        box = page.locator(place).first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= LEAST_TARGET_PX, place
    for name, side in (("min", "height"), ("max", "width")):
        box = page.locator(f'[data-limit="{name}"]').bounding_box()
        assert box is not None
        assert box[side] >= LEAST_TARGET_PX  # type: ignore[literal-required]


def test_a_setup_whose_limits_shut_out_everything_says_so_and_lifts_them(explorer: Page) -> None:
    show(explorer, "?min=95")
    note = explorer.locator("[data-none]")
    expect(note.locator("span")).to_have_text("The limits shut out all 1,435 models.")
    expect(note).to_be_in_viewport()
    note.locator("button").click()
    settle(explorer)
    expect(note).to_be_hidden()
    assert explorer.url.endswith("?min=0&max=none")
    assert said(explorer, "eligible").startswith("1,435 of 1,435 models are within the limits.")
    assert len(shown_names(explorer)) == 10


def test_filters_that_contradict_each_other_are_named_and_cleared(explorer: Page) -> None:
    show(explorer, "?minparams=90&maxparams=80&class=mlp")
    note = explorer.locator("[data-none]")
    expect(note.locator("span")).to_have_text("The least parameters asked for are above the most.")
    note.locator("button").click()
    settle(explorer)
    expect(note).to_be_hidden()
    assert explorer.url.endswith("index.html")
    show(explorer, "?maxsize=1")
    expect(note.locator("span")).to_have_text("The filters leave no model.")


def test_a_linear_axis_begins_at_the_limit_and_can_show_all(explorer: Page) -> None:
    explorer.check('input[name="scale"][value="linear"]')
    settle(explorer)
    assert "scale=linear&view=0,1250," in explorer.url
    dearest = setup_models(A100_PYTORCH)["energy_mj"].max()
    explorer.click("[data-whole]")
    settle(explorer)
    assert explorer.url.endswith("?scale=linear")
    last = explorer.evaluate("document.querySelector('[data-limit=max]').getBoundingClientRect().left")
    chart = explorer.locator("[data-chart]").bounding_box()
    assert chart is not None
    assert last - chart["x"] < 46 + 0.1 * chart["width"]
    assert dearest > 10_000


@pytest.mark.parametrize(("colour", "shape"), [("year", "circle"), ("none", "circle"), ("family", None)])
def test_the_rankings_marks_carry_the_charts_code(explorer: Page, colour: str, shape: str | None) -> None:
    explorer.select_option('[name="colour"]', colour)
    settle(explorer)
    marks = explorer.locator(".ranking tbody .class")
    classes = marks.evaluate_all("(all) => all.map((one) => one.className)")
    assert len(classes) == 10
    assert [one for one in classes if "class-" in one] == []
    if shape:
        assert all(f"shape-{shape}" in one for one in classes)
    colours = marks.evaluate_all("(all) => all.map((one) => getComputedStyle(one, '::before').backgroundColor)")
    assert "rgba(0, 0, 0, 0)" not in colours
    assert (len(set(colours)) == 1) == (colour == "none")
    explorer.select_option('[name="colour"]', "class")
    settle(explorer)
    assert all("class-" in one for one in marks.evaluate_all("(all) => all.map((one) => one.className)"))


def test_the_chosen_models_label_has_its_input_size(explorer: Page) -> None:
    texts = explorer.evaluate(
        """async () => {
            const { overlay } = await import("./static/js/annotations.js");
            const { Plane } = await import("./static/js/plane.js");
            const padding = { left: 46, right: 12, top: 8, bottom: 26 };
            const plane = new Plane([1, 1000], [0, 100], "log", 760, 600, 26, padding);
            const chosen = (energy, model) => ({ model, size: 224, class: "cnn", group: 0, energy, accuracy: 50 });
            const shown = { top: [], found: [], score: null, minAccuracy: 0, maxEnergy: Infinity };
            const text = (energy, model) => overlay(plane, { ...shown, chosen: chosen(energy, model) }).notes
                .map(({ text, align }) => [text, align]);
            return [text(10, "net"), text(900, "net"), text(30, "n".repeat(200))];
        }"""
    )
    assert texts[:2] == [[["net, 224 px", "left"]], [["net, 224 px", "right"]]]
    ((long, align),) = texts[2]
    assert (long.endswith("n…, 224 px"), len(long) < 80, align) == (True, True, "left")


def test_without_scripts_nothing_dead_looks_alive(pages: Pages) -> None:
    page = pages.open(java_script_enabled=False)
    for name in ("play", "zoom", "limits", "whole", "copy", "reset", "choose"):
        assert [one for one in page.locator(f"[data-{name}]").all() if one.is_visible()] == []


@pytest.mark.parametrize("width", [390, 768])
def test_the_chosen_setup_is_read_whole(pages: Pages, width: int) -> None:
    page = pages.open(width=width)
    room, needed = page.evaluate(
        """() => {
            const select = document.querySelector("#setup");
            const probe = document.createElement("span");
            probe.style.cssText = `font: ${getComputedStyle(select).font}; position: absolute; white-space: nowrap`;
            document.body.append(probe);
            const widths = [...select.options].map((option) => ((probe.textContent = option.text), probe.offsetWidth));
            probe.remove();
            // The arrow and its room.
            return [select.clientWidth - 30, Math.max(...widths)];
        }"""
    )
    assert needed <= room
