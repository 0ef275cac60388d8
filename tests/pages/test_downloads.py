"""What readers take away is what the database holds."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.csv
import pyarrow.parquet
import pytest
from pyarrow.csv import ConvertOptions

from builder.pages.downloads import EXPORTS


@pytest.mark.parametrize("table", [export.name for export in EXPORTS])
def test_csv_and_parquet_hold_the_rows_of_the_database(site: Path, mini: duckdb.DuckDBPyConnection, table: str) -> None:
    rows = mini.table(table).to_arrow_table().to_pylist()
    parquet = pyarrow.parquet.read_table(site / f"data/{table}.parquet")
    types = ConvertOptions(column_types=parquet.schema, strings_can_be_null=True, quoted_strings_can_be_null=False)
    csv = pyarrow.csv.read_csv(site / f"data/{table}.csv", convert_options=types)
    assert parquet.column_names == csv.column_names == mini.table(table).columns
    assert sorted(parquet.to_pylist(), key=str) == sorted(rows, key=str)
    assert csv.to_pylist() == parquet.to_pylist()


def test_the_database_opens_and_holds_the_tables_and_the_view(site: Path) -> None:
    with duckdb.connect(str(site / "data/joule-atlas.duckdb"), read_only=True) as connection:
        names = {name for (name,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()}
        assert names == {export.name for export in EXPORTS}
        assert connection.execute("SELECT count(*), count(energy_mj) FROM figures").fetchone() == (
            connection.execute(
                "SELECT count(*), count(energy_mj) FROM read_csv('" + str(site) + "/data/figures.csv')"
            ).fetchone()
        )


def test_the_index_says_what_there_is_and_its_checksums_hold(site: Path) -> None:
    index = json.loads((site / "data/index.json").read_bytes())
    assert {key: index[key] for key in ("format", "name", "version", "database", "sources")} == {
        "format": 1,
        "name": "Joule Atlas",
        "version": version("joule-atlas"),
        "database": "joule-atlas.duckdb",
        "sources": [
            {
                "title": "Figures of the tests",
                "authors": "Joule Atlas",
                "url": "https://example.org/figures",
                "revision": None,
                "licence": "MIT",
            }
        ],
    }
    for table in index["tables"]:
        csv = pd.read_csv(site / f"data/{table['name']}.csv")
        assert [column["name"] for column in table["columns"]] == list(csv.columns)
        assert table["rows"] == len(csv)
        assert all(column["meaning"] for column in table["columns"])
        for file in table["files"]:
            content = (site / "data" / file["path"]).read_bytes()
            assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_setup_s_own_files_are_there_as_they_were_contributed(site: Path, mini_data: Path) -> None:
    contributed = {path.name: path.read_bytes() for path in (mini_data / "image_classification/measurements").iterdir()}
    assert {path.name: path.read_bytes() for path in (site / "data/measurements").iterdir()} == contributed
