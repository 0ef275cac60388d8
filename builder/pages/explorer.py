"""Turns the explorer's first view into index.html, as it stands before any script has run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.analysis import queries
from builder.charts.first_view import FirstView, first_view
from builder.pages.catalogue import Setup, TestSet
from builder.pages.page import NAME, TAGLINE, Atlas, Page, PageKind


@dataclass(frozen=True)
class RankedModel:
    """A row of the first ranking; `path` is that of the model's page."""

    rank: int
    model: str
    input_size_px: int
    class_: str
    path: str
    energy_mj: float
    accuracy_pct: float
    score: float


@dataclass(frozen=True, kw_only=True)
class ExplorerPage(Page):
    """Fills explorer.html.

    Attributes:
        models: How many there are, measured or not.
        class_counts: Class -> models with an energy on the setup that is shown first.
    """

    first: FirstView
    ranking: tuple[RankedModel, ...]
    setup: Setup
    setups: tuple[Setup, ...]
    test_set: TestSet
    test_sets: tuple[TestSet, ...]
    task: Mapping[str, Any]
    models: int
    class_counts: Mapping[str, int]


def explorer_pages(atlas: Atlas) -> Iterator[ExplorerPage]:
    """Make the one page."""
    catalogue = atlas.catalogue
    rows = queries.setup_models(atlas.connection, catalogue.key, catalogue.setup.key, [catalogue.test_set.key])
    energies = [energy for model in catalogue.models for energy in model.energy_mj.values()]
    first = first_view(rows, (min(energies), max(energies)))
    models = {(model.model, model.input_size_px): model for model in catalogue.models}
    columns = ["rank", "model", "input_size_px", "energy_mj", "accuracy_pct", "score"]
    yield ExplorerPage(
        path="index.html",
        title=NAME,
        description=(
            f"{TAGLINE}: {len(models):,} models of {catalogue.fields['title'].lower()} "
            f"on {len(catalogue.setups)} setups."
        ),
        section="index.html",
        first=first,
        ranking=tuple(
            RankedModel(
                rank=int(place),
                model=model,
                input_size_px=int(size),
                class_=models[model, size].class_,
                path=models[model, size].path,
                energy_mj=float(energy),
                accuracy_pct=float(accuracy),
                score=float(score),
            )
            for place, model, size, energy, accuracy, score in first.ranking.rows[columns].itertuples(index=False)
        ),
        setup=catalogue.setup,
        setups=catalogue.setups,
        test_set=catalogue.test_set,
        test_sets=catalogue.test_sets,
        task=catalogue.fields,
        models=len(models),
        class_counts=Counter(model.class_ for model in catalogue.models if catalogue.setup.key in model.energy_mj),
    )


EXPLORER = PageKind("explorer", "explorer.html", explorer_pages)
