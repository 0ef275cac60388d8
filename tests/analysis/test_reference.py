"""The project's data give the numbers of the study: reference.toml has each with its definition."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from builder.analysis import queries
from builder.analysis.ranking import Thresholds, rank
from builder.analysis.scores import MANHATTAN
from builder.analysis.study import A100_PYTORCH, TASK, load_study, study_numbers

pytestmark = pytest.mark.xdist_group("atlas")

REFERENCE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("reference.toml").read_text(encoding="utf-8"))
RANKING = REFERENCE.pop("ranking")


@pytest.fixture(scope="session")
def numbers(atlas: duckdb.DuckDBPyConnection) -> dict[str, float]:
    return study_numbers(load_study(atlas))


@pytest.mark.parametrize("key", REFERENCE)
def test_the_data_give_the_number_of_the_study(key: str, numbers: dict[str, float]) -> None:
    assert numbers[key] == pytest.approx(REFERENCE[key]["value"], rel=0, abs=REFERENCE[key]["tolerance"])


def test_the_data_give_the_first_ranking_of_the_study(atlas: duckdb.DuckDBPyConnection) -> None:
    models = queries.setup_models(atlas, TASK, A100_PYTORCH, ["imagenet"])
    ranking = rank(models, MANHATTAN, 50, Thresholds(min_accuracy_pct=80, max_energy_mj=1000), top=10)
    assert ranking.eligible == RANKING["eligible"]
    assert ranking.context.largest_energy_mj == pytest.approx(RANKING["largest_energy_mj"], rel=1e-6)
    top, rows = RANKING["top"], ranking.rows
    for column in ("model", "input_size_px", "accuracy_pct"):
        assert rows[column].tolist() == [row[column] for row in top]
    assert rows["energy_mj"].tolist() == pytest.approx([row["energy_mj"] for row in top], rel=1e-6)
    tolerance = RANKING["score_tolerance"]
    assert rows["score"].tolist() == pytest.approx([row["score"] for row in top], rel=0, abs=tolerance)


def test_data_without_the_study_say_what_is_missing(mini: duckdb.DuckDBPyConnection) -> None:
    message = r"^the data lack setups of the study: a100-pcie-40gb_pytorch_fp32, a100-pcie-40gb_tensorrt_fp16, "
    with pytest.raises(LookupError, match=message):
        load_study(mini)
