"""Two setups into a step: by how much energy changes from one to the other, over the architectures that both ran."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from builder.analysis.bootstrap import SEED
from builder.analysis.intervals import SENSOR_GAIN
from builder.analysis.pareto import FloatArray
from builder.analysis.resampling import geometric_means, resampled_interval, resamples
from builder.analysis.savings import saving

KEY = ["architecture", "input_size_px"]
# Of an architecture, whatever the setup.
OF_ARCHITECTURE = ["class", "model", "accuracy_pct"]
# Five models can be drawn with replacement in 126 ways, four in 35: too few for the ends of a 95 % interval.
MIN_MODELS = 5
SPREAD_PCT = (10.0, 90.0)
# Two sensors that err in opposite directions.
GAINS_APART = (1 + SENSOR_GAIN) / (1 - SENSOR_GAIN)


@dataclass(frozen=True)
class Change:
    """The ratios energy before / energy after of some models.

    Attributes:
        models: How many there are, at least MIN_MODELS.
        geometric_mean: Of the ratios.
        interval: 95 % interval of the geometric mean over resampled models.
        spread: 10th and 90th percentile of the ratios.
        same_gpu: Whether one kind of GPU gave both energies.
    """

    models: int
    geometric_mean: float
    interval: tuple[float, float]
    spread: tuple[float, float]
    same_gpu: bool

    @property
    def with_gain(self) -> tuple[float, float]:
        """The interval, wider by what the sensors of two cards may be apart."""
        apart = 1.0 if self.same_gpu else GAINS_APART
        return self.interval[0] / apart, self.interval[1] * apart

    @property
    def distinguishable(self) -> bool:
        """Whether the change is one, gains included."""
        low, high = self.with_gain
        return not low <= 1 <= high


@dataclass(frozen=True)
class Ratio:
    """A number of resampled models with its 95 % interval."""

    models: int
    value: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Step:
    """From one setup to another.

    Attributes:
        key: Name in figures.
        before: Setup.
        after: Setup.
        rows: One row an architecture and input size: KEY, OF_ARCHITECTURE, `before_mj`, `after_mj` and `times`, the
            ratio of the two.
        same_gpu: Whether both setups have the same kind of GPU.
    """

    key: str
    before: str
    after: str
    rows: pd.DataFrame
    same_gpu: bool

    @cached_property
    def change(self) -> Change | None:
        """Over all models; None where they are too few to tell."""
        return _change(self.rows, same_gpu=self.same_gpu)

    @cached_property
    def models_by_class(self) -> dict[str, int]:
        """Class -> models, the classes with most models first."""
        return {str(name): int(count) for name, count in self.rows["class"].value_counts().items()}

    @cached_property
    def changes_by_class(self) -> dict[str, Change]:
        """Class -> its change, for the classes that have enough models."""
        parts = {name: self.rows[self.rows["class"] == name] for name in self.models_by_class}
        changes = {name: _change(part, same_gpu=self.same_gpu) for name, part in parts.items()}
        return {name: change for name, change in changes.items() if change}

    def contrast(self, one: str, other: str) -> Ratio:
        """Return by how many times one class's ratio is another's; a sensor's gain, which both share, drops out."""
        ratios = [self.rows.loc[self.rows["class"] == name, "times"].to_numpy(np.float64) for name in (one, other)]
        means = [resamples(geometric_means, part, seed=SEED + place) for place, part in enumerate(ratios)]
        low, high = np.quantile(means[0] / means[1], [0.025, 0.975])
        value = self.changes_by_class[one].geometric_mean / self.changes_by_class[other].geometric_mean
        return Ratio(sum(map(len, ratios)), value, (float(low), float(high)))


def find_setup(rows: pd.DataFrame, generation: str, runtime: str, precision: str) -> str | None:
    """Return the setup of a generation of GPUs, the first part of their names; of several, the one with most rows.

    Args:
        rows: As `queries.architecture_rows` gives them.
        generation: `h200` stands for `h200-sxm-141gb`.
        runtime: As in the setup's provenance.
        precision: As in the setup's provenance.
    """
    of_generation = rows["gpu"].str.partition("-")[0] == generation
    found = rows.loc[of_generation & (rows["runtime"] == runtime) & (rows["precision"] == precision), "setup"]
    return None if found.empty else str(found.value_counts().sort_index().idxmax())


def side_by_side(rows: pd.DataFrame, setups: Sequence[str]) -> pd.DataFrame:
    """Return the architectures and input sizes that all of some setups have.

    Args:
        rows: As `queries.architecture_rows` gives them.
        setups: At least one.

    Returns:
        Indexed by KEY: OF_ARCHITECTURE, and one column a setup with its energy in mJ.
    """
    table = rows[rows["setup"] == setups[0]].set_index(KEY)[OF_ARCHITECTURE]
    for setup in setups:
        energy = rows[rows["setup"] == setup].set_index(KEY)["energy_mj"].rename(setup)
        table = table.join(energy, how="inner")
    return table.sort_index()


def step_between(key: str, rows: pd.DataFrame, before: str, after: str, among: pd.MultiIndex | None = None) -> Step:
    """Return the step between two setups.

    Args:
        key: Name in figures.
        rows: As `queries.architecture_rows` gives them.
        before: Setup.
        after: Setup.
        among: Only these architectures and input sizes, as far as both setups have them.
    """
    table = side_by_side(rows, [before, after])
    if among is not None:
        table = table[table.index.isin(among)]
    gpus = rows.drop_duplicates("setup").set_index("setup")["gpu"]
    named = table.rename(columns={before: "before_mj", after: "after_mj"})
    return Step(
        key=key,
        before=before,
        after=after,
        rows=named.assign(times=named["before_mj"] / named["after_mj"]).reset_index(),
        same_gpu=bool(gpus[before] == gpus[after]),
    )


def share_of_saving(table: pd.DataFrame, setups: Sequence[str]) -> Ratio | None:
    """Return which part of the saving from the first to the last of three setups is reached at the second.

    A saving of 2 × 2 is shared half and half, so the parts are those of the logarithm.

    Args:
        table: As `side_by_side` returns it.
        setups: Three.

    Returns:
        The share, in 0..1 where both halves save; None where the models are too few or the whole is no saving.
    """
    first, middle, last = (table[setup].to_numpy(np.float64) for setup in setups)
    if len(table) < MIN_MODELS or resampled_interval(geometric_means, first / last)[0] <= 1:
        return None
    parts, wholes = (np.asarray(np.log(first / end), dtype=np.float64) for end in (middle, last))
    share = float(parts.sum() / wholes.sum())
    return Ratio(len(table), share, resampled_interval(_shares, parts, wholes))


def _shares(columns: FloatArray) -> FloatArray:
    part, whole = columns.sum(axis=2)
    return np.asarray(part / whole)


def _change(rows: pd.DataFrame, *, same_gpu: bool) -> Change | None:
    if len(rows) < MIN_MODELS:
        return None
    saved = saving(rows["before_mj"], rows["after_mj"])
    ratios: FloatArray = np.asarray(saved.ratios, dtype=np.float64)
    low, high = np.percentile(ratios, SPREAD_PCT)
    return Change(
        models=len(ratios),
        geometric_mean=saved.geometric_mean,
        interval=resampled_interval(geometric_means, ratios),
        spread=(float(low), float(high)),
        same_gpu=same_gpu,
    )
