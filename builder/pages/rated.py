"""Turns the tables of rated tasks into the records that their pages draw on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from builder.analysis import queries
from builder.analysis.approaches import Gap, gap
from builder.analysis.choices import Choice, choices
from builder.analysis.leaderboards import Leaderboard, RatedFigure, leaderboards
from builder.analysis.ratings import SizeClass, class_of
from builder.analysis.warming import FirstRuns, first_runs
from builder.pages.load import records
from builder.pages.slugs import rated_slugs
from builder.pages.words import PRECISION_TITLES
from builder.tables.schema import RUNTIME_TITLES

FOLDER = "tasks"
ALL_MODELS_PATH = f"{FOLDER}/all.html"
GENERAL_PATH = f"{FOLDER}/general.html"
# What the rating asks for: https://huggingface.github.io/AIEnergyScore/
FULL_RUNS, FULL_SAMPLES = 10, 1000
_SAMPLES = {
    "hub": "from the data sets",
    "synthetic": "synthetic, with the lengths and sizes of the data sets: published ones, or estimates where none are",
}


@dataclass(frozen=True)
class RatedModel:
    """A model of one rated task.

    Attributes:
        slug: Name of its files.
        fields: The columns of rated_models.
        figure: None where the rated setup has no row for it.
    """

    task: str
    slug: str
    fields: Mapping[str, Any]
    size_class: SizeClass
    figure: RatedFigure | None

    @property
    def path(self) -> str:
        """Where its page stands."""
        return f"{FOLDER}/{self.task}/{self.slug}.html"

    @property
    def energy_mj(self) -> float | None:
        """Of one query; None where there is none."""
        return self.figure.energy_mj if self.figure else None

    @property
    def plus_minus_pct(self) -> float | None:
        """Half of the 95 % interval over runs, in percent of the energy; None where one run leaves it unknown."""
        figure = self.figure
        if figure is None or figure.energy_mj is None or figure.high_mj is None:
            return None
        return 100 * (figure.high_mj / figure.energy_mj - 1)

    def label_path(self, theme: str, ending: str) -> str:
        """Return where its energy label stands."""
        return f"{FOLDER}/{self.task}/{self.slug}_label-{theme}.{ending}"


@dataclass(frozen=True)
class QuerySetup:
    """A setup of query runs, in words.

    Attributes:
        fields: The columns of query_setups, and its GPU's with `gpu_` before the name.
    """

    key: str
    fields: Mapping[str, Any]

    @property
    def conditions(self) -> str:
        """Software and numbers, in words."""
        runtime, precision = RUNTIME_TITLES[self.fields["runtime"]], PRECISION_TITLES[self.fields["precision"]]
        return f"{runtime}, {precision}"

    @property
    def samples(self) -> str:
        """Where the samples came from, in words."""
        return _SAMPLES[self.fields["measured_samples"]]

    def file_path(self, ending: str) -> str:
        """Return where its own file stands, as it was contributed."""
        return f"data/queries/{self.fields['task']}/{self.key}.{ending}"

    @property
    def day(self) -> str:
        """The last day of measuring; empty where it is not known."""
        day = self.fields.get("measured_last_day")
        return f"{day:%Y-%m-%d}" if day else ""


@dataclass(frozen=True)
class RatedTask:
    """A task whose models are rated.

    Attributes:
        fields: The columns of the table `tasks`.
        models: Least energy first; those without a figure last, by name.
        setup: The one that is rated; None where nothing was measured.
        setups: Every setup of query runs.
        choices: What was measured beside the rating.
        first_runs: How they compare with the others; None with too few models.
        gap: What general models take beside those made for the task; None with too few of either.
    """

    key: str
    fields: Mapping[str, Any]
    board: Leaderboard
    models: tuple[RatedModel, ...]
    data_sets: tuple[Mapping[str, Any], ...]
    sources: tuple[Mapping[str, Any], ...]
    setup: QuerySetup | None
    setups: tuple[QuerySetup, ...]
    choices: tuple[Choice, ...]
    first_runs: FirstRuns | None
    gap: Gap | None

    @property
    def path(self) -> str:
        """Where its leaderboard stands."""
        return f"{FOLDER}/{self.key}/index.html"

    @property
    def measured(self) -> tuple[RatedModel, ...]:
        """The models that have an energy."""
        return tuple(model for model in self.models if model.energy_mj is not None)

    @property
    def approaches(self) -> frozenset[str]:
        """Those of the measured models."""
        return frozenset(str(model.fields["approach"]) for model in self.measured)

    @property
    def has_classes(self) -> bool:
        """Whether models are rated by size."""
        return len(self.board.classes) > 1

    def title_of(self, model: str) -> str:
        """Return a model's short name."""
        return next(str(one.fields["title"]) for one in self.models if one.fields["model"] == model)

    @property
    def shortened(self) -> str:
        """How the runs fall short of a whole rating, in words; empty where they do not."""
        figures = [model.figure for model in self.measured if model.figure]
        if not figures:
            return ""
        runs, samples = sorted({figure.runs for figure in figures}), sorted({figure.samples for figure in figures})
        if runs[0] >= FULL_RUNS and samples[0] >= FULL_SAMPLES:
            return ""
        return (
            f"{_span(runs)} run{'' if runs == [1] else 's'} of {_span(samples)} {self.fields['items']} a model, "
            f"where a whole rating takes {FULL_RUNS} of {FULL_SAMPLES:,}"
        )


def _span(values: list[int]) -> str:
    return f"{values[0]:,}" if len(values) == 1 else f"{values[0]:,} to {values[-1]:,}"


def load_rated_tasks(connection: duckdb.DuckDBPyConnection) -> tuple[RatedTask, ...]:
    """Read every rated task from the database, by title."""
    boards = leaderboards(connection)
    return tuple(_load(connection, row, boards[row["task"]]) for row in records(queries.rated_tasks(connection)))


def _load(connection: duckdb.DuckDBPyConnection, fields: Mapping[str, Any], board: Leaderboard) -> RatedTask:
    task = board.task
    rows = records(queries.rated_models(connection, task))
    slugs = rated_slugs(row["model"] for row in rows)
    classes = [rating.size_class for rating in board.classes]
    models = [
        RatedModel(
            task, slugs[row["model"]], row, class_of(row["parameters_m"], classes), board.figures.get(row["model"])
        )
        for row in rows
    ]
    setups = tuple(QuerySetup(row["setup"], row) for row in records(queries.query_setups(connection, task)))
    return RatedTask(
        key=task,
        fields=fields,
        board=board,
        models=tuple(sorted(models, key=_order)),
        data_sets=tuple(records(queries.data_sets(connection, task))),
        sources=tuple(records(queries.sources(connection, task))),
        setup=next((setup for setup in setups if setup.key == board.setup), None),
        setups=setups,
        choices=choices(queries.query_figures(connection, task)),
        first_runs=first_runs(queries.query_runs(connection, task, board.setup)),
        gap=gap(
            list(board.figures.values()),
            {row["model"]: row["approach"] for row in rows},
            {row["model"]: row["parameters_m"] for row in rows},
        ),
    )


def _order(model: RatedModel) -> tuple[bool, float, str]:
    return model.energy_mj is None, model.energy_mj or 0.0, model.fields["model"]
