"""Turns data/ into the site: database, downloads, the explorer's data, static files and every page."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from builder.analysis import queries
from builder.charts.runtime import vega_runtime
from builder.pages.assets import fingerprint, load_assets
from builder.pages.catalogue import Catalogue
from builder.pages.downloads import write_downloads, write_setup_files
from builder.pages.explorer_data import explorer_files
from builder.pages.finding import finding_files, load_findings
from builder.pages.kinds import PAGES
from builder.pages.load import load_catalogue, records
from builder.pages.model import json_path, model_json
from builder.pages.page import NAME, Atlas, Site, Source
from builder.pages.paths import DATABASE, NOT_FOUND
from builder.pages.plane import place_models
from builder.pages.render import Renderer
from builder.pages.writer import Writer, replacing
from builder.problems import UserError
from builder.tables.database import build_database

DISTRIBUTION = "joule-atlas"


@dataclass
class SiteReport:
    """What a build made.

    Attributes:
        pages: HTML files.
        files: All files, pages included.
        size: Of all files, in bytes.
        seconds: Stage -> how long it took.
    """

    pages: int = 0
    files: int = 0
    size: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def build_site(data: Path, out: Path, site_path: str = "/") -> SiteReport:
    """Build the whole site, and put it in the place of `out` when it is complete.

    Args:
        data: The folder data/.
        out: The site's folder; a failed or killed build leaves it as it was.
        site_path: Path of the site on its host. Only 404.html needs it: a host serves that page at any depth.

    Raises:
        UserError: The data are not valid, or `out` holds something else.
    """
    report = SiteReport()
    with replacing(out) as writer, tempfile.TemporaryDirectory() as scratch:
        write_site(data, Path(scratch) / Path(DATABASE).name, _Counting(writer, report), report, site_path)
    return report


def write_site(data: Path, database: Path, writer: Writer, report: SiteReport, site_path: str = "/") -> None:
    """Write every file of the site; `database` is where the database is built, in no folder of the site."""
    with ThreadPoolExecutor(1) as thread:
        # Two seconds in which Python itself has nothing to do.
        vega = thread.submit(vega_runtime)
        with _stage(report, "check and load the data"):
            # Closed and opened again: only then is everything in the file.
            build_database(data, database).close()
            connection = duckdb.connect(str(database), read_only=True)
            catalogue = load_catalogue(connection, _task(connection))
            site = Site(version=version(DISTRIBUTION), sources=_sources(connection, catalogue))
        noise = {setup.key: setup.noise.p95 for setup in catalogue.setups if setup.noise}
        findings = thread.submit(load_findings, connection.cursor(), noise)
        with _stage(report, "write the downloads"):
            tables = write_downloads(connection, database, _about(site), writer)
            setup_files = {
                setup.key: write_setup_files(data, catalogue.key, setup.key, writer) for setup in catalogue.setups
            }
            plane, clouds = place_models(catalogue)
            files = {**explorer_files(catalogue), **clouds}
            for path, content in files.items():
                writer.write(path, content)
        with _stage(report, "bundle the scripts"):
            assets = load_assets(vega.result())
            for path, content in assets.files.items():
                writer.write(f"static/{path}", content)
        atlas = Atlas(site, catalogue, connection, plane, tables, setup_files, findings.result)
        renderer = Renderer(site, assets.version, {path: fingerprint(content) for path, content in files.items()})
        for kind in PAGES:
            with _stage(report, f"write the pages: {kind.key}"):
                for page in kind.pages(atlas):
                    root = host_root(site_path) if page.path == NOT_FOUND else None
                    writer.write(page.path, renderer.render(kind.template, page, root))
        with _stage(report, "write the models' JSON"):
            for model in catalogue.models:
                writer.write(json_path(model), model_json(model))
        with _stage(report, "write the findings' data"):
            for path, content in finding_files(findings.result()).items():
                writer.write(path, content)
        connection.close()


def host_root(site_path: str) -> str:
    """Return a path on a host with one / at each end."""
    inner = site_path.strip("/")
    return f"/{inner}/" if inner else "/"


class _Counting:
    """Passes files on, and counts them."""

    def __init__(self, writer: Writer, report: SiteReport) -> None:
        self._writer = writer
        self._report = report

    def write(self, path: str, content: bytes) -> None:
        self._writer.write(path, content)
        self._report.files += 1
        self._report.size += len(content)
        self._report.pages += path.endswith(".html")


@contextmanager
def _stage(report: SiteReport, name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    report.seconds[name] = time.perf_counter() - started


def _task(connection: duckdb.DuckDBPyConnection) -> str:
    tasks = list(queries.tasks(connection)["task"])
    if len(tasks) != 1:
        raise UserError(f"data/ holds {len(tasks)} tasks ({', '.join(tasks)}); the site can show one.")
    return str(tasks[0])


def _sources(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> tuple[Source, ...]:
    """Return the task's sources, then those of setups that the task does not name."""
    rows = records(connection.table("sources").order("position").df())
    sources = [
        Source(row["title"], row["authors"], row["url"], row["revision"], row["licence"], row["carried"])
        for row in rows
        if row["task"] == catalogue.key
    ]
    for setup in catalogue.setups:
        fields = setup.fields
        if all((source.title, source.url) != (fields["source_title"], fields.get("source_url")) for source in sources):
            sources.append(
                Source(
                    fields["source_title"],
                    fields["source_authors"],
                    fields.get("source_url"),
                    fields.get("source_revision"),
                    fields["licence"],
                    f"measurements/: {setup.title}.",
                )
            )
    return tuple(sources)


def _about(site: Site) -> dict[str, Any]:
    return {
        "name": NAME,
        "version": site.version,
        "sources": [
            {
                "title": source.title,
                "authors": source.authors,
                "url": source.url,
                "revision": source.revision,
                "licence": source.licence,
            }
            for source in site.sources
        ],
    }
