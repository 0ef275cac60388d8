"""From files to the rows that the report's parts sum up, and what they share in doing so."""

from __future__ import annotations

import csv
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Read a file of rows."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def ran(rows: Iterable[Row], stage: str) -> list[Row]:
    """Return the rows of a stage that have a figure."""
    return [row for row in rows if row["stage"] == stage and row["status"] == "ok"]


def groups(rows: Iterable[Row]) -> dict[tuple[str, str, str], list[Row]]:
    """Group rows by session, card and model."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["session"], row["device"], row["model"]].append(row)
    return groups


def median_mj(rows: Sequence[Row]) -> float:
    """Return the median energy per item."""
    return statistics.median(float(row["energy_mj_per_item"]) for row in rows)


def rule(columns: int) -> str:
    """Return the line under a Markdown table's head."""
    return "|" + " --- |" * columns
