"""Turns all models into their index: one table, by family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.pages.catalogue import Model, Setup, TestSet
from builder.pages.page import Atlas, Page, PageKind


@dataclass(frozen=True)
class IndexRow:
    """A model with its figures on what is shown first."""

    model: Model
    energy_mj: float | None
    accuracy_pct: float | None


@dataclass(frozen=True)
class Family:
    """Models that one paper introduced."""

    name: str
    anchor: str
    classes: tuple[str, ...]
    year: int
    paper_title: str
    paper_ref: str
    paper_url: str
    rows: tuple[IndexRow, ...]


@dataclass(frozen=True)
class Letter:
    """An initial, and the first family that has it."""

    letter: str
    anchor: str


@dataclass(frozen=True, kw_only=True)
class ModelsPage(Page):
    """Fills models.html."""

    task: Mapping[str, Any]
    setup: Setup
    test_set: TestSet
    models: int
    measured: int
    letters: tuple[Letter, ...]
    families: tuple[Family, ...]


def models_pages(atlas: Atlas) -> Iterator[ModelsPage]:
    """Make the one page."""
    catalogue = atlas.catalogue
    by_family: defaultdict[str, list[Model]] = defaultdict(list)
    for model in catalogue.models:
        by_family[model.family].append(model)
    families = tuple(
        _family(name, by_family[name], catalogue.setup, catalogue.test_set)
        for name in sorted(by_family, key=lambda name: (name.casefold(), name))
    )
    letters: dict[str, str] = {}
    for family in families:
        letters.setdefault(_initial(family.name), family.anchor)
    yield ModelsPage(
        path="models/index.html",
        title="Models",
        description=f"All {len(catalogue.models):,} models by family, with their accuracy and energy.",
        section="models/index.html",
        task=catalogue.fields,
        setup=catalogue.setup,
        test_set=catalogue.test_set,
        models=len(catalogue.models),
        measured=sum(1 for model in catalogue.models if model.energy_mj),
        letters=tuple(Letter(letter, anchor) for letter, anchor in letters.items()),
        families=families,
    )


def _family(name: str, models: list[Model], setup: Setup, test_set: TestSet) -> Family:
    # A family may unite several patterns; the earliest paper introduced it.
    first = min(models, key=lambda model: (model.year, model.paper_title))
    return Family(
        name=name,
        anchor=first.family_anchor,
        classes=tuple(sorted({model.class_ for model in models})),
        year=first.year,
        paper_title=first.paper_title,
        paper_ref=first.paper_ref,
        paper_url=first.paper_url,
        rows=tuple(
            IndexRow(
                model=model,
                energy_mj=model.energy_mj.get(setup.key),
                accuracy_pct=rank.value if (rank := model.accuracy.get(test_set.key)) else None,
            )
            for model in models
        ),
    )


def _initial(name: str) -> str:
    letter = name[:1].upper()
    return letter if letter.isascii() and letter.isalpha() else "#"


MODELS = PageKind("models", "models.html", models_pages)
