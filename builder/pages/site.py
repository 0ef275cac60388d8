"""Turns data/ into the site: database, downloads, the explorer's data, static files and every page."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

from builder.analysis import queries
from builder.pages.assets import fingerprint, load_assets
from builder.pages.catalogue import Catalogue
from builder.pages.downloads import write_downloads, write_setup_files
from builder.pages.drawing import Drawing, drawing
from builder.pages.explorer import first_shown
from builder.pages.explorer_data import explorer_files
from builder.pages.kinds import WITH_PICTURES, WITHOUT_PICTURES
from builder.pages.load import load_catalogue, records
from builder.pages.machine import machine_files
from builder.pages.model_json import model_files
from builder.pages.page import LOCAL_URL, NAME, Atlas, Page, PageKind, Site, Source
from builder.pages.paths import DATABASE, NOT_FOUND
from builder.pages.plane import place_models
from builder.pages.rated import load_rated_tasks
from builder.pages.rated_files import contributed_files, rated_files
from builder.pages.render import Renderer
from builder.pages.social import PATH as SOCIAL
from builder.pages.social import social_card
from builder.pages.writer import Writer, replacing
from builder.problems import UserError, quoted
from builder.tables.database import build_database

DISTRIBUTION = "joule-atlas"
# Nothing that XML, JSON or HTML would have to escape.
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*/?")


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


def build_site(data: Path, out: Path, url: str = LOCAL_URL, *, alone: bool = False) -> SiteReport:
    """Build the whole site, and put it in the place of `out` when it is complete.

    Args:
        data: The folder data/.
        out: The site's folder; a failed or killed build leaves it as it was.
        url: Where the site will stand. Pages link to each other without it; it is for what is read elsewhere, and for
            404.html, which a host serves at any depth.
        alone: Whether the process has run nothing before, see `drawing`.

    Raises:
        UserError: The data are not valid, `out` holds something else or lies among the data, or the address is none.
    """
    report, url = SiteReport(), site_url(url)
    if out.resolve().is_relative_to(data.resolve()):
        raise UserError(
            f"{out} lies in {data}, where every file is taken for data.\n  fix: choose a folder outside with --out"
        )
    with drawing(alone=alone) as draw, replacing(out) as writer, tempfile.TemporaryDirectory() as scratch:
        _write_site(data, Path(scratch) / Path(DATABASE).name, draw, _Counting(writer, report), url)
    return report


def _write_site(data: Path, database: Path, draw: Drawing, writer: _Counting, url: str) -> None:
    """Write every file of the site; `database` is where the database is built, in no folder of the site."""
    report = writer.report
    specs, runtime = draw.explorer_specs(), draw.vega_runtime()
    with _stage(report, "check and load the data"):
        # Closed and opened again: only then is everything in the file.
        build_database(data, database).close()
        connection = duckdb.connect(str(database), read_only=True)
        catalogue = load_catalogue(connection, _task(connection))
        site = Site(version(DISTRIBUTION), _sources(connection, catalogue), url)
    noise = {setup.key: setup.noise.p95 for setup in catalogue.setups if setup.noise}
    first_view = draw.first_view(*first_shown(connection, catalogue))
    findings, pictures = draw.findings(database, noise), draw.rated(database)
    with _stage(report, "write the downloads"):
        tables = write_downloads(connection, database, _about(site), writer)
        setup_files = {
            setup.key: write_setup_files(data, catalogue.key, setup.key, writer) for setup in catalogue.setups
        }
        plane, clouds = place_models(catalogue)
        files = {**explorer_files(catalogue, specs.result()), **clouds, SOCIAL: social_card(catalogue, plane)}
        for path, content in files.items():
            writer.write(path, content)
    with _stage(report, "write the scripts"):
        assets = load_assets(runtime.result())
        for path, content in assets.files.items():
            writer.write(f"static/{path}", content)
    rated = load_rated_tasks(connection)
    atlas = Atlas(
        site,
        catalogue,
        connection,
        plane,
        tables,
        setup_files,
        findings.result,
        rated,
        pictures.result,
        first_view.result,
    )
    # Before the pages, of which some wait for what is being drawn.
    with _stage(report, "write the models' JSON"):
        for path, content in model_files(atlas):
            writer.write(path, content)
    with _stage(report, "write the leaderboards' files"):
        beside = dict(rated_files(rated, url))
        label_paths = [path for path in beside if path.endswith(".svg")]
        labels = draw.labels([beside[path].decode() for path in label_paths])
        for path, content in (*beside.items(), *contributed_files(data, rated)):
            writer.write(path, content)
    renderer = Renderer(site, assets.version, {path: fingerprint(content) for path, content in files.items()})
    pages = _write_pages(WITHOUT_PICTURES, atlas, renderer, writer)
    with _stage(report, "write the labels' PNGs"):
        for path, png in zip(label_paths, labels.pngs(), strict=True):
            writer.write(path.removesuffix(".svg") + ".png", png)
    pages += _write_pages(WITH_PICTURES, atlas, renderer, writer)
    with _stage(report, "write the descriptions for programs"):
        for path, content in machine_files(atlas, pages).items():
            writer.write(path, content)
    with _stage(report, "write the findings' data"):
        for path, content in findings.result().files.items():
            writer.write(path, content)
    connection.close()


def site_url(text: str) -> str:
    """Return an address with one / at its end.

    Raises:
        UserError: It is no address of a folder on a host.
    """
    if not _URL.fullmatch(text):
        raise UserError(
            f"found {quoted(text)} as the site's address\n"
            "  expected: an address like https://example.org/joule-atlas/\n"
            "  fix: Write where the site will stand with --site-url, without ? and #."
        )
    return f"{text.rstrip('/')}/"


def _write_pages(kinds: Iterable[PageKind], atlas: Atlas, renderer: Renderer, writer: _Counting) -> list[Page]:
    pages = []
    for kind in kinds:
        with _stage(writer.report, f"write the pages: {kind.key}"):
            for page in kind.pages(atlas):
                root = urlsplit(atlas.site.url).path if page.path == NOT_FOUND else None
                writer.write(page.path, renderer.render(kind.template, page, root))
                pages.append(page)
    return pages


class _Counting:
    """Passes files on, and counts them."""

    def __init__(self, writer: Writer, report: SiteReport) -> None:
        self._writer = writer
        self.report = report

    def write(self, path: str, content: bytes) -> None:
        self._writer.write(path, content)
        self.report.files += 1
        self.report.size += len(content)
        self.report.pages += path.endswith(".html")


@contextmanager
def _stage(report: SiteReport, name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    report.seconds[name] = time.perf_counter() - started


def _task(connection: duckdb.DuckDBPyConnection) -> str:
    tasks = queries.frontier_tasks(connection)
    if len(tasks) != 1:
        named = f" ({', '.join(tasks)})" if tasks else ""
        raise UserError(f"data/ holds {len(tasks)} tasks with a models.csv{named}; the explorer shows one.")
    return tasks[0]


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
