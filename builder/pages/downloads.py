"""Turns the database into files that readers may take: DuckDB, CSV, Parquet, and an index of them for programs."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from builder.tables.schema import ACCURACY, ARCHITECTURES, GPUS, MEASUREMENTS, MODELS, PROVENANCE, TASK_FIELDS

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
    """A table or view that is written as CSV and as Parquet.

    Attributes:
        name: In the database, and of the files.
        meaning: What a row is.
        order: Columns that put the rows into one order.
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
    Export("gpus", GPUS.meaning, ("gpu",)),
    Export("test_sets", "A set of items that quality is measured on.", ("task", "position")),
    Export("sources", "Who made figures that are not a setup's.", ("task", "position")),
    Export("tasks", "What models do, and how well they do it is measured as.", ("task",)),
)

# Columns that the database adds to those of the files.
_ADDED = (
    Column("task", "slug", "The folder under data/.", "image_classification"),
    Column("setup", "slug", "GPU, runtime and precision.", "a100-pcie-40gb_pytorch_fp32"),
    Column("line", "integer", "Line in the setup's file.", "2"),
    Column("position", "integer", "Place in task.toml, from 0.", "0"),
    Column("test_set", "slug", "A test set that task.toml names.", "imagenet"),
    Column("architecture", "text", "The name before the first dot.", "resnet50"),
    Column("tag", "text", "The name after the first dot.", "a1_in1k"),
    Column(
        "energy_mj",
        "number",
        "GPU energy for one item: published, or the median of the final trials.",
        "86.9",
        unit="mJ",
    ),
    Column("energy_min_mj", "number", "Least of the trials that the figure stands on.", "86.1", unit="mJ"),
    Column("energy_max_mj", "number", "Most of the trials that the figure stands on.", "87.4", unit="mJ"),
    Column("trials", "integer", "Trials that the figure stands on.", "3"),
    Column("power_w", "number", "Energy × throughput.", "246.1", unit="W"),
    Column("control_variables", "text", "What every setup keeps alike, as JSON.", "{}"),
    Column("versions", "text", "Software and versions, as JSON.", "{}"),
    Column("derived", "text", "Columns that were derived, and how, as JSON.", "{}"),
    Column("sha256", "text", "Of the setup's CSV file.", "681fa1f1…"),
)


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
        )


def _csv(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pa.csv.write_csv(table, buffer)
    return buffer.getvalue()


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pa.parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _write(writer: Writer, path: str, content: bytes) -> Download:
    writer.write(path, content)
    return Download(path, len(content), hashlib.sha256(content).hexdigest())


def _columns(table: str, names: Sequence[str]) -> tuple[Column, ...]:
    declared = {column.name: column for column in (*_ADDED, *_declared(table))}
    return tuple(declared[name] for name in names)


def _declared(table: str) -> Iterator[Column]:
    files = {"gpus": GPUS, "models": MODELS, "accuracy": ACCURACY, "architectures": ARCHITECTURES}
    if table in files:
        yield from files[table].columns
    if table in {"measurements", "figures"}:
        yield from MEASUREMENTS.columns
    if table == "setups":
        for section, columns in PROVENANCE.items():
            for column in columns:
                prefix = f"{section}_" if section else ""
                yield Column(prefix + column.name, column.kind, column.meaning, column.example, unit=column.unit)
    if table in {"tasks", "test_sets", "sources"}:
        yield from TASK_FIELDS["" if table == "tasks" else table]


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
            for one in (table.csv, table.parquet)
        ],
    }
