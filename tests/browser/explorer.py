"""What the explorer shows, as the tests read it, and what Python makes of the same files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from playwright.sync_api import Page

from builder.analysis.ranking import Ranking, Thresholds, rank
from builder.analysis.scores import SCORES
from tests.browser.conftest import SITE

FloatImage = npt.NDArray[np.float64]
A100_PYTORCH = "a100-pcie-40gb_pytorch_fp32"
A100_TENSORRT = "a100-pcie-40gb_tensorrt_fp16"
H100_TENSORRT = "h100-pcie-80gb_tensorrt_fp16"
LIMITS = Thresholds(min_accuracy_pct=80.0, max_energy_mj=1_000.0)


def setup_models(setup: str, test_sets: Sequence[str] = ("imagenet",)) -> pd.DataFrame:
    """Return a setup's models from the JSON files that the scripts load."""
    models = load("models")
    table = load(setup)
    flagged = {flag["index"] for flag in table["flagged"]}
    accuracy = np.zeros(len(models["model"]))
    for key in test_sets:
        accuracy = accuracy + np.array(models["accuracy"][key], dtype=np.float64)
    index = table["index"]
    return pd.DataFrame(
        {
            "model": [models["model"][place] for place in index],
            "input_size_px": [models["input_size_px"][place] for place in index],
            **{name: [models[name][place] for place in index] for name in ("class", "family", "year", "parameters_m")},
            "paper": [models["papers"]["reference"][models["paper"][place]] for place in index],
            "flagged": [place in flagged for place in index],
            "energy_mj": table["energy_mj"],
            "accuracy_pct": (accuracy / len(test_sets))[index],
        }
    )


def load(name: str) -> Any:
    """Return one of the explorer's files."""
    return json.loads((SITE / "data" / "explorer" / f"{name}.json").read_text())


def python_ranking(
    setup: str = A100_PYTORCH,
    score: str = "manhattan",
    w: float = 50,
    limits: Thresholds = LIMITS,
    *,
    test_sets: Sequence[str] = ("imagenet",),
    top: int = 10,
) -> Ranking:
    """Return what the builder ranks first."""
    (chosen,) = (one for one in SCORES if one.key == score)
    return rank(setup_models(setup, test_sets), chosen, w, limits, top)


def names(ranking: Ranking) -> list[tuple[str, int]]:
    """Return a ranking's models and input sizes."""
    return list(zip(ranking.rows["model"].tolist(), ranking.rows["input_size_px"].tolist(), strict=True))


def shown_rows(page: Page) -> list[list[str]]:
    """Return rank, model, input size, accuracy, energy and score of each row, as text."""
    rows: list[list[str]] = page.evaluate(
        """() => [...document.querySelectorAll(".ranking tbody tr")].map((row) => [
            row.cells[0].textContent, row.querySelector("a").textContent, row.querySelector(".size").textContent,
            ...[...row.cells].slice(2).map((cell) => cell.textContent)])"""
    )
    return [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in rows]


def shown_names(page: Page) -> list[tuple[str, int]]:
    """Return the models and input sizes of the ranking on the page."""
    return [(row[1], int(row[2].removesuffix(" px"))) for row in shown_rows(page)]


def said(page: Page, place: str) -> str:
    """Return what the page says in one place."""
    text = page.text_content(f'[data-say="{place}"]') or ""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def slide(page: Page, name: str, value: float) -> None:
    """Move a slider as a drag does, and wait until it is drawn."""
    page.evaluate(
        """([name, value]) => {
            const slider = document.querySelector(`input[name="${name}"]`);
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            slider.dispatchEvent(new Event("change", { bubbles: true }));
        }""",
        [name, str(value)],
    )
    settle(page)


def settle(page: Page) -> None:
    """Wait for two frames: what was asked for in one is drawn in it or the next."""
    page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))")


def choose_setup(page: Page, setup: str) -> None:
    """Choose a setup and wait for its figures."""
    page.select_option("#setup", setup)
    page.wait_for_selector("[data-chart]:not([aria-busy])")
    settle(page)


def drawing(page: Page, layer: str) -> str:
    """Return a canvas as a data URL: equal pictures have equal ones."""
    picture: str = page.evaluate(f"document.querySelector('.layer-{layer} canvas').toDataURL()")
    return picture
