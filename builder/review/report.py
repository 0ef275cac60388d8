"""Two data folders into what the change between them says: problems, rows, flags, agreement, consequences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd

from builder.analysis import queries
from builder.analysis.audit import Flag, audit
from builder.analysis.leaderboards import leaderboards
from builder.problems import Problem, shown_path
from builder.review.agreement import Agreement, agreements
from builder.review.consequences import Consequence, consequences, standings
from builder.review.difference import Difference, difference
from builder.review.ratings import RatingChange, rating_changes
from builder.tables.check import read_valid
from builder.tables.database import build_database

# What a figure is; the numbers between which trials lie follow from it.
_FIGURE = ["energy_mj", "throughput_items_per_s", "latency_ms", "batch_size", "status"]
_FIGURE_KEY = ["setup", "model", "input_size_px"]


@dataclass(frozen=True)
class Figures:
    """How many figures of a setup are new, changed and gone."""

    task: str
    setup: str
    new: int
    changed: int
    gone: int


@dataclass(frozen=True)
class Evidence:
    """What the figures say about a change, where the data are valid before and after it.

    Attributes:
        figures: By setup, those that have any new, changed or gone.
        flags_new: The audit's doubts that come with the change.
        flags_gone: Those that go with it.
        agreements: By setup that has new or changed figures.
        consequences: By setup whose front, ranking or growth fit is another.
        ratings: By rated task whose stars change.
    """

    figures: tuple[Figures, ...]
    flags_new: tuple[Flag, ...]
    flags_gone: tuple[Flag, ...]
    agreements: tuple[Agreement, ...]
    consequences: tuple[Consequence, ...]
    ratings: tuple[RatingChange, ...]


@dataclass(frozen=True)
class Report:
    """What a change of data/ says.

    Attributes:
        problems: All that `check` finds after the change.
        problems_before: How many it finds before.
        difference: What differs in meaning.
        evidence: None where nothing differs, or where one of the two is not valid.
    """

    problems: tuple[Problem, ...]
    problems_before: int
    difference: Difference
    evidence: Evidence | None


def report(base: Path, head: Path, label: str = "data") -> Report:
    """Compare two data folders.

    Args:
        base: Before the change.
        head: After it.
        label: What problems name the folder; `data` wherever the files lie for the comparison.
    """
    (before, problems_before), (after, problems) = read_valid(base), read_valid(head)
    differs = difference(base, before, head, after)
    evidence = _evidence(base, head) if differs.files and not problems and not problems_before else None
    named = tuple(_renamed(problem, shown_path(head), label) for problem in problems)
    return Report(named, len(problems_before), differs, evidence)


def _evidence(base: Path, head: Path) -> Evidence:
    with build_database(base) as old, build_database(head) as new:
        tasks = sorted({*queries.frontier_tasks(old), *queries.frontier_tasks(new)})
        figures: list[Figures] = []
        agree: list[Agreement] = []
        for task in tasks:
            found, touched, after = _figures(task, old, new)
            figures += found
            agree += agreements(task, after, touched)
        flags_old, flags_new = _flags(old), _flags(new)
        return Evidence(
            figures=tuple(figures),
            flags_new=tuple(flag for key, flag in flags_new.items() if key not in flags_old),
            flags_gone=tuple(flag for key, flag in flags_old.items() if key not in flags_new),
            agreements=tuple(agree),
            consequences=consequences(standings(old), standings(new)),
            ratings=rating_changes(leaderboards(old), leaderboards(new)),
        )


def _figures(
    task: str, old: duckdb.DuckDBPyConnection, new: duckdb.DuckDBPyConnection
) -> tuple[list[Figures], set[tuple[str, str, int]], pd.DataFrame]:
    """Return the counts by setup, the keys of the new and changed figures, and all figures after the change."""
    after = queries.figures(new, task)
    before, now = (_by_key(frame) for frame in (queries.figures(old, task), after))
    fresh, gone = now.keys() - before.keys(), before.keys() - now.keys()
    changed = {key for key in now.keys() & before.keys() if now[key] != before[key]}
    counts = [
        Figures(task, setup, *(sum(key[0] == setup for key in keys) for keys in (fresh, changed, gone)))
        for setup in sorted({key[0] for key in fresh | changed | gone})
    ]
    return counts, fresh | changed, after


def _by_key(figures: pd.DataFrame) -> dict[tuple[str, str, int], tuple[object, ...]]:
    keys = figures[_FIGURE_KEY].itertuples(index=False, name=None)
    # Missing numbers as None, which equals itself.
    values = figures[_FIGURE].astype(object).where(figures[_FIGURE].notna(), None)
    return dict(zip(keys, values.itertuples(index=False, name=None), strict=True))


def _flags(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str, int, str], Flag]:
    """Return the flags by task, setup, model, input size and rule: a reason may say other numbers."""
    return {
        (task, flag.setup, flag.model, flag.input_size_px, flag.rule): flag
        for task in queries.frontier_tasks(connection)
        for flag in audit(connection, task)
    }


def _renamed(problem: Problem, folder: str, label: str) -> Problem:
    """Return the problem with the paths of the repository, wherever the files lay for the comparison."""
    path = f"{label}/{problem.path}" if folder == "." else problem.path
    if path == folder or path.startswith(f"{folder}/"):
        path = label + path[len(folder) :]
    return replace(problem, path=path, fix=problem.fix.replace(f"{folder}/", f"{label}/"))
