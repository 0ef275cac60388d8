"""Turns the tables' declarations into a Frictionless data package: https://datapackage.org/standard/data-package/."""

from __future__ import annotations

from typing import Any

from builder.pages.downloads import TableFiles
from builder.pages.machine_dataset import KEYWORDS, Dataset, licence_url, relation_of
from builder.tables.cells import FORMS
from builder.tables.columns import Column

_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "date": "date"}


def data_package(dataset: Dataset) -> dict[str, Any]:
    """Return the descriptor; its paths are relative to the site's folder data/."""
    site = dataset.site
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "tabular-data-package",
        "name": "joule-atlas",
        "id": f"{dataset.url}#dataset",
        "title": site.name,
        "description": dataset.description,
        "homepage": dataset.url,
        "version": site.version,
        "keywords": list(KEYWORDS),
        "licenses": [_licence(licence) for licence in dataset.licences],
        "sources": [{"title": source.title, **({"path": source.url} if source.url else {})} for source in site.sources],
        "resources": [_resource(table) for table in dataset.tables],
    }
    return package


def _licence(licence: str) -> dict[str, str]:
    address = licence_url(licence)
    return {"name": licence, "path": address} if address != licence else {"name": "other", "title": licence}


def _resource(table: TableFiles) -> dict[str, Any]:
    return {
        "name": table.export.name,
        "title": table.export.meaning,
        "path": table.csv.path.removeprefix("data/"),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.csv.size,
        "hash": f"sha256:{table.csv.sha256}",
        "schema": _schema(table),
    }


def _schema(table: TableFiles) -> dict[str, Any]:
    relation = relation_of(table)
    schema: dict[str, Any] = {
        "fields": [_field(column, declared=relation is not None) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(relation.key if relation else table.export.order),
    }
    if relation and relation.foreign_keys:
        schema["foreignKeys"] = [
            {"fields": list(key.columns), "reference": {"resource": key.table, "fields": list(key.references)}}
            for key in relation.foreign_keys
        ]
    return schema


def _field(column: Column, *, declared: bool) -> dict[str, Any]:
    """Return a column; a view's keep their limits but not whether they may be empty, which it says nowhere."""
    field: dict[str, Any] = {"name": column.name, "type": _TYPES.get(column.kind, "string")}
    if column.kind == "url":
        field["format"] = "uri"
    if column.kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    field["description"] = f"{column.meaning} [{column.unit}]" if column.unit else column.meaning
    if column.unit:
        field["unit"] = column.unit
    limits: dict[str, Any] = {"required": True} if declared and column.required else {}
    # A limit that is itself excluded has no word in this standard: the nearest one is left.
    low = column.minimum if column.above is None else column.above
    if low is not None:
        limits["minimum"] = low
    if column.maximum is not None:
        limits["maximum"] = column.maximum
    if column.choices:
        limits["enum"] = list(column.choices)
    elif column.kind == "slug":
        limits["pattern"] = FORMS["slug"].pattern
    return {**field, "constraints": limits} if limits else field
