"""The same models on two setups into how well their order agrees, and which models change rank by more than noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from builder.analysis.bootstrap import SEED
from builder.analysis.intervals import SENSOR_GAIN
from builder.analysis.pareto import FloatArray
from builder.analysis.resampling import RESAMPLES
from builder.analysis.scores import Score, context_of

# Energies of models, shape (..., n) -> what they are ranked by, the least first.
Order = Callable[[FloatArray], FloatArray]
_Z_95 = float(ndtri(0.975))


@dataclass(frozen=True)
class Agreement:
    """How far two setups order models alike: Spearman's and Kendall's rank correlation."""

    spearman: float
    kendall: float


def rank_agreement(before_mj: FloatArray, after_mj: FloatArray) -> Agreement:
    """Return how far two setups order models alike, each array of shape (n,)."""
    # Takes long to import, and the process that writes the pages has no use for it.
    from scipy import stats

    return Agreement(
        float(stats.spearmanr(before_mj, after_mj).statistic), float(stats.kendalltau(before_mj, after_mj).statistic)
    )


def by_energy(energy_mj: FloatArray) -> FloatArray:
    """Rank the model with the least energy first."""
    return energy_mj


def by_score(score: Score, w: float, energy_mj: FloatArray, accuracy_pct: FloatArray) -> Order:
    """Return the order that ranks the model with the highest score first.

    Args:
        score: The score.
        w: Its weight.
        energy_mj: Of the models compared, shape (n,): what the score knows of its setup.
        accuracy_pct: Theirs, shape (n,).
    """
    context = context_of(energy_mj, accuracy_pct)

    def order(energies: FloatArray) -> FloatArray:
        return -score.score(energies, accuracy_pct, w, context)

    return order


def rank_moves(
    before_mj: pd.Series[float],
    after_mj: pd.Series[float],
    noise: tuple[float, float],
    orders: tuple[Order, Order] = (by_energy, by_energy),
) -> pd.DataFrame:
    """Return the ranks of models on two setups, and the interval of what lies between them.

    Energies are drawn again, each around what was measured, with the setup's noise floor and a sensor's gain as the
    95 % limits of a normal distribution of logarithms: the models of one setup may be from several cards.

    Args:
        before_mj: Energies, indexed by model.
        after_mj: Indexed in the same way.
        noise: The setups' noise floors (p95), as shares of the energy.
        orders: What each setup's models are ranked by.

    Returns:
        Indexed in the same way: `rank_before`, `rank_after` (1 is the first), `move` (ranks gained: above 0 where the
        model comes earlier after), its 95 % interval `low` and `high`, and `beyond_noise`, whether that is apart
        from 0.
    """
    random = np.random.default_rng(SEED)
    energies: list[FloatArray] = [np.asarray(column, dtype=np.float64) for column in (before_mj, after_mj)]
    ranks = [_ranks(order(energy)) for energy, order in zip(energies, orders, strict=True)]
    drawn = []
    for energy, order, floor in zip(energies, orders, noise, strict=True):
        limit = np.log1p(floor + SENSOR_GAIN)
        factors = np.exp(random.normal(0.0, limit / _Z_95, (RESAMPLES, len(energy))))
        drawn.append(_ranks(order(energy * factors)))
    low, high = np.quantile(drawn[0] - drawn[1], [0.025, 0.975], axis=0)
    return pd.DataFrame(
        {
            "rank_before": ranks[0].astype(int),
            "rank_after": ranks[1].astype(int),
            "move": (ranks[0] - ranks[1]).astype(int),
            "low": np.round(low).astype(int),
            "high": np.round(high).astype(int),
            "beyond_noise": (low > 0) | (high < 0),
        },
        index=before_mj.index,
    )


def _ranks(values: FloatArray) -> FloatArray:
    from scipy import stats

    return np.asarray(stats.rankdata(values, method="min", axis=-1), dtype=np.float64)
