"""Turns a task's figures into what general models take beside models made for the task: over all, and size for size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student_t

from builder.analysis.leaderboards import RatedFigure
from builder.analysis.pareto import FloatArray
from builder.analysis.ratings import CONFIDENCE

# Of each approach: one model has no spread, so that nothing could be said of others like it.
MIN_OF_APPROACH = 2
GENERAL, SPECIFIC = "general", "task-specific"


@dataclass(frozen=True)
class Ratio:
    """One energy over another, with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Pair:
    """A general model beside the model made for the task that is nearest to it in parameters.

    Attributes:
        times: The energy of the general one over the other's; its interval is the widest that both intervals allow:
            NaN where a single run leaves one unknown, and without an upper end where the other's reaches 0.
        decode_share: Of the general model's energy, what goes into writing tokens; 0 where it writes none.
    """

    general: str
    specific: str
    times: Ratio
    decode_share: float


@dataclass(frozen=True)
class Gap:
    """General models against those made for a task.

    Attributes:
        general: How many were measured.
        specific: How many were measured.
        times: Geometric mean over geometric mean, with Welch's interval over models.
        pairs: Least general energy first.
    """

    general: int
    specific: int
    times: Ratio
    pairs: tuple[Pair, ...]


def gap(figures: Sequence[RatedFigure], approaches: Mapping[str, str], parameters_m: Mapping[str, float]) -> Gap | None:
    """Compare the approaches of a task; None with fewer than two measured models of either.

    Args:
        figures: Of the task; those without an energy are left out.
        approaches: Model -> general or task-specific.
        parameters_m: Model -> parameters in millions.
    """
    measured = [figure for figure in figures if figure.energy_mj is not None]
    general, specific = (
        sorted((one for one in measured if approaches[one.model] == approach), key=lambda one: one.energy_mj or 0.0)
        for approach in (GENERAL, SPECIFIC)
    )
    if min(len(general), len(specific)) < MIN_OF_APPROACH:
        return None

    def distance(one: RatedFigure, other: RatedFigure) -> float:
        return abs(math.log(parameters_m[one.model] / parameters_m[other.model]))

    pairs = tuple(_pair(one, min(specific, key=lambda other: (distance(one, other), other.model))) for one in general)
    energies = [np.array([one.energy_mj for one in group], dtype=np.float64) for group in (general, specific)]
    return Gap(len(general), len(specific), ratio_of_means(*energies), pairs)


def ratio_of_means(one: FloatArray, other: FloatArray) -> Ratio:
    """Return the ratio of two geometric means with its 95 % interval: Welch's for the difference of mean logarithms.

    Args:
        one: Shape (n,), at least two values above 0.
        other: Shape (m,), likewise.
    """
    logs = [np.log(values) for values in (one, other)]
    shares = [float(values.var(ddof=1)) / len(values) for values in logs]
    difference, variance = float(logs[0].mean() - logs[1].mean()), sum(shares)
    if variance == 0:
        return Ratio(*(math.exp(difference) for _ in range(3)))
    # Welch and Satterthwaite: how many degrees of freedom the sum of two variances has.
    freedom = variance**2 / sum(share**2 / (len(values) - 1) for share, values in zip(shares, logs, strict=True))
    half = float(student_t.ppf((1 + CONFIDENCE) / 2, freedom)) * math.sqrt(variance)
    return Ratio(math.exp(difference), math.exp(difference - half), math.exp(difference + half))


def _pair(general: RatedFigure, specific: RatedFigure) -> Pair:
    energy, other = general.energy_mj or math.nan, specific.energy_mj or math.nan
    ends = [general.low_mj, general.high_mj, specific.low_mj, specific.high_mj]
    low, high = math.nan, math.nan
    if None not in ends:
        low = (general.low_mj or 0.0) / (specific.high_mj or math.nan)
        high = (general.high_mj or 0.0) / specific.low_mj if specific.low_mj else math.inf
    share = general.phases_mj.get("decode", 0.0) / energy
    return Pair(general.model, specific.model, Ratio(energy / other, low, high), share)
