"""A weighted score into its exact winners: which model is first for which weight."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from builder.analysis.pareto import FloatArray, upper_hull
from builder.analysis.scores import EVERYTHING, Context, WeightedScore


@dataclass(frozen=True)
class Winner:
    """A model that is first for the weights from `w_from` to `w_to`, where it shares the place with its neighbours.

    Attributes:
        index: The model's place among those given.
        w_from: Lowest weight, in 0..100.
        w_to: Highest weight, in 0..100.
    """

    index: int
    w_from: float
    w_to: float


def winners(
    score: WeightedScore, energy_mj: FloatArray, accuracy_pct: FloatArray, context: Context
) -> tuple[Winner, ...]:
    """Return the winners over all weights, from w = 0 (the most accurate) to w = 100 (the cheapest).

    A weighted score is a straight line in w, so its winners are the upper envelope of lines: the upper hull of
    (cost, accuracy). Models that win for a single weight alone, together with both neighbours, are none.

    Args:
        score: The score.
        energy_mj: Energy per item, shape (n,), in millijoules: of the models within the thresholds.
        accuracy_pct: Accuracy, shape (n,), in percent.
        context: Of the setup.
    """
    if not len(energy_mj):
        return ()
    points = EVERYTHING * score.cost(energy_mj, context)
    hull = upper_hull(points, accuracy_pct)[::-1]
    breaks = [
        _break(accuracy_pct[dear] - accuracy_pct[cheap], points[dear] - points[cheap])
        for dear, cheap in pairwise(hull.tolist())
    ]
    edges = [0.0, *breaks, EVERYTHING]
    return tuple(Winner(int(index), low, high) for index, (low, high) in zip(hull, pairwise(edges), strict=True))


def _break(accuracy_gap: np.float64, cost_gap: np.float64) -> float:
    return float(EVERYTHING * accuracy_gap / (accuracy_gap + cost_gap))
