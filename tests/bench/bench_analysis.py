"""How long the analysis of the project's own data takes: fits, scores, resamples, the audit."""

from __future__ import annotations

from pathlib import Path

from builder.analysis import queries
from builder.analysis.audit import audit
from builder.analysis.bootstrap import bootstrap_growth
from builder.analysis.growth import fit_growth
from builder.analysis.ranking import rank
from builder.analysis.scores import MANHATTAN
from builder.tables.database import build_database
from tests.bench.rows import Row, timed

DATA = Path(__file__).parents[2] / "data"
TASK = "image_classification"
TEST_SET = "imagenet"
FIT_LIMIT_S, REFITS_LIMIT_S = 0.2, 2.0


def bench_analysis() -> list[Row]:
    """Return how long each part takes, over all setups that measured the project's own models."""
    with build_database(DATA) as connection:
        names = queries.setups(connection, TASK)["setup"].tolist()
        setups = [queries.setup_models(connection, TASK, name, [TEST_SET]) for name in names]
        complete = [models.dropna(subset=["energy_mj", "accuracy_pct"]) for models in setups]
        points = [(models["energy_mj"].to_numpy(), models["accuracy_pct"].to_numpy()) for models in complete]
        return [
            timed(
                "query all setups",
                lambda: [queries.setup_models(connection, TASK, name, [TEST_SET]) for name in names],
            ),
            timed(
                "fit and score all setups",
                lambda: [(fit_growth(*xy), rank(models, MANHATTAN)) for xy, models in zip(points, setups, strict=True)],
                FIT_LIMIT_S,
            ),
            timed("refit one setup 1,000 times", lambda: bootstrap_growth(*points[-1]), REFITS_LIMIT_S),
            timed("audit", lambda: audit(connection)),
        ]
