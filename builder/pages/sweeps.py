"""Turns sweep and final trials into batch-size curves, drawn as small static SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from builder.pages.catalogue import Catalogue, Model, Setup
from builder.pages.plane import Tick

WIDTH = 640
HEIGHT = 240
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 14, 52
STAGES = ("sweep", "final")
# Setup, model or architecture, input size.
SweepKey = tuple[str, str, int]
_KEYS = ["setup", "model", "input_size_px", "batch_size", "stage", "trial"]


@dataclass(frozen=True)
class SweepPoint:
    """One trial, in pixels and in numbers."""

    x: float
    y: float
    stage: str
    batch_size: int
    energy_mj: float


@dataclass(frozen=True)
class SweepChart:
    """The energy of one model on one setup at every batch size tried.

    Attributes:
        line: Path through the sweep, in rising order of batch sizes.
        failures: Batch size and status of trials without an energy.
    """

    setup: Setup
    points: tuple[SweepPoint, ...]
    line: str
    batch_ticks: tuple[Tick, ...]
    energy_ticks: tuple[Tick, ...]
    failures: tuple[tuple[int, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def sweep_charts(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> Mapping[SweepKey, SweepChart]:
    """Return the charts of those that have an energy at two batch sizes at least."""
    # Few of the rows are of these stages: the others stay in the database.
    searched = connection.table("measurements").filter(f"stage IN {STAGES} AND batch_size IS NOT NULL")
    rows = searched.project(", ".join(["task", *_KEYS, "energy_mj_per_item", "status"])).df()
    rows = rows[rows["task"] == catalogue.key]
    setups = {setup.key: setup for setup in catalogue.setups}
    charts: dict[SweepKey, SweepChart] = {}
    for (setup, model, size), trials in rows.sort_values(_KEYS).groupby(_KEYS[:3]):
        columns = [trials[name] for name in ("batch_size", "stage", "energy_mj_per_item", "status")]
        chart = _chart(setups[setup], list(zip(*columns, strict=True)))
        if chart:
            charts[setup, model, size] = chart
    return charts


def sweeps_of(model: Model, catalogue: Catalogue, sweeps: Mapping[SweepKey, SweepChart]) -> Iterator[SweepChart]:
    """Return the charts of a model, in the order of the setups."""
    for setup in catalogue.setups:
        # A row for the bare architecture counts for every model of it.
        for name in (model.model, model.architecture):
            if chart := sweeps.get((setup.key, name, model.input_size_px)):
                yield chart


def _chart(setup: Setup, trials: list[tuple[int, str, float, str]]) -> SweepChart | None:
    measured = [(int(batch), stage, energy) for batch, stage, energy, _ in trials if not math.isnan(energy)]
    if len({batch for batch, _, _ in measured}) < 2:
        return None
    low, high = (math.log2(pick(batch for batch, _, _ in measured)) for pick in (min, max))
    top, step = _nice(max(energy for _, _, energy in measured))

    def x(batch: float) -> float:
        return round(LEFT + (math.log2(batch) - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)

    def y(energy: float) -> float:
        return round(HEIGHT - BOTTOM - energy / top * (HEIGHT - TOP - BOTTOM), 1)

    # Those of the final stage last, so that they lie on top.
    points = tuple(
        SweepPoint(x(batch), y(energy), stage, batch, energy)
        for batch, stage, energy in sorted(measured, key=lambda trial: STAGES.index(trial[1]))
    )
    sweep = [point for point in points if point.stage == "sweep"]
    return SweepChart(
        setup=setup,
        points=points,
        line="".join(f"{'L' if index else 'M'}{point.x} {point.y}" for index, point in enumerate(sweep)),
        batch_ticks=tuple(
            Tick(x(2.0**power), f"{2**power:,}") for power in range(math.ceil(low), math.floor(high) + 1)
        ),
        energy_ticks=tuple(Tick(y(index * step), f"{index * step:,g}") for index in range(round(top / step) + 1)),
        failures=tuple((int(batch), status) for batch, _, energy, status in trials if math.isnan(energy)),
    )


def _nice(largest: float) -> tuple[float, float]:
    """Return a round end of an axis from 0 and a round step: three to five steps."""
    decade = 10.0 ** math.floor(math.log10(largest))
    step = next(size for size in (0.2 * decade, 0.5 * decade, decade, 2 * decade) if largest <= 5 * size)
    return math.ceil(largest / step) * step, step
