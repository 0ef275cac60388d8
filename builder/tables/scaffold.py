"""The name of a new setup, task or model into the files and lines to fill in, written from the schema.

What must be filled in is left empty, so that `check` names each such place with its meaning until it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.problems import UserError, shown_path
from builder.tables.architectures import architecture_of, match_patterns
from builder.tables.cells import read_numbers, read_texts
from builder.tables.columns import Column
from builder.tables.provenance import read_document
from builder.tables.reader import Rows, header_line, read_table, row_line
from builder.tables.relations import TASK_NAME
from builder.tables.schema import (
    ACCURACY,
    ARCHITECTURES,
    GPUS,
    INPUT_SIZE,
    MEASUREMENTS,
    MODEL,
    MODELS,
    QUERY_RUNS,
    QUERY_SETUP,
    RATED_MODELS,
    SETUP,
    TASK,
    Document,
    Table,
)

_GPU = GPUS.columns[0]
_SETUP_HEAD = "The provenance of the figures in the CSV file beside this one."
# Of task.toml, what a task of the other kind has.
_FRONTIER_SECTIONS, _RATED_SECTIONS = ("test_sets",), ("data_sets", "classes")
_TASK_HEAD = "What models do in this task, what that is measured on, and where the figures come from."


@dataclass(frozen=True)
class Draft:
    """A file to write: new, or with lines added to those that are there.

    Attributes:
        path: Where.
        content: All of it.
        added: How many lines are new.
        new: Whether the file is.
    """

    path: Path
    content: str
    added: int
    new: bool


def new_setup(data: Path, task: str, gpu: str, runtime: str, precision: str) -> tuple[Draft, ...]:
    """Return the drafts of a setup's two files, and of a line in gpus.csv where the GPU is not in it.

    Raises:
        UserError: The setup is there already, the task is not, or a name cannot be one.
    """
    return _setup(data, task, (gpu, runtime, precision), SETUP, MEASUREMENTS)


def new_query_setup(data: Path, task: str, gpu: str, runtime: str, precision: str) -> tuple[Draft, ...]:
    """Do the same as `new_setup` for a setup of query runs."""
    return _setup(data, task, (gpu, runtime, precision), QUERY_SETUP, QUERY_RUNS)


def _setup(data: Path, task: str, parts: tuple[str, str, str], document: Document, table: Table) -> tuple[Draft, ...]:
    gpu, runtime, precision = parts
    _require(_GPU, gpu)
    _require_task(data, task)
    names = {"task": task, "setup": f"{gpu}_{runtime}_{precision}"}
    known = {"gpu": gpu, "runtime": runtime, "precision": precision}
    drafts = [
        _new(data / document.path.format(**names), "".join(_document_lines(document, _SETUP_HEAD, known))),
        _new(data / table.path.format(**names), header_line(table)),
    ]
    gpus = _table(GPUS, data / GPUS.path)
    if gpu not in gpus.cells["gpu"]:
        drafts.append(_with_rows(gpus, data / GPUS.path, [{"gpu": gpu}]))
    return tuple(drafts)


def new_task(data: Path, task: str, *, rated: bool = False) -> tuple[Draft, ...]:
    """Return the drafts of a task's folder: task.toml with one test set and one source, and tables without rows.

    A rated task has one data set and one class in place of the test set, and the one table of rated models.

    Raises:
        UserError: The task is there already, or its name cannot be one.
    """
    _require(TASK_NAME, task)
    without = _FRONTIER_SECTIONS if rated else _RATED_SECTIONS
    tables = (RATED_MODELS,) if rated else (ARCHITECTURES, MODELS, ACCURACY)
    drafts = [_new(data / TASK.path.format(task=task), "".join(_document_lines(TASK, _TASK_HEAD, {}, without)))]
    drafts += [_new(data / table.path.format(task=task), header_line(table)) for table in tables]
    return tuple(drafts)


def new_model(data: Path, task: str, model: str, input_size_px: int) -> tuple[Draft, ...]:
    """Return the drafts of a model's lines: in models.csv, one a test set, one for its architecture where it is new.

    Raises:
        UserError: The model is there already, the task is not, or a name cannot be one.
    """
    _require(MODEL, model)
    _require(INPUT_SIZE, str(input_size_px))
    _require_task(data, task)
    models, accuracy, patterns = (data / table.path.format(task=task) for table in (MODELS, ACCURACY, ARCHITECTURES))
    key = {"model": model, "input_size_px": str(input_size_px)}
    there = _table(MODELS, models)
    if tuple(key.values()) in there.keys(tuple(key)):
        raise UserError(
            f"{shown_path(models)}: found {model} at {input_size_px} px already\n"
            "  expected: a new model or input size\n"
            "  fix: Change its line; the figures of a setup go to measurements/."
        )
    document = data / TASK.path.format(task=task)
    fields, problems = read_document(TASK, document)
    if fields is None:
        raise UserError(f"{shown_path(document)} must be right before a model can be added", problems)
    test_sets = [{**key, "test_set": str(test_set["key"])} for test_set in fields.lists["test_sets"]]
    drafts = [
        _with_rows(there, models, [key]),
        _with_rows(_table(ACCURACY, accuracy), accuracy, test_sets),
    ]
    architectures = _table(ARCHITECTURES, patterns)
    # Letters, digits, _, / and -: as a pattern the name is itself.
    name = architecture_of(model)
    if not match_patterns(architectures.cells["pattern"], [name])[0][name]:
        drafts.append(_with_rows(architectures, patterns, [{"pattern": name}]))
    return tuple(drafts)


def new_rated_model(data: Path, task: str, model: str, *, meant: bool = False) -> tuple[Draft, ...]:
    """Return the draft of a rated model's line.

    Args:
        data: The folder data/.
        task: The task.
        model: The model.
        meant: Whether a rated model is meant where the task has models of an input size too.

    Raises:
        UserError: The model is there already, the task is not or rates no models, the name cannot be one, or it is
            not clear which of the task's two tables is meant.
    """
    _require(RATED_MODELS.columns[0], model)
    _require_task(data, task)
    path, sized = (data / table.path.format(task=task) for table in (RATED_MODELS, MODELS))
    if path.exists() and sized.exists() and not meant:
        raise UserError(
            f"{shown_path(data / task)}: found {sized.name} and {path.name}, and no input size of {model}\n"
            f"  expected: its input size for {sized.name}, or --rated for {path.name}\n"
            f"  fix: Run joule-atlas new model {model} 224, or joule-atlas new model {model} --rated"
            f" (each with --task {task})."
        )
    if not path.exists():
        raise UserError(
            f"{shown_path(path)}: found no such file\n"
            "  expected: a task that rates its models by their queries\n"
            "  fix: Give the model's input size too, or the rated task's name with --task."
        )
    there = _table(RATED_MODELS, path)
    if model in there.cells["model"]:
        raise UserError(
            f"{shown_path(path)}: found {model} already\n"
            "  expected: a new model\n"
            "  fix: Change its line; the runs of a setup go to queries/."
        )
    return (_with_rows(there, path, [{"model": model}]),)


def write(drafts: Sequence[Draft]) -> None:
    """Write the drafts; what is there already is replaced as a whole or stays as it was."""
    for draft in drafts:
        draft.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = draft.path.with_name(f".{draft.path.name}.unfinished")
        unfinished.write_text(draft.content, encoding="utf-8", newline="\n")
        unfinished.replace(draft.path)


def _new(path: Path, content: str) -> Draft:
    if path.exists() or path.is_symlink():
        raise UserError(
            f"{shown_path(path)}: found already\n"
            "  expected: no such file, as nothing is overwritten\n"
            "  fix: Change it by hand, or choose another name."
        )
    return Draft(path, content, content.count("\n"), new=True)


def _with_rows(there: Rows, path: Path, rows: Sequence[Mapping[str, str]]) -> Draft:
    """Return a table with more rows: in their place where its rows are in order, else at the end."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = list(there.cells[there.table.header[0]])
    name = rows[0][there.table.header[0]]
    place = len(lines)
    if first == sorted(first):
        place = 1 + sum(other <= name for other in first)
    lines[place:place] = [row_line(there.table, row) for row in rows]
    return Draft(path, "".join(lines), len(rows), new=False)


def _table(table: Table, path: Path) -> Rows:
    rows, problems = read_table(table, path)
    # Places that are still to be filled in are no hindrance.
    if rows is None or not rows.complete:
        raise UserError(f"{shown_path(path)} must be right before lines are added", problems)
    return rows


def _require(column: Column, text: str) -> None:
    faults = read_numbers(column, [text])[1] if column.kind == "integer" else read_texts(column, [text])
    if faults:
        raise UserError(f"found {faults[0].found}\n  expected: {faults[0].expected}\n  fix: {faults[0].fix}")


def _require_task(data: Path, task: str) -> None:
    _require(TASK_NAME, task)
    if not (data / TASK.path.format(task=task)).exists():
        raise UserError(
            f"{shown_path(data / task)}: found no such task\n"
            "  expected: a folder with task.toml\n"
            f"  fix: Correct the name, or run: joule-atlas new task {task}"
        )


def _document_lines(
    document: Document, head: str, known: Mapping[str, str], without: Collection[str] = ()
) -> Iterator[str]:
    """Yield a document's lines: each field under its meaning, empty where it must be filled in."""
    yield f"# {head}\n# Fill in what is empty. A field behind a # may stay out.\n\n"
    for section, columns in document.sections.items():
        if section in without:
            continue
        if section:
            yield f"\n[[{section}]]\n" if section in document.lists else f"\n[{section}]\n"
        if section in document.free:
            yield f'# {document.free[section]} One a line: name = "text".\n'
        for column in columns:
            yield f"# {_described(column)}\n"
            if column.kind == "boolean":
                yield f"{column.name} = true\n"
            elif column.required:
                yield f'{column.name} = "{known.get(column.name, "") if not section else ""}"\n'
            else:
                yield f"# {column.name} = {_example(column)}\n"


def _described(column: Column) -> str:
    return f"{column.meaning} One of: {', '.join(column.choices)}." if column.choices else column.meaning


def _example(column: Column) -> str:
    return column.example if column.kind in {"number", "integer"} else f'"{column.example}"'
