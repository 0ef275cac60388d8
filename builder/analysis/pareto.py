"""Energies and accuracies into the Pareto front and its upper hull."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


def pareto_front(energy_mj: FloatArray, accuracy_pct: FloatArray) -> BoolArray:
    """Mark the models that no other model beats.

    One model beats another that needs as much energy or more for as much accuracy or less, and is worse in at least
    one of the two.

    Args:
        energy_mj: Energy per item, shape (n,), in millijoules.
        accuracy_pct: Accuracy, shape (n,), in percent.

    Returns:
        Shape (n,): True on the front. Models that are equal are all on it or all off it.

    Raises:
        ValueError: When the shapes differ or a number is not finite.
    """
    _require_points(energy_mj, accuracy_pct)
    order = np.lexsort((-accuracy_pct, energy_mj))
    energy, accuracy = energy_mj[order], accuracy_pct[order]
    # Among models of one energy only the most accurate, which come first, can stay.
    first_of_energy = np.searchsorted(energy, energy, side="left")
    best_so_far = np.maximum.accumulate(np.concatenate(([-np.inf], accuracy)))
    on_front = (accuracy == accuracy[first_of_energy]) & (accuracy > best_so_far[first_of_energy])
    result = np.empty(len(order), dtype=np.bool_)
    result[order] = on_front
    return result


def upper_hull(x: FloatArray, accuracy_pct: FloatArray) -> IntArray:
    """Return the vertices of the upper convex hull, from the cheapest model to the most accurate one.

    On `x` = energy these are the models that win a weighted Manhattan score for some weight; on `x` = log energy
    the models that the growth fit stands on.

    Args:
        x: Energy or its logarithm, shape (n,).
        accuracy_pct: Accuracy, shape (n,), in percent.

    Returns:
        Indices, in rising order of `x` and of accuracy. Models on a straight line between two vertices are none,
        and of equal models the first is taken.

    Raises:
        ValueError: When the shapes differ or a number is not finite.
    """
    front = np.flatnonzero(pareto_front(x, accuracy_pct))
    front = front[np.argsort(x[front], kind="stable")]
    hull: list[int] = []
    for index in front.tolist():
        if hull and x[hull[-1]] == x[index]:
            continue
        while len(hull) > 1 and not _turns_down(x, accuracy_pct, hull[-2], hull[-1], index):
            hull.pop()
        hull.append(index)
    return np.array(hull, dtype=np.intp)


def best_within(energy_mj: FloatArray, accuracy_pct: FloatArray, limits_mj: FloatArray) -> FloatArray:
    """Return the best accuracy that models within each energy limit reach, shape (k,); NaN where none is within it."""
    order = np.argsort(energy_mj, kind="stable")
    best = np.maximum.accumulate(np.concatenate(([-np.inf], accuracy_pct[order])))
    reached = best[np.searchsorted(energy_mj[order], limits_mj, side="right")]
    return np.where(np.isfinite(reached), reached, np.nan)


def _turns_down(x: FloatArray, y: FloatArray, first: int, second: int, third: int) -> bool:
    rise_before = (y[second] - y[first]) * (x[third] - x[second])
    rise_after = (y[third] - y[second]) * (x[second] - x[first])
    return bool(rise_after < rise_before)


def _require_points(x: FloatArray, y: FloatArray) -> None:
    if x.ndim != 1 or x.shape != y.shape:
        message = f"energies and accuracies must be two rows of equal length, not {x.shape} and {y.shape}"
        raise ValueError(message)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        message = "energies and accuracies must be finite: leave out the models that lack one before"
        raise ValueError(message)
