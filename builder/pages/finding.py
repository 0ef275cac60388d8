"""The figures and what they say into findings: a page's words, its pictures and the files that it links to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb

from builder.analysis.claims import CheckedClaim, check_claims, read_claims
from builder.charts.figures import FIGURES
from builder.charts.figures.figure import SHAPES, Figure
from builder.charts.figures.material import load_material
from builder.charts.figures.render import page_svg
from builder.charts.figures.words import kept_together
from builder.pages.finding_text import texts
from builder.pages.finding_text.text import Number, Sheet

FOLDER = "findings"


@dataclass(frozen=True)
class Picture:
    """A figure as a page shows it; plain values, as one process hands them to another.

    Attributes:
        key: Name of its files.
        place: Where the paper has it; None where it is not in the paper.
        title: What it shows.
        subtitle: What is drawn.
        description: For readers who cannot see it.
        csv: Every row drawn.
        sha256: Of the CSV.
        sql: The query behind the rows.
        svg: Name of a shape -> the picture.
    """

    key: str
    place: str | None
    title: str
    subtitle: str
    description: str
    csv: str
    sha256: str
    sql: str
    svg: Mapping[str, str]

    @property
    def csv_path(self) -> str:
        """Where the rows stand."""
        return f"{FOLDER}/{self.key}.csv"

    @property
    def sql_path(self) -> str:
        """Where the query stands."""
        return f"{FOLDER}/{self.key}.sql"


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
        sheets: Tables for looking closer still.
    """

    slug: str
    topic: str
    title: str
    number: Number
    sentences: tuple[str, ...]
    pictures: tuple[Picture, ...]
    sheets: tuple[Sheet, ...] = ()

    @property
    def path(self) -> str:
        """Where its page stands."""
        return f"{FOLDER}/{self.slug}.html"


@dataclass(frozen=True)
class Findings:
    """What the data say, as pages tell it; nothing where they lack the study's setups.

    Attributes:
        told: In the paper's order.
        claims: The paper's numbers, recomputed.
    """

    told: tuple[Finding, ...] = ()
    claims: tuple[CheckedClaim, ...] = ()

    @property
    def files(self) -> dict[str, bytes]:
        """Path -> content of the data and queries that pages link to."""
        pictures = [picture for finding in self.told for picture in finding.pictures]
        return {
            path: text.encode()
            for picture in pictures
            for path, text in ((picture.csv_path, picture.csv), (picture.sql_path, picture.sql))
        }


def load_findings(connection: duckdb.DuckDBPyConnection, noise: Mapping[str, float]) -> Findings:
    """Return the findings that the data give.

    Args:
        connection: The database.
        noise: Setup -> its noise floor (p95), as a share of the energy.
    """
    try:
        material = load_material(connection)
    except LookupError:
        return Findings()
    figures = {figure.key: figure for figure in (maker(material) for maker in FIGURES) if figure}
    told = tuple(
        Finding(
            slug=text.slug,
            topic=text.topic,
            title=kept_together(figures[text.figures[0]].title),
            number=replace(text.number, note=kept_together(text.number.note)),
            sentences=tuple(kept_together(sentence) for sentence in text.sentences),
            pictures=tuple(_picture(figures[key]) for key in text.figures),
            sheets=tuple(
                replace(sheet, title=kept_together(sheet.title), lead=kept_together(sheet.lead))
                for sheet in text.sheets
            ),
        )
        for text in texts(material, noise)
    )
    return Findings(told, check_claims(read_claims(), material.numbers))


def _picture(figure: Figure) -> Picture:
    return Picture(
        key=figure.key,
        place=figure.place,
        title=kept_together(figure.title),
        subtitle=kept_together(figure.subtitle),
        description=figure.description,
        csv=figure.csv,
        sha256=figure.sha256,
        sql=figure.query.text,
        svg={shape.key: page_svg(figure, shape) for shape in SHAPES},
    )
