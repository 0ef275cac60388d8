"""Two readings of data/ into what differs in meaning: rows and fields added, changed and removed, file by file."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.tables.files import read_bytes
from builder.tables.folder import DataFiles
from builder.tables.provenance import Fields
from builder.tables.reader import Rows
from builder.tables.schema import (
    ACCURACY,
    ARCHITECTURES,
    DOCUMENTS,
    EPOCHS,
    GPUS,
    MEASUREMENTS,
    MODELS,
    QUERY_RUNS,
    QUERY_SETUP,
    RATED_MODELS,
    SETUP,
    TASK,
)

Content = Rows | Fields
State = Literal["changed", "new", "gone", "unreadable"]
# What a document's one value is called where a row has the name of a column.
VALUE = ""


@dataclass(frozen=True)
class Change:
    """A row of a table, or a field of a document, that is not as it was.

    Attributes:
        key: What tells it from the others of its file.
        line: Where it stands after the change, before it where it is gone; 0 where no line is known.
        cells: By column, what was and what is there, as written: the cells of a row that changed, a field's value.
    """

    key: tuple[str, ...]
    line: int
    cells: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class FileDifference:
    """What a change does to one file.

    Attributes:
        path: Under data/.
        state: `new` and `gone` are of the file; `unreadable` where one of the two cannot be read.
        added: Rows or fields, in the order of the file.
        changed: In the same order.
        removed: In the order of the file before.
    """

    path: str
    state: State
    added: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Difference:
    """What a change does to data/.

    Attributes:
        files: Those that say something else than before, by path.
        reformatted: How many files differ in order or notation alone.
    """

    files: tuple[FileDifference, ...]
    reformatted: int


@dataclass(frozen=True)
class _Record:
    """A row or field: its line, the texts as written by column, and the values that are compared."""

    line: int
    texts: Mapping[str, str]
    values: tuple[Hashable, ...]


def difference(base: Path, before: DataFiles, head: Path, after: DataFiles) -> Difference:
    """Compare two readings of data/ by meaning: neither row order nor notation of numbers nor line ends count.

    Args:
        base: The folder before.
        before: Its content, as `read_valid` gives it.
        head: The folder after.
        after: Its content.
    """
    old, new = _named(base, before), _named(head, after)
    files = []
    reformatted = 0
    for path in sorted(old.keys() | new.keys()):
        if read_bytes(base / path)[0] == read_bytes(head / path)[0] is not None:
            continue
        found = _file_difference(path, old, new)
        if found.state != "changed" or found.added or found.changed or found.removed:
            files.append(found)
        else:
            reformatted += 1
    return Difference(tuple(files), reformatted)


def _named(data: Path, files: DataFiles) -> dict[str, Content | None]:
    """Return the content of each file that is there by its path under data/; None for one that cannot be read."""
    named: dict[str, Content | None] = {GPUS.path: files.gpus}
    for epoch in files.epochs:
        named[EPOCHS.path.format(epoch=epoch.epoch)] = epoch.rows
    for task in files.tasks:
        paths = [TASK.path, ARCHITECTURES.path, MODELS.path, ACCURACY.path, RATED_MODELS.path]
        contents = (task.fields, task.architectures, task.models, task.accuracy, task.rated_models)
        named |= zip((path.format(task=task.task) for path in paths), contents, strict=True)
        kinds = ((MEASUREMENTS, SETUP, task.setups), (QUERY_RUNS, QUERY_SETUP, task.queries))
        for table, document, setups in kinds:
            for setup in setups:
                names = {"task": task.task, "setup": setup.setup}
                named[table.path.format(**names)] = setup.measurements
                named[document.path.format(**names)] = setup.provenance
    return {path: content for path, content in named.items() if os.path.lexists(data / path)}


def _file_difference(path: str, old: Mapping[str, Content | None], new: Mapping[str, Content | None]) -> FileDifference:
    before, after = (_records(files[path]) if files.get(path) is not None else {} for files in (old, new))
    if (path in old and old[path] is None) or (path in new and new[path] is None):
        return FileDifference(path, "unreadable")
    state: State = "new" if path not in old else "gone" if path not in new else "changed"
    changed = [
        Change(key, record.line, _changed_cells(before[key], record))
        for key, record in after.items()
        if key in before and before[key].values != record.values
    ]
    return FileDifference(
        path,
        state,
        added=tuple(Change(key, record.line, _new_cells(record)) for key, record in after.items() if key not in before),
        changed=(*changed, *_moved(old.get(path), new.get(path))),
        removed=tuple(Change(key, record.line, {}) for key, record in before.items() if key not in after),
    )


def _new_cells(record: _Record) -> dict[str, tuple[str, str]]:
    """Return a new field's value; the cells of a new row stand in the file."""
    return {VALUE: ("", record.texts[VALUE])} if VALUE in record.texts else {}


def _changed_cells(before: _Record, after: _Record) -> dict[str, tuple[str, str]]:
    pairs = zip(before.texts.items(), after.texts.items(), before.values, after.values, strict=True)
    return {name: (old, new) for (name, old), (_, new), was, is_now in pairs if was != is_now}


def _records(content: Content | None) -> dict[tuple[str, ...], _Record]:
    """Return the rows or fields by key; a key that occurs again, which `check` refuses, is numbered."""
    if content is None:
        return {}
    found = _row_records(content) if isinstance(content, Rows) else _field_records(content)
    records: dict[tuple[str, ...], _Record] = {}
    uses: Counter[tuple[str, ...]] = Counter()
    for key, record in found:
        uses[key] += 1
        records[key if uses[key] == 1 else (*key, f"again ({uses[key]})")] = record
    return records


def _row_records(rows: Rows) -> Iterator[tuple[tuple[str, ...], _Record]]:
    names = rows.table.header
    texts = zip(*(rows.cells[name] for name in names), strict=True)
    values = zip(*(_comparable(rows, name) for name in names), strict=True)
    for line, row, compared in zip(rows.lines.tolist(), texts, values, strict=True):
        cells = dict(zip(names, row, strict=True))
        yield _key(rows, cells), _Record(line, cells, compared)


def _comparable(rows: Rows, column: str) -> Iterable[Hashable]:
    """Return a column's values: numbers where they could be read, otherwise what is written."""
    if column not in rows.numbers:
        return rows.cells[column]
    pairs = zip(rows.numbers[column].tolist(), rows.cells[column], strict=True)
    return [text if math.isnan(number) else number for number, text in pairs]


def _key(rows: Rows, cells: Mapping[str, str]) -> tuple[str, ...]:
    columns: tuple[str, ...] = rows.table.key
    if cells.get("stage") == "published":
        # One figure a model: another batch size is a change of it, and not another row.
        columns = ("model", "input_size_px", "stage")
    return tuple(cells[name] for name in columns)


def _field_records(fields: Fields) -> Iterator[tuple[tuple[str, ...], _Record]]:
    for section, values in fields.sections.items():
        for name, value in values.items():
            if value is not None:
                line = fields.place(section, name)[1]
                yield (f"{section}.{name}" if section else name,), _Record(line, {VALUE: str(value)}, (value,))
    for section, occurrences in fields.lists.items():
        for occurrence, (name_of_one, values) in enumerate(zip(_names(fields, section), occurrences, strict=True)):
            for name, value in values.items():
                if value is not None:
                    line = fields.place(section, name, occurrence)[1]
                    yield (section, name_of_one, name), _Record(line, {VALUE: str(value)}, (value,))


def _names(fields: Fields, section: str) -> list[str]:
    """Return what tells the occurrences of a repeated section apart: their first field."""
    document = next(document for document in DOCUMENTS if section in document.lists)
    return [str(values[document.sections[section][0].name]) for values in fields.lists[section]]


def _moved(before: Content | None, after: Content | None) -> Iterator[Change]:
    """Yield the repeated sections whose order changed: the site shows test sets and sources in that order."""
    if not isinstance(before, Fields) or not isinstance(after, Fields):
        return
    for section in after.lists:
        old, new = _names(before, section), _names(after, section)
        kept_old, kept_new = [name for name in old if name in new], [name for name in new if name in old]
        if kept_old != kept_new:
            line = after.place(section, "")[1]
            yield Change((section, "order"), line, {VALUE: (", ".join(kept_old), ", ".join(kept_new))})
