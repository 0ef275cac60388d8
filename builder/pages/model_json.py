"""Turns each model into the JSON that stands beside its page: all that is known of it, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from builder.pages.catalogue import Figure, Model, Rank
from builder.pages.load import SCORE, SCORE_W
from builder.pages.page import Atlas
from builder.pages.sweeps import SweepChart, SweepPoint, sweeps_of
from builder.pages.to_json import significant, to_json

FORMAT = 1


def model_files(atlas: Atlas) -> Iterator[tuple[str, bytes]]:
    """Make path and content of each model's JSON."""
    catalogue = atlas.catalogue
    for model in catalogue.models:
        yield json_path(model), model_json(model, sweeps_of(model, catalogue, atlas.sweeps))


def json_path(model: Model) -> str:
    """Return where a model's JSON stands."""
    return f"models/{model.slug}.json"


def model_json(model: Model, sweeps: Iterable[SweepChart] = ()) -> bytes:
    """Return all that is known of a model, for programs. Units end the names; null is "not known"."""
    return to_json(
        {
            "format": FORMAT,
            "model": model.model,
            "input_size_px": model.input_size_px,
            "architecture": model.architecture,
            "tag": model.tag,
            "family": model.family,
            "class": model.class_,
            "class_rule": model.class_rule,
            "year": model.year,
            "paper": {"title": model.paper_title, "reference": model.paper_ref, "url": model.paper_url},
            "url": model.url,
            "parameters_m": model.parameters_m,
            "macs_g": model.macs_g,
            "activations_m": model.activations_m,
            "accuracy": {
                test_set: {"accuracy_pct": rank.value, "rank": rank.place, "of": rank.of}
                for test_set, rank in model.accuracy.items()
            },
            "score": None if model.score is None else _score_json(model.score),
            "figures": {setup: _figure_json(figure) for setup, figure in model.figures.items()},
            # The search for the batch size, and the one chosen measured again.
            "sweeps": {chart.setup.key: [_trial_json(point) for point in chart.points] for chart in sweeps},
        }
    )


def _score_json(score: Rank) -> dict[str, Any]:
    """The paper's score, on the setup and the test set that are shown first."""
    return {"key": SCORE.key, "w": SCORE_W, "score": significant(score.value), "rank": score.place, "of": score.of}


def _trial_json(point: SweepPoint) -> dict[str, Any]:
    return {"batch_size": point.batch_size, "stage": point.stage, "energy_mj": point.energy_mj}


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "energy_mj": figure.energy_mj,
        "energy_low_mj": significant(figure.low_mj),
        "energy_high_mj": significant(figure.high_mj),
        "interval": figure.interval or None,
        "trials": figure.trials,
        "throughput_items_per_s": figure.throughput_items_per_s,
        "latency_ms": figure.latency_ms,
        "batch_size": figure.batch_size,
        "power_w": significant(figure.power_w),
        "status": figure.status,
        "stage": figure.stage,
        "energy_rank": figure.rank,
        "flags": [{"rule": flag.rule, "reason": flag.reason} for flag in figure.flags],
    }
