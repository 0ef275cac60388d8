"""Turns the analysis's definitions, and what they give on each setup, into the methods page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from builder.analysis import queries
from builder.analysis.audit import RULES, Rule
from builder.analysis.audit_rating import PROVEN_GAP, Rating, rate_all
from builder.analysis.growth import MIN_POINTS, GrowthFit, fit_growth
from builder.analysis.pareto import FloatArray, pareto_front
from builder.analysis.scores import SCORES, Score
from builder.pages.catalogue import Catalogue, Setup, TestSet
from builder.pages.methods_ratings import Ratings, ratings
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.setups import Field, conditions
from builder.tables.schema import CLASSES, STATUSES


@dataclass(frozen=True)
class Front:
    """What front and growth fit give on some models.

    Attributes:
        models: With energy and accuracy.
        front: Of these on the Pareto front.
        fit: None where the hull has too few vertices.
        floor_mj: Energy that the fitted curve never falls under.
    """

    models: int
    front: int
    fit: GrowthFit | None
    floor_mj: float | None


@dataclass(frozen=True)
class FrontRow:
    """The same on one setup and the test set that is shown first.

    Attributes:
        whole: With all models.
        doubted: On the front and in doubt.
        sound: Without the models in doubt; None where none of them is on the front.
    """

    setup: Setup
    whole: Front
    doubted: int
    sound: Front | None


@dataclass(frozen=True)
class ClassRow:
    """How many models a class has, and an example of a rule for a debatable one."""

    key: str
    models: int
    families: int


@dataclass(frozen=True)
class Debatable:
    """A family whose class is a decision, and by which rule it was taken."""

    family: str
    anchor: str
    class_: str
    rule: str


@dataclass(frozen=True)
class StatusRow:
    """Why a figure is missing, and how often."""

    status: str
    figures: int


@dataclass(frozen=True)
class RuleRow:
    """A rule of the audit, and how many figures it doubts."""

    rule: Rule
    figures: int


@dataclass(frozen=True)
class RatedRules:
    """What siblings say about rules of the audit on a setup, or on all of them.

    Attributes:
        titles: Of the rules.
        setup: None for all of them.
    """

    titles: tuple[str, ...]
    setup: Setup | None
    rating: Rating


@dataclass(frozen=True, kw_only=True)
class MethodsPage(Page):
    """Fills methods.html."""

    task: Mapping[str, Any]
    setup: Setup
    setups: tuple[Setup, ...]
    test_set: TestSet
    test_sets: tuple[TestSet, ...]
    models: int
    fronts: tuple[FrontRow, ...]
    min_vertices: int
    scores: tuple[Score, ...]
    classes: tuple[ClassRow, ...]
    debatable: tuple[Debatable, ...]
    statuses: tuple[StatusRow, ...]
    rules: tuple[RuleRow, ...]
    rated_rules: tuple[RatedRules, ...]
    proven_gap: float
    ratings: Ratings
    conditions: tuple[Field, ...]


def methods_pages(atlas: Atlas) -> Iterator[MethodsPage]:
    """Make the one page."""
    catalogue = atlas.catalogue
    doubts = Counter(flag.rule for setup in catalogue.setups for flag in setup.flags)
    missing = Counter[str]()
    for setup in catalogue.setups:
        missing.update(setup.missing)
    yield MethodsPage(
        path="methods.html",
        title="Methods",
        description="What each number on this site means, how it was measured or computed, and what it leaves out.",
        section="methods.html",
        task=catalogue.fields,
        setup=catalogue.setup,
        setups=catalogue.setups,
        test_set=catalogue.test_set,
        test_sets=catalogue.test_sets,
        models=len(catalogue.models),
        fronts=tuple(_front(atlas, setup) for setup in catalogue.setups),
        min_vertices=MIN_POINTS,
        scores=SCORES,
        classes=_classes(catalogue),
        debatable=_debatable(catalogue),
        statuses=tuple(StatusRow(status, missing[status]) for status in STATUSES if status != "ok"),
        rules=tuple(RuleRow(rule, doubts[rule.key]) for rule in RULES if rule.key in doubts),
        rated_rules=_rated_rules(atlas),
        proven_gap=PROVEN_GAP,
        ratings=ratings(atlas.rated),
        conditions=conditions(catalogue),
    )


def _front(atlas: Atlas, setup: Setup) -> FrontRow:
    catalogue = atlas.catalogue
    models = queries.setup_models(atlas.connection, catalogue.key, setup.key, [catalogue.test_set.key])
    complete = models.dropna(subset=["energy_mj", "accuracy_pct"])
    flagged = {(flag.model, flag.input_size_px) for flag in setup.flags}
    in_doubt = np.array([key in flagged for key in zip(complete["model"], complete["input_size_px"], strict=True)])
    on_front = pareto_front(*_energy_and_accuracy(complete))
    doubted = int((on_front & in_doubt).sum())
    return FrontRow(
        setup=setup,
        whole=_front_of(complete),
        doubted=doubted,
        sound=_front_of(complete[~in_doubt]) if doubted else None,
    )


def _front_of(complete: pd.DataFrame) -> Front:
    energy_mj, accuracy_pct = _energy_and_accuracy(complete)
    fit = fit_growth(energy_mj, accuracy_pct)
    return Front(
        models=len(complete),
        front=int(pareto_front(energy_mj, accuracy_pct).sum()),
        fit=fit,
        floor_mj=float(np.exp(fit.floor)) if fit else None,
    )


def _energy_and_accuracy(complete: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    return complete["energy_mj"].to_numpy(np.float64), complete["accuracy_pct"].to_numpy(np.float64)


def _rated_rules(atlas: Atlas) -> tuple[RatedRules, ...]:
    catalogue = atlas.catalogue
    titles = {rule.key: rule.title for rule in RULES}
    setups = {setup.key: setup for setup in catalogue.setups}
    flags = [flag for setup in catalogue.setups for flag in setup.flags]
    ratings = rate_all(queries.figures(atlas.connection, catalogue.key), flags)
    of_all = [(None, rating) for rating in ratings.by_rule]
    rated = [*of_all, *((setups[key], rating) for key, rating in ratings.by_setup.items())]
    return tuple(RatedRules(tuple(titles[rule] for rule in rating.rules), setup, rating) for setup, rating in rated)


def _classes(catalogue: Catalogue) -> tuple[ClassRow, ...]:
    return tuple(
        ClassRow(
            key=class_,
            models=sum(model.class_ == class_ for model in catalogue.models),
            families=len({model.family for model in catalogue.models if model.class_ == class_}),
        )
        for class_ in CLASSES
    )


def _debatable(catalogue: Catalogue) -> tuple[Debatable, ...]:
    rules = {
        (model.family, model.class_, model.class_rule): model.family_anchor
        for model in catalogue.models
        if model.class_rule
    }
    return tuple(
        Debatable(family, anchor, class_, rule or "")
        for (family, class_, rule), anchor in sorted(
            rules.items(), key=lambda item: (item[0][0].casefold(), *item[0][1:])
        )
    )


METHODS = PageKind("methods", "methods.html", methods_pages)
