"""Filters, flags and colours: which models are shown, and what tells them apart."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from playwright.sync_api import Page

from builder.analysis.ranking import Thresholds, rank
from builder.analysis.scores import MANHATTAN
from tests.browser.conftest import show
from tests.browser.explorer import A100_PYTORCH, choose_setup, drawing, said, settle, setup_models, shown_names, slide

H100_PYTORCH = "h100-pcie-80gb_pytorch_fp32"
Filter = Callable[[pd.DataFrame], "pd.Series[bool]"]


def _expected(keeps: Filter, setup: str = A100_PYTORCH, top: int = 10) -> tuple[int, int, list[tuple[str, int]]]:
    """Return how many are left, how many of them are within the limits, and the first of these."""
    models = setup_models(setup)
    ranked = rank(models, MANHATTAN, 50, Thresholds(80, 1_000)).rows
    within = ranked[keeps(ranked)]
    names = list(zip(within["model"], within["input_size_px"], strict=True))
    return int(keeps(models).sum()), len(within), names[:top]


FILTERS: dict[str, Filter] = {
    "?class=transformer,mlp": lambda models: models["class"].isin(["transformer", "mlp"]),
    "?family=ConvNeXt": lambda models: models["family"] == "ConvNeXt",
    "?since=2022": lambda models: models["year"] >= 2022,
    "?until=2019": lambda models: models["year"] <= 2019,
    "?minparams=5&maxparams=30": lambda models: models["parameters_m"].between(5, 30),
    "?minsize=256&maxsize=288": lambda models: models["input_size_px"].between(256, 288),
    "?unflagged=yes": lambda models: ~models["flagged"],
    "?class=cnn&since=2020&maxparams=50": lambda models: (
        (models["class"] == "cnn") & (models["year"] >= 2020) & (models["parameters_m"] <= 50)
    ),
}


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_leaves_its_models_and_counts_them(explorer: Page, query: str) -> None:
    before = drawing(explorer, "models")
    show(explorer, query)
    left, within, names = _expected(FILTERS[query])
    assert said(explorer, "filters") == f"{left:,} of 1,435 models"
    assert said(explorer, "eligible").startswith(f"{within:,} of {left:,} models are within the limits.")
    assert shown_names(explorer) == names
    assert drawing(explorer, "models") != before


def test_filters_are_set_by_hand(explorer: Page) -> None:
    explorer.locator(".filters summary").click()
    explorer.uncheck('input[name="class"][value="cnn"]')
    explorer.fill('input[name="maxparams"]', "20")
    explorer.press('input[name="maxparams"]', "Enter")
    settle(explorer)
    expected = _expected(lambda models: (models["class"] != "cnn") & (models["parameters_m"] <= 20))
    assert shown_names(explorer) == expected[2]
    assert explorer.url.endswith("?class=transformer,hybrid,mlp&maxparams=20")
    explorer.locator(".filters summary").click()


def test_a_filter_that_nobody_passes_leaves_an_empty_chart(explorer: Page) -> None:
    show(explorer, "?minparams=99999")
    assert said(explorer, "filters") == "0 of 1,435 models"
    assert shown_names(explorer) == []
    assert said(explorer, "winner") == ""


def test_filters_leave_scores_as_they_are(explorer: Page) -> None:
    scores = "rows => rows.map((row) => [row.cells[1].textContent, row.cells[4].textContent])"
    rows = dict(explorer.locator(".ranking tbody tr").evaluate_all(scores))
    show(explorer, "?class=hybrid")
    hybrids = dict(explorer.locator(".ranking tbody tr").evaluate_all(scores))
    assert len(rows.keys() & hybrids.keys()) == 4
    assert {name: rows[name] for name in rows.keys() & hybrids.keys()} == {
        name: hybrids[name] for name in rows.keys() & hybrids.keys()
    }


def test_the_ranking_says_which_of_its_rows_are_in_doubt(explorer: Page) -> None:
    choose_setup(explorer, H100_PYTORCH)
    explorer.select_option('select[name="top"]', "100")
    slide(explorer, "min", 0)
    settle(explorer)
    ranked = rank(setup_models(H100_PYTORCH), MANHATTAN, 50, Thresholds(0, 1_000), 100).rows
    marked = explorer.locator(".ranking tbody tr").evaluate_all(
        "rows => rows.map((row) => !row.querySelector('.flag').hidden)"
    )
    assert marked == ranked["flagged"].tolist()
    assert sum(marked) > 1
    assert said(explorer, "eligible").endswith(f" {sum(marked)} of those shown are in doubt: ⚑.")
    reasons = explorer.locator(".ranking .flag:not([hidden])").evaluate_all("all => all.map((one) => one.title)")
    assert all(reasons)


def test_a_switch_leaves_out_what_is_in_doubt(explorer: Page) -> None:
    choose_setup(explorer, H100_PYTORCH)
    flagged = int(setup_models(H100_PYTORCH)["flagged"].sum())
    assert said(explorer, "flagged") == f"{flagged} figures"
    before = drawing(explorer, "models")
    explorer.check('input[name="unflagged"]')
    settle(explorer)
    assert said(explorer, "filters") == f"{1435 - flagged:,} of 1,435 models"
    assert drawing(explorer, "models") != before


@pytest.mark.parametrize(
    ("colour", "entries"),
    [("class", 4), ("family", 7), ("year", 1), ("none", 0)],
)
def test_colours_and_shapes_have_a_key(explorer: Page, colour: str, entries: int) -> None:
    before = drawing(explorer, "models")
    explorer.select_option('select[name="colour"]', colour)
    settle(explorer)
    assert explorer.locator(".key > li").count() == entries
    assert (drawing(explorer, "models") == before) == (colour == "class")


def test_the_largest_families_are_told_apart(explorer: Page) -> None:
    show(explorer, "?colour=family")
    counts = setup_models(A100_PYTORCH)["family"].value_counts()
    words = [text.rsplit(" ", 1) for text in explorer.locator(".key > li").all_text_contents()]
    shown = {name: int(number.replace(",", "")) for name, number in words}
    assert shown.pop("others") == counts.sum() - sum(shown.values())
    assert shown == {name: counts[name] for name in shown}
    assert min(shown.values()) >= counts.sort_values(ascending=False).iloc[5]


def test_a_mark_in_doubt_is_hollow_and_lies_over_the_others(explorer: Page) -> None:
    calls = explorer.evaluate(
        """async () => {
            const [{ paintModels }, { Plane }] = await Promise.all(
                ["paint", "plane"].map((name) => import(`./static/js/${name}.js`)));
            const calls = [];
            const context = new Proxy({}, { get: (_, name) => () => calls.push(name), set: () => true });
            const plane = new Plane([1, 10], [0, 100], "log", 100, 100, 9, { left: 0, right: 0, top: 0, bottom: 0 });
            const rows = { energy: [2, 3, 4], accuracy: [50, 60, 70], flagged: [0, 1, 0] };
            const colouring = { groups: [{ colour: "red", shape: "square" }], of: [0, 0, 0] };
            paintModels(context, plane, rows, [0, 1, 2], colouring, { model: {} }, { of: (colour) => colour });
            return calls.filter((name) => name === "fill" || name === "stroke");
        }"""
    )
    assert calls == ["fill", "fill", "stroke"]
