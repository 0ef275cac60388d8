"""Two setups into what the second saves: by how many times a model needs less energy there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from builder.analysis.ratios import geometric_mean, geometric_sd


@dataclass(frozen=True)
class Saving:
    """The ratios energy before / energy after.

    Attributes:
        ratios: One a model, indexed as the energies are.
        geometric_mean: Of the ratios.
        geometric_sd: Of the ratios, with n - 1.
        below_1: How many models need more energy after.
    """

    ratios: pd.Series[float]
    geometric_mean: float
    geometric_sd: float
    below_1: int


def saving(before_mj: pd.Series[float], after_mj: pd.Series[float]) -> Saving:
    """Return what a change of setup saves, over the models that have an energy on both sides.

    Args:
        before_mj: Energy per item, indexed by model and input size.
        after_mj: Indexed in the same way.

    Raises:
        ValueError: When fewer than two models have both.
    """
    ratios = (before_mj / after_mj).dropna()
    if len(ratios) < 2:
        message = f"{len(ratios)} models have an energy on both sides: a saving takes two"
        raise ValueError(message)
    return Saving(
        ratios=ratios,
        geometric_mean=geometric_mean(ratios),
        geometric_sd=geometric_sd(ratios),
        below_1=int((ratios < 1).sum()),
    )


def log_correlation(x: pd.Series[float], y: pd.Series[float]) -> float:
    """Return Pearson's correlation of two quantities' logarithms, over the rows that have both."""
    both = pd.concat([x, y], axis=1, join="inner").dropna().to_numpy(np.float64).T
    return float(np.corrcoef(np.log(both))[0, 1])
