"""Turns the explorer's first view into index.html, as it stands before any script has run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from builder.analysis import queries
from builder.charts.first_view import FirstView
from builder.pages.assets import TEMPLATES
from builder.pages.catalogue import Catalogue, Setup, TestSet
from builder.pages.page import NAME, TAGLINE, Atlas, Page, PageKind
from builder.pages.words import RULE_TITLES

_IMPORT = re.compile(r'\bfrom "\./(\w+)\.js";$', re.MULTILINE)


@dataclass(frozen=True)
class RankedModel:
    """A row of the first ranking; `path` is that of the model's page, `flags` are the titles of rules that doubt it."""

    rank: int
    model: str
    input_size_px: int
    class_: str
    path: str
    energy_mj: float
    accuracy_pct: float
    score: float
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Winner:
    """A piece of the strip under the weight's slider."""

    model: str
    input_size_px: int
    class_: str
    w_from: float
    w_to: float
    is_first: bool
    in_doubt: bool


@dataclass(frozen=True, kw_only=True)
class ExplorerPage(Page):
    """Fills explorer.html.

    Attributes:
        models: How many there are, measured or not.
        class_counts: Class -> models with an energy on the setup that is shown first.
        families: Family -> models of it, measured or not, in the order of their names.
        years: The first and the last year in which a model's paper appeared.
        modules: The scripts, without which the explorer does not start.
        flagged_figures: How many energies of the setup that is shown first are in doubt.
    """

    first: FirstView
    ranking: tuple[RankedModel, ...]
    winners: tuple[Winner, ...]
    setup: Setup
    setups: tuple[Setup, ...]
    test_set: TestSet
    test_sets: tuple[TestSet, ...]
    task: Mapping[str, Any]
    models: int
    class_counts: Mapping[str, int]
    families: Mapping[str, int]
    years: tuple[int, int]
    modules: tuple[str, ...]
    flagged_figures: int

    @property
    def flagged(self) -> int:
        """How many rows of the first ranking are in doubt."""
        return sum(bool(row.flags) for row in self.ranking)


def modules_from(name: str, folder: Path = TEMPLATES / "static" / "js") -> tuple[str, ...]:
    """Return a module and all that it imports, at any distance: what a browser can ask for at once."""
    modules: list[str] = []
    asked = [name]
    while asked:
        module = asked.pop()
        if module not in modules:
            modules.append(module)
            asked += _IMPORT.findall((folder / f"{module}.js").read_text(encoding="utf-8"))
    return tuple(sorted(modules))


def first_shown(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue
) -> tuple[pd.DataFrame, tuple[float, float], set[tuple[str, int]]]:
    """Return what the first view is drawn from, as `builder.charts.first_view.first_view` takes it."""
    models = queries.setup_models(connection, catalogue.key, catalogue.setup.key, [catalogue.test_set.key])
    energies = [energy for model in catalogue.models for energy in model.energy_mj.values()]
    return models, (min(energies), max(energies)), set(_flags(catalogue))


def explorer_pages(atlas: Atlas) -> Iterator[ExplorerPage]:
    """Make the one page."""
    catalogue = atlas.catalogue
    if atlas.first_view is None:
        return
    first, flags = atlas.first_view(), _flags(catalogue)
    years = [model.year for model in catalogue.models]
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
                flags=tuple(flags.get((model, size), ())),
            )
            for place, model, size, energy, accuracy, score in first.ranking.rows[columns].itertuples(index=False)
        ),
        winners=tuple(
            Winner(
                model=one.model,
                input_size_px=one.input_size_px,
                class_=models[one.model, one.input_size_px].class_,
                w_from=round(one.w_from, 3),
                w_to=round(one.w_to, 3),
                is_first=one.is_first,
                in_doubt=(one.model, one.input_size_px) in flags,
            )
            for one in first.winners
        ),
        setup=catalogue.setup,
        setups=catalogue.setups,
        test_set=catalogue.test_set,
        test_sets=catalogue.test_sets,
        task=catalogue.fields,
        models=len(models),
        class_counts=Counter(model.class_ for model in catalogue.models if catalogue.setup.key in model.energy_mj),
        families=dict(sorted(Counter(model.family for model in catalogue.models).items(), key=_by_name)),
        years=(min(years), max(years)),
        modules=modules_from("explorer"),
        flagged_figures=sum(catalogue.setup.key in models[name].energy_mj for name in flags),
    )


def _flags(catalogue: Catalogue) -> dict[tuple[str, int], list[str]]:
    """Return model and input size -> titles of the rules that doubt its figure on the setup that is shown first."""
    flags: dict[tuple[str, int], list[str]] = {}
    for flag in catalogue.setup.flags:
        flags.setdefault((flag.model, flag.input_size_px), []).append(RULE_TITLES[flag.rule])
    return flags


def _by_name(family: tuple[str, int]) -> str:
    return family[0].lower()


EXPLORER = PageKind("explorer", "explorer.html", explorer_pages)
