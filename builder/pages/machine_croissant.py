"""Turns the tables' declarations into Croissant, which loaders of data sets read: https://docs.mlcommons.org/croissant/."""

from __future__ import annotations

from typing import Any

from builder.pages.downloads import Download, TableFiles
from builder.pages.machine_dataset import KEYWORDS, Dataset, licence_url
from builder.tables.columns import Column

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "url": "sc:URL",
}
# Croissant's words, as its specification gives them; the rest are schema.org's.
_WORDS = (
    "citeAs column equivalentProperty extract field fileObject fileProperty fileSet format includes "
    "isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate "
    "separator source subField transform"
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{word: f"cr:{word}" for word in _WORDS.split()},
}


def croissant(dataset: Dataset) -> dict[str, Any]:
    """Return the description: a file and a record set a table."""
    site = dataset.site
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": "joule-atlas",
        "alternateName": site.name,
        "description": dataset.description,
        "url": dataset.url,
        "version": site.version,
        "license": [licence_url(licence) for licence in dataset.licences],
        "creator": {"@type": "sc:Organization", "name": f"The {site.name} contributors", "url": site.url},
        "keywords": list(KEYWORDS),
        "citeAs": f"{site.name}, version {site.version}: {site.url}",
        "distribution": [_file(dataset, table.parquet) for table in dataset.tables],
        "recordSet": [_record_set(table) for table in dataset.tables],
    }
    if dataset.last_day:
        described["datePublished"] = dataset.last_day
    return described


def _file(dataset: Dataset, file: Download) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": _name(file),
        "name": _name(file),
        "contentUrl": dataset.address(file),
        "contentSize": f"{file.size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": file.sha256,
    }


def _record_set(table: TableFiles) -> dict[str, Any]:
    name = table.export.name
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": table.export.meaning,
        "key": [{"@id": f"{name}/{column}"} for column in table.export.order],
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: TableFiles, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.export.name}/{column.name}",
        "name": column.name,
        "description": f"{column.meaning} [{column.unit}]" if column.unit else column.meaning,
        "dataType": _TYPES.get(column.kind, "sc:Text"),
        "source": {"fileObject": {"@id": _name(table.parquet)}, "extract": {"column": column.name}},
    }


def _name(file: Download) -> str:
    return file.path.removeprefix("data/")
