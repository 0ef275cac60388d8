"""From the folder data/ to every problem in it, all at once."""

from __future__ import annotations

from pathlib import Path

from builder.problems import Problem
from builder.tables.consistency import file_problems
from builder.tables.folder import DataFiles, read_folder
from builder.tables.rated import rated_problems
from builder.tables.rules import row_problems


def check(data: Path) -> tuple[Problem, ...]:
    """Return every problem under data/, by file and line; empty where the data are valid."""
    return read_valid(data)[1]


def read_valid(data: Path) -> tuple[DataFiles, tuple[Problem, ...]]:
    """Return the files' content and every problem with it; the content is whole where there is no problem."""
    files, problems = read_folder(data)
    tables = [files.gpus]
    for task in files.tasks:
        tables += [task.architectures, task.models, task.accuracy, task.rated_models]
        tables += [setup.measurements for setup in (*task.setups, *task.queries)]
    tables += [epoch.rows for epoch in files.epochs]
    found = [*problems, *(problem for rows in tables if rows is not None for problem in row_problems(rows))]
    found += [*file_problems(files), *rated_problems(files)]
    return files, tuple(sorted(set(found)))
