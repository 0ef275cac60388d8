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
from builder.review.agreement import Agreement, agreements, query_agreements
from builder.review.consequences import Consequence, consequences, standings
from builder.review.difference import Difference, difference
from builder.review.ratings import RatingChange, rating_changes
from builder.tables.check import read_valid
from builder.tables.database import build_database

# What a figure is; the numbers between which trials lie follow from it.
_FIGURE = ["energy_mj", "throughput_items_per_s", "latency_ms", "batch_size", "status"]
_FIGURE_KEY = ["setup", "model", "input_size_px"]
# The same of a rated model; the spread and the phases of its runs change with its rows.
_QUERY_FIGURE = ["energy_mj", "latency_ms", "runs", "samples", "status"]
_QUERY_FIGURE_KEY = ["setup", "model", "batch_size"]


# Setup, model and input or batch size -> what the figure is.
_Keyed = dict[tuple[str, str, int], tuple[object, ...]]


@dataclass(frozen=True)
class Figures:
    """How many figures of a setup, of its measurements or of its queries, are new, changed and gone."""

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
        ratings: By rated task whose stars change, or that has new figures without stars.
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
        tasks = sorted({*_tasks(old), *_tasks(new)})
        figures: list[Figures] = []
        agree: list[Agreement] = []
        for task in tasks:
            before, after = queries.figures(old, task), queries.figures(new, task)
            found, touched = _figures(task, _by_key(before, _FIGURE_KEY, _FIGURE), _by_key(after, _FIGURE_KEY, _FIGURE))
            figures += found
            agree += agreements(task, after, touched)
            before, after = queries.query_figures(old, task), queries.query_figures(new, task)
            keyed = (_by_key(frame, _QUERY_FIGURE_KEY, _QUERY_FIGURE) for frame in (before, after))
            found, touched = _figures(task, *keyed)
            figures += found
            agree += query_agreements(task, after, touched)
        flags_old, flags_new = _flags(old), _flags(new)
        return Evidence(
            figures=tuple(figures),
            flags_new=tuple(flag for key, flag in flags_new.items() if key not in flags_old),
            flags_gone=tuple(flag for key, flag in flags_old.items() if key not in flags_new),
            agreements=tuple(agree),
            consequences=consequences(standings(old), standings(new)),
            ratings=rating_changes(leaderboards(old), leaderboards(new)),
        )


def _tasks(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(task) for task in queries.tasks(connection)["task"]]


def _figures(task: str, before: _Keyed, now: _Keyed) -> tuple[list[Figures], set[tuple[str, str, int]]]:
    """Return the counts by setup, and the keys of the new and changed figures."""
    fresh, gone = now.keys() - before.keys(), before.keys() - now.keys()
    changed = {key for key in now.keys() & before.keys() if now[key] != before[key]}
    counts = [
        Figures(task, setup, *(sum(key[0] == setup for key in keys) for keys in (fresh, changed, gone)))
        for setup in sorted({key[0] for key in fresh | changed | gone})
    ]
    return counts, fresh | changed


def _by_key(figures: pd.DataFrame, key: list[str], values: list[str]) -> _Keyed:
    keys = figures[key].itertuples(index=False, name=None)
    # Missing numbers as None, which equals itself.
    known = figures[values].astype(object).where(figures[values].notna(), None)
    return dict(zip(keys, known.itertuples(index=False, name=None), strict=True))


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
