"""Turns the query runs of a rated task into its leaderboard: each model's energy, interval and stars, by class."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pandas as pd

from builder.analysis import queries
from builder.analysis.ratings import (
    MIN_MODELS,
    Band,
    Departure,
    SizeClass,
    class_of,
    log_rating,
    run_interval,
    star_rating,
    without_hungriest,
)
from builder.tables.schema import PRECISIONS, RUNTIMES

# Stars are for queries that come one by one.
RATED_BATCH_SIZE = 1


@dataclass(frozen=True)
class RatedFigure:
    """What one model takes for one query in the task's rating.

    Attributes:
        size_class: The one it is rated in.
        energy_mj: Mean of the runs, per item; None without a run that ran well, and then `status` says why.
        low_mj: Of the 95 % interval over runs; None with one run.
        phases_mj: Phase -> its part of the energy, in the order of the work.
        rank: 1 takes the least energy of its class.
        stars: By bands of equal width; None where the class has no stars.
        log_stars: By bands of equal factor.
    """

    model: str
    size_class: SizeClass
    energy_mj: float | None
    low_mj: float | None
    high_mj: float | None
    runs: int
    samples: int
    phases_mj: Mapping[str, float]
    latency_ms: float | None
    power_w: float | None
    output_tokens: float | None
    memory_mib: float | None
    status: str
    rank: int | None = None
    stars: int | None = None
    log_stars: int | None = None


@dataclass(frozen=True)
class ClassRating:
    """The models of one class together.

    Attributes:
        models: How many have an energy.
        mean_mj: Of their energies; None without any.
        sd_mj: Their standard deviation, with n − 1; None with fewer than two.
        band: What the stars stand on; None where there are none.
        epoch: The frozen epoch that the band is of; empty where it is of these models.
        reason: Why there are no stars; empty where there are.
        departure: What would change if the hungriest model left; None without stars, or where that leaves too few.
    """

    size_class: SizeClass
    models: int
    mean_mj: float | None
    sd_mj: float | None
    band: Band | None
    epoch: str
    reason: str
    departure: Departure | None


@dataclass(frozen=True)
class Leaderboard:
    """A rated task.

    Attributes:
        setup: The one that is rated; empty where nothing has been measured.
        classes: Smallest models first.
        figures: Model -> its figure, least energy first; models without a row are not in it.
    """

    task: str
    setup: str
    classes: tuple[ClassRating, ...]
    figures: Mapping[str, RatedFigure]


def leaderboard(connection: duckdb.DuckDBPyConnection, task: str, epoch: pd.DataFrame) -> Leaderboard:
    """Rate a task's models.

    Args:
        connection: The database.
        task: One that is rated.
        epoch: The rows of a frozen epoch, as `queries.latest_epoch` returns them; without any, each class's stars stand
            on its models of today.
    """
    frozen = epoch[epoch["task"] == task]
    single = queries.query_figures(connection, task)
    single = single[single["batch_size"] == RATED_BATCH_SIZE]
    setup = str(frozen["setup"].iloc[0]) if len(frozen) else _rated_setup(single)
    models = queries.rated_models(connection, task)
    parameters = dict(zip(models["model"], models["parameters_m"].astype(float), strict=True))
    classes = _size_classes(queries.size_classes(connection, task))
    figures = _figures(single[single["setup"] == setup], parameters, classes)
    ratings = tuple(_rating(one, figures, frozen) for one in classes)
    rated = {model: figure for rating in ratings for model, figure in _with_stars(rating, figures).items()}
    order = sorted(rated, key=lambda model: (rated[model].energy_mj or math.inf, model))
    return Leaderboard(task, setup, ratings, {model: rated[model] for model in order})


def leaderboards(connection: duckdb.DuckDBPyConnection, *, frozen: bool = True) -> dict[str, Leaderboard]:
    """Rate every task that is to be, by the epoch that was frozen last; or, if not frozen, by the models of today."""
    epoch = queries.latest_epoch(connection)
    epoch = epoch if frozen else epoch.iloc[:0]
    tasks = queries.rated_tasks(connection)["task"].tolist()
    return {str(task): leaderboard(connection, str(task), epoch) for task in tasks}


def _rated_setup(single: pd.DataFrame) -> str:
    """Return the setup with the most models; of equal ones plain PyTorch and the widest numbers go first."""
    measured = single[single["energy_mj"].notna()]
    counts = [
        (-len(rows), RUNTIMES.index(runtime), PRECISIONS.index(precision), str(setup))
        for (setup, runtime, precision), rows in measured.groupby(["setup", "runtime", "precision"])
    ]
    return min(counts)[-1] if counts else ""


def _size_classes(rows: pd.DataFrame) -> tuple[SizeClass, ...]:
    found = tuple(
        SizeClass(str(key), str(title), math.inf if math.isnan(limit) else float(limit))
        for key, title, limit in rows[["class", "title", "parameters_up_to_m"]].itertuples(index=False)
    )
    return found or (SizeClass(),)


def _figures(
    rows: pd.DataFrame, parameters: Mapping[str, float], classes: Sequence[SizeClass]
) -> dict[str, RatedFigure]:
    energy, deviation, runs = (rows[name].to_numpy(np.float64) for name in ("energy_mj", "energy_sd_mj", "runs"))
    low, high = run_interval(energy, deviation, runs)
    return {
        str(row["model"]): RatedFigure(
            model=str(row["model"]),
            size_class=class_of(parameters[row["model"]], classes),
            energy_mj=_known(row["energy_mj"]),
            low_mj=_known(low[place]),
            high_mj=_known(high[place]),
            runs=int(row["runs"]),
            samples=int(row["samples"]),
            phases_mj={
                name.removesuffix("_mj"): float(row[name]) for name in queries.PHASES if not math.isnan(row[name])
            },
            latency_ms=_known(row["latency_ms"]),
            power_w=_known(row["power_w"]),
            output_tokens=_known(row["output_tokens_per_item"]),
            memory_mib=_known(row["memory_mib"]),
            status=str(row["status"]),
        )
        for place, row in enumerate(rows.to_dict("records"))
    }


def _rating(size_class: SizeClass, figures: Mapping[str, RatedFigure], frozen: pd.DataFrame) -> ClassRating:
    energies = _energies(size_class, figures)
    count = len(energies)
    mine = frozen[frozen["class"].fillna("") == size_class.key]
    band, epoch, reason = None, "", ""
    if len(mine):
        row = mine.iloc[0]
        band, epoch = Band(float(row["least_mj_per_item"]), float(row["most_mj_per_item"])), str(row["epoch"])
    elif count >= MIN_MODELS:
        band = Band(float(energies.min()), float(energies.max()))
    else:
        measured = f"{count or 'no model'}{' of this class' if size_class.key else ''}"
        reason = f"Stars take at least {MIN_MODELS} models; {measured} {'have' if count > 1 else 'has'} been measured."
    return ClassRating(
        size_class=size_class,
        models=count,
        mean_mj=float(energies.mean()) if count else None,
        sd_mj=float(energies.std(ddof=1)) if count > 1 else None,
        band=band,
        epoch=epoch,
        reason=reason,
        departure=without_hungriest(energies, band) if band else None,
    )


def _with_stars(rating: ClassRating, figures: Mapping[str, RatedFigure]) -> dict[str, RatedFigure]:
    mine = {model: figure for model, figure in figures.items() if figure.size_class == rating.size_class}
    energies = _energies(rating.size_class, figures)
    ranks = energies.rank(method="min")
    stars, log_stars = {}, {}
    if rating.band:
        values = np.asarray(energies, dtype=np.float64)
        stars = dict(zip(energies.index, star_rating(values, rating.band).tolist(), strict=True))
        log_stars = dict(zip(energies.index, log_rating(values, rating.band).tolist(), strict=True))
    return {
        model: replace(
            figure,
            rank=int(ranks[model]) if model in ranks.index else None,
            stars=stars.get(model),
            log_stars=log_stars.get(model),
        )
        for model, figure in mine.items()
    }


def _energies(size_class: SizeClass, figures: Mapping[str, RatedFigure]) -> pd.Series[float]:
    return pd.Series(
        {
            model: figure.energy_mj
            for model, figure in figures.items()
            if figure.size_class == size_class and figure.energy_mj is not None
        },
        dtype=np.float64,
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
