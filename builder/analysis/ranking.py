"""A setup's models into a ranking within thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from builder.analysis.scores import Context, Score, context_of


@dataclass(frozen=True)
class Thresholds:
    """What a model must reach to be ranked; both limits belong to the range."""

    min_accuracy_pct: float = 0.0
    max_energy_mj: float = np.inf


@dataclass(frozen=True)
class Ranking:
    """Models, best first.

    Attributes:
        rows: The columns given, and `rank` (1, 2, 3 ...) and `score` before them.
        eligible: How many models are within the thresholds, of which `rows` may be the first few.
        without_energy: Rows left out because the setup has no energy for them.
        without_accuracy: Rows with an energy, left out because a test set chosen is missing.
        context: Of the setup, before thresholds.
    """

    rows: pd.DataFrame
    eligible: int
    without_energy: int
    without_accuracy: int
    context: Context


def rank(
    models: pd.DataFrame,
    score: Score,
    w: float = 50.0,
    thresholds: Thresholds | None = None,
    top: int | None = None,
) -> Ranking:
    """Rank a setup's models by a score.

    Of equal scores the lower energy comes first, then the name, then the smaller input.

    Args:
        models: One row a model, as `queries.setup_models` returns it.
        score: The score.
        w: The score's weight, in 0..100.
        thresholds: Who is eligible; everybody by default.
        top: How many rows to return at most.

    Raises:
        ValueError: When no row has both an energy and an accuracy.
    """
    thresholds = thresholds or Thresholds()
    context = context_of(models["energy_mj"].to_numpy(np.float64), models["accuracy_pct"].to_numpy(np.float64))
    measured = models["energy_mj"].notna()
    complete = models[measured & models["accuracy_pct"].notna()]
    eligible = complete[
        (complete["accuracy_pct"] >= thresholds.min_accuracy_pct) & (complete["energy_mj"] <= thresholds.max_energy_mj)
    ]
    scores = score.score(eligible["energy_mj"].to_numpy(), eligible["accuracy_pct"].to_numpy(), w, context)
    scored = eligible.assign(score=scores).sort_values(
        ["score", "energy_mj", "model", "input_size_px"], ascending=[False, True, True, True], ignore_index=True
    )
    scored.insert(0, "rank", np.arange(1, len(scored) + 1))
    scored.insert(1, "score", scored.pop("score"))
    return Ranking(
        rows=scored.head(top) if top is not None else scored,
        eligible=len(eligible),
        without_energy=int((~measured).sum()),
        without_accuracy=int(measured.sum()) - len(complete),
        context=context,
    )
