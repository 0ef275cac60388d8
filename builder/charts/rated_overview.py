"""Turns the rated models of all tasks into one picture: what 1,000 queries take, on one scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from builder.analysis import queries
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.rated import ENERGY, RatedMaterial, dots, scale, ticks

# Of a task, in pixels.
_ROW = 50


def overview_picture(materials: Sequence[RatedMaterial]) -> Figure | None:
    """Draw every rated model of every task on one scale of energy, tasks by their median; None without any."""
    if not materials:
        return None
    order = sorted(materials, key=lambda material: float(material.rows[ENERGY].median()))
    rows = pd.concat(
        [material.rows.assign(position=float(place), name=material.title) for place, material in enumerate(order)],
        ignore_index=True,
    )
    low, high = float(rows[ENERGY].min()), float(rows[ENERGY].max())
    return Figure(
        key="tasks",
        place="",
        title="What 1,000 queries take",
        subtitle="Each mark is a model; the axis is logarithmic. Tasks are ordered by the median of their models.",
        description=f"1,000 queries of {len(rows)} models on {len(order)} tasks take from {low:.2g} to {high:.4g} Wh.",
        layers={
            "models": rows[["position", "approach", ENERGY]],
            "ends": _ends(rows),
            "names": rows.drop_duplicates("name")[["position", "name"]].assign(energy_wh_per_1000=low),
        },
        query=queries.rated_rows([f"{rows['task'][i]}/{rows['setup'][i]}" for i in rows.drop_duplicates("task").index]),
        view=_strips(rows, len(order)),
    )


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the models with the least and the most energy of each task, with the side that their names stand on."""
    found = []
    for _, mine in rows.groupby("position"):
        low, high = mine.iloc[0], mine.iloc[-1]
        found.append({"position": low["position"], ENERGY: low[ENERGY], "text": low["title"], "align": "right"})
        if len(mine) > 1:
            found.append({"position": high["position"], ENERGY: high[ENERGY], "text": high["title"], "align": "left"})
    return pd.DataFrame(found)


def _strips(rows: pd.DataFrame, tasks: int) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        # Names at the ends take some room; a phone has none.
        low, high = float(rows[ENERGY].min()), float(rows[ENERGY].max())
        share = 0.05 if shape.narrow else 0.24
        ends = low / (high / low) ** share / 1.2, high * (high / low) ** share * 1.2
        x = alt.X(
            f"{ENERGY}:Q",
            title="Wh per 1,000 queries",
            axis=alt.Axis(orient="top", values=ticks(ends), labelExpr=marks.PLAIN, gridDash=[1, 3]),
            scale=scale(ends, log=True),
        )
        y = alt.Y(
            "position:Q",
            axis=alt.Axis(labels=False, ticks=False, domain=False, title=None, values=list(range(tasks))),
            scale=alt.Scale(domain=[tasks - 0.5, -0.7], nice=False, zero=False),
        )
        names = marks.layer("names").encode(x=alt.value(0), y=y, text="name:N")
        look: dict[str, Any] = {"align": "left", "dx": 0, "dy": -16, "fontSize": 12.5, "fontWeight": 600}
        halo: dict[str, Any] = {"color": style.PAPER, "stroke": style.PAPER, "strokeWidth": 4, "strokeJoin": "round"}
        beside = alt.ExprRef("datum.align == 'left' ? 8 : -8")
        ends_named = [] if shape.narrow else marks.words("ends", x, y, dx=beside, color=style.INK_2)
        return marks.panel(
            "",
            *ends_named,
            dots(x, y),
            names.mark_text(**look | halo),
            names.mark_text(color=style.INK, **look),
            width=shape.width - 24,
            height=tasks * _ROW,
        )

    return view
