"""Energies here beside those that the AI Energy Score published."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from builder.analysis.published_ratings import PUBLISHED_WH_PER_1000, Beside, beside_published

# The leaderboard's names of models that ours have other names of.
NAMES = {"meta-llama/Llama-3.1-8B": "meta-llama/Meta-Llama-3.1-8B"}


def test_models_with_both_figures_are_compared() -> None:
    gpt2, other = ("text_generation", "openai-community/gpt2"), ("text_generation", "nobody/nothing")
    (found,) = beside_published({gpt2: 7725.6, other: 1.0})
    assert found == Beside(*gpt2, here_mj=7725.6, there_mj=found.there_mj)
    assert found.there_mj == pytest.approx(2.146 * 3600)
    assert found.ratio == pytest.approx(1.0)


def test_the_published_figures_are_those_of_the_leaderboard() -> None:
    with (Path(__file__).parent / "published_stars.csv").open(newline="") as file:
        kwh = {row["model"]: float(row["kwh_per_1000"]) for row in csv.DictReader(file) if row["epoch"] == "2025-02"}
    writers = {model: wh for (task, model), wh in PUBLISHED_WH_PER_1000.items() if task == "text_generation"}
    assert writers == {model: pytest.approx(1000 * kwh[NAMES.get(model, model)]) for model in writers}
    assert len(writers) == 4
