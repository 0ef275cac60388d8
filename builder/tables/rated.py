"""From the rated half of data/ to the problems between its files: models, classes, query runs, frozen epochs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from builder.problems import Problem, quoted
from builder.tables.cells import FORMS
from builder.tables.consistency import is_sound, one_spelling, setup_problems
from builder.tables.folder import DataFiles, EpochFile, TaskFiles
from builder.tables.provenance import Fields
from builder.tables.reader import MAX_ALIKE, Rows
from builder.tables.schema import EPOCH_DIGITS, QUERY_RUNS

_EPOCH_NAME = re.compile(rf"({FORMS['date'].pattern})_([0-9a-f]{{{EPOCH_DIGITS}}})")


def rated_problems(data: DataFiles) -> list[Problem]:
    """Return what is wrong between the files of rated tasks, and between them and the frozen epochs."""
    problems: list[Problem] = []
    for task in data.tasks:
        if task.fields:
            problems += _classes_in_order(task.fields)
        if task.is_rated:
            problems += _data_sets_declared(task)
        if task.rated_models:
            problems += islice(one_spelling(task.rated_models), MAX_ALIKE)
        for setup in task.queries:
            problems += setup_problems(setup, QUERY_RUNS, data.gpus)
            if setup.measurements and is_sound(task.rated_models):
                problems += _known_models(setup.measurements, task.rated_models)
    tasks = {task.task: task for task in data.tasks if task.is_rated}
    for epoch in data.epochs:
        if epoch.rows:
            problems += _named_by_content(epoch, epoch.rows)
            problems += _known_ratings(epoch.rows, tasks)
    return problems


def class_keys(fields: Fields) -> tuple[str, ...]:
    """Return the keys of a task's classes; one empty key where it has none."""
    return tuple(str(one["key"]) for one in fields.lists["classes"]) or ("",)


def _data_sets_declared(task: TaskFiles) -> Iterator[Problem]:
    if task.fields and not task.fields.lists["data_sets"]:
        fix = "Add a [[data_sets]] for each set that the samples of the rating come from."
        yield Problem(*task.fields.place("data_sets", ""), "no data set of a rated task", "one at least", fix)


def _classes_in_order(fields: Fields) -> Iterator[Problem]:
    classes = fields.lists["classes"]
    limits = [float(str(one["parameters_up_to_m"] or math.inf)) for one in classes]
    for place, limit in enumerate(limits):
        is_last = place == len(limits) - 1
        where = fields.place("classes", "parameters_up_to_m", place)
        if is_last and limit != math.inf:
            fix = "Leave the field out: the last class takes every larger model."
            yield Problem(*where, "a limit of the last class", "none", fix)
        elif not is_last and limit >= limits[place + 1]:
            found = (
                "no limit of a class before the last" if limit == math.inf else f"{limit:.15g} in parameters_up_to_m"
            )
            fix = "Put the classes in the order of their limits."
            yield Problem(*where, found, "less than the limit of the class that follows", fix)


def _known_models(runs: Rows, models: Rows) -> Iterator[Problem]:
    known = set(models.cells["model"])
    names = runs.cells["model"]
    unknown = [row for row, name in enumerate(names) if name not in known and runs.sound[row]]
    for row in unknown[:MAX_ALIKE]:
        fix = "Add the model to rated_models.csv, or correct the name."
        yield runs.problem(row, "model", f"{quoted(names[row])} in model", "a model of rated_models.csv", fix)


def _named_by_content(epoch: EpochFile, rows: Rows) -> Iterator[Problem]:
    name, digits = _EPOCH_NAME.fullmatch(epoch.epoch), rows.sha256[:EPOCH_DIGITS]
    if not name:
        takes, fix = "<day>_<digits>.csv", "Freeze the epoch with joule-atlas epoch, which names its file."
        yield Problem(rows.path, 0, 0, f"{quoted(Path(rows.path).name)} as file name", takes, fix)
    elif name[2] != digits:
        takes = f"{name[2]}, as in the file's name"
        fix = "What is frozen does not change: restore the file, or freeze another epoch with joule-atlas epoch."
        yield Problem(rows.path, 0, 0, f"content whose SHA-256 starts with {digits}", takes, fix)


def _known_ratings(rows: Rows, tasks: dict[str, TaskFiles]) -> Iterator[Problem]:
    for row, (name, key) in enumerate(zip(rows.cells["task"], rows.cells["class"], strict=True)):
        if not rows.sound[row]:
            continue
        fix = "An epoch names tasks and classes of data/: restore the task, or freeze another epoch."
        if name not in tasks:
            takes = f"one of {', '.join(sorted(tasks))}" if tasks else "a task that is rated"
            yield rows.problem(row, "task", f"{quoted(name)} in task", takes, fix)
        elif (fields := tasks[name].fields) and key not in class_keys(fields):
            takes = (
                f"one of {', '.join(class_keys(fields))}" if fields.lists["classes"] else "nothing: it has no classes"
            )
            yield rows.problem(row, "class", f"{quoted(key)} in class", takes, fix)
