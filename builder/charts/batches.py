"""Turns rated models' batch sizes into a picture: what a query takes beside others, over what it takes alone."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import duckdb
import pandas as pd

from builder.analysis import queries
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import GAP, Figure, Shape, View, wrapped

# Panels beside each other, and the height of one.
_COLUMNS = {"wide": 3, "narrow": 2}
# Characters of a task's name on one line above its panel.
_LINE = {"wide": 40, "narrow": 20}
_HEIGHT = 120
# Of a panel, for labels to its left.
_LEFT = 46


def batch_picture(connection: duckdb.DuckDBPyConnection) -> Figure | None:
    """Draw a line a model, and the median of each task; None where no model ran in batches."""
    query = queries.batch_rows()
    rows = query.frame(connection)
    if rows.empty:
        return None
    models = rows.assign(line=rows["setup"] + " " + rows["model"])
    medians = rows.groupby(["task", "title", "batch_size"])["energy_pct"].median().reset_index()
    least = medians.sort_values("energy_pct", kind="stable").iloc[0]
    count, tasks = models.groupby(["task", "line"]).ngroups, rows["task"].nunique()
    return Figure(
        key="batches",
        place="",
        title="Several at once",
        subtitle=(
            "Energy of a query in a batch, in percent of what it takes alone. Each grey line is a model on a setup, "
            "the other is the median of the task."
        ),
        description=(
            f"{count} models and setups on {tasks} task{'' if tasks == 1 else 's'}: in batches of "
            f"{least['batch_size']} the median model of {least['title']} takes {least['energy_pct']:.2g} % of the "
            "energy that a query takes alone."
        ),
        layers={"models": models[["task", "line", "batch_size", "energy_pct"]], "medians": medians},
        query=query,
        view=_view(rows),
    )


def _view(rows: pd.DataFrame) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        titles = rows[["task", "title"]].drop_duplicates().sort_values("title")
        columns = min(_COLUMNS[shape.key], len(titles))
        sizes = sorted(rows["batch_size"].unique().tolist())
        top = max(100.0, float(rows["energy_pct"].max())) * 1.03
        x = alt.X(
            "batch_size:Q",
            title=None,
            axis=alt.Axis(values=sizes, grid=False, labelExpr=marks.PLAIN, labelOverlap=True),
            scale=alt.Scale(type="log", base=2, domain=[sizes[0], sizes[-1]], nice=False),
        )
        y = marks.linear_y("energy_pct", "", (0, top), values=[0, 25, 50, 75, 100])
        panels: list[View] = []
        for task, title in titles.itertuples(index=False):
            mine = f"datum.task == '{task}'"
            thin = marks.layer("models", mine).mark_line(color=style.INK_3, strokeWidth=0.8, opacity=0.6)
            median = marks.layer("medians", mine)
            panel = marks.panel(
                str(title),
                thin.encode(x=x, y=y, detail="line:N"),
                median.mark_line(color=style.ACCENT, strokeWidth=2).encode(x=x, y=y),
                median.mark_point(color=style.ACCENT, filled=True, opacity=1, size=20).encode(x=x, y=y),
                width=(shape.width - (columns - 1) * GAP) // columns - _LEFT,
                height=_HEIGHT if columns > 1 else 2 * _HEIGHT,
            )
            panel["title"]["text"] = wrapped(str(title), _LINE[shape.key])
            panels.append(panel)
        return marks.side_by_side(panels, columns)

    return view
