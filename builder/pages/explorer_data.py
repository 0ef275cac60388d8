"""Turns the catalogue into the JSON that the explorer's scripts load: models, setups, charts.

Columns, not rows: names are written once, and the browser puts them into typed arrays. A setup's file points into the
models' by position, so the two belong to one build; pages link to them with the files' fingerprints.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.pages.catalogue import Catalogue, Setup
from builder.pages.to_json import significant, to_json
from builder.pages.words import RULE_TITLES

FORMAT = 1
FOLDER = "data/explorer"
MODELS_PATH = f"{FOLDER}/models.json"
SPECS_PATH = f"{FOLDER}/specs.json"


def explorer_files(catalogue: Catalogue, specs: Mapping[str, Any]) -> dict[str, bytes]:
    """Return path -> content; `specs` are the chart's, as `builder.charts.explorer.explorer_specs` makes them."""
    files = {MODELS_PATH: to_json(_models(catalogue)), SPECS_PATH: to_json(specs)}
    return files | {setup.data_path: to_json(_setup(catalogue, setup)) for setup in catalogue.setups}


def _models(catalogue: Catalogue) -> dict[str, Any]:
    models = catalogue.models
    papers = list(dict.fromkeys((model.paper_title, model.paper_ref) for model in models))
    places = {paper: place for place, paper in enumerate(papers)}
    return {
        "format": FORMAT,
        "rules": RULE_TITLES,
        "papers": {"title": [title for title, _ in papers], "reference": [reference for _, reference in papers]},
        "test_sets": [{"key": test_set.key, "title": test_set.title} for test_set in catalogue.test_sets],
        "model": [model.model for model in models],
        "input_size_px": [model.input_size_px for model in models],
        "slug": [model.slug for model in models],
        "class": [model.class_ for model in models],
        "family": [model.family for model in models],
        "year": [model.year for model in models],
        "paper": [places[model.paper_title, model.paper_ref] for model in models],
        "parameters_m": [model.parameters_m for model in models],
        "accuracy": {
            test_set.key: [
                model.accuracy[test_set.key].value if test_set.key in model.accuracy else None for model in models
            ]
            for test_set in catalogue.test_sets
        },
    }


def _setup(catalogue: Catalogue, setup: Setup) -> dict[str, Any]:
    figures = [
        (position, figure)
        for position, model in enumerate(catalogue.models)
        if (figure := model.figures.get(setup.key)) is not None
    ]
    measured = [(position, figure) for position, figure in figures if figure.energy_mj is not None]
    missing = [(position, figure) for position, figure in figures if figure.energy_mj is None]
    return {
        "format": FORMAT,
        "setup": setup.key,
        "index": [position for position, _ in measured],
        "energy_mj": [figure.energy_mj for _, figure in measured],
        # Half the width of the interval of figures without trials of their own, as a share of the energy.
        "noise_floor": significant(setup.noise.p95) if setup.noise else None,
        # Null where the noise floor is the interval.
        "energy_low_mj": [
            significant(figure.low_mj) if figure.interval == "trials" else None for _, figure in measured
        ],
        "energy_high_mj": [
            significant(figure.high_mj) if figure.interval == "trials" else None for _, figure in measured
        ],
        "throughput_items_per_s": [figure.throughput_items_per_s for _, figure in measured],
        "latency_ms": [figure.latency_ms for _, figure in measured],
        "batch_size": [figure.batch_size for _, figure in measured],
        "flagged": [
            {"index": position, "rules": [flag.rule for flag in figure.flags]}
            for position, figure in figures
            if figure.flags
        ],
        "missing": [{"index": position, "status": figure.status} for position, figure in missing],
    }
