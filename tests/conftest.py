"""The invented data folder of the tests, as files and as a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

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
