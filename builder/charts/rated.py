"""Turns the rated models of a task into pictures: energy against size, and quality beside energy."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import duckdb
import numpy as np
import pandas as pd

from builder.analysis import queries
from builder.analysis.leaderboards import Leaderboard
from builder.charts import style
from builder.charts.figures import marks
from builder.charts.figures.figure import SHAPES, Figure, Shape, View
from builder.charts.placing import place_names

# Shape and colour together: colour alone never carries the approach.
APPROACH_STYLES = {
    "task-specific": ("Made for the task", style.CLASSES[0].colour, "circle"),
    "general": ("General", style.CLASSES[1].colour, "triangle-up"),
}
# Fewer points make no picture of a relation.
MIN_POINTS = 3
PARAMETERS = "datum.value >= 1000 ? format(datum.value / 1000, ',~r') + ' B' : format(datum.value, ',~r') + ' M'"
ENERGY, _LEFT = "energy_wh_per_1000", 52


@dataclass(frozen=True)
class RatedMaterial:
    """What pictures of one task are drawn from.

    Attributes:
        task: As in folder names.
        title: In words.
        items: What its queries are, several of them.
        quality: Its quality with the unit.
        lower_is_better: Whether less of it is.
        rows: As `queries.rated_rows` has them, with the interval's ends low_wh and high_wh.
        query: What they came from.
    """

    task: str
    title: str
    items: str
    quality: str
    lower_is_better: bool
    rows: pd.DataFrame
    query: queries.Query


def load_rated(connection: duckdb.DuckDBPyConnection, boards: Sequence[Leaderboard]) -> tuple[RatedMaterial, ...]:
    """Read what there is to draw: one material a task whose models have energies, as the boards are ordered."""
    fields = queries.rated_tasks(connection).set_index("task")
    materials = []
    for board in boards:
        query = queries.rated_rows([f"{board.task}/{board.setup}"])
        rows = query.frame(connection)
        if rows.empty:
            continue
        figures = [board.figures[model] for model in rows["model"]]
        ends = [(figure.low_mj or figure.energy_mj, figure.high_mj or figure.energy_mj) for figure in figures]
        scale = rows[ENERGY] / rows["energy_mj"]
        low, high = np.array(ends, dtype=np.float64).T
        row = fields.loc[board.task]
        materials.append(
            RatedMaterial(
                task=board.task,
                title=str(row["title"]),
                items=str(row["items"]),
                quality=f"{row['quality']}, {row['quality_unit']}",
                lower_is_better=str(row["quality_better"]) == "lower",
                rows=rows.assign(quality=rows["quality"].astype(np.float64), low_wh=low * scale, high_wh=high * scale),
                query=query,
            )
        )
    return tuple(materials)


def size_picture(material: RatedMaterial) -> Figure | None:
    """Draw energy against parameters; None with too few models."""
    if len(material.rows) < MIN_POINTS:
        return None
    return _scatter(
        material,
        material.rows,
        _Axis("parameters_m", "Parameters", log=True, label=PARAMETERS),
        _Axis(ENERGY, f"Wh per 1,000 {material.items}", log=True),
        (
            "Energy against size",
            f"Energy per 1,000 {material.items} and parameters, both logarithmic; bars are 95 % intervals.",
        ),
    )


def quality_picture(material: RatedMaterial) -> Figure | None:
    """Draw quality beside energy, of the test set that most models have; None where those are too few."""
    known = material.rows[material.rows["quality"].notna()]
    notes = known["quality_note"].fillna("")
    if known.empty:
        return None
    note = min(notes.unique(), key=lambda one: (-int((notes == one).sum()), one))
    rows = known[notes == note]
    if len(rows) < MIN_POINTS:
        return None
    return _scatter(
        material,
        rows,
        _Axis(ENERGY, f"Wh per 1,000 {material.items}", log=True),
        _Axis("quality", material.quality[:1].upper() + material.quality[1:], log=False),
        (
            "Quality beside energy",
            f"What each model’s source published as {material.quality}{f', on {note}' if note else ''}, and the energy "
            f"of 1,000 {material.items}, logarithmic.{' Lower is better.' if material.lower_is_better else ''}"
            f"{_left_out(len(known) - len(rows))}",
        ),
    )


def _left_out(models: int) -> str:
    if not models:
        return ""
    return f" Left out: {models} tested on other sets."


@dataclass(frozen=True)
class _Axis:
    """One direction of a scatter plot.

    Attributes:
        label: Expression that writes a tick.
    """

    field: str
    title: str
    log: bool
    label: str = marks.PLAIN

    def ends(self, rows: pd.DataFrame) -> tuple[float, float]:
        """Return limits that leave room around all values, and around the intervals of energies."""
        names = ["low_wh", "high_wh"] if self.field == ENERGY else [self.field]
        return _room(pd.concat([rows[name] for name in names]), log=self.log)

    def pixels(self, rows: pd.DataFrame, length: float) -> list[float]:
        """Return where the values stand on an axis of so many pixels."""
        return _pixels(rows[self.field], self.ends(rows), length, log=self.log)

    def marked(self, rows: pd.DataFrame) -> dict[str, Any]:
        """Return the axis' ticks as Altair takes them."""
        return {"values": ticks(self.ends(rows))} if self.log else {"tickCount": 5}


def _scatter(material: RatedMaterial, rows: pd.DataFrame, across: _Axis, up: _Axis, words: tuple[str, str]) -> Figure:
    title, subtitle = words
    low, high = rows.iloc[0], rows.iloc[-1]
    other = across if up.field == ENERGY else up
    return Figure(
        key=f"{material.task}-{other.field.partition('_')[0]}",
        place="",
        title=title,
        subtitle=subtitle,
        description=(
            f"{material.title}: {len(rows)} models from {low['title']} with {low[ENERGY]:.3g} Wh per 1,000 "
            f"{material.items} to {high['title']} with {high[ENERGY]:.3g} Wh, against {other.title.lower()}."
        ),
        layers={
            "models": rows[["model", "approach", other.field, ENERGY, "low_wh", "high_wh"]],
            "names": pd.concat([_names(rows, across, up, shape) for shape in SHAPES], ignore_index=True),
        },
        query=material.query,
        view=_points(rows, across, up),
    )


def _names(rows: pd.DataFrame, across: _Axis, up: _Axis, shape: Shape) -> pd.DataFrame:
    """Return the models whose names have room in a shape, each with its place beside the mark."""
    width, height = _size(shape)
    points = [(x, height - y) for x, y in zip(across.pixels(rows, width), up.pixels(rows, height), strict=True)]
    places = place_names(points, rows["title"].tolist(), width, height)
    found = [
        {across.field: x, up.field: y, "text": title, "dx": place.dx, "dy": place.dy, "align": place.align}
        for x, y, title, place in zip(rows[across.field], rows[up.field], rows["title"], places, strict=True)
        if place
    ]
    return pd.DataFrame(found).assign(shape=shape.key)


def _points(rows: pd.DataFrame, across: _Axis, up: _Axis) -> Callable[[Shape], View]:
    def view(shape: Shape) -> View:
        width, height = _size(shape)
        x = alt.X(
            f"{across.field}:Q",
            title=across.title,
            axis=alt.Axis(grid=False, labelOverlap=True, labelExpr=across.label, **across.marked(rows)),
            scale=scale(across.ends(rows), log=across.log),
        )
        y = alt.Y(
            f"{up.field}:Q",
            title=up.title,
            axis=alt.Axis(labelExpr=up.label, domain=False, ticks=False, **up.marked(rows), **marks.ABOVE),
            scale=scale(up.ends(rows), log=up.log),
        )
        beside = {"dx": alt.ExprRef("datum.dx"), "dy": alt.ExprRef("datum.dy")}
        names = marks.words("names", x, y, f"datum.shape == '{shape.key}'", **beside)
        return marks.panel("", _intervals(x, y, up), dots(x, y), *names, width=width, height=height)

    return view


def dots(x: alt.X, y: alt.Y) -> alt.Chart:
    """Draw the layer `models`: one mark a model, with colour and shape of its approach."""
    domain = list(APPROACH_STYLES)
    colours, shapes = ([look[place] for look in APPROACH_STYLES.values()] for place in (1, 2))
    drawn: alt.Chart = (
        marks.layer("models")
        .mark_point(filled=True, opacity=0.85, size=60)
        .encode(
            x=x,
            y=y,
            color=alt.Color("approach:N", scale=alt.Scale(domain=domain, range=colours), legend=None),
            shape=alt.Shape("approach:N", scale=alt.Scale(domain=domain, range=shapes), legend=None),
        )
    )
    return drawn


def _intervals(x: alt.X, y: alt.Y, up: _Axis) -> alt.Chart:
    rules = marks.layer("models").mark_rule(strokeWidth=1, color=style.INK_3)
    if up.field == ENERGY:
        drawn: alt.Chart = rules.encode(x=x, y=marks.field(y, "low_wh"), y2=alt.Y2("high_wh:Q"))
    else:
        drawn = rules.encode(y=y, x=marks.field(x, "low_wh"), x2=alt.X2("high_wh:Q"))
    return drawn


def scale(ends: tuple[float, float], *, log: bool) -> alt.Scale:
    """Return a scale between two ends."""
    domain = list(ends)
    return alt.Scale(type="log", domain=domain, nice=False) if log else alt.Scale(domain=domain, nice=False, zero=False)


def _size(shape: Shape) -> tuple[int, int]:
    return shape.panel(_LEFT, columns=1), shape.height - 100


def _room(values: pd.Series[float], *, log: bool = True) -> tuple[float, float]:
    """Return limits that leave some room around all values."""
    low, high = float(values.min()), float(values.max())
    if log:
        factor = max((high / low) ** 0.08, 1.15)
        return low / factor, high * factor
    room = (high - low) * 0.1 or 1.0
    return low - room, high + room


def ticks(ends: tuple[float, float]) -> list[float]:
    """Return the powers of ten within limits, and 2 and 5 times each where there are few."""
    powers = range(math.floor(math.log10(ends[0])), math.ceil(math.log10(ends[1])) + 1)
    steps = (1.0,) if math.log10(ends[1] / ends[0]) > 2.5 else (1.0, 2.0, 5.0)
    ticks = [step * 10.0**power for power in powers for step in steps]
    return [float(f"{tick:.3g}") for tick in ticks if ends[0] <= tick <= ends[1]]


def _pixels(values: pd.Series[float], ends: tuple[float, float], length: float, *, log: bool = True) -> list[float]:
    scaled = [math.log(value) if log else value for value in values]
    low, high = (math.log(end) if log else end for end in ends)
    return [(value - low) / (high - low) * length for value in scaled]
