"""Turns the runs of a setup into whether the first of them took more energy: then its warm-up was too short."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from builder.analysis.leaderboards import RATED_BATCH_SIZE

# Of fewer models any could be first by chance.
MIN_MODELS = 3
# Less than a sensor's gain is not worth a reader's while.
MIN_EXCESS = 0.05


@dataclass(frozen=True)
class FirstRuns:
    """How the first runs of a setup's models compare with their others.

    Attributes:
        models: With a first run and others.
        heaviest: Of them, those whose first run took the most energy.
        excess: What the first run took above the mean of the others, as a share of it: the median over models.
    """

    models: int
    heaviest: int
    excess: float

    @property
    def is_short(self) -> bool:
        """Whether most first runs took the most, and by enough; of three runs, one in three would by chance."""
        return 2 * self.heaviest > self.models and self.excess > MIN_EXCESS


def first_runs(runs: pd.DataFrame) -> FirstRuns | None:
    """Compare first runs with the others, at the rated batch size; None with too few models.

    Args:
        runs: As `queries.query_runs` returns them.
    """
    single = runs[(runs["batch_size"] == RATED_BATCH_SIZE) & runs["energy_mj_per_item"].notna()]
    excesses, heaviest = [], 0
    for _, rows in single.groupby("model", sort=False):
        energies = dict(zip(rows["run"], rows["energy_mj_per_item"].astype(float), strict=True))
        first = energies.pop(1, None)
        if first is None or not energies:
            continue
        others = list(energies.values())
        excesses.append(first / float(np.mean(others)) - 1)
        heaviest += first > max(others)
    if len(excesses) < MIN_MODELS:
        return None
    return FirstRuns(len(excesses), heaviest, float(np.median(excesses)))
