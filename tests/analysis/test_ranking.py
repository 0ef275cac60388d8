from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from builder.analysis import queries
from builder.analysis.ranking import Thresholds, rank
from builder.analysis.scores import LOG_MANHATTAN, MANHATTAN, PER_JOULE, Context

TASK = "image_classification"
ALPHA = "alpha-10gb_pytorch_fp32"


@pytest.fixture
def alpha(mini: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return queries.setup_models(mini, TASK, ALPHA, ["plain"])


def order(ranked: pd.DataFrame) -> list[str]:
    return [f"{model}@{size}" for model, size in zip(ranked["model"], ranked["input_size_px"], strict=True)]


def test_models_come_by_falling_score_within_thresholds(alpha: pd.DataFrame) -> None:
    # N = 6000 mJ: at w = 50 each is (A + 100 (1 - E / 6000)) / 2.
    ranking = rank(alpha, MANHATTAN, 50, Thresholds(min_accuracy_pct=72, max_energy_mj=200))
    assert order(ranking.rows) == [
        "lanternformer_s.base@224",  # 80, 54.6 mJ
        "lanternformer_s.plus@224",  # 79, 65 mJ
        "weavenet_l.base@224",  # 80, 200 mJ
        "weavenet_s.base@224",  # 74, 20 mJ
        "gridmixer_s.base@224",  # 72, 30 mJ
    ]
    assert ranking.rows["rank"].tolist() == [1, 2, 3, 4, 5]
    expected = [(80 + 100 * (1 - 54.59815 / 6000)) / 2, 88.95833333, 88.33333333, 86.83333333, 85.75]
    assert ranking.rows["score"].tolist() == pytest.approx(expected)
    assert (ranking.eligible, ranking.without_energy, ranking.without_accuracy) == (5, 1, 0)


def test_top_shortens_the_list_and_not_the_count(alpha: pd.DataFrame) -> None:
    ranking = rank(alpha, PER_JOULE, top=2)
    assert order(ranking.rows) == ["pebblenet_nano.base@96", "pebblenet_s.base@160"]
    assert ranking.rows["score"].tolist() == pytest.approx([60_000, 60 / 2.718282e-3])
    assert ranking.eligible == 11


def test_thresholds_leave_the_context_as_it_is(alpha: pd.DataFrame) -> None:
    whole = Context(largest_energy_mj=6000, median_energy_mj=30, median_accuracy_pct=74)
    assert rank(alpha, MANHATTAN, thresholds=Thresholds(89, 3000)).context == whole


def test_a_model_that_lacks_a_chosen_test_set_is_left_out_and_counted(mini: duckdb.DuckDBPyConnection) -> None:
    ranking = rank(queries.setup_models(mini, TASK, ALPHA, ["plain", "drawn"]), LOG_MANHATTAN)
    assert "weavenet_l.base@224" not in order(ranking.rows)
    assert (ranking.eligible, ranking.without_energy, ranking.without_accuracy) == (10, 1, 1)


def test_equal_scores_come_by_energy_then_name_then_input_size() -> None:
    models = pd.DataFrame(
        {
            "model": ["b", "a", "a", "c", "d"],
            "input_size_px": [224, 288, 224, 224, 224],
            "energy_mj": [10.0, 10, 10, 5, 20],
            "accuracy_pct": [50.0, 50, 50, 50, 50],
        }
    )
    assert order(rank(models, MANHATTAN, w=0).rows) == ["c@224", "a@224", "a@288", "b@224", "d@224"]


def test_thresholds_that_nobody_reaches_give_an_empty_ranking(alpha: pd.DataFrame) -> None:
    ranking = rank(alpha, MANHATTAN, thresholds=Thresholds(min_accuracy_pct=99))
    assert (len(ranking.rows), ranking.eligible) == (0, 0)


def test_limits_belong_to_the_range(alpha: pd.DataFrame) -> None:
    ranking = rank(alpha, MANHATTAN, thresholds=Thresholds(min_accuracy_pct=90, max_energy_mj=2980.958))
    assert order(ranking.rows) == ["lanternformer_l.base@224"]
    assert np.isfinite(ranking.rows["score"]).all()
