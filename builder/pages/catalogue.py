"""The records that pages draw on: models with their figures, setups, test sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.analysis.audit import Flag
from builder.analysis.intervals import NoiseFloor


@dataclass(frozen=True)
class TestSet:
    """A set of items that quality is measured on, and how many models were."""

    key: str
    title: str
    description: str
    url: str
    models: int


@dataclass(frozen=True, eq=False)
class Setup:
    """GPU × runtime × precision, with the file's provenance.

    Attributes:
        key: As in file names.
        title: In words.
        path: Of its page.
        fields: The columns of the table `setups`, and its GPU's with `gpu_` before the name; None where
            there is nothing.
        figures: Models with an energy.
        missing: Status -> models that have a row and no energy.
        noise: None where nothing was measured twice.
        flags: Doubts about the setup's figures.
    """

    key: str
    title: str
    path: str
    fields: Mapping[str, Any]
    figures: int
    missing: Mapping[str, int]
    noise: NoiseFloor | None
    flags: tuple[Flag, ...]

    @property
    def data_path(self) -> str:
        """Where the explorer's data of it stand."""
        return f"data/explorer/{self.key}.json"

    @property
    def cloud_path(self) -> str:
        """Where the picture of its models stands."""
        return f"setups/{self.key}.svg"

    @property
    def short_title(self) -> str:
        """The title without the maker, for tables."""
        return self.title.removeprefix("NVIDIA ")


@dataclass(frozen=True)
class Figure:
    """What one model takes on one setup; energies and throughput are per item of the task.

    Attributes:
        interval: What low and high stand on: `trials`, `floor` (the setup's noise floor) or nothing.
        rank: 1 has the least energy of the setup.
        flags: Doubts about the figure.
    """

    setup: str
    energy_mj: float | None
    low_mj: float | None
    high_mj: float | None
    interval: str
    trials: int
    throughput_items_per_s: float | None
    latency_ms: float | None
    batch_size: int | None
    power_w: float | None
    status: str
    stage: str
    rank: int | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Rank:
    """A place in an order: 1 of `of` is the best."""

    place: int
    of: int
    value: float


@dataclass(frozen=True)
class Model:
    """A trained model at one input size, with all that is known of it."""

    model: str
    input_size_px: int
    slug: str
    architecture: str
    tag: str | None
    family: str
    family_anchor: str
    class_: str
    class_rule: str | None
    year: int
    paper_title: str
    paper_ref: str
    paper_url: str
    url: str | None
    parameters_m: float | None
    macs_g: float | None
    activations_m: float | None
    accuracy: Mapping[str, Rank]
    figures: Mapping[str, Figure]
    score: Rank | None

    @property
    def path(self) -> str:
        """Where its page stands."""
        return f"models/{self.slug}.html"

    @property
    def energy_mj(self) -> Mapping[str, float]:
        """Setup -> energy, where there is one."""
        return {key: figure.energy_mj for key, figure in self.figures.items() if figure.energy_mj is not None}


@dataclass(frozen=True)
class Catalogue:
    """Everything about one task.

    Attributes:
        key: As in folder names.
        fields: The columns of the table `tasks`.
        test_set: The one shown where there is room for one.
        setup: The one shown where there is room for one.
        models: Ordered by name and input size.
        families: Family -> id of its heading in the index of models.
    """

    key: str
    fields: Mapping[str, Any]
    test_sets: tuple[TestSet, ...]
    test_set: TestSet
    setups: tuple[Setup, ...]
    setup: Setup
    models: tuple[Model, ...]
    families: Mapping[str, str]
