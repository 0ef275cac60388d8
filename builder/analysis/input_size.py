"""Models measured at two input sizes into what the larger one brings and costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Line:
    """y = slope * x + intercept by least squares, over n points."""

    slope: float
    intercept: float
    r_squared: float
    n: int


def size_pairs(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the models that have an energy and an accuracy at exactly two input sizes.

    Args:
        figures: One row a model and input size, with `energy_mj` and `accuracy_pct`; rows that lack one are left out.

    Returns:
        One row a model, indexed by it: `small_px`, `large_px`, and the relative growth in percent of the area in
        pixels (`area_pct`), of accuracy (`accuracy_pct`) and of energy (`energy_pct`).
    """
    complete = figures.dropna(subset=["energy_mj", "accuracy_pct"]).sort_values(["model", "input_size_px"])
    groups = complete[complete.groupby("model")["model"].transform("size") == 2].groupby("model")
    small, large = groups.first(), groups.last()
    return pd.DataFrame(
        {
            "small_px": small["input_size_px"],
            "large_px": large["input_size_px"],
            "area_pct": _growth_pct(small["input_size_px"] ** 2, large["input_size_px"] ** 2),
            "accuracy_pct": _growth_pct(small["accuracy_pct"], large["accuracy_pct"]),
            "energy_pct": _growth_pct(small["energy_mj"], large["energy_mj"]),
        }
    )


def fit_line(x: pd.Series[float], y: pd.Series[float]) -> Line:
    """Fit a straight line by ordinary least squares."""
    both = np.stack([x.to_numpy(np.float64), y.to_numpy(np.float64)])
    (x_mean, y_mean), ((xx, xy), (_, yy)) = both.mean(axis=1), np.cov(both)
    slope = xy / xx
    return Line(
        slope=float(slope), intercept=float(y_mean - slope * x_mean), r_squared=float(xy**2 / (xx * yy)), n=len(x)
    )


def _growth_pct(small: pd.Series[float], large: pd.Series[float]) -> pd.Series[float]:
    return (large / small - 1) * 100
