"""Numbers at the ends of what their columns take: whatever `check` lets pass, the site can be built from."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.pages.site import build_site
from builder.tables.check import check
from builder.tables.reader import header_line, row_line
from builder.tables.schema import ACCURACY, GPUS, LEAST, MEASUREMENTS, MODELS, QUERY_RUNS, RATED_MODELS, TABLES, Table
from tests.hostile.fuzz import QUERIES, RATED, SETUP, TASK

Row = dict[str, str]
# What tells rows apart, or must fit other rows.
_KEPT = {"input_size_px", "trial", "run", "batch_size"}
# What a figure follows from is left empty: at their limits they contradict each other.
_DERIVES = {"repetitions", "duration_s", "preprocess_mj_per_item", "prefill_mj_per_item", "decode_mj_per_item"}


def at_limits(table: Table, row: Row, ends: Callable[[str], bool]) -> Row:
    """Return a row with every number at a limit: the upper one where `ends` says so of the column."""
    limits = {
        column.name: f"{column.maximum if ends(column.name) else column.minimum:.15g}"
        for column in table.columns
        if column.kind in {"number", "integer"} and column.name not in _KEPT
    }
    limits |= dict.fromkeys(_DERIVES & limits.keys(), "")
    # A quality, which not every model has, needs its source.
    limits |= {"quality_url": row["paper_url"]} if "quality_url" in row else {}
    return row | limits


def stretch(path: Path, table: Table) -> None:
    """Put the numbers of a file's first rows to their limits: all low, all high, and each other one low or high."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    places = {column.name: place for place, column in enumerate(table.columns)}
    corners: list[Callable[[str], bool]] = [
        lambda _: False,
        lambda _: True,
        lambda name: places[name] % 2 == 0,
        lambda name: places[name] % 2 == 1,
    ]
    chosen = [place for place, row in enumerate(rows) if row.get("status", "ok") == "ok"]
    for place, ends in zip(chosen, corners, strict=False):
        rows[place] = at_limits(table, rows[place], ends)
    path.write_text(header_line(table) + "".join(row_line(table, row) for row in rows), encoding="utf-8")


@pytest.mark.timeout(300)
def test_a_site_is_built_of_numbers_at_their_limits(mini_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(mini_data, data)
    stretch(data / "gpus.csv", GPUS)
    for table in (MODELS, ACCURACY):
        stretch(data / table.path.format(task=TASK.name), table)
    stretch(data / RATED / "rated_models.csv", RATED_MODELS)
    for path in (data / SETUP).parent.glob("*.csv"):
        stretch(path, MEASUREMENTS)
    for path in (data / QUERIES).parent.glob("*.csv"):
        stretch(path, QUERY_RUNS)
    assert check(data) == ()
    build_site(data, tmp_path / "site")
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")]
    assert len(pages) > 20
    assert [page for page in pages if ">nan" in page.lower() or ">inf" in page.lower() or '"NaN' in page] == []


def test_what_lies_above_0_has_a_least_value() -> None:
    least = {column.minimum for table in TABLES for column in table.columns if column.above == 0}
    assert least == {LEAST}
