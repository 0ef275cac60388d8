"""What the explorer's scripts load, where the expected files do not show it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from builder.pages.page import Atlas


def load(site: Path, name: str) -> Any:
    return json.loads((site / "data/explorer" / name).read_bytes())


def test_every_column_is_as_long_as_its_index(site: Path, atlas: Atlas) -> None:
    models = load(site, "models.json")
    lengths = {
        len(values)
        for key, values in models.items()
        if key not in {"format", "rules", "papers", "test_sets", "accuracy"}
    }
    assert lengths | {len(values) for values in models["accuracy"].values()} == {12}
    for setup in atlas.catalogue.setups:
        figures = load(site, f"{setup.key}.json")
        columns = ("energy_mj", "energy_low_mj", "energy_high_mj", "throughput_items_per_s", "latency_ms", "batch_size")
        assert {len(figures[column]) for column in columns} == {len(figures["index"])} == {setup.figures}


def test_positions_point_to_the_models_that_the_figures_belong_to(site: Path, atlas: Atlas) -> None:
    models = load(site, "models.json")
    for setup in atlas.catalogue.setups:
        figures = load(site, f"{setup.key}.json")
        pairs = {
            (models["model"][position], models["input_size_px"][position]): energy
            for position, energy in zip(figures["index"], figures["energy_mj"], strict=True)
        }
        assert pairs == {
            (model.model, model.input_size_px): model.energy_mj[setup.key]
            for model in atlas.catalogue.models
            if setup.key in model.energy_mj
        }
