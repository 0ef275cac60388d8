"""Turns the days on which setups were measured into an Atom feed: https://www.rfc-editor.org/rfc/rfc4287."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import duckdb

from builder.pages.page import Site
from builder.pages.paths import FEED
from builder.tables.relations import RELATIONS

NAMESPACE = "http://www.w3.org/2005/Atom"
# Before anything was measured here; a feed must say when it changed.
_NEVER = "1970-01-01"


@dataclass(frozen=True)
class Measured:
    """A setup whose provenance says on which days it was measured.

    Attributes:
        table: That holds its provenance.
        first_day: As YYYY-MM-DD; empty where it is not known.
        last_day: The same; known.
    """

    table: str
    task: str
    setup: str
    title: str
    authors: str
    first_day: str
    last_day: str


def measured_setups(connection: duckdb.DuckDBPyConnection) -> list[Measured]:
    """Return every setup with a last day, the latest first."""
    found = [Measured(*row) for table in _tables() for row in connection.execute(_QUERY.format(table=table)).fetchall()]
    return sorted(sorted(found, key=lambda one: (one.task, one.setup)), key=lambda one: one.last_day, reverse=True)


def atom(site: Site, measured: Sequence[Measured], paths: Collection[str]) -> bytes:
    """Return the feed: an entry a setup, which is updated on the last day on which the setup was measured.

    Args:
        site: Where it stands.
        measured: The latest first.
        paths: Of the site's pages: an entry leads to its setup's where there is one.
    """
    feed = ET.Element("feed", xmlns=NAMESPACE)
    _add(feed, "title", f"{site.name}: new measurements")
    _add(feed, "subtitle", f"{site.tagline}: each setup when it was measured last.")
    _add(feed, "id", site.url)
    _add(feed, "updated", _moment(max((one.last_day for one in measured), default=_NEVER)))
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=site.url + FEED)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=f"{site.url}data.html")
    _add(ET.SubElement(feed, "author"), "name", f"The {site.name} contributors")
    for one in measured:
        page = f"setups/{one.setup}.html"
        entry = ET.SubElement(feed, "entry")
        _add(entry, "title", one.title)
        _add(entry, "id", f"{site.url}data.html#{one.table}/{one.task}/{one.setup}")
        _add(entry, "updated", _moment(one.last_day))
        address = site.url + (page if one.table == "setups" and page in paths else "data.html")
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=address)
        _add(ET.SubElement(entry, "author"), "name", one.authors)
        days = one.last_day if one.first_day in {"", one.last_day} else f"{one.first_day} to {one.last_day}"
        _add(entry, "summary", f"{one.task.replace('_', ' ').capitalize()}, measured {days}.")
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


_QUERY = """
SELECT '{table}', task, setup, title, source_authors,
    coalesce(measured_first_day::VARCHAR, ''), measured_last_day::VARCHAR
FROM {table} WHERE measured_last_day IS NOT NULL
"""


def _tables() -> Iterator[str]:
    for relation in RELATIONS:
        if any(column.name == "measured_last_day" for column in relation.columns):
            yield relation.name


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _moment(day: str) -> str:
    # Provenance knows no hour.
    return f"{day}T00:00:00Z"
