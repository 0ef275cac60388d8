"""The invented data folder of the tests, as files and as a database, and one Chromium for each worker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from builder.tables.database import build_database

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
def browser() -> Iterator[Browser]:
    """Debian's Chromium where it is installed, otherwise Playwright's own; a process can start Playwright once."""
    from tests.browser.conftest import QUIET

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield chromium
        chromium.close()
