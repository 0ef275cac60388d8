"""What stands in the site of the invented data, and what its pages are made from."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from builder.pages.load import load_catalogue
from builder.pages.page import Atlas, Site, Source
from builder.pages.plane import place_models
from builder.pages.render import Renderer
from builder.pages.site import SiteReport
from tests.pages.html import Document, parse


@pytest.fixture(scope="session")
def site(built: tuple[Path, SiteReport]) -> Path:
    return built[0]


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, Document]:
    """Path from the site's root -> the page's elements."""
    return {
        path.relative_to(site).as_posix(): parse(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


@pytest.fixture(scope="session")
def atlas(mini: duckdb.DuckDBPyConnection) -> Atlas:
    """What pages are made from, without downloads."""
    catalogue = load_catalogue(mini, "image_classification")
    plane, _ = place_models(catalogue)
    source = Source("Figures of the tests", "Joule Atlas", "https://example.org/figures", None, "MIT", "Everything.")
    return Atlas(Site("1.2.3", (source,)), catalogue, mini, plane, (), {setup.key: () for setup in catalogue.setups})


@pytest.fixture(scope="session")
def renderer(atlas: Atlas) -> Renderer:
    return Renderer(atlas.site, "assets", {setup.cloud_path: "cloud" for setup in atlas.catalogue.setups})
