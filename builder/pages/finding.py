"""The figures and what they say into findings: a page's words, its pictures and the files that it links to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from builder.charts.figures import FIGURES
from builder.charts.figures.figure import SHAPES, Figure
from builder.charts.figures.material import load_material
from builder.charts.figures.render import page_svg
from builder.charts.figures.words import kept_together
from builder.pages.finding_texts import Number, texts

FOLDER = "findings"


@dataclass(frozen=True)
class Picture:
    """A figure as a page shows it.

    Attributes:
        figure: What is drawn.
        svg: Name of a shape -> the picture.
    """

    figure: Figure
    svg: Mapping[str, str]

    @property
    def title(self) -> str:
        """What it shows."""
        return kept_together(self.figure.title)

    @property
    def subtitle(self) -> str:
        """What is drawn."""
        return kept_together(self.figure.subtitle)

    @property
    def csv_path(self) -> str:
        """Every row drawn."""
        return f"{FOLDER}/{self.figure.key}.csv"

    @property
    def sql_path(self) -> str:
        """The query behind the rows."""
        return f"{FOLDER}/{self.figure.key}.sql"


@dataclass(frozen=True)
class Finding:
    """What a page tells.

    Attributes:
        slug: Name of its page.
        topic: What it is about, in two or three words.
        title: What was found.
        number: The one to remember.
        sentences: Three.
        pictures: The first is the finding, the others are for looking closer.
    """

    slug: str
    topic: str
    title: str
    number: Number
    sentences: tuple[str, ...]
    pictures: tuple[Picture, ...]

    @property
    def path(self) -> str:
        """Where its page stands."""
        return f"{FOLDER}/{self.slug}.html"


def load_findings(connection: duckdb.DuckDBPyConnection, noise: Mapping[str, float]) -> tuple[Finding, ...]:
    """Return the findings that the data give; none where they lack the study's setups.

    Args:
        connection: The database.
        noise: Setup -> its noise floor (p95), as a share of the energy.
    """
    try:
        material = load_material(connection)
    except LookupError:
        return ()
    figures = {figure.key: figure for figure in (maker(material) for maker in FIGURES) if figure}
    return tuple(
        Finding(
            slug=text.slug,
            topic=text.topic,
            title=kept_together(figures[text.figures[0]].title),
            number=text.number,
            sentences=tuple(kept_together(sentence) for sentence in text.sentences),
            pictures=tuple(
                Picture(figures[key], {shape.key: page_svg(figures[key], shape) for shape in SHAPES})
                for key in text.figures
            ),
        )
        for text in texts(material, noise)
    )


def finding_files(findings: tuple[Finding, ...]) -> dict[str, bytes]:
    """Return path -> content of the data and queries that pages link to."""
    files = {}
    for finding in findings:
        for picture in finding.pictures:
            files[picture.csv_path] = picture.figure.csv.encode()
            files[picture.sql_path] = picture.figure.query.text.encode()
    return files
