"""A score into its contours on a plane: lines along which the score is equal, from its closed form.

The browser has the same in site_templates/static/js/contours.js, and a test compares both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from builder.analysis.pareto import FloatArray
from builder.analysis.scores import EVERYTHING, Context, Score
from builder.charts.plane import Plane, nice_step

# Levels go down from the best score on the plane in steps that cut its left edge, or else its lower one, in so many.
MOST_CONTOURS = 9
STEPS_LEFT, STEPS_BELOW = 6, 8
# Places along a contour: so many energies, and so many accuracies, spread evenly over the plane.
SAMPLES = 32


@dataclass(frozen=True)
class Contour:
    """One line of equal score.

    Attributes:
        level: The score.
        best: Whether it is the best model's score rather than a round one.
        points: (energy in mJ, accuracy in percent) from the lower left to the upper right, within the plane.
    """

    level: float
    best: bool
    points: list[tuple[float, float]]


def contours(plane: Plane, score: Score, w: float, context: Context, best: float | None) -> list[Contour]:
    """Return the contours at round levels, and the one through the best model, which comes first.

    Args:
        plane: What is shown.
        score: The score.
        w: Its weight.
        context: Of the setup.
        best: The best model's score, None where no model is within the limits.
    """
    levels = [(best, True)] if best is not None else []
    levels += [(level, False) for level in round_levels(plane, score, w, context)]
    return [Contour(level, is_best, polyline(plane, score, w, context, level)) for level, is_best in levels]


def round_levels(plane: Plane, score: Score, w: float, context: Context) -> list[float]:
    """Return round scores that occur on the plane, from the best on: powers of ten where the score is a ratio."""
    cheap, dear = plane.energy_at(1.0), plane.energy_mj[1]
    low, high = plane.accuracy_pct
    energies, accuracies = np.array([cheap, cheap, dear]), np.array([high, low, low])
    best, left, worst = (float(value) for value in score.score(energies, accuracies, w, context))
    if not score.weighted:
        powers = range(math.floor(math.log10(best)), math.ceil(math.log10(max(worst, best * 1e-9))) - 1, -1)
        return [10.0**power for power in powers]
    flat = best - left < (best - worst) * 1e-9
    step = nice_step((best - worst) / STEPS_BELOW if flat else (best - left) / STEPS_LEFT)
    first = math.floor(best / step)
    last = max(math.ceil(worst / step), first - MOST_CONTOURS + 1)
    return [step * place for place in range(first, last - 1, -1)]


def polyline(plane: Plane, score: Score, w: float, context: Context, level: float) -> list[tuple[float, float]]:
    """Return a contour's places within the plane, in rising order of energy and accuracy."""
    low, high = plane.accuracy_pct
    cheap, dear = plane.energy_at(1.0), plane.energy_mj[1]
    energies, accuracies = np.empty(0), np.empty(0)
    if not (score.weighted and w == EVERYTHING):
        energies = np.array([plane.energy_at(x) for x in np.linspace(1.0, plane.plot_width, SAMPLES)])
        accuracies = score.contour_accuracy(energies, level, w, context)
    if not (score.weighted and w == 0):
        along = np.linspace(low, high, SAMPLES)
        # What lies beyond any energy lies beyond the plane.
        with np.errstate(over="ignore"):
            energies = np.concatenate([energies, score.contour_energy(along, level, w, context)])
        accuracies = np.concatenate([accuracies, along])
    return _inside(energies, accuracies, (cheap, dear), (low, high))


def _inside(
    energies: FloatArray, accuracies: FloatArray, energy: tuple[float, float], accuracy: tuple[float, float]
) -> list[tuple[float, float]]:
    inside = (
        (energies >= energy[0]) & (energies <= energy[1]) & (accuracies >= accuracy[0]) & (accuracies <= accuracy[1])
    )
    points = zip(energies[inside].tolist(), accuracies[inside].tolist(), strict=True)
    return sorted(points)
