from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route

from builder.analysis.ranking import Thresholds
from builder.analysis.scores import MANHATTAN, context_of
from builder.analysis.winners import winners
from tests.browser.conftest import Pages
from tests.browser.explorer import (
    A100_PYTORCH,
    A100_TENSORRT,
    H100_TENSORRT,
    choose_setup,
    drawing,
    load,
    names,
    python_ranking,
    said,
    settle,
    setup_models,
    shown_names,
    shown_rows,
    slide,
)


def test_the_weight_ranks_and_moves_the_contours(explorer: Page) -> None:
    pictures = [drawing(explorer, "overlay")]
    for w in (0, 25, 80, 100):
        slide(explorer, "w", w)
        assert shown_names(explorer) == names(python_ranking(w=w))
        assert said(explorer, "w") == f"{w} %"
        pictures.append(drawing(explorer, "overlay"))
    assert len(set(pictures)) == 5


def test_a_point_of_accuracy_has_its_price(explorer: Page) -> None:
    # Of equal score: energy / N * W = accuracy * (1 - W / 100), with N = 60.67 J.
    assert said(explorer, "rate") == "One more point of accuracy is worth 607 mJ an image: 3.1 × the median model."
    slide(explorer, "w", 0)
    assert said(explorer, "rate") == "Energy does not count."
    slide(explorer, "w", 100)
    assert said(explorer, "rate") == "Accuracy does not count."


def test_the_strip_under_the_weight_has_its_winners(explorer: Page) -> None:
    models = setup_models(A100_PYTORCH)
    within = models[(models["accuracy_pct"] >= 80) & (models["energy_mj"] <= 1_000)]
    energy, accuracy = within["energy_mj"].to_numpy(), within["accuracy_pct"].to_numpy()
    context = context_of(models["energy_mj"].to_numpy(), models["accuracy_pct"].to_numpy())
    expected = winners(MANHATTAN, energy, accuracy, context)
    assert len(expected) == 6
    pieces = explorer.locator("[data-winners] rect")
    assert pieces.locator("title").all_text_contents() == [within["model"].iloc[one.index] for one in expected]
    for piece, winner in zip(pieces.all(), expected, strict=True):
        assert float(piece.get_attribute("x") or "") == pytest.approx(winner.w_from, abs=1e-3)
    for winner in (expected[0], expected[3], expected[-1]):
        slide(explorer, "w", round((winner.w_from + winner.w_to) / 2))
        model, size = within[["model", "input_size_px"]].iloc[winner.index]
        ends = f"{round(winner.w_from, 1):g} to {round(winner.w_to, 1):g}"
        assert said(explorer, "winner") == f"First from W = {ends} %: {model}, {size} px."
        assert shown_names(explorer)[0] == (model, size)
    pieces.nth(0).click()
    settle(explorer)
    assert shown_names(explorer)[0][0] == within["model"].iloc[expected[0].index]
    explorer.check('input[name="score"][value="per_joule"]')
    settle(explorer)
    assert (pieces.count(), said(explorer, "winner")) == (0, "")


def test_a_winner_in_doubt_says_so(explorer: Page) -> None:
    choose_setup(explorer, "h100-pcie-80gb_pytorch_fp32")
    slide(explorer, "w", 40)
    # The row that led the study's own page: 91 W, where its sibling draws 310.
    doubted = "eva_large_patch14_196.in22k_ft_in22k_in1k, 196 px: in doubt ⚑."
    assert said(explorer, "winner").endswith(doubted)
    assert explorer.text_content("[data-winners] .on") == "eva_large_patch14_196.in22k_ft_in22k_in1k: in doubt ⚑"
    explorer.check('input[name="unflagged"]')
    settle(explorer)
    assert said(explorer, "winner").endswith(" px.")


def test_limits_rank_and_are_drawn(explorer: Page) -> None:
    before = drawing(explorer, "overlay")
    slide(explorer, "min", 84.5)
    slide(explorer, "max", 46)
    assert (said(explorer, "min"), said(explorer, "max")) == ("at least 84.5 %", "at most 0.2 J")
    expected = python_ranking(limits=Thresholds(84.5, 200))
    assert shown_names(explorer) == names(expected)
    assert said(explorer, "eligible") == f"{expected.eligible} of 1,435 models are within the limits."
    assert drawing(explorer, "overlay") != before


def test_the_ends_of_the_limits_are_no_limits(explorer: Page) -> None:
    slide(explorer, "min", 0)
    slide(explorer, "max", 100)
    assert (said(explorer, "min"), said(explorer, "max")) == ("no limit", "no limit")
    assert said(explorer, "eligible") == "1,435 of 1,435 models are within the limits."
    assert shown_names(explorer) == names(python_ranking(limits=Thresholds()))


def test_limits_that_nobody_keeps_leave_an_empty_ranking(explorer: Page) -> None:
    slide(explorer, "min", 95)
    assert (shown_rows(explorer), said(explorer, "eligible")) == ([], "0 of 1,435 models are within the limits.")
    slide(explorer, "min", 80)
    assert shown_names(explorer) == names(python_ranking())


def test_a_setup_keeps_the_limits_and_says_what_is_missing(explorer: Page) -> None:
    slide(explorer, "max", 40)
    for setup in (A100_TENSORRT, H100_TENSORRT):
        choose_setup(explorer, setup)
        assert said(explorer, "max") == "at most 0.1 J"
        assert shown_names(explorer) == names(python_ranking(setup, limits=Thresholds(80, 100)))
        assert said(explorer, "missing") == "30 of 1,435 have no TensorRT energy."
    assert said(explorer, "energy") == "GPU energy per image on NVIDIA H100 PCIe 80 GB, TensorRT, FP16"


def test_test_sets_are_averaged(explorer: Page) -> None:
    slide(explorer, "min", 40)
    for key in ("imagenet-a", "imagenet-sketch"):
        explorer.check(f'input[name="on"][value="{key}"]')
    settle(explorer)
    chosen = ("imagenet", "imagenet-sketch", "imagenet-a")
    assert shown_names(explorer) == names(python_ranking(limits=Thresholds(40, 1_000), test_sets=chosen))
    assert said(explorer, "accuracy") == "Top-1 accuracy on the mean of 3 test sets"


def test_the_last_of_a_group_stays_and_says_why(explorer: Page) -> None:
    explorer.locator('input[name="on"][value="imagenet"]').click()
    assert explorer.is_checked('input[name="on"][value="imagenet"]')
    assert said(explorer, "kept") == "An average needs at least one test set."
    explorer.check('input[name="on"][value="imagenet-r"]')
    explorer.uncheck('input[name="on"][value="imagenet"]')
    assert (said(explorer, "accuracy"), said(explorer, "kept")) == ("Top-1 accuracy on ImageNet-R", "")


def test_a_model_without_a_test_set_is_left_out_and_counted(pages: Pages) -> None:
    page = pages.open(live=False)
    models = load("models")
    best = models["model"].index("convformer_b36.sail_in22k_ft_in1k")

    def without_the_best(route: Route) -> None:
        models["accuracy"]["imagenet-r"][best] = None
        route.fulfill(body=json.dumps(models), content_type="application/json")

    page.route("**/data/explorer/models.json*", without_the_best)
    page.reload()
    page.wait_for_selector(".explorer.live")
    assert (said(page, "untested"), shown_names(page)[0][0]) == ("", models["model"][best])
    slide(page, "min", 0)
    page.check('input[name="on"][value="imagenet-r"]')
    settle(page)
    assert said(page, "untested") == "1 lacks one of the test sets chosen and is left out."
    assert said(page, "eligible").split(" of ")[1] == "1,434 models are within the limits."
    assert models["model"][best] not in [model for model, _ in shown_names(page)]


@pytest.mark.parametrize(
    ("score", "unit"), [("per_joule", "points/J"), ("log_manhattan", "points"), ("manhattan", "points")]
)
def test_every_score_ranks_as_the_builder_does(explorer: Page, score: str, unit: str) -> None:
    explorer.check(f'input[name="score"][value="{score}"]')
    settle(explorer)
    expected = python_ranking(score=score)
    assert shown_names(explorer) == names(expected)
    assert explorer.text_content("[data-score-unit]") == unit
    digits = {"per_joule": 0}.get(score, 2)
    assert [row[5] for row in shown_rows(explorer)] == [f"{value:,.{digits}f}" for value in expected.rows["score"]]
    assert explorer.is_disabled("#w") == (score == "per_joule")


def test_the_ranking_is_as_long_as_asked(explorer: Page) -> None:
    explorer.select_option('select[name="top"]', "100")
    assert shown_names(explorer) == names(python_ranking(top=100))
    explorer.select_option('select[name="top"]', "10")
    assert len(shown_names(explorer)) == 10


@pytest.mark.parametrize("name", ["front", "fit", "contours"])
def test_lines_can_be_shown_and_hidden(explorer: Page, name: str) -> None:
    first = drawing(explorer, "overlay")
    for _ in range(2):
        explorer.locator(f'input[name="{name}"]').click()
        settle(explorer)
        second, first = first, drawing(explorer, "overlay")
        assert first != second


def test_the_axis_can_be_linear(explorer: Page) -> None:
    pictures = [drawing(explorer, "models")]
    explorer.check('input[name="scale"][value="linear"]')
    pictures.append(drawing(explorer, "models"))
    explorer.check('input[name="scale"][value="log"]')
    assert pictures[0] != pictures[1]
    assert drawing(explorer, "models") == pictures[0]


def test_a_search_marks_what_it_finds(explorer: Page) -> None:
    before = drawing(explorer, "overlay")
    explorer.fill("#find", "convnextv2 384")
    settle(explorer)
    models, setup = load("models"), load("a100-pcie-40gb_pytorch_fp32")
    labels = [f"{models['model'][place]}@{models['input_size_px'][place]}" for place in setup["index"]]
    matches = [label for label in labels if "convnextv2" in label and "384" in label]
    assert said(explorer, "found") == f"{len(matches)} models match and are marked in the chart."
    assert drawing(explorer, "overlay") != before
    explorer.fill("#find", "no such model")
    settle(explorer)
    assert said(explorer, "found") == "No model matches."
    explorer.fill("#find", "")
    settle(explorer)
    assert (said(explorer, "found"), drawing(explorer, "overlay")) == ("", before)


def test_the_counts_are_those_of_the_setup(explorer: Page) -> None:
    choose_setup(explorer, A100_TENSORRT)
    counts = explorer.locator(".key .number").all_text_contents()
    assert sum(int(count.replace(",", "")) for count in counts) == 1_405
    assert said(explorer, "listed") == "1,405"


def test_the_budget_steps_follow_the_setup(explorer: Page) -> None:
    choose_setup(explorer, H100_TENSORRT)
    steps = [item.split() for item in explorer.locator("[data-steps] li").all_text_contents()]
    assert steps == [
        ["1", "mJ", "40.8", "%"],
        ["10", "mJ", "80.7", "%", "+39.9"],
        ["0.1", "J", "86.6", "%", "+5.9"],
        ["1", "J", "89.3", "%", "+2.6"],
        ["10", "J", "90.1", "%", "+0.8"],
    ]
