"""The project's own data as a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from builder.tables.database import build_database

TASK = "image_classification"


@pytest.fixture(scope="session")
def atlas() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return data/ in memory, for reading. Tests that take it are marked xdist_group("atlas"): it is built once."""
    with build_database(Path(__file__).parents[2] / "data") as connection:
        yield connection
