"""Ratios into their geometric mean and spread, in which twice and half are equally far from equal."""

from __future__ import annotations

import numpy as np
import pandas as pd

from builder.analysis.pareto import FloatArray


def geometric_mean(ratios: pd.Series[float] | FloatArray) -> float:
    """Return the geometric mean of ratios above 0."""
    return float(np.exp(np.log(np.asarray(ratios, dtype=np.float64)).mean()))


def geometric_sd(ratios: pd.Series[float] | FloatArray) -> float:
    """Return the geometric standard deviation of two or more ratios above 0, with n - 1."""
    return float(np.exp(np.log(np.asarray(ratios, dtype=np.float64)).std(ddof=1)))
