"""Turns rated tasks into the pictures of their pages, as SVG that follows the page's colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from builder.analysis.leaderboards import leaderboards
from builder.charts.batches import batch_picture
from builder.charts.figures.figure import SHAPES, Figure
from builder.charts.figures.render import page_svg
from builder.charts.rated import load_rated, quality_picture, size_picture
from builder.charts.rated_overview import approaches_picture, overview_picture


@dataclass(frozen=True)
class RatedPicture:
    """A picture with its words.

    Attributes:
        description: For readers who cannot see it.
        svg: Name of a shape -> the picture.
    """

    title: str
    subtitle: str
    description: str
    svg: Mapping[str, str]


@dataclass(frozen=True)
class RatedPictures:
    """All pictures of rated tasks.

    Attributes:
        overview: None where nothing was measured.
        approaches: None where no task has several models of both approaches.
        tasks: Task -> its pictures.
        batches: None where no model ran in batches.
    """

    overview: RatedPicture | None = None
    approaches: RatedPicture | None = None
    batches: RatedPicture | None = None
    tasks: Mapping[str, tuple[RatedPicture, ...]] | None = None

    def of(self, task: str) -> tuple[RatedPicture, ...]:
        """Return a task's pictures; none where it has too few models."""
        return (self.tasks or {}).get(task, ())


def draw_rated(connection: duckdb.DuckDBPyConnection) -> RatedPictures:
    """Draw whatever the data suffice for."""
    materials = load_rated(connection, list(leaderboards(connection).values()))
    overview, approaches, batches = (
        _picture(figure) if figure else None
        for figure in (overview_picture(materials), approaches_picture(materials), batch_picture(connection))
    )
    return RatedPictures(
        overview=overview,
        approaches=approaches,
        batches=batches,
        tasks={
            material.task: tuple(
                _picture(figure) for maker in (size_picture, quality_picture) if (figure := maker(material))
            )
            for material in materials
        },
    )


def _picture(figure: Figure) -> RatedPicture:
    svg = {shape.key: page_svg(figure, shape) for shape in SHAPES}
    return RatedPicture(figure.title, figure.subtitle, figure.description, svg)
