"""Resampled models into a cloud of growth fits: how much the curve hangs on which models happened to be measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from builder.analysis.growth import ALL_VERTICES, MIN_POINTS, Recipe, curve, fit_curves, log10_energy
from builder.analysis.pareto import BoolArray, FloatArray, IntArray

REFITS = 1_000
# Any fixed number: the site must not change when it is built again.
SEED = 20_240_601


@dataclass(frozen=True)
class GrowthCloud:
    """The growth fits of resampled models.

    A front can only lose models by resampling, so the cloud shows spread and not bias; it widens the delta method's
    interval, which takes the hull for given.

    Attributes:
        a: Shape (m,), as in GrowthFit.
        b: Shape (m,), as in GrowthFit.
        floor: Shape (m,), as in GrowthFit.
        left_out: Resamples whose hull had fewer than four vertices left.
    """

    a: FloatArray
    b: FloatArray
    floor: FloatArray
    left_out: int

    def log10_energy_interval(self, accuracy_pct: float, level: float = 0.95) -> tuple[float, float]:
        """Return the percentile interval of log10 of the energy in mJ at which the curve reaches an accuracy."""
        values = log10_energy(self.a, self.b, self.floor, accuracy_pct)
        # The values themselves, not between two of them: some may be infinite.
        low, high = np.quantile(values, _tails(level), method="nearest")
        return float(low), float(high)

    def accuracy_band(self, energy_mj: FloatArray, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Return the percentile band of accuracy in percent at energies in mJ, shape (k,).

        A curve that has not begun at an energy counts as minus infinity there.
        """
        curves = curve(self.a[:, None], self.b[:, None], self.floor[:, None], energy_mj[None, :])
        low, high = np.quantile(np.nan_to_num(curves, nan=-np.inf), _tails(level), axis=0, method="nearest")
        return low, high


def bootstrap_growth(
    energy_mj: FloatArray,
    accuracy_pct: FloatArray,
    recipe: Recipe = ALL_VERTICES,
    refits: int = REFITS,
    seed: int = SEED,
) -> GrowthCloud:
    """Draw models with replacement, take their hull and fit the growth curve, `refits` times.

    Args:
        energy_mj: Energy per item, shape (n,), in millijoules, above 0.
        accuracy_pct: Accuracy, shape (n,), in percent.
        recipe: Which vertices count.
        refits: How often.
        seed: Of the random generator.
    """
    random = np.random.default_rng(seed)
    drawn = np.zeros((refits, len(energy_mj)), dtype=np.bool_)
    drawn[np.arange(refits)[:, None], random.integers(0, len(energy_mj), drawn.shape)] = True
    x, y, vertex = upper_hulls(np.log(energy_mj), accuracy_pct, drawn)
    vertex &= np.exp(x) > recipe.above_mj
    enough = vertex.sum(axis=1) >= MIN_POINTS
    if not enough.any():
        nothing = np.empty(0)
        return GrowthCloud(nothing, nothing, nothing, left_out=refits)
    curves = fit_curves(x[enough], y[enough], vertex[enough])
    return GrowthCloud(a=curves.a, b=curves.b, floor=curves.floor, left_out=int((~enough).sum()))


def upper_hulls(x: FloatArray, accuracy_pct: FloatArray, drawn: BoolArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return the upper hulls of m subsets of the same models, by wrapping all of them at once.

    Args:
        x: Energy or its logarithm, shape (n,).
        accuracy_pct: Accuracy, shape (n,), in percent.
        drawn: Shape (m, n): the subsets.

    Returns:
        `x`, accuracy and True at the vertices of each subset, shapes (m, k), k as small as its largest front.
    """
    order = np.lexsort((-accuracy_pct, x))
    accuracy = np.where(drawn[:, order], accuracy_pct[order], -np.inf)
    best_before = np.maximum.accumulate(np.pad(accuracy, ((0, 0), (1, 0)), constant_values=-np.inf), axis=1)[:, :-1]
    subset, place = np.nonzero(accuracy > best_before)
    sizes = np.bincount(subset, minlength=len(drawn))
    column = np.arange(len(subset)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    front_x = np.zeros((len(drawn), sizes.max(initial=0)))
    front_y = np.full(front_x.shape, -np.inf)
    front_x[subset, column] = x[order][place]
    front_y[subset, column] = accuracy_pct[order][place]
    return front_x, front_y, _wrap(front_x, front_y, sizes)


def _wrap(x: FloatArray, y: FloatArray, sizes: IntArray) -> BoolArray:
    vertex = np.zeros(x.shape, dtype=np.bool_)
    rows = np.flatnonzero(sizes)
    at = np.zeros(len(rows), dtype=np.intp)
    while len(rows):
        vertex[rows, at] = True
        unfinished = at < sizes[rows] - 1
        rows, at = rows[unfinished], at[unfinished]
        ahead = np.arange(x.shape[1]) > at[:, None]
        ahead &= np.arange(x.shape[1]) < sizes[rows][:, None]
        run = np.where(ahead, x[rows] - x[rows, at][:, None], 1.0)
        slope = np.where(ahead, (y[rows] - y[rows, at][:, None]) / run, -np.inf)
        # Of equal slopes the farthest, so that points on the line are no vertices.
        at = x.shape[1] - 1 - slope[:, ::-1].argmax(axis=1)
    return vertex


def _tails(level: float) -> tuple[float, float]:
    return 0.5 - level / 2, 0.5 + level / 2
