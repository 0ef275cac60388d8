"""The tables as other people's tools read them from their descriptions."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import frictionless
import mlcroissant
import pandas as pd
import pyarrow.parquet
import pytest

from builder.pages.downloads import EXPORTS
from builder.pages.page import LOCAL_URL
from builder.tables.relations import RELATIONS
from tests.browser.conftest import serving

pytestmark = [
    # mlcroissant's own: it has yet to follow rdflib.
    pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning"),
    pytest.mark.xdist_group("machine"),
]
NAMES = [export.name for export in EXPORTS]
PACKAGE, CROISSANT = Path("data/datapackage.json"), Path("data/croissant.json")


def problems(data: Path) -> list[tuple[str, str]]:
    """Return table and kind of everything that Frictionless finds in a folder."""
    report = frictionless.validate(str(data / PACKAGE.name))
    found: list[tuple[str, str]] = [(str(error), "") for error in report.errors]
    return found + [(task.name, error.type) for task in report.tasks for error in task.errors]


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def test_every_table_of_the_database_is_among_the_downloads() -> None:
    assert {relation.name for relation in RELATIONS} <= set(NAMES)


def test_frictionless_finds_the_package_and_every_table_valid(site: Path) -> None:
    package = json.loads((site / PACKAGE).read_bytes())
    assert [resource["name"] for resource in package["resources"]] == NAMES
    assert frictionless.Package.metadata_validate(package) is not None
    assert problems(site / "data") == []


def test_frictionless_sees_what_the_package_forbids(site: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(site / "data", data)
    replace(data / "accuracy.csv", '"lanternformer_l.base",224,"plain",90', '"lanternformer_l.other",224,"plain",101')
    lines = (data / "models.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data / "models.csv").write_text("".join([*lines, lines[-1]]), encoding="utf-8", newline="")
    assert Counter(problems(data)) == {
        ("accuracy", "constraint-error"): 1,
        ("accuracy", "foreign-key"): 1,
        ("accuracy", "byte-count"): 1,
        ("accuracy", "hash-count"): 1,
        ("models", "primary-key"): 1,
        ("models", "byte-count"): 1,
        ("models", "hash-count"): 1,
    }


def test_mlcroissant_finds_the_description_valid(site: Path) -> None:
    issues = mlcroissant.Dataset(json.loads((site / CROISSANT).read_bytes())).metadata.issues
    assert (list(issues.errors), list(issues.warnings)) == ([], [])


@pytest.fixture(scope="module")
def loaded(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """Every record set as mlcroissant loads it from a host, checksums and all."""
    cache = tmp_path_factory.mktemp("croissant")
    with pytest.MonkeyPatch.context() as patch, serving(site) as address:
        patch.setattr("mlcroissant._src.core.constants.CROISSANT_CACHE", cache)
        text = (site / CROISSANT).read_text(encoding="utf-8").replace(LOCAL_URL, address)
        dataset = mlcroissant.Dataset(json.loads(text))
        return {name: pd.DataFrame(list(dataset.records(name))) for name in NAMES}


@pytest.mark.parametrize("table", NAMES)
def test_what_mlcroissant_loads_is_the_table(site: Path, loaded: dict[str, pd.DataFrame], table: str) -> None:
    rows = pyarrow.parquet.read_table(site / f"data/{table}.parquet").to_pylist()
    found = [
        {str(key).removeprefix(f"{table}/"): plain(value) for key, value in row.items()}
        for row in loaded[table].to_dict("records")
    ]
    assert found == [{key: plain(value) for key, value in row.items()} for row in rows]


def plain(value: Any) -> Any:
    """Return texts for bytes and days, floats for numbers, None for what is missing."""
    if isinstance(value, bytes):
        return value.decode()
    if value is None or pd.isna(value):
        return None
    return str(value)[:10] if hasattr(value, "year") else float(value) if isinstance(value, int | float) else value


@pytest.mark.parametrize("table", NAMES)
def test_json_holds_the_rows_of_the_parquet_file(site: Path, table: str) -> None:
    found = json.loads((site / f"data/{table}.json").read_bytes())
    parquet = pyarrow.parquet.read_table(site / f"data/{table}.parquet")
    rows = [[str(value) if hasattr(value, "year") else value for value in row.values()] for row in parquet.to_pylist()]
    assert found == {"columns": parquet.column_names, "data": rows}
    assert list(pd.read_json(site / f"data/{table}.json", orient="split").columns) == parquet.column_names
