"""What a benchmark says: one row a measurement, beside its limit."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

TIMES = 3


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        what: Was measured.
        measured: With its unit.
        limit: What it should keep to, with its unit; empty where there is none.
        share: Measured over limit; None where there is none.
    """

    what: str
    measured: str
    limit: str = ""
    share: float | None = None


def row(what: str, value: float, unit: str, limit: float | None = None, note: str = "") -> Row:
    """Return a measurement's row; `note` stands behind the limit and says where it is from."""
    if limit is None:
        return Row(what, _text(value, unit))
    return Row(what, _text(value, unit), f"{_text(limit, unit)}{note}", value / limit)


def timed(what: str, run: Callable[[], object], limit: float | None = None, times: int = TIMES) -> Row:
    """Return how many seconds of the clock something takes: the median of several times."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return row(f"{what}, median of {times}" if times > 1 else what, statistics.median(taken), "s", limit)


def show(rows: Sequence[Row]) -> None:
    """Print the table."""
    table = Table(box=None, pad_edge=False)
    table.add_column("what")
    for heading in ("measured", "limit", "of the limit"):
        table.add_column(heading, justify="right")
    for each in rows:
        table.add_row(each.what, each.measured, each.limit, "" if each.share is None else f"{each.share:.2f}")
    Console(width=110).print(table)


def _text(value: float, unit: str) -> str:
    return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f} {unit}"
