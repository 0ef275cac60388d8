"""From the folder data/ to a DuckDB database that holds it, with keys and CHECKs from the same declarations."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from builder.problems import UserError
from builder.tables.architectures import architecture_of, match_patterns
from builder.tables.cells import FloatArray
from builder.tables.check import read_valid
from builder.tables.columns import Column
from builder.tables.folder import DataFiles, TaskFiles
from builder.tables.provenance import Fields, Value
from builder.tables.reader import Rows
from builder.tables.relations import FIGURES, NUMERIC_TYPES, QUERY_FIGURES, RELATIONS, create_table, sql_type
from builder.tables.schema import QUERY_SETUP, SETUP, TASK, Document

# Rows of one table, column by column.
Block = dict[str, Sequence[Value] | FloatArray]
Record = Mapping[str, Value]


def build_database(data: Path, database: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Read, check and load data/.

    Args:
        data: The folder.
        database: File to write, replaced as a whole where it exists; None builds in memory.

    Returns:
        An open connection: tables gpus, tasks, test_sets, data_sets, classes, sources, architectures, models,
        accuracy, setups, measurements, rated_models, query_setups, query_runs, epochs, and the views figures and
        query_figures. Rows stand in the order of the files.

    Raises:
        UserError: The data are not valid; it holds every problem.
    """
    files, problems = read_valid(data)
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        raise UserError(f"{count} in {data}", problems)
    if database is None:
        connection = duckdb.connect()
        _fill(connection, files)
        return connection
    unfinished = database.with_name(f".{database.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with duckdb.connect(unfinished) as connection:
        _fill(connection, files)
    unfinished.replace(database)
    return duckdb.connect(database)


def _fill(connection: duckdb.DuckDBPyConnection, files: DataFiles) -> None:
    content: dict[str, list[Block]] = {relation.name: [] for relation in RELATIONS}
    if files.gpus:
        content["gpus"].append(_row_block(files.gpus))
    for task in files.tasks:
        for name, block in _task_blocks(task):
            content[name].append({"task": [task.task] * len(next(iter(block.values()))), **block})
    for epoch in files.epochs:
        if epoch.rows:
            block = _row_block(epoch.rows) | {"line": epoch.rows.lines.astype(np.float64)}
            content["epochs"].append({"epoch": [epoch.epoch] * len(epoch.rows), **block})
    for relation in RELATIONS:
        connection.execute(create_table(relation))
        values = [
            f"""nullif("{column.name}", {"'nan'::DOUBLE" if kind in NUMERIC_TYPES else "''"})::{kind}"""
            for column, kind in zip(relation.columns, map(sql_type, relation.columns), strict=True)
        ]
        for block in content[relation.name]:
            scan = {column.name: _scannable(column, block[column.name]) for column in relation.columns}
            connection.register("scan", scan)
            connection.execute(f'INSERT INTO "{relation.name}" SELECT {", ".join(values)} FROM scan')  # noqa: S608
            connection.unregister("scan")
    connection.execute(FIGURES)
    connection.execute(QUERY_FIGURES)


def _task_blocks(task: TaskFiles) -> Iterator[tuple[str, Block]]:
    """Yield the task's content by table, each without the column `task`."""
    if not task.fields:
        return
    free = {name: _json(task.fields.sections[name]) for name in TASK.free}
    yield "tasks", _record_block([{**task.fields.sections[""], **free}])
    for name, key in (("test_sets", "test_set"), ("data_sets", "data_set"), ("classes", "class"), ("sources", "key")):
        records = [
            {key if field == "key" else field: value for field, value in record.items()} | {"position": position}
            for position, record in enumerate(task.fields.lists[name])
        ]
        if records:
            yield name, _record_block(records)
    if task.architectures and task.models and task.accuracy:
        models = task.models.cells["model"]
        names = list(dict.fromkeys(map(architecture_of, models)))
        yield "architectures", _architecture_block(task.architectures, names)
        yield "models", _row_block(task.models) | _of_models(models)
        yield "accuracy", _row_block(task.accuracy)
    for setup in task.setups:
        if setup.provenance and setup.measurements:
            yield "setups", _provenance_block(SETUP, setup.setup, setup.provenance, setup.measurements.sha256)
            block = _setup_block(setup.setup, setup.measurements)
            names = [architecture_of(model) for model in setup.measurements.cells["model"]]
            yield "measurements", block | {"architecture": names}
    if task.rated_models:
        yield "rated_models", _row_block(task.rated_models)
    for setup in task.queries:
        if setup.provenance and setup.measurements:
            provenance = _provenance_block(QUERY_SETUP, setup.setup, setup.provenance, setup.measurements.sha256)
            yield "query_setups", provenance
            yield "query_runs", _setup_block(setup.setup, setup.measurements)


def _provenance_block(document: Document, setup: str, provenance: Fields, sha256: str) -> Block:
    record: dict[str, Value] = {"setup": setup, "sha256": sha256}
    for section, fields in provenance.sections.items():
        if section in document.free:
            record[section] = _json(fields)
        else:
            record |= {f"{section}_{name}" if section else name: value for name, value in fields.items()}
    return _record_block([record])


def _setup_block(setup: str, rows: Rows) -> Block:
    return _row_block(rows) | {"setup": [setup] * len(rows), "line": rows.lines.astype(np.float64)}


def _architecture_block(patterns: Rows, architectures: Sequence[str]) -> Block:
    matches, _ = match_patterns(patterns.cells["pattern"], architectures)
    rows = [matches[name][0] for name in architectures]
    block: Block = {"architecture": architectures}
    for name, column in _row_block(patterns).items():
        if name != "pattern":
            block[name] = [column[row] for row in rows]
    return block


def _of_models(models: Sequence[str]) -> Block:
    architectures = [architecture_of(model) for model in models]
    tags = [model.partition(".")[2] for model in models]
    return {"architecture": architectures, "tag": tags}


def _row_block(rows: Rows) -> Block:
    return {**rows.cells, **rows.numbers}


def _record_block(records: Sequence[Record]) -> Block:
    return {name: [record[name] for record in records] for name in records[0]}


def _scannable(column: Column, values: Sequence[Value] | FloatArray) -> FloatArray | NDArray[np.object_]:
    """Return a column as DuckDB scans it: numbers as doubles with NaN for NULL, all else as texts with "" for NULL."""
    if isinstance(values, np.ndarray):
        return values
    if sql_type(column) in NUMERIC_TYPES:
        return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
    return np.array(["" if value is None else str(value) for value in values], dtype=object)


def _json(fields: Mapping[str, Value]) -> str:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)
