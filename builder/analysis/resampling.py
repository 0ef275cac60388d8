"""Models into how far a number hangs on which of them happened to be measured: percentile intervals by resampling."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from builder.analysis.bootstrap import SEED
from builder.analysis.pareto import FloatArray

RESAMPLES = 1_000


def resampled_interval(
    statistic: Callable[[FloatArray], FloatArray], *columns: FloatArray, level: float = 0.95
) -> tuple[float, float]:
    """Return the percentile interval of a statistic over models drawn with replacement.

    Args:
        statistic: Takes the columns of m resamples of n models, shape (c, m, n), and returns shape (m,).
        *columns: What is known of the models, each of shape (n,).
        level: Of the interval.
    """
    low, high = np.quantile(resamples(statistic, *columns), [0.5 - level / 2, 0.5 + level / 2])
    return float(low), float(high)


def resamples(statistic: Callable[[FloatArray], FloatArray], *columns: FloatArray, seed: int = SEED) -> FloatArray:
    """Return a statistic of each resample, shape (RESAMPLES,); two sets of models are drawn apart by other seeds."""
    table = np.stack(columns)
    draws = np.random.default_rng(seed).integers(0, table.shape[1], (RESAMPLES, table.shape[1]))
    return statistic(table[:, draws])


def correlations(columns: FloatArray) -> FloatArray:
    """Return Pearson's correlation of two columns in each resample, shape (m,)."""
    x, y = columns - columns.mean(axis=2, keepdims=True)
    return np.asarray((x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1)))


def correlation_leads(columns: FloatArray) -> FloatArray:
    """Return by how much the first column correlates better with the last than the second does, shape (m,)."""
    return correlations(columns[[0, 2]]) - correlations(columns[[1, 2]])


def slopes(columns: FloatArray) -> FloatArray:
    """Return the slope of the second column over the first by least squares in each resample, shape (m,)."""
    x, y = columns - columns.mean(axis=2, keepdims=True)
    return np.asarray((x * y).sum(axis=1) / (x**2).sum(axis=1))


def geometric_means(columns: FloatArray) -> FloatArray:
    """Return the geometric mean of one column in each resample, shape (m,)."""
    return np.asarray(np.exp(np.log(columns[0]).mean(axis=1)))


def means(columns: FloatArray) -> FloatArray:
    """Return the mean of one column in each resample, shape (m,)."""
    return np.asarray(columns[0].mean(axis=1))


def medians(columns: FloatArray) -> FloatArray:
    """Return the median of one column in each resample, shape (m,)."""
    return np.asarray(np.median(columns[0], axis=1))
