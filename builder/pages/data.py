"""Turns what can be downloaded into the data page: files, columns, licences, how to cite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.pages.catalogue import Setup
from builder.pages.downloads import Download, TableFiles
from builder.pages.page import Atlas, Page, PageKind
from builder.pages.paths import DATABASE


@dataclass(frozen=True, kw_only=True)
class DataPage(Page):
    """Fills data.html."""

    database: str
    tables: tuple[TableFiles, ...]
    setups: tuple[tuple[Setup, tuple[Download, ...]], ...]


def data_pages(atlas: Atlas) -> Iterator[DataPage]:
    """Make the one page."""
    yield DataPage(
        path="data.html",
        title="Data",
        description="Every table of Joule Atlas as CSV, Parquet and DuckDB, with its columns, sources and licences.",
        section="data.html",
        database=DATABASE,
        tables=atlas.tables,
        setups=tuple((setup, atlas.setup_files[setup.key]) for setup in atlas.catalogue.setups),
    )


DATA = PageKind("data", "data.html", data_pages)
