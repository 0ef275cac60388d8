from __future__ import annotations

import math
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from builder.problems import UserError
from builder.tables.database import build_database

TASK = "image_classification"
ALPHA, BETA, RANDOM = "alpha-10gb_pytorch_fp32", "beta-20gb_pytorch_fp32", "beta-20gb_torchcompile_fp16"


def rows(connection: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[object, ...]]:
    return connection.execute(statement).fetchall()


def test_every_file_is_a_table(mini: duckdb.DuckDBPyConnection) -> None:
    names = [name for (name,) in rows(mini, "SELECT table_name FROM duckdb_tables() ORDER BY table_name")]
    assert {name: rows(mini, f"SELECT count(*) FROM {name}")[0][0] for name in names} == {
        "accuracy": 35,
        "architectures": 9,
        "classes": 2,
        "data_sets": 2,
        "epochs": 0,
        "gpus": 2,
        "measurements": 71,
        "models": 12,
        "query_runs": 35,
        "query_setups": 3,
        "rated_models": 8,
        "setups": 3,
        "sources": 2,
        "tasks": 2,
        "test_sets": 3,
    }


def test_empty_cells_are_null_and_whole_numbers_are_whole(mini: duckdb.DuckDBPyConnection) -> None:
    assert rows(mini, "SELECT * EXCLUDE url FROM models WHERE architecture IN ('pebblenet_s', 'gridmixer_l')") == [
        (TASK, "pebblenet_s.base", 160, "pebblenet_s", "base", 5.0, 0.06795705, 2.0),
        (TASK, "gridmixer_l.base", 224, "gridmixer_l", "base", 120.0, None, None),
    ]
    assert rows(mini, "SELECT gpu, tdp_w, peak_fp16_tensor_tflops, released FROM gpus") == [
        ("alpha-10gb", 100.0, 80.0, 2020),
        ("beta-20gb", 200.0, None, 2024),
    ]


def test_an_architecture_has_the_row_of_its_pattern(mini: duckdb.DuckDBPyConnection) -> None:
    assert rows(mini, "SELECT * FROM architectures WHERE architecture = 'weavenet_l'") == [
        (
            TASK,
            "weavenet_l",
            "WeaveNet",
            "hybrid",
            "Convolutions and attention take turns: hybrid.",
            2021,
            "WeaveNet, an invented family",
            "Invented 2021",
            "https://example.org/weavenet",
        )
    ]


def test_a_setup_has_its_provenance_by_section(mini: duckdb.DuckDBPyConnection) -> None:
    columns = "gpu, runtime, weights, source_authors, measured_driver, measured_first_day::VARCHAR, versions, derived"
    derived = '{"batch_size": "Recorded but for weavenet_s.base."}'
    versions = '{"timm": "1.0.29", "torch": "2.9.0"}'
    assert rows(mini, f"SELECT {columns}, length(sha256) FROM setups WHERE setup <> '{BETA}' ORDER BY setup") == [
        ("alpha-10gb", "pytorch", "pretrained", "Joule Atlas", None, None, "{}", derived, 64),
        ("beta-20gb", "torchcompile", "random", "Joule Atlas", "580.1", "2026-11-20", versions, "{}", 64),
    ]


def test_test_sets_keep_their_order(mini: duckdb.DuckDBPyConnection) -> None:
    assert rows(mini, 'SELECT test_set, position, "default" FROM test_sets ORDER BY position') == [
        ("plain", 0, True),
        ("hard", 1, False),
        ("drawn", 2, False),
    ]
    assert rows(mini, f"SELECT quality_unit, control_variables FROM tasks WHERE task = '{TASK}'") == [
        ("%", '{"batch_size": "The one with the least energy per image."}')
    ]


def test_a_measurement_keeps_its_line(mini: duckdb.DuckDBPyConnection) -> None:
    columns = "line, model, architecture, input_size_px, energy_mj_per_item, status"
    assert rows(mini, f"SELECT {columns} FROM measurements WHERE setup = '{ALPHA}' AND line IN (3, 13)") == [
        (3, "pebblenet_s.base", "pebblenet_s", 160, 2.718282, "ok"),
        (13, "gridmixer_l.base", "gridmixer_l", 224, None, "not_recorded"),
    ]


FIGURE = (
    "energy_mj, energy_min_mj, energy_max_mj, trials, throughput_items_per_s, latency_ms, batch_size, status, stage"
)


def figure(mini: duckdb.DuckDBPyConnection, setup: str, model: str, size: int = 224) -> list[tuple[object, ...]]:
    where = f"setup = '{setup}' AND model = '{model}' AND input_size_px = {size}"
    return rows(mini, f"SELECT {FIGURE} FROM figures WHERE {where}")


def test_a_published_figure_stands_alone(mini: duckdb.DuckDBPyConnection) -> None:
    assert figure(mini, ALPHA, "weavenet_l.base") == [(200, 200, 200, 1, 500, 128, 64, "ok", "published")]


def test_a_measured_figure_is_the_median_of_the_final_trials(mini: duckdb.DuckDBPyConnection) -> None:
    assert figure(mini, BETA, "lanternformer_s.base") == [(27, 26.46, 28.08, 3, 7407.407, 2.16, 16, "ok", "final")]


def test_a_bare_architecture_counts_for_all_its_tags(mini: duckdb.DuckDBPyConnection) -> None:
    shared = [(16, 15.84, 16.16, 2, 9375.9375, pytest.approx(3.413334, rel=1e-6), 32, "ok", "final")]
    assert figure(mini, RANDOM, "lanternformer_s.base") == shared
    assert figure(mini, RANDOM, "lanternformer_s.plus") == shared


@pytest.mark.parametrize(
    ("model", "status", "stage"),
    [
        ((ALPHA, "gridmixer_l.base", 224), "not_recorded", "published"),
        ((BETA, "lanternformer_l.base", 384), "out_of_memory", "sweep"),
        ((BETA, "weavenet_s.base", 224), "not_recorded", "sweep"),
        ((RANDOM, "lanternformer_l.base", 384), "timed_out", "sweep"),
        ((RANDOM, "gridmixer_s.base", 224), "build_failed", "sweep"),
        ((RANDOM, "weavenet_s.base", 224), "crashed", "final"),
    ],
)
def test_a_model_without_figure_has_a_status(
    mini: duckdb.DuckDBPyConnection, model: tuple[str, str, int], status: str, stage: str
) -> None:
    assert figure(mini, *model) == [(None, None, None, 0, None, None, None, status, stage)]


def test_a_model_without_row_has_no_figure(mini: duckdb.DuckDBPyConnection) -> None:
    assert rows(mini, "SELECT setup, count(*), count(energy_mj) FROM figures GROUP BY setup ORDER BY setup") == [
        (ALPHA, 12, 11),
        (BETA, 7, 5),
        (RANDOM, 10, 7),
    ]


def test_power_is_energy_times_throughput(mini: duckdb.DuckDBPyConnection) -> None:
    powers = rows(mini, f"SELECT model, power_w FROM figures WHERE setup = '{ALPHA}' AND power_w IS NOT NULL")
    assert len(powers) == 11
    for model, power in powers:
        assert isinstance(power, float)
        assert math.isclose(power, 30 if model == "gridmixer_s.base" else 100, rel_tol=1e-6)


def test_the_row_of_a_model_goes_before_its_bare_architecture(mini_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(mini_data, data)
    with (data / TASK / "measurements" / f"{RANDOM}.csv").open("a") as file:
        file.write("lanternformer_s.plus,224,32,final,1,99,,,,,,,,,,,,,ok\n")
    with build_database(data) as connection:
        assert figure(connection, RANDOM, "lanternformer_s.base")[0][0] == 16
        assert figure(connection, RANDOM, "lanternformer_s.plus")[0][0] == 99


CHECK, NULL, KEY, REFERENCE = "CHECK constraint failed", "NOT NULL constraint", "[Dd]uplicate key", "foreign key"
BROKEN = {
    "UPDATE measurements SET energy_mj_per_item = -1 WHERE line = 2": CHECK,
    "UPDATE measurements SET energy_mj_per_item = 'inf' WHERE line = 2": CHECK,
    "UPDATE measurements SET energy_mj_per_item = 'nan' WHERE line = 2": CHECK,
    "UPDATE measurements SET status = 'fine'": CHECK,
    "UPDATE measurements SET energy_mj_per_item = NULL WHERE line = 2": CHECK,
    "UPDATE measurements SET status = 'crashed' WHERE line = 2": CHECK,
    "INSERT INTO measurements SELECT * REPLACE (line + 99 AS line) FROM measurements LIMIT 1": KEY,
    "INSERT INTO query_runs SELECT * REPLACE (line + 99 AS line) FROM query_runs LIMIT 1": KEY,
    "UPDATE accuracy SET accuracy_pct = 100.1": CHECK,
    "UPDATE architectures SET class = 'quantum'": CHECK,
    "UPDATE tasks SET title = ''": CHECK,
    "UPDATE models SET url = 'http://example.org'": CHECK,
    "UPDATE setups SET licence = NULL": NULL,
    "UPDATE accuracy SET accuracy_pct = NULL": NULL,
    "INSERT INTO accuracy VALUES ('image_classification', 'x', 1, 'plain', 1)": REFERENCE,
    "UPDATE accuracy SET test_set = 'other'": REFERENCE,
    "INSERT INTO accuracy SELECT * FROM accuracy LIMIT 1": KEY,
    "DELETE FROM gpus WHERE gpu = 'beta-20gb'": REFERENCE,
    "DELETE FROM setups": REFERENCE,
    "DELETE FROM models": REFERENCE,
    "UPDATE query_runs SET energy_mj_per_item = 0": CHECK,
    "UPDATE query_runs SET decode_mj_per_item = -1": CHECK,
    "UPDATE rated_models SET approach = 'magic'": CHECK,
    "UPDATE query_setups SET measured_samples = 'mine'": CHECK,
    "UPDATE query_runs SET samples = NULL": NULL,
    "DELETE FROM rated_models": REFERENCE,
    "DELETE FROM query_setups": REFERENCE,
}


@pytest.mark.parametrize("statement", BROKEN)
def test_the_database_refuses_by_itself(statement: str, mini: duckdb.DuckDBPyConnection) -> None:
    with mini.cursor() as connection, pytest.raises(duckdb.ConstraintException, match=BROKEN[statement]):
        connection.execute(statement)


def test_data_that_are_not_valid_build_nothing(mini_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(mini_data, data)
    (data / "gpus.csv").unlink()
    with pytest.raises(UserError) as caught:
        build_database(data, tmp_path / "atlas.duckdb")
    assert str(caught.value) == f"1 problem in {data}"
    assert [problem.found for problem in caught.value.problems] == ["no such file"]
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_database_file_replaces_the_one_before_it(mini_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "atlas.duckdb"
    path.write_text("an older file")
    build_database(mini_data, path).close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["atlas.duckdb"]
    with duckdb.connect(path, read_only=True) as connection:
        assert rows(connection, "SELECT count(*) FROM figures") == [(29,)]


def test_two_builds_have_equal_content(mini_data: Path) -> None:
    with build_database(mini_data) as first, build_database(mini_data) as second:
        for (name,) in rows(first, "SELECT table_name FROM duckdb_tables()"):
            assert rows(first, f"FROM {name}") == rows(second, f"FROM {name}")


def test_measuring_needs_no_database() -> None:
    """`measure` imports these on a machine with numpy alone."""
    modules = "columns, schema, cells, reader, rules, provenance, architectures"
    heavy = "{'duckdb', 'pandas', 'altair', 'pyarrow'}"
    check = f"from builder.tables import {modules}; import sys; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
