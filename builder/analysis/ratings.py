"""Turns the energies of rated models into stars, by equal bands and by equal factors, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from builder.analysis.pareto import FloatArray

IntArray = NDArray[np.int64]

# Five bands of equal width between the least and the most energy of a task (and class). This reproduces all 166
# ratings of the AI Energy Score's first epoch; five parts of equal size reproduce 70.
# https://huggingface.co/spaces/AIEnergyScore/Leaderboard
STARS = 5
# Of fewer models the bands say which one is largest, and nothing about the others.
MIN_MODELS = 4
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Band:
    """The range of energy that stars stand on.

    Attributes:
        least_mj: The least energy per item among the models.
        most_mj: The most.
    """

    least_mj: float
    most_mj: float

    @property
    def limits_mj(self) -> tuple[float, ...]:
        """The energies at which a star is lost, least first."""
        width = (self.most_mj - self.least_mj) / STARS
        return tuple(self.least_mj + place * width for place in range(1, STARS))


@dataclass(frozen=True)
class SizeClass:
    """Models of one size, which are rated among themselves.

    Attributes:
        key: Its letter; empty where a task rates all its models together.
        title: What its models run on.
        parameters_up_to_m: The largest model in it, in millions; infinite for the last class.
    """

    key: str = ""
    title: str = ""
    parameters_up_to_m: float = math.inf


@dataclass(frozen=True)
class Departure:
    """What would change if the hungriest model left.

    Attributes:
        model: The one that leaves.
        changes: Model -> stars with it and without it, where they differ.
    """

    model: str
    changes: Mapping[str, tuple[int, int]]


def star_rating(energy_mj: FloatArray, band: Band) -> IntArray:
    """Return 5 stars in the lowest fifth of the range down to 1 in the highest: 5 − min(4, ⌊(E − min) ÷ width⌋).

    Args:
        energy_mj: Energy per item, shape (n,), in millijoules. What lies outside of the range takes the nearest band.
        band: The range.

    Returns:
        Shape (n,): 1 to 5.
    """
    return _stars(energy_mj, band.least_mj, band.most_mj)


def log_rating(energy_mj: FloatArray, band: Band) -> IntArray:
    """Return the stars that five bands of equal factor give, in place of equal width.

    Where the hungriest model takes 600 times the least, equal widths give all that take less than 120 times the least
    five stars; here each star stands for the same factor.
    """
    return _stars(np.log(energy_mj), math.log(band.least_mj), math.log(band.most_mj))


def run_interval(mean: FloatArray, deviation: FloatArray, runs: FloatArray) -> FloatArray:
    """Return the 95 % interval of means over repeated runs, by Student's t.

    Args:
        mean: Shape (n,).
        deviation: Standard deviation of single runs, with n − 1, shape (n,), in the unit of the mean.
        runs: How many runs each mean stands on, shape (n,).

    Returns:
        Shape (2, n): low and high ends; NaN where fewer than two runs leave the spread unknown.
    """
    repeated = runs > 1
    factor = np.full(len(mean), np.nan)
    factor[repeated] = stdtrit(runs[repeated] - 1, (1 + CONFIDENCE) / 2) / np.sqrt(runs[repeated])
    half = factor * np.where(repeated, deviation, np.nan)
    # An energy is above 0, however much two runs differ.
    return np.array([np.maximum(mean - half, 0.0), mean + half])


def class_of(parameters_m: float, classes: Sequence[SizeClass]) -> SizeClass:
    """Return the first class that takes a model of this size; the last one takes any."""
    return next((one for one in classes if parameters_m <= one.parameters_up_to_m), classes[-1])


def without_hungriest(energies: pd.Series[float], band: Band) -> Departure | None:
    """Return what equal bands give when the model with the most energy leaves; None where too few would stay.

    Args:
        energies: Energy per item in millijoules, by model.
        band: What the stars stand on while it is there.
    """
    if len(energies) <= MIN_MODELS:
        return None
    hungriest = str(energies.idxmax())
    others = energies.drop(hungriest)
    stay = np.asarray(others, dtype=np.float64)
    before, after = (star_rating(stay, one) for one in (band, Band(float(others.min()), float(others.max()))))
    changes = {
        str(model): (was, now)
        for model, was, now in zip(others.index, before.tolist(), after.tolist(), strict=True)
        if was != now
    }
    return Departure(hungriest, changes)


def _stars(values: FloatArray, least: float, most: float) -> IntArray:
    width = (most - least) / STARS
    bands = np.floor((values - least) / width) if width > 0 else np.zeros(len(values))
    stars: IntArray = STARS - np.clip(bands, 0, STARS - 1).astype(np.int64)
    return stars
