"""What every page has: where it stands, what it is called, and what it draws on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

import duckdb

from builder.charts.first_view import FirstView
from builder.pages.catalogue import Catalogue
from builder.pages.downloads import Download, TableFiles
from builder.pages.finding import Findings
from builder.pages.plane import Plane
from builder.pages.rated import RatedTask
from builder.pages.rated_pictures import RatedPictures
from builder.pages.sweeps import SweepChart, SweepKey, sweep_charts

NAME = "Joule Atlas"
TAGLINE = "What AI models achieve, and what energy they take"
# Where `joule-atlas serve` shows the site.
LOCAL_URL = "http://127.0.0.1:8000/"
# Scripts, styles, pictures and data come from this host alone; nothing is written into a page or evaluated.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class NavigationItem:
    """A part of the site, as the header links to it."""

    title: str
    path: str


NAVIGATION = (
    NavigationItem("Explorer", "index.html"),
    NavigationItem("Models", "models/index.html"),
    NavigationItem("Tasks", "tasks/index.html"),
    NavigationItem("Setups", "setups/index.html"),
    NavigationItem("Findings", "findings/index.html"),
    NavigationItem("Methods", "methods.html"),
    NavigationItem("Data", "data.html"),
)


@dataclass(frozen=True)
class Source:
    """Who made figures that the site shows."""

    title: str
    authors: str
    url: str | None
    revision: str | None
    licence: str
    carried: str


@dataclass(frozen=True)
class Site:
    """What all pages of one build share.

    Attributes:
        version: Of the builder.
        sources: Each once, in the order in which the data name them.
        url: Where the site will stand, with / at its end; pages link to each other without it.
    """

    version: str
    sources: tuple[Source, ...]
    url: str = LOCAL_URL
    name: str = NAME
    tagline: str = TAGLINE
    navigation: tuple[NavigationItem, ...] = NAVIGATION
    content_security_policy: str = CONTENT_SECURITY_POLICY


@dataclass(frozen=True)
class Atlas:
    """Everything that pages are made from.

    Attributes:
        plane: Axes of the small picture that pages lay marks on.
        tables: Downloads, written before the pages that say how large they are.
        setup_files: Setup -> its own files, as they were contributed.
        findings: Waits until they are drawn, in another process.
        rated: The tasks whose models are rated by their queries.
        pictures: Theirs; waits like `findings`.
        first_view: The explorer's; waits like `findings`. None where there is no explorer.
    """

    site: Site
    catalogue: Catalogue
    connection: duckdb.DuckDBPyConnection
    plane: Plane
    tables: tuple[TableFiles, ...]
    setup_files: Mapping[str, tuple[Download, ...]]
    findings: Callable[[], Findings] = Findings
    rated: tuple[RatedTask, ...] = ()
    pictures: Callable[[], RatedPictures] = RatedPictures
    first_view: Callable[[], FirstView] | None = None

    @cached_property
    def sweeps(self) -> Mapping[SweepKey, SweepChart]:
        """Setup, model or architecture, and input size -> energies by batch size."""
        return sweep_charts(self.connection, self.catalogue)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One HTML file; each template has a subclass with what it shows.

    Attributes:
        path: From the site's root.
        title: Also its heading, as a rule.
        description: One sentence for search engines and link previews.
        section: Path of the navigation item that it belongs to; empty for none.
    """

    path: str
    title: str
    description: str
    section: str

    @property
    def root(self) -> str:
        """What stands before a path from the site's root to make it relative to this page."""
        return "../" * (len(PurePosixPath(self.path).parts) - 1)


@dataclass(frozen=True)
class PageKind:
    """A template and what fills it.

    Attributes:
        key: Name in messages.
        template: File in site_templates/.
        pages: Makes the pages of this kind.
    """

    key: str
    template: str
    pages: Callable[[Atlas], Iterable[Page]]
