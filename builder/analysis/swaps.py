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
        cheaper: Least energy among those within MARGIN_PCT of its accuracy that are no siblings of it and whose energy
            is distinguishably less than its own.
        better: Best accuracy among those at or below its energy, where that is more than its own.
    """

    cheaper: IntArray
    better: IntArray


def find_swaps(
    energy_mj: FloatArray, accuracy_pct: FloatArray, sound: BoolArray, interval_mj: FloatArray, siblings: IntArray
) -> Swaps:
    """Return each model's swaps; of equal proposals the one that is better in the other respect, then the first.

    Args:
        energy_mj: Energy per item, shape (n,), in millijoules; above 0.
        accuracy_pct: Accuracy, shape (n,), in percent.
        sound: Shape (n,): whether a model may be proposed; one whose figure an audit doubts may not.
        interval_mj: Low and high end of each energy on this setup, shape (n, 2); NaN where they are not known.
        siblings: Shape (n,): equal for models that must agree in energy.
    """
    # Places in order of preference: among several, the first in this order is proposed.
    by_accuracy = np.lexsort((energy_mj, -accuracy_pct))
    better = _first_among(by_accuracy, energy_mj, energy_mj, sound)
    return Swaps(
        cheaper=_cheaper(energy_mj, accuracy_pct, sound, interval_mj, siblings),
        better=np.where((better != NONE) & (accuracy_pct[better] > accuracy_pct), better, NONE),
    )


def _cheaper(
    energy_mj: FloatArray, accuracy_pct: FloatArray, sound: BoolArray, interval_mj: FloatArray, siblings: IntArray
) -> IntArray:
    """Return for each model the sound one of least energy that is as accurate and takes distinguishably less."""
    by_energy = np.lexsort((-accuracy_pct, energy_mj))
    by_energy = by_energy[sound[by_energy]]
    loss, high, group = -accuracy_pct[by_energy], interval_mj[by_energy, 1], siblings[by_energy]
    found = np.full(len(energy_mj), NONE, dtype=np.intp)
    for row, most_loss in enumerate(MARGIN_PCT + _ROUNDING - accuracy_pct):
        # As `intervals.distinguishable` has it for one card; an interval that is not known is apart from none.
        fits = (loss <= most_loss) & (high < interval_mj[row, 0]) & (group != siblings[row])
        if fits.any():
            found[row] = by_energy[fits.argmax()]
    return found


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
