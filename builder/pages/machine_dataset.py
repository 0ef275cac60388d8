"""Turns the tables of a build into what all descriptions of the data say, and into schema.org's for search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from builder.pages.downloads import Download, TableFiles
from builder.pages.machine_feed import Measured
from builder.pages.page import Site
from builder.tables.relations import RELATIONS, Relation

KEYWORDS = ("energy", "inference", "machine learning", "GPU", "accuracy", "efficiency", "benchmark")
_SPDX = re.compile(r"[A-Za-z0-9.-]+\+?")
# What would end a script's element, or begin a comment in it, stands in JSON's own escapes.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Dataset:
    """What the descriptions of the data share.

    Attributes:
        description: A few sentences, without line ends.
        licences: SPDX names or other words, each once, in the order of the sources.
        last_day: The last day of any measurement, as YYYY-MM-DD; empty where none is known.
    """

    site: Site
    tables: tuple[TableFiles, ...]
    description: str
    licences: tuple[str, ...]
    last_day: str

    @property
    def url(self) -> str:
        """The page that shows the data."""
        return f"{self.site.url}data.html"

    def address(self, file: Download) -> str:
        """Return where a file stands."""
        return self.site.url + file.path


def describe(site: Site, tables: tuple[TableFiles, ...], measured: Sequence[Measured]) -> Dataset:
    """Return what there is to say of a build's tables; `measured` are the setups, the latest first."""
    rows = {table.export.name: table.rows for table in tables}
    counts = [f"{number:,} {name.replace('_', ' ')}" for name, number in rows.items() if name in _COUNTED and number]
    description = (
        f"{site.tagline}: {', '.join(counts)}. Energy is that of the GPU, in millijoules per item; what is not known "
        "is empty, never 0. Each setup has its provenance."
    )
    licences = dict.fromkeys(source.licence for source in site.sources)
    return Dataset(site, tables, description, tuple(licences), measured[0].last_day if measured else "")


def relation_of(table: TableFiles) -> Relation | None:
    """Return the declaration of a table; None for a view."""
    return next((relation for relation in RELATIONS if relation.name == table.export.name), None)


def licence_url(licence: str) -> str:
    """Return the address of a licence that SPDX names; any other text as it is."""
    return f"https://spdx.org/licenses/{licence}.html" if _SPDX.fullmatch(licence) else licence


def schema_org(dataset: Dataset) -> dict[str, Any]:
    """Return the description that search engines read: https://developers.google.com/search/docs/appearance/structured-data/dataset."""
    site = dataset.site
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{dataset.url}#dataset",
        "name": site.name,
        "description": dataset.description,
        "url": dataset.url,
        "version": site.version,
        "license": [licence_url(licence) for licence in dataset.licences],
        "creator": {"@type": "Organization", "name": f"The {site.name} contributors", "url": site.url},
        "citation": [f"{source.authors}: {source.title}" for source in site.sources],
        "isAccessibleForFree": True,
        "keywords": list(KEYWORDS),
        "variableMeasured": _variables(dataset),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.path.removeprefix("data/"),
                "contentUrl": dataset.address(file),
                "encodingFormat": media_type,
                "contentSize": f"{file.size} B",
            }
            for table in dataset.tables
            for file, media_type in files_of(table)
        ],
    }
    if dataset.last_day:
        described["dateModified"] = dataset.last_day
    return described


def files_of(table: TableFiles) -> tuple[tuple[Download, str], ...]:
    """Return a table's files and their media types."""
    return (
        (table.csv, "text/csv"),
        (table.parquet, "application/vnd.apache.parquet"),
        (table.json, "application/json"),
    )


def script_block(content: Mapping[str, Any]) -> Markup:
    """Return JSON that may stand within a script element: nothing in it can end the element."""
    return Markup(json.dumps(content, ensure_ascii=False, allow_nan=False).translate(_ESCAPES))  # noqa: S704


def _variables(dataset: Dataset) -> list[dict[str, str]]:
    """Return each measured quantity once: the columns that have a unit."""
    columns = {column.name: column for table in dataset.tables for column in table.columns if column.unit}
    return [
        {"@type": "PropertyValue", "name": name, "description": column.meaning, "unitText": column.unit}
        for name, column in columns.items()
    ]


# What tells a reader how much there is.
_COUNTED = ("models", "figures", "measurements", "rated_models", "query_runs", "setups", "query_setups", "tasks")
