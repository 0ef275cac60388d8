"""Turns what can be downloaded into the data page: files, columns, licences, how to cite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from builder.pages.catalogue import Setup
from builder.pages.downloads import FORMAT, Download, TableFiles
from builder.pages.machine_dataset import describe, schema_org, script_block
from builder.pages.machine_feed import measured_setups
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.paths import CROISSANT, DATABASE, FEED, INDEX, LLMS, PACKAGE, SITEMAP


@dataclass(frozen=True, kw_only=True)
class DataPage(Page):
    """Fills data.html.

    Attributes:
        layout: Version of the files' layout.
        descriptions: What programs read: path, name, what it is.
        feed: Path of the one that feed readers find by themselves.
        schema_org: The description for search engines, as it may stand in a script element.
    """

    database: str
    layout: int
    descriptions: tuple[tuple[str, str, str], ...]
    feed: str
    schema_org: Markup
    tables: tuple[TableFiles, ...]
    setups: tuple[tuple[Setup, tuple[Download, ...]], ...]


DESCRIPTIONS = (
    (INDEX, "index.json", "every table with its files, columns, units and checksums"),
    (PACKAGE, "datapackage.json", "the tables as a Frictionless data package, with types, limits and keys"),
    (CROISSANT, "croissant.json", "the tables in Croissant, which loaders of machine-learning data sets read"),
    (FEED, "feed.xml", "an Atom feed: each setup when it was measured last"),
    (LLMS, "llms.txt", "where a language model finds all this"),
    (SITEMAP, "sitemap.xml", "every page"),
)


def data_pages(atlas: Atlas) -> Iterator[DataPage]:
    """Make the one page."""
    yield DataPage(
        path="data.html",
        title="Data",
        description="Every table of Joule Atlas as CSV, Parquet, JSON and DuckDB: columns, sources, licences.",
        section="data.html",
        database=DATABASE,
        layout=FORMAT,
        descriptions=DESCRIPTIONS,
        feed=FEED,
        schema_org=script_block(schema_org(describe(atlas.site, atlas.tables, measured_setups(atlas.connection)))),
        tables=atlas.tables,
        setups=tuple((setup, atlas.setup_files[setup.key]) for setup in atlas.catalogue.setups),
    )


DATA = PageKind("data", "data.html", data_pages)
