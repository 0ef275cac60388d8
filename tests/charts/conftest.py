"""Twelve invented models on one setup, as the charts get them."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from builder.analysis import queries
from builder.charts.plane import Plane


@pytest.fixture(scope="session")
def models(mini: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The published setup of the invented data: eleven models with an energy, one without."""
    return queries.setup_models(mini, "image_classification", "alpha-10gb_pytorch_fp32", ["plain"])


@pytest.fixture
def plane() -> Plane:
    """Six decades, 512 by 400 pixels between the axes, a pixel for a quarter of a percent."""
    return Plane((0.1, 100_000.0), (0.0, 100.0), "log", width=46 + 512 + 12, height=8 + 400 + 26)
