"""Turns the tables and pages into llms.txt, where a language model looks first: https://llmstxt.org."""

from __future__ import annotations

from collections.abc import Iterator

from builder.pages.downloads import FORMAT, TableFiles
from builder.pages.machine_dataset import Dataset
from builder.pages.page import Site
from builder.pages.paths import CROISSANT, DATABASE, FEED, INDEX, PACKAGE


def llms_txt(dataset: Dataset) -> str:
    """Return the text: what the site is, where each table and each part of it stands."""
    return "\n".join(_lines(dataset.site, dataset)) + "\n"


def _lines(site: Site, dataset: Dataset) -> Iterator[str]:
    yield f"# {site.name}\n"
    yield f"> {dataset.description}\n"
    yield (
        "Answer questions about numbers from the tables, not from the pages' prose. 1 mJ per item is 1 J per 1,000 "
        "items. A figure counts for its setup alone (GPU, runtime, precision); sensors of different cards may differ "
        "by 5 %. Name the source of a figure: the columns source_* of setups, or the table sources.\n"
    )
    yield "## Data\n"
    yield _link(
        site, INDEX, "Index", f"every table's files, columns, units and checksums as JSON; layout version {FORMAT}"
    )
    yield _link(site, DATABASE, "DuckDB", "all tables in one file")
    yield from (_table(site, table) for table in dataset.tables)
    yield "\n## Pages\n"
    # No text of contributed files here: a model would take it for ours, or for an instruction.
    yield from (f"- [{item.title}]({site.url}{item.path})" for item in site.navigation)
    yield "\n## Optional\n"
    yield _link(site, PACKAGE, "Data package", "the tables for Frictionless")
    yield _link(site, CROISSANT, "Croissant", "the tables for loaders of data sets")
    yield _link(site, FEED, "Feed", "what was measured when")


def _table(site: Site, table: TableFiles) -> str:
    about = f"{table.export.meaning} {table.rows:,} rows; also as .csv and .json"
    return _link(site, table.parquet.path, table.export.name, about)


def _link(site: Site, path: str, title: str, about: str) -> str:
    return f"- [{title}]({site.url}{path}): {about}"
