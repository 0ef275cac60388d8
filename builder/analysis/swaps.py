"""Models of a setup into swaps that a reader could make: as accurate for less energy, or better for no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from builder.analysis.pareto import BoolArray, FloatArray, IntArray

# How much accuracy a reader may give up: about what two runs of one recipe differ by, and less than test sets resolve.
MARGIN_PCT = 0.5
# Accuracies have three decimals; what arithmetic on them adds is far below.
_ROUNDING = 1e-9
NONE = -1


@dataclass(frozen=True)
class Swaps:
    """For each model the place of the one to take instead, or NONE.

    Attributes:
        cheaper: Least energy among those within MARGIN_PCT of its accuracy, where that is less than its own.
        better: Best accuracy among those at or below its energy, where that is more than its own.
    """

    cheaper: IntArray
    better: IntArray


def find_swaps(energy_mj: FloatArray, accuracy_pct: FloatArray, sound: BoolArray) -> Swaps:
    """Return each model's swaps; of equal proposals the one that is better in the other respect, then the first.

    Args:
        energy_mj: Energy per item, shape (n,), in millijoules; above 0.
        accuracy_pct: Accuracy, shape (n,), in percent.
        sound: Shape (n,): whether a model may be proposed; one whose figure an audit doubts may not.
    """
    # Places in order of preference: among several, the first in this order is proposed.
    by_energy = np.lexsort((-accuracy_pct, energy_mj))
    by_accuracy = np.lexsort((energy_mj, -accuracy_pct))
    cheaper = _first_among(by_energy, -accuracy_pct, MARGIN_PCT + _ROUNDING - accuracy_pct, sound)
    better = _first_among(by_accuracy, energy_mj, energy_mj, sound)
    return Swaps(
        cheaper=np.where((cheaper != NONE) & (energy_mj[cheaper] < energy_mj), cheaper, NONE),
        better=np.where((better != NONE) & (accuracy_pct[better] > accuracy_pct), better, NONE),
    )


def _first_among(preference: IntArray, key: FloatArray, limit: FloatArray, sound: BoolArray) -> IntArray:
    """Return for each limit the first place of `preference` that is sound and whose key is at or below it."""
    rank = np.empty(len(preference), dtype=np.intp)
    rank[preference] = np.arange(len(preference))
    candidates = np.flatnonzero(sound)
    candidates = candidates[np.argsort(key[candidates], kind="stable")]
    within = np.searchsorted(key[candidates], limit, side="right")
    if not len(candidates):
        return np.full(len(key), NONE, dtype=np.intp)
    best = preference[np.minimum.accumulate(rank[candidates])]
    return np.where(within > 0, best[within - 1], NONE)
