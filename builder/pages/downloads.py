"""Turns the database into files that readers may take: DuckDB, CSV, Parquet, JSON, and an index for programs."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from builder.pages.paths import DATABASE, INDEX
from builder.pages.to_json import to_json
from builder.pages.writer import Writer
from builder.tables.columns import Column
from builder.tables.relations import RELATIONS, SETUP_NAME, TASK_NAME
from builder.tables.schema import ACCURACY, EPOCHS, GPUS, MEASUREMENTS, MODELS, PHASES, QUERY_RUNS, RATED_MODELS

# Of the layout of data/: names, paths and units stay. Columns and tables may come; whatever else changes raises it.
FORMAT = 1


@dataclass(frozen=True)
class Download:
    """A file that readers may take.

    Attributes:
        path: From the site's root.
        size: In bytes.
        sha256: Of its content.
    """

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Export:
    """A table or view that is written as CSV, Parquet and JSON.

    Attributes:
        name: In the database, and of the files.
        meaning: What a row is.
        order: Columns that put the rows into one order; no two rows have the same in all of them.
    """

    name: str
    meaning: str
    order: tuple[str, ...]


EXPORTS = (
    Export(
        "figures",
        "The one energy that the site shows for a model on a setup.",
        ("task", "setup", "model", "input_size_px"),
    ),
    Export("models", MODELS.meaning, ("task", "model", "input_size_px")),
    Export("accuracy", ACCURACY.meaning, ("task", "model", "input_size_px", "test_set")),
    Export("architectures", "An architecture, its family, class, year and paper.", ("task", "architecture")),
    Export("measurements", MEASUREMENTS.meaning, ("task", "setup", "line")),
    Export("setups", "A setup and its provenance.", ("task", "setup")),
    Export(
        "query_figures",
        "The mean of the runs of a rated model on a setup at one batch size.",
        ("task", "setup", "model", "batch_size"),
    ),
    Export("rated_models", RATED_MODELS.meaning, ("task", "model")),
    Export("query_runs", QUERY_RUNS.meaning, ("task", "setup", "line")),
    Export("query_setups", "A setup of query runs and its provenance.", ("task", "setup")),
    Export("epochs", EPOCHS.meaning, ("epoch", "line")),
    Export("gpus", GPUS.meaning, ("gpu",)),
    Export("test_sets", "A set of items that quality is measured on.", ("task", "position")),
    Export("data_sets", "A set that the samples of a rating come from.", ("task", "position")),
    Export("classes", "Models of one size, which are rated among themselves.", ("task", "position")),
    Export("sources", "Who made figures that are not a setup's.", ("task", "position")),
    Export("tasks", "What models do, and how well they do it is measured as.", ("task",)),
)

_ENERGY = MEASUREMENTS.columns[MEASUREMENTS.header.index("energy_mj_per_item")]
# Columns of the views that no file has.
_OF_VIEWS: Mapping[str, tuple[Column, ...]] = {
    "figures": (
        *MEASUREMENTS.columns,
        replace(_ENERGY, name="energy_mj", meaning="GPU energy for one item: published, or the median of the trials."),
        replace(_ENERGY, name="energy_min_mj", meaning="Least of the trials that the figure stands on."),
        replace(_ENERGY, name="energy_max_mj", meaning="Most of the trials that the figure stands on."),
        Column("trials", "integer", "Trials that the figure stands on.", "3"),
        Column("power_w", "number", "Energy × throughput.", "246.1", unit="W"),
    ),
    "query_figures": (
        *QUERY_RUNS.columns,
        replace(_ENERGY, name="energy_mj", meaning="GPU energy for one query: the mean of the runs."),
        replace(_ENERGY, name="energy_sd_mj", meaning="Standard deviation of the runs."),
        Column("runs", "integer", "Runs that the figure stands on.", "10"),
        *(replace(phase, name=phase.name.removesuffix("_per_item")) for phase in PHASES),
        Column("power_w", "number", "Mean power of the runs.", "246.1", unit="W"),
    ),
}


@dataclass(frozen=True)
class TableFiles:
    """One table's downloads.

    Attributes:
        columns: Of the files, in order; declared in builder.tables.schema, or added by the database.
    """

    export: Export
    rows: int
    columns: tuple[Column, ...]
    csv: Download
    parquet: Download
    json: Download


def write_downloads(
    connection: duckdb.DuckDBPyConnection, database: Path, index: dict[str, Any], writer: Writer
) -> tuple[TableFiles, ...]:
    """Write every table, the database and the index, and return what was written.

    Args:
        connection: To the database.
        database: Its file.
        index: What the index says before it lists the files.
        writer: Takes the files.
    """
    tables = tuple(_write_tables(connection, writer))
    writer.write(DATABASE, database.read_bytes())
    writer.write(
        INDEX,
        to_json(
            {
                "format": FORMAT,
                **index,
                "database": DATABASE.removeprefix("data/"),
                "tables": [_entry(table) for table in tables],
            }
        ),
    )
    return tables


def write_setup_files(data: Path, task: str, setup: str, writer: Writer) -> tuple[Download, ...]:
    """Write a setup's own files as they were contributed."""
    table = data / MEASUREMENTS.path.format(task=task, setup=setup)
    return tuple(
        _write(writer, f"data/measurements/{file.name}", file.read_bytes())
        for file in (table, table.with_suffix(".toml"))
    )


def _write_tables(connection: duckdb.DuckDBPyConnection, writer: Writer) -> Iterator[TableFiles]:
    for export in EXPORTS:
        # Arrow keeps the types: whole numbers stay whole where one of them is missing.
        table = connection.table(export.name).order(", ".join(export.order)).to_arrow_table()
        yield TableFiles(
            export=export,
            rows=table.num_rows,
            columns=_columns(export.name, table.column_names),
            csv=_write(writer, f"data/{export.name}.csv", _csv(table)),
            parquet=_write(writer, f"data/{export.name}.parquet", _parquet(table)),
            json=_write(writer, f"data/{export.name}.json", _json(connection, table, export.order)),
        )


def _csv(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pa.csv.write_csv(table, buffer)
    return buffer.getvalue()


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pa.parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _json(connection: duckdb.DuckDBPyConnection, table: pa.Table, order: Sequence[str]) -> bytes:
    """Return the table as `pandas.read_json(orient="split")` reads it: its columns' names, and a list a row."""
    columns, keys = (", ".join(f'"{name}"' for name in names) for names in (table.column_names, order))
    # DuckDB writes it in less time than Python.
    rows = f"to_json(list(json_array({columns}) ORDER BY {keys}))::VARCHAR"
    ((data,),) = connection.from_arrow(table).aggregate(rows).fetchall()
    return b'{"columns":' + to_json(table.column_names) + b',"data":' + (data or "[]").encode() + b"}"


def _write(writer: Writer, path: str, content: bytes) -> Download:
    writer.write(path, content)
    return Download(path, len(content), hashlib.sha256(content).hexdigest())


def _columns(table: str, names: Sequence[str]) -> tuple[Column, ...]:
    declared = {column.name: column for column in (TASK_NAME, SETUP_NAME, *_OF_VIEWS.get(table, ()))}
    relation = next((relation for relation in RELATIONS if relation.name == table), None)
    declared |= {column.name: column for column in (relation.columns if relation else ())}
    return tuple(declared[name] for name in names)


def _entry(table: TableFiles) -> dict[str, Any]:
    return {
        "name": table.export.name,
        "meaning": table.export.meaning,
        "rows": table.rows,
        "columns": [
            {"name": column.name, "kind": column.kind, "unit": column.unit, "meaning": column.meaning}
            for column in table.columns
        ],
        "files": [
            {"path": one.path.removeprefix("data/"), "bytes": one.size, "sha256": one.sha256}
            for one in (table.csv, table.parquet, table.json)
        ],
    }
