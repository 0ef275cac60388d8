from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from builder.analysis import queries
from builder.tables.database import build_database

TASK = "image_classification"
ALPHA = "alpha-10gb_pytorch_fp32"
GAP = pytest.approx(np.nan, nan_ok=True)


def cells(frame: pd.DataFrame, model: str, input_size_px: int) -> dict[Any, Any]:
    rows = frame.reset_index()
    (row,) = rows[(rows["model"] == model) & (rows["input_size_px"] == input_size_px)].to_dict("records")
    return row


def values(frame: pd.DataFrame, model: str, input_size_px: int, *columns: str) -> list[Any]:
    row = cells(frame, model, input_size_px)
    return [row[column] for column in columns]


def test_accuracies_are_wide_in_the_order_of_the_task_with_gaps_left_open(mini: duckdb.DuckDBPyConnection) -> None:
    wide = queries.accuracies(mini, TASK)
    assert wide.columns.tolist() == ["plain", "hard", "drawn"]
    assert values(wide, "weavenet_l.base", 224, "plain", "hard", "drawn") == [80, 40, GAP]


def test_a_mean_over_test_sets_needs_all_of_them(mini: duckdb.DuckDBPyConnection) -> None:
    mean = queries.mean_accuracy(queries.accuracies(mini, TASK), ["plain", "drawn"])
    assert values(mean.to_frame(), "lanternformer_s.base", 224, "accuracy_pct") == [70]
    assert values(mean.to_frame(), "weavenet_l.base", 224, "accuracy_pct") == [GAP]


def test_a_mean_over_nothing_is_refused(mini: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match=r"^choose at least one test set$"):
        queries.mean_accuracy(queries.accuracies(mini, TASK), [])


def test_a_setup_has_its_gpus_columns_beside_its_provenance(mini: duckdb.DuckDBPyConnection) -> None:
    setup = queries.setups(mini, TASK).to_dict("records")[0]
    assert (setup["setup"], setup["runtime"], setup["gpu"]) == (ALPHA, "pytorch", "alpha-10gb")
    assert (setup["gpu_title"], setup["gpu_tdp_w"]) == ("Invented Alpha 10 GB", 100)


def test_every_model_carries_its_architectures_class_and_year(mini: duckdb.DuckDBPyConnection) -> None:
    models = queries.models(mini, TASK)
    chosen = values(models, "weavenet_s.base", 224, "architecture", "family", "class", "year", "macs_g")
    assert len(models) == 12
    assert chosen == ["weavenet_s", "WeaveNet", "hybrid", 2021, 0.5]


def test_a_setups_models_keep_the_rows_without_energy(mini: duckdb.DuckDBPyConnection) -> None:
    rows = queries.setup_models(mini, TASK, ALPHA, ["plain"])
    assert len(rows) == 12
    missing = values(rows, "gridmixer_l.base", 224, "status", "accuracy_pct", "class", "energy_mj")
    assert missing == ["not_recorded", 76, "mlp", GAP]


def test_quantities_are_numbers_even_where_a_column_is_empty(mini: duckdb.DuckDBPyConnection) -> None:
    rows = queries.figures(mini, TASK)
    assert {str(rows[column].dtype) for column in queries.QUANTITIES} == {"float64"}


def test_energies_have_a_column_a_setup_and_nan_for_a_gap(mini: duckdb.DuckDBPyConnection) -> None:
    energies = queries.energies(mini, TASK)
    assert energies.columns.tolist() == [ALPHA, "beta-20gb_pytorch_fp32", "beta-20gb_torchcompile_fp16"]
    assert values(energies, "pebblenet_s.base", 160, *energies.columns) == [2.718282, 1.4, GAP]


def test_tasks_and_test_sets_come_in_order(mini: duckdb.DuckDBPyConnection) -> None:
    assert queries.tasks(mini)["task"].tolist() == [TASK, "storytelling"]
    assert queries.test_sets(mini, TASK)["test_set"].tolist() == ["plain", "hard", "drawn"]


def test_audit_rows_know_the_power_limit_in_force_and_else_the_boards(mini_data: Path) -> None:
    with build_database(mini_data) as connection:
        connection.execute("UPDATE setups SET measured_power_limit_w = 90 WHERE runtime = 'torchcompile'")
        connection.execute("UPDATE setups SET measured_power_limit_w = NULL WHERE gpu = 'alpha-10gb'")
        rows = queries.audit_rows(connection, TASK)
    limits = set(zip(rows["setup"], rows["power_limit_w"], strict=True))
    assert limits == {(ALPHA, 100), ("beta-20gb_pytorch_fp32", 200), ("beta-20gb_torchcompile_fp16", 90)}
