"""From the rows of one CSV file to the problems that no cell shows alone: double keys, contradicting figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from builder.problems import Problem, quoted
from builder.tables.cells import FloatArray, expected
from builder.tables.reader import MAX_ALIKE, Rows, header_line, more_alike, parse_table, row_line
from builder.tables.schema import ACCURACY, EPOCHS, MEASUREMENTS, PHASES, QUERY_RUNS, RATED_MODELS, Table
from builder.units import MJ_PER_J, MS_PER_S

_ENERGY = "energy_mj_per_item"


@dataclass(frozen=True)
class Identity:
    """A figure that follows from others of its row.

    Attributes:
        column: The figure.
        formula: What it equals, in words.
        others: The columns that the formula takes, in its order.
        compute: The formula.
    """

    column: str
    formula: str
    others: tuple[str, ...]
    compute: Callable[..., FloatArray]


# Rounding takes less, a mistaken unit or batch size far more. Repetitions are whole batches, and the window may end
# within the next one: the figure may follow from one repetition more.
IDENTITY_TOLERANCE = 0.02
IDENTITIES: Mapping[str, tuple[Identity, ...]] = {
    MEASUREMENTS.name: (
        Identity(
            "energy_mj_per_item",
            "mean_power_w * window_s * 1000 / (repetitions * batch_size)",
            ("mean_power_w", "window_s", "repetitions", "batch_size"),
            lambda power, window, repetitions, batch: power * window * MJ_PER_J / (repetitions * batch),
        ),
        Identity(
            "throughput_items_per_s",
            "repetitions * batch_size / window_s",
            ("repetitions", "batch_size", "window_s"),
            lambda repetitions, batch, window: repetitions * batch / window,
        ),
        Identity(
            "latency_ms",
            "window_s * 1000 / repetitions",
            ("window_s", "repetitions"),
            lambda window, repetitions: window * MS_PER_S / repetitions,
        ),
    ),
    QUERY_RUNS.name: (
        Identity(
            "energy_mj_per_item",
            "mean_power_w * duration_s * 1000 / samples",
            ("mean_power_w", "duration_s", "samples"),
            lambda power, duration, samples: power * duration * MJ_PER_J / samples,
        ),
    ),
}


def row_problems(rows: Rows) -> list[Problem]:
    """Return what is wrong between the rows, or the cells of a row, of one file; rows with wrong cells are left out."""
    problems: list[Problem] = []
    for rule in (_double_keys, *_RULES.get(rows.table.name, ())):
        found = list(rule(rows))
        problems += found[:MAX_ALIKE]
        if len(found) > MAX_ALIKE:
            problems += more_alike(rows.path, len(found), "rows like these", found[-1].fix)
    return problems


def check_row(table: Table, row: Mapping[str, str], path: str) -> tuple[Problem, ...]:
    """Return what is wrong with one row before it is written: its cells, and the cells against each other.

    Args:
        table: What the row is to be.
        row: Texts by column name; columns that it lacks are empty.
        path: The file that the row is meant for, as problems name it; they give its line as 2.

    Raises:
        KeyError: The row has a column that the table does not declare.
    """
    rows, problems = parse_table(table, (header_line(table) + row_line(table, row)).encode(), path)
    return problems + tuple(row_problems(rows) if rows else ())


def _double_keys(rows: Rows) -> Iterator[Problem]:
    if _are_distinct(rows):
        return
    seen: dict[tuple[str, ...], int] = {}
    for row, key in enumerate(rows.keys(rows.table.key)):
        first = seen.setdefault(key, int(rows.lines[row]))
        if first != rows.lines[row]:
            found = f"{', '.join(quoted(cell) for cell in key)} as on line {first}"
            expected_once = f"each {', '.join(rows.table.key)} once"
            yield rows.problem(row, "", found, expected_once, f"Remove or correct line {first} or {rows.lines[row]}.")


def _are_distinct(rows: Rows) -> bool:
    """Tell, fast, that no key occurs twice; False decides nothing, as wrong numbers count as equal."""
    codes = np.zeros(len(rows), dtype=np.int64)
    for name in rows.table.key:
        if name in rows.numbers:
            _, column = np.unique(rows.numbers[name], return_inverse=True)
        else:
            numbered: dict[str, int] = {}
            column = np.array([numbered.setdefault(cell, len(numbered)) for cell in rows.cells[name]], dtype=np.int64)
        _, codes = np.unique(codes * (len(rows) + 1) + column, return_inverse=True)
    return bool(codes.max(initial=-1) + 1 == len(rows))


def _no_rows(rows: Rows) -> Iterator[Problem]:
    if rows.complete and not len(rows):
        fix = "Add the figures, or remove the file until there are some."
        yield Problem(rows.path, 1, 0, "a header and no row", "a row at least", fix)


def _figure_or_status(rows: Rows) -> Iterator[Problem]:
    energy = next(column for column in rows.table.columns if column.name == _ENERGY)
    ok = rows.equal("status", "ok")
    empty = rows.equal(_ENERGY, "")
    for row in np.flatnonzero(rows.sound & ok & empty).tolist():
        found = f"nothing in {_ENERGY} beside the status ok"
        yield rows.problem(row, _ENERGY, found, expected(energy), energy.meaning)
    for row in np.flatnonzero(rows.sound & ~ok & ~empty).tolist():
        found = f"'{rows.cells['status'][row]}' in status beside an energy"
        fix = "A row with a figure is ok; a row without one says why. Correct whichever is wrong."
        yield rows.problem(row, "status", found, f"ok, or nothing in {_ENERGY}", fix)


def _batch_size_known(rows: Rows) -> Iterator[Problem]:
    measured = ~rows.equal("stage", "published")
    ok = rows.equal("status", "ok")
    unknown = np.isnan(rows.numbers["batch_size"])
    for row in np.flatnonzero(rows.sound & measured & ok & unknown).tolist():
        found = f"nothing in batch_size of a {rows.cells['stage'][row]} trial"
        fix = "Only a published figure may come without its batch size."
        yield rows.problem(row, "batch_size", found, "a whole number from 1", fix)


def _one_kind_of_figure(rows: Rows) -> Iterator[Problem]:
    stages = rows.cells["stage"]
    published = rows.equal("stage", "published")
    if not published.any() or not {"sweep", "final"} & set(stages):
        return
    sound = np.flatnonzero(rows.sound)
    others = sound[published[sound] != published[sound[0]]] if len(sound) else sound
    if not len(others):
        return
    first, row = stages[int(sound[0])], int(others[0])
    fix = "Put published figures and measured trials into two setups: they are not the same protocol."
    yield rows.problem(
        row, "stage", f"'{stages[row]}' in stage after {first} rows", "published rows alone, or none", fix
    )


def _one_published(rows: Rows) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
    for row, (model, size, *rest) in _of_stage(rows, "published", ("model", "input_size_px", "batch_size", "trial")):
        first, first_rest = seen.setdefault((model, size), (int(rows.lines[row]), tuple(rest)))
        # An equal row is a double key already.
        if first_rest != tuple(rest):
            found = f"a second published figure of {model} at {size} px, as on line {first}"
            fix = "Keep the figure that the source gives as its result."
            yield rows.problem(row, "", found, "one published figure a model and input size", fix)


def _one_final_batch_size(rows: Rows) -> Iterator[Problem]:
    chosen: dict[tuple[str, str], tuple[int, str]] = {}
    for row, (model, size, batch) in _of_stage(rows, "final", ("model", "input_size_px", "batch_size")):
        first, first_batch = chosen.setdefault((model, size), (int(rows.lines[row]), batch)) if batch else (0, batch)
        if batch != first_batch:
            fix = "Final trials repeat the one batch size that the sweep chose; the others are sweep trials."
            found = f"'{batch}' in batch_size of a final trial"
            yield rows.problem(row, "batch_size", found, f"{first_batch}, as on line {first}", fix)


def _of_stage(rows: Rows, stage: str, columns: tuple[str, ...]) -> list[tuple[int, tuple[str, ...]]]:
    chosen = np.flatnonzero(rows.sound & rows.equal("stage", stage)).tolist()
    return [(row, tuple(rows.cells[name][row] for name in columns)) for row in chosen]


def _phases_make_the_run(rows: Rows) -> Iterator[Problem]:
    """A run's energy is the sum of its phases, where it has any."""
    phases = np.array([rows.numbers[phase.name] for phase in PHASES])
    has_phases = ~np.isnan(phases).all(axis=0)
    total, stated = np.nansum(phases, axis=0), rows.numbers[_ENERGY]
    with np.errstate(invalid="ignore"):
        apart = np.abs(stated - total) > IDENTITY_TOLERANCE * total
    for row in np.flatnonzero(rows.sound & has_phases & apart).tolist():
        named = [phase.name for phase in PHASES if rows.cells[phase.name][row]]
        found = f"{quoted(rows.cells[_ENERGY][row])} in {_ENERGY}"
        takes = f"{total[row]:.7g}, within 2 %: the sum of {', '.join(named)}"
        yield rows.problem(row, _ENERGY, found, takes, "Correct the energy, or the phase that is wrong.")


def _sourced_quality(rows: Rows) -> Iterator[Problem]:
    given, sourced = ~rows.equal("quality", ""), ~rows.equal("quality_url", "")
    for row in np.flatnonzero(rows.sound & given & ~sourced).tolist():
        fix = "Say where the quality was published, or leave it out."
        yield rows.problem(row, "quality_url", "nothing in quality_url beside a quality", "its source", fix)
    for row in np.flatnonzero(rows.sound & ~given & sourced).tolist():
        fix = "Add the quality, or remove its source."
        yield rows.problem(row, "quality", "nothing in quality beside its source", "a number", fix)


def _range_in_order(rows: Rows) -> Iterator[Problem]:
    least, most = rows.numbers["least_mj_per_item"], rows.numbers["most_mj_per_item"]
    for row in np.flatnonzero(rows.sound & (most <= least)).tolist():
        found = f"{quoted(rows.cells['most_mj_per_item'][row])} in most_mj_per_item"
        takes = f"more than {rows.cells['least_mj_per_item'][row]}, the least"
        yield rows.problem(row, "most_mj_per_item", found, takes, "Freeze the epoch again: joule-atlas epoch.")


def _contradictions(rows: Rows) -> Iterator[Problem]:
    for identity in IDENTITIES[rows.table.name]:
        stated = rows.numbers[identity.column]
        others = {name: rows.numbers[name] for name in identity.others}
        more = {name: values + (name == "repetitions") for name, values in others.items()}
        with np.errstate(over="ignore"):
            implied = np.array([identity.compute(*others.values()), identity.compute(*more.values())])
        low, high = implied.min(axis=0) * (1 - IDENTITY_TOLERANCE), implied.max(axis=0) * (1 + IDENTITY_TOLERANCE)
        for row in np.flatnonzero(rows.sound & ((stated < low) | (stated > high))).tolist():
            found = f"{quoted(rows.cells[identity.column][row])} in {identity.column}"
            takes = f"a number from {low[row]:.4g} to {high[row]:.4g}: {identity.formula}, within rounding"
            origins = ", ".join(f"{name} {rows.cells[name][row]}" for name in others)
            fix = f"Correct the figure or what it follows from: {origins}."
            yield rows.problem(row, identity.column, found, takes, fix)


# Beside the double keys of every table.
_RULES: Mapping[str, tuple[Callable[[Rows], Iterator[Problem]], ...]] = {
    ACCURACY.name: (_no_rows,),
    MEASUREMENTS.name: (
        _no_rows,
        _figure_or_status,
        _batch_size_known,
        _one_kind_of_figure,
        _one_published,
        _one_final_batch_size,
        _contradictions,
    ),
    QUERY_RUNS.name: (_no_rows, _figure_or_status, _phases_make_the_run, _contradictions),
    RATED_MODELS.name: (_sourced_quality,),
    EPOCHS.name: (_range_in_order,),
}
