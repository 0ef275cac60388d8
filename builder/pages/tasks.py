"""Turns the rated tasks into their index and a leaderboard each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from builder.analysis.ratings import MIN_MODELS, STARS
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.rated import FOLDER, RatedModel, RatedTask
from builder.pages.rated_files import Files, csv_path, json_path
from builder.pages.rated_pictures import RatedPicture
from builder.pages.rated_words import approaches, comparison, span, warming
from builder.pages.setups import Field, title_of

INDEX = f"{FOLDER}/index.html"


@dataclass(frozen=True, kw_only=True)
class TasksPage(Page):
    """Fills tasks.html.

    Attributes:
        models: How many have an energy.
        epoch: The frozen one that the stars stand on; empty where there is none.
        picture: All of them; None where nothing was measured.
    """

    tasks: tuple[RatedTask, ...]
    models: int
    epoch: str
    picture: RatedPicture | None
    stars: int
    min_models: int


@dataclass(frozen=True, kw_only=True)
class LeaderboardPage(Page):
    """Fills leaderboard.html.

    Attributes:
        lede: From what to what the energies go; empty where that is not known.
        sentences: What else the figures say.
        rows: Task and model of each row of the board.
        warming: That first runs took more; empty where they did not.
        compared: The models that the page can compare from the start: the least and the most energy.
        has_quality: Whether any model has one.
        controls: What the rating keeps alike.
        files: The table for other programs.
    """

    task: RatedTask
    lede: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[RatedTask, RatedModel], ...]
    warming: str
    compared: tuple[RatedModel, RatedModel] | None
    has_quality: bool
    controls: tuple[Field, ...]
    pictures: tuple[RatedPicture, ...]
    stars: int
    min_models: int
    files: Files


def tasks_pages(atlas: Atlas) -> Iterator[TasksPage]:
    """Make the index."""
    tasks = atlas.rated
    epochs = {rating.epoch for task in tasks for rating in task.board.classes if rating.epoch}
    yield TasksPage(
        path=INDEX,
        title="Tasks",
        description="What 1,000 queries take on a GPU, model by model and task by task, with stars from 1 to 5.",
        section=INDEX,
        tasks=tasks,
        models=sum(len(task.measured) for task in tasks),
        epoch=max(epochs, default=""),
        picture=atlas.pictures().overview,
        stars=STARS,
        min_models=MIN_MODELS,
    )


def leaderboard_pages(atlas: Atlas) -> Iterator[LeaderboardPage]:
    """Make a page for each rated task."""
    for task in atlas.rated:
        measured = task.measured
        yield LeaderboardPage(
            path=task.path,
            title=task.fields["title"],
            description=f"GPU energy of 1,000 {task.fields['items']} with {len(measured)} models, in 1 to 5 stars.",
            section=INDEX,
            task=task,
            lede=span(task),
            sentences=tuple(sentence for sentence in (comparison(task), approaches(task)) if sentence),
            rows=tuple((task, model) for model in task.models),
            warming=warming(task),
            compared=(measured[0], measured[-1]) if len(measured) > 1 else None,
            has_quality=any(model.fields["quality"] is not None for model in task.models),
            controls=conditions_of(task),
            pictures=atlas.pictures().of(task.key),
            stars=STARS,
            min_models=MIN_MODELS,
            files=Files(csv_path(task), json_path(task)),
        )


def conditions_of(task: RatedTask) -> tuple[Field, ...]:
    """Return the rating's conditions: its own, where the task's other half keeps others."""
    fields = json.loads(task.fields["rating"]) or json.loads(task.fields["control_variables"])
    return tuple(Field(title_of(name), text, "", "", is_link=False) for name, text in fields.items())


TASKS = PageKind("tasks", "tasks.html", tasks_pages)
LEADERBOARD = PageKind("leaderboards", "leaderboard.html", leaderboard_pages)
