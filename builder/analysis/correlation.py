"""Energies into correlations: between setups, and with what predicts energy."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

PREDICTORS = ("parameters_m", "macs_g", "activations_m")


def between_setups(energies: pd.DataFrame, method: Literal["pearson", "spearman"]) -> pd.DataFrame:
    """Return the correlations of energy between setups, over the models that have one in all of them.

    Args:
        energies: One row a model and one column a setup, in mJ, as `queries.energies` returns it.
        method: Pearson's on mJ as they are, or Spearman's on ranks.
    """
    return energies.dropna().corr(method=method)


def with_predictors(models: pd.DataFrame, energy_mj: pd.Series[float]) -> pd.DataFrame:
    """Return Pearson's correlation of energy with parameters, MACs and activations.

    Args:
        models: The predictors, indexed by model and input size.
        energy_mj: Indexed in the same way.

    Returns:
        One row a predictor: `linear`, on the numbers as they are; `logarithmic`, on their logarithms; `models`, how
        many have both.
    """
    rows = []
    for predictor in PREDICTORS:
        both = pd.concat([models[predictor], energy_mj], axis=1, join="inner").dropna().to_numpy(np.float64).T
        rows.append((predictor, np.corrcoef(both)[0, 1], np.corrcoef(np.log(both))[0, 1], both.shape[1]))
    return pd.DataFrame(rows, columns=["predictor", "linear", "logarithmic", "models"]).set_index("predictor")
