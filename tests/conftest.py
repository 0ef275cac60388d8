"""The invented data folder of the tests, as files, as a database and as a site, and one Chromium for each worker."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from builder.tables.database import build_database

if TYPE_CHECKING:
    from builder.pages.site import SiteReport

# Machines that run tests are shared: a slow example is no mistake.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture(scope="session")
def mini_data() -> Path:
    """The data folder whose answers tests/mini/README.md works out; copy it before changing a file."""
    return Path(__file__).parent / "mini" / "data"


@pytest.fixture(scope="session")
def mini(mini_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Its database, in memory, for reading."""
    with build_database(mini_data) as connection:
        yield connection


@pytest.fixture(scope="session")
def built(mini_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SiteReport]:
    """The invented data's site and the build's report; the first worker that asks builds it for all of them."""
    from builder.pages.site import SiteReport, build_site

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
def browser() -> Iterator[Browser]:
    """Debian's Chromium where it is installed, otherwise Playwright's own; a process can start Playwright once."""
    from tests.browser.conftest import QUIET

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield chromium
        chromium.close()
