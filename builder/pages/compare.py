"""Turns the catalogue into the page on which readers lay up to five models side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from builder.analysis.pareto import pareto_front
from builder.pages.catalogue import Catalogue, Model, Setup, TestSet
from builder.pages.explorer import modules_from
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.plane import Plane

PATH = "compare.html"
# More columns are not read side by side; static/js/compare_state.js has the same number.
MOST = 5


@dataclass(frozen=True)
class Example:
    """Models that are worth comparing; `query` names them in a link."""

    title: str
    models: tuple[Model, ...]

    @property
    def query(self) -> str:
        """What the page's address carries."""
        return f"?models={','.join(model.slug for model in self.models)}"


@dataclass(frozen=True, kw_only=True)
class ComparePage(Page):
    """Fills compare.html.

    Attributes:
        modules: The scripts, without which the page does not start.
    """

    task: Mapping[str, Any]
    setup: Setup
    setups: tuple[Setup, ...]
    test_set: TestSet
    test_sets: tuple[TestSet, ...]
    plane: Plane
    examples: tuple[Example, ...]
    modules: tuple[str, ...]


def compare_pages(atlas: Atlas) -> Iterator[ComparePage]:
    """Make the one page."""
    catalogue = atlas.catalogue
    yield ComparePage(
        path=PATH,
        title="Compare models",
        description=f"Up to {MOST} models side by side: their energy on every setup, their accuracy on every test set.",
        section="models/index.html",
        task=catalogue.fields,
        setup=catalogue.setup,
        setups=catalogue.setups,
        test_set=catalogue.test_set,
        test_sets=catalogue.test_sets,
        plane=atlas.plane,
        examples=tuple(
            Example(title, models)
            for title, models in (
                ("Along the Pareto front, from the cheapest to the most accurate", _along_the_front(catalogue)),
                ("The first of the ranking", _first_ranked(catalogue)),
            )
            if len(models) > 1
        ),
        modules=modules_from("compare"),
    )


def _along_the_front(catalogue: Catalogue) -> tuple[Model, ...]:
    """Return models of the front of what is shown first, at even steps along it."""
    setup, test_set = catalogue.setup.key, catalogue.test_set.key
    models = [model for model in catalogue.models if setup in model.energy_mj and test_set in model.accuracy]
    energy = np.array([model.energy_mj[setup] for model in models])
    front = np.flatnonzero(pareto_front(energy, np.array([model.accuracy[test_set].value for model in models])))
    front = front[np.argsort(energy[front], kind="stable")]
    places = np.unique(np.linspace(0, len(front) - 1, min(MOST, len(front))).round().astype(np.intp))
    return tuple(models[index] for index in front[places].tolist())


def _first_ranked(catalogue: Catalogue) -> tuple[Model, ...]:
    ranked = [(model.score.place, model) for model in catalogue.models if model.score]
    return tuple(model for _, model in sorted(ranked, key=lambda pair: pair[0])[:MOST])


COMPARE = PageKind("compare", "compare.html", compare_pages)
