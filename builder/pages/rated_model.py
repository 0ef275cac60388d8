"""Turns each rated model into its page: energy, phases, runs, label and how to embed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from builder.analysis import queries
from builder.analysis.choices import Choice
from builder.analysis.leaderboards import RATED_BATCH_SIZE, ClassRating
from builder.charts.energy_label import HEIGHT, WIDTH
from builder.pages.load import records
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.rated import RatedModel, RatedTask
from builder.pages.tasks import INDEX

# In the order of the work.
_PHASE_WORDS = {
    "preprocess": "Preparing the input",
    "prefill": "Reading the input",
    "decode": "Making tokens",
    "forward": "Running the model",
}


@dataclass(frozen=True)
class Phase:
    """A part of a query's energy; `start` and `share` are of the whole, in percent."""

    key: str
    title: str
    energy_mj: float
    start: float
    share: float


@dataclass(frozen=True, kw_only=True)
class RatedModelPage(Page):
    """Fills rated_model.html.

    Attributes:
        rating: Of the model's class.
        runs: Every run of the rated setup one query at a time.
        choices: What was measured of it beside the rating.
        label: Path of the label as SVG; empty without an energy.
        width: Of the label, in pixels.
        height: Of the label.
    """

    task: RatedTask
    model: RatedModel
    rating: ClassRating
    phases: tuple[Phase, ...]
    runs: tuple[dict[str, Any], ...]
    choices: tuple[Choice, ...]
    label: str
    label_files: tuple[tuple[str, str], ...]
    width: int
    height: int


def rated_model_pages(atlas: Atlas) -> Iterator[RatedModelPage]:
    """Make a page for each model of each rated task."""
    for task in atlas.rated:
        runs: dict[str, list[dict[str, Any]]] = {}
        for row in records(queries.query_runs(atlas.connection, task.key, task.board.setup)):
            if row["batch_size"] == RATED_BATCH_SIZE:
                runs.setdefault(row["model"], []).append(row)
        for model in task.models:
            yield _page(task, model, tuple(runs.get(model.fields["model"], ())))


def _page(task: RatedTask, model: RatedModel, runs: tuple[dict[str, Any], ...]) -> RatedModelPage:
    title, name = model.fields["title"], model.fields["model"]
    measured = model.energy_mj is not None
    label_files = tuple(
        (f"{ending.upper()}, {theme}", model.label_path(theme, ending))
        for ending in ("svg", "png")
        for theme in ("light", "dark")
    )
    return RatedModelPage(
        path=model.path,
        title=f"{title}: {task.fields['title']}",
        description=f"GPU energy of 1,000 {task.fields['items']} with {name}: stars, phases, runs and a label.",
        section=INDEX,
        task=task,
        model=model,
        rating=next(one for one in task.board.classes if one.size_class == model.size_class),
        phases=_phases(model),
        runs=runs,
        choices=tuple(choice for choice in task.choices if choice.model == name),
        label=model.label_path("light", "svg") if measured else "",
        label_files=label_files if measured else (),
        width=WIDTH,
        height=HEIGHT,
    )


def _phases(model: RatedModel) -> tuple[Phase, ...]:
    if model.figure is None:
        return ()
    energies = model.figure.phases_mj
    total, start = sum(energies.values()), 0.0
    phases = []
    for key, energy_mj in energies.items():
        share = 100 * energy_mj / total
        phases.append(Phase(key, _PHASE_WORDS[key], energy_mj, start, share))
        start += share
    return tuple(phases)


RATED_MODEL = PageKind("rated models", "rated_model.html", rated_model_pages)
