"""Turns the rated models of all tasks into one picture: what 1,000 queries take, on one scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from builder.analysis import queries
from builder.analysis.approaches import MIN_OF_APPROACH
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import Figure, Shape, View
from builder.charts.rated import ENERGY, RatedMaterial, dots, scale, ticks
from builder.tables.schema import APPROACHES

# Of a task, in pixels.
_ROW = 50


def overview_picture(materials: Sequence[RatedMaterial]) -> Figure | None:
    """Draw every rated model of every task on one scale of energy, tasks by their median; None without any."""
    return _picture(
        materials,
        "tasks",
        "What 1,000 queries take",
        "Each mark is a model; the axis is logarithmic. Tasks are ordered by the median of their models.",
    )


def approaches_picture(materials: Sequence[RatedMaterial]) -> Figure | None:
    """Draw the same of the tasks that have several models of both approaches; None where no task has."""
    enough = [
        one for one in materials if one.rows["approach"].value_counts().reindex(APPROACHES).ge(MIN_OF_APPROACH).all()
    ]
    return _picture(
        enough,
        "approaches",
        "General models beside those made for the task",
        "Energy of 1,000 queries; each mark is a model, and the axis is logarithmic.",
    )


def _picture(materials: Sequence[RatedMaterial], key: str, title: str, subtitle: str) -> Figure | None:
    if not materials:
        return None
    order = sorted(materials, key=lambda material: float(material.rows[ENERGY].median()))
    rows = pd.concat(
        [material.rows.assign(position=float(place), name=material.title) for place, material in enumerate(order)],
        ignore_index=True,
    )
    low, high = float(rows[ENERGY].min()), float(rows[ENERGY].max())
    tasks = f"{len(order)} task{'' if len(order) == 1 else 's'}"
    return Figure(
        key=key,
        place="",
        title=title,
        subtitle=subtitle,
        description=f"1,000 queries of {len(rows)} models on {tasks} take from {low:.2g} to {high:.4g} Wh.",
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
