"""Turns the query runs of a rated task into what an engineer's choices save: batch size, precision, torch.compile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from builder.analysis.leaderboards import RATED_BATCH_SIZE
from builder.tables.schema import PRECISIONS, RUNTIMES

Kind = Literal["batch_size", "precision", "runtime"]
KINDS: tuple[Kind, ...] = ("batch_size", "precision", "runtime")
# What a choice is compared with.
PLAIN_RUNTIME = "pytorch"
# Each figure stands for one card: another card is no choice of implementation.
_KEY = ["gpu", "model"]


@dataclass(frozen=True)
class Choice:
    """One model with one thing changed, and all else alike.

    Attributes:
        kind: What was changed.
        setup: The setup after the change.
        before: What it was: a batch size, precision or runtime.
        after: What it became.
        batch_size: Of both, where it was not what changed: then it is that of `after`.
        before_mj: Energy per item.
        after_mj: Energy per item.
    """

    kind: Kind
    model: str
    setup: str
    before: str
    after: str
    batch_size: int
    before_mj: float
    after_mj: float

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
    return (*_batch_sizes(measured), *_precisions(measured), *_runtimes(measured))


def _batch_sizes(figures: pd.DataFrame) -> Iterator[Choice]:
    for _, rows in figures.groupby(["setup", "model"], sort=False):
        single = rows[rows["batch_size"] == RATED_BATCH_SIZE]
        for row in rows[rows["batch_size"] != RATED_BATCH_SIZE].to_dict("records") if len(single) else ():
            before_mj = float(single["energy_mj"].iloc[0])
            yield _choice("batch_size", row, str(RATED_BATCH_SIZE), str(row["batch_size"]), before_mj)


def _precisions(figures: pd.DataFrame) -> Iterator[Choice]:
    """Compare each precision with the widest that was measured beside it."""
    for _, rows in figures.groupby([*_KEY, "runtime", "batch_size"], sort=False):
        ordered = sorted(rows.to_dict("records"), key=lambda row: PRECISIONS.index(row["precision"]))
        for row in ordered[1:]:
            widest = ordered[0]
            yield _choice("precision", row, widest["precision"], row["precision"], float(widest["energy_mj"]))


def _runtimes(figures: pd.DataFrame) -> Iterator[Choice]:
    for _, rows in figures.groupby([*_KEY, "precision", "batch_size"], sort=False):
        plain = rows[rows["runtime"] == PLAIN_RUNTIME]
        for row in rows[rows["runtime"] != PLAIN_RUNTIME].to_dict("records") if len(plain) else ():
            yield _choice("runtime", row, PLAIN_RUNTIME, row["runtime"], float(plain["energy_mj"].iloc[0]))


def _choice(kind: Kind, row: Mapping[Any, Any], before: object, after: object, before_mj: float) -> Choice:
    return Choice(
        kind=kind,
        model=str(row["model"]),
        setup=str(row["setup"]),
        before=str(before),
        after=str(after),
        batch_size=int(str(row["batch_size"])),
        before_mj=before_mj,
        after_mj=float(str(row["energy_mj"])),
    )


@dataclass(frozen=True)
class ChoiceSummary:
    """The same change over several models.

    Attributes:
        models: How many were measured both ways.
        median_saved: Share of the energy that half of them save at least.
        least_saved: Of the model that saves least.
        most_saved: Of the model that saves most.
    """

    kind: Kind
    before: str
    after: str
    models: int
    median_saved: float
    least_saved: float
    most_saved: float


def summaries(found: Iterable[Choice]) -> tuple[ChoiceSummary, ...]:
    """Return one summary a change, by kind and then in the order of batch sizes, precisions and runtimes.

    A precision or runtime that was measured at several batch sizes counts at the rated one alone.
    """
    groups: dict[tuple[Kind, str, str], list[float]] = {}
    for one in found:
        if one.kind == "batch_size" or one.batch_size == RATED_BATCH_SIZE:
            groups.setdefault((one.kind, one.before, one.after), []).append(one.saved)
    return tuple(
        ChoiceSummary(kind, before, after, len(saved), float(np.median(saved)), min(saved), max(saved))
        for (kind, before, after), saved in sorted(groups.items(), key=lambda item: _place(*item[0]))
    )


def _place(kind: Kind, before: str, after: str) -> tuple[int, int, int]:
    if kind == "batch_size":
        return KINDS.index(kind), int(before), int(after)
    order = PRECISIONS if kind == "precision" else RUNTIMES
    return KINDS.index(kind), order.index(before), order.index(after)
