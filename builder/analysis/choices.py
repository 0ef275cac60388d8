"""Turns the query runs of a rated task into what an engineer's choices save: batch size, precision, torch.compile."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from builder.analysis.intervals import distinguishable
from builder.analysis.leaderboards import RATED_BATCH_SIZE
from builder.analysis.ratings import run_interval
from builder.tables.schema import PRECISIONS, RUNTIMES

Kind = Literal["batch_size", "precision", "runtime"]
KINDS: tuple[Kind, ...] = ("batch_size", "precision", "runtime")
# What a choice is compared with.
PLAIN_RUNTIME = "pytorch"
# Each figure stands for one card: another card is no choice of implementation.
_KEY = ("gpu", "model")
Row = Mapping[Hashable, Any]


@dataclass(frozen=True)
class Choice:
    """One model with one thing changed, and all else alike.

    Attributes:
        kind: What was changed.
        setup: The setup after the change.
        before: What it was: a batch size, precision or runtime.
        after: What it became.
        batch_size: Of both, where it was not what changed: then it is that of `after`.
        runtime: Likewise.
        precision: Likewise.
        before_mj: Energy per item.
        after_mj: Energy per item.
        is_sure: Whether the intervals over runs are apart; one of a single run never is.
    """

    kind: Kind
    model: str
    setup: str
    before: str
    after: str
    batch_size: int
    runtime: str
    precision: str
    before_mj: float
    after_mj: float
    is_sure: bool

    @property
    def saved(self) -> float:
        """Share of the energy that the change saves; below 0 where it costs."""
        return 1 - self.after_mj / self.before_mj


def choices(figures: pd.DataFrame) -> tuple[Choice, ...]:
    """Return every choice that was measured: by kind, then as the figures are ordered.

    Args:
        figures: As `queries.query_figures` returns them.
    """
    measured = figures[figures["energy_mj"].notna()]
    low, high = run_interval(*(measured[name].to_numpy(np.float64) for name in ("energy_mj", "energy_sd_mj", "runs")))
    # As dictionaries: groups are of two or three rows, for which frames take a hundred times as long.
    rows = measured.assign(low_mj=low, high_mj=high).to_dict("records")
    return (*_batch_sizes(rows), *_precisions(rows), *_runtimes(rows))


def _batch_sizes(figures: Sequence[Row]) -> Iterator[Choice]:
    for rows in _groups(figures, "setup", "model"):
        single = next((row for row in rows if row["batch_size"] == RATED_BATCH_SIZE), None)
        if single:
            yield from (_choice("batch_size", single, row) for row in rows if row is not single)


def _precisions(figures: Sequence[Row]) -> Iterator[Choice]:
    """Compare each precision with the widest that was measured beside it."""
    for rows in _groups(figures, *_KEY, "runtime", "batch_size"):
        widest, *others = sorted(rows, key=lambda row: PRECISIONS.index(row["precision"]))
        yield from (_choice("precision", widest, row) for row in others)


def _runtimes(figures: Sequence[Row]) -> Iterator[Choice]:
    for rows in _groups(figures, *_KEY, "precision", "batch_size"):
        plain = next((row for row in rows if row["runtime"] == PLAIN_RUNTIME), None)
        if plain:
            yield from (_choice("runtime", plain, row) for row in rows if row["runtime"] != PLAIN_RUNTIME)


def _groups(figures: Sequence[Row], *names: str) -> Iterable[list[Row]]:
    """Return the rows that are alike in some columns, groups in the order of their first row."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in figures:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups.values()


def _choice(kind: Kind, before: Row, after: Row) -> Choice:
    return Choice(
        kind=kind,
        model=str(after["model"]),
        setup=str(after["setup"]),
        before=str(before[kind]),
        after=str(after[kind]),
        batch_size=int(after["batch_size"]),
        runtime=str(after["runtime"]),
        precision=str(after["precision"]),
        before_mj=float(before["energy_mj"]),
        after_mj=float(after["energy_mj"]),
        is_sure=distinguishable(
            (before["low_mj"], before["high_mj"]), (after["low_mj"], after["high_mj"]), same_card=True
        ),
    )


@dataclass(frozen=True)
class ChoiceSummary:
    """The same change over several models.

    Attributes:
        models: How many were measured both ways.
        sure: Of them, those whose intervals are apart.
        median_saved: Share of the energy that half of them save at least.
        least_saved: Of the model that saves least.
        most_saved: Of the model that saves most.
    """

    kind: Kind
    before: str
    after: str
    models: int
    sure: int
    median_saved: float
    least_saved: float
    most_saved: float


def summaries(tasks: Iterable[Iterable[Choice]]) -> tuple[ChoiceSummary, ...]:
    """Return one summary a change, by kind and then in the order of batch sizes, precisions and runtimes.

    A model counts once a task, where it was changed from the plainest state: one query at a time if that is not what
    changed, then plain PyTorch, then the widest numbers. A precision or runtime that was measured in batches alone is
    left out.
    """
    groups: dict[tuple[Kind, str, str], list[Choice]] = {}
    for found in tasks:
        plainest: dict[tuple[Kind, str, str, str], Choice] = {}
        for one in sorted(found, key=_plainness):
            if one.kind == "batch_size" or one.batch_size == RATED_BATCH_SIZE:
                plainest.setdefault((one.kind, one.before, one.after, one.model), one)
        for (kind, before, after, _), one in plainest.items():
            groups.setdefault((kind, before, after), []).append(one)
    return tuple(_summary(key, groups[key]) for key in sorted(groups, key=lambda key: _place(*key)))


def _summary(key: tuple[Kind, str, str], found: list[Choice]) -> ChoiceSummary:
    saved = [one.saved for one in found]
    return ChoiceSummary(
        *key,
        models=len(found),
        sure=sum(one.is_sure for one in found),
        median_saved=float(np.median(saved)),
        least_saved=min(saved),
        most_saved=max(saved),
    )


def _plainness(one: Choice) -> tuple[int, int, int]:
    return one.batch_size, RUNTIMES.index(one.runtime), PRECISIONS.index(one.precision)


def _place(kind: Kind, before: str, after: str) -> tuple[int, int, int]:
    if kind == "batch_size":
        return KINDS.index(kind), int(before), int(after)
    order = PRECISIONS if kind == "precision" else RUNTIMES
    return KINDS.index(kind), order.index(before), order.index(after)
