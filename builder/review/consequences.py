"""A database into what each setup's figures say: its front, its ranking and its growth fit, to compare two states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np

from builder.analysis import queries
from builder.analysis.growth import GrowthFit, fit_growth
from builder.analysis.pareto import pareto_front
from builder.analysis.ranking import rank
from builder.analysis.scores import MANHATTAN
from builder.review.agreement import Model

# The first view of the explorer: its weight, and as many rows as its ranking shows.
W = 50.0
TOP = 24
Key = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """What the figures of one setup say, on the test sets that the task shows first.

    Attributes:
        points: Energy in mJ and accuracy in percent of every model that has both.
        front: The models that no other beats, by rising energy.
        top: The first of the ranking by weighted Manhattan at W = 50, best first.
        growth: None where the upper hull has too few vertices.
    """

    points: Mapping[Model, tuple[float, float]]
    front: tuple[Model, ...]
    top: tuple[Model, ...]
    growth: GrowthFit | None


@dataclass(frozen=True)
class Consequence:
    """What a change does to a setup: its standing before and after, None where the setup is not there."""

    task: str
    setup: str
    before: Standing | None
    after: Standing | None

    @property
    def front_gained(self) -> tuple[Model, ...]:
        """The models on the front after and not before, by rising energy."""
        return _only(self.after, self.before, "front")

    @property
    def front_lost(self) -> tuple[Model, ...]:
        """The models on the front before and not after, by rising energy."""
        return _only(self.before, self.after, "front")

    @property
    def top_entered(self) -> tuple[Model, ...]:
        """The models among the first after and not before, best first."""
        return _only(self.after, self.before, "top")

    @property
    def top_left(self) -> tuple[Model, ...]:
        """The models among the first before and not after, best first."""
        return _only(self.before, self.after, "top")

    @property
    def top_moved(self) -> int:
        """How many models are among the first before and after, in another place."""
        if self.before is None or self.after is None:
            return 0
        places = {model: place for place, model in enumerate(self.before.top)}
        return sum(places.get(model, place) != place for place, model in enumerate(self.after.top))

    @property
    def front_differs(self) -> bool:
        """Whether a model is on one front alone."""
        return bool(self.front_gained or self.front_lost)

    @property
    def top_differs(self) -> bool:
        """Whether the first of the ranking are others, or in another order."""
        return bool(self.top_entered or self.top_left or self.top_moved)

    @property
    def growth_differs(self) -> bool:
        """Whether the growth fit is another curve."""
        before, after = (standing.growth if standing else None for standing in (self.before, self.after))
        if before is None or after is None:
            return before is not after
        return (before.a, before.b, before.floor) != (after.a, after.b, after.floor)


def standings(connection: duckdb.DuckDBPyConnection) -> dict[Key, Standing]:
    """Return the standing of every setup by task and setup."""
    found = {}
    for task in queries.frontier_tasks(connection):
        test_sets = queries.test_sets(connection, task)
        shown = test_sets.loc[test_sets["default"], "test_set"].tolist()
        for setup in queries.setups(connection, task)["setup"].tolist():
            found[task, setup] = _standing(connection, task, setup, shown)
    return found


def consequences(before: Mapping[Key, Standing], after: Mapping[Key, Standing]) -> tuple[Consequence, ...]:
    """Return the setups whose standing is another, by task and setup."""
    pairs = [Consequence(*key, before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys())]
    return tuple(pair for pair in pairs if pair.front_differs or pair.top_differs or pair.growth_differs)


def _standing(connection: duckdb.DuckDBPyConnection, task: str, setup: str, shown: list[str]) -> Standing:
    models = queries.setup_models(connection, task, setup, shown)
    complete = models[models["energy_mj"].notna() & models["accuracy_pct"].notna()]
    if complete.empty:
        return Standing(points={}, front=(), top=(), growth=None)
    energy, accuracy = (complete[name].to_numpy(np.float64) for name in ("energy_mj", "accuracy_pct"))
    keys: list[Model] = list(zip(complete["model"].tolist(), complete["input_size_px"].tolist(), strict=True))
    points = dict(zip(keys, zip(energy.tolist(), accuracy.tolist(), strict=True), strict=True))
    front = [keys[place] for place in np.flatnonzero(pareto_front(energy, accuracy)).tolist()]
    top = rank(models, MANHATTAN, W, top=TOP).rows
    return Standing(
        points=points,
        front=tuple(sorted(front, key=lambda key: (points[key], key))),
        top=tuple(zip(top["model"].tolist(), top["input_size_px"].tolist(), strict=True)),
        growth=fit_growth(energy, accuracy),
    )


def _only(one: Standing | None, other: Standing | None, attribute: str) -> tuple[Model, ...]:
    if one is None:
        return ()
    known = set(getattr(other, attribute)) if other else set()
    return tuple(model for model in getattr(one, attribute) if model not in known)
