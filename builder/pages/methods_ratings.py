"""Turns the rated tasks into what the methods page says of them: how shortly they were measured, and an example."""

from __future__ import annotations

from dataclasses import dataclass

from builder.analysis.leaderboards import RATED_BATCH_SIZE, ClassRating
from builder.analysis.published_ratings import SOURCE, Beside, beside_published
from builder.analysis.ratings import MIN_MODELS, STARS
from builder.pages.rated import FULL_RUNS, FULL_SAMPLES, RatedModel, RatedTask
from builder.units import MJ_PER_WH


@dataclass(frozen=True)
class Length:
    """How much of a whole rating a task's runs are.

    Attributes:
        runs: Fewest and most of a model.
        samples: Fewest and most of a run.
    """

    task: RatedTask
    models: int
    runs: tuple[int, int]
    samples: tuple[int, int]


@dataclass(frozen=True)
class Example:
    """A model's stars, worked out: the one that is nearest to the middle of its class's range.

    Attributes:
        width_mj: Of a band.
        bands: Whole bands between the least energy and the model's.
    """

    task: RatedTask
    rating: ClassRating
    model: RatedModel
    width_mj: float
    bands: int


@dataclass(frozen=True)
class Ratings:
    """What the methods page says of the rated tasks.

    Attributes:
        example: None where no class has stars.
        epoch: The frozen one; empty where there is none.
        beside: Models that the AI Energy Score measured too, each with its figures here and there.
    """

    lengths: tuple[Length, ...]
    example: Example | None
    epoch: str
    beside: tuple[tuple[RatedModel, Beside], ...]
    published_url: str = SOURCE
    stars: int = STARS
    min_models: int = MIN_MODELS
    batch_size: int = RATED_BATCH_SIZE
    full_runs: int = FULL_RUNS
    full_samples: int = FULL_SAMPLES
    mj_per_wh_of_1000: float = MJ_PER_WH / 1000


def ratings(tasks: tuple[RatedTask, ...]) -> Ratings:
    """Collect it; `tasks` by title."""
    models = {
        (task.key, str(model.fields["model"])): (model, model.energy_mj)
        for task in tasks
        for model in task.measured
        if model.energy_mj is not None
    }
    beside = beside_published({key: energy_mj for key, (_, energy_mj) in models.items()})
    return Ratings(
        beside=tuple((models[one.task, one.model][0], one) for one in beside),
        lengths=tuple(_length(task) for task in tasks if task.measured),
        example=next((example for task in tasks for example in _examples(task)), None),
        epoch=max((rating.epoch for task in tasks for rating in task.board.classes), default=""),
    )


def _length(task: RatedTask) -> Length:
    figures = [model.figure for model in task.measured if model.figure]
    runs, samples = [figure.runs for figure in figures], [figure.samples for figure in figures]
    return Length(task, len(figures), (min(runs), max(runs)), (min(samples), max(samples)))


def _examples(task: RatedTask) -> list[Example]:
    examples = []
    for rating in task.board.classes:
        band = rating.band
        models = [model for model in task.measured if model.size_class == rating.size_class]
        if band is None or not models or band.most_mj == band.least_mj:
            continue
        middle = (band.least_mj + band.most_mj) / 2
        model = min(models, key=lambda one: abs((one.energy_mj or 0.0) - middle))
        stars = task.board.figures[model.fields["model"]].stars or STARS
        examples.append(Example(task, rating, model, (band.most_mj - band.least_mj) / STARS, STARS - stars))
    return examples
