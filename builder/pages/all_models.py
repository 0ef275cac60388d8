"""Turns the rated tasks into one leaderboard of all their models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.analysis.ratings import STARS
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.rated import ALL_MODELS_PATH, RatedModel, RatedTask
from builder.pages.rated_files import Files, csv_path, json_path
from builder.pages.tasks import INDEX


@dataclass(frozen=True, kw_only=True)
class AllModelsPage(Page):
    """Fills all_models.html.

    Attributes:
        rows: Task and model of each row; least energy first, those without a figure last.
        measured: How many rows have an energy.
        files: The table for other programs.
    """

    tasks: tuple[RatedTask, ...]
    rows: tuple[tuple[RatedTask, RatedModel], ...]
    measured: int
    stars: int
    files: Files


def all_models_pages(atlas: Atlas) -> Iterator[AllModelsPage]:
    """Make the one page."""
    rows = [(task, model) for task in atlas.rated for model in task.models]
    yield AllModelsPage(
        path=ALL_MODELS_PATH,
        title="All rated models",
        description="GPU energy of 1,000 queries with every rated model of every task, in 1 to 5 stars.",
        section=INDEX,
        tasks=atlas.rated,
        rows=tuple(sorted(rows, key=_order)),
        measured=sum(model.energy_mj is not None for _, model in rows),
        stars=STARS,
        files=Files(csv_path(), json_path()),
    )


def _order(row: tuple[RatedTask, RatedModel]) -> tuple[bool, float, str, str]:
    task, model = row
    return model.energy_mj is None, model.energy_mj or 0.0, model.fields["title"], task.key


ALL_MODELS = PageKind("all rated models", "all_models.html", all_models_pages)
