"""Tables 1 and 2: what the setups keep alike, and how energies agree between them; as CSV, Markdown and LaTeX."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from builder.analysis import queries
from builder.analysis.correlation import between_setups
from builder.analysis.queries import Query
from builder.analysis.study import SETUPS, TABLE_2, TASK
from builder.charts.figures.figure import DIGITS
from builder.charts.figures.material import SHORT
from builder.tables.schema import RUNTIME_TITLES

# Key of task.toml's control variables -> how a table names it.
CONTROLS = {"batch_size": "Batch size", "input": "Input", "energy": "Energy", "sensor_gain": "Sensor"}
# Columns of `queries.setup_conditions` that say how models ran.
RAN = ("runtime", "precision", "precision_note")
# Texts of more characters are broken into lines, in a column of this share of the page's width.
LONG, LONG_CELL = 40, 0.6
_LATEX = str.maketrans({"%": r"\%", "&": r"\&", "_": r"\_", "#": r"\#", "$": r"\$"})


@dataclass(frozen=True)
class Table:
    """A table of the paper.

    Attributes:
        key: Name of its files.
        place: Where the paper has it.
        title: What it shows.
        rows: As text and numbers, in print's order.
        query: What it was computed from.
    """

    key: str
    place: str
    title: str
    rows: pd.DataFrame
    query: Query

    @property
    def csv(self) -> str:
        """Numbers to seven significant digits."""
        return str(self.rows.to_csv(index=False, lineterminator="\n", float_format=f"%.{DIGITS}g"))

    @property
    def sha256(self) -> str:
        """Of the CSV."""
        return hashlib.sha256(self.csv.encode()).hexdigest()

    @property
    def markdown(self) -> str:
        """Numbers to four decimals, as the paper prints them."""
        lines = [list(self.rows.columns), *([_printed(cell) for cell in row] for row in self.rows.to_numpy())]
        body = ["| " + " | ".join(cells) + " |" for cells in lines]
        rule = "|" + "|".join(" --- " for _ in self.rows.columns) + "|"
        return "\n".join([f"{self.place}. {self.title}", "", body[0], rule, *body[1:], ""])

    @property
    def latex(self) -> str:
        """A `tabular` with the rules of booktabs: numbers to the right, long texts broken into lines."""
        lines = [list(self.rows.columns), *([_printed(cell) for cell in row] for row in self.rows.to_numpy())]
        body = [" & ".join(cell.translate(_LATEX) for cell in cells) + r" \\" for cells in lines]
        columns = "".join(_column(self.rows[name]) for name in self.rows)
        rows = [r"\toprule", body[0], r"\midrule", *body[1:], r"\bottomrule"]
        return "\n".join([rf"\begin{{tabular}}{{{columns}}}", *rows, r"\end{tabular}", ""])


def table_1(connection: duckdb.DuckDBPyConnection) -> Table:
    """Make Table 1: what was kept alike and what was varied."""
    query = queries.setup_conditions(TASK, list(SETUPS.values()))
    setups = query.frame(connection)
    controls = json.loads(setups["control_variables"].iloc[0])
    varied = [
        ("GPU", "; ".join(f"{gpu} ({watts:g} W)" for gpu, watts in _pairs(setups, "gpu", "power_limit_w"))),
        ("Runtime and precision", "; ".join(_ran(*each) for each in _pairs(setups, *RAN))),
        ("Windows", "; ".join(setups["protocol_note"].drop_duplicates())),
    ]
    # The task may keep more alike than the study did: its rating does.
    kept = [(CONTROLS[key], text) for key, text in controls.items() if key in CONTROLS]
    rows = pd.DataFrame(
        [(role, *row) for role, part in (("varied", varied[:2]), ("kept", [*varied[2:], *kept])) for row in part],
        columns=["role", "variable", "value"],
    )
    return Table("table-1", "Table 1", "What the study varies and what it keeps alike.", rows, query)


def table_2(connection: duckdb.DuckDBPyConnection) -> Table:
    """Make Table 2: correlations of energy between setups, over the models that have one in all of them."""
    query = queries.energies_side_by_side(TASK, list(SETUPS.values()))
    long = query.frame(connection)
    wide = long.pivot(index=queries.KEY, columns="setup", values="energy_mj")  # noqa: PD010
    pearson, spearman = (between_setups(wide, method) for method in ("pearson", "spearman"))
    rows = pd.DataFrame(
        [
            (
                SHORT[one],
                SHORT[other],
                float(pearson[SETUPS[one]][SETUPS[other]]),
                float(spearman[SETUPS[one]][SETUPS[other]]),
            )
            for one, other in TABLE_2
        ],
        columns=["setup", "other setup", "Pearson", "Spearman"],
    )
    title = f"Correlation of energy per image between setups, over {len(wide):,} models."
    return Table("table-2", "Table 2", title, rows, query)


def _ran(runtime: str, precision: str, note: str) -> str:
    return f"{RUNTIME_TITLES[runtime]} in {precision.upper()} ({note.removesuffix('.')})"


def _column(cells: pd.Series[Any]) -> str:
    if pd.api.types.is_float_dtype(cells):
        return "r"
    return rf"p{{{LONG_CELL}\linewidth}}" if cells.str.len().max() > LONG else "l"


def _pairs(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    unique = frame[list(columns)].drop_duplicates()
    return list(unique.itertuples(index=False, name=None))


def _printed(cell: object) -> str:
    return f"{cell:.4f}" if isinstance(cell, float) else str(cell)
