"""Models side by side: what is compared lives in the link, and every difference says how far it can be trusted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from builder.analysis.intervals import SENSOR_GAIN
from tests.browser.conftest import SITE, Pages
from tests.browser.explorer import A100_PYTORCH, H100_TENSORRT

pytestmark = [pytest.mark.browser]
RESNET, LEVIT, RESNET18 = "resnet50.a1_in1k@224", "levit_conv_256.fb_dist_in1k@224", "resnet18.a1_in1k@224"
SIBLING = "resnet50.a1h_in1k@224"
CONVNEXT, VIT = "convnext_base.fb_in22k_ft_in1k@224", "vit_base_patch16_224.augreg_in1k@224"
H100_PYTORCH = "h100-pcie-80gb_pytorch_fp32"
H200_PYTORCH = "h200-sxm-141gb_pytorch_fp32"


@pytest.fixture
def compare(pages: Pages) -> Callable[..., Page]:
    """Return what opens the comparison of models."""

    def open_(*models: str, on: str = "", **options: Any) -> Page:
        query = f"?models={','.join(models)}" if models else ""
        page = pages.open(f"compare.html{query}{f'&on={on}' if on else ''}", live=False, **options)
        page.wait_for_selector("[data-compare].live")
        return page

    return open_


def test_names_stay_in_sight_and_a_part_of_the_next_model_shows(compare: Callable[..., Page]) -> None:
    page = compare(RESNET, LEVIT, RESNET18, CONVNEXT, width=390)
    region = page.locator(".compare-table")
    box = region.bounding_box()
    assert box is not None
    third = page.locator(".compare-table thead th").nth(2).bounding_box()
    assert third is not None
    assert third["x"] < box["x"] + box["width"] - 16 < third["x"] + third["width"]
    region.evaluate("(element) => element.scrollTo(0, element.scrollHeight)")
    name = page.locator(".compare-name").first.bounding_box()
    assert name is not None
    assert box["y"] <= name["y"] < box["y"] + 0.5 * box["height"]


def test_what_a_link_has_beside_models_is_said_to_be_unknown(pages: Pages) -> None:
    page = pages.open(f"compare.html?models={RESNET}&foo=1&utm_source=x&fbclid=y", live=False)
    expect(page.locator('[data-compare-say="refused"]')).to_have_text(
        "Of what the link asks for, foo=1 is not known here, or too much, and left out."
    )


def columns(page: Page) -> list[str]:
    names: list[str] = page.eval_on_selector_all(
        ".compare-table thead .compare-name a", "(links) => links.map((link) => link.textContent)"
    )
    return names


def row(page: Page, title: str) -> list[str]:
    """Return the cells of a row, each as its parts with a bar between them."""
    cells: list[str] = page.evaluate(
        """(title) => {
            const rows = [...document.querySelectorAll(".compare-table tbody tr")];
            const row = rows.find((one) => one.cells[0].textContent === title);
            const textOf = (cell) => [...cell.children].map((part) => part.textContent).join(" | ");
            return [...row.cells].slice(1).map(textOf);
        }""",
        title,
    )
    return [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in cells]


def model_json(slug: str) -> Any:
    return json.loads((SITE / "models" / f"{slug}.json").read_bytes())


def figure(slug: str, setup: str) -> Any:
    return model_json(slug)["figures"][setup]


def test_every_setup_and_every_test_set_has_its_row(compare: Callable[..., Page]) -> None:
    page = compare(RESNET, LEVIT)
    titles = page.eval_on_selector_all(".compare-table tbody th", "(all) => all.map((one) => one.textContent)")
    explorer = json.loads((SITE / "data" / "explorer" / "models.json").read_bytes())
    tests = [one["title"] for one in explorer["test_sets"]]
    setups = page.eval_on_selector_all("template[data-setup-key]", "(all) => all.map((one) => one.dataset.title)")
    assert len(setups) >= 5
    assert titles == [
        "GPU energy per image, mJ",
        *setups,
        "Accuracy, %",
        *tests,
        "About the models",
        "Class",
        "Family",
        "Year",
        "Input, px",
        "Parameters, million",
        "MACs, billion",
    ]


def test_a_difference_has_its_interval(compare: Callable[..., Page]) -> None:
    page = compare(RESNET, LEVIT)
    before, after = figure(RESNET, A100_PYTORCH), figure(LEVIT, A100_PYTORCH)
    low = after["energy_low_mj"] / before["energy_high_mj"]
    high = after["energy_high_mj"] / before["energy_low_mj"]
    ratio = after["energy_mj"] / before["energy_mj"]
    first, second = row(page, "A100 PCIe 40 GB, PyTorch, FP32")
    assert first == f"{before['energy_mj']:.2f} | {before['energy_low_mj']:.2f}–{before['energy_high_mj']:.2f}"
    assert second.split(" | ")[2] == f"× {ratio:.3f} ({low:.3f}–{high:.3f})"


def test_what_siblings_differ_by_is_called_noise_whether_intervals_overlap_or_not(compare: Callable[..., Page]) -> None:
    before, after = "resnet50.ra_in1k@288", "resnet50.a2_in1k@288"
    one, other = figure(before, A100_PYTORCH), figure(after, A100_PYTORCH)
    assert one["energy_high_mj"] < other["energy_low_mj"]
    page = compare(before, after)
    _, second = row(page, "A100 PCIe 40 GB, PyTorch, FP32")
    ratio = other["energy_mj"] / one["energy_mj"]
    assert second.split(" | ")[2] == f"× {ratio:.2f}, siblings: the difference is noise"
    # Another input size or another setup makes them none.
    _, second = row(compare(before, after.replace("@288", "@224")), "A100 PCIe 40 GB, PyTorch, FP32")
    assert "siblings" not in second
    _, second = row(compare(before, after, on=A100_PYTORCH), "H100 PCIe 80 GB, PyTorch, FP32")
    assert "siblings" not in second


def test_between_two_cards_the_sensors_gain_counts_too(compare: Callable[..., Page]) -> None:
    page = compare(RESNET, LEVIT, on=A100_PYTORCH)
    before, after = figure(RESNET, A100_PYTORCH), figure(LEVIT, H100_PYTORCH)
    low = after["energy_low_mj"] * (1 - SENSOR_GAIN) / (before["energy_high_mj"] * (1 + SENSOR_GAIN))
    high = after["energy_high_mj"] * (1 + SENSOR_GAIN) / (before["energy_low_mj"] * (1 - SENSOR_GAIN))
    first, second = row(page, "H100 PCIe 80 GB, PyTorch, FP32")
    assert second.split(" | ")[2].endswith(f"({low:.3f}–{high:.3f})")
    # 84.6 and 80.3 mJ: apart on one card, and not on two.
    own = figure(RESNET, H100_PYTORCH)
    assert own["energy_high_mj"] < before["energy_low_mj"]
    assert first.split(" | ")[2].endswith(", not distinguishable")


def test_accuracies_differ_in_points_and_sizes_in_ratios(compare: Callable[..., Page]) -> None:
    page = compare(RESNET, LEVIT)
    one, other = model_json(RESNET), model_json(LEVIT)
    accuracies = [model["accuracy"]["imagenet"]["accuracy_pct"] for model in (one, other)]
    assert row(page, "ImageNet") == [
        f"{accuracies[0]:.2f}",
        f"{accuracies[1]:.2f} | {accuracies[1] - accuracies[0]:+.2f} points",
    ]
    assert row(page, "Parameters, million")[1].split(" | ")[1] == f"× {other['parameters_m'] / one['parameters_m']:.3f}"
    assert row(page, "Year") == [str(one["year"]), str(other["year"])]


def test_what_was_not_measured_says_so(compare: Callable[..., Page]) -> None:
    explorer = json.loads((SITE / "data" / "explorer" / "models.json").read_bytes())
    h200 = json.loads((SITE / "data" / "explorer" / f"{H200_PYTORCH}.json").read_bytes())
    listed = {*h200["index"], *(one["index"] for one in h200["missing"])}
    place = next(place for place in range(len(explorer["model"])) if place not in listed)
    page = compare(RESNET, f"{explorer['model'][place]}@{explorer['input_size_px'][place]}")
    assert row(page, "H200 SXM 141 GB, PyTorch, FP32")[1] == "not measured"


def test_models_are_added_moved_and_removed_and_the_link_follows(compare: Callable[..., Page]) -> None:
    page = compare(RESNET)
    assert page.locator('[data-compare-say="status"]').inner_text() == "1 model. Add another to compare it with."
    page.locator("#add").press_sequentially("levit_conv_256.fb")
    option = page.locator("#add-list [role=option]").first
    expect(option).to_contain_text("levit_conv_256.fb_dist_in1k")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".compare-table thead .compare-name")).to_have_count(2)
    assert page.url.endswith(f"compare.html?models={RESNET},{LEVIT}")
    page.get_by_role("button", name="Move levit_conv_256.fb_dist_in1k at 224 px to the left").click()
    expect(page.locator(".compare-table thead .compare-name a").first).to_have_text("levit_conv_256.fb_dist_in1k")
    assert page.url.endswith(f"compare.html?models={LEVIT},{RESNET}")
    # The button that moves it further is gone; the focus stays with the model.
    assert page.evaluate("document.activeElement.closest('th').textContent").startswith("1 levit_conv_256")
    page.get_by_role("button", name="Remove levit_conv_256.fb_dist_in1k at 224 px").click()
    expect(page.locator(".compare-table thead .compare-name")).to_have_count(1)
    assert columns(page) == ["resnet50.a1_in1k"]
    page.go_back()
    expect(page.locator(".compare-table thead .compare-name")).to_have_count(2)
    assert columns(page) == ["levit_conv_256.fb_dist_in1k", "resnet50.a1_in1k"]


def test_five_are_the_most(compare: Callable[..., Page]) -> None:
    page = compare(RESNET, LEVIT, RESNET18, CONVNEXT, VIT, SIBLING)
    assert len(columns(page)) == 5
    assert page.locator("#add").is_disabled()
    assert page.locator('[data-compare-say="refused"]').inner_text() == (
        f"Of what the link asks for, {SIBLING} is not known here, or too much, and left out."
    )


def test_a_link_to_unknown_models_shows_the_others_and_says_so(compare: Callable[..., Page]) -> None:
    page = compare("<b>x</b>", RESNET, "../index", RESNET, on="no_such_setup")
    assert columns(page) == ["resnet50.a1_in1k"]
    assert page.locator('[data-compare-say="refused"]').inner_text() == (
        "Of what the link asks for, <b>x</b>, ../index, no_such_setup are not known here, or too many, and left out."
    )


def test_the_baseline_is_in_the_link(compare: Callable[..., Page]) -> None:
    page = compare(RESNET, LEVIT)
    page.select_option("#on", H100_TENSORRT)
    assert page.url.endswith(f"compare.html?models={RESNET},{LEVIT}&on={H100_TENSORRT}")
    assert len(row(page, "H100 PCIe 80 GB, TensorRT, FP16")[0].split(" | ")) == 2
    expect(
        page.locator(".compare-table tbody .compare-difference, .compare-table tbody .compare-alike").first
    ).to_be_visible()
    assert len(row(page, "A100 PCIe 40 GB, PyTorch, FP32")[0].split(" | ")) == 3


def test_searches_for_batch_sizes_are_drawn_where_there_are_any(compare: Callable[..., Page]) -> None:
    without = next(path.stem for path in sorted(SITE.glob("models/*@*.json")) if not model_json(path.stem)["sweeps"])
    sweeps = [model_json(slug)["sweeps"] for slug in (RESNET, RESNET18)]
    page = compare(RESNET, without, RESNET18)
    figures = page.locator("[data-compare-sweeps] figure")
    expect(figures).to_have_count(len({setup for one in sweeps for setup in one}))
    assert "H200 SXM 141 GB, PyTorch, FP32: mJ per image" in figures.locator("figcaption").all_inner_texts()
    trials = sum(len(one) for sweep in sweeps for one in sweep.values())
    assert figures.locator("circle[class^=compare-trial]").count() == trials
    page.goto(page.url.partition("?")[0] + f"?models={without}")
    page.wait_for_selector("[data-compare].live")
    expect(page.locator("[data-compare-sweeps]")).to_be_hidden()


def test_each_model_stands_on_the_plane_by_its_number(compare: Callable[..., Page]) -> None:
    page = compare(RESNET, LEVIT, RESNET18)
    marks = page.locator("[data-compare-marks] .compare-mark")
    assert sorted(marks.all_text_contents()) == ["1", "2", "3"]


def test_without_models_there_are_examples_to_begin_with(compare: Callable[..., Page]) -> None:
    page = compare()
    expect(page.locator("[data-compare-result]")).to_be_hidden()
    page.locator("[data-compare-examples] a").first.click()
    expect(page.locator(".compare-table thead .compare-name")).to_have_count(5)


def test_without_scripts_the_page_leads_to_the_models(pages: Pages) -> None:
    page = pages.open("compare.html", live=False, java_script_enabled=False)
    assert "Comparing needs JavaScript." in page.locator("main").inner_text()
    assert page.locator("[data-compare-examples] a").count() > 5
    expect(page.locator(".compare-form")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_width_makes_the_page_scroll_sideways(compare: Callable[..., Page], width: int) -> None:
    page = compare(RESNET, LEVIT, RESNET18, CONVNEXT, VIT, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", [f"compare.html?models={RESNET},{LEVIT},{CONVNEXT},{VIT},{RESNET18}", f"models/{RESNET}.html"]
)
def test_axe_finds_nothing_serious(pages: Pages, path: str, scheme: str) -> None:
    page = pages.open(path, live=False, color_scheme=scheme)
    if path.startswith("compare"):
        page.wait_for_selector("[data-compare].live")
        page.locator("#on").focus()
    found = Axe().run(page).response["violations"]
    grave = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in grave] == []
