"""Siblings and trials into how far an energy can be trusted: noise floors, intervals, "not distinguishable"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from builder.analysis.pareto import FloatArray

# Gain error of a card's power sensor, which siblings on one card share and never show:
# Yang, Adamek and Armour 2024, Part-time Power Measurements (arXiv:2312.02741).
SENSOR_GAIN = 0.05
SIBLING_KEY = ["setup", "architecture", "input_size_px"]


@dataclass(frozen=True)
class NoiseFloor:
    """How far measurements of one setup that must agree are from the median of their group, as shares of it.

    Attributes:
        median: Half of the measurements are within it.
        p95: 95 % of the measurements are within it.
        siblings: How many measurements have another that they must agree with.
        groups: How many groups they form.
        trials: Whether a group is one model's repeated trials, in a setup without siblings.
    """

    median: float
    p95: float
    siblings: int
    groups: int
    trials: bool = False


def sibling_deviation(figures: pd.DataFrame) -> pd.Series[float]:
    """Return each figure's distance from the median of its sibling group, as a share of it; NaN without siblings.

    A median is nearer to its own group than to the truth: with n siblings by about the square root of (n - 1) / n,
    which is divided out.

    Args:
        figures: One row a setup and model with an energy, as `queries.figures` returns it.
    """
    groups = figures.groupby(SIBLING_KEY)["energy_mj"]
    n = groups.transform("count")
    distance = (figures["energy_mj"] / groups.transform("median") - 1).abs()
    return (distance / ((n - 1) / n) ** 0.5).where(n > 1)


def noise_floors(figures: pd.DataFrame, doubted: Collection[tuple[str, str, int]] = ()) -> dict[str, NoiseFloor]:
    """Return the noise floor of each setup that has siblings or, failing those, models with several trials.

    A protocol that repeats a trial only where two readings are apart repeats the noisier ones: such a floor is rather
    too wide than too narrow.

    Args:
        figures: As `queries.figures` returns it; rows without energy are left out.
        doubted: Setup, model and input size of rows to leave out too: those that an audit doubts for another reason
            than their siblings, as `audit.doubted_apart` gives them. A floor is what sound measurements differ by.
    """
    sound = ~figures.set_index(["setup", "model", "input_size_px"]).index.isin(list(doubted))
    measured = figures[figures["energy_mj"].notna() & sound]
    # A measurement of a bare architecture stands for all its tags: that is one measurement, not several in accord.
    measured = measured.drop_duplicates([*SIBLING_KEY, "energy_mj", "throughput_items_per_s"])
    siblings = measured.assign(deviation=sibling_deviation(measured)).dropna(subset=["deviation"])
    trials = _outer_trials(measured)
    return {
        **{str(setup): _floor(rows, trials=True) for setup, rows in trials.groupby("setup")},
        **{str(setup): _floor(rows, trials=False) for setup, rows in siblings.groupby("setup")},
    }


def _outer_trials(measured: pd.DataFrame) -> pd.DataFrame:
    """Return two rows for each figure of several trials: how far its lowest and its highest are from their median."""
    repeated = measured[measured["trials"] > 1]
    shrinks = ((repeated["trials"] - 1) / repeated["trials"]) ** 0.5
    ends = [repeated[end] / repeated["energy_mj"] - 1 for end in ("energy_min_mj", "energy_max_mj")]
    return pd.concat([repeated[SIBLING_KEY].assign(deviation=end.abs() / shrinks) for end in ends])


def _floor(rows: pd.DataFrame, *, trials: bool) -> NoiseFloor:
    median, p95 = np.quantile(rows["deviation"].to_numpy(), [0.5, 0.95])
    groups = rows.groupby(SIBLING_KEY).ngroups
    return NoiseFloor(float(median), float(p95), siblings=len(rows), groups=groups, trials=trials)


def with_intervals(figures: pd.DataFrame, floors: dict[str, NoiseFloor]) -> pd.DataFrame:
    """Return the figures with `energy_low_mj` and `energy_high_mj`.

    The interval is the range of the final trials where there are several; otherwise the energy plus and minus the
    setup's noise floor (p95). NaN without an energy, or with one trial in a setup without a floor.

    Args:
        figures: As `queries.figures` returns it.
        floors: As `noise_floors` returns it.
    """
    floor = figures["setup"].map({setup: noise.p95 for setup, noise in floors.items()}).astype(np.float64)
    repeated = figures["trials"] > 1
    return figures.assign(
        energy_low_mj=figures["energy_min_mj"].where(repeated, figures["energy_mj"] * (1 - floor).clip(lower=0)),
        energy_high_mj=figures["energy_max_mj"].where(repeated, figures["energy_mj"] * (1 + floor)),
    )


def distinguishable(a: tuple[float, float], b: tuple[float, float], *, same_card: bool) -> bool:
    """Say whether two energies differ: whether their intervals are apart.

    Args:
        a: Low and high end, in mJ.
        b: Low and high end, in mJ.
        same_card: Whether one card measured both; otherwise each sensor's gain widens its interval.
    """
    gain = 0.0 if same_card else SENSOR_GAIN
    return a[1] * (1 + gain) < b[0] * (1 - gain) or b[1] * (1 + gain) < a[0] * (1 - gain)


def relative_interval(energy_mj: FloatArray, low_mj: FloatArray, high_mj: FloatArray) -> FloatArray:
    """Return the larger half of intervals as a share of the energy, shape (n,): the "± x %" that readers see."""
    return np.maximum(energy_mj - low_mj, high_mj - energy_mj) / energy_mj
