"""From the folder data/ to every problem in it, all at once."""

from __future__ import annotations

from pathlib import Path

from builder.problems import Problem
from builder.tables.consistency import file_problems
from builder.tables.folder import DataFiles, read_folder
from builder.tables.rules import row_problems


def check(data: Path) -> tuple[Problem, ...]:
    """Return every problem under data/, by file and line; empty where the data are valid."""
    return read_valid(data)[1]


def read_valid(data: Path) -> tuple[DataFiles, tuple[Problem, ...]]:
    """Return the files' content and every problem with it; the content is whole where there is no problem."""
    files, problems = read_folder(data)
    tables = [files.gpus]
    for task in files.tasks:
        tables += [task.architectures, task.models, task.accuracy, *(setup.measurements for setup in task.setups)]
    found = [*problems, *(problem for rows in tables if rows for problem in row_problems(rows)), *file_problems(files)]
    return files, tuple(sorted(set(found)))
