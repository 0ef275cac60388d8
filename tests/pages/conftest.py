"""The site of the invented data, built once."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from builder.pages.load import load_catalogue
from builder.pages.page import Atlas, Site, Source
from builder.pages.plane import place_models
from builder.pages.render import Renderer
from builder.pages.site import SiteReport, build_site
from tests.pages.html import Document, parse


@pytest.fixture(scope="session")
def built(mini_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SiteReport]:
    """The site's folder and the build's report; the first worker that asks builds it for all of them."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    out, report = folder / "_site", folder / "report.json"
    with (folder / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not report.exists():
            report.write_text(json.dumps(asdict(build_site(mini_data, out))))
    return out, SiteReport(**json.loads(report.read_text()))


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
