"""From all files of data/ to the problems between them: undeclared names, contradicting provenance."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Set
from itertools import islice
from pathlib import Path
from typing import TypeGuard

from builder.problems import Problem, quoted
from builder.tables.architectures import architecture_of, match_patterns
from builder.tables.folder import DataFiles, SetupFiles, TaskFiles
from builder.tables.provenance import Fields
from builder.tables.reader import MAX_ALIKE, Rows
from builder.tables.schema import MEASUREMENTS, PRECISIONS, RUNTIMES, Table

# Ten times as many as there are; compiling one takes up to 5 ms.
_MAX_PATTERNS = 2_000
# Comparing a misspelt name with all the others takes long: done for the first ones.
_SUGGESTIONS = 3
_MODEL_KEY = ("model", "input_size_px")


def file_problems(data: DataFiles) -> list[Problem]:
    """Return what is wrong between files; a rule waits until the file that it looks names up in is sound."""
    problems: list[Problem] = []
    for task in data.tasks:
        for section in ("test_sets", "data_sets", "classes"):
            problems += _keys_once(task, section)
        problems += _test_sets_declared(task)
        if task.accuracy:
            if is_sound(task.models):
                problems += _known_models(task.accuracy, set(task.models.keys(_MODEL_KEY)))
            problems += _known_test_sets(task.accuracy, task.fields)
        if task.models:
            problems += islice(one_spelling(task.models), MAX_ALIKE)
            if is_sound(task.architectures):
                problems += islice(_one_pattern_each(task.architectures, task.models), MAX_ALIKE)
        for setup in task.setups:
            problems += setup_problems(setup, MEASUREMENTS, data.gpus)
            problems += _models_measured(setup, task.models)
    return problems


def is_sound(rows: Rows | None) -> TypeGuard[Rows]:
    """Tell whether names can be looked up in a table: every line of it is a row, and every cell is right."""
    return rows is not None and rows.complete and bool(rows.sound.all())


def _keys_once(task: TaskFiles, section: str) -> Iterator[Problem]:
    if task.fields is None:
        return
    first: dict[object, int] = {}
    for occurrence, fields in enumerate(task.fields.lists[section]):
        if first.setdefault(fields["key"], occurrence) != occurrence:
            found, fix = f"{quoted(str(fields['key']))} in {section}.key again", "Rename or remove one of the two."
            yield Problem(*task.fields.place(section, "key", occurrence), found, "each key once", fix)


def _test_sets_declared(task: TaskFiles) -> Iterator[Problem]:
    if task.fields is None or not task.is_frontier:
        return
    if not any(test_set["default"] for test_set in task.fields.lists["test_sets"]):
        fix = "Set default = true in the test set that the site is to show first."
        yield Problem(*task.fields.place("test_sets", ""), "no test set that is the default", "one at least", fix)


def _known_models(rows: Rows, known: Set[tuple[str, ...]]) -> Iterator[Problem]:
    if known >= set(rows.keys(_MODEL_KEY)):
        return
    keys = list(rows.keys(_MODEL_KEY))
    unknown = [row for row, key in enumerate(keys) if key not in known and rows.sound[row]]
    sizes_of: defaultdict[str, list[int]] = defaultdict(list)
    for name, other_size in known:
        sizes_of[name].append(int(other_size))
    close_to: dict[str, list[str]] = {}
    for row in unknown[:MAX_ALIKE]:
        model, size = keys[row]
        sizes = sorted(sizes_of.get(model, []))
        if not sizes and model not in close_to and len(close_to) < _SUGGESTIONS:
            close_to[model] = difflib.get_close_matches(model, sorted(sizes_of), n=1, cutoff=0.8)
        column = "input_size_px" if sizes else "model"
        fix = "Add the model to models.csv, or correct the name."
        if sizes:
            fix = f"models.csv has it at {', '.join(map(str, sizes))} px: add this size, or correct it."
        elif close := close_to.get(model):
            fix = f"Add the model to models.csv, or correct the name: {close[0]} is close."
        found = f"{quoted(model)} at {size} px"
        yield rows.problem(row, column, found, "a model and input size of models.csv", fix)


def _known_test_sets(rows: Rows, fields: Fields | None) -> Iterator[Problem]:
    if fields is None:
        return
    known = list(dict.fromkeys(str(test_set["key"]) for test_set in fields.lists["test_sets"]))
    names = rows.cells["test_set"]
    if set(known) >= set(names):
        return
    unknown = [row for row, name in enumerate(names) if name not in known and rows.sound[row]]
    for row in unknown[:MAX_ALIKE]:
        fix = "Correct the name, or add a [[test_sets]] to task.toml."
        found = f"{quoted(names[row])} in test_set"
        yield rows.problem(row, "test_set", found, f"one of {', '.join(known)}", fix)


def one_spelling(models: Rows) -> Iterator[Problem]:
    """Yield names that differ from one before in case alone: they would be one file on half of the computers."""
    spelled: dict[str, str] = {}
    for row, model in enumerate(models.cells["model"]):
        first = spelled.setdefault(model.casefold(), model)
        if first != model:
            fix = "Use one spelling; the site's pages are named after models."
            yield models.problem(row, "model", f"{quoted(model)} in model", f"{quoted(first)}, as before", fix)


def _one_pattern_each(patterns: Rows, models: Rows) -> Iterator[Problem]:
    names = list(dict.fromkeys(architecture_of(model) for model in models.cells["model"]))
    texts = patterns.cells["pattern"]
    if len(texts) > _MAX_PATTERNS:
        found, takes = f"{len(texts):,} patterns", f"at most {_MAX_PATTERNS:,}"
        yield patterns.problem(_MAX_PATTERNS, "", found, takes, "Unite patterns of one family by |.")
        return
    matches, faults = match_patterns(texts, names)
    for row, why in faults.items():
        found, fix = (
            f"{quoted(texts[row])} in pattern: {why}",
            "Mend it; references back and look-arounds do not exist.",
        )
        yield patterns.problem(row, "pattern", found, "a regular expression in RE2's syntax", fix)
    if faults:
        return
    first_row = {architecture_of(model): row for row, model in reversed(list(enumerate(models.cells["model"])))}
    for name, found_by in matches.items():
        if not found_by and models.sound[first_row[name]]:
            fix = "Add the architecture to architectures.csv, with its class, year and paper."
            found = f"{quoted(name)}, which no pattern matches"
            yield models.problem(first_row[name], "model", found, "one pattern of architectures.csv that does", fix)
        for row in found_by[1:]:
            found = f"{quoted(texts[row])} in pattern, which matches {name}"
            other = f"{quoted(texts[found_by[0]])} on line {patterns.lines[found_by[0]]}"
            takes = "each architecture matched by one pattern"
            yield patterns.problem(
                row, "pattern", found, takes, f"Narrow this pattern, or {other}, which matches it too."
            )


def setup_problems(setup: SetupFiles, table: Table, gpus: Rows | None) -> Iterator[Problem]:
    """Yield what is wrong between a setup's provenance, its file's name, its table's columns and gpus.csv."""
    fields = setup.provenance
    if fields:
        yield from _named_as_its_file(setup.setup, fields)
        yield from _days_in_order(fields)
        yield from _sourced(fields, setup.measurements)
        yield from _derived_columns(fields, table)
        if gpus and is_sound(gpus) and fields.sections[""]["gpu"] not in gpus.cells["gpu"]:
            found = f"{quoted(str(fields.sections['']['gpu']))} in gpu"
            fix = "Add the card to gpus.csv, or correct the name."
            yield Problem(*fields.place("", "gpu"), found, f"one of {', '.join(gpus.cells['gpu'])}", fix)


def _models_measured(setup: SetupFiles, models: Rows | None) -> Iterator[Problem]:
    fields, rows = setup.provenance, setup.measurements
    if rows and is_sound(models):
        known = set(models.keys(_MODEL_KEY))
        bare = {(architecture_of(key[0]), key[1]) for key in known} - known
        yield from _known_models(rows, known | bare)
        if fields and fields.sections[""]["weights"] != "random":
            yield from _tags_named(rows, bare, str(fields.sections[""]["weights"]))


def _named_as_its_file(setup: str, fields: Fields) -> Iterator[Problem]:
    parts = setup.rsplit("_", 2)
    if len(parts) < 3 or parts[1] not in RUNTIMES or parts[2] not in PRECISIONS:
        takes = f"<gpu>_<runtime>_<precision>, with a runtime of {', '.join(RUNTIMES)}"
        fix = f"Rename the two files; a precision is one of {', '.join(PRECISIONS)}."
        yield Problem(fields.path, 0, 0, f"{quoted(Path(fields.path).name)} as file name", takes, fix)
        return
    for key, part in zip(("gpu", "runtime", "precision"), parts, strict=True):
        if fields.sections[""][key] != part:
            found, fix = (
                f"{quoted(str(fields.sections[''][key]))} in {key}",
                "Correct the field, or rename the two files.",
            )
            yield Problem(*fields.place("", key), found, f"{quoted(part)}, as in the file's name", fix)


def _days_in_order(fields: Fields) -> Iterator[Problem]:
    first, last = (fields.sections["measured"][key] for key in ("first_day", "last_day"))
    if first and last and str(last) < str(first):
        found, takes = f"{quoted(str(last))} in measured.last_day", f"{first} or later, as measured.first_day says"
        yield Problem(*fields.place("measured", "last_day"), found, takes, "Correct one of the two days.")


def _sourced(fields: Fields, rows: Rows | None) -> Iterator[Problem]:
    published = rows is not None and "published" in rows.cells.get("stage", ())
    if published and not fields.sections["source"]["url"]:
        found, takes = "nothing in source.url of published figures", "where they can be read"
        fix = 'Add url = "https://…" under [source]: others compare the figures with it.'
        yield Problem(*fields.place("source", "url"), found, takes, fix)


def _derived_columns(fields: Fields, table: Table) -> Iterator[Problem]:
    for name in fields.sections["derived"]:
        if name not in table.header:
            takes, fix = f"one of {', '.join(table.header)}", "Name the column of the CSV file that was derived."
            yield Problem(*fields.place("derived", name), f"{quoted(name)} in derived", takes, fix)


def _tags_named(rows: Rows, bare: Set[tuple[str, ...]], weights: str) -> Iterator[Problem]:
    without = [row for row, key in enumerate(rows.keys(_MODEL_KEY)) if key in bare]
    for row in without[:MAX_ALIKE]:
        found = f"{quoted(rows.cells['model'][row])} in model, a bare architecture"
        fix = "Name the tag whose weights ran; a bare architecture is for random weights."
        yield rows.problem(row, "model", found, f'a model with its tag, as weights = "{weights}"', fix)
