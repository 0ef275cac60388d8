"""Turns each model into its page and its JSON: place on the plane, energy and accuracy everywhere, relatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.pages.catalogue import Catalogue, Figure, Model, Rank, Setup, TestSet
from builder.pages.format import energy, percent
from builder.pages.load import SCORE, SCORE_W
from builder.pages.model_json import json_path
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.plane import Plane
from builder.pages.swaps import SwapCard, swap_cards
from builder.pages.sweeps import SweepChart, sweeps_of

# What is written beside the mark turns to its left beyond this share of the width.
_TURN = 0.6


@dataclass(frozen=True)
class Mark:
    """One model on the plane, in pixels."""

    x: float
    y: float
    turned: bool


@dataclass(frozen=True)
class SetupRow:
    """What the model takes on one setup; `figure` is None where the setup has no row for it."""

    setup: Setup
    figure: Figure | None


@dataclass(frozen=True)
class AccuracyRow:
    """How well the model does on one test set; `rank` is None where it was not tested."""

    test_set: TestSet
    rank: Rank | None


@dataclass(frozen=True)
class Relative:
    """A model of the same architecture, with its figures on what is shown first."""

    model: Model
    energy_mj: float | None
    accuracy_pct: float | None
    sibling: bool


@dataclass(frozen=True, kw_only=True)
class ModelPage(Page):
    """Fills model.html.

    Attributes:
        figure: On the setup that is shown first; None where it has no energy there.
        rank: Accuracy on the test set that is shown first.
        mark: None where energy or accuracy is missing.
        relative_marks: The relatives that have both.
        relatives: Same architecture, other tag or input size.
        swap: What to take instead; None where no setup has both its energy and its accuracy.
    """

    model: Model
    task: Mapping[str, Any]
    setup: Setup
    test_set: TestSet
    figure: Figure | None
    rank: Rank | None
    score_title: str
    score_unit: str
    score_w: float
    plane: Plane
    mark: Mark | None
    relative_marks: tuple[Mark, ...]
    setups: tuple[SetupRow, ...]
    accuracies: tuple[AccuracyRow, ...]
    relatives: tuple[Relative, ...]
    sweeps: tuple[SweepChart, ...]
    swap: SwapCard | None
    json_path: str

    @property
    def preview(self) -> str:
        """What stands beside a link to the page elsewhere."""
        if self.figure is None or self.rank is None:
            return self.description
        return (
            f"{energy(self.figure.energy_mj)} per {self.task['item']} on {self.setup.short_title}, "
            f"{percent(self.rank.value)} {self.task['quality']} on {self.test_set.title}."
        )

    @property
    def name(self) -> str:
        """What the explorer calls it in links."""
        return f"{self.model.model}@{self.model.input_size_px}"


def model_pages(atlas: Atlas) -> Iterator[ModelPage]:
    """Make a page for each model."""
    catalogue = atlas.catalogue
    by_architecture: defaultdict[str, list[Model]] = defaultdict(list)
    for model in catalogue.models:
        by_architecture[model.architecture].append(model)
    swaps = swap_cards(catalogue)
    for model in catalogue.models:
        relatives = tuple(
            _relative(other, model, catalogue) for other in by_architecture[model.architecture] if other is not model
        )
        figure = model.figures.get(catalogue.setup.key)
        rank = model.accuracy.get(catalogue.test_set.key)
        energy_mj = figure.energy_mj if figure else None
        yield ModelPage(
            path=model.path,
            title=f"{model.model} at {model.input_size_px} px",
            description=_description(model, catalogue),
            section="models/index.html",
            model=model,
            task=catalogue.fields,
            setup=catalogue.setup,
            test_set=catalogue.test_set,
            figure=figure if energy_mj is not None else None,
            rank=rank,
            score_title=SCORE.title,
            score_unit=SCORE.unit,
            score_w=SCORE_W,
            plane=atlas.plane,
            mark=_mark(atlas.plane, energy_mj, rank.value if rank else None),
            relative_marks=tuple(
                mark
                for relative in relatives
                if (mark := _mark(atlas.plane, relative.energy_mj, relative.accuracy_pct))
            ),
            setups=tuple(SetupRow(setup, model.figures.get(setup.key)) for setup in catalogue.setups),
            accuracies=tuple(
                AccuracyRow(test_set, model.accuracy.get(test_set.key)) for test_set in catalogue.test_sets
            ),
            relatives=relatives,
            sweeps=tuple(sweeps_of(model, catalogue, atlas.sweeps)),
            swap=swaps.get((model.model, model.input_size_px)),
            json_path=json_path(model),
        )


def _relative(other: Model, model: Model, catalogue: Catalogue) -> Relative:
    rank = other.accuracy.get(catalogue.test_set.key)
    return Relative(
        model=other,
        energy_mj=other.energy_mj.get(catalogue.setup.key),
        accuracy_pct=rank.value if rank else None,
        sibling=other.input_size_px == model.input_size_px,
    )


def _mark(plane: Plane, energy_mj: float | None, accuracy_pct: float | None) -> Mark | None:
    if energy_mj is None or accuracy_pct is None:
        return None
    x = plane.x(energy_mj)
    return Mark(x, plane.y(accuracy_pct), turned=x > _TURN * plane.width)


def _description(model: Model, catalogue: Catalogue) -> str:
    item = catalogue.fields["item"]
    return (
        f"Energy per {item} and accuracy of {model.model} at {model.input_size_px} px: "
        f"{model.family}, {model.year}, on {len(model.energy_mj)} setups and {len(model.accuracy)} test sets."
    )


MODEL = PageKind("model", "model.html", model_pages)
