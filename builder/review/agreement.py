"""New and changed figures into how well they agree with their siblings and with the other setups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from builder.analysis.intervals import SIBLING_KEY, sibling_deviation
from builder.analysis.leaderboards import RATED_BATCH_SIZE
from builder.analysis.savings import saving

# With its input size; 0 where a model is rated, which has none.
Model = tuple[str, int]
# Fewer models that two setups share say nothing about how well they agree.
MIN_SHARED = 3


@dataclass(frozen=True)
class Siblings:
    """How far figures are from the median of their sibling groups, as `sibling_deviation` counts it.

    Attributes:
        figures: How many have a sibling that was measured apart.
        median: Of the distances.
        largest: Of the distances.
        farthest: The model that has it.
    """

    figures: int
    median: float
    largest: float
    farthest: Model


@dataclass(frozen=True)
class Peer:
    """How figures compare with another setup's of the same models.

    Attributes:
        setup: The other one.
        models: How many both have.
        ratio: Geometric mean of energy here ÷ energy there.
        spread: Geometric standard deviation of the ratio: 1 is agreement in proportion.
        farthest: The model farthest from the mean ratio.
        farthest_ratio: Its ratio.
    """

    setup: str
    models: int
    ratio: float
    spread: float
    farthest: Model
    farthest_ratio: float


@dataclass(frozen=True)
class Agreement:
    """How well a setup's new and changed figures agree with what is known.

    Attributes:
        task: The task.
        setup: The setup.
        rated: Whether the energies are of queries, one at a time, and not of a plane.
        figures: How many energies are new or changed.
        siblings: None where no such figure has a sibling that was measured apart, and of rated models.
        peers: The other setups that share models, by the spread of the ratio.
    """

    task: str
    setup: str
    rated: bool
    figures: int
    siblings: Siblings | None
    peers: tuple[Peer, ...]


def agreements(task: str, figures: pd.DataFrame, changed: Collection[tuple[str, str, int]]) -> list[Agreement]:
    """Return one agreement a setup that has new or changed figures.

    Args:
        task: The task.
        figures: All its figures after the change, as `queries.figures` returns them.
        changed: Setup, model and input size of those that are new or changed.
    """
    measured = figures[figures["energy_mj"].notna()]
    keys = measured.set_index(["setup", "model", "input_size_px"]).index
    measured = measured.assign(changed=keys.isin(list(changed)))
    # One measurement of a bare architecture stands for all its tags: that is no agreement.
    apart = measured.sort_values("changed", ascending=False, kind="stable")
    apart = apart.drop_duplicates([*SIBLING_KEY, "energy_mj", "throughput_items_per_s"])
    apart = apart.assign(deviation=sibling_deviation(apart))
    found = []
    for setup, rows in measured[measured["changed"]].groupby("setup"):
        of_setup = apart[(apart["setup"] == setup) & apart["changed"] & apart["deviation"].notna()]
        peers = _peers(str(setup), rows, measured)
        found.append(Agreement(task, str(setup), False, len(rows), _siblings(of_setup), peers))
    return found


def query_agreements(task: str, figures: pd.DataFrame, changed: Collection[tuple[str, str, int]]) -> list[Agreement]:
    """Return one agreement a setup that has new or changed energies of single queries.

    Args:
        task: The task.
        figures: All its figures after the change, as `queries.query_figures` returns them.
        changed: Setup, model and batch size of those that are new or changed.
    """
    measured = figures[figures["energy_mj"].notna() & (figures["batch_size"] == RATED_BATCH_SIZE)]
    touched = measured.set_index(["setup", "model", "batch_size"]).index.isin(list(changed))
    measured = measured.assign(input_size_px=0)
    return [
        Agreement(task, str(setup), True, len(rows), None, _peers(str(setup), rows, measured))
        for setup, rows in measured[touched].groupby("setup")
    ]


def _peers(setup: str, rows: pd.DataFrame, measured: pd.DataFrame) -> tuple[Peer, ...]:
    others = measured[measured["setup"] != setup]
    peers = [peer for name, other in others.groupby("setup") if (peer := _peer(str(name), rows, other))]
    return tuple(sorted(peers, key=lambda peer: (peer.spread, peer.setup)))


def _siblings(rows: pd.DataFrame) -> Siblings | None:
    if rows.empty:
        return None
    farthest = rows.iloc[int(rows["deviation"].to_numpy().argmax())]
    return Siblings(
        figures=len(rows),
        median=float(rows["deviation"].median()),
        largest=float(farthest["deviation"]),
        farthest=(str(farthest["model"]), int(farthest["input_size_px"])),
    )


def _peer(setup: str, rows: pd.DataFrame, other: pd.DataFrame) -> Peer | None:
    here, there = (one.set_index(["model", "input_size_px"])["energy_mj"] for one in (rows, other))
    if len(here.index.intersection(there.index)) < MIN_SHARED:
        return None
    compared = saving(here, there)
    place = int(np.abs(np.log(compared.ratios.to_numpy() / compared.geometric_mean)).argmax())
    model, size = compared.ratios.index[place]
    return Peer(
        setup=setup,
        models=len(compared.ratios),
        ratio=compared.geometric_mean,
        spread=compared.geometric_sd,
        farthest=(str(model), int(size)),
        farthest_ratio=float(compared.ratios.iloc[place]),
    )
