"""Random models with Python's answers, for the browser to be compared with: scores, rankings, fronts, winners, fits.

`python -m tests.analysis.vectors` prints them as JSON. Energies and accuracies have seven significant digits, as the
site's files do, and some are equal, so that ties are in it.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from builder.analysis.growth import RECIPES, Recipe, fit_growth
from builder.analysis.pareto import FloatArray, pareto_front, upper_hull
from builder.analysis.ranking import Thresholds, rank
from builder.analysis.scores import SCORES, WEIGHTED_SCORES, Context, Score, context_of
from builder.analysis.winners import winners

SEED = 7
SETS = 6
MODELS = 200
WEIGHTS = (0.0, 0.5, 12.5, 50.0, 87.0, 99.9, 100.0)


def vectors(sets: int = SETS) -> list[dict[str, Any]]:
    """Return sets of models, each with the answers; numbers that are not finite are None."""
    random = np.random.default_rng(SEED)
    return [_finite(_answers(*_models(random))) for _ in range(sets)]


def _models(random: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    log_energy = np.sort(random.uniform(-1, 10, MODELS))
    accuracy = 60 + 13 * np.log(log_energy + 2) - random.exponential(3, MODELS)
    energy = np.exp(log_energy)
    # Of ten models one has the energy of the next cheaper, one its accuracy, one both.
    for values, first in ((energy, 1), (accuracy, 3), (energy, 5), (accuracy, 5)):
        values[first::10] = values[first - 1 :: 10]
    mixed = random.permutation(MODELS)
    energy, accuracy = energy[mixed], accuracy[mixed]
    return _rounded(energy), _rounded(accuracy)


def _rounded(values: FloatArray) -> FloatArray:
    return np.array([float(f"{value:.7g}") for value in values])


def _answers(energy: FloatArray, accuracy: FloatArray) -> dict[str, Any]:
    context = context_of(energy, accuracy)
    return {
        "energy_mj": energy.tolist(),
        "accuracy_pct": accuracy.tolist(),
        "context": asdict(context),
        "pareto_front": pareto_front(energy, accuracy).tolist(),
        "upper_hull": upper_hull(np.log(energy), accuracy).tolist(),
        "scores": [_score(score, w, energy, accuracy, context) for score in SCORES for w in WEIGHTS],
        "rankings": [_ranking(score, w, energy, accuracy) for score in SCORES for w in WEIGHTS],
        "winners": {
            score.key: [asdict(winner) for winner in winners(score, energy, accuracy, context)]
            for score in WEIGHTED_SCORES
        },
        "fits": [_fit(recipe, energy, accuracy) for recipe in RECIPES],
    }


def _score(score: Score, w: float, energy: FloatArray, accuracy: FloatArray, context: Context) -> dict[str, Any]:
    values = score.score(energy, accuracy, w, context)
    level = float(np.median(values))
    answer: dict[str, Any] = {"score": score.key, "w": w, "values": values.tolist(), "level": level}
    # The contour of the median score, at each model's energy and at each model's accuracy.
    if not (score.weighted and w == 100):
        answer["contour_accuracy"] = score.contour_accuracy(energy, level, w, context).tolist()
    if not (score.weighted and w == 0):
        answer["contour_energy"] = score.contour_energy(accuracy, level, w, context).tolist()
    return answer | {"exchange_rate": asdict(score.exchange_rate(w, context))}


def _ranking(score: Score, w: float, energy: FloatArray, accuracy: FloatArray) -> dict[str, Any]:
    # Names that sort in the order of the models, so that ties by name are ties by place.
    models = pd.DataFrame(
        {
            "model": [f"m{place:04}" for place in range(len(energy))],
            "input_size_px": 224,
            "energy_mj": energy,
            "accuracy_pct": accuracy,
            "place": np.arange(len(energy)),
        }
    )
    thresholds = Thresholds(float(np.quantile(accuracy, 0.2)), float(np.quantile(energy, 0.9)))
    ranking = rank(models, score, w, thresholds)
    return {
        "score": score.key,
        "w": w,
        **asdict(thresholds),
        "eligible": ranking.eligible,
        "order": ranking.rows["place"].tolist(),
    }


def _fit(recipe: Recipe, energy: FloatArray, accuracy: FloatArray) -> dict[str, Any]:
    fit = fit_growth(energy, accuracy, recipe)
    if fit is None:
        return {"recipe": recipe.key, "vertices": None}
    at = np.geomspace(energy.min(), energy.max(), 20)
    return {
        "recipe": recipe.key,
        "vertices": fit.vertices.tolist(),
        "a": fit.a,
        "b": fit.b,
        "floor": fit.floor,
        "log10_energy_for_95_pct": fit.log10_energy_at(95),
        "curve": {"energy_mj": at.tolist(), "accuracy_pct": fit.accuracy_at(at).tolist()},
    }


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, allow_nan=False)
