"""From the folder data/ to every table and document in it, and to problems with what else lies there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from builder.problems import Problem, shown_path
from builder.tables.cells import read_texts
from builder.tables.columns import Column
from builder.tables.files import read_bytes
from builder.tables.provenance import Fields, read_document
from builder.tables.reader import Rows, read_table
from builder.tables.schema import (
    ACCURACY,
    ARCHITECTURES,
    EPOCHS,
    GPUS,
    MEASUREMENTS,
    MODELS,
    QUERY_RUNS,
    QUERY_SETUP,
    RATED_MODELS,
    SETUP,
    TASK,
    Document,
    Table,
)

Content = TypeVar("Content")

_MEASUREMENTS_FOLDER = Path(MEASUREMENTS.path).parent.name
_QUERIES_FOLDER = Path(QUERY_RUNS.path).parent.name
_EPOCHS_FOLDER = Path(EPOCHS.path).parent.name
_DATA_FILES = ("README.md", GPUS.path)
_FRONTIER_TABLES = tuple(Path(table.path).name for table in (ARCHITECTURES, MODELS, ACCURACY))
_RATED_TABLE = Path(RATED_MODELS.path).name
_FRONTIER = f"{', '.join(_FRONTIER_TABLES)} and {_MEASUREMENTS_FOLDER}/"
_RATED = f"{_RATED_TABLE} and {_QUERIES_FOLDER}/"
# joule-measure keeps what a campaign needs to go on here; git ignores it.
_WORKING_FOLDER = ".joule-measure"
_TASK_NAME = Column("task", "slug", "The task's folder.", "image_classification")


@dataclass(frozen=True)
class SetupFiles:
    """One setup's two files; None for a file that is missing or cannot be read.

    Attributes:
        measurements: Its rows: measurements, or query runs.
    """

    setup: str
    provenance: Fields | None
    measurements: Rows | None


@dataclass(frozen=True)
class TaskFiles:
    """One task's files; None for a file that is missing or cannot be read.

    Attributes:
        is_frontier: Whether it has models with accuracies and measurements, or the beginning of it.
        is_rated: Whether it has models rated by their queries, or the beginning of it.
        queries: The setups of its query runs.
    """

    task: str
    fields: Fields | None
    is_frontier: bool
    architectures: Rows | None
    models: Rows | None
    accuracy: Rows | None
    setups: tuple[SetupFiles, ...]
    is_rated: bool
    rated_models: Rows | None
    queries: tuple[SetupFiles, ...]


@dataclass(frozen=True)
class EpochFile:
    """One frozen epoch; None for a file that cannot be read."""

    epoch: str
    rows: Rows | None


@dataclass(frozen=True)
class DataFiles:
    """All that data/ holds."""

    gpus: Rows | None
    tasks: tuple[TaskFiles, ...]
    epochs: tuple[EpochFile, ...]


def read_folder(data: Path) -> tuple[DataFiles, tuple[Problem, ...]]:
    """Read every file under data/ and check it by itself; rules across files come after this."""
    problems: list[Problem] = []
    folders = []
    epochs: tuple[EpochFile, ...] = ()
    for entry in _entries(data, problems):
        if _is_folder(entry) and entry.name == _EPOCHS_FOLDER:
            epochs = tuple(_read_epochs(entry, problems))
        elif _is_folder(entry) and entry.name not in _DATA_FILES:
            folders.append(entry)
        elif entry.name not in _DATA_FILES:
            problems.append(_unexpected(entry, f"README.md, {GPUS.path} and a folder for each task"))
    if os.path.lexists(data / "README.md"):
        problems += read_bytes(data / "README.md")[1]
    if data.is_dir() and not folders:
        fix = f"Add a folder with {Path(TASK.path).name} and {_FRONTIER}, or {_RATED}."
        problems.append(Problem(shown_path(data), 0, 0, "no task", "a folder for each task", fix))
    gpus = _noted(read_table(GPUS, data / GPUS.path), problems) if data.is_dir() else None
    tasks = tuple(_read_task(folder, problems) for folder in folders)
    return DataFiles(gpus, tasks, epochs), tuple(problems)


def _read_task(folder: Path, problems: list[Problem]) -> TaskFiles:
    problems += [
        Problem(shown_path(folder), 0, 0, fault.found, fault.expected, "Rename the folder.")
        for fault in read_texts(_TASK_NAME, [folder.name])
    ]
    files = {Path(TASK.path).name, *_FRONTIER_TABLES, _RATED_TABLE}
    setups: tuple[SetupFiles, ...] = ()
    queries: tuple[SetupFiles, ...] = ()
    names = set()
    for entry in _entries(folder, problems):
        names.add(entry.name)
        if entry.name == _MEASUREMENTS_FOLDER and _is_folder(entry):
            setups = tuple(_read_setups(entry, SETUP, MEASUREMENTS, problems))
        elif entry.name == _QUERIES_FOLDER and _is_folder(entry):
            queries = tuple(_read_setups(entry, QUERY_SETUP, QUERY_RUNS, problems))
        elif entry.name not in files:
            folders = f"{_MEASUREMENTS_FOLDER}/ and {_QUERIES_FOLDER}/"
            problems.append(_unexpected(entry, f"{', '.join(sorted(files))}, {folders}"))
    is_frontier = not names.isdisjoint({*_FRONTIER_TABLES, _MEASUREMENTS_FOLDER})
    is_rated = not names.isdisjoint({_RATED_TABLE, _QUERIES_FOLDER})
    if not is_frontier and not is_rated:
        fix = "Add what the task is to show: models with accuracies, models rated by their queries, or both."
        problems.append(Problem(shown_path(folder), 0, 0, "a task without models", f"{_FRONTIER}, or {_RATED}", fix))

    def table(declared: Table, wanted: bool) -> Rows | None:
        return _noted(read_table(declared, folder / Path(declared.path).name), problems) if wanted else None

    return TaskFiles(
        task=folder.name,
        fields=_noted(read_document(TASK, folder / Path(TASK.path).name), problems),
        is_frontier=is_frontier,
        architectures=table(ARCHITECTURES, is_frontier),
        models=table(MODELS, is_frontier),
        accuracy=table(ACCURACY, is_frontier),
        setups=setups,
        is_rated=is_rated,
        rated_models=table(RATED_MODELS, is_rated),
        queries=queries,
    )


def _read_epochs(folder: Path, problems: list[Problem]) -> Iterator[EpochFile]:
    for entry in _entries(folder, problems):
        if entry.suffix != ".csv" or entry.name.startswith("."):
            problems.append(_unexpected(entry, "<day>_<digits>.csv, as joule-atlas epoch names it"))
        else:
            yield EpochFile(entry.stem, _noted(read_table(EPOCHS, entry), problems))


def _read_setups(folder: Path, document: Document, table: Table, problems: list[Problem]) -> Iterator[SetupFiles]:
    entries = [entry for entry in _entries(folder, problems) if entry.name != _WORKING_FOLDER]
    names = {entry.name for entry in entries}
    problems += [
        _unexpected(entry, "<gpu>_<runtime>_<precision>.csv, and .toml beside it")
        for entry in entries
        if entry.suffix not in {".csv", ".toml"} or entry.name.startswith(".")
    ]
    for setup in sorted(
        {entry.stem for entry in entries if entry.suffix in {".csv", ".toml"} and entry.stem[0] != "."}
    ):
        provenance = measurements = None
        rows, notes = folder / f"{setup}.csv", folder / f"{setup}.toml"
        if notes.name in names:
            provenance = _noted(read_document(document, notes), problems)
        else:
            fix = f"Add {shown_path(notes)}: who measured this, when and how; data/README.md lists the fields."
            found, takes = "no provenance beside the figures", f"a file {_shown_name(notes)}"
            problems.append(Problem(shown_path(rows), 0, 0, found, takes, fix))
        if rows.name in names:
            measurements = _noted(read_table(table, rows), problems)
        else:
            found, takes = "no figures beside the provenance", f"a file {_shown_name(rows)}"
            problems.append(Problem(shown_path(notes), 0, 0, found, takes, "Add the figures, or remove this file."))
        yield SetupFiles(setup, provenance, measurements)


def _entries(folder: Path, problems: list[Problem]) -> list[Path]:
    """Return what lies in a folder, by name; none, with a problem, where it is no folder."""
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        found = f"no folder that can be read: {error.strerror}"
        problems.append(Problem(shown_path(folder), 0, 0, found, "a folder", "Name the folder that holds gpus.csv."))
        return []


def _noted(read: tuple[Content | None, tuple[Problem, ...]], problems: list[Problem]) -> Content | None:
    """Return what was read, and add what is wrong with it to the problems."""
    problems += read[1]
    return read[0]


def _shown_name(path: Path) -> str:
    return Path(shown_path(path)).name


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _unexpected(path: Path, expected: str) -> Problem:
    what = "a symbolic link" if path.is_symlink() else "a folder" if path.is_dir() else "a file"
    return Problem(shown_path(path), 0, 0, f"{what} that is no part of data/", expected, "Move it elsewhere.")
