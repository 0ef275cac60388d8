"""Energy and accuracy into one number to rank by: the scores, their contours and what their weights are worth.

The browser has the same formulas, in the same order of operations, in site_templates/static/js; a test compares both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from builder.analysis.pareto import FloatArray
from builder.units import MJ_PER_J

# In each of the study's four setups the energies span four orders of magnitude (claims.toml, span-…).
SPAN_DECADES = 4.0
EVERYTHING = 100.0


@dataclass(frozen=True)
class Context:
    """What a score knows of its setup: of all rows that have an energy, before any threshold.

    Attributes:
        largest_energy_mj: N in the weighted Manhattan score.
        median_energy_mj: M in the log-energy Manhattan score, and what exchange rates are compared with.
        median_accuracy_pct: Of the rows that also have an accuracy.
    """

    largest_energy_mj: float
    median_energy_mj: float
    median_accuracy_pct: float


def context_of(energy_mj: FloatArray, accuracy_pct: FloatArray) -> Context:
    """Return the context of a setup's rows.

    Args:
        energy_mj: Shape (n,); NaN where there is none.
        accuracy_pct: Shape (n,); NaN where there is none.

    Raises:
        ValueError: When no row has both.
    """
    measured = np.isfinite(energy_mj)
    complete = measured & np.isfinite(accuracy_pct)
    if not complete.any():
        message = "no row has both an energy and an accuracy: there is nothing to score"
        raise ValueError(message)
    return Context(
        largest_energy_mj=float(energy_mj[measured].max()),
        median_energy_mj=float(np.median(energy_mj[measured])),
        median_accuracy_pct=float(np.median(accuracy_pct[complete])),
    )


@dataclass(frozen=True)
class ExchangeRate:
    """What one more point of accuracy is worth at an equal score.

    Attributes:
        energy_mj: In mJ per item; 0 where accuracy does not count, inf where energy does not.
        of_median: The same, as a multiple of the setup's median energy.
        everywhere: True where it is the same for every model; otherwise it holds at the median model.
    """

    energy_mj: float
    of_median: float
    everywhere: bool


class Score(Protocol):
    """A way to rank models; higher is better. Energies are in mJ per item, accuracies in percent, w in 0..100."""

    @property
    def key(self) -> str: ...  # noqa: D102

    @property
    def title(self) -> str: ...  # noqa: D102

    @property
    def words(self) -> str:
        """The formula for readers."""

    @property
    def unit(self) -> str: ...  # noqa: D102

    @property
    def weighted(self) -> bool:
        """Whether w means anything."""

    def score(self, energy_mj: FloatArray, accuracy_pct: FloatArray, w: float, context: Context) -> FloatArray:
        """Return the scores of models, shape (n,)."""

    def contour_accuracy(self, energy_mj: FloatArray, level: float, w: float, context: Context) -> FloatArray:
        """Return the accuracy that gives the score `level` at energies; ValueError where no accuracy counts."""

    def contour_energy(self, accuracy_pct: FloatArray, level: float, w: float, context: Context) -> FloatArray:
        """Return the energy that gives the score `level` at accuracies; ValueError where no energy counts."""

    def exchange_rate(self, w: float, context: Context) -> ExchangeRate:
        """Return what one more point of accuracy is worth."""


@dataclass(frozen=True)
class WeightedScore:
    """w * (1 - cost) + A * (1 - w / 100): accuracy against a cost that grows with energy.

    Attributes:
        key: Name in URLs and files.
        title: Name for readers.
        words: The formula for readers.
        everywhere: Whether the cost is a straight line in energy.
        cost: Energy in mJ to cost; rising.
        energy_of_cost: The inverse of `cost`.
    """

    key: str
    title: str
    words: str
    everywhere: bool
    cost: Callable[[FloatArray, Context], FloatArray]
    energy_of_cost: Callable[[FloatArray, Context], FloatArray]
    unit: str = "points"
    weighted: bool = True

    def score(self, energy_mj: FloatArray, accuracy_pct: FloatArray, w: float, context: Context) -> FloatArray:
        """Return the scores of models, shape (n,)."""
        return w * (1 - self.cost(energy_mj, context)) + accuracy_pct * (1 - w / EVERYTHING)

    def contour_accuracy(self, energy_mj: FloatArray, level: float, w: float, context: Context) -> FloatArray:
        """Return the accuracy that gives the score `level` at energies; ValueError at w = 100."""
        if w == EVERYTHING:
            message = "at w = 100 accuracy does not count: contours are upright, take contour_energy"
            raise ValueError(message)
        return (level - w * (1 - self.cost(energy_mj, context))) / (1 - w / EVERYTHING)

    def contour_energy(self, accuracy_pct: FloatArray, level: float, w: float, context: Context) -> FloatArray:
        """Return the energy that gives the score `level` at accuracies; ValueError at w = 0.

        Under a cost in plain energy it can come out below 0: no model gets that score at that accuracy.
        """
        if w == 0:
            message = "at w = 0 energy does not count: contours are level, take contour_accuracy"
            raise ValueError(message)
        return self.energy_of_cost(1 - (level - accuracy_pct * (1 - w / EVERYTHING)) / w, context)

    def exchange_rate(self, w: float, context: Context) -> ExchangeRate:
        """Return what one more point of accuracy is worth: everywhere, or from the median model on."""
        if w == 0:
            return ExchangeRate(energy_mj=np.inf, of_median=np.inf, everywhere=self.everywhere)
        median = np.array([context.median_energy_mj])
        cost = self.cost(median, context) + (1 - w / EVERYTHING) / w
        energy = float((self.energy_of_cost(cost, context) - median)[0])
        return ExchangeRate(energy, energy / context.median_energy_mj, self.everywhere)


@dataclass(frozen=True)
class PerJoule:
    """Points of accuracy for each joule; w means nothing."""

    key: str = "per_joule"
    title: str = "Accuracy per joule"
    words: str = "accuracy ÷ energy per item in joules"
    unit: str = "points/J"
    weighted: bool = False

    def score(self, energy_mj: FloatArray, accuracy_pct: FloatArray, w: float, context: Context) -> FloatArray:  # noqa: ARG002
        """Return the scores of models, shape (n,)."""
        return accuracy_pct / (energy_mj / MJ_PER_J)

    def contour_accuracy(self, energy_mj: FloatArray, level: float, w: float, context: Context) -> FloatArray:  # noqa: ARG002
        """Return the accuracy that gives the score `level` at energies."""
        return level * (energy_mj / MJ_PER_J)

    def contour_energy(self, accuracy_pct: FloatArray, level: float, w: float, context: Context) -> FloatArray:  # noqa: ARG002
        """Return the energy that gives the score `level` at accuracies."""
        return accuracy_pct / level * MJ_PER_J

    def exchange_rate(self, w: float, context: Context) -> ExchangeRate:  # noqa: ARG002
        """Return what one more point is worth at the median energy and accuracy: the ratio keeps."""
        of_median = 1 / context.median_accuracy_pct
        return ExchangeRate(context.median_energy_mj * of_median, of_median, everywhere=False)


def _share_of_largest(energy_mj: FloatArray, context: Context) -> FloatArray:
    return energy_mj / context.largest_energy_mj


def _energy_of_share(cost: FloatArray, context: Context) -> FloatArray:
    return cost * context.largest_energy_mj


def _decades_from_median(energy_mj: FloatArray, context: Context) -> FloatArray:
    return 0.5 + np.log10(energy_mj / context.median_energy_mj) / SPAN_DECADES


def _energy_of_decades(cost: FloatArray, context: Context) -> FloatArray:
    return context.median_energy_mj * 10.0 ** ((cost - 0.5) * SPAN_DECADES)


MANHATTAN = WeightedScore(
    key="manhattan",
    title="Weighted Manhattan",
    words="W × (1 − energy ÷ largest energy of the setup) + (1 − W ÷ 100) × accuracy",
    everywhere=True,
    cost=_share_of_largest,
    energy_of_cost=_energy_of_share,
)
# The order of two models depends on the two alone: N cancels, M shifts every score alike, and the scale is fixed.
LOG_MANHATTAN = WeightedScore(
    key="log_manhattan",
    title="Log-energy Manhattan",
    words="W × (½ − log₁₀(energy ÷ median energy of the setup) ÷ 4) + (1 − W ÷ 100) × accuracy",
    everywhere=False,
    cost=_decades_from_median,
    energy_of_cost=_energy_of_decades,
)
PER_JOULE = PerJoule()
WEIGHTED_SCORES = (MANHATTAN, LOG_MANHATTAN)
# The first is the default.
SCORES: tuple[Score, ...] = (MANHATTAN, PER_JOULE, LOG_MANHATTAN)
