"""Turns the rated tasks that have models of both approaches into the page on what general models take beside others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from builder.analysis.approaches import GENERAL, Gap, Pair
from builder.pages.format import number
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.rated import GENERAL_PATH, RatedModel, RatedTask
from builder.pages.rated_pictures import RatedPicture
from builder.pages.tasks import INDEX


@dataclass(frozen=True)
class PairRow:
    """A general model beside one made for the task, of about its size."""

    general: RatedModel
    specific: RatedModel
    pair: Pair

    @property
    def interval(self) -> str:
        """The ends of the ratio, in words."""
        times = self.pair.times
        if math.isnan(times.low):
            return "one run"
        return f"{number(times.low, 2)} {f'to {number(times.high, 2)}' if math.isfinite(times.high) else 'or more'}"


@dataclass(frozen=True)
class TaskGap:
    """What general models take on one task.

    Attributes:
        unmeasured: General models that are listed and have no energy.
        without_quality: General models that are measured and whose quality nobody published.
    """

    task: RatedTask
    gap: Gap
    rows: tuple[PairRow, ...]
    unmeasured: tuple[RatedModel, ...]
    without_quality: tuple[RatedModel, ...]


@dataclass(frozen=True, kw_only=True)
class GeneralPage(Page):
    """Fills general.html.

    Attributes:
        picture: None where no task has several models of both approaches.
        writing: Least and most share of a general model's energy that goes into writing tokens; None where none writes.
    """

    picture: RatedPicture | None
    gaps: tuple[TaskGap, ...]
    writing: tuple[float, float] | None


def general_pages(atlas: Atlas) -> Iterator[GeneralPage]:
    """Make the one page."""
    gaps = tuple(_gap(task, task.gap) for task in atlas.rated if task.gap)
    shares = [row.pair.decode_share for gap in gaps for row in gap.rows if row.pair.decode_share]
    yield GeneralPage(
        path=GENERAL_PATH,
        title="What a general model takes",
        description="Zero-shot general models against models made for the task: the energy of the same queries.",
        section=INDEX,
        picture=atlas.pictures().approaches,
        gaps=gaps,
        writing=(min(shares), max(shares)) if shares else None,
    )


def _gap(task: RatedTask, gap: Gap) -> TaskGap:
    models = {model.fields["model"]: model for model in task.models}
    general = [model for model in task.models if model.fields["approach"] == GENERAL]
    return TaskGap(
        task=task,
        gap=gap,
        rows=tuple(PairRow(models[pair.general], models[pair.specific], pair) for pair in gap.pairs),
        unmeasured=tuple(model for model in general if model.energy_mj is None),
        without_quality=tuple(
            model for model in general if model.energy_mj is not None and model.fields["quality"] is None
        ),
    )


GENERAL_MODELS = PageKind("general models", "general.html", general_pages)
