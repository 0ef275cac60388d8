"""How long the analysis of the project's own data takes: fits, scores, resamples, the audit."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from builder.analysis import queries
from builder.analysis.audit import audit
from builder.analysis.bootstrap import bootstrap_growth
from builder.analysis.growth import fit_growth
from builder.analysis.ranking import rank
from builder.analysis.scores import MANHATTAN
from builder.tables.database import build_database

DATA = Path(__file__).parents[2] / "data"
TASK = "image_classification"
TEST_SET = "imagenet"


def bench_analysis() -> dict[str, float]:
    """Return the seconds that each part takes, over all setups, by name."""
    with build_database(DATA) as connection:
        names = queries.setups(connection, TASK)["setup"].tolist()
        setups = [queries.setup_models(connection, TASK, name, [TEST_SET]) for name in names]
        complete = [models.dropna(subset=["energy_mj", "accuracy_pct"]) for models in setups]
        points = [(models["energy_mj"].to_numpy(), models["accuracy_pct"].to_numpy()) for models in complete]
        return {
            "query all setups": _seconds(
                lambda: [queries.setup_models(connection, TASK, name, [TEST_SET]) for name in names]
            ),
            "fit and score all setups": _seconds(
                lambda: [(fit_growth(*xy), rank(models, MANHATTAN)) for xy, models in zip(points, setups, strict=True)]
            ),
            "refit one setup 1,000 times": _seconds(lambda: bootstrap_growth(*points[-1])),
            "audit": _seconds(lambda: audit(connection)),
        }


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
