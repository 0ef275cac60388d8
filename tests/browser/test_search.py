"""Finding models by what they may be called, and choosing one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import show
from tests.browser.explorer import A100_PYTORCH, drawing, said, settle, setup_models

CONVNEXT_PAPER = "arXiv:2201.03545"


def _suggestions(page: Page) -> list[str]:
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in page.locator("#suggestions li").all_text_contents()]


def test_typing_suggests_families_models_and_papers(explorer: Page) -> None:
    explorer.locator("#find").press_sequentially("convnext")
    families = setup_models(A100_PYTORCH)["family"].value_counts()
    shown = _suggestions(explorer)
    assert shown[:2] == [f"{name} family, {families[name]} models" for name in ("ConvNeXt", "ConvNeXt V2")]
    assert all(text.startswith("convnext") and text.endswith(" px") for text in shown[2:8])
    assert "A ConvNet for the 2020s" not in shown[8]
    explorer.fill("#find", "for the 2020s")
    assert _suggestions(explorer) == [f"A ConvNet for the 2020s {CONVNEXT_PAPER}, {families['ConvNeXt']} models"]


def test_the_suggestions_are_a_listbox_for_keyboard_and_screen_reader(explorer: Page) -> None:
    field = explorer.locator("#find")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("efficientnet")
    expect(field).to_have_attribute("aria-expanded", "true")
    explorer.keyboard.press("ArrowDown")
    explorer.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    expect(explorer.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    assert explorer.locator("[aria-selected=true]").count() == 1
    explorer.keyboard.press("Escape")
    expect(explorer.locator("#suggestions")).to_be_hidden()
    expect(field).to_be_focused()
    expect(field).to_have_value("efficientnet")


def test_a_family_suggested_marks_its_models(explorer: Page) -> None:
    before = drawing(explorer, "overlay")
    explorer.locator("#find").press_sequentially("convnext v2")
    explorer.keyboard.press("ArrowDown")
    explorer.keyboard.press("Enter")
    settle(explorer)
    expect(explorer.locator("#find")).to_have_value('family:"ConvNeXt V2"')
    number = int((setup_models(A100_PYTORCH)["family"] == "ConvNeXt V2").sum())
    assert said(explorer, "found") == f"{number} models match and are marked in the chart."
    assert drawing(explorer, "overlay") != before


def test_a_model_suggested_is_chosen(explorer: Page) -> None:
    explorer.locator("#find").press_sequentially("resnet50.a1_in1k")
    explorer.locator("#suggestions li").first.click()
    settle(explorer)
    expect(explorer.locator("#find")).to_have_value("")
    assert explorer.url.endswith("?model=resnet50.a1_in1k@224")
    assert explorer.text_content("[data-chosen] [data-name]") == "resnet50.a1_in1k@224"


@pytest.mark.parametrize(
    ("query", "column", "value"),
    [("family:ResNet", "family", "ResNet"), (f"paper:{CONVNEXT_PAPER}", "paper", CONVNEXT_PAPER)],
)
def test_a_whole_name_is_searched_for_in_its_place(explorer: Page, query: str, column: str, value: str) -> None:
    explorer.fill("#find", query)
    settle(explorer)
    number = int((setup_models(A100_PYTORCH)[column] == value).sum())
    assert said(explorer, "found") == f"{number} models match and are marked in the chart."


def test_siblings_and_family_of_the_model_chosen_are_marked(explorer: Page) -> None:
    show(explorer, "?model=resnet50.a1_in1k@224")
    models = setup_models(A100_PYTORCH)
    architecture = models["model"].str.partition(".")[0]
    siblings = int(((architecture == "resnet50") & (models["input_size_px"] == 224)).sum())
    assert siblings > 5
    explorer.click("[data-siblings]")
    settle(explorer)
    assert said(explorer, "found") == f"{siblings} models match and are marked in the chart."
    explorer.click("[data-chosen] [data-family]")
    settle(explorer)
    family = int((models["family"] == "ResNet").sum())
    assert said(explorer, "found") == f"{family} models match and are marked in the chart."
